import ClusterModel
import Quantities

/// What a fresh node of a group looks like.
struct GroupTemplate: Sendable {
  var node: Node
  /// The DaemonSets' Pods that it brings with it.
  var running: [PodDemand]
  /// What they request.
  var overheadCPU: Int64
  var overheadMemory: Int64
  /// Whether it was made from a node of the group rather than from what the cloud says.
  var isFromNode: Bool

  var capacity: Resources { node.capacity ?? node.allocatable }
}

extension ClusterAutoscaler {
  /// The template of every group: a ready node of it without its Pods, else what the cloud says.
  mutating func templates(_ cluster: borrowing ClusterState) -> [GroupTemplate] {
    var models = [NodeID?](repeating: nil, count: cluster.nodeGroups.count)
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id),
        let group = node.group?.place, models[group] == nil, node.isReady, !node.isUnschedulable,
        !node.taints.contains(.toBeDeleted)
      else { continue }
      models[group] = id
    }
    var made: [GroupTemplate] = []
    for place in cluster.nodeGroups.indices {
      made.append(template(of: place, like: models[place], cluster))
    }
    return made
  }

  private mutating func template(
    of place: Int, like model: NodeID?, _ cluster: borrowing ClusterState
  ) -> GroupTemplate {
    var node = cluster.nodeGroups[place].template
    var running: [PodDemand] = []
    if let model, let real = cluster.node(model) {
      node = real
      node.taints.removeAll { $0.key.hasPrefix("node.kubernetes.io/") }
      for pod in oracle.pods(on: SupposedNode(slot: model.index)) {
        guard let pod = cluster.pod(pod),
          pod.flags.contains(.mirror) || Self.isDaemon(pod, cluster)
        else { continue }
        running.append(PodDemand(shape: PodShape(pod), count: 1))
      }
    }
    node.name = "template-\(cluster.nodeGroups[place].name)"
    node.labels["kubernetes.io/hostname"] = node.name
    node.readiness = .ready
    if model == nil { running = daemons(for: node, cluster) }
    var template = GroupTemplate(
      node: node, running: running, overheadCPU: 0, overheadMemory: 0, isFromNode: model != nil)
    for demand in running {
      let footprint = cluster.footprints[Int(demand.shape.template.index)]
      template.overheadCPU += footprint.cpu * Int64(demand.count)
      template.overheadMemory += footprint.memory * Int64(demand.count)
    }
    return template
  }

  /// The Pods of DaemonSets that run on a fresh node.
  private mutating func daemons(
    for node: Node, _ cluster: borrowing ClusterState
  ) -> [PodDemand] {
    let mark = oracle.mark
    let supposed = oracle.add(node)
    var running: [PodDemand] = []
    for slot in 0..<cluster.workloadSlotCount {
      guard let workload = cluster.workload(slot: slot), workload.kind == .daemonSet else {
        continue
      }
      let shape = PodShape(template: workload.template, owner: workload.id)
      guard oracle.refusals(shape, on: supposed, in: cluster).isEmpty else { continue }
      running.append(PodDemand(shape: shape, count: 1))
    }
    oracle.rollback(to: mark)
    return running
  }

  /// Whether a DaemonSet asked for a Pod.
  static func isDaemon(_ pod: Pod, _ cluster: borrowing ClusterState) -> Bool {
    pod.owner.flatMap { cluster.workload($0)?.kind } == .daemonSet
  }
}
