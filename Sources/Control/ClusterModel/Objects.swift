import Quantities

/// An image that a node holds.
public struct NodeImage: Hashable, Sendable {
  /// Every name it goes by.
  public var names: [String]
  /// Its size in bytes.
  public var size: Int64
  /// An image from its parts.
  public init(names: [String], size: Int64) {
    self.names = names
    self.size = size
  }
}

/// A machine, or a virtual node that stands for a serverless pool.
public struct Node: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its labels.
  public var labels: Labels
  /// Its annotations.
  public var annotations: Labels
  /// Its taints.
  public var taints: [Taint]
  /// Whether it is cordoned.
  public var isUnschedulable: Bool
  /// What Pods may use.
  public var allocatable: Resources
  /// The images it holds.
  public var images: [NodeImage]
  /// Its condition Ready.
  public var readiness: NodeReadiness
  /// Whether its condition Ready is True.
  public var isReady: Bool { readiness == .ready }
  /// What the machine has, of which Pods may use less; nil: just what they may use.
  public var capacity: Resources?
  /// The group whose size decides whether it exists; nil: nobody but people removes it.
  public var group: NodeGroupID?
  /// When it registered; before the start for nodes of the input.
  public var created: Instant

  /// A ready node with nothing but a name, labels and capacity.
  public init(name: String, labels: Labels = [:], allocatable: Resources = .zero) {
    self.name = name
    self.labels = labels
    self.allocatable = allocatable
    annotations = [:]
    taints = []
    isUnschedulable = false
    images = []
    readiness = .ready
    capacity = nil
    group = nil
    created = .zero
  }

  /// Whether the node stands for a serverless pool.
  ///
  /// > Source: TKE's virtual nodes carry `node.kubernetes.io/instance-type: eklet` (S, model card
  /// > 3.2); virtual-kubelet's own carry `type: virtual-kubelet`.
  public var isVirtual: Bool {
    labels["node.kubernetes.io/instance-type"] == "eklet" || labels["type"] == "virtual-kubelet"
  }
}

/// A Service: a name for the Pods that its selector matches.
public struct Service: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// Labels that its Pods carry; empty selects none.
  public var selector: Labels
  /// A Service from its parts.
  public init(namespace: String, name: String, selector: Labels) {
    self.namespace = namespace
    self.name = name
    self.selector = selector
  }
}

/// A namespace with its labels.
public struct Namespace: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its labels.
  public var labels: Labels
  /// A namespace from its parts.
  public init(name: String, labels: Labels = [:]) {
    self.name = name
    self.labels = labels
  }
}

/// A named priority.
public struct PriorityClass: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// The priority.
  public var value: Int32
  /// Whether Pods that name no class get it.
  public var isGlobalDefault: Bool
  /// Whether its Pods never preempt.
  public var neverPreempts: Bool
  /// A class from its parts.
  public init(
    name: String, value: Int32, isGlobalDefault: Bool = false, neverPreempts: Bool = false
  ) {
    self.name = name
    self.value = value
    self.isGlobalDefault = isGlobalDefault
    self.neverPreempts = neverPreempts
  }
}

/// A limit on how many Pods of an application may be disrupted at once.
public struct PodDisruptionBudget: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// Which Pods; nil and empty protect none in preemption.
  public var selector: LabelSelector?
  /// `status.disruptionsAllowed`.
  public var disruptionsAllowed: Int32
  /// Names of Pods whose disruption is already counted.
  public var disruptedPods: [String]
  /// A budget from its parts.
  public init(
    namespace: String, name: String, selector: LabelSelector?, disruptionsAllowed: Int32,
    disruptedPods: [String] = []
  ) {
    self.namespace = namespace
    self.name = name
    self.selector = selector
    self.disruptionsAllowed = disruptionsAllowed
    self.disruptedPods = disruptedPods
  }
}

/// Limits on the sum of what a namespace's Pods request.
public struct ResourceQuota: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// The limits: `pods`, `requests.cpu`, `requests.memory` and others by name.
  public var hard: ResourceList
  /// A quota from its parts.
  public init(namespace: String, name: String, hard: ResourceList) {
    self.namespace = namespace
    self.name = name
    self.hard = hard
  }
}

/// Defaults for containers of a namespace.
public struct LimitRange: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// Requests of containers that name none.
  public var defaultRequests: ResourceList
  /// Limits of containers that name none.
  public var defaultLimits: ResourceList
  /// A range from its parts.
  public init(
    namespace: String, name: String, defaultRequests: ResourceList, defaultLimits: ResourceList
  ) {
    self.namespace = namespace
    self.name = name
    self.defaultRequests = defaultRequests
    self.defaultLimits = defaultLimits
  }
}
