import Quantities

/// Has copies of a Job run at given times.
///
/// > Source: Kubernetes' batch/v1 (S).
public struct CronJob: Sendable {
  /// What happens when a run is due while an earlier one is still under way.
  public enum ConcurrencyPolicy: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
    case allow = "Allow"
    case forbid = "Forbid"
    case replace = "Replace"
  }

  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// When its Jobs are due.
  public var schedule = CronSchedule.never
  /// The time zone whose clock its schedule means, by its name; nil: the scenario's clock.
  public var timeZone: String?
  /// By how many seconds that clock is ahead of the scenario's.
  public var clockShift: Int64 = 0
  /// Whether it starts none for now.
  public var isSuspended = false
  /// What happens when a run is due while an earlier one is still under way.
  public var concurrency = ConcurrencyPolicy.allow
  /// How many seconds after its time a run may still start; nil: any.
  public var startingDeadlineSeconds: Int64?
  /// How many finished Jobs that succeeded are kept. Default 3.
  public var successfulJobsHistoryLimit = 3
  /// How many that failed. Default 1.
  public var failedJobsHistoryLimit = 1
  /// When it came into being, and the time of the last run that was started.
  public var created = Instant.zero
  /// The time of the last run that was started; nil: none was.
  public var lastScheduled: Instant?
  /// What its Jobs look like.
  public var job: WorkloadObject

  /// A CronJob that never runs anything.
  public init(namespace: String, name: String, job: WorkloadObject) {
    self.namespace = namespace
    self.name = name
    self.job = job
  }

  /// The name of the Job for a time, in seconds since 1970.
  public static func jobName(_ name: String, second: Int64) -> String {
    "\(name)-\(second / 60)"
  }
}
