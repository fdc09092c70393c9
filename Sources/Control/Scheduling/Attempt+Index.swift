import ClusterModel
import Quantities

extension Scheduler {
  /// The fast path: the class's index, or its strata where other nodes' Pods have a say, know which
  /// nodes are feasible and the best of them; a class without an index is served by a sweep, or
  /// not at all: nil.
  mutating func attemptByIndex(
    _ slot: Int, _ classIndex: Int, in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> Attempt? {
    let heedsNominations = cache.heedsNominations(classIndex)
    if heedsNominations, !cache.isLocal(classIndex) { return nil }
    let hasIndex = cache.refreshIndex(classIndex)
    if heedsNominations, !hasIndex { return nil }
    let count = cache.nodeOrder.slots.count
    let sought = configuration.feasibleNodesSought(
      of: count, profile: Int(cache.classes[classIndex].profile))
    var attempt = Attempt()
    let isFound: Bool
    if !hasIndex {
      guard cache.isLocal(classIndex), let pod = cache.sweepRequest(classIndex) else { return nil }
      isFound = findBySweep(
        slot, classIndex, pod, sought: sought, in: cluster, context, &attempt)
    } else if cache.isLocal(classIndex) {
      let hidden =
        heedsNominations
        ? cache.hide(slot, classIndex, cycleState(slot, classIndex, in: cluster)) : []
      isFound = findByIndex(slot, classIndex, sought: sought, in: cluster, context, &attempt)
      cache.show(hidden, classIndex)
    } else if cache.gpu.isOn && !cache.gpu.policy.scoresLocally {
      isFound = findInWindow(slot, classIndex, sought: sought, in: cluster, context, &attempt)
    } else {
      isFound = findByStrata(slot, classIndex, sought: sought, in: cluster, context, &attempt)
    }
    if isFound {
      start = (start + attempt.examined) % count
      return attempt
    }
    if let known = knownFailure(of: slot, classIndex) { return known }
    var failed = attemptByScan(slot, classIndex, in: cluster, context)
    // What this path found, so that a comparison sees where the general path disagrees.
    if context.counts { failed.standing = SearchStanding(nodes: []) }
    if failed.preemption == nil { remember(failed, classIndex) }
    return failed
  }

  /// Each node alone decides what it is worth.
  private mutating func findByIndex(
    _ slot: Int, _ classIndex: Int, sought: Int, in cluster: borrowing ClusterState,
    _ context: AttemptContext, _ attempt: inout Attempt
  ) -> Bool {
    let number = Int(cache.indexOfClass[classIndex])
    let count = cache.nodeOrder.slots.count
    let feasible = cache.scoreIndexes[number]!.feasible
    if feasible == 0 { return false }
    var key: UInt64
    var kept = feasible
    if feasible <= sought {
      key = cache.scoreIndexes[number]!.best
      attempt.examined = count
    } else {
      (key, kept, attempt.examined) = cache.scoreIndexes[number]!.best(
        from: start % count, sought: sought)
    }
    attempt.foundBy = kept == 1 ? .onlyFeasible : .score
    if context.counts {
      let index = cache.scoreIndexes[number]!
      let places = index.places(from: start % count, kept: kept)
      attempt.standing = SearchStanding(
        nodes: places.map { cache.nodeOrder.slots[$0] },
        totals: places.map { ScoreIndex.total(index.keys[$0]) })
    }
    if configuration.tieRule == .lowestName || kept == 1 {
      attempt.node = cache.nodeOrder.node(ofKey: key)
    } else {
      let ties = cache.scoreIndexes[number]!.ties(from: start % count, kept: kept, best: key)
      attempt.node = choose(among: ties, for: slot, in: cluster, context)
    }
    return true
  }

  /// Every node of the window is judged afresh.
  private mutating func findBySweep(
    _ slot: Int, _ classIndex: Int, _ pod: SweepRequest, sought: Int,
    in cluster: borrowing ClusterState, _ context: AttemptContext, _ attempt: inout Attempt
  ) -> Bool {
    let count = cache.nodeOrder.slots.count
    var place = start % count
    var best = SweepBest(sought: sought, keepsTies: configuration.tieRule != .lowestName)
    while best.examined < count, !best.isDone {
      let length = min(512, count - place, count - best.examined)
      cache.sweep(place..<place + length, classIndex, for: pod)
      best.look(at: place..<place + length, cache.scratch.sweep)
      place = place + length == count ? 0 : place + length
    }
    if best.kept == 0 { return false }
    attempt.examined = best.examined
    if context.counts {
      attempt.standing = sweepStanding(classIndex, pod, kept: best.kept, in: count)
    }
    attempt.foundBy = best.kept == 1 ? .onlyFeasible : .score
    attempt.node =
      best.ties.count > 1
      ? choose(among: best.ties, for: slot, in: cluster, context)
      : cache.nodeOrder.slots[best.place]
    return true
  }

  /// Everything that a sweep kept, by sweeping once more.
  private mutating func sweepStanding(
    _ classIndex: Int, _ pod: SweepRequest, kept: Int, in count: Int
  ) -> SearchStanding {
    cache.sweep(0..<count, classIndex, for: pod)
    let first = start % count
    let places = (Array(first..<count) + Array(0..<first))
      .filter { cache.scratch.sweep[$0] >= 0 }.prefix(kept)
    return SearchStanding(
      nodes: places.map { cache.nodeOrder.slots[$0] },
      totals: places.map { Int64(cache.scratch.sweep[$0]) })
  }

  /// Other nodes' Pods, or the best of the feasible nodes, have a say in it.
  private mutating func findByStrata(
    _ slot: Int, _ classIndex: Int, sought: Int, in cluster: borrowing ClusterState,
    _ context: AttemptContext, _ attempt: inout Attempt
  ) -> Bool {
    var strata = cache.refreshStrata(classIndex)
    cache.admit(&strata, classIndex)
    let first = start % cache.nodeOrder.slots.count
    let walk = strata.walk(from: first, sought: sought)
    if walk.kept > 0 {
      attempt.examined = walk.examined
      attempt.foundBy = walk.kept == 1 ? .onlyFeasible : .score
      if walk.kept == 1 {
        attempt.node = cache.nodeOrder.node(ofKey: strata.standings[Int(strata.met[0])].best)
        if context.counts { attempt.standing = SearchStanding(nodes: [attempt.node]) }
      } else {
        let totals = cache.totals(of: strata, classIndex)
        if configuration.tieRule == .lowestName {
          attempt.node = cache.bestByName(strata, totals)
        }
        if context.counts {
          let found = strata.found(from: first, kept: walk.kept, totals)
          attempt.standing = SearchStanding(
            nodes: found.places.map { cache.nodeOrder.slots[$0] }, totals: found.totals)
        }
        if configuration.tieRule != .lowestName {
          var isTied = [Bool](repeating: false, count: strata.strataCount)
          let most = totals.max() ?? 0
          for place in totals.indices where totals[place] == most {
            isTied[Int(strata.met[place])] = true
          }
          let ties = strata.ties(from: first, kept: walk.kept, isTied: isTied)
          attempt.node = choose(among: ties, for: slot, in: cluster, context)
        }
      }
    }
    cache.strata[classIndex] = consume strata
    return walk.kept > 0
  }

  /// A GPU policy scores the feasible nodes together.
  private mutating func findInWindow(
    _ slot: Int, _ classIndex: Int, sought: Int, in cluster: borrowing ClusterState,
    _ context: AttemptContext, _ attempt: inout Attempt
  ) -> Bool {
    let number = Int(cache.indexOfClass[classIndex])
    let count = cache.nodeOrder.slots.count
    if cache.scoreIndexes[number]!.feasible == 0 { return false }
    let walk = cache.scoreIndexes[number]!.best(from: start % count, sought: sought)
    attempt.examined = walk.examined
    attempt.foundBy = walk.kept == 1 ? .onlyFeasible : .score
    let places = cache.scoreIndexes[number]!.places(from: start % count, kept: walk.kept)
    let nodes = places.map { cache.nodeOrder.slots[$0] }
    if context.counts { attempt.standing = SearchStanding(nodes: nodes) }
    if walk.kept == 1 {
      attempt.node = nodes[0]
      return true
    }
    var totals = cache.totals(classIndex, nodes)
    cache.addGPUScores(classIndex, nodes, to: &totals)
    if context.counts { attempt.standing = SearchStanding(nodes: nodes, totals: totals) }
    attempt.node = choose(nodes, totals, for: slot, in: cluster, context)
    return true
  }

  /// One of the places that score best, given with their positions among those kept.
  private func choose(
    among ties: [(position: Int, place: Int)], for slot: Int, in cluster: borrowing ClusterState,
    _ context: AttemptContext
  ) -> Int32 {
    let slots = cache.nodeOrder.slots
    var best = 0
    if configuration.tieRule == .heapOrder {
      for entry in ties.indices.dropFirst()
      where HeapOrder.precedes(ties[entry].position, ties[best].position) { best = entry }
      return slots[ties[best].place]
    }
    let ranks = ties.map { cache.nodeOrder.rank[Int(slots[$0.place])] }.sorted()
    let bits = tieBits(for: slot, in: cluster, context)
    return cache.nodeOrder.byRank[Int(ranks[Int(bits % UInt64(ranks.count))])]
  }

  private func knownFailure(of slot: Int, _ classIndex: Int) -> Attempt? {
    guard let known = cache.failures[classIndex], known.position == cache.touchedEnd,
      known.structureVersion == cache.structureVersion,
      known.nominationVersion == cache.nominationVersion
    else { return nil }
    var attempt = known.attempt
    if case .noCandidate = attempt.summary?.preemption {
      attempt.dropsNomination = cache.pods[slot].reportedNomination != nil
    }
    return attempt
  }

  private mutating func remember(_ attempt: Attempt, _ classIndex: Int) {
    cache.failures[classIndex] = KnownFailure(
      position: cache.touchedEnd, structureVersion: cache.structureVersion,
      nominationVersion: cache.nominationVersion, attempt: attempt)
  }
}
