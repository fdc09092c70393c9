import ClusterModel

/// What the scheduler's filters would say if some nodes were added and some Pods moved.
///
/// It has its own cursor in the change log and its own columns, into which made-up nodes are written
/// behind the real ones; everything supposed is noted and taken back, so nothing is ever copied. It
/// shares the filters with ``Scheduler``, not its queue nor its assumed Pods, and doesn't look at GPU
/// sharing by device; one that comes with an ``ExplainedAttempt`` has these as well.
public struct Supposition: Sendable {
  private enum Step: BitwiseCopyable {
    case counted(classIndex: Int32, node: Int32, times: Int32)
    case tookAway(pod: Int32, node: Int32)
    case added(node: Int32)
  }

  var cache: SchedulerCache
  private var cursor = 0
  private var hasSynced = false
  private var steps: [Step] = []
  private var firstFreeNode = 0

  /// Nothing is known yet.
  /// - Parameter profiles: the scheduler's; Pods are judged by the one that schedules them.
  public init(profiles: [SchedulerProfile] = [SchedulerProfile()]) {
    cache = SchedulerCache(profiles: profiles)
  }

  /// Takes everything back and follows the cluster up to a watch position.
  public mutating func begin(_ cluster: borrowing ClusterState, upTo position: Int) {
    rollback(to: 0)
    let changes = hasSynced ? cluster.changes(since: cursor, upTo: position) : nil
    if let changes {
      var nodes: [UInt32] = []
      for change in changes {
        if change.fields.contains(.node) { nodes.append(change.slot) }
        if change.fields.contains(.policy) { cache.adoptPolicies(of: cluster) }
      }
      nodes.sort()
      for slot in nodes { _ = cache.observeNode(Int(slot), in: cluster) }
      for change in changes where change.fields.contains(.pod) {
        cache.observePod(Int(change.slot), in: cluster) { _ in }
      }
    } else {
      cache.adoptPolicies(of: cluster)
      for slot in 0..<cluster.nodeSlotCount { _ = cache.observeNode(slot, in: cluster) }
      for slot in 0..<cluster.podSlotCount { cache.observePod(slot, in: cluster) { _ in } }
      hasSynced = true
    }
    cursor = max(cursor, position)
    firstFreeNode = cluster.nodeSlotCount
    cache.refreshOrder()
  }

  // MARK: Supposing

  /// How many steps have been supposed; ``rollback(to:)`` takes back those after a mark.
  public var mark: Int { steps.count }

  /// Takes back what was supposed after a mark, the last first.
  public mutating func rollback(to mark: Int) {
    while steps.count > mark, let step = steps.popLast() {
      switch step {
      case .counted(let classIndex, let node, let times):
        cache.count(Int(classIndex), on: Int(node), times: -times)
        if cache.hasOutOfTreePlugins { cache.supposedMembers.removeLast() }
      case .tookAway(let pod, let node): cache.place(Int(pod), on: Int(node))
      case .added(let node):
        cache.forgetSupposed(Int(node))
        firstFreeNode -= 1
      }
    }
  }

  /// Adds a made-up node.
  public mutating func add(_ node: Node) -> SupposedNode {
    let slot = firstFreeNode
    firstFreeNode += 1
    cache.growNodes(to: slot + 1)
    cache.suppose(node, at: slot)
    steps.append(.added(node: Int32(slot)))
    return SupposedNode(slot: slot)
  }

  /// Puts Pods on a node without asking whether they fit.
  public mutating func place(
    _ shape: PodShape, on node: SupposedNode, times: Int, in cluster: borrowing ClusterState
  ) {
    guard times > 0 else { return }
    let classIndex = cache.classIndex(of: shape, in: cluster)
    place(Int(classIndex), on: node.index, times: times)
  }

  /// Takes back Pods that were put on a node in this supposition.
  public mutating func withdraw(
    _ shape: PodShape, from node: SupposedNode, times: Int, in cluster: borrowing ClusterState
  ) {
    guard times > 0 else { return }
    let classIndex = cache.classIndex(of: shape, in: cluster)
    place(Int(classIndex), on: node.index, times: -times)
  }

  mutating func place(_ classIndex: Int, on node: Int, times: Int) {
    cache.count(classIndex, on: node, times: Int32(clamping: times))
    if cache.hasOutOfTreePlugins {
      cache.supposedMembers.append(
        SupposedMembers(
          classIndex: Int32(classIndex), node: Int32(node), times: Int32(clamping: times)))
    }
    steps.append(
      .counted(
        classIndex: Int32(classIndex), node: Int32(node), times: Int32(clamping: times)))
  }

  /// Takes a Pod off its node; nothing happens if it is on none.
  public mutating func takeAway(_ pod: PodID) {
    guard pod.index < cache.pods.count, cache.pods[pod.index].exists,
      cache.pods[pod.index].id == pod, cache.pods[pod.index].node >= 0
    else { return }
    steps.append(.tookAway(pod: Int32(pod.slot), node: cache.pods[pod.index].node))
    cache.unplace(pod.index)
  }

  /// Takes every Pod below a priority off its node.
  public mutating func takeAwayAll(below priority: Int32) {
    guard let lowest = cache.priorities.lowest, lowest < priority else { return }
    for slot in cache.pods.indices where cache.pods[slot].exists && cache.pods[slot].node >= 0 {
      guard cache.footprints[Int(cache.pods[slot].classIndex)].priority < priority else { continue }
      steps.append(.tookAway(pod: Int32(slot), node: cache.pods[slot].node))
      cache.unplace(slot)
    }
  }

  // MARK: Asking

  /// The Pods on a node by the cluster's record, without those taken away, in the order of slots.
  public func pods(on node: SupposedNode) -> [PodID] {
    var found: [PodID] = []
    guard node.index < cache.firstPod.count else { return [] }
    var slot = cache.firstPod[node.index]
    while slot >= 0 {
      found.append(cache.pods[Int(slot)].id)
      slot = cache.pods[Int(slot)].next
    }
    return found.sorted { $0.slot < $1.slot }
  }

  /// What the Pods on a node request, supposed ones included: thousandths of a core and bytes.
  public func requested(on node: SupposedNode) -> (cpu: Int64, memory: Int64) {
    (cache.rows[node.index].requestedCPU, cache.rows[node.index].requestedMemory)
  }

  /// Why a Pod wouldn't be put on a node; empty if it would.
  public mutating func refusals(
    _ shape: PodShape, on node: SupposedNode, in cluster: borrowing ClusterState
  ) -> [String] {
    let classIndex = Int(cache.classIndex(of: shape, in: cluster))
    let verdict = cache.filter(
      classIndex, on: node.index, filterState(classIndex), trial: Trial())
    return verdict.isFit ? [] : cache.reasons(verdict, of: classIndex)
  }

  /// What the filters need to know of the whole cluster; nothing where each node decides alone.
  mutating func filterState(_ classIndex: Int) -> CycleState {
    if cache.filtersLocally(classIndex) { return CycleState() }
    cache.refreshOrder()
    return cache.cycleState(for: classIndex)
  }

  /// Puts Pods of a shape one after the other on the first node of a list that takes each, up to a
  /// number, until one fits nowhere.
  public mutating func fill(
    _ demand: PodDemand, on nodes: [SupposedNode], in cluster: borrowing ClusterState
  ) -> [PlacedPods] {
    let classIndex = Int(cache.classIndex(of: demand.shape, in: cluster))
    var left = demand.count
    var placed: [PlacedPods] = []
    if cache.filtersLocally(classIndex), !cache.hasOutOfTreeFilters(classIndex) {
      let placement = Int(cache.classes[classIndex].placement)
      for node in nodes where left > 0 {
        guard cache.placements[placement].ofNode[node.index].rejection == .none else { continue }
        let count = min(left, cache.room(for: classIndex, on: node.index))
        guard count > 0 else { continue }
        place(classIndex, on: node.index, times: count)
        left -= count
        placed.append(PlacedPods(node: node, count: count))
      }
      return placed
    }
    while left > 0 {
      let state = filterState(classIndex)
      let trial = Trial()
      guard
        let node = nodes.first(where: {
          cache.filter(classIndex, on: $0.index, state, trial: trial).isFit
        })
      else { break }
      place(classIndex, on: node.index, times: 1)
      left -= 1
      if placed.last?.node == node {
        placed[placed.count - 1].count += 1
      } else {
        placed.append(PlacedPods(node: node, count: 1))
      }
    }
    return placed
  }
}
