import Quantities

/// The object whose scale an autoscaler sets, in the autoscaler's namespace.
public struct CrossVersionObjectReference: Hashable, Sendable {
  /// Its API version, such as `apps/v1`.
  public var apiVersion: String
  /// Its kind, such as `Deployment`.
  public var kind: String
  /// Its name.
  public var name: String
  /// A reference from its parts.
  public init(apiVersion: String = "apps/v1", kind: String, name: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
  }
}

/// What a metric is to be kept at.
public enum MetricTarget: Hashable, Sendable {
  /// A percentage of what the Pods request.
  case averageUtilization(Int32)
  /// So much per Pod, in thousandths of the metric's unit.
  case averageValue(milli: Int64)
  /// So much in all, in thousandths of the metric's unit.
  case value(milli: Int64)
}

/// One metric that an autoscaler follows (`spec.metrics[]`).
public enum MetricSpec: Hashable, Sendable {
  /// A resource that all containers of the Pods use.
  case resource(name: String, target: MetricTarget)
  /// A resource that one container of each Pod uses.
  case containerResource(name: String, container: String, target: MetricTarget)
  /// A custom metric of the Pods.
  case pods(MetricIdentifier, target: MetricTarget)
  /// A custom metric of another object.
  case object(CrossVersionObjectReference, MetricIdentifier, target: MetricTarget)
  /// A metric of something outside the cluster.
  case external(MetricIdentifier, target: MetricTarget)

  /// What it is to be kept at.
  public var target: MetricTarget {
    switch self {
    case .resource(_, let target), .containerResource(_, _, let target), .pods(_, let target),
      .object(_, _, let target), .external(_, let target):
      target
    }
  }
}

/// A bound on how many replicas may come or go in a period.
public struct HPAScalingPolicy: Hashable, Sendable {
  /// What the bound counts.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case pods = "Pods"
    case percent = "Percent"
  }
  /// What the bound counts.
  public var kind: Kind
  /// How many, or how many per cent of the replicas at the period's start.
  public var value: Int32
  /// The period in seconds.
  public var periodSeconds: Int32
  /// A policy from its parts.
  public init(_ kind: Kind, value: Int32, periodSeconds: Int32) {
    self.kind = kind
    self.value = value
    self.periodSeconds = periodSeconds
  }
}

/// How an autoscaler scales in one direction.
public struct HPAScalingRules: Hashable, Sendable {
  /// Which of several policies counts.
  public enum SelectPolicy: String, Hashable, Sendable, CaseIterable {
    case max = "Max"
    case min = "Min"
    case disabled = "Disabled"
  }
  /// For how many seconds earlier recommendations restrain; nil: as long as the controller's
  /// downscale stabilisation.
  public var stabilizationWindowSeconds: Int32?
  /// Which of several policies counts. Default `Max`.
  public var selectPolicy: SelectPolicy
  /// The bounds.
  public var policies: [HPAScalingPolicy]
  /// How far the ratio may be off without any action; nil: the controller's tolerance.
  public var tolerance: Double?

  /// Rules from their parts.
  public init(
    stabilizationWindowSeconds: Int32?, selectPolicy: SelectPolicy = .max,
    policies: [HPAScalingPolicy], tolerance: Double? = nil
  ) {
    self.stabilizationWindowSeconds = stabilizationWindowSeconds
    self.selectPolicy = selectPolicy
    self.policies = policies
    self.tolerance = tolerance
  }

  /// Scaling up without a word from the user: at once, by four Pods or double in 15 s.
  ///
  /// > Source: defaulting of autoscaling/v2 (S, semantics of v1.36).
  public static let defaultScaleUp = HPAScalingRules(
    stabilizationWindowSeconds: 0,
    policies: [
      HPAScalingPolicy(.pods, value: 4, periodSeconds: 15),
      HPAScalingPolicy(.percent, value: 100, periodSeconds: 15),
    ])
  /// Scaling down without a word from the user: after the controller's window, by any number.
  ///
  /// > Source: defaulting of autoscaling/v2 (S, semantics of v1.36).
  public static let defaultScaleDown = HPAScalingRules(
    stabilizationWindowSeconds: nil,
    policies: [HPAScalingPolicy(.percent, value: 100, periodSeconds: 15)])
}

/// How an autoscaler scales, where its user says anything about it (`spec.behavior`).
public struct HorizontalPodAutoscalerBehavior: Hashable, Sendable {
  /// Scaling up.
  public var scaleUp: HPAScalingRules
  /// Scaling down.
  public var scaleDown: HPAScalingRules
  /// The defaults of a direction of which nothing is said.
  public init(
    scaleUp: HPAScalingRules = .defaultScaleUp, scaleDown: HPAScalingRules = .defaultScaleDown
  ) {
    self.scaleUp = scaleUp
    self.scaleDown = scaleDown
  }
}

/// What an autoscaler's user asks for.
public struct HorizontalPodAutoscalerSpec: Hashable, Sendable {
  /// Whose scale it sets.
  public var target: CrossVersionObjectReference
  /// The fewest replicas. Default 1.
  public var minReplicas: Int32
  /// The most replicas.
  public var maxReplicas: Int32
  /// What it follows. Default: CPU at 80 % of the requests.
  ///
  /// > Source: defaulting of autoscaling/v2 (S).
  public var metrics: [MetricSpec]
  /// How it scales; nil: without policies.
  public var behavior: HorizontalPodAutoscalerBehavior?

  /// What a user asks for, with Kubernetes' defaults.
  public init(
    target: CrossVersionObjectReference, minReplicas: Int32 = 1, maxReplicas: Int32,
    metrics: [MetricSpec] = [.resource(name: "cpu", target: .averageUtilization(80))],
    behavior: HorizontalPodAutoscalerBehavior? = nil
  ) {
    self.target = target
    self.minReplicas = minReplicas
    self.maxReplicas = maxReplicas
    self.metrics = metrics
    self.behavior = behavior
  }
}

/// What an autoscaler last saw of a metric, in thousandths of its unit; all nil: the query failed.
public struct MetricStatus: Hashable, BitwiseCopyable, Sendable {
  /// The value in all.
  public var value: Int64?
  /// The value per Pod.
  public var averageValue: Int64?
  /// The percentage of what the Pods request.
  public var averageUtilization: Int32?
  /// A metric whose query failed.
  public init() {}
  /// Whether the query failed.
  public var isEmpty: Bool { self == MetricStatus() }
}

/// A condition of an autoscaler.
public struct HorizontalPodAutoscalerCondition: Hashable, BitwiseCopyable, Sendable {
  /// What is said.
  public enum Kind: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
    case ableToScale = "AbleToScale"
    case scalingActive = "ScalingActive"
    case scalingLimited = "ScalingLimited"
  }
  /// Why, as Kubernetes spells it.
  public enum Reason: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
    case succeededGetScale = "SucceededGetScale"
    case failedGetScale = "FailedGetScale"
    case succeededRescale = "SucceededRescale"
    case failedUpdateScale = "FailedUpdateScale"
    case readyForNewScale = "ReadyForNewScale"
    case scaleUpStabilized = "ScaleUpStabilized"
    case scaleDownStabilized = "ScaleDownStabilized"
    case scalingDisabled = "ScalingDisabled"
    case validMetricFound = "ValidMetricFound"
    case invalidSelector = "InvalidSelector"
    case ambiguousSelector = "AmbiguousSelector"
    case failedGetResourceMetric = "FailedGetResourceMetric"
    case failedGetContainerResourceMetric = "FailedGetContainerResourceMetric"
    case failedGetPodsMetric = "FailedGetPodsMetric"
    case failedGetObjectMetric = "FailedGetObjectMetric"
    case failedGetExternalMetric = "FailedGetExternalMetric"
    case desiredWithinRange = "DesiredWithinRange"
    case scaleUpLimit = "ScaleUpLimit"
    case scaleDownLimit = "ScaleDownLimit"
    case tooManyReplicas = "TooManyReplicas"
    case tooFewReplicas = "TooFewReplicas"
  }
  /// What is said.
  public var kind: Kind
  /// Whether it is so.
  public var isTrue: Bool
  /// Why.
  public var reason: Reason
  /// When it last became or ceased to be so.
  public var lastTransition: Instant
  /// A condition from its parts.
  public init(_ kind: Kind, _ isTrue: Bool, _ reason: Reason, lastTransition: Instant) {
    self.kind = kind
    self.isTrue = isTrue
    self.reason = reason
    self.lastTransition = lastTransition
  }
}

/// What an autoscaler's controller last found and did.
public struct HorizontalPodAutoscalerStatus: Hashable, Sendable {
  /// Replicas the target wanted at the last sync.
  public var currentReplicas: Int32 = 0
  /// Replicas asked for at the last sync.
  public var desiredReplicas: Int32 = 0
  /// What was last seen of each metric, in the order of the specification.
  public var currentMetrics: [MetricStatus] = []
  /// Conditions, in the order of first use.
  public var conditions: [HorizontalPodAutoscalerCondition] = []
  /// When it last changed the scale.
  public var lastScaleTime: Instant?
  /// Nothing found yet.
  public init() {}
}

/// A HorizontalPodAutoscaler as the API server holds it.
public struct HorizontalPodAutoscaler: Sendable {
  /// Who it is.
  public let id: HorizontalPodAutoscalerID
  /// Its namespace.
  public let namespace: String
  /// Its name.
  public let name: String
  /// What its user asks for.
  public var spec: HorizontalPodAutoscalerSpec
  /// What its controller last found and did.
  public var status: HorizontalPodAutoscalerStatus
  /// Counts the changes of this object.
  public var version: UInt32
}

/// A HorizontalPodAutoscaler as its manifest gives it.
public struct HorizontalPodAutoscalerObject: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// What its user asks for.
  public var spec: HorizontalPodAutoscalerSpec
  /// An object from its parts.
  public init(namespace: String = "default", name: String, spec: HorizontalPodAutoscalerSpec) {
    self.namespace = namespace
    self.name = name
    self.spec = spec
  }
}
