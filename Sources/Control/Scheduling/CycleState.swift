import ClusterModel

/// Pods counted per domain of one required spread rule.
struct SpreadCounts: Sendable {
  /// The count of each domain; −1 where no node that counts has it.
  var ofDomain: [Int32] = []
  var domains: Int32 = 0
  /// The smallest count, one domain that has it, and the smallest count of the others.
  var smallest: Int32 = .max
  var smallestDomain: Int32 = -1
  var second: Int32 = .max
}

/// Existing Pods counted per domain of one topology key.
struct DomainCounts: Sendable {
  var key: Int32
  var ofDomain: [Int32]
}

/// What a cycle works out about the whole cluster before it looks at single nodes.
struct CycleState: Sendable {
  var spread: [SpreadCounts] = []
  /// Where LocalReplicas lets the Pod go.
  var localReplicas = LocalReplicas.Rule.anywhere
  /// Whether no term, the Pod's own or an existing Pod's, can reject a node.
  var interPodIsSkipped = true
  /// Pods that match every required affinity term, by the terms' keys in order.
  var affinity: [DomainCounts] = []
  var affinityTotal: Int64 = 0
  /// Pods that match a required anti-affinity term, by the terms in order.
  var antiAffinity: [DomainCounts] = []
  /// Existing Pods whose required anti-affinity concerns the Pod, one entry per key.
  var existing: [DomainCounts] = []
}

extension SchedulerCache {
  /// Works out what the filters of a class need.
  func cycleState(for classIndex: Int) -> CycleState {
    var state = CycleState()
    if !classes[classIndex].requiredSpread.isEmpty {
      state.spread = spreadCounts(classIndex)
    }
    countExistingTerms(classIndex, into: &state)
    countOwnTerms(classIndex, into: &state)
    return state
  }

  /// What the filters that need more than the node itself say of a node.
  func filter(
    _ classIndex: Int, on slot: Int, _ state: CycleState, trial: Trial
  ) -> Verdict {
    let placement = Int(classes[classIndex].placement)
    let described = placements[placement].ofNode[slot]
    if described.rejection != .none {
      return Verdict(
        described.rejection, unresolvable: true, detail: described.isRejectedByProfile ? 1 : 0)
    }
    let verdict = fitVerdict(classIndex, on: slot, trial: trial)
    if !verdict.isFit { return verdict }
    if !state.spread.isEmpty {
      let verdict = spreadVerdict(classIndex, on: slot, state, trial: trial)
      if !verdict.isFit { return verdict }
    }
    if !state.interPodIsSkipped {
      let verdict = interPodVerdict(classIndex, on: slot, state, trial: trial)
      if !verdict.isFit { return verdict }
    }
    if described.compute != .fits { return computeVerdict(described.compute, on: slot) }
    if state.localReplicas != .anywhere, let node = nodes[slot],
      node.isVirtual != (state.localReplicas == .virtual)
    {
      return Verdict(.localReplicas, unresolvable: true)
    }
    if footprints[classIndex].needsAddress && addresses[slot].isExhausted {
      return Verdict(.fitIPResource, unresolvable: true)
    }
    return hasOutOfTreeFilters(classIndex)
      ? outOfTreeVerdict(classIndex, on: slot, trial: trial) : .fits
  }

  /// Ports and resources.
  @inline(__always)
  func fitVerdict(_ classIndex: Int, on slot: Int, trial: Trial) -> Verdict {
    let pod = footprints[classIndex]
    if pod.hasPorts && pod.avoidsPorts {
      let taken = NodePortsFilter.conflicts(classes[classIndex].ports, with: portUses[slot])
      if taken + trial.portConflicts > 0 { return Verdict(.nodePorts) }
    }
    if !pod.mustFit { return .fits }
    var verdict: Verdict
    if !trial.isEmpty {
      var row = rows[slot]
      row.podCount += trial.amounts.podCount
      row.requestedCPU += trial.amounts.requestedCPU
      row.requestedMemory += trial.amounts.requestedMemory
      row.requestedStorage += trial.amounts.requestedStorage
      verdict = NodeResourcesFit.verdict(pod, on: row)
    } else {
      verdict = NodeResourcesFit.verdict(pod, on: rows[slot])
    }
    if pod.hasScalars {
      verdict = addingScalars(verdict, of: classIndex, on: slot, freed: trial.freedScalars)
    }
    if pod.gpu.count > 0, verdict.isFit, !gpu.devices[slot].fit(pod.gpu) {
      return Verdict(.gpuShare, unresolvable: true)
    }
    return verdict
  }

  /// The filters with the Pods that are nominated to the node added first; where any are, the Pod
  /// must fit with them and without them (S).
  func filterWithNominations(
    _ pod: Int, _ classIndex: Int, on slot: Int, _ state: CycleState, trial: Trial
  ) -> Verdict {
    if nominatedOnNode[slot] > 0 {
      var supposed = trial.isEmpty ? self.trial(for: classIndex) : trial
      var added = false
      for other in nominated
      where pods[Int(other)].nominatedNode == Int32(slot) && Int(other) != pod {
        let member = Int(pods[Int(other)].classIndex)
        if footprints[member].priority < footprints[classIndex].priority { continue }
        suppose(&supposed, member, sign: 1, for: classIndex, state)
        added = true
      }
      if added {
        let verdict = filter(classIndex, on: slot, state, trial: supposed)
        if !verdict.isFit { return verdict }
      }
    }
    return filter(classIndex, on: slot, state, trial: trial)
  }
}
