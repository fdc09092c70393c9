import Autoscaling
import ClusterModel
import Quantities

extension HybridCloud {
  /// Notes what the controller of HorizontalPodAutoscalers saw and did in a pass.
  mutating func recordSyncs() {
    guard recordings.isOn else { return }
    for sync in loops.autoscalers.begun {
      recordings.begin(
        sync, pods: loops.autoscalers.pods(of: sync.autoscaler), loops.autoscalers.configuration,
        replication: parameters.replication, in: cluster)
    }
    for sync in loops.autoscalers.syncs { recordings.end(sync) }
  }

  /// Adds rows for `conditions.csv`: what a new status says otherwise than the one before.
  mutating func noteConditions(
    of record: HorizontalPodAutoscaler, becoming status: HorizontalPodAutoscalerStatus,
    at now: Instant
  ) {
    for condition in status.conditions {
      let before = record.status.conditions.first { $0.kind == condition.kind }
      if let before, before.isTrue == condition.isTrue, before.reason == condition.reason {
        continue
      }
      let isFailure = condition.kind == .scalingActive && !condition.isTrue
      let failure = isFailure ? loops.autoscalers.sync(of: record.id)?.firstFailure : nil
      recorder.conditions.append(
        ConditionRecord(
          at: now, namespace: record.namespace, autoscaler: record.name, kind: condition.kind,
          isTrue: condition.isTrue, reason: condition.reason,
          message: failure.map { "the HPA was unable to compute the replica count: \($0)" } ?? ""))
    }
  }

  /// The row for `scaling.csv` that a write will leave if it is accepted.
  func scaling(by write: PendingWrite, at now: Instant) -> ScalingRecord? {
    guard case .scale(let id, let replicas) = write.issued.command,
      write.client == .horizontalPodAutoscaler, let workload = cluster.workload(id),
      let sync = loops.autoscalers.rescale(of: id),
      let record = cluster.autoscaler(sync.autoscaler)
    else { return nil }
    return ScalingRecord(
      at: now, namespace: workload.namespace, scaler: "HorizontalPodAutoscaler/\(record.name)",
      target: "\(workload.kind.rawValue)/\(workload.name)", from: workload.desired, to: replicas,
      reason: sync.reason.map { HorizontalPodAutoscalerSync.text($0, of: record.spec) } ?? "")
  }
}
