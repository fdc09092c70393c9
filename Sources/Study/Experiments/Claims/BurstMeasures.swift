import CloudSimulation
import Quantities

/// Everything about a burst, in one replication, that a claim can be about.
public struct BurstMeasures: Hashable, Sendable {
  /// How fast its Pods became Ready.
  public let rates: BurstRates
  /// How many of them did.
  public let ready: Int
  /// Seconds from the first request until the last Pod was Ready; nil if that never comes.
  public let absorb: Double?
  /// Median of the seconds from request to Ready; nil if half of the Pods never are.
  public let startP50: Double?
  /// Their 95th percentile; nil if more than 5 % of the Pods never are Ready.
  public let startP95: Double?
  /// What the run costs, in units of the currency.
  public let cost: Double
  /// What it costs with the share of what is owned.
  public let costAmortised: Double
  /// What it costs for every completed Job; nil without one.
  public let costPerJob: Double?
  /// Jobs that weren't complete by their deadline.
  public let lateJobs: Int?
  /// What became of the requests in its window; nil if it isn't about requests.
  public let requests: RequestResult?
  /// What became of a batch queue's jobs; nil if it isn't about one.
  public let batch: BatchResult?
  /// Where the load's Pods ran and how far they fell short; nil where that wasn't measured.
  public let levels: LevelMeasures?

  /// The metrics' averages over several replications, by the order of the metrics; empty: it is one.
  private var averages: [Double?] = []

  /// The measures of a burst in several replications together: every metric is the average over
  /// them, and doesn't exist if it doesn't in one of them.
  ///
  /// - Precondition: at least one replication.
  init(averaging measures: [BurstMeasures]) {
    self = measures[0]
    guard measures.count > 1 else { return }
    averages = Claim.Metric.allCases.map { metric in Blocks.average(measures.map { $0[metric] }) }
  }

  /// The measures of a burst.
  public init(_ burst: BurstResult) {
    rates = BurstRates(places: burst.places, ready: burst.ready)
    ready = burst.ready.count
    if let first = burst.firstAsked, let last = burst.ready.last, ready == burst.places {
      absorb = (Instant(nanoseconds: last) - first).seconds
    } else {
      absorb = nil
    }
    startP50 = Self.quantile(burst.starts, of: burst.places, 0.5)
    startP95 = Self.quantile(burst.starts, of: burst.places, 0.95)
    cost = burst.cost.units
    costAmortised = burst.amortised.units
    costPerJob = burst.costPerJob
    lateJobs = burst.lateJobs
    requests = burst.requests
    batch = burst.batch
    levels = burst.levels
  }

  /// The share of its Pods that are Ready at the end; nil for a burst without Pods.
  public var plateau: Double? {
    rates.places > 0 ? Double(ready) / Double(rates.places) : nil
  }

  /// The value of a claim's metric, in the metric's unit; nil if it doesn't exist.
  public subscript(metric: Claim.Metric) -> Double? {
    if !averages.isEmpty, let index = Claim.Metric.allCases.firstIndex(of: metric) {
      return averages[index]
    }
    return one(metric)
  }

  private func one(_ metric: Claim.Metric) -> Double? {
    switch metric {
    case .sustained: rates.sustained
    case .bestMinute: rates.bestMinute
    case .worstMinute: rates.worstMinute
    case .absorb: absorb
    case .plateau: plateau
    case .ready: Double(ready)
    case .cost: cost
    case .costAmortised: costAmortised
    case .costPerJob: costPerJob
    case .lateJobs: lateJobs.map { Double($0) }
    case .startP95: startP95
    case .sloMinutes, .latencyP50, .latencyP95, .latencyP99, .errorShare:
      requests.flatMap { $0[metric] }
    case .cloudShare: levels?.cloudShare
    case .ownPeak: levels.map { Double($0.ownPeak) }
    case .shortMinutes: levels?.shortMinutes
    case .shortPodMinutes: levels?.shortPodMinutes
    case .sparePodMinutes: levels?.sparePodMinutes
    case .batchWait: batch?.wait
    case .batchSlowdown: batch?.slowdown
    case .batchMakespan: batch?.makespan
    }
  }

  /// The type-7 quantile over all places, those that never become Ready last.
  private static func quantile(_ starts: [Int64], of places: Int, _ p: Double) -> Double? {
    guard places > 0 else { return nil }
    let rank = p * Double(places - 1)
    let below = Int(rank)
    let fraction = rank - Double(below)
    let above = fraction > 0 ? below + 1 : below
    guard above < starts.count else { return nil }
    let low = Double(starts[below])
    return (low + (Double(starts[above]) - low) * fraction) / 1e9
  }
}

extension RequestResult {
  /// The value of a metric about requests; nil if it doesn't exist.
  public subscript(metric: Claim.Metric) -> Double? {
    switch metric {
    case .sloMinutes: Double(sloMinutes)
    case .latencyP50: latency(0.5)
    case .latencyP95: latency(0.95)
    case .latencyP99: latency(0.99)
    case .errorShare: errorShare
    default: nil
    }
  }
}

extension Claim.Metric {
  /// The unit of its values; a cost's is the currency.
  func unit(currency: String) -> String {
    switch self {
    case .sustained, .bestMinute, .worstMinute: "Pods/min"
    case .absorb, .startP95, .latencyP50, .latencyP95, .latencyP99, .batchWait, .batchMakespan: "s"
    case .sloMinutes, .shortMinutes: "min"
    case .plateau, .errorShare, .cloudShare, .batchSlowdown: ""
    case .ready, .ownPeak: "Pods"
    case .lateJobs: "Jobs"
    case .shortPodMinutes, .sparePodMinutes: "Pod·min"
    case .cost, .costAmortised, .costPerJob: currency
    }
  }

  /// Whether it is a number of Pods per minute.
  var isRate: Bool { self == .sustained || self == .bestMinute || self == .worstMinute }
}
