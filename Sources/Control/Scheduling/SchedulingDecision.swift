import ClusterModel
import Quantities

/// One decision with everything that led to it, as the golden vectors record it.
public struct SchedulingDecision: Sendable {
  /// A node that a filter rejected.
  public struct Rejection: Sendable {
    /// The node.
    public var node: NodeID
    /// The plugin; empty for nodes left out because node affinity on names restricted the search.
    public var plugin: String
    /// Whether removing Pods from the node can't help (`UnschedulableAndUnresolvable`).
    public var isUnresolvable: Bool
    /// The plugin's reasons, sorted.
    public var reasons: [String]
  }
  /// A feasible node's score.
  public struct Score: Sendable {
    /// The node.
    public var node: NodeID
    /// The sum of the columns.
    public var total: Int64
    /// Normalised score times weight by ``SchedulingDecision/scorePlugins``; nil where the plugin
    /// was skipped.
    public var columns: [Int64?]
  }
  /// A node on which evicting Pods would make room.
  public struct Candidate: Sendable {
    /// The node.
    public var node: NodeID
    /// The Pods to evict, the most important first.
    public var victims: [PodID]
    /// How many of them a disruption budget protects.
    public var violations: Int
  }
  /// What preemption came to.
  public struct Preemption: Sendable {
    /// `Success`, `Unschedulable` or `Error`.
    public var status: String
    /// What it says; empty on success.
    public var message: String
    /// Every candidate found, in the order found.
    public var candidates: [Candidate]
    /// The one chosen.
    public var chosen: Candidate?
    /// The candidates that only the name of the node tells from the chosen one.
    public var tied: [NodeID]
    /// Pods that lose their nomination by it, this one included.
    public var cleared: [PodID]
  }
  /// The node chosen.
  public var node: NodeID?
  /// How it was found.
  public var foundBy: FoundBy?
  /// The feasible nodes, in the order found.
  public var feasible: [NodeID] = []
  /// What the search came to that decided; ``feasible`` and ``scores`` are worked out beside it. Nil
  /// where no node was looked at but one that the Pod was nominated to.
  public var standing: SearchStanding?
  /// The nodes rejected.
  public var rejections: [Rejection] = []
  /// Why the Pod was rejected before any node was looked at: plugin and reason.
  public var earlyRejection: (plugin: String, reason: String)?
  /// The names of the score plugins that the scores have columns for: the default profile's, then
  /// others that take part.
  public var scorePlugins = ScorePlugin.standard.map(\.name)
  /// Scores of the feasible nodes if there were several, in the order found.
  public var scores: [Score] = []
  /// What preemption came to, if it ran.
  public var preemption: Preemption?
  /// What the scheduler reports about a failure.
  public var message: String?
}

/// An attempt to schedule the Pod that a scheduler explains.
public struct ExplainedAttempt: Sendable {
  /// Which of the Pod's attempts it is, from 1.
  public var number: Int
  /// The Pod.
  public var pod: PodID
  /// When it began.
  public var at: Instant
  /// What it came to.
  public var decision: SchedulingDecision
  /// The cluster as the scheduler saw it, to suppose changes in.
  public var supposition: Supposition
}

extension Scheduler {
  /// Decides about one Pod as it stands, without queue and without acting on it; the caller applies
  /// the decision to the cluster, and the next call reads it from there.
  ///
  /// The node comes from the very path that ``reconcile(_:in:into:)`` takes; the details are worked
  /// out beside it.
  public mutating func decide(
    _ pod: PodID, in cluster: borrowing ClusterState, at now: Instant,
    choices: Choices = Choices(key: 0)
  ) -> SchedulingDecision {
    follow(cluster, upTo: cluster.logEnd, at: now)
    let context = AttemptContext(
      configuration: configuration, now: now, choices: choices,
      budgets: cluster.disruptionBudgets, counts: true)
    let slot = pod.index
    let startBefore = start
    let attempt = attempt(slot, in: cluster, context)
    return describe(attempt, of: slot, in: cluster, at: now, from: startBefore)
  }

  /// Everything that led to an attempt which hasn't been carried out yet.
  /// - Parameter startBefore: where the attempt's search began.
  mutating func describe(
    _ attempt: Attempt, of slot: Int, in cluster: borrowing ClusterState, at now: Instant,
    from startBefore: Int
  ) -> SchedulingDecision {
    let startAfter = start
    start = startBefore
    defer { start = startAfter }
    var decision = SchedulingDecision()
    decision.standing = attempt.standing
    decision.node = attempt.node < 0 ? nil : cache.nodeIDs[Int(attempt.node)]
    decision.foundBy = attempt.node < 0 ? nil : attempt.foundBy
    if attempt.foundBy == .nominatedNode {
      decision.feasible = [decision.node].compactMap { $0 }
    } else {
      describeNodes(slot, attempt, in: cluster, &decision)
    }
    if let summary = attempt.summary {
      decision.message = cache.message(summary)
      describePreemption(slot, attempt, summary, in: cluster, at: now, &decision)
    }
    return decision
  }

  private mutating func describeNodes(
    _ slot: Int, _ attempt: Attempt, in cluster: borrowing ClusterState,
    _ decision: inout SchedulingDecision
  ) {
    let classIndex = Int(cache.pods[slot].classIndex)
    if let summary = attempt.summary {
      if summary.nodeCount == 0 { return }
      if summary.termsConflict {
        decision.earlyRejection = (Filter.nodeAffinity.name, NodeAffinityFilter.conflict)
        return
      }
    }
    var examined = 0
    search(slot, classIndex, cycleState(slot, classIndex, in: cluster), examined: &examined)
    let feasible = cache.scratch.feasible
    decision.feasible = feasible.compactMap { cache.nodeIDs[Int($0)] }
    for rejection in cache.scratch.rejected {
      guard let node = cache.nodeIDs[Int(rejection.node)] else { continue }
      decision.rejections.append(
        SchedulingDecision.Rejection(
          node: node, plugin: cache.pluginName(rejection.verdict, of: classIndex),
          isUnresolvable: rejection.verdict.isUnresolvable,
          reasons: cache.reasons(rejection.verdict, of: classIndex)))
    }
    if feasible.count < 2 { return }
    cache.images.prepare(
      cache.classes[classIndex].images, nodes: cache.nodes,
      nodeCount: cache.nodeOrder.slots.count)
    let scores = cache.score(classIndex, feasible)
    var columns = ScorePlugin.standard.map { scores.columns[$0.rawValue] }
    if cache.weights(of: classIndex).computeResource != 0 {
      decision.scorePlugins.append(ScorePlugin.computeResource.name)
      columns.append(scores.columns[ScorePlugin.computeResource.rawValue])
    }
    for (number, column) in scores.outOfTree.enumerated() {
      let profile = Int(cache.classes[classIndex].profile)
      decision.scorePlugins.append(
        cache.profiles[profile].outOfTreeScores[number].plugin.name)
      columns.append(column)
    }
    let gpuColumn = cache.gpuColumn(classIndex, feasible)
    if let gpuColumn {
      decision.scorePlugins.append(cache.gpu.policy.rawValue)
      columns.append(gpuColumn)
    }
    for (place, node) in decision.feasible.enumerated() {
      decision.scores.append(
        SchedulingDecision.Score(
          node: node, total: scores.totals[place] + (gpuColumn?[place] ?? 0),
          columns: columns.map { $0?[place] }))
    }
  }

  private func describePreemption(
    _ slot: Int, _ attempt: Attempt, _ summary: FailureSummary,
    in cluster: borrowing ClusterState, at now: Instant, _ decision: inout SchedulingDecision
  ) {
    if summary.preemption == .none { return }
    func describe(_ candidate: PreemptionCandidate) -> SchedulingDecision.Candidate? {
      guard let node = cache.nodeIDs[Int(candidate.node)] else { return nil }
      return SchedulingDecision.Candidate(
        node: node, victims: candidate.victims.map { cache.pods[Int($0)].id },
        violations: candidate.violations)
    }
    var preemption = SchedulingDecision.Preemption(
      status: "Unschedulable", message: cache.preemptionMessage(summary),
      candidates: attempt.candidates.compactMap(describe), chosen: nil, tied: [], cleared: [])
    if summary.preemption == .notFound { preemption.status = "Error" }
    if let chosen = attempt.preemption {
      preemption.status = "Success"
      preemption.chosen = describe(chosen)
      let best = merit(chosen, in: cluster, at: now)
      for candidate in attempt.candidates where merit(candidate, in: cluster, at: now) == best {
        if let node = cache.nodeIDs[Int(candidate.node)] { preemption.tied.append(node) }
      }
      preemption.cleared = displaced(by: slot, on: chosen.node).map { cache.pods[Int($0)].id }
    } else if attempt.dropsNomination {
      preemption.cleared = [cache.pods[slot].id]
    }
    decision.preemption = preemption
  }
}
