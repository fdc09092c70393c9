import ClusterModel

/// The score plugins in the order of the golden vectors' columns.
public enum ScorePlugin: Int, Sendable, CaseIterable {
  case taintToleration, nodeAffinity, nodeResourcesFit, podTopologySpread, interPodAffinity
  case balancedAllocation, imageLocality
  /// TKE's, for which the vectors have no column.
  case computeResource
}

/// Every score plugin's contribution to a node: normalised score times weight.
struct ScoreColumns: Sendable {
  /// One row of columns per feasible node; nil where the plugin was skipped for the Pod.
  var columns: [[Int64]?]
  /// One row of columns per feasible node for each out-of-tree score.
  var outOfTree: [[Int64]] = []
  /// The sums, by feasible node.
  var totals: [Int64]
}

extension SchedulerCache {
  /// Scores the feasible nodes, in their order.
  func score(_ classIndex: Int, _ feasible: [Int32]) -> ScoreColumns {
    let weights = weights(of: classIndex)
    var result = ScoreColumns(
      columns: [[Int64]?](repeating: nil, count: ScorePlugin.allCases.count),
      totals: [Int64](repeating: 0, count: feasible.count))
    let ofNode = placements[Int(classes[classIndex].placement)].ofNode
    func put(_ plugin: ScorePlugin, weight: Int64, _ scores: [Int64]) {
      if weight == 0 { return }
      var column = scores
      for place in column.indices {
        column[place] *= weight
        result.totals[place] += column[place]
      }
      result.columns[plugin.rawValue] = column
    }
    var most: Int64 = 0
    for slot in feasible { most = max(most, Int64(ofNode[Int(slot)].unwelcome)) }
    put(
      .taintToleration, weight: weights.taintToleration,
      feasible.map {
        TaintTolerationFilter.score(Int64(ofNode[Int($0)].unwelcome), most: most)
      })
    if !placements[Int(classes[classIndex].placement)].rules.preferredTerms.isEmpty {
      var most: Int64 = 0
      for slot in feasible { most = max(most, ofNode[Int(slot)].preference) }
      put(
        .nodeAffinity, weight: weights.nodeAffinity,
        feasible.map { NodeAffinityFilter.score(ofNode[Int($0)].preference, most: most) })
    }
    put(
      .nodeResourcesFit, weight: weights.nodeResourcesFit,
      feasible.map { fitScore(classIndex, on: rows[Int($0)], slot: Int($0)) })
    if let scores = spreadScores(classIndex, feasible) {
      put(.podTopologySpread, weight: weights.podTopologySpread, scores)
    }
    if let scores = interPodScores(classIndex, feasible) {
      put(.interPodAffinity, weight: weights.interPodAffinity, scores)
    }
    if isBalanced(classIndex) {
      put(
        .balancedAllocation, weight: weights.balancedAllocation,
        feasible.map { balanceScore(classIndex, on: rows[Int($0)], slot: Int($0)) })
    }
    let set = classes[classIndex].images
    put(
      .imageLocality, weight: weights.imageLocality,
      feasible.map { images.score(set, on: Int($0)) })
    put(
      .computeResource, weight: weights.computeResource,
      feasible.map { ofNode[Int($0)].computeScore })
    let profile = Int(classes[classIndex].profile)
    let others = profiles[profile].outOfTreeScores.count
    result.outOfTree = [[Int64]](repeating: [], count: others)
    for (place, slot) in feasible.enumerated() where others > 0 {
      for (number, points) in outOfTreeScores(classIndex, on: Int(slot)).enumerated() {
        result.outOfTree[number].append(points)
        result.totals[place] += points
      }
    }
    return result
  }

  /// The total scores of the feasible nodes, in their order, without the columns.
  func totals(_ classIndex: Int, _ feasible: [Int32]) -> [Int64] {
    if !placementIsNeutral(classIndex) || !images.isEmpty || !hasPlainScores
      || hasOutOfTree(classIndex)
    {
      return score(classIndex, feasible).totals
    }
    let weights = weights(of: classIndex)
    let pod = footprints[classIndex]
    let constant = 100 * weights.taintToleration
    let balances = BalancedAllocation.applies(to: pod)
    var totals = rows.withUnsafeBufferPointer { rows in
      feasible.map { slot in
        let row = Int(slot)
        var total = constant
        total += weights.nodeResourcesFit * NodeResourcesFit.leastAllocated(pod, on: rows[row])
        if balances {
          total += weights.balancedAllocation * BalancedAllocation.score(pod, on: rows[row])
        }
        return total
      }
    }
    addShared(classIndex, feasible, to: &totals)
    return totals
  }

  /// Adds the scores that depend on other nodes' Pods to the total scores of the feasible nodes.
  func addShared(_ classIndex: Int, _ feasible: [Int32], to totals: inout [Int64]) {
    let weights = weights(of: classIndex)
    if let scores = spreadScores(classIndex, feasible) {
      for place in scores.indices { totals[place] += weights.podTopologySpread * scores[place] }
    }
    if let scores = interPodScores(classIndex, feasible) {
      for place in scores.indices { totals[place] += weights.interPodAffinity * scores[place] }
    }
  }

  /// PodTopologySpread's normalised scores; nil if no preferred rule applies.
  private func spreadScores(_ classIndex: Int, _ feasible: [Int32]) -> [Int64]? {
    let rules = classes[classIndex].preferredSpread
    if rules.isEmpty { return nil }
    let needsKeys = !classes[classIndex].usesBuiltInSpread
    var ignored = [Bool](repeating: false, count: feasible.count)
    if needsKeys {
      for (place, slot) in feasible.enumerated() {
        ignored[place] = !hasKeys(of: rules, Int(slot))
      }
    }
    let counted = feasible.indices.filter { !ignored[$0] }.map { feasible[$0] }
    let parts = rules.map { rule in
      spreadPart(rule, classIndex, counted, needsKeys: needsKeys)
    }
    var sums = [Double](repeating: 0, count: feasible.count)
    for (rule, part) in zip(rules, parts) {
      let domainOf = topologies[Int(rule.key)].domainOf
      let active = groups[Int(rule.group)].activeOnNode
      let skew = Double(rule.maxSkew - 1)
      for (place, slot) in feasible.enumerated() {
        let domain = domainOf[Int(slot)]
        if domain < 0 { continue }
        let here = rule.isSelectorEmpty ? 0 : active[Int(slot)]
        let count = rule.isHostname ? here : part.ofDomain[Int(domain)]
        sums[place] += Double(count) * part.weight + skew
      }
    }
    var raw = [Int64](repeating: 0, count: feasible.count)
    var least = Int64.max
    var most: Int64 = 0
    for place in feasible.indices where !ignored[place] {
      raw[place] = Int64(sums[place].rounded(.toNearestOrAwayFromZero))
      least = min(least, raw[place])
      most = max(most, raw[place])
    }
    return feasible.indices.map {
      if ignored[$0] { return 0 }
      return most == 0 ? 100 : 100 * (most + least - raw[$0]) / most
    }
  }

  /// One preferred rule: the domains' counts and the weight ln(domains + 2).
  private func spreadPart(
    _ rule: SpreadRule, _ classIndex: Int, _ counted: [Int32], needsKeys: Bool
  ) -> (ofDomain: [Int32], weight: Double) {
    if rule.isHostname { return ([], naturalLogarithm(Double(counted.count + 2))) }
    let key = topologies[Int(rule.key)]
    var ofDomain = [Int32](repeating: -1, count: key.count)
    var size = 0
    var hasNameless = false
    for slot in counted {
      let domain = Int(key.domainOf[Int(slot)])
      if domain < 0 {
        hasNameless = true
      } else if ofDomain[domain] < 0 {
        ofDomain[domain] = 0
        size += 1
      }
    }
    if hasNameless { size += 1 }
    let rules = classes[classIndex].preferredSpread
    let ofNode = placements[Int(classes[classIndex].placement)].ofNode
    if groups[Int(rule.group)].total > 0, !rule.isSelectorEmpty {
      let active = groups[Int(rule.group)].activeOnNode
      let domainOf = key.domainOf
      for slot in domainOf.indices where active[slot] != 0 {
        let domain = Int(domainOf[slot])
        if domain < 0 || ofDomain[domain] < 0 || !includes(rule, ofNode[slot]) { continue }
        if needsKeys && !hasKeys(of: rules, slot) { continue }
        ofDomain[domain] += active[slot]
      }
    }
    return (ofDomain, naturalLogarithm(Double(size + 2)))
  }

  /// Whether InterPodAffinity is skipped because the class has no wishes of its own and its profile
  /// ignores those of others.
  func ignoresOthersWishes(_ classIndex: Int) -> Bool {
    classes[classIndex].preferredAffinity.isEmpty
      && profiles[Int(classes[classIndex].profile)].ignoresPreferredTermsOfExistingPods
  }

  /// InterPodAffinity's normalised scores; nil if no term, of the Pod or of others, touches a node.
  private func interPodScores(_ classIndex: Int, _ feasible: [Int32]) -> [Int64]? {
    if weights(of: classIndex).interPodAffinity == 0 || ignoresOthersWishes(classIndex) {
      return nil
    }
    var buckets: [(key: Int32, ofDomain: [Int64])] = []
    func add(_ key: Int32, _ marks: [Int32], _ amounts: [Int64]?, factor: Int64) {
      let domainOf = topologies[Int(key)].domainOf
      var entry = buckets.firstIndex { $0.key == key } ?? -1
      for slot in domainOf.indices where marks[slot] != 0 && domainOf[slot] >= 0 {
        if entry < 0 {
          entry = buckets.count
          let count = topologies[Int(key)].count
          buckets.append((key, [Int64](repeating: 0, count: count)))
        }
        buckets[entry].ofDomain[Int(domainOf[slot])] +=
          amounts.map { $0[slot] } ?? Int64(marks[slot]) * factor
      }
    }
    for rule in classes[classIndex].preferredAffinity where groups[Int(rule.group)].total > 0 {
      add(rule.key, groups[Int(rule.group)].onNode, nil, factor: rule.weight)
    }
    for number in carriedOfKind[Int(kindOfClass[classIndex])] {
      if carriedTerms[Int(number)].totalWishes == 0 { continue }
      let term = Int(number)
      add(
        carriedTerms[term].key, carriedTerms[term].wishes, carriedTerms[term].weight, factor: 1)
    }
    if buckets.isEmpty { return nil }
    var raw = [Int64](repeating: 0, count: feasible.count)
    for bucket in buckets {
      let domainOf = topologies[Int(bucket.key)].domainOf
      for (place, slot) in feasible.enumerated() {
        let domain = domainOf[Int(slot)]
        if domain >= 0 { raw[place] += bucket.ofDomain[Int(domain)] }
      }
    }
    let least = raw.min() ?? 0
    let most = raw.max() ?? 0
    return raw.map { InterPodAffinity.score($0, least: least, most: most) }
  }
}
