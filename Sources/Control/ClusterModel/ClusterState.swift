import Quantities

/// What the API server accepted for a node: the sum of its Pods' requests.
public struct NodeUsage: Hashable, BitwiseCopyable, Sendable {
  /// CPU in thousandths of a core.
  public var cpu: Int64 = 0
  /// Memory in bytes.
  public var memory: Int64 = 0
  /// Bound Pods that haven't ended.
  public var pods: Int32 = 0
  /// Nothing.
  public init() {}
}

/// What a Pod of a template asks of a node, kept apart from the template's strings.
public struct TemplateFootprint: BitwiseCopyable, Sendable {
  /// CPU in thousandths of a core.
  public let cpu: Int64
  /// Memory in bytes.
  public let memory: Int64
}

/// Everything the API server holds: what a module's informer caches would show.
///
/// Not copyable by accident; ``copy()`` says so. The methods that change it are for whoever plays
/// the API server; control modules get it borrowed.
public struct ClusterState: ~Copyable, Sendable {
  var nodeSlots = SlotAllocator()
  var podSlots = SlotAllocator()
  var workloadSlots = SlotAllocator()
  var autoscalerSlots = SlotAllocator()
  var autoscalerRecords: [HorizontalPodAutoscaler?] = []
  var nodeRecords: [Node?] = []
  var podRecords: [Pod] = []
  var podExists: [Bool] = []
  var workloadRecords: [Workload?] = []
  var usages: [NodeUsage] = []
  var names: [String] = []
  var log: ChangeLog
  var tolerantTemplates: [[TemplateID]] = []
  var namespaceNames: [String] = []
  var namespaceOfTemplate: [Int32] = []
  var namespaceUsages: [NodeUsage] = []

  /// Every Pod template, by ``TemplateID``.
  public internal(set) var templates: [PodTemplate] = []
  /// What each template's Pods ask of a node, by ``TemplateID``.
  public internal(set) var footprints: [TemplateFootprint] = []
  /// Services, in the order of the input.
  public internal(set) var services: [Service] = []
  /// Namespaces, in the order of the input.
  public internal(set) var namespaces: [Namespace] = []
  /// Priority classes, in the order of the input.
  public internal(set) var priorityClasses: [PriorityClass] = []
  /// Disruption budgets, in the order of the input.
  public internal(set) var disruptionBudgets: [PodDisruptionBudget] = []
  /// Resource quotas, in the order of the input.
  public internal(set) var resourceQuotas: [ResourceQuota] = []
  /// What `kube-system/eks-config` says about bursting.
  public internal(set) var eksConfig = EksConfig()
  /// What the metrics APIs answer at present; written by whoever plays the metrics pipeline.
  public var metrics = ServedMetrics()
  /// Pods that exist and haven't ended.
  public internal(set) var livePodCount = 0

  /// An empty cluster whose change log holds so many changes.
  public init(logCapacity: Int = 1 << 16) { log = ChangeLog(capacity: logCapacity) }

  /// An independent copy; columns stay shared until written.
  public func copy() -> ClusterState {
    var other = ClusterState(logCapacity: log.capacity)
    other.nodeSlots = nodeSlots
    other.podSlots = podSlots
    other.workloadSlots = workloadSlots
    other.autoscalerSlots = autoscalerSlots
    other.autoscalerRecords = autoscalerRecords
    other.metrics = metrics
    other.nodeRecords = nodeRecords
    other.podRecords = podRecords
    other.podExists = podExists
    other.workloadRecords = workloadRecords
    other.usages = usages
    other.names = names
    other.log = log
    other.tolerantTemplates = tolerantTemplates
    other.namespaceNames = namespaceNames
    other.namespaceOfTemplate = namespaceOfTemplate
    other.namespaceUsages = namespaceUsages
    other.templates = templates
    other.footprints = footprints
    other.services = services
    other.namespaces = namespaces
    other.priorityClasses = priorityClasses
    other.disruptionBudgets = disruptionBudgets
    other.resourceQuotas = resourceQuotas
    other.eksConfig = eksConfig
    other.livePodCount = livePodCount
    return other
  }

  // MARK: Reading

  /// One past the number of the newest change.
  public var logEnd: Int { log.end }

  /// The changes from a cursor up to a watch position, or nil if the log no longer holds them.
  public func changes(since cursor: Int, upTo position: Int) -> ArraySlice<Change>? {
    log.changes(from: cursor, to: position)
  }

  /// How many node slots there are; some may be empty.
  public var nodeSlotCount: Int { nodeRecords.count }
  /// How many Pod slots there are; some may be empty.
  public var podSlotCount: Int { podRecords.count }
  /// How many workload slots there are; some may be empty.
  public var workloadSlotCount: Int { workloadRecords.count }

  /// The node in a slot, or nil if the slot is empty.
  public func nodeID(slot: Int) -> NodeID? {
    guard nodeRecords[slot] != nil else { return nil }
    return NodeID(slot: UInt32(slot), generation: nodeSlots.generations[slot])
  }

  /// The Pod in a slot, or nil if the slot is empty.
  public func pod(slot: Int) -> Pod? { podExists[slot] ? podRecords[slot] : nil }

  /// The workload in a slot, or nil if the slot is empty.
  public func workload(slot: Int) -> Workload? { workloadRecords[slot] }

  /// A node's record, or nil if it is gone.
  public func node(_ id: NodeID) -> Node? {
    guard id.index < nodeRecords.count, nodeSlots.generations[id.index] == id.generation else {
      return nil
    }
    return nodeRecords[id.index]
  }

  /// What the API server accepted for a node.
  public func usage(of id: NodeID) -> NodeUsage { usages[id.index] }

  /// What the Pods of a namespace request that haven't ended, bound or not.
  public func usage(ofNamespace name: String) -> NodeUsage {
    guard let index = namespaceNames.firstIndex(of: name) else { return NodeUsage() }
    return namespaceUsages[index]
  }

  /// A Pod, or nil if it is gone.
  public func pod(_ id: PodID) -> Pod? {
    guard id.index < podRecords.count, podExists[id.index],
      podSlots.generations[id.index] == id.generation
    else { return nil }
    return podRecords[id.index]
  }

  /// A workload, or nil if it is gone.
  public func workload(_ id: WorkloadID) -> Workload? {
    guard id.index < workloadRecords.count, workloadSlots.generations[id.index] == id.generation
    else { return nil }
    return workloadRecords[id.index]
  }

  /// A Pod's template.
  public func template(of pod: Pod) -> PodTemplate { templates[Int(pod.template.index)] }

  /// A Pod's name: as its manifest gives it, or its owner's with its ordinal and attempt.
  public func name(of pod: Pod) -> String {
    if pod.nameIndex >= 0 { return names[Int(pod.nameIndex)] }
    let owner = pod.owner.flatMap { workload($0) }
    let base = owner?.name ?? "pod"
    if owner?.kind == .statefulSet { return "\(base)-\(pod.ordinal)" }
    return pod.attempt == 0 ? "\(base)-\(pod.ordinal)" : "\(base)-\(pod.ordinal)-\(pod.attempt)"
  }

  /// A Pod's `namespace/name`.
  public func qualifiedName(of pod: Pod) -> String {
    "\(template(of: pod).namespace)/\(name(of: pod))"
  }

  /// The workload at the top of a Pod's chain of owners: its Deployment rather than its ReplicaSet.
  public func rootWorkload(of id: WorkloadID) -> WorkloadID {
    var root = id
    while let above = workload(root)?.owner, workload(above) != nil { root = above }
    return root
  }
}
