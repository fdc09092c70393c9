import ClusterModel
import Quantities

/// How LocalReplicas works in a profile.
public struct LocalReplicasSettings: Hashable, Sendable {
  /// How long the filter sleeps at each node before it counts. Default 300 ms (S, model cards, §0).
  public var filterDelay = TimeSpan.milliseconds(300)
  /// Whether Pods count whose binding the API server hasn't confirmed. The published plugin counts
  /// bound Pods only, and sleeps so that bindings under way are done (S).
  public var countsAssumed = false
  /// The published plugin.
  public init() {}
}

/// LocalReplicas: keeps some Pods of a workload on nodes of one's own, the others off them.
///
/// > Source: TKE's patch 0008 for v1.21 and 0010 for v1.20 (S, model cards §3.5). The cluster-wide
/// > switch isn't modelled: it counts as not set.
enum LocalReplicas {
  static let reason = "node(s) didn't match the pod's local replicas"

  /// What a Pod's annotations ask for: nil: nothing; 0: virtual nodes only.
  static func quota(_ annotations: Labels) -> Int? {
    guard annotations["AUTO_SCALE_EKS"] == "true" else { return nil }
    return max(0, annotations["LOCAL_REPLICAS"].flatMap { Int($0) } ?? 0)
  }
}

extension SchedulerCache {
  /// Whether the plugin keeps a Pod off nodes of one's own: its quota is met by Pods there that
  /// have its labels and its owner. A Pod without an owner is never counted (S).
  func isKeptOffLocalNodes(_ slot: Int, in cluster: borrowing ClusterState) -> Bool {
    let classIndex = Int(pods[slot].classIndex)
    let quota = classes[classIndex].localReplicas
    if quota <= 0 { return quota == 0 }
    guard let owner = cluster.pod(pods[slot].id)?.owner else { return false }
    let countsAssumed = profiles[Int(classes[classIndex].profile)].localReplicas.countsAssumed
    let kind = kindOfClass[classIndex]
    var count = 0
    for pod in pods where pod.exists && pod.node >= 0 && (countsAssumed || !pod.isAssumed) {
      guard kindOfClass[Int(pod.classIndex)] == kind, cluster.pod(pod.id)?.owner == owner,
        nodes[Int(pod.node)]?.isVirtual == false
      else { continue }
      count += 1
      if count >= quota { return true }
    }
    return false
  }

  /// At how many nodes of the last search the filter slept: those that no filter before it rejected.
  func nodesSleptAt(_ classIndex: Int) -> Int {
    guard classes[classIndex].localReplicas > 0 else { return 0 }
    let reached = scratch.rejected.count { $0.verdict.filter == .localReplicas }
    return scratch.feasible.count + reached
  }
}
