import ClusterModel

/// InterPodAffinity: reasons, and the score's normalisation.
enum InterPodAffinity {
  static let reasons = [
    "node(s) didn't match pod affinity rules", "node(s) didn't match pod anti-affinity rules",
    "node(s) didn't satisfy existing pods anti-affinity rules",
  ]

  /// A node's share of the range over the feasible nodes: divided first, then multiplied, both in
  /// doubles, then truncated (S): 29 of 100 gives 28.
  static func score(_ raw: Int64, least: Int64, most: Int64) -> Int64 {
    most == least ? 0 : Int64(100 * (Double(raw - least) / Double(most - least)))
  }
}

extension SchedulerCache {
  /// Counts a group's members per domain of a key.
  func membersPerDomain(group: Int32, key: Int32) -> DomainCounts {
    var counts = DomainCounts(
      key: key, ofDomain: [Int32](repeating: 0, count: topologies[Int(key)].count))
    if groups[Int(group)].total == 0 { return counts }
    let members = groups[Int(group)].onNode
    let domainOf = topologies[Int(key)].domainOf
    for slot in domainOf.indices where members[slot] != 0 && domainOf[slot] >= 0 {
      counts.ofDomain[Int(domainOf[slot])] += members[slot]
    }
    return counts
  }

  /// Counts existing Pods whose required anti-affinity concerns a class.
  func countExistingTerms(_ classIndex: Int, into state: inout CycleState) {
    if !classes[classIndex].heedsTerms { return }
    for number in carriedOfKind[Int(kindOfClass[classIndex])] {
      let place = Int(number)
      if carriedTerms[place].totalApart == 0 { continue }
      let key = carriedTerms[place].key
      let topology = topologies[Int(key)]
      var entry = state.existing.firstIndex { $0.key == key } ?? -1
      for slot in nodeOrder.slots where carriedTerms[place].apart[Int(slot)] != 0 {
        let domain = topology.domainOf[Int(slot)]
        if domain < 0 { continue }
        if entry < 0 {
          entry = state.existing.count
          state.existing.append(
            DomainCounts(key: key, ofDomain: [Int32](repeating: 0, count: topology.count)))
        }
        state.existing[entry].ofDomain[Int(domain)] += carriedTerms[place].apart[Int(slot)]
      }
    }
    if !state.existing.isEmpty { state.interPodIsSkipped = false }
  }

  /// Counts existing Pods that a class's required terms look for.
  func countOwnTerms(_ classIndex: Int, into state: inout CycleState) {
    let group = classes[classIndex].affinityGroup
    if group >= 0 {
      state.interPodIsSkipped = false
      for key in classes[classIndex].affinityKeys {
        let counts = membersPerDomain(group: group, key: key)
        for count in counts.ofDomain { state.affinityTotal += Int64(count) }
        state.affinity.append(counts)
      }
    }
    for rule in classes[classIndex].antiAffinity {
      state.interPodIsSkipped = false
      state.antiAffinity.append(membersPerDomain(group: rule.group, key: rule.key))
    }
  }

  /// The three rules' answer about a node.
  func interPodVerdict(
    _ classIndex: Int, on slot: Int, _ state: CycleState, trial: Trial
  ) -> Verdict {
    if !state.affinity.isEmpty, !meetsAffinity(classIndex, on: slot, state, trial: trial) {
      return Verdict(.interPodAffinity, unresolvable: true, detail: 0)
    }
    for (place, counts) in state.antiAffinity.enumerated() {
      let domain = topologies[Int(counts.key)].domainOf[slot]
      if domain < 0 { continue }
      // Terms with one key share their counts, so a Pod that any of them means is in the way.
      if counts.ofDomain[Int(domain)] + (trial.isEmpty ? 0 : trial.antiAffinity[place]) > 0 {
        return Verdict(.interPodAffinity, detail: 1)
      }
    }
    for counts in state.existing {
      let domain = topologies[Int(counts.key)].domainOf[slot]
      if domain < 0 { continue }
      var count = counts.ofDomain[Int(domain)]
      for change in trial.existing where change.key == counts.key { count += change.delta }
      if count > 0 { return Verdict(.interPodAffinity, detail: 2) }
    }
    if addsTerms(trial, beyond: state, on: slot) {
      return Verdict(.interPodAffinity, detail: 2)
    }
    return .fits
  }

  /// Whether Pods that a trial adds bring anti-affinity on a key that no existing Pod's has.
  private func addsTerms(_ trial: Trial, beyond state: CycleState, on slot: Int) -> Bool {
    for change in trial.existing {
      if state.existing.contains(where: { $0.key == change.key }) { continue }
      if topologies[Int(change.key)].domainOf[slot] < 0 { continue }
      var sum: Int32 = 0
      for other in trial.existing where other.key == change.key { sum += other.delta }
      if sum > 0 { return true }
    }
    return false
  }

  private func meetsAffinity(
    _ classIndex: Int, on slot: Int, _ state: CycleState, trial: Trial
  ) -> Bool {
    let delta = trial.affinity
    var allPresent = true
    var keysHere: Int64 = 0
    for counts in state.affinity {
      let domain = topologies[Int(counts.key)].domainOf[slot]
      if domain < 0 { return false }
      keysHere += 1
      if counts.ofDomain[Int(domain)] + delta <= 0 { allPresent = false }
    }
    if allPresent { return true }
    let total = state.affinityTotal + keysHere * Int64(delta)
    return total == 0 && classes[classIndex].matchesOwnAffinity
  }
}
