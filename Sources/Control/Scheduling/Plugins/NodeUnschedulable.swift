import ClusterModel

/// NodeUnschedulable: a cordoned node counts as tainted.
enum NodeUnschedulableFilter {
  static let reason = "node(s) were unschedulable"

  /// Whether a node isn't cordoned or the Pod bears it.
  static func admits(_ tolerations: [Toleration], _ node: Node) -> Bool {
    if !node.isUnschedulable { return true }
    let taint = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)
    return tolerations.contains { $0.tolerates(taint) }
  }
}
