import ClusterModel
import Quantities

/// How a node was found.
public enum FoundBy: String, Sendable {
  /// The best score among several feasible nodes.
  case score
  /// It was the only feasible one; nothing was scored.
  case onlyFeasible
  /// The Pod was nominated to it, and it passed; nothing else was looked at.
  case nominatedNode
}

/// A node on which evicting some Pods would make room.
struct PreemptionCandidate: Sendable {
  var node: Int32
  /// Slots of the Pods to evict, the most important first.
  var victims: [Int32]
  /// How many of them a disruption budget protects.
  var violations: Int
}

/// What one attempt to schedule a Pod came to; nothing is changed by it yet.
struct Attempt: Sendable {
  /// The node's slot; −1 if the Pod can't be scheduled now.
  var node: Int32 = -1
  var foundBy = FoundBy.score
  /// Nodes examined, for the cost model.
  var examined = 0
  /// Nodes at which LocalReplicas slept, for the cost model.
  var sleeps = 0
  /// Filters that rejected nodes, as bits.
  var rejectors: UInt32 = 0
  /// What the search came to, if it was asked for; nil where the Pod's nomination decided.
  var standing: SearchStanding?
  var summary: FailureSummary?
  /// The candidate chosen by preemption.
  var preemption: PreemptionCandidate?
  /// Every candidate that preemption found, if details were asked for.
  var candidates: [PreemptionCandidate] = []
  /// Whether the nomination that the Pod carried is dropped.
  var dropsNomination = false
}

/// Why a class failed the last time, valid as long as nothing has changed.
struct KnownFailure: Sendable {
  var position: Int
  var structureVersion: Int
  var nominationVersion: Int
  var attempt: Attempt
}

/// What an attempt is told besides the cache.
struct AttemptContext: Sendable {
  var configuration: SchedulerConfiguration
  var now: Instant
  var choices: Choices
  /// Disruption budgets, for preemption.
  var budgets: [PodDisruptionBudget]
  /// Whether each search counts what it came to.
  var counts = false
}

extension Scheduler {
  /// One scheduling cycle of a Pod, up to the decision.
  mutating func attempt(
    _ slot: Int, in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> Attempt {
    cache.refreshOrder()
    if cache.hasOutOfTreePlugins { cache.incoming = identity(of: slot, in: cluster) }
    if cache.gpu.isOn {
      let identity = PodIdentity(cache.pods[slot].id, in: cluster)
      cache.prepareGPU { purpose in
        context.choices.bits(
          purpose: purpose.rawValue, subject: identity.subject, number: identity.attempt)
      }
    }
    let classIndex = Int(cache.pods[slot].classIndex)
    let nodeCount = cache.nodeOrder.slots.count
    if nodeCount == 0 {
      var attempt = Attempt()
      attempt.summary = FailureSummary(classIndex: Int32(classIndex), nodeCount: 0)
      return attempt
    }
    let placement = Int(cache.classes[classIndex].placement)
    if cache.placements[placement].termsConflict {
      var attempt = Attempt()
      attempt.rejectors = Filter.nodeAffinity.bit
      var summary = FailureSummary(classIndex: Int32(classIndex), nodeCount: Int32(nodeCount))
      summary.termsConflict = true
      summary.preemption = .notFound
      attempt.summary = summary
      return attempt
    }
    let plain = !configuration.scan && cache.pods[slot].pinnedNode == nil
    if plain, cache.pods[slot].nominatedNode < 0, cache.isIndexed(classIndex),
      let attempt = attemptByIndex(slot, classIndex, in: cluster, context)
    {
      return attempt
    }
    return attemptByScan(slot, classIndex, in: cluster, context)
  }

  /// The general path: every node in the search order through every filter.
  mutating func attemptByScan(
    _ slot: Int, _ classIndex: Int, in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> Attempt {
    if configuration.scan { cache.recount(classIndex) }
    cache.images.prepare(
      cache.classes[classIndex].images, nodes: cache.nodes,
      nodeCount: cache.nodeOrder.slots.count)
    let state = cycleState(slot, classIndex, in: cluster)
    var attempt = Attempt()
    let nominated = cache.pods[slot].nominatedNode
    if nominated >= 0,
      cache.filterWithNominations(slot, classIndex, on: Int(nominated), state, trial: Trial())
        .isFit
    {
      attempt.node = nominated
      attempt.foundBy = .nominatedNode
      attempt.examined = 1
      return attempt
    }
    search(slot, classIndex, state, examined: &attempt.examined)
    attempt.sleeps = cache.nodesSleptAt(classIndex)
    attempt.rejectors = cache.scratch.rejected.reduce(0) { $0 | $1.verdict.bit }
    let feasible = cache.scratch.feasible
    if context.counts { attempt.standing = SearchStanding(nodes: feasible) }
    if feasible.count == 1 {
      attempt.node = feasible[0]
      attempt.foundBy = .onlyFeasible
    } else if feasible.count > 1 {
      var totals = cache.totals(classIndex, feasible)
      cache.addGPUScores(classIndex, feasible, to: &totals)
      if context.counts { attempt.standing = SearchStanding(nodes: feasible, totals: totals) }
      attempt.node = choose(feasible, totals, for: slot, in: cluster, context)
    } else {
      fail(slot, classIndex, state, in: cluster, context, &attempt)
    }
    return attempt
  }

  /// What the filters need to know of the whole cluster.
  func cycleState(
    _ slot: Int, _ classIndex: Int, in cluster: borrowing ClusterState
  ) -> CycleState {
    var state = cache.cycleState(for: classIndex)
    if cache.classes[classIndex].localReplicas >= 0 {
      state.localReplicas = cache.localReplicasRule(slot, in: cluster)
    }
    return state
  }

  /// Looks for feasible nodes from the rotating start on and moves the start.
  mutating func search(
    _ slot: Int, _ classIndex: Int, _ state: CycleState, examined: inout Int
  ) {
    cache.scratch.feasible.removeAll(keepingCapacity: true)
    cache.scratch.rejected.removeAll(keepingCapacity: true)
    let all = cache.nodeOrder.slots
    let restricted = restrictedNodes(slot, classIndex)
    let nodes = restricted ?? all
    let sought = configuration.feasibleNodesSought(
      of: nodes.count, profile: Int(cache.classes[classIndex].profile))
    let offset = nodes.isEmpty ? 0 : start % nodes.count
    let isAlone = cache.nominated.isEmpty
    let nothing = Trial()
    for step in nodes.indices {
      var place = offset + step
      if place >= nodes.count { place -= nodes.count }
      let node = nodes[place]
      let verdict =
        isAlone
        ? cache.filter(classIndex, on: Int(node), state, trial: nothing)
        : cache.filterWithNominations(slot, classIndex, on: Int(node), state, trial: nothing)
      if !verdict.isFit {
        cache.scratch.rejected.append(Rejection(node: node, verdict: verdict))
      } else if cache.scratch.feasible.count < sought {
        cache.scratch.feasible.append(node)
      } else {
        break
      }
    }
    examined = cache.scratch.feasible.count + cache.scratch.rejected.count
    start = (start + examined) % all.count
    if restricted != nil {
      let verdict = Verdict(.leftOut, unresolvable: true)
      var isIn = [Bool](repeating: false, count: cache.rows.count)
      for node in nodes { isIn[Int(node)] = true }
      for node in all where !isIn[Int(node)] {
        cache.scratch.rejected.append(Rejection(node: node, verdict: verdict))
      }
    }
  }

  /// The nodes that required affinity on names, or a DaemonSet's pin, restricts the search to; nil
  /// if nothing does.
  private func restrictedNodes(_ slot: Int, _ classIndex: Int) -> [Int32]? {
    let placement = Int(cache.classes[classIndex].placement)
    let names = cache.placements[placement].names
    if let pin = cache.pods[slot].pinnedNode {
      guard cache.knows(pin), let node = cache.nodes[pin.index],
        names?.contains(node.name) ?? true
      else { return [] }
      return [Int32(pin.slot)]
    }
    guard names != nil else { return nil }
    return cache.nodeOrder.slots.filter {
      cache.placements[placement].ofNode[Int($0)].rejection != .leftOut
    }
  }

  /// One of the nodes with the best total, by the tie rule.
  func choose(
    _ nodes: [Int32], _ totals: [Int64], for slot: Int, in cluster: borrowing ClusterState,
    _ context: AttemptContext
  ) -> Int32 {
    switch configuration.tieRule {
    case .lowestName:
      var best = 0
      for place in nodes.indices.dropFirst() {
        let isBetter =
          totals[place] > totals[best]
          || totals[place] == totals[best]
            && cache.nodeOrder.rank[Int(nodes[place])] < cache.nodeOrder.rank[Int(nodes[best])]
        if isBetter { best = place }
      }
      return nodes[best]
    case .heapOrder:
      return nodes[HeapOrder.root(totals)]
    case .arbitrary:
      let most = totals.max() ?? 0
      let tied = nodes.indices.filter { totals[$0] == most }.map { nodes[$0] }
        .sorted { cache.nodeOrder.rank[Int($0)] < cache.nodeOrder.rank[Int($1)] }
      return tied[Int(tieBits(for: slot, in: cluster, context) % UInt64(tied.count))]
    }
  }

  /// The bits that decide among equals for a Pod.
  func tieBits(
    for slot: Int, in cluster: borrowing ClusterState, _ context: AttemptContext
  ) -> UInt64 {
    let identity = PodIdentity(cache.pods[slot].id, in: cluster)
    return context.choices.bits(
      purpose: ChoicePurpose.tie.rawValue, subject: identity.subject, number: identity.attempt)
  }
}

/// Which element Go's `container/heap` has at its root after `Init`, where the largest wins.
enum HeapOrder {
  /// > Source: kube-scheduler v1.36 (S): strict comparison, the left child first among equals.
  static func root(_ totals: [Int64]) -> Int {
    var order = Array(totals.indices)
    var top = order.count / 2 - 1
    while top >= 0 {
      var place = top
      while true {
        var child = 2 * place + 1
        if child >= order.count { break }
        if child + 1 < order.count, totals[order[child + 1]] > totals[order[child]] { child += 1 }
        if totals[order[child]] <= totals[order[place]] { break }
        order.swapAt(place, child)
        place = child
      }
      top -= 1
    }
    return order[0]
  }

  /// Whether the element at one position wins over an equal one at another.
  ///
  /// A subtree's root keeps its place unless a child's is larger, and the left child goes first; so
  /// of several largest elements the first in the tree's preorder wins.
  static func precedes(_ a: Int, _ b: Int) -> Bool { preorder(a) < preorder(b) }

  /// The leftmost leaf below a position, were the tree 48 levels deep, and the position's level.
  private static func preorder(_ position: Int) -> UInt64 {
    let number = UInt64(position + 1)
    let level = 63 - number.leadingZeroBitCount
    return (number << UInt64(48 - level)) << 6 | UInt64(level)
  }
}

/// What the scheduler chooses at random where the original does.
enum ChoicePurpose: UInt32 {
  case tie = 1
  case preemptionStart = 2
  case gpuNode = 3
  case gpuDevice = 4
}

/// A Pod's identity in the demand, the same under every policy.
struct PodIdentity {
  /// The workload and the Pod's place in it, or the Pod's own name.
  let subject: UInt64
  /// How many Pods held the place before.
  let attempt: UInt32

  init(_ id: PodID, in cluster: borrowing ClusterState) {
    guard let pod = cluster.pod(id) else {
      subject = 0
      attempt = 0
      return
    }
    attempt = UInt32(bitPattern: pod.attempt)
    if let owner = pod.owner, let workload = cluster.workload(cluster.rootWorkload(of: owner)) {
      let name = Self.hash("\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)")
      subject = (name ^ UInt64(UInt32(bitPattern: pod.ordinal))) &* 0x100_0000_01B3
    } else {
      subject = Self.hash(cluster.qualifiedName(of: pod))
    }
  }

  /// > Source: FNV-1a, 64 bits (Fowler, Noll & Vo).
  private static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
