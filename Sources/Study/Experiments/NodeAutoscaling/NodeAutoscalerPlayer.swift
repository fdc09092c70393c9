import Autoscaling
import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import Scheduling

/// Plays a case: the world around the autoscaler, as the vectors' notes describe it.
final class NodeAutoscalerPlayer {
  private struct Coming {
    var group: NodeGroupID
    var number: Int32
    var node: NodeID?
    var registers: Instant
    var readies: Instant
  }

  private let vector: NodeAutoscalerVector
  private let read: NodeAutoscalerConformance.ObjectReader
  private(set) var cluster = ClusterState()
  private(set) var autoscaler: ClusterAutoscaler
  private(set) var evicted: [String] = []
  private(set) var deletedNodes: [String] = []
  /// The last loop's decisions; the autoscaler's own report, with names that outlive objects.
  private(set) var names = ReportedNames()
  private var coming: [Coming] = []
  private var nodes: [String: NodeID] = [:]
  private var pods: [String: PodID] = [:]
  private var workloads: [String: WorkloadID] = [:]
  private var templates: [PodTemplate: TemplateID] = [:]
  private var budgets: [PodDisruptionBudget] = []

  init(
    _ vector: NodeAutoscalerVector, _ configuration: NodeAutoscalerConfiguration,
    read: @escaping NodeAutoscalerConformance.ObjectReader
  ) throws {
    self.vector = vector
    self.read = read
    autoscaler = ClusterAutoscaler(configuration: configuration, oracle: Supposition())
    for group in vector.groups {
      var object = group.node
      var metadata = object["metadata"] as? [String: Any] ?? [:]
      metadata["name"] = group.name
      object["metadata"] = metadata
      guard let node = try objects([object]).nodes.first else { continue }
      let price = node.labels["node.kubernetes.io/instance-type"].flatMap {
        vector.hourlyPrice(ofType: $0)
      }
      cluster.addNodeGroup(
        NodeGroup(
          name: group.name, minSize: group.minSize, maxSize: group.maxSize, template: node,
          hourlyPrice: price))
    }
  }

  private func objects(_ list: [[String: Any]]) throws -> ClusterObjects {
    let whole: [String: Any] = ["apiVersion": "v1", "kind": "List", "items": list]
    let data = try JSONSerialization.data(withJSONObject: whole)
    return try read(String(decoding: data, as: UTF8.self), vector.start)
  }

  // MARK: A step

  func play(_ step: NodeAutoscalerVector.Step) throws {
    bringUp(by: step.time)
    for reference in step.delete { delete(reference) }
    try apply(step.set, at: step.time)
    evicted = []
    deletedNodes = []
    var now = step.time
    let end = step.time + .seconds(9)
    var outcomes: [CommandOutcome] = []
    names = ReportedNames()
    while true {
      var out = CommandBuffer()
      let pass = ControllerPass(now: now, position: cluster.logEnd, outcomes: outcomes)
      let next = autoscaler.reconcile(cluster, in: pass, into: &out)
      if names.isEmpty || now == step.time {
        names = ReportedNames(autoscaler.report, cluster)
      }
      outcomes = out.commands.map { issued in
        CommandOutcome(
          ticket: issued.ticket, command: issued.command,
          result: perform(issued.command, at: now))
      }
      if !outcomes.isEmpty { continue }
      guard let next, next <= end else { break }
      now = next
    }
  }

  private func bringUp(by now: Instant) {
    for place in coming.indices where coming[place].registers <= now {
      let group = coming[place].group
      if coming[place].node == nil {
        var node = cluster.nodeGroups[group.place].template
        node.name = "\(vector.groups[group.place].name)-new-\(coming[place].number)"
        node.labels["kubernetes.io/hostname"] = node.name
        node.created = coming[place].registers
        node.group = group
        node.readiness = .notReady
        node.taints.append(Taint(key: "node.kubernetes.io/not-ready", effect: .noSchedule))
        let id = cluster.addNode(node)
        nodes[node.name] = id
        cluster.register(numbers[group.place][Int(coming[place].number)], of: group, as: id)
        coming[place].node = id
      }
      guard coming[place].readies <= now, let id = coming[place].node, var node = cluster.node(id),
        !node.isReady
      else { continue }
      node.readiness = .ready
      node.taints.removeAll { $0.key == "node.kubernetes.io/not-ready" }
      cluster.updateNode(id, [.ready, .taints], to: node)
    }
  }

  /// By group: the cluster's numbers of the instances that scale-ups made.
  private lazy var numbers = [[Int32]](repeating: [], count: vector.groups.count)

  private func delete(_ reference: [String: Any]) {
    let key = Self.key(reference)
    switch reference["kind"] as? String {
    case "Pod": if let id = pods.removeValue(forKey: key) { cluster.deletePod(id) }
    case "Node":
      if let id = nodes.removeValue(forKey: reference["name"] as? String ?? "") {
        cluster.removeNode(id)
      }
    default: break
    }
  }

  private static func key(_ object: [String: Any]) -> String {
    "\(object["namespace"] as? String ?? "default")/\(object["name"] as? String ?? "")"
  }

  private func intern(_ template: PodTemplate) -> TemplateID {
    if let known = templates[template] { return known }
    let made = cluster.addTemplate(template)
    templates[template] = made
    return made
  }

  private func apply(_ list: [[String: Any]], at now: Instant) throws {
    guard !list.isEmpty else { return }
    let read = try objects(list)
    for object in read.workloads {
      let key = "\(object.kind.rawValue)/\(object.namespace)/\(object.name)"
      if let known = workloads[key] {
        cluster.setDesired(known, object.replicas)
      } else {
        workloads[key] = cluster.addWorkload(
          object, template: intern(object.template), owner: nil, at: now)
      }
    }
    for budget in read.disruptionBudgets {
      budgets.removeAll { $0.namespace == budget.namespace && $0.name == budget.name }
      budgets.append(budget)
    }
    if !read.disruptionBudgets.isEmpty { cluster.setDisruptionBudgets(budgets) }
    for node in read.nodes { set(node, in: list, at: now) }
    for pod in read.pods { set(pod) }
  }

  private func set(_ node: Node, in list: [[String: Any]], at now: Instant) {
    var node = node
    let object = list.first {
      ($0["metadata"] as? [String: Any])?["name"] as? String == node.name
        && $0["kind"] as? String == "Node"
    }
    let provider = (object?["spec"] as? [String: Any])?["providerID"] as? String ?? ""
    let name = provider.split(separator: "/").dropFirst().first.map(String.init)
    node.group = vector.groups.firstIndex { $0.name == name }.map { NodeGroupID(index: $0) }
    if let known = nodes[node.name] {
      cluster.updateNode(known, [.labels, .taints, .allocatable, .ready], to: node)
      return
    }
    let id = cluster.addNode(node)
    nodes[node.name] = id
    guard let group = node.group else { return }
    cluster.addInstance(group, at: now, node: id)
    cluster.setTargetSize(group, cluster.nodeGroups[group.place].targetSize + 1)
  }

  private func set(_ object: PodObject) {
    let key = "\(object.template.namespace)/\(object.name)"
    if let known = pods[key] { cluster.deletePod(known) }
    let owner = object.owner.flatMap {
      workloads["\($0.kind)/\(object.template.namespace)/\($0.name)"]
    }
    let id = cluster.createPod(
      owner: owner, template: intern(object.template), ordinal: 0, attempt: 0,
      at: object.created, name: object.name)
    pods[key] = id
    if let node = object.nodeName.flatMap({ nodes[$0] }) { cluster.bind(id, to: node) }
    if object.flags.contains(.mirror) { cluster.setCondition(id, .mirror, true) }
    if object.flags.contains(.unschedulable) { cluster.setCondition(id, .unschedulable, true) }
    if object.phase != .pending { cluster.setPhase(id, to: object.phase) }
  }

  // MARK: The cloud and the API server

  private func perform(_ command: ClusterCommand, at now: Instant) -> CommandResult {
    switch command {
    case .setNodeGroupSize(let group, let size): return resize(group, to: size, at: now)
    case .evict(let id):
      guard let pod = cluster.pod(id) else { return .notFound }
      evicted.append(cluster.qualifiedName(of: pod))
      pods[cluster.qualifiedName(of: pod)] = nil
      cluster.deletePod(id)
    case .markDeleting(let id, let isMarked):
      guard var node = cluster.node(id) else { return .notFound }
      node.taints.removeAll { $0 == .toBeDeleted }
      if isMarked { node.taints.append(.toBeDeleted) }
      cluster.updateNode(id, .taints, to: node)
    case .deleteNode(let id): return deleteNode(id)
    case .deleteInstance(let group, let number):
      // A machine that never comes goes on being listed; only the first request lowers the size.
      guard !given.contains(number) else { return .accepted }
      given.append(number)
      cluster.setTargetSize(group, cluster.nodeGroups[group.place].targetSize - 1)
    default: return .notFound
    }
    return .accepted
  }

  private var given: [Int32] = []

  private func resize(_ group: NodeGroupID, to size: Int32, at now: Instant) -> CommandResult {
    let rules = vector.groups[group.place]
    let before = cluster.nodeGroups[group.place].targetSize
    if size > before && rules.refuses { return .forbidden }
    cluster.setTargetSize(group, size)
    for _ in 0..<max(0, size - before) {
      let number = cluster.addInstance(group, at: now)
      let name = Int32(numbers[group.place].count)
      numbers[group.place].append(number)
      guard !rules.never else { continue }
      coming.append(
        Coming(
          group: group, number: name, node: nil, registers: now + rules.registers,
          readies: now + rules.registers + rules.readies))
    }
    return .accepted
  }

  private func deleteNode(_ id: NodeID) -> CommandResult {
    guard let node = cluster.node(id), let group = node.group else { return .notFound }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.node == id else { continue }
      pods[cluster.qualifiedName(of: pod)] = nil
      cluster.deletePod(pod.id)
    }
    if let instance = cluster.nodeGroups[group.place].instances.first(where: { $0.node == id }) {
      cluster.removeInstance(instance.number, of: group)
    }
    cluster.setTargetSize(group, cluster.nodeGroups[group.place].targetSize - 1)
    deletedNodes.append(node.name)
    nodes[node.name] = nil
    cluster.removeNode(id)
    return .accepted
  }

  /// Names of the nodes there are.
  var nodeNames: [String] { nodes.keys.sorted() }
}
