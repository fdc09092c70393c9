import ClusterModel
import Quantities

extension Scheduler {
  /// Completes an attempt that found no node: counts the verdicts and tries preemption.
  mutating func fail(
    _ slot: Int, _ classIndex: Int, _ state: CycleState, in cluster: borrowing ClusterState,
    _ context: AttemptContext, _ attempt: inout Attempt
  ) {
    let rejected = cache.scratch.rejected
    var summary = FailureSummary(
      classIndex: Int32(classIndex), nodeCount: Int32(cache.nodeOrder.slots.count))
    for rejection in rejected { summary.verdicts.add(rejection.verdict) }
    let carried = cache.pods[slot].nominatedNode
    guard cache.profiles[Int(cache.classes[classIndex].profile)].preempts else {
      attempt.summary = summary
      return
    }
    if cache.classes[classIndex].neverPreempts {
      summary.preemption = .never
    } else if awaitsVictim(slot, classIndex, rejected) {
      summary.preemption = .awaitingVictim
    } else {
      var counts = VerdictCounts()
      attempt.candidates = candidates(
        slot, classIndex, state, rejected, in: cluster, context, &counts)
      if attempt.candidates.isEmpty {
        summary.preemption = .noCandidate(counts)
        attempt.dropsNomination =
          carried >= 0 || cache.pods[slot].reportedNomination != nil
      } else {
        summary.preemption = .success
        attempt.preemption = best(of: attempt.candidates, in: cluster, at: context.now)
      }
    }
    attempt.summary = summary
  }

  /// Whether a Pod waits on its nominated node for a victim of its preemption to stop.
  private func awaitsVictim(
    _ slot: Int, _ classIndex: Int, _ rejected: [Rejection]
  ) -> Bool {
    let node = cache.pods[slot].nominatedNode
    guard node >= 0, let rejection = rejected.first(where: { $0.node == node }),
      !rejection.verdict.isUnresolvable
    else { return false }
    let priority = cache.footprints[classIndex].priority
    var pod = cache.firstPod[Int(node)]
    while pod >= 0 {
      let entry = cache.pods[Int(pod)]
      if entry.isTerminating && entry.isPreempted
        && cache.footprints[Int(entry.classIndex)].priority < priority
      {
        return true
      }
      pod = entry.next
    }
    return false
  }

  /// The nodes on which evicting Pods of lower priority makes room, with the fewest victims each.
  private func candidates(
    _ slot: Int, _ classIndex: Int, _ state: CycleState, _ rejected: [Rejection],
    in cluster: borrowing ClusterState, _ context: AttemptContext, _ counts: inout VerdictCounts
  ) -> [PreemptionCandidate] {
    var found: [PreemptionCandidate] = []
    var nodes: [Int32] = []
    for rejection in rejected where !rejection.verdict.isUnresolvable {
      nodes.append(rejection.node)
    }
    let unhelpful = cache.nodeOrder.slots.count - nodes.count
    if unhelpful > 0 {
      counts.add(Verdict(.notHelpful, unresolvable: true), times: Int32(unhelpful))
    }
    let noVictims = Verdict(.noVictims, unresolvable: true)
    let priority = cache.footprints[classIndex].priority
    if cache.priorities.lowest.map({ $0 >= priority }) ?? true {
      if !nodes.isEmpty { counts.add(noVictims, times: Int32(nodes.count)) }
      return []
    }
    let place = cache.nodeOrder.place
    nodes.sort { place[Int($0)] < place[Int($1)] }
    let (offset, wanted) = extent(of: nodes.count, for: slot, in: cluster, context)
    var unviolated = false
    for step in nodes.indices {
      if found.count >= wanted && unviolated { break }
      let node = nodes[(offset + step) % nodes.count]
      switch victims(slot, classIndex, on: Int(node), state, in: cluster, context) {
      case .candidate(let candidate):
        if found.count < wanted || candidate.violations == 0 { found.append(candidate) }
        unviolated = unviolated || candidate.violations == 0
      case .rejected(let verdict): counts.add(verdict)
      }
    }
    return found
  }

  /// Where the search for candidates starts and how many are wanted: by default max(10 %, 100) of
  /// the nodes from a random one on (S), or all.
  private func extent(
    of count: Int, for slot: Int, in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> (offset: Int, wanted: Int) {
    if configuration.examinesAllPreemptionCandidates || count == 0 { return (0, count) }
    let identity = PodIdentity(cache.pods[slot].id, in: cluster)
    let bits = context.choices.bits(
      purpose: ChoicePurpose.preemptionStart.rawValue, subject: identity.subject,
      number: identity.attempt)
    let profile = cache.profiles[Int(cache.classes[Int(cache.pods[slot].classIndex)].profile)]
    let wanted = max(count * profile.minCandidatePercentage / 100, profile.minCandidates)
    return (Int(bits % UInt64(count)), min(count, wanted))
  }

  private enum NodeAnswer {
    case candidate(PreemptionCandidate)
    case rejected(Verdict)
  }

  /// The fewest victims on one node: all Pods of lower priority are taken away, then put back in
  /// order of importance, those that a budget protects first, as long as the Pod still fits.
  private func victims(
    _ slot: Int, _ classIndex: Int, on node: Int, _ state: CycleState,
    in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> NodeAnswer {
    let priority = cache.footprints[classIndex].priority
    var removed: [Int32] = []
    var pod = cache.firstPod[node]
    while pod >= 0 {
      let entry = cache.pods[Int(pod)]
      if cache.footprints[Int(entry.classIndex)].priority < priority { removed.append(pod) }
      pod = entry.next
    }
    if removed.isEmpty { return .rejected(Verdict(.noVictims, unresolvable: true)) }
    var trial = cache.trial(for: classIndex)
    for pod in removed {
      let member = Int(cache.pods[Int(pod)].classIndex)
      cache.suppose(&trial, member, sign: -1, for: classIndex, state)
    }
    let verdict = cache.filterWithNominations(slot, classIndex, on: node, state, trial: trial)
    if !verdict.isFit { return .rejected(verdict) }
    let ordered = byImportance(removed, in: cluster, at: context.now)
    let split = protected(ordered, in: cluster, context.budgets)
    var victims: [Int32] = []
    var violations = 0
    for (pod, isProtected) in split {
      let member = Int(cache.pods[Int(pod)].classIndex)
      var attempt = trial
      cache.suppose(&attempt, member, sign: 1, for: classIndex, state)
      if cache.filterWithNominations(slot, classIndex, on: node, state, trial: attempt).isFit {
        trial = attempt
      } else {
        victims.append(pod)
        if isProtected { violations += 1 }
      }
    }
    return .candidate(
      PreemptionCandidate(
        node: Int32(node), victims: byImportance(victims, in: cluster, at: context.now),
        violations: violations))
  }

  /// Pods by priority, the highest first, then by start, the earliest first; the slot decides what
  /// the original leaves open.
  private func byImportance(
    _ pods: [Int32], in cluster: borrowing ClusterState, at now: Instant
  ) -> [Int32] {
    var keyed: [(pod: Int32, priority: Int32, start: Instant)] = []
    for pod in pods {
      let entry = cache.pods[Int(pod)]
      let start = cluster.pod(entry.id)?.started ?? now
      keyed.append((pod, cache.footprints[Int(entry.classIndex)].priority, start))
    }
    keyed.sort {
      if $0.priority != $1.priority { return $0.priority > $1.priority }
      return $0.start != $1.start ? $0.start < $1.start : $0.pod < $1.pod
    }
    return keyed.map(\.pod)
  }

  /// Which Pods a disruption budget protects, protected ones first; budgets are used up in order of
  /// importance.
  private func protected(
    _ pods: [Int32], in cluster: borrowing ClusterState, _ budgets: [PodDisruptionBudget]
  ) -> [(pod: Int32, isProtected: Bool)] {
    if budgets.isEmpty { return pods.map { ($0, false) } }
    var allowed = budgets.map(\.disruptionsAllowed)
    var violating: [Int32] = []
    var others: [Int32] = []
    for pod in pods {
      let entry = cache.pods[Int(pod)]
      let kind = cache.kinds[Int(cache.kindOfClass[Int(entry.classIndex)])]
      var violates = false
      if !kind.labels.isEmpty {
        let name = cluster.pod(entry.id).map { cluster.name(of: $0) } ?? ""
        for (place, budget) in budgets.enumerated() where budget.namespace == kind.namespace {
          guard let selector = budget.selector, !selector.isEmpty, selector.matches(kind.labels),
            !budget.disruptedPods.contains(name)
          else { continue }
          allowed[place] -= 1
          if allowed[place] < 0 { violates = true }
        }
      }
      if violates { violating.append(pod) } else { others.append(pod) }
    }
    return violating.map { ($0, true) } + others.map { ($0, false) }
  }

  /// What candidates are compared by, each only among equals of the one before.
  struct CandidateMerit: Equatable {
    var values: [Int64]
  }

  /// A candidate's merits: fewest violations, lowest top priority, lowest sum of priorities, fewest
  /// victims, latest start of the earliest victim of the highest priority; larger is better.
  func merit(
    _ candidate: PreemptionCandidate, in cluster: borrowing ClusterState, at now: Instant
  ) -> CandidateMerit {
    let priorities = candidate.victims.map {
      Int64(cache.footprints[Int(cache.pods[Int($0)].classIndex)].priority)
    }
    let top = priorities[0]
    var earliest = Instant.distantFuture
    for (pod, priority) in zip(candidate.victims, priorities) where priority == top {
      earliest = min(earliest, cluster.pod(cache.pods[Int(pod)].id)?.started ?? now)
    }
    let sum = priorities.reduce(0) { $0 + $1 + (1 << 31) }
    return CandidateMerit(values: [
      -Int64(candidate.violations), -top, -sum, -Int64(candidate.victims.count),
      earliest.nanoseconds,
    ])
  }

  /// The best candidate; among equals the one with the lowest node name (the original takes any).
  private func best(
    of candidates: [PreemptionCandidate], in cluster: borrowing ClusterState, at now: Instant
  ) -> PreemptionCandidate {
    var best = candidates[0]
    var bestMerit = merit(best, in: cluster, at: now)
    for candidate in candidates.dropFirst() {
      let merit = merit(candidate, in: cluster, at: now)
      let isBetter =
        merit == bestMerit
        ? cache.nodeOrder.rank[Int(candidate.node)] < cache.nodeOrder.rank[Int(best.node)]
        : bestMerit.values.lexicographicallyPrecedes(merit.values)
      if isBetter {
        best = candidate
        bestMerit = merit
      }
    }
    return best
  }
}
