import Quantities

/// A cluster as manifests describe it: what the API server holds at time zero.
///
/// Finished and terminating Pods of a dump are left out by whoever fills this, except where the
/// terminating ones matter (they occupy their node until they are gone).
public struct ClusterObjects: Sendable {
  /// Nodes, in the order of the input.
  public var nodes: [Node] = []
  /// Pods, in the order of the input.
  public var pods: [PodObject] = []
  /// Workloads, in the order of the input.
  public var workloads: [WorkloadObject] = []
  /// Services, in the order of the input.
  public var services: [Service] = []
  /// Namespaces, in the order of the input.
  public var namespaces: [Namespace] = []
  /// Priority classes, in the order of the input.
  public var priorityClasses: [PriorityClass] = []
  /// Disruption budgets, in the order of the input.
  public var disruptionBudgets: [PodDisruptionBudget] = []
  /// Resource quotas, in the order of the input.
  public var resourceQuotas: [ResourceQuota] = []
  /// HorizontalPodAutoscalers, in the order of the input.
  public var autoscalers: [HorizontalPodAutoscalerObject] = []
  /// Ranges whose defaults apply to Pods created in their namespace.
  public var limitRanges: [LimitRange] = []

  /// Scalers that act at given times, in the order of the input.
  public var cronScalers: [CronScaler] = []
  /// CronJobs, in the order of the input.
  public var cronJobs: [CronJob] = []
  /// ConfigMaps, in the order of the input.
  public var configMaps: [ConfigMap] = []

  /// Nothing.
  public init() {}
}

extension ClusterState {
  /// The state at time zero: every object of a cluster's manifests.
  ///
  /// Pods find their owners by kind and name, ReplicaSets their Deployments; a Pod's ordinal is its
  /// place among its owner's Pods in the order of the input, except where it says its own: a
  /// StatefulSet's Pod in its name, an indexed Job's in an annotation. Equal templates are stored once.
  public init(_ objects: ClusterObjects, logCapacity: Int = 1 << 16) {
    self.init(logCapacity: logCapacity)
    services = objects.services
    namespaces = objects.namespaces
    priorityClasses = objects.priorityClasses
    disruptionBudgets = objects.disruptionBudgets
    resourceQuotas = objects.resourceQuotas
    eksConfig = EksConfig(objects.configMaps)
    var nodesByName: [String: NodeID] = [:]
    for node in objects.nodes { nodesByName[node.name] = addNode(node) }
    var known: [PodTemplate: TemplateID] = [:]
    var workloadsByKey: [String: WorkloadID] = [:]
    let ranks: [WorkloadKind] = [
      .deployment, .replicaSet, .replicationController, .statefulSet, .daemonSet, .job,
    ]
    for kind in ranks {
      for object in objects.workloads where object.kind == kind {
        let owner = object.owner.flatMap {
          workloadsByKey["\($0.kind)/\(object.namespace)/\($0.name)"]
        }
        let template = intern(object.template, known: &known)
        let id = addWorkload(object, template: template, owner: owner, at: object.created)
        workloadsByKey["\(kind.rawValue)/\(object.namespace)/\(object.name)"] = id
      }
    }
    for object in objects.autoscalers { addAutoscaler(object) }
    var ordinals = [Int32](repeating: 0, count: workloadSlotCount)
    for object in objects.pods {
      let owner = object.owner.flatMap {
        workloadsByKey["\($0.kind)/\(object.template.namespace)/\($0.name)"]
      }
      add(
        object, owner: owner, template: intern(object.template, known: &known),
        nodes: nodesByName, ordinals: &ordinals)
    }
  }

  /// Adds a Pod that nobody asked for, as its manifest gives it, with a template of its own.
  @discardableResult
  public mutating func add(_ object: PodObject) -> PodID {
    var ordinals: [Int32] = []
    return add(
      object, owner: nil, template: addTemplate(object.template), nodes: [:], ordinals: &ordinals)
  }

  private mutating func intern(
    _ template: PodTemplate, known: inout [PodTemplate: TemplateID]
  ) -> TemplateID {
    if let id = known[template] { return id }
    let id = addTemplate(template)
    known[template] = id
    return id
  }

  @discardableResult
  private mutating func add(
    _ object: PodObject, owner: WorkloadID?, template: TemplateID, nodes: [String: NodeID],
    ordinals: inout [Int32]
  ) -> PodID {
    var ordinal: Int32 = 0
    if let owner {
      ordinal = Self.givenOrdinal(of: object, in: workload(owner)) ?? ordinals[owner.index]
      ordinals[owner.index] = max(ordinals[owner.index], ordinal < .max ? ordinal + 1 : 0)
    }
    let id = createPod(
      owner: owner, template: template, ordinal: ordinal, attempt: 0, at: object.created,
      name: object.name)
    if let name = object.nodeName {
      if let node = nodes[name] {
        bind(id, to: node)
      } else {
        podRecords[id.index].flags.insert(.boundElsewhere)
      }
    }
    if let name = object.nominatedNodeName, let node = nodes[name] { nominate(id, to: node) }
    if let started = object.started { setStarted(id, at: started) }
    podRecords[id.index].flags.formUnion(object.flags.intersection([.mirror, .preempted]))
    if object.flags.contains(.ready) {
      setReady(id, true, at: object.readyTransition ?? object.started ?? object.created)
    }
    if let transition = object.readyTransition { setReadyTransition(id, at: transition) }
    if object.flags.contains(.terminating) { markTerminating(id) }
    if object.phase != .pending { setPhase(id, to: object.phase) }
    return id
  }

  /// The ordinal that a StatefulSet's Pod has in its name, an indexed Job's in its annotation.
  private static func givenOrdinal(of object: PodObject, in owner: Workload?) -> Int32? {
    guard let owner else { return nil }
    var written: Substring?
    if owner.kind == .statefulSet, object.name.hasPrefix(owner.name + "-") {
      written = object.name.dropFirst(owner.name.count + 1)
    } else if owner.kind == .job, owner.job.isIndexed {
      written = object.template.annotations["batch.kubernetes.io/job-completion-index"].map {
        $0[...]
      }
    }
    guard let written, written.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int32(written)
  }
}
