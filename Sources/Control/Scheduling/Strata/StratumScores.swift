extension SchedulerCache {
  /// Brings the strata of a class up to date; its ``ScoreIndex`` is already.
  mutating func refreshStrata(_ classIndex: Int) -> StratumIndex {
    let terms = carriedOfKind[Int(kindOfClass[classIndex])].count
    let count = nodeOrder.slots.count
    let isCurrent =
      strata[classIndex].map {
        $0.plan.structureVersion == structureVersion && $0.plan.termCount == terms
          && $0.position >= touchedStart && touchedEnd - $0.position <= max(8, count / 2)
          && $0.strataCount <= StratumIndex.mostStrata
      } ?? false
    if isCurrent, var index = strata[classIndex].take() {
      refreshTallies(of: index.plan)
      var tuple = [Int64](repeating: 0, count: index.plan.width)
      for place in (index.position - touchedStart)..<touched.count {
        update(&index, classIndex, Int(touched[place]), &tuple)
      }
      index.position = touchedEnd
      return index
    }
    let plan = stratumPlan(classIndex)
    refreshTallies(of: plan)
    var index = StratumIndex(plan, count: count)
    var tuple = [Int64](repeating: 0, count: plan.width)
    for slot in nodeOrder.slots { update(&index, classIndex, Int(slot), &tuple) }
    index.position = touchedEnd
    return index
  }

  @inline(__always)
  private func update(
    _ index: inout StratumIndex, _ classIndex: Int, _ slot: Int, _ tuple: inout [Int64]
  ) {
    let place = Int(nodeOrder.place[slot])
    if place < 0 { return }
    components(index.plan, classIndex, on: slot, into: &tuple)
    let key = scoreIndexes[Int(indexOfClass[classIndex])].unsafelyUnwrapped.keys[place]
    index.set(place, key: key, components: tuple)
  }

  /// Works out which strata the filters over the whole cluster admit.
  func admit(_ index: inout StratumIndex, _ classIndex: Int) {
    let plan = index.plan
    if plan.required.isEmpty, plan.blocked < 0, plan.apart.isEmpty, plan.near.isEmpty {
      for stratum in 0..<index.strataCount { index.admit(stratum, true) }
      return
    }
    for stratum in 0..<index.strataCount where index.standings[stratum].population > 0 {
      index.admit(stratum, admits(stratum, of: index, classIndex))
    }
  }

  private func admits(_ stratum: Int, of index: StratumIndex, _ classIndex: Int) -> Bool {
    let plan = index.plan
    for place in plan.required.indices {
      let rule = classes[classIndex].requiredSpread[place]
      guard let count = count(at: plan.required[place], stratum, index) else { return false }
      let tally = Int(plan.requiredTallies[place])
      let hasEnough = tallies[tally].domains >= rule.minDomains && tallies[tally].domains > 0
      let least = hasEnough ? tallies[tally].least : 0
      if count + (rule.selectsItself ? 1 : 0) - least > rule.maxSkew { return false }
    }
    if plan.blocked >= 0, index.component(stratum, plan.blocked) != 0 { return false }
    for place in plan.apart where count(at: place, stratum, index) ?? 0 > 0 { return false }
    var isNear = true
    for place in plan.near {
      guard let count = count(at: place, stratum, index) else { return false }
      if count <= 0 { isNear = false }
    }
    return isNear
      || classes[classIndex].matchesOwnAffinity
        && plan.nearTallies.allSatisfy { tallies[Int($0)].sum == 0 }
  }

  /// A stratum's count for a rule; nil if its nodes lack the label.
  @inline(__always)
  private func count(at place: CountPlace, _ stratum: Int, _ index: StratumIndex) -> Int64? {
    let component = index.component(stratum, place.component)
    if component < 0 { return nil }
    return place.tally < 0 ? component : tallies[Int(place.tally)].ofDomain[Int(component)]
  }

  /// The total score of the best node of each stratum that the last walk met, in the order met.
  func totals(of index: StratumIndex, _ classIndex: Int) -> [Int64] {
    var totals = sharedScores(index, classIndex)
    for place in totals.indices {
      totals[place] += ScoreIndex.total(index.standings[Int(index.met[place])].best)
    }
    return totals
  }

  /// The node with the best total score, the first by name among equals.
  func bestByName(_ index: StratumIndex, _ totals: [Int64]) -> Int32 {
    var best: (total: Int64, name: UInt32) = (.min, 0)
    for place in totals.indices {
      let name = UInt32(truncatingIfNeeded: index.standings[Int(index.met[place])].best)
      if (totals[place], name) > best { best = (totals[place], name) }
    }
    return nodeOrder.byRank[Int(UInt32.max - best.name)]
  }

  /// What the strata of the last walk score beyond what each node scores alone, in the order met.
  private func sharedScores(_ index: StratumIndex, _ classIndex: Int) -> [Int64] {
    let weights = weights(of: classIndex)
    var scores = [Int64](repeating: 0, count: index.met.count)
    let plan = index.plan
    if plan.unwelcome >= 0 {
      let raw = index.met.map { index.component(Int($0), plan.unwelcome) }
      let most = raw.max() ?? 0
      for place in raw.indices {
        let score = TaintTolerationFilter.score(raw[place], most: most)
        scores[place] += weights.taintToleration * (score - 100)
      }
    }
    if plan.preference >= 0 {
      let raw = index.met.map { index.component(Int($0), plan.preference) }
      let most = raw.max() ?? 0
      for place in raw.indices {
        scores[place] += weights.nodeAffinity * NodeAffinityFilter.score(raw[place], most: most)
      }
    }
    if !plan.preferred.isEmpty {
      addSpread(index, classIndex, weights.podTopologySpread, to: &scores)
    }
    if plan.wish >= 0 || !plan.wishes.isEmpty {
      addWishes(index, weights.interPodAffinity, to: &scores)
    }
    return scores
  }

  private func addSpread(
    _ index: StratumIndex, _ classIndex: Int, _ weight: Int64, to scores: inout [Int64]
  ) {
    let plan = index.plan
    let needsKeys = !classes[classIndex].usesBuiltInSpread
    let isIgnored = index.met.map { stratum in
      needsKeys
        && plan.preferred.contains { index.component(Int(stratum), $0.component) < 0 }
    }
    var sums = [Double](repeating: 0, count: scores.count)
    for (number, place) in plan.preferred.enumerated() {
      let rule = classes[classIndex].preferredSpread[number]
      let size =
        rule.isHostname
        ? feasible(in: index, isIgnored) : domains(at: place, in: index, isIgnored)
      let factor = naturalLogarithm(Double(size + 2))
      for (entry, stratum) in index.met.enumerated() {
        guard let count = count(at: place, Int(stratum), index) else { continue }
        sums[entry] += Double(count) * factor + Double(rule.maxSkew - 1)
      }
    }
    var raw = [Int64](repeating: 0, count: scores.count)
    var least = Int64.max
    var most: Int64 = 0
    for entry in raw.indices where !isIgnored[entry] {
      raw[entry] = Int64(sums[entry].rounded(.toNearestOrAwayFromZero))
      least = min(least, raw[entry])
      most = max(most, raw[entry])
    }
    for entry in raw.indices where !isIgnored[entry] {
      scores[entry] += weight * (most == 0 ? 100 : 100 * (most + least - raw[entry]) / most)
    }
  }

  /// How many nodes the last walk kept that have all topology keys.
  private func feasible(in index: StratumIndex, _ isIgnored: [Bool]) -> Int {
    var count = 0
    for (entry, stratum) in index.met.enumerated() where !isIgnored[entry] {
      count += Int(index.standings[Int(stratum)].kept)
    }
    return count
  }

  /// How many values of a key the nodes have that the last walk kept; a missing label is one.
  private func domains(
    at place: CountPlace, in index: StratumIndex, _ isIgnored: [Bool]
  ) -> Int {
    var isMet = [Bool](repeating: false, count: tallies[Int(place.tally)].ofDomain.count)
    var isNamelessMet = false
    var count = 0
    for (entry, stratum) in index.met.enumerated() where !isIgnored[entry] {
      let domain = Int(index.component(Int(stratum), place.component))
      if domain < 0 {
        isNamelessMet = true
      } else if !isMet[domain] {
        isMet[domain] = true
        count += 1
      }
    }
    return count + (isNamelessMet ? 1 : 0)
  }

  private func addWishes(_ index: StratumIndex, _ weight: Int64, to scores: inout [Int64]) {
    let plan = index.plan
    var raw = [Int64](repeating: 0, count: scores.count)
    for (entry, stratum) in index.met.enumerated() {
      if plan.wish >= 0 { raw[entry] += index.component(Int(stratum), plan.wish) }
      for wish in plan.wishes {
        raw[entry] += (count(at: wish.place, Int(stratum), index) ?? 0) * wish.factor
      }
    }
    let least = raw.min() ?? 0
    let most = raw.max() ?? 0
    for entry in raw.indices {
      scores[entry] += weight * InterPodAffinity.score(raw[entry], least: least, most: most)
    }
  }
}
