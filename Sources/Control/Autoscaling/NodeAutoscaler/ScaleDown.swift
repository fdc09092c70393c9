import ClusterModel
import Quantities

/// A node that isn't needed, and since when.
struct UnneededNode: Sendable {
  var node: NodeID
  var since: Instant
  /// Pods that must find room elsewhere.
  var moves: [PodID]
}

/// A node that couldn't be removed, and when it is looked at again.
struct UnremovableNode: Sendable {
  var node: NodeID
  var until: Instant
}

extension ClusterAutoscaler {
  /// Finds nodes that aren't needed and begins to delete those that haven't been for long enough.
  mutating func scaleDown(
    _ loop: inout ScanLoop, _ cluster: borrowing ClusterState, into out: inout CommandBuffer
  ) {
    let candidates = candidates(cluster, loop)
    var utilizations: [(node: NodeID, value: Double)] = []
    findUnneeded(candidates, cluster, &loop, &utilizations)
    if isInCooldown(loop) {
      report.scaleDown = .inCooldown
    } else if candidates.isEmpty {
      report.scaleDown = .noCandidates
    } else {
      let (empty, occupied) = removable(cluster, loop, utilizations)
      startDeletions(empty, occupied, cluster, at: loop.now, into: &out)
      report.scaleDown = report.removing.isEmpty ? .noNodeDeleted : .nodeDeleteStarted
    }
  }

  private func isInCooldown(_ loop: ScanLoop) -> Bool {
    func lasts(_ since: Instant?, _ delay: TimeSpan) -> Bool {
      since.map { loop.now < $0 + delay } ?? false
    }
    return loop.hasGrown || loop.isGathering || lasts(lastAdd, configuration.delayAfterAdd)
      || lasts(lastDelete, configuration.delayAfterDelete)
      || lasts(lastFailure, configuration.delayAfterFailure)
  }

  /// Nodes of groups above their least size: empty ones first, then those unneeded before.
  private func candidates(_ cluster: borrowing ClusterState, _ loop: ScanLoop) -> [NodeID] {
    var ranked: [(rank: Int, node: NodeID)] = []
    for supposed in loop.destinations {
      guard let id = cluster.nodeID(slot: supposed.index), let node = cluster.node(id),
        let group = node.group?.place
      else { continue }
      let pending = report.resizes.first { $0.group.place == group && loop.hasGrown }?.to
      let size = pending ?? cluster.nodeGroups[group].targetSize
      guard size > cluster.nodeGroups[group].minSize else { continue }
      let before = unneeded.firstIndex { $0.node == id }
      let rank = isEmpty(supposed, cluster, loop) ? -1 : before ?? unneeded.count
      ranked.append((rank, id))
    }
    return ranked.enumerated().sorted {
      $0.element.rank != $1.element.rank
        ? $0.element.rank < $1.element.rank : $0.offset < $1.offset
    }.map(\.element.node)
  }

  private func isEmpty(
    _ node: SupposedNode, _ cluster: borrowing ClusterState, _ loop: ScanLoop
  ) -> Bool {
    guard loop.guests(on: node).isEmpty else { return false }
    for id in oracle.pods(on: node) {
      guard let pod = cluster.pod(id) else { continue }
      if !pod.flags.contains(.mirror) && !Self.isDaemon(pod, cluster) { return false }
    }
    return true
  }

  /// Tries to do without each candidate in turn; moves that work stay supposed for the next ones.
  ///
  /// How much of a node is used is judged for all of them before anything moves (S).
  private mutating func findUnneeded(
    _ candidates: [NodeID], _ cluster: borrowing ClusterState, _ loop: inout ScanLoop,
    _ utilizations: inout [(node: NodeID, value: Double)]
  ) {
    unremovable.removeAll { $0.until <= loop.now || cluster.node($0.node) == nil }
    for id in candidates {
      if let used = eligible(id, cluster) { utilizations.append((id, used)) }
    }
    var budgets = BudgetTracker(cluster.disruptionBudgets)
    var found: [UnneededNode] = []
    let limit = unneededLimit()
    for (id, used) in utilizations {
      if found.count >= limit { break }
      if let moves = tryWithout(id, cluster, &loop, &budgets, utilization: used) {
        let since = unneeded.first { $0.node == id }?.since ?? loop.now
        found.append(UnneededNode(node: id, since: since, moves: moves))
      } else {
        unremovable.append(
          UnremovableNode(node: id, until: loop.now + configuration.unremovableRecheck))
      }
    }
    unneeded = found
    report.unneeded = found.map(\.node)
  }

  /// How much of a node is used; nil if it needn't be tried to do without it.
  private mutating func eligible(
    _ id: NodeID, _ cluster: borrowing ClusterState
  ) -> Double? {
    guard let node = cluster.node(id) else { return nil }
    if unremovable.contains(where: { $0.node == id }) {
      keep(id, .recentlyUnremovable)
      return nil
    }
    if deletions.contains(where: { $0.node == id }) {
      keep(id, .currentlyBeingDeleted)
      return nil
    }
    if node.annotations[Self.scaleDownDisabled] == "true" {
      keep(id, .scaleDownDisabled)
      return nil
    }
    let used = utilization(of: id, node, cluster)
    if used > configuration.utilizationThreshold {
      keep(id, .notUnderutilized, utilization: used)
      return nil
    }
    return used
  }

  private static let scaleDownDisabled = "cluster-autoscaler.kubernetes.io/scale-down-disabled"

  /// More unneeded nodes than can be deleted until their time has come needn't be known (S).
  private func unneededLimit() -> Int {
    let parallel = configuration.maxParallelDeletions
    let loops = Int(
      configuration.unneededTime.nanoseconds / max(1, configuration.scanInterval.nanoseconds))
    return min(unneeded.count + 2 * parallel, parallel * (loops + 1) + parallel)
  }

  private mutating func keep(
    _ node: NodeID, _ reason: NodeAutoscalerReport.Unremovable,
    blocking: (pod: PodID, reason: NodeAutoscalerReport.Blocking)? = nil,
    utilization: Double? = nil
  ) {
    report.kept.append(
      NodeAutoscalerReport.Kept(
        node: node, reason: reason, blocking: blocking, utilization: utilization))
  }

  /// How much of a node is requested: the larger of CPU and memory; of a node with GPUs, the GPUs.
  ///
  /// Where DaemonSets' Pods don't count, what they request isn't counted as offered either (S).
  private func utilization(
    of id: NodeID, _ node: Node, _ cluster: borrowing ClusterState
  ) -> Double {
    let supposed = SupposedNode(slot: id.index)
    let gpus = node.allocatable[scalar: "nvidia.com/gpu"] ?? 0
    var daemonCPU: Int64 = 0
    var daemonMemory: Int64 = 0
    var usedGPUs: Int64 = 0
    if gpus > 0 || configuration.ignoresDaemonSetUtilization {
      for pod in oracle.pods(on: supposed) {
        guard let pod = cluster.pod(pod) else { continue }
        let requests = cluster.templates[Int(pod.template.index)].requests
        usedGPUs += requests[scalar: "nvidia.com/gpu"] ?? 0
        if configuration.ignoresDaemonSetUtilization, Self.isDaemon(pod, cluster) {
          daemonCPU += requests.cpu
          daemonMemory += requests.memory
        }
      }
    }
    if gpus > 0 { return Double(usedGPUs) / Double(gpus) }
    let requested = oracle.requested(on: supposed)
    func share(_ used: Int64, of all: Int64) -> Double {
      all > 0 ? Double(used) / Double(all) : 0
    }
    return max(
      share(requested.cpu - daemonCPU, of: node.allocatable.cpu - daemonCPU),
      share(requested.memory - daemonMemory, of: node.allocatable.memory - daemonMemory))
  }

  /// Supposes that a node is gone.
  /// - Returns: the Pods that moved; nil, and nothing supposed, if one can't.
  private mutating func tryWithout(
    _ id: NodeID, _ cluster: borrowing ClusterState, _ loop: inout ScanLoop,
    _ budgets: inout BudgetTracker, utilization: Double
  ) -> [PodID]? {
    let node = SupposedNode(slot: id.index)
    let guests = loop.guests(on: node)
    var moves: [PodID] = []
    for pod in oracle.pods(on: node) + guests {
      guard let record = cluster.pod(pod) else { continue }
      switch drainability(of: record, cluster, budgets, at: loop.now) {
      case .skipped: break
      case .moves: moves.append(pod)
      case .blocks(let reason):
        keep(id, .blockedByPod, blocking: (pod, reason), utilization: utilization)
        return nil
      }
    }
    let mark = oracle.mark
    let others = loop.destinations.filter { $0 != node }
    var seats: [(pod: PodID, node: SupposedNode)] = []
    for pod in moves {
      guard let record = cluster.pod(pod) else { continue }
      let shape = PodShape(record)
      if guests.contains(pod) {
        oracle.withdraw(shape, from: node, times: 1, in: cluster)
      } else {
        oracle.takeAway(pod)
      }
      let answer = oracle.fill(PodDemand(shape: shape, count: 1), on: others, in: cluster)
      guard let seat = answer.first else {
        oracle.rollback(to: mark)
        keep(id, .noPlaceToMovePods, utilization: utilization)
        return nil
      }
      seats.append((pod, seat.node))
    }
    if !guests.isEmpty { loop.guests[node.index].removeAll() }
    for seat in seats { loop.seat(seat.pod, on: seat.node) }
    loop.destinations.removeAll { $0 == node }
    for pod in moves {
      if let record = cluster.pod(pod) {
        budgets.use(cluster.templates[Int(record.template.index)])
      }
    }
    return moves
  }

  /// Unneeded nodes whose time has come, empty ones and those with Pods apart, within the least
  /// sizes of groups and cluster.
  private mutating func removable(
    _ cluster: borrowing ClusterState, _ loop: ScanLoop,
    _ utilizations: [(node: NodeID, value: Double)]
  ) -> (empty: [UnneededNode], occupied: [UnneededNode]) {
    var sizes = cluster.nodeGroups.map(\.targetSize)
    for deletion in deletions where !deletion.isGone { sizes[deletion.group.place] -= 1 }
    var left = resources(cluster, loop.templates)
    var empty: [UnneededNode] = []
    var occupied: [UnneededNode] = []
    let order = unneeded.filter { $0.moves.isEmpty } + unneeded.filter { !$0.moves.isEmpty }
    for candidate in order {
      guard let node = cluster.node(candidate.node), let group = node.group else { continue }
      let used = utilizations.first { $0.node == candidate.node }?.value
      let wait = node.isReady ? configuration.unneededTime : configuration.unreadyTime
      if loop.now <= candidate.since + wait {
        keep(
          candidate.node, node.isReady ? .notUnneededLongEnough : .notUnreadyLongEnough,
          utilization: used)
        continue
      }
      if sizes[group.place] <= cluster.nodeGroups[group.place].minSize {
        keep(candidate.node, .nodeGroupMinSizeReached, utilization: used)
        continue
      }
      let capacity = node.capacity ?? node.allocatable
      let cores = (capacity.cpu + 999) / 1000
      if left.cores - cores < configuration.cores.lowerBound
        || left.memory - capacity.memory < configuration.memory.lowerBound
      {
        keep(candidate.node, .minimalResourceLimitExceeded, utilization: used)
        continue
      }
      sizes[group.place] -= 1
      left.cores -= cores
      left.memory -= capacity.memory
      if candidate.moves.isEmpty { empty.append(candidate) } else { occupied.append(candidate) }
    }
    return (empty, occupied)
  }
}
