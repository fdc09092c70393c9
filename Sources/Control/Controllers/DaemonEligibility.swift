import ClusterModel

/// Whether a DaemonSet's Pod belongs on a node.
public enum DaemonEligibility: UInt8, Hashable, BitwiseCopyable, Sendable {
  /// It must not be there.
  case excluded
  /// One that is there may stay; a new one doesn't come.
  case tolerated
  /// It should be there.
  case wanted

  /// The verdict on a node for Pods of a template.
  ///
  /// A cordoned node, or one that isn't ready, is as good as any: the Pods tolerate it. No Pod comes
  /// to a virtual node.
  ///
  /// > Source: Kubernetes' `NodeShouldRunDaemonPod` (M); virtual nodes: model cards §3.5 (D).
  public init(of template: PodTemplate, on node: Node) {
    for entry in template.nodeSelector.entries where node.labels[entry.key] != entry.value {
      self = .excluded
      return
    }
    if let terms = template.affinity.requiredNodeTerms, !terms.contains(where: { $0.matches(node) })
    {
      self = .excluded
      return
    }
    let tolerations = template.tolerations + Self.tolerations(hostNetwork: template.hostNetwork)
    self = node.isVirtual ? .tolerated : .wanted
    for taint in node.taints where taint.effect != .preferNoSchedule {
      if tolerations.contains(where: { $0.tolerates(taint) }) { continue }
      self = .tolerated
      if taint.effect == .noExecute {
        self = .excluded
        return
      }
    }
  }

  /// What a DaemonSet's Pods tolerate without saying so.
  ///
  /// > Source: Kubernetes' `AddOrUpdateDaemonPodTolerations` (M).
  public static func tolerations(hostNetwork: Bool) -> [Toleration] {
    var result: [Toleration] = []
    for key in ["not-ready", "unreachable"] {
      result.append(
        Toleration(key: "node.kubernetes.io/\(key)", comparison: .exists, effect: .noExecute))
    }
    var conditions = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"]
    if hostNetwork { conditions.append("network-unavailable") }
    for key in conditions {
      result.append(
        Toleration(key: "node.kubernetes.io/\(key)", comparison: .exists, effect: .noSchedule))
    }
    return result
  }

  /// The template that a DaemonSet's Pods are created from: its own, and what they tolerate without
  /// saying so.
  public static func podTemplate(from template: PodTemplate) -> PodTemplate {
    var template = template
    for toleration in tolerations(hostNetwork: template.hostNetwork)
    where !template.tolerations.contains(toleration) {
      template.tolerations.append(toleration)
    }
    return template
  }
}

extension NodeSelectorTerm {
  /// Whether a node meets every condition; an empty term matches nothing.
  fileprivate func matches(_ node: Node) -> Bool {
    if matchExpressions.isEmpty && matchFields.isEmpty { return false }
    for requirement in matchExpressions where !requirement.matches(node.labels) { return false }
    for requirement in matchFields {
      guard requirement.key == "metadata.name", requirement.matches(value: node.name) else {
        return false
      }
    }
    return true
  }
}
