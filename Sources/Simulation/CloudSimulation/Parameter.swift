import ClusterModel
import Infrastructure

/// Whether a limit bounds how fast Pods pass or how many there can be.
public enum LimitKind: String, Hashable, Sendable { case rate, level }

/// What a parameter of the scenario is for the study: a limit, an assumption, or both.
///
/// Whoever reads scenario files lists them; the study moves them by path.
public struct Parameter: Sendable {
  /// The parameter's path, such as `ServerlessPool/cloud:spec.createRate`.
  public var path: String
  /// Its present value, as a file would write it.
  public var value: String
  /// Its unit.
  public var unit: String
  /// Evidence grade: S, D, E, C, M or A, whoever wrote the value; empty for a mere choice.
  public var grade: String
  /// Where the default comes from.
  public var source: String
  /// The ends of the range to be tried, as a file would write them; nil if there is none.
  public var range: (low: String, high: String)?
  /// Whether it is a limit, of which kind, and at which stage.
  public var limit: (kind: LimitKind, stage: Stage)?
  /// The value that takes the limit away, as a file would write it.
  public var unlimited: String?
  /// Which part of the model must have been at work for the value to have been used.
  public var usage: Usage
  /// Whether the value is the default rather than the user's.
  public var isDefault: Bool

  /// A parameter from its parts.
  public init(
    path: String, value: String, unit: String, grade: String, source: String,
    range: (low: String, high: String)? = nil, limit: (kind: LimitKind, stage: Stage)? = nil,
    unlimited: String? = nil, usage: Usage = [], isDefault: Bool
  ) {
    self.path = path
    self.value = value
    self.unit = unit
    self.grade = grade
    self.source = source
    self.range = range
    self.limit = limit
    self.unlimited = unlimited
    self.usage = usage
    self.isDefault = isDefault
  }
}

/// Parts of the model that were at work in a run; a parameter counts as used if its part was.
public struct Usage: OptionSet, Hashable, BitwiseCopyable, Sendable {
  /// The parts as bits.
  public let rawValue: UInt64
  /// Parts from their bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Pods were created by controllers.
  public static let creation = Usage(rawValue: 1 << 0)
  /// The toleration controller acted.
  public static let admission = Usage(rawValue: 1 << 1)
  /// The scheduler ran.
  public static let scheduling = Usage(rawValue: 1 << 2)
  /// Serverless Pods were created.
  public static let serverless = Usage(rawValue: 1 << 3)
  /// Serverless Pods were refused and tried again.
  public static let refusal = Usage(rawValue: 1 << 4)
  /// Images were pulled for serverless Pods.
  public static let serverlessPull = Usage(rawValue: 1 << 5)
  /// Image snapshots were attached.
  public static let imageCache = Usage(rawValue: 1 << 6)
  /// Kept disks were taken over.
  public static let diskReuse = Usage(rawValue: 1 << 7)
  /// Machines started Pods.
  public static let machine = Usage(rawValue: 1 << 8)
  /// Machines pulled images.
  public static let machinePull = Usage(rawValue: 1 << 9)
  /// Endpoints were programmed.
  public static let endpoints = Usage(rawValue: 1 << 10)
  /// Jobs' Pods ran.
  public static let jobs = Usage(rawValue: 1 << 11)
  /// Pods were stopped.
  public static let shutdown = Usage(rawValue: 1 << 12)
  /// Applications started.
  public static let application = Usage(rawValue: 1 << 13)
  /// Ready Pods used CPU and memory and could serve.
  public static let service = Usage(rawValue: 1 << 14)
  /// Something was paid for.
  public static let billing = Usage(rawValue: 1 << 15)
  /// A link between sites carried something.
  public static let link = Usage(rawValue: 1 << 16)
  /// The ReplicaSet controller created Pods.
  public static let replicaSets = Usage(rawValue: 1 << 17)
  /// The Deployment controller made or scaled ReplicaSets.
  public static let deployments = Usage(rawValue: 1 << 18)
  /// The StatefulSet controller created Pods.
  public static let statefulSets = Usage(rawValue: 1 << 19)
  /// The DaemonSet controller created Pods.
  public static let daemonSets = Usage(rawValue: 1 << 20)
  /// The Job controller created Pods.
  public static let jobControl = Usage(rawValue: 1 << 21)
  /// Requests were served.
  public static let requests = Usage(rawValue: 1 << 24)
  /// Clients tried again.
  public static let retries = Usage(rawValue: 1 << 25)
  /// What Pods use was measured.
  public static let metrics = Usage(rawValue: 1 << 26)
  /// What happens to requests was measured for autoscalers.
  public static let requestMetrics = Usage(rawValue: 1 << 34)

  /// Something failed.
  public static let failures = Usage(rawValue: 1 << 22)
  /// The plugin LocalReplicas slept.
  public static let localReplicas = Usage(rawValue: 1 << 27)
  /// Virtual nodes said what they had left.
  public static let virtualNodeLabels = Usage(rawValue: 1 << 28)
  /// A node autoscaler asked a cloud for machines.
  public static let nodeGroups = Usage(rawValue: 1 << 23)
  /// HorizontalPodAutoscalers were looked at.
  public static let autoscaling = Usage(rawValue: 1 << 29)
  /// Pods were given up that the cloud didn't start in time.
  public static let fallback = Usage(rawValue: 1 << 30)
  /// Scalers set a workload's number of Pods ahead of its load.
  public static let scalers = Usage(rawValue: 1 << 31)
  /// Pods ran at the spot price.
  public static let spot = Usage(rawValue: 1 << 32)
  /// Reports crossed a link on their way to the API server.
  public static let remoteReports = Usage(rawValue: 1 << 46)
  /// Requests crossed a link.
  public static let remoteRequests = Usage(rawValue: 1 << 56)
  /// Renewals of leases crossed a link.
  public static let leases = Usage(rawValue: 1 << 57)
  /// What nodes watch crossed a link.
  public static let watches = Usage(rawValue: 1 << 58)
  /// Calls to create Pods crossed a link.
  public static let remoteCreates = Usage(rawValue: 1 << 59)
  /// Machines pulled images ahead.
  public static let preheating = Usage(rawValue: 1 << 36)
  /// Images came from peers.
  public static let sharing = Usage(rawValue: 1 << 37)
  /// A link lost packets in bursts.
  public static let lossBursts = Usage(rawValue: 1 << 35)
  /// Pods ran with GPU cards of a serverless pool.
  public static let cards = Usage(rawValue: 1 << 33)
  /// Bindings weren't answered in time.
  public static let unansweredBindings = Usage(rawValue: 1 << 45)
  /// Serverless Pods had more ephemeral storage than is free.
  public static let disks = Usage(rawValue: 1 << 50)
  /// Something was reserved.
  public static let reservations = Usage(rawValue: 1 << 51)
  /// The managed cluster had a fee.
  public static let clusterFee = Usage(rawValue: 1 << 52)
  /// Own machines were there.
  public static let ownership = Usage(rawValue: 1 << 53)

  /// The controller that creates Pods of a kind of workload.
  init(creating kind: WorkloadKind) {
    switch kind {
    case .deployment: self = .deployments
    case .replicaSet, .replicationController: self = .replicaSets
    case .statefulSet: self = .statefulSets
    case .daemonSet: self = .daemonSets
    case .job: self = .jobControl
    }
  }
}
