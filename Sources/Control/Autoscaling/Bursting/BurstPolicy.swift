import ClusterModel
import Quantities

/// A Pod that is about to be created and whose place a policy may have a say in.
public struct BurstCandidate: Hashable, Sendable {
  /// Which of its workload's Pods it is, from 0: the same under every policy.
  public var ordinal: Int32
  /// How many Pods held this place before.
  public var attempt: Int32
  /// The share of Pods meant for the cloud, 0 to 1, by the scenario or the workload.
  public var share: Double
  /// How many Pods of a workload stay on own nodes, by the scenario or the workload.
  public var localReplicas: Int
  /// A candidate from its parts.
  public init(ordinal: Int32, attempt: Int32 = 0, share: Double = 0, localReplicas: Int = 0) {
    self.ordinal = ordinal
    self.attempt = attempt
    self.share = share
    self.localReplicas = localReplicas
  }
}

/// Spot capacity that has a price and fails by itself: a zone's, of a make of processor.
public struct SpotCapacity: Hashable, Sendable {
  /// The zone.
  public var zone: String
  /// The make of processor; nil: the pool's own.
  public var type: String?
  /// A zone's capacity.
  public init(zone: String, type: String? = nil) {
    self.zone = zone
    self.type = type
  }
}

/// What a policy sees when it decides: counts as a watch has delivered them, metrics as late as their
/// pipeline serves them, what became of its own requests, and prices that anybody can read. Never
/// stock, future load or plans of failures.
public struct BurstSight: Hashable, Sendable {
  /// The time.
  public var now: Instant
  /// Pods of the workload bound to own nodes.
  public var own: Int
  /// Pods of the workload bound to virtual nodes.
  public var cloud: Int
  /// Pods of the workload that wait for a node.
  public var unbound: Int
  /// What metrics APIs serve of the workload; nothing under a policy that reads no metrics.
  public var metrics = BurstMetrics()
  /// When a Pod was last given up that the cloud hadn't started in time; nil: never, or so long ago
  /// that the cloud is tried again.
  public var cloudFailedAt: Instant?
  /// Capacity whose spot Pods were announced to be taken back, or weren't started in time, lately.
  public var troubled: [SpotCapacity]
  /// What spot Pods cost at present against the list price, as published, where they are cheapest.
  public var spotFactor: Double
  /// The same by zone.
  public var spotZones: [SpotZone] = []
  /// What a core and 2 GiB cost in the cloud per hour, as published.
  public var cloudPrice: Money
  /// What an own core costs per hour.
  public var ownPrice: Money
  /// A view from its parts.
  public init(
    now: Instant = .zero, own: Int = 0, cloud: Int = 0, unbound: Int = 0,
    metrics: BurstMetrics = BurstMetrics(), cloudFailedAt: Instant? = nil,
    troubled: [SpotCapacity] = [], spotFactor: Double = 0.2, spotZones: [SpotZone] = [],
    cloudPrice: Money = .zero, ownPrice: Money = .zero
  ) {
    self.now = now
    self.own = own
    self.cloud = cloud
    self.unbound = unbound
    self.metrics = metrics
    self.cloudFailedAt = cloudFailedAt
    self.troubled = troubled
    self.spotFactor = spotFactor
    self.spotZones = spotZones
    self.cloudPrice = cloudPrice
    self.ownPrice = ownPrice
  }
}

/// What a Pod's specification gets before it is stored; where it runs is the scheduler's business.
public enum BurstPlacement: Hashable, Sendable {
  /// Nothing: own nodes first, and the toleration of virtual nodes when none takes it.
  case asWritten
  /// Required affinity that keeps it off virtual nodes.
  case ownNodes
  /// The toleration, and a node selector for virtual nodes.
  case virtualNodes
  /// The toleration, and a preference for virtual nodes with the greatest weight.
  case virtualNodesPreferred
  /// The toleration, a node selector for virtual nodes of a zone, and TKE's annotations for spot Pods
  /// and, if one is named, for a make of processor.
  case spot(SpotCapacity)
  /// The annotations that make the scheduler's plugin LocalReplicas keep so many Pods local.
  case localReplicas(Int)

  /// A zone's spot capacity of the pool's own make.
  public static func spot(zone: String) -> BurstPlacement { .spot(SpotCapacity(zone: zone)) }

  /// The annotation for spot Pods.
  static let spotKey = "eks.tke.cloud.tencent.com/spot-pod"
  /// The annotation for makes of processor.
  static let typeKey = "eks.tke.cloud.tencent.com/cpu-type"

  /// The label that tells virtual nodes from others.
  ///
  /// > Source: tke-k8s-distro (S, model card 3.2).
  static let label = "node.kubernetes.io/instance-type"

  /// Writes it into a Pod's specification.
  public func apply(to template: inout PodTemplate) {
    let tolerated = VirtualNodeTolerationConfiguration.toleration
    switch self {
    case .asWritten: break
    case .ownNodes:
      let own = SelectorRequirement(key: Self.label, comparison: .notIn, values: ["eklet"])
      var terms = template.affinity.requiredNodeTerms ?? [NodeSelectorTerm()]
      for index in terms.indices { terms[index].matchExpressions.append(own) }
      template.affinity.requiredNodeTerms = terms
    case .virtualNodes:
      template.tolerations.append(tolerated)
      template.nodeSelector[Self.label] = "eklet"
    case .virtualNodesPreferred:
      template.tolerations.append(tolerated)
      let virtual = SelectorRequirement(key: Self.label, comparison: .isIn, values: ["eklet"])
      template.affinity.preferredNodeTerms.append(
        PreferredNodeTerm(weight: 100, preference: NodeSelectorTerm(matchExpressions: [virtual])))
    case .spot(let capacity):
      template.tolerations.append(tolerated)
      template.nodeSelector[Self.label] = "eklet"
      template.nodeSelector["topology.kubernetes.io/zone"] = capacity.zone
      template.annotations[Self.spotKey] = "true"
      if let type = capacity.type { template.annotations[Self.typeKey] = type }
    case .localReplicas(let count):
      template.annotations[EksConfig.switchKey] = "true"
      template.annotations[EksConfig.replicasKey] = String(count)
    }
  }
}

/// Decides for every new Pod whether its specification leads it to own nodes or to the cloud.
///
/// It acts as a mutating admission webhook does: before the Pod is stored, knowing what a watch has
/// delivered. It draws nothing and reads no clock, so the same Pod seen alike gets the same answer.
public protocol BurstPolicy: Sendable {
  /// Whether its answers depend on ``BurstSight/metrics``: a run in which nobody reads metrics makes
  /// none. Default true.
  var readsMetrics: Bool { get }
  /// What a Pod's specification gets.
  mutating func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement
}

extension BurstPolicy {
  /// It reads metrics.
  public var readsMetrics: Bool { true }
}
