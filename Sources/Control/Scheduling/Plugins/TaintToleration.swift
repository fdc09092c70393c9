import ClusterModel

/// TaintToleration: taints that keep Pods off, and those that make a node less welcome.
enum TaintTolerationFilter {
  static let reason = "node(s) had untolerated taint(s)"

  /// Whether every NoSchedule and NoExecute taint is tolerated.
  static func tolerates(_ tolerations: [Toleration], _ taints: [Taint]) -> Bool {
    for taint in taints where taint.effect != .preferNoSchedule {
      if !tolerations.contains(where: { $0.tolerates(taint) }) { return false }
    }
    return true
  }

  /// PreferNoSchedule taints not tolerated by tolerations without effect or of that effect.
  static func unwelcome(_ tolerations: [Toleration], _ taints: [Taint]) -> Int32 {
    var count: Int32 = 0
    for taint in taints where taint.effect == .preferNoSchedule {
      let tolerated = tolerations.contains {
        ($0.effect == nil || $0.effect == .preferNoSchedule) && $0.tolerates(taint)
      }
      if !tolerated { count += 1 }
    }
    return count
  }

  /// The score of a node with so many such taints, where the feasible nodes have at most `most`.
  static func score(_ count: Int64, most: Int64) -> Int64 {
    most == 0 ? 100 : 100 - 100 * count / most
  }
}
