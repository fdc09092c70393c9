import ClusterModel
import Quantities

/// The word by which scenarios and annotations choose a ``BurstPolicy``.
public struct BurstPolicyName: RawRepresentable, Hashable, Sendable {
  /// The word.
  public let rawValue: String
  /// A policy's word, which needn't be one of those that come with Spillway.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Own nodes first; what they don't take overflows. The default, and TKE's without annotations.
  public static let idcFirst = Self(rawValue: "idcFirst")
  /// The cloud first; own nodes while the cloud fails.
  public static let cloudFirst = Self(rawValue: "cloudFirst")
  /// The cloud alone, as `AUTO_SCALE_EKS: "true"` without `LOCAL_REPLICAS` has it.
  public static let cloudOnly = Self(rawValue: "cloudOnly")
  /// So many replicas of a workload on own nodes, the others in the cloud: `LOCAL_REPLICAS`.
  public static let keepLocal = Self(rawValue: "keepLocal")
  /// A share of each workload's Pods in the cloud from the start.
  public static let weighted = Self(rawValue: "weighted")
  /// A base on demand and a share of the others on spot capacity, over zones and types.
  public static let spotAware = Self(rawValue: "spotAware")
}

/// The policies that a scenario can choose among, by name.
public struct BurstPolicies: Sendable {
  private var entries: [(name: BurstPolicyName, policy: any BurstPolicy)]

  /// The policies that come with Spillway.
  public static let builtIn = BurstPolicies(entries: [
    (.idcFirst, IDCFirst()), (.cloudFirst, CloudFirst()), (.cloudOnly, CloudOnly()),
    (.keepLocal, KeepLocal()), (.weighted, Weighted()), (.spotAware, SpotAware()),
  ])

  /// The names in the order in which they were registered, those of Spillway first.
  public var names: [BurstPolicyName] { entries.map(\.name) }

  /// Adds a policy under a name, or puts it in the place of the one that has it.
  public mutating func register(_ policy: any BurstPolicy, as name: BurstPolicyName) {
    if let index = entries.firstIndex(where: { $0.name == name }) {
      entries[index].policy = policy
    } else {
      entries.append((name, policy))
    }
  }

  /// The policy of a name; nil if none has it.
  public subscript(name: BurstPolicyName) -> (any BurstPolicy)? {
    entries.first { $0.name == name }?.policy
  }

  /// Whether one of the policies reads metrics.
  public var anyReadsMetrics: Bool { entries.contains { $0.policy.readsMetrics } }

  /// Whether the policy of a name reads metrics.
  public func readsMetrics(_ name: BurstPolicyName) -> Bool { self[name]?.readsMetrics ?? false }

  /// What the policy of a name gives a Pod; nothing if none has it.
  mutating func placement(
    by name: BurstPolicyName, of pod: BurstCandidate, seeing sight: BurstSight
  ) -> BurstPlacement {
    guard let index = entries.firstIndex(where: { $0.name == name }) else { return .asWritten }
    return entries[index].policy.placement(of: pod, seeing: sight)
  }
}

/// Own nodes first. While the cloud fails, own nodes only: a Pod that waits there is at least not
/// bound to where nothing starts.
public struct IDCFirst: BurstPolicy {
  /// The policy.
  public init() {}
  /// It doesn\'t.
  public var readsMetrics: Bool { false }
  /// Nothing, or own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil ? .asWritten : .ownNodes
  }
}

/// The cloud first, by the greatest preference; own nodes take what virtual nodes don't.
public struct CloudFirst: BurstPolicy {
  /// The policy.
  public init() {}
  /// It doesn\'t.
  public var readsMetrics: Bool { false }
  /// A preference for virtual nodes, or own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil ? .virtualNodesPreferred : .ownNodes
  }
}

/// The cloud alone, whatever becomes of it.
public struct CloudOnly: BurstPolicy {
  /// The policy.
  public init() {}
  /// It doesn\'t.
  public var readsMetrics: Bool { false }
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
  /// It doesn\'t.
  public var readsMetrics: Bool { false }
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
  /// It doesn\'t.
  public var readsMetrics: Bool { false }
  /// Virtual nodes for the share, nothing for the others; own nodes only while the cloud fails.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    guard sight.cloudFailedAt == nil else { return .ownNodes }
    let before = (Double(pod.ordinal) * pod.share).rounded(.down)
    let after = (Double(pod.ordinal + 1) * pod.share).rounded(.down)
    return after > before ? .virtualNodes : .asWritten
  }
}
