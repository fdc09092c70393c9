import ClusterModel
import Quantities

/// The policies that come with Spillway, by the words that scenarios and annotations use.
public enum BurstPolicyName: String, Hashable, Sendable, CaseIterable {
  /// Own nodes first; what they don't take overflows. The default, and TKE's without annotations.
  case idcFirst
  /// The cloud first; own nodes while the cloud fails.
  case cloudFirst
  /// The cloud alone, as `AUTO_SCALE_EKS: "true"` without `LOCAL_REPLICAS` has it.
  case cloudOnly
  /// So many replicas of a workload on own nodes, the others in the cloud: `LOCAL_REPLICAS`.
  case keepLocal
  /// A share of each workload's Pods in the cloud from the start.
  case weighted
  /// A base on demand and a share of the others on spot capacity, over zones.
  case spotAware

  /// A policy that has seen nothing yet.
  public func policy() -> any BurstPolicy {
    switch self {
    case .idcFirst: IDCFirst()
    case .cloudFirst: CloudFirst()
    case .cloudOnly: CloudOnly()
    case .keepLocal: KeepLocal()
    case .weighted: Weighted()
    case .spotAware: SpotAware()
    }
  }
}

/// Own nodes first. While the cloud fails, own nodes only: a Pod that waits there is at least not
/// bound to where nothing starts.
public struct IDCFirst: BurstPolicy {
  /// The policy.
  public init() {}
  /// Nothing, or own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil ? .asWritten : .ownNodes
  }
}

/// The cloud first, by the greatest preference; own nodes take what virtual nodes don't.
public struct CloudFirst: BurstPolicy {
  /// The policy.
  public init() {}
  /// A preference for virtual nodes, or own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil ? .virtualNodesPreferred : .ownNodes
  }
}

/// The cloud alone, whatever becomes of it.
public struct CloudOnly: BurstPolicy {
  /// The policy.
  public init() {}
  /// Virtual nodes.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    .virtualNodes
  }
}

/// So many replicas on own nodes, through the scheduler's plugin; own nodes only while the cloud
/// fails.
public struct KeepLocal: BurstPolicy {
  /// The policy.
  public init() {}
  /// The plugin's annotations, or own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil ? .localReplicas(pod.localReplicas) : .ownNodes
  }
}

/// A share of the Pods in the cloud, spread evenly over a workload's places: the k-th place is one of
/// them where ⌊(k + 1)·share⌋ > ⌊k·share⌋, so that of any first n places ⌊n·share⌋ are.
public struct Weighted: BurstPolicy {
  /// The policy.
  public init() {}
  /// Virtual nodes for the share, nothing for the others; own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    guard sight.cloudFailedAt == nil else { return .ownNodes }
    let before = (Double(pod.ordinal) * pod.share).rounded(.down)
    let after = (Double(pod.ordinal + 1) * pod.share).rounded(.down)
    return after > before ? .virtualNodes : .asWritten
  }
}
