import ClusterModel
import Quantities

/// What draining a node would do to one of its Pods.
enum Drainability: Equatable {
  /// It stays where it is, or goes with the node.
  case skipped
  /// It must find room elsewhere.
  case moves
  /// It keeps its node.
  case blocks(NodeAutoscalerReport.Blocking)
}

/// Disruption budgets as a loop uses them up.
struct BudgetTracker: Sendable {
  private let budgets: [PodDisruptionBudget]
  private var left: [Int32]

  init(_ budgets: [PodDisruptionBudget]) {
    self.budgets = budgets
    left = budgets.map(\.disruptionsAllowed)
  }

  private func matching(_ template: PodTemplate) -> [Int] {
    budgets.indices.filter {
      budgets[$0].namespace == template.namespace
        && budgets[$0].selector?.matches(template.labels) == true
    }
  }

  /// Whether any budget is about a Pod.
  func protects(_ template: PodTemplate) -> Bool { !matching(template).isEmpty }

  /// Whether every budget about a Pod allows a disruption still.
  func allows(_ template: PodTemplate) -> Bool { matching(template).allSatisfy { left[$0] >= 1 } }

  /// Counts a disruption.
  mutating func use(_ template: PodTemplate) {
    for budget in matching(template) { left[budget] -= 1 }
  }
}

extension ClusterAutoscaler {
  private static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
  private static let safeVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

  /// What draining its node would do to a Pod; the first rule that says something decides.
  ///
  /// > Source: Cluster Autoscaler's drain rules in their order (S, `autoscaler.md` §3.4). How long a
  /// > Pod has been stopping isn't known here: one that stops is skipped at once.
  func drainability(
    of pod: Pod, _ cluster: borrowing ClusterState, _ budgets: BudgetTracker, at now: Instant
  ) -> Drainability {
    if pod.flags.contains(.mirror) || pod.isTerminating { return .skipped }
    if Self.isDaemon(pod, cluster) { return .skipped }
    let template = cluster.templates[Int(pod.template.index)]
    if template.annotations[Self.safeToEvict] == "true" || pod.phase.isFinished { return .moves }
    guard let kind = pod.owner.flatMap({ cluster.workload($0)?.kind }), kind != .deployment else {
      return .blocks(.notReplicated)
    }
    if configuration.skipsNodesWithSystemPods, template.namespace == "kube-system",
      !budgets.protects(template), now < pod.created + configuration.systemPodProtection
    {
      return .blocks(.unmovableSystemPod)
    }
    if template.annotations[Self.safeToEvict] == "false" { return .blocks(.notSafeToEvict) }
    if configuration.skipsNodesWithLocalStorage, Self.needsDisk(template) {
      return .blocks(.localStorage)
    }
    return budgets.allows(template) ? .moves : .blocks(.notEnoughBudget)
  }

  /// Whether a Pod has volumes on the node's disk that no annotation declares dispensable.
  private static func needsDisk(_ template: PodTemplate) -> Bool {
    let safe = (template.annotations[safeVolumes] ?? "").split(separator: ",")
    return template.volumes.local.contains { volume in !safe.contains { $0 == volume } }
  }
}
