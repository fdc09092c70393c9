import Quantities

/// The kinds of objects that ask for Pods.
public enum WorkloadKind: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  case deployment = "Deployment"
  case replicaSet = "ReplicaSet"
  case replicationController = "ReplicationController"
  case statefulSet = "StatefulSet"
  case daemonSet = "DaemonSet"
  case job = "Job"
}

/// A number, or a percentage of another number.
public enum CountOrPercent: Hashable, Sendable {
  case count(Int32)
  case percent(Int32)

  /// The number meant, of a total; percentages are rounded up or down.
  public func resolved(of total: Int32, roundingUp: Bool) -> Int32 {
    switch self {
    case .count(let count): return count
    case .percent(let percent):
      let product = Int64(percent) * Int64(total)
      return Int32(clamping: roundingUp ? (product + 99) / 100 : product / 100)
    }
  }
}

/// How a workload replaces and orders its Pods.
public struct RolloutStrategy: Hashable, Sendable {
  /// How many Pods more than desired a rolling update may run. Default 25 %.
  public var maxSurge: CountOrPercent = .percent(25)
  /// How many Pods fewer than desired it may run. Default 25 %.
  public var maxUnavailable: CountOrPercent = .percent(25)
  /// Whether all old Pods go before the first new one comes (`Recreate`). Default false.
  public var recreates: Bool = false
  /// StatefulSets: whether Pods start without waiting for each other. Default false.
  public var isParallel: Bool = false
  /// Kubernetes' defaults (S).
  public init() {}
}

/// How many times and how often a Job's Pods run.
public struct JobShape: Hashable, Sendable {
  /// Successes that complete the Job; nil: any success does.
  public var completions: Int32?
  /// Pods that may run at once. Default 1.
  public var parallelism: Int32 = 1
  /// Failures before the Job is given up. Default 6.
  public var backoffLimit: Int32 = 6
  /// Whether each completion has an index of its own.
  public var isIndexed: Bool = false
  /// Kubernetes' defaults (S).
  public init() {}
}

/// A Deployment, ReplicaSet, StatefulSet, DaemonSet or Job as its manifest gives it.
public struct WorkloadObject: Sendable {
  /// Which of them it is.
  public var kind: WorkloadKind
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// Its labels.
  public var labels: Labels
  /// Its annotations.
  public var annotations: Labels
  /// Kind and name of the controlling owner, if any.
  public var owner: OwnerReference?
  /// What its Pods look like.
  public var template: PodTemplate
  /// Which Pods it counts as its own.
  public var selector: LabelSelector?
  /// Pods wanted. Default 1; a DaemonSet's follows from the nodes, a Job's from its shape.
  public var replicas: Int32
  /// How Pods are replaced and ordered.
  public var strategy: RolloutStrategy
  /// A Job's shape.
  public var job: JobShape
  /// When it was created, relative to the scenario's start.
  public var created: Instant

  /// A workload with one replica and Kubernetes' defaults.
  public init(kind: WorkloadKind, namespace: String, name: String, template: PodTemplate) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.template = template
    labels = [:]
    annotations = [:]
    owner = nil
    selector = nil
    replicas = 1
    strategy = RolloutStrategy()
    job = JobShape()
    created = .zero
  }
}

/// How many of a workload's Pods are in which state, by the API server's count.
public struct WorkloadStatus: Hashable, BitwiseCopyable, Sendable {
  /// Pods that exist and have neither ended nor been told to stop.
  public var active: Int32 = 0
  /// Active Pods that are ready.
  public var ready: Int32 = 0
  /// Pods that ended well.
  public var succeeded: Int32 = 0
  /// Pods that ended badly.
  public var failed: Int32 = 0
  /// Active Pods of it and of the workloads that it owns: `status.replicas`.
  public var replicas: Int32 = 0
  /// No Pods.
  public init() {}
}

/// A workload as the API server holds it.
public struct Workload: Sendable {
  /// Who it is.
  public let id: WorkloadID
  /// Which kind it is.
  public let kind: WorkloadKind
  /// Its namespace.
  public let namespace: String
  /// Its name.
  public let name: String
  /// Its annotations.
  public let annotations: Labels
  /// The workload that asked for it: a ReplicaSet's Deployment.
  public let owner: WorkloadID?
  /// What its Pods look like.
  public var template: TemplateID
  /// Which Pods it counts as its own.
  public let selector: LabelSelector?
  /// Pods wanted; of a Job, Pods that may run at once.
  public var desired: Int32
  /// How Pods are replaced and ordered.
  public let strategy: RolloutStrategy
  /// A Job's shape.
  public let job: JobShape
  /// Counts the changes of this object.
  public var version: UInt32
  /// When it was created.
  public let created: Instant
  /// The API server's count of its Pods.
  public var status: WorkloadStatus
}
