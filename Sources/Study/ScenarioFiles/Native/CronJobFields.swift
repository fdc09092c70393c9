import ClusterModel
import Quantities

/// A CronJob as its manifest has it.
struct CronJobReading: Sendable {
  var metadata = Metadata()
  var schedule = CronSchedule.never
  var timeZone: String?
  var isSuspended = false
  var concurrency = CronJob.ConcurrencyPolicy.allow
  var startingDeadlineSeconds: Int64?
  var successfulJobsHistoryLimit = 3
  var failedJobsHistoryLimit = 1
  var lastScheduled: Instant?
  var job = WorkloadReading(.job)

  static let fields = FieldTable<CronJobReading> { table in
    table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
    table.group("spec", Note("What it does.").required) { table in
      table.field("schedule", \.schedule, .cron, Note("When its Jobs are due.").required)
      table.field(
        "timeZone", \.timeZone, Codec<String>.text.optional(written: nil),
        Note("The zone whose clock the schedule means; otherwise the scenario's clock."))
      table.field("suspend", \.isSuspended, .flag, Note("Whether it starts none for now."))
      table.field(
        "concurrencyPolicy", \.concurrency, .choice,
        Note("What happens while an earlier run is under way."))
      table.field(
        "startingDeadlineSeconds", \.startingDeadlineSeconds,
        Codec<Int64>.integer().optional(written: nil),
        Note("How late a run may start."))
      table.field(
        "successfulJobsHistoryLimit", \.successfulJobsHistoryLimit, .integer(),
        Note("Finished Jobs that are kept."))
      table.field(
        "failedJobsHistoryLimit", \.failedJobsHistoryLimit, .integer(),
        Note("Failed Jobs that are kept."))
      table.part(
        "jobTemplate", \.job, WorkloadReading.fields(.job),
        Note("What its Jobs look like.").required)
    }
    table.group("status", Note("How it stands.")) { table in
      table.field(
        "lastScheduleTime", \.lastScheduled, Codec<Instant>.timestamp.optional(written: nil),
        Note("The time of the last run."))
    }
  }

  /// The CronJob as the cluster's state takes it, its instants still since 1970.
  var object: CronJob {
    var reading = job
    reading.metadata.namespace = metadata.namespace
    var object = CronJob(
      namespace: metadata.namespace.isEmpty ? "default" : metadata.namespace,
      name: metadata.name, job: reading.object(.job))
    object.schedule = schedule
    object.timeZone = timeZone
    object.isSuspended = isSuspended
    object.concurrency = concurrency
    object.startingDeadlineSeconds = startingDeadlineSeconds
    object.successfulJobsHistoryLimit = successfulJobsHistoryLimit
    object.failedJobsHistoryLimit = failedJobsHistoryLimit
    object.created = metadata.created ?? .zero
    object.lastScheduled = lastScheduled
    return object
  }
}
