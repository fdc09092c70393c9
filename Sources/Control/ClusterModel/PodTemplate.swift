/// A port that a container claims on its node.
public struct HostPort: Hashable, Sendable {
  /// The address; empty and `0.0.0.0` mean all.
  public var hostIP: String
  /// `TCP`, `UDP` or `SCTP`.
  public var transport: String
  /// The port's number, above zero.
  public var port: Int32
  /// A port from its parts.
  public init(hostIP: String = "", transport: String = "TCP", port: Int32) {
    self.hostIP = hostIP
    self.transport = transport
    self.port = port
  }
}

/// A readiness probe's timing.
public struct ReadinessProbe: Hashable, Sendable {
  /// Seconds after the container's start before the first probe. Default 0.
  public var initialDelaySeconds: Int32
  /// Seconds between probes. Default 10.
  public var periodSeconds: Int32
  /// Successes in a row that make the container ready. Default 1.
  public var successThreshold: Int32
  /// A probe from its parts, with Kubernetes' defaults (S).
  public init(
    initialDelaySeconds: Int32 = 0, periodSeconds: Int32 = 10, successThreshold: Int32 = 1
  ) {
    self.initialDelaySeconds = initialDelaySeconds
    self.periodSeconds = periodSeconds
    self.successThreshold = successThreshold
  }
}

/// A container of a Pod.
public struct Container: Hashable, Sendable {
  /// Its name, unique in the Pod.
  public var name: String
  /// Its image as written.
  public var image: String
  /// What it requests.
  public var requests: ResourceList
  /// What it is limited to.
  public var limits: ResourceList
  /// Host ports it claims.
  public var hostPorts: [HostPort]
  /// Ports that it listens on.
  public var containerPorts: [Int32]
  /// Whether it is an init container with `restartPolicy: Always`.
  public var isSidecar: Bool
  /// Its readiness probe.
  public var readinessProbe: ReadinessProbe?
  /// A container from its parts.
  public init(
    name: String = "", image: String = "", requests: ResourceList = ResourceList(),
    limits: ResourceList = ResourceList(), hostPorts: [HostPort] = [],
    containerPorts: [Int32] = [], isSidecar: Bool = false, readinessProbe: ReadinessProbe? = nil
  ) {
    self.name = name
    self.image = image
    self.requests = requests
    self.limits = limits
    self.hostPorts = hostPorts
    self.containerPorts = containerPorts
    self.isSidecar = isSidecar
    self.readinessProbe = readinessProbe
  }
}

/// What a Pod's volumes refer to.
public struct PodVolumes: Hashable, Sendable {
  /// Names of persistent volume claims.
  public var claims: [String] = []
  /// Images mounted as volumes.
  public var images: [String] = []
  /// Volumes on the node's own disk (`emptyDir` that isn't memory, `hostPath`), by their names.
  public var local: [String] = []
  /// How many resource claims the Pod has.
  public var resourceClaims: Int = 0
  /// No volumes.
  public init() {}
}

/// When finished containers are started again.
public enum RestartPolicy: String, Hashable, Sendable, CaseIterable {
  case always = "Always"
  case onFailure = "OnFailure"
  case never = "Never"
}

/// Everything about a Pod that its equals share: its namespace, labels and specification.
///
/// Pods refer to a template by ``TemplateID``, so a thousand replicas cost one.
public struct PodTemplate: Hashable, Sendable {
  /// The Pod's namespace.
  public var namespace: String
  /// The Pod's labels.
  public var labels: Labels
  /// The Pod's annotations.
  public var annotations: Labels
  /// Containers that run side by side.
  public var containers: [Container]
  /// Containers that run before, in order; sidecars among them go on running.
  public var initContainers: [Container]
  /// What the sandbox itself costs.
  public var overhead: ResourceList
  /// Requests at the level of the Pod; nil if there are none.
  public var podRequests: ResourceList?
  /// Labels a node must have.
  public var nodeSelector: Labels
  /// Where the Pod must or would rather run.
  public var affinity: Affinity
  /// Taints the Pod bears.
  public var tolerations: [Toleration]
  /// How Pods like this one are spread.
  public var topologySpread: [TopologySpreadConstraint]
  /// The resolved priority.
  public var priority: Int32
  /// The priority class named, if any.
  public var priorityClassName: String?
  /// Whether the Pod never preempts others (`preemptionPolicy: Never`).
  public var neverPreempts: Bool
  /// Whose business it is to schedule the Pod. Default `default-scheduler`.
  public var schedulerName: String
  /// Gates that hold back scheduling.
  public var schedulingGates: [String]
  /// Whether the Pod shares its node's network.
  public var hostNetwork: Bool
  /// Ports for its own connections, `net.ipv4.ip_local_port_range`; nil: the kernel's.
  public var localPorts: ClosedRange<Int32>?
  /// Default `Always`.
  public var restartPolicy: RestartPolicy
  /// Seconds between the request to stop and the kill. Default 30.
  public var terminationGracePeriodSeconds: Int64
  /// What the volumes refer to.
  public var volumes: PodVolumes

  /// A Pod with containers and everything else at Kubernetes' defaults.
  public init(
    namespace: String = "default", labels: Labels = [:], containers: [Container] = []
  ) {
    self.namespace = namespace
    self.labels = labels
    self.containers = containers
    annotations = [:]
    initContainers = []
    overhead = ResourceList()
    podRequests = nil
    nodeSelector = [:]
    affinity = Affinity()
    tolerations = []
    topologySpread = []
    priority = 0
    priorityClassName = nil
    neverPreempts = false
    schedulerName = "default-scheduler"
    schedulingGates = []
    hostNetwork = false
    localPorts = nil
    restartPolicy = .always
    terminationGracePeriodSeconds = 30
    volumes = PodVolumes()
  }

  /// Adds a label, and asks for its value where the affinity waits for it.
  public mutating func add(label key: String, _ value: String) {
    labels[key] = value
    for place in affinity.requiredPodAffinity.indices {
      affinity.requiredPodAffinity[place].merge(labels)
    }
    for place in affinity.preferredPodAffinity.indices {
      affinity.preferredPodAffinity[place].term.merge(labels)
    }
    for place in affinity.requiredPodAntiAffinity.indices {
      affinity.requiredPodAntiAffinity[place].merge(labels)
    }
    for place in affinity.preferredPodAntiAffinity.indices {
      affinity.preferredPodAntiAffinity[place].term.merge(labels)
    }
  }
}
