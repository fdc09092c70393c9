import ClusterModel
import Quantities

/// How a ``VirtualNodeTolerationController`` decides, and how fast it works.
public struct VirtualNodeTolerationConfiguration: Hashable, Sendable {
  /// The taint of virtual nodes.
  ///
  /// > Source: `tke-resilience` (S, model cards §3.5).
  public static let taint = Taint(key: "eks.tke.cloud.tencent.com/eklet", effect: .noSchedule)
  /// The toleration that ``ClusterCommand/tolerateVirtualNodes(_:)`` stands for.
  public static let toleration = Toleration(
    key: taint.key, comparison: .exists, effect: taint.effect)

  /// Which switch table holds. Default v1.0.0.
  public var profile: ResilienceProfile
  /// How many Pods are worked on at once; nil for no limit. Default 5.
  ///
  /// > Source: chart `eks-admission-deployment.yaml`, concurrent reconciles (S, model cards §2.1).
  public var workers: Int?
  /// API calls that a Pod costs: reads, and the write last. Default 2.
  ///
  /// > Source: model cards §2.1, "× ~2 calls" (M).
  public var callsPerPod: Int
  /// The first back-off of a Pod whose write was refused; it doubles. Default 5 ms.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var initialBackoff: TimeSpan
  /// The longest back-off. Default 1000 s.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var maxBackoff: TimeSpan

  /// The chart's defaults.
  public init(
    profile: ResilienceProfile = .v1, workers: Int? = 5,
    callsPerPod: Int = 2, initialBackoff: TimeSpan = .milliseconds(5),
    maxBackoff: TimeSpan = .seconds(1000)
  ) {
    precondition(workers ?? 1 > 0 && callsPerPod > 0, "a toleration takes a worker and a call")
    precondition(initialBackoff > .zero && maxBackoff >= initialBackoff, "a back-off takes time")
    self.profile = profile
    self.workers = workers
    self.callsPerPod = callsPerPod
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
  }

  /// Why a Pod stays without the toleration.
  public enum Refusal: Hashable, Sendable {
    /// It has it.
    case alreadyTolerates
    /// The switches say no.
    case switchedOff
    /// Its namespace stays on the own machines.
    case namespace
    /// A container listens on a port that the serverless pool keeps for itself, is probed there, or
    /// may be given one for its connections.
    case port
    /// Its address is fixed, and belongs to the own network.
    case fixedAddress
  }

  /// Namespaces whose Pods stay on the own machines.
  ///
  /// > Source: placement limits of virtual nodes (D, model cards §3.5).
  public static let localNamespaces = ["kube-system", "tke-eni-ip-webhook"]
  /// Ports that the serverless pool keeps for itself.
  ///
  /// > Source: placement limits of virtual nodes (D, model cards §3.5).
  public static let reservedPorts: ClosedRange<Int32> = 61000...65534

  /// The annotation of Pods with a fixed address in the own network.
  ///
  /// > Source: document 457/42975 (D): such Pods can't go to virtual nodes.
  public static let fixedAddressKey = "tke.cloud.tencent.com/vpc-ip-claim-delete-policy"

  /// Why Pods of a template stay without the toleration, or nil if they get it when no node takes
  /// them.
  ///
  /// That a volume's kind keeps a Pod local (all but NFS, CephFS, hostPath and CBS do) isn't known
  /// here: the cluster's persistent volumes aren't modelled.
  /// - Parameter cluster: what `eks-config` says.
  public func refusal(
    of template: PodTemplate, under cluster: EksConfig = EksConfig()
  ) -> Refusal? {
    if template.tolerations.contains(where: { $0.tolerates(Self.taint) }) {
      return .alreadyTolerates
    }
    if Self.localNamespaces.contains(template.namespace) { return .namespace }
    if let range = template.localPorts, range.overlaps(Self.reservedPorts) { return .port }
    for container in template.containers + template.initContainers {
      let ports = container.containerPorts + container.hostPorts.map(\.port)
      if ports.contains(where: Self.reservedPorts.contains) { return .port }
    }
    if template.annotations[Self.fixedAddressKey] != nil { return .fixedAddress }
    let written = template.annotations[EksConfig.switchKey]
    let isAllowed = profile.allowsBurst(
      cluster: cluster.autoScale, pod: EksConfig.switchValue(written))
    return isAllowed ? nil : .switchedOff
  }
}
