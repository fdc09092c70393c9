import Quantities

/// How a ``NodeLifecycleController`` works.
public struct NodeLifecycleConfiguration: Hashable, Sendable {
  /// How often nodes are looked at: `--node-monitor-period`, 5 s (E, kubespray's documentation).
  public var monitorPeriod: TimeSpan = .seconds(5)
  /// When the first look is: a period's offset, as it follows from when the manager was elected.
  public var firstMonitor: TimeSpan = .zero
  /// How long a lease that isn't renewed is borne: `--node-monitor-grace-period`, 50 s from v1.32
  /// (M), 40 s before (E).
  public var gracePeriod: TimeSpan = .seconds(50)
  /// Nodes tainted for eviction per second in a zone: `--node-eviction-rate`, 0.1 (M).
  public var evictionRate = 0.1
  /// The same where many nodes of a large zone are unhealthy: `--secondary-node-eviction-rate`, 0.01
  /// (M).
  public var secondaryEvictionRate = 0.01
  /// The share of unhealthy nodes from which on a zone is partially disrupted:
  /// `--unhealthy-zone-threshold`, 0.55 (M).
  public var unhealthyZoneThreshold = 0.55
  /// Zones with more nodes than this are large: `--large-cluster-size-threshold`, 50 (M).
  public var largeClusterSize = 50
  /// How often the queue of nodes to be tainted is looked at: 100 ms (S, `NodeEvictionPeriod`).
  public var evictionPeriod: TimeSpan = .milliseconds(100)
  /// Whether virtual nodes are neither tainted for eviction nor their Pods marked as not ready.
  /// Default true (S, tke-k8s-distro patch 0007, model card 3.2).
  public var exemptsVirtualNodes = true
  /// The defaults above.
  public init() {}
}

/// How many of a zone's nodes are healthy.
public struct ZoneCount: Hashable, BitwiseCopyable, Sendable {
  /// Nodes that are ready.
  public var ready: Int
  /// Nodes that aren't.
  public var notReady: Int
  /// A count from its parts.
  public init(ready: Int = 0, notReady: Int = 0) {
    self.ready = ready
    self.notReady = notReady
  }
}

/// How badly a zone is hit.
public enum ZoneState: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  /// Nothing is known of it yet.
  case initial
  /// Few nodes are unhealthy.
  case normal
  /// More than two nodes are unhealthy, and they are at least the threshold's share.
  case partialDisruption
  /// No node is healthy.
  case fullDisruption

  /// The state that follows from a zone's count.
  ///
  /// > Source: kube-controller-manager's `ComputeZoneState` (M).
  public init(of count: ZoneCount, threshold: Double) {
    let all = count.ready + count.notReady
    if count.ready == 0, count.notReady > 0 {
      self = .fullDisruption
    } else if count.notReady > 2, Double(count.notReady) / Double(all) >= threshold {
      self = .partialDisruption
    } else {
      self = .normal
    }
  }

  /// How many of a zone's nodes are tainted per second in this state.
  ///
  /// A zone of which no node is healthy is emptied at the full rate, as long as others are healthy.
  ///
  /// > Source: `setLimiterInZone`, `ReducedQPSFunc` and `HealthyQPSFunc` (M).
  public func evictionRate(
    ofZoneWith nodes: Int, _ configuration: NodeLifecycleConfiguration
  ) -> Double {
    switch self {
    case .initial, .normal, .fullDisruption: configuration.evictionRate
    case .partialDisruption:
      nodes > configuration.largeClusterSize ? configuration.secondaryEvictionRate : 0
    }
  }
}

/// A limit on rate with a burst of one, as each zone has it.
///
/// > Source: `RateLimitedTimedQueue.SwapLimiter` (M): a limiter that takes another's place is empty
/// > if the other was.
struct EvictionLimiter: BitwiseCopyable, Sendable {
  private(set) var rate: Double
  /// When the next node may go; `distantFuture` at a rate of zero.
  private(set) var next: Instant

  init(rate: Double, from now: Instant) {
    self.rate = rate
    next = rate > 0 ? now : .distantFuture
  }

  private var interval: TimeSpan { .seconds(1 / rate) }

  mutating func take(at now: Instant) -> Bool {
    guard rate > 0, next <= now else { return false }
    next = now + interval
    return true
  }

  mutating func swap(to newRate: Double, at now: Instant) {
    guard newRate != rate else { return }
    let wasEmpty = next > now
    rate = newRate
    if newRate <= 0 {
      next = .distantFuture
    } else {
      next = wasEmpty ? now + interval : now
    }
  }
}
