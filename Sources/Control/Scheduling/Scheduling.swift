import ClusterModel
import Quantities
public struct SchedulerCost: Sendable { public var cycle: TimeSpan; public init(cycle: TimeSpan) { self.cycle = cycle } }
public struct SchedulerConfiguration: Sendable {
  public enum Behaviour: Sendable { case v1_36, tke1_20 }
  public enum Ties: Sendable { case lowestName, heapOrder, random }
  public var ties = Ties.lowestName
  public var percentageOfNodesToScore = 0
  public var cost = SchedulerCost(cycle: .zero)
  public init(behaviour: Behaviour) {}
}
public struct Scheduler: Controller {
  var cursor = -1
  var queue: [PodID] = []
  var used: [Int64] = []
  let configuration: SchedulerConfiguration
  public init(configuration: SchedulerConfiguration) { self.configuration = configuration }
  public func lastMessage(for pod: PodID) -> String? { nil }
  public mutating func reconcile(_ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer) -> Instant? {
    while used.count < cluster.nodeSlotCount { used.append(0) }
    if let changes = cluster.changes(since: cursor, upTo: pass.position) {
      for c in changes where c.fields.contains(.pod) {
        if c.fields.contains(.created) || c.fields.contains(.spec) { if let p = cluster.pod(c.pod), p.isUnbound { queue.append(c.pod) } }
      }
    } else {
      for s in 0..<cluster.podSlotCount { if let p = cluster.pod(slot: s) { if p.isUnbound { queue.append(p.id) } else if let n = p.node { used[n.index] += cluster.footprints[Int(p.template.index)].cpu } } }
    }
    cursor = pass.position
    guard !queue.isEmpty else { return nil }
    let id = queue.removeFirst()
    if let pod = cluster.pod(id), pod.isUnbound {
      let t = cluster.template(of: pod)
      var chosen: NodeID?
      for s in 0..<cluster.nodeSlotCount { if let n = cluster.nodeID(slot: s), let node = cluster.node(n) {
        if node.taints.contains(where: { x in !t.tolerations.contains { $0.tolerates(x) } }) { continue }
        if used[s] + t.requests.cpu <= node.allocatable.cpu { chosen = n; break } } }
      out.report(SchedulingAttempt(pod: id, start: .zero, end: configuration.cost.cycle, node: chosen))
      out.busy = configuration.cost.cycle
      if let chosen { used[chosen.index] += t.requests.cpu; out.issue(.bind(id, chosen), after: configuration.cost.cycle) } else { out.issue(.markUnschedulable(id), after: configuration.cost.cycle) }
    }
    return queue.isEmpty ? nil : pass.now
  }
}
