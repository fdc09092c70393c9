import ClusterModel

extension SchedulerCache {
  /// The reasons of a verdict, sorted.
  func reasons(_ verdict: Verdict, of classIndex: Int) -> [String] {
    switch verdict.filter {
    case .none: return []
    case .nodeUnschedulable: return [NodeUnschedulableFilter.reason]
    case .nodeName: return ["node(s) didn't match the requested node name"]
    case .taintToleration: return [TaintTolerationFilter.reason]
    case .nodeAffinity:
      return [verdict.detail == 0 ? NodeAffinityFilter.reason : NodeAffinityFilter.addedReason]
    case .nodePorts: return [NodePortsFilter.reason]
    case .nodeResourcesFit: return fitReasons(verdict.detail, of: classIndex)
    case .podTopologySpread:
      let isMissing = verdict.detail == PodTopologySpread.missing
      return [isMissing ? PodTopologySpread.missingLabel : PodTopologySpread.reason]
    case .interPodAffinity: return [InterPodAffinity.reasons[Int(verdict.detail)]]
    case .localReplicas: return [LocalReplicas.reason]
    case .computeResource: return [computeReason(verdict.detail, of: classIndex)]
    case .fitIPResource: return [AddressCount.reason]
    case .leftOut: return [NodeAffinityFilter.leftOut]
    case .noVictims: return ["No preemption victims found for incoming pod"]
    case .gpuShare: return ["node(s) had too few GPU devices that fit"]
    case .notHelpful: return ["Preemption is not helpful for scheduling"]
    case .outOfTree:
      let plugin = outOfTreeFilter(verdict, of: classIndex)
      return [plugin.reasons[Int(verdict.detail & 0xFFFF)]]
    }
  }

  /// The name of the plugin that gave a verdict; empty for what no plugin's filter said.
  func pluginName(_ verdict: Verdict, of classIndex: Int) -> String {
    verdict.filter == .outOfTree
      ? outOfTreeFilter(verdict, of: classIndex).name : verdict.filter.name
  }

  private func outOfTreeFilter(_ verdict: Verdict, of classIndex: Int) -> any OutOfTreeFilter {
    let profile = Int(classes[classIndex].profile)
    return profiles[profile].outOfTreeFilters[Int(verdict.detail >> 16)].plugin
  }

  private func fitReasons(_ detail: UInt32, of classIndex: Int) -> [String] {
    var reasons: [String] = []
    if detail & NodeResourcesFit.tooManyPods != 0 { reasons.append("Too many pods") }
    if detail & NodeResourcesFit.cpu != 0 { reasons.append("Insufficient cpu") }
    if detail & NodeResourcesFit.memory != 0 { reasons.append("Insufficient memory") }
    if detail & NodeResourcesFit.storage != 0 {
      reasons.append("Insufficient ephemeral-storage")
    }
    for (place, scalar) in classes[classIndex].scalars.enumerated()
    where detail & (1 << (NodeResourcesFit.firstScalar + UInt32(min(place, 27)))) != 0 {
      reasons.append("Insufficient \(scalarNames[Int(scalar.column)])")
    }
    return reasons.sorted(by: Self.bytewise)
  }

  private static func bytewise(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// `3 Insufficient cpu, 1 …` as the scheduler joins reasons: sorted as text, numbers included.
  private func histogram(_ counts: VerdictCounts, of classIndex: Int) -> String {
    var totals: [(reason: String, count: Int32)] = []
    for entry in counts.entries {
      for reason in reasons(entry.verdict, of: classIndex) {
        if let place = totals.firstIndex(where: { $0.reason == reason }) {
          totals[place].count += entry.count
        } else {
          totals.append((reason, entry.count))
        }
      }
    }
    let parts = totals.map { "\($0.count) \($0.reason)" }.sorted(by: Self.bytewise)
    return parts.isEmpty ? "" : " \(parts.joined(separator: ", "))."
  }

  /// What preemption says; empty if it found a node or didn't run.
  func preemptionMessage(_ summary: FailureSummary) -> String {
    let prefix = "no new claims to deallocate, preemption: "
    switch summary.preemption {
    case .none, .success: return ""
    case .never: return prefix + "not eligible due to preemptionPolicy=Never."
    case .awaitingVictim:
      return prefix + "not eligible due to a terminating pod on the nominated node."
    case .notFound: return "not found"
    case .noCandidate(let counts):
      let heading = "0/\(summary.nodeCount) nodes are available:"
      return prefix + heading + histogram(counts, of: Int(summary.classIndex))
    }
  }

  /// The message of a failed attempt, as events and conditions carry it.
  func message(_ summary: FailureSummary) -> String {
    if summary.nodeCount == 0 { return "no nodes available to schedule pods" }
    var text = "0/\(summary.nodeCount) nodes are available:"
    if summary.termsConflict {
      text += " \(NodeAffinityFilter.conflict)."
    } else {
      text += histogram(summary.verdicts, of: Int(summary.classIndex))
    }
    let preemption = preemptionMessage(summary)
    return preemption.isEmpty ? text : "\(text) \(preemption)"
  }
}
