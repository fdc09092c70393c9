import ClusterModel
import Quantities

/// Keeps one Pod of each DaemonSet on every node that it belongs on.
///
/// A Pod is pinned to its node when it is created. A node's Pods of one DaemonSet share an ordinal:
/// that of a Pod found there, else the lowest one not given out, in the order of ``NodeRoll``.
/// A node gets another Pod only when the one before is gone.
///
/// > Source: Kubernetes' DaemonSet controller, `podsShouldBeOnNode` (M). Rolling updates and the
/// > back-off of failed Pods are left out; Pods of a node that is gone are deleted here rather than
/// > by the Pod garbage collector.
public struct DaemonSetController: Controller {
  /// Where the Pods of one DaemonSet belong, by the nodes' ranks.
  private struct Placement: Sendable {
    var set: WorkloadID?
    var template: TemplateID?
    var eligibility: [DaemonEligibility] = []
    var ordinals: [Int32] = []
    var nextOrdinal: Int32 = 0
  }

  private var loop: PodSyncLoop
  private var roll = NodeRoll()
  private var placements: [Placement] = []

  /// A controller that has read nothing yet. Kubernetes' DaemonSet controller creates at most 250
  /// Pods per sync, and syncs two at once (M).
  public init(
    configuration: PodSyncConfiguration = PodSyncConfiguration(
      burstReplicas: 250, concurrentSyncs: 2)
  ) {
    loop = PodSyncLoop(
      configuration,
      following: PodLedger.Rules(kinds: [.daemonSet], holdsPlaceUntilGone: true))
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    for rank in roll.follow(cluster, in: pass) { reconsider(rank, cluster) }
    loop.observe(cluster, in: pass, into: &out)
    while let slot = loop.next() {
      prepare(slot, cluster)
      let plan = plan(for: slot, cluster)
      loop.start(plan, for: slot, at: pass.now, into: &out)
    }
    return loop.queue.nextDue
  }

  // MARK: Eligibility

  /// Looks again at one node for every DaemonSet.
  private mutating func reconsider(_ rank: Int, _ cluster: borrowing ClusterState) {
    for slot in placements.indices {
      guard let template = placements[slot].template else { continue }
      let verdict = eligibility(of: template, rank, cluster)
      while placements[slot].eligibility.count <= rank {
        placements[slot].eligibility.append(.excluded)
      }
      placements[slot].eligibility[rank] = verdict
      loop.queue.mark(UInt32(slot))
    }
  }

  private func eligibility(
    of template: TemplateID, _ rank: Int, _ cluster: borrowing ClusterState
  ) -> DaemonEligibility {
    guard let node = roll.nodes[rank].flatMap({ cluster.node($0) }) else { return .excluded }
    return DaemonEligibility(of: cluster.templates[Int(template.index)], on: node)
  }

  private mutating func prepare(_ slot: Int, _ cluster: borrowing ClusterState) {
    let set = loop.ledger.workloads[slot]!
    while placements.count <= slot { placements.append(Placement()) }
    if placements[slot].set != set.id { placements[slot] = Placement(set: set.id) }
    if placements[slot].template != set.template {
      placements[slot].template = set.template
      placements[slot].eligibility = roll.nodes.indices.map {
        eligibility(of: set.template, $0, cluster)
      }
    }
    while placements[slot].ordinals.count < roll.nodes.count {
      placements[slot].ordinals.append(-1)
    }
  }

  // MARK: Plans

  private mutating func plan(for slot: Int, _ cluster: borrowing ClusterState) -> SyncPlan {
    var plan = SyncPlan()
    var isTaken = [Bool](repeating: false, count: roll.nodes.count)
    var hasActive = isTaken
    for pod in members(of: slot) {
      placements[slot].nextOrdinal = max(placements[slot].nextOrdinal, pod.ordinal + 1)
      let rank = rank(of: pod, cluster)
      if let rank, placements[slot].ordinals[rank] < 0 {
        placements[slot].ordinals[rank] = pod.ordinal
      }
      let isWelcome = rank.map { placements[slot].eligibility[$0] != .excluded } ?? false
      if !pod.facts.contains(.terminating) {
        let isSurplus = rank.map { hasActive[$0] } ?? true
        if !isWelcome || pod.phase.isFinished || isSurplus { plan.deletions.append(pod.id) }
      }
      if let rank {
        isTaken[rank] = true
        hasActive[rank] = hasActive[rank] || pod.isActive
      }
    }
    let most = loop.configuration.creations(of: .max)
    if plan.deletions.count > most { plan.deletions.removeLast(plan.deletions.count - most) }
    for rank in roll.nodes.indices where plan.creations.count < most {
      guard placements[slot].eligibility[rank] == .wanted, !isTaken[rank],
        let node = roll.nodes[rank]
      else { continue }
      plan.creations.append(creation(slot, rank, pinned: node))
    }
    return plan
  }

  private mutating func creation(_ slot: Int, _ rank: Int, pinned node: NodeID) -> PodCreation {
    if placements[slot].ordinals[rank] < 0 {
      placements[slot].ordinals[rank] = placements[slot].nextOrdinal
      placements[slot].nextOrdinal += 1
    }
    let ordinal = placements[slot].ordinals[rank]
    return PodCreation(
      ordinal: ordinal, attempt: loop.ledger.workloads[slot]!.places.attempt(of: ordinal),
      pinned: node)
  }

  /// A DaemonSet's Pods, the oldest of a node first.
  private func members(of slot: Int) -> [FollowedPod] {
    loop.ledger.workloads[slot]!.members.compactMap { loop.ledger.pod(slot: Int($0)) }
      .sorted { ($0.created, $0.ordinal, $0.attempt) < ($1.created, $1.ordinal, $1.attempt) }
  }

  /// The rank of the node that a Pod runs on or waits for; nil if that node isn't there.
  private func rank(of pod: FollowedPod, _ cluster: borrowing ClusterState) -> Int? {
    if let node = pod.node ?? pod.pinned { return roll.rank(of: node) }
    // A dump's Pod that waits carries its node's name in its affinity.
    guard let template = cluster.pod(pod.id).map({ cluster.template(of: $0) }) else { return nil }
    for term in template.affinity.requiredNodeTerms ?? [] {
      for field in term.matchFields where field.key == "metadata.name" {
        let rank = field.values.first.flatMap { roll.rank(ofName: $0) }
        if let rank, roll.nodes[rank] != nil { return rank }
      }
    }
    return nil
  }
}
