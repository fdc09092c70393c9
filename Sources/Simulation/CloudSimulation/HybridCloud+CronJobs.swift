import ClusterModel
import DiscreteEvents
import Quantities

/// A CronJob with the template of its Jobs' Pods.
struct CronJobPattern: Sendable {
  var name: String
  var job: WorkloadObject
  var template: TemplateID
}

extension HybridCloud {
  /// Notes the CronJobs' patterns, in the order of the input.
  mutating func addCronJobs(_ jobs: [CronJob]) {
    for job in jobs {
      cronJobs.append(
        CronJobPattern(
          name: job.name, job: job.job, template: cluster.addTemplate(job.job.template)))
    }
  }

  /// Creates the Job of a CronJob for a time.
  mutating func createJob(_ number: Int, _ second: Int64, at now: Instant) -> CommandResult {
    var object = cronJobs[number].job
    object.name = CronJob.jobName(cronJobs[number].name, second: second)
    let id = cluster.addWorkload(
      object, template: cronJobs[number].template, owner: nil, at: now)
    forgetRoot(ofSlot: id.index)
    usage.insert(.jobControl)
    let root = Int(rootIndex(of: id))
    roots[root].setLevel(Int(object.job.completions ?? object.job.parallelism), at: now)
    return .accepted
  }

  /// Deletes a workload and the Pods that it owns, as the garbage collector does in the background.
  mutating func deleteWorkload(
    _ id: WorkloadID, on agenda: inout EventList<CloudEvent>
  ) -> CommandResult {
    guard cluster.workload(id) != nil else { return .notFound }
    roots[Int(rootIndex(of: id))].setLevel(0, at: agenda.now)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.owner == id else { continue }
      delete(pod, atOnce: false, on: &agenda)
    }
    cluster.removeWorkload(id)
    forgetRoot(ofSlot: id.index)
    return .accepted
  }

  /// What was remembered about a workload's slot doesn't hold for the one that is there now.
  mutating func forgetRoot(ofSlot slot: Int) {
    if slot < rootOf.count { rootOf[slot] = -1 }
  }
}
