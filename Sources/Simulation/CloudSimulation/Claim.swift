import Quantities

/// A statement about a run that is to be checked, such as "more than 1,000 Pods a minute".
public struct Claim: Hashable, Sendable {
  /// What a claim can be about.
  public enum Metric: String, Hashable, Sendable, CaseIterable {
    /// Pods per minute between the 10th and the 90th percentile of the burst's Ready instants.
    case sustained
    /// The most Pods Ready in any 60 seconds.
    case bestMinute
    /// The fewest Pods Ready in any 60 seconds between the two percentiles.
    case worstMinute
    /// Seconds from the first request until the last Pod of the burst is Ready.
    case absorb
    /// Share of the burst's Pods that are Ready at the horizon.
    case plateau
    /// Pods of the burst that are Ready at the horizon.
    case ready
    /// What the burst costs, in units of the currency.
    case cost
    /// What is paid and the share of what is owned, in units of the currency.
    case costAmortised
    /// What is paid for every Job that was completed, in units of the currency.
    case costPerJob
    /// Jobs that weren't complete by the deadline of `burst.deadline`.
    case lateJobs
    /// The 95th percentile of seconds from request to Ready.
    case startP95
    /// Minutes in which too many requests were late, failed or dropped.
    case sloMinutes
    /// Median of seconds from a request's first try to its answer, of those answered.
    case latencyP50
    /// The 95th percentile of them.
    case latencyP95
    /// The 99th percentile of them.
    case latencyP99
    /// The share of requests that failed or were dropped.
    case errorShare

    /// Mean seconds that jobs wait in a batch queue.
    case batchWait
    /// Mean bounded slowdown of a batch queue's jobs.
    case batchSlowdown
    /// Seconds from the first job's submission to the last one's end.
    case batchMakespan

    /// Whether it is about a batch queue's jobs instead of Pods.
    public var isAboutBatch: Bool {
      switch self {
      case .batchWait, .batchSlowdown, .batchMakespan: true
      default: false
      }
    }

    /// Whether it is an amount of money.
    public var isMoney: Bool {
      self == .cost || self == .costPerJob || self == .costAmortised
    }

    /// Whether it is about requests instead of Pods.
    public var isAboutRequests: Bool {
      switch self {
      case .sloMinutes, .latencyP50, .latencyP95, .latencyP99, .errorShare: true
      default: false
      }
    }
    /// Share of the load's bound Pods that are on virtual nodes at the horizon.
    case cloudShare
    /// The most Pods of the load's target on own nodes at once.
    case ownPeak
    /// Minutes in which fewer Pods were Ready than the load asked for.
    case shortMinutes
    /// Pods missing against what the load asked for, times the minutes that they were missing.
    case shortPodMinutes
    /// Ready Pods beyond what the load asked for, times the minutes that they were kept.
    case sparePodMinutes

    /// Whether it is about the levels of the load's target rather than the Pods of its burst.
    public var isOfLevels: Bool {
      switch self {
      case .cloudShare, .ownPeak, .shortMinutes, .shortPodMinutes, .sparePodMinutes: true
      default: false
      }
    }
  }
  /// Which side of the threshold is good.
  public enum Bound: Hashable, Sendable {
    case above(Double)
    case below(Double)
  }

  /// The claim's name.
  public var name: String
  /// What it is about. Default `sustained`.
  public var metric: Metric = .sustained
  /// What it is compared with, in the metric's unit.
  public var bound: Bound = .above(0)
  /// The share of replications that must meet it. Default 0.95.
  public var share: Double = 0.95
  /// The confidence of the verdict. Default 0.95.
  public var confidence: Double = 0.95
  /// The load whose burst is meant; nil: the only step.
  public var load: String?
  /// The batch queue that is meant by a metric about one; nil: the only one.
  public var queue: String?
  /// When the window begins; nil: with the load.
  public var from: TimeSpan?
  /// When the window ends; nil: at the horizon.
  public var to: TimeSpan?
  /// Sites whose Pods count, besides those bound nowhere; empty: all.
  public var sites: [String] = []
  /// A claim with a name.
  public init(name: String) { self.name = name }
}

/// A limit that may be moved, and what moving it costs: a rung of the ladder.
public struct Lever: Hashable, Sendable {
  /// The parameter's path.
  public var path: String
  /// The values it may take, in the order in which they are taken, as written.
  public var values: [String]
  /// What it costs, as written.
  public var price: String?
  /// How long it takes to get, as written.
  public var leadTime: String?
  /// A lever without values.
  public init(path: String, values: [String] = []) {
    self.path = path
    self.values = values
  }
}
