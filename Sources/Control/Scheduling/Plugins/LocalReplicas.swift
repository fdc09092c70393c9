import ClusterModel
import Quantities

/// How LocalReplicas works in a profile.
public struct LocalReplicasSettings: Hashable, Sendable {
  /// How long the filter sleeps at each node before it counts (``SleepingCycle``). Default 300 ms (S,
  /// model cards, §0).
  public var filterDelay = TimeSpan.milliseconds(300)
  /// Whether Pods count whose binding the API server hasn't confirmed. The published plugin counts
  /// bound Pods only, and sleeps so that bindings under way are done (S).
  public var countsAssumed = false
  /// The published plugin.
  public init() {}

  /// A plugin without the flaw: it counts the Pods that it has decided about itself, so that it
  /// needn't wait for anybody.
  public static let fixed = {
    var settings = LocalReplicasSettings()
    settings.filterDelay = .zero
    settings.countsAssumed = true
    return settings
  }()
}

/// LocalReplicas: keeps some Pods of a workload on nodes of one's own, the others off them.
///
/// > Source: tke-k8s-distro's patch 0008 for v1.21 and 0010 for v1.20 (S).
enum LocalReplicas {
  static let reason = "node(s) didn't match local replicas"

  /// Where a Pod may go.
  enum Rule: Sendable {
    case anywhere
    /// Virtual nodes only.
    case virtual
    /// Nodes of one's own only.
    case own
  }

  /// What a Pod's annotations ask for: nil: nothing; 0: virtual nodes only.
  static func quota(_ annotations: Labels) -> Int? {
    guard annotations["AUTO_SCALE_EKS"] == "true" else { return nil }
    return max(0, annotations["LOCAL_REPLICAS"].flatMap { Int($0) } ?? 0)
  }

  /// The toleration by which the plugin recognises Pods that may go to virtual nodes, to the letter.
  static let toleration = Toleration(
    key: "eks.tke.cloud.tencent.com/eklet", comparison: .exists, effect: .noSchedule)
}

extension SchedulerCache {
  /// Where the plugin lets a Pod go: to virtual nodes once its quota is met by Pods on others that
  /// have its labels and its owner. Until then anywhere, unless the cluster's switch is off: then a
  /// Pod that tolerates virtual nodes stays off them. A Pod without an owner is never counted (S).
  func localReplicasRule(_ slot: Int, in cluster: borrowing ClusterState) -> LocalReplicas.Rule {
    let classIndex = Int(pods[slot].classIndex)
    let quota = classes[classIndex].localReplicas
    if quota <= 0 { return quota == 0 ? .virtual : .anywhere }
    if isQuotaMet(quota, by: slot, in: cluster) { return .virtual }
    guard cluster.eksConfig.autoScale == false else { return .anywhere }
    let tolerations = placements[Int(classes[classIndex].placement)].rules.tolerations
    return tolerations.contains(LocalReplicas.toleration) ? .own : .anywhere
  }

  private func isQuotaMet(
    _ quota: Int, by slot: Int, in cluster: borrowing ClusterState
  ) -> Bool {
    let classIndex = Int(pods[slot].classIndex)
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
    let reached = scratch.rejected.count { $0.verdict.filter.comesWithLocalReplicas }
    return scratch.feasible.count + reached
  }
}
