import ClusterModel
import Quantities

/// How a ``BurstController`` decides.
public struct BurstConfiguration: Sendable {
  /// The annotation by which a Pod's template chooses another policy than the scenario's.
  public static let policyKey = "spillway.sim/burst-policy"
  /// The annotation by which a Pod's template chooses another share, 0 to 1.
  public static let shareKey = "spillway.sim/burst-share"

  /// The policy of workloads that don't choose one. Default ``BurstPolicyName/idcFirst``.
  public var policy = BurstPolicyName.idcFirst
  /// The policies that can be chosen. Default those that come with Spillway.
  public var policies = BurstPolicies.builtIn
  /// Whether the policy never changes a Pod's specification, so that it needn't be asked.
  public var isPassive = true
  /// Which switch table holds. Default v1.0.0.
  public var profile = ResilienceProfile.v1
  /// How many Pods of a workload stay on own nodes under ``BurstPolicyName/keepLocal``. Default 1.
  public var localReplicas = 1
  /// The share of Pods meant for the cloud under ``BurstPolicyName/weighted``. Default 0.5.
  public var share = 0.5
  /// How long a Pod bound to a virtual node may take to run before it is given up; nil: for ever,
  /// as `eklet` has it.
  public var fallbackAfter: TimeSpan?
  /// How long after a Pod was given up new ones stay on own nodes. Default 10 min.
  public var fallbackHold = TimeSpan.minutes(10)
  /// How Jobs that have to be done by a time use spot capacity; nil: no Job has a deadline.
  public var deadline: DeadlineConfiguration?
  /// How ``BurstPolicyName/spotAware`` works.
  public var spot = SpotAware()
  /// What spot Pods cost, pool by pool; nothing: 0.2 of the list price.
  public var spotPrices: [SpotPriceCourse] = []
  /// What a core and 2 GiB cost in the cloud per hour.
  public var cloudPrice = Money.zero
  /// What an own core costs per hour.
  public var ownPrice = Money.zero
  /// Where the series about workloads' requests are found.
  public var requestSeries: [RequestSeries] = []
  /// The metric of requests per second of an object.
  public var rateMetric = MetricIdentifier(name: "http_requests_per_second")
  /// The metric of the 95th percentile of the seconds until an answer.
  public var latencyMetric = MetricIdentifier(name: "http_request_duration_p95_seconds")
  /// The defaults above.
  public init() {}

  /// What a template says for itself, in place of the scenario.
  struct Override: Sendable {
    var policy: BurstPolicyName?
    var share: Double?
    /// Whether nothing may be written into its Pods.
    var isLeftAlone = false
    /// What TKE's own switches ask of the plugin LocalReplicas beyond what the Pod says itself.
    var localReplicas: Int?
  }

  /// What a template says, and what `eks-config` adds.
  func override(of template: PodTemplate, under cluster: EksConfig) -> Override {
    var result = Override()
    let annotations = template.annotations
    result.policy = annotations[Self.policyKey].map(BurstPolicyName.init(rawValue:))
    result.share = annotations[Self.shareKey].flatMap { Double($0) }
    let limits = VirtualNodeTolerationConfiguration(profile: profile)
    switch limits.refusal(of: template) {
    case .namespace, .port, .fixedAddress, .alreadyTolerates: result.isLeftAlone = true
    case .switchedOff, nil: break
    }
    if template.nodeSelector[BurstPlacement.label] != nil { result.isLeftAlone = true }
    if annotations[EksConfig.switchKey] != nil { result.isLeftAlone = true }
    let own = EksConfig.replicas(annotations[EksConfig.replicasKey])
    if let asked = profile.localReplicas(cluster: cluster, pod: annotations), asked > 0,
      own != asked || annotations[EksConfig.switchKey] == nil
    {
      result.localReplicas = asked
    }
    return result
  }
}
