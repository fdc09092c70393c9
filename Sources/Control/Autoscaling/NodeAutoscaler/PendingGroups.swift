import ClusterModel
import Quantities

/// Pods that are alike for the scheduler and wait together.
struct PendingGroup: Sendable {
  var shape: PodShape
  var priority: Int32
  var pods: [PodID]
  /// Groups whose fresh node takes them, and those whose doesn't.
  var takenBy: [Int] = []
  var rejectedBy: [Int] = []
}

extension ClusterAutoscaler {
  /// How many groups the Pods of one workload form at most; further Pods stand alone (S).
  private static let mostGroupsPerWorkload = 10

  /// Waiting Pods that fit on no node, not even on one that is coming; the others are put there.
  mutating func unhelped(
    _ cluster: borrowing ClusterState, _ loop: inout ScanLoop
  ) -> [PendingGroup] {
    var groups = waiting(cluster, &loop)
    for place in groups.indices {
      let demand = PodDemand(shape: groups[place].shape, count: groups[place].pods.count)
      var next = 0
      for placed in oracle.fill(demand, on: loop.nodes, in: cluster) {
        for _ in 0..<placed.count {
          loop.seat(groups[place].pods[next], on: placed.node)
          next += 1
        }
      }
      groups[place].pods.removeFirst(next)
      groups[place].pods.removeAll { id in
        guard let pod = cluster.pod(id) else { return true }
        return loop.now - pod.created <= configuration.newPodScaleUpDelay
      }
    }
    groups.removeAll { $0.pods.isEmpty }
    return groups
  }

  /// Unschedulable Pods in groups, the highest priority first. Those that wait for the victims of a
  /// preemption are put where they will run.
  private mutating func waiting(
    _ cluster: borrowing ClusterState, _ loop: inout ScanLoop
  ) -> [PendingGroup] {
    var groups: [PendingGroup] = []
    var numbers: [PodShape: Int] = [:]  // name look-up
    var perWorkload = [Int](repeating: 0, count: cluster.workloadSlotCount)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.isUnbound, !pod.isTerminating,
        pod.flags.contains(.unschedulable)
      else { continue }
      let priority = cluster.templates[Int(pod.template.index)].priority
      if priority < configuration.expendableBelow || Self.isDaemon(pod, cluster) { continue }
      let shape = PodShape(pod)
      if let node = pod.nominatedNode, cluster.node(node) != nil {
        let supposed = SupposedNode(slot: node.index)
        oracle.place(shape, on: supposed, times: 1, in: cluster)
        loop.seat(pod.id, on: supposed)
        continue
      }
      if pod.owner != nil, let known = numbers[shape] {
        groups[known].pods.append(pod.id)
        continue
      }
      if let owner = pod.owner, perWorkload[owner.index] < Self.mostGroupsPerWorkload {
        perWorkload[owner.index] += 1
        numbers[shape] = groups.count
      }
      groups.append(PendingGroup(shape: shape, priority: priority, pods: [pod.id]))
    }
    // The place decides among equals, as sorting alone needn't.
    return groups.enumerated().sorted {
      $0.element.priority != $1.element.priority
        ? $0.element.priority > $1.element.priority : $0.offset < $1.offset
    }.map(\.element)
  }
}
