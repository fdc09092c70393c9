import ClusterModel
import Quantities
import Scheduling

/// Changes a Pod or a node, the smallest thing at a time, until the filters take the Pod there.
struct RemedyTrial: ~Copyable {
  /// What was changed, in the order in which filters asked for it.
  private(set) var changes: [String] = []
  /// Who rejected last.
  private(set) var refusal: Refusal?
  var world: ClusterState
  var supposition: Supposition
  let pod: PodID
  let node: NodeID
  private let owner: WorkloadID?
  private(set) var shape: PodShape
  /// The Pod's template as it is now.
  private(set) var template: PodTemplate

  init(_ attempt: ExplainedAttempt, on node: NodeID, in cluster: borrowing ClusterState) {
    world = cluster.copy()
    supposition = attempt.supposition
    pod = attempt.pod
    self.node = node
    let record = cluster.pod(attempt.pod)!
    owner = record.owner
    shape = PodShape(record)
    template = cluster.template(of: record)
  }

  /// Changes what the filters reject until none does; false where one can't be satisfied.
  mutating func succeeds() -> Bool {
    // Each plugin may need a second round, as changed labels make other domains.
    for _ in 0..<16 {
      guard let found = currentRefusal() else { return !changes.isEmpty }
      refusal = found
      guard let change = change(for: found) else { return false }
      if !changes.contains(change) { changes.append(change) }
    }
    return false
  }

  mutating func currentRefusal() -> Refusal? {
    supposition.refusal(of: pod, as: shape, on: node, in: world)
  }

  /// The node as it is now.
  var nodeNow: Node { world.node(node)! }

  /// Changes the node.
  mutating func alterNode(_ fields: ChangeFields, _ body: (inout Node) -> Void) {
    var changed = nodeNow
    body(&changed)
    world.updateNode(node, fields, to: changed)
    supposition.observe(node, in: world)
  }

  /// Changes the Pod.
  mutating func alterPod(_ body: (inout PodTemplate) -> Void) {
    body(&template)
    shape = PodShape(template: world.addTemplate(template), owner: owner)
  }

  /// Satisfies a filter; nil where nothing can be tried.
  private mutating func change(for refusal: Refusal) -> String? {
    let name = nodeNow.name
    switch refusal.plugin {
    case "NodeUnschedulable":
      alterNode(.taints) { $0.isUnschedulable = false }
      return "\(name) uncordoned"
    case "TaintToleration": return tolerate()
    case "NodeAffinity": return matchAffinity(refusal)
    case "NodePorts":
      let others = supposition.podsOnPorts(of: pod, as: shape, on: node, in: world)
      return moving(others, "off \(name)")
    case "NodeResourcesFit": return grow()
    case "PodTopologySpread": return spread()
    case "InterPodAffinity":
      let others = supposition.podsKeptApart(from: pod, as: shape, on: node, in: world)
      return others.isEmpty ? attract() : moving(others, "away from \(name)")
    case "ComputeResource":
      let types =
        (template.annotations[VirtualNodeNames.gpuType]
        ?? template.annotations[VirtualNodeNames.cpuType] ?? "cpu").split(separator: ",")
      alterNode(.labels) { changed in
        for type in types + ["cpu"] {
          changed.labels[VirtualNodeNames.stock(of: String(type))] = "true"
        }
      }
      return "its type of instance in stock on \(name)"
    case "FitIPResource":
      alterNode(.labels) { changed in
        let free = changed.labels[VirtualNodeNames.addresses].flatMap { Int($0) } ?? 0
        changed.labels[VirtualNodeNames.addresses] = String(free + 1)
      }
      return "a free address in the subnet of \(name)"
    case "LocalReplicas": return keepLocal()
    default: return nil
    }
  }

  /// What a plugin that nothing can be tried about would have to find.
  static func wish(_ plugin: String, on node: String) -> String {
    switch plugin {
    case GPUSharing.pluginName:
      "GPUs of a model that will do with as much left as it asks for, on any of the nodes"
    default: "\(plugin.isEmpty ? "NodeAffinity" : plugin) content with \(node)"
    }
  }

  private mutating func tolerate() -> String? {
    let taints = nodeNow.taints.filter { taint in
      taint.effect != .preferNoSchedule
        && !template.tolerations.contains { $0.tolerates(taint) }
    }
    if taints.isEmpty { return nil }
    alterPod { changed in
      for taint in taints {
        changed.tolerations.append(
          Toleration(key: taint.key, value: taint.value, effect: taint.effect))
      }
    }
    let names = taints.map { "\($0.key)=\($0.value):\($0.effect.rawValue)" }
    return "a toleration of \(names.joined(separator: " and of "))"
  }

  /// Lets the node offer what it lacks.
  private mutating func grow() -> String? {
    let lacking = supposition.shortages(of: pod, as: shape, on: node, in: world)
    if lacking.isEmpty { return nil }
    alterNode(.allocatable) { changed in
      for one in lacking {
        switch one.resource {
        case "cpu": changed.allocatable.cpu += one.missing
        case "memory": changed.allocatable.memory += one.missing
        case "ephemeral-storage": changed.allocatable.ephemeralStorage += one.missing
        case "pods": changed.allocatable.pods += one.missing
        case let name:
          changed.allocatable[scalar: name] = (changed.allocatable[scalar: name] ?? 0) + one.missing
        }
      }
    }
    let amounts = lacking.map { one in
      switch one.resource {
      case "cpu": "cpu \(CPU(millicores: one.missing).formatted)"
      case "memory", "ephemeral-storage": "\(one.resource) \(Bytes(one.missing).formatted)"
      case "pods": "\(one.missing) Pod"
      default: "\(one.resource) \(one.missing)"
      }
    }
    return "\(amounts.joined(separator: " and ")) more on \(nodeNow.name)"
  }

  /// Takes other Pods out of the way.
  private mutating func moving(_ others: [PodID], _ direction: String) -> String? {
    if others.isEmpty { return nil }
    var names: [String] = []
    for other in others {
      supposition.takeAway(other)
      if let record = world.pod(other) { names.append(world.qualifiedName(of: record)) }
    }
    names.sort()
    let shown = names.prefix(5).joined(separator: ", ")
    let more = names.count > 5 ? " and \(names.count - 5) more" : ""
    return "\(shown)\(more) moved \(direction)"
  }
}
