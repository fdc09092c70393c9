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
