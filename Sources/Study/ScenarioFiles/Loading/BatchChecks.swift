import CloudSimulation
import Workloads

extension Checks {
  /// A job fits onto a batch system's machines, and its trace into its windows.
  mutating func checkBatchQueues(_ scenario: Scenario) {
    for (document, cluster) in world.all(BatchCluster.self) {
      if let job = cluster.jobs.first(where: { $0.processors > cluster.machines }) {
        report(
          at: ["spec", "machines"], in: document, "wrong-value",
          "job \(job.number) takes \(job.processors) of \(cluster.machines) machines",
          expected: "at least \(cluster.jobs.map(\.processors).max() ?? 1)")
      }
      if cluster.windows > max(1, cluster.jobs.count)
        || cluster.windows > 1
          && cluster.windows != scenario.windows
      {
        report(
          at: ["spec", "windows"], in: document, "wrong-value",
          "a trace of \(cluster.jobs.count) jobs can't be cut into \(cluster.windows) windows beside"
            + " traces of \(scenario.windows)",
          expected: "the same number for all traces, or 1")
      }
    }
  }

  /// A claim about a batch queue is about all jobs of one; no other claim names one.
  mutating func checkBatch(of claim: Claim, _ document: Document) -> Bool {
    let queues = world.all(BatchCluster.self).map {
      (name: $0.document.name, place: $0.document.namePlace)
    }
    let names = queues.map(\.name).joined(separator: ", ")
    guard claim.metric.isAboutBatch else {
      if claim.queue != nil {
        report(
          at: ["spec", "queue"], in: document, "wrong-value",
          "\(claim.metric.rawValue) isn't about a batch queue",
          expected: "metric: batchWait, batchSlowdown or batchMakespan")
      }
      return false
    }
    require(claim.queue, among: queues, what: "BatchQueue", at: ["spec", "queue"], in: document)
    if claim.queue == nil, queues.count != 1 {
      report(
        at: ["spec"], in: document, "missing-key",
        queues.isEmpty ? "there is no batch queue" : "\(queues.count) batch queues",
        expected: queues.isEmpty ? "a BatchQueue that the claim is about" : "queue: one of \(names)"
      )
    }
    for key in ["load", "from", "to", "sites"] where document.tree.value(at: ["spec", key]) != nil {
      report(
        at: ["spec", key], in: document, "wrong-value",
        "\(claim.metric.rawValue) counts all jobs of a batch queue",
        expected: "no \(key)")
    }
    return true
  }
}
