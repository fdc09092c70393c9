import Probability
import Quantities

/// What a scenario says about a pool's spot Pods: when they are taken back, refused, and what
/// they cost. Nothing by default: spot Pods are like others, but cheaper.
public struct SpotScript: Hashable, Sendable {
  /// The provider takes spot Pods back.
  public struct Reclaim: Hashable, Sendable {
    /// When it says so.
    public var at = TimeSpan.zero
    /// The zone concerned; nil: all.
    public var zone: String?
    /// The make of processor concerned; nil: all.
    public var type: ServerlessPool.CPUType?
    /// The share of the spot Pods there that it takes, each by its own luck.
    public var share = 1.0
    /// How long after that they end. Default 2 min.
    ///
    /// > Source: the notice of CVM's and AWS's spot instances (M, E; model card 3.13); for EKS none
    /// > is published.
    public var notice = TimeSpan.minutes(2)
    /// All at the start.
    public init() {}
  }
  /// The provider starts no spot Pods.
  public struct Refusal: Hashable, Sendable {
    /// When that begins.
    public var from = TimeSpan.zero
    /// When it is over.
    public var to = TimeSpan.zero
    /// The zone concerned; nil: all.
    public var zone: String?
    /// The make of processor concerned; nil: all.
    public var type: ServerlessPool.CPUType?
    /// Never.
    public init() {}
  }
  /// The price changes.
  public struct Price: Hashable, Sendable {
    /// When.
    public var at = TimeSpan.zero
    /// What spot Pods cost from then on, against the list price.
    public var factor = 0.2
    /// The published discount from the start.
    public init() {}
  }

  /// When spot Pods are taken back.
  public var reclaims: [Reclaim] = []
  /// When spot Pods aren't started.
  public var refusals: [Refusal] = []
  /// How the price changes; before the first the sheet's factor holds.
  public var prices: [Price] = []
  /// When chance leaves zones without capacity; nil: never.
  public var availability: SpotAvailability?
  /// Recorded availabilities that are played again.
  public var recorded: [RecordedAvailability] = []
  /// How chance moves the price; nil: not at all.
  public var price: SpotPriceProcess?
  /// How long after its start a spot Pod is announced to be taken back, each for itself, in seconds;
  /// nil: never.
  public var lifetime: Law?
  /// How long after that announcement it ends. 2 min.
  public var lifetimeNotice = TimeSpan.minutes(2)
  /// Nothing scripted.
  public init() {}

  /// Whether chance or records add to what is scripted.
  public var isDrawn: Bool { availability != nil || !recorded.isEmpty || price != nil }

  /// Whether a spot Pod in a zone, on a make of processor, isn't started now.
  func refuses(zone: String, type: ServerlessPool.CPUType, at now: Instant) -> Bool {
    refusals.contains { refusal in
      refusal.zone ?? zone == zone && refusal.type ?? type == type
        && Instant.zero + refusal.from <= now
        && now < .zero + refusal.to
    }
  }

  /// What so many seconds from an instant on come to against the list price, in 10⁻⁹ s: each second
  /// at the price in force when it begins.
  public func weighted(from start: Instant, seconds: Int64, sheet: Double) -> Int128 {
    var sum: Int128 = 0
    var done: Int64 = 0
    var factor = sheet
    for price in prices.sorted(by: { $0.at < $1.at }) {
      let ahead = (Instant.zero + price.at - start).nanoseconds
      // The first second that begins at the change or later.
      let first = ahead <= 0 ? 0 : min(seconds, (ahead - 1) / 1_000_000_000 + 1)
      sum += Self.parts(of: factor) * Int128(first - done)
      done = first
      factor = price.factor
      if done >= seconds { break }
    }
    return sum + Self.parts(of: factor) * Int128(seconds - done)
  }

  private static func parts(of factor: Double) -> Int128 { Int128((factor * 1e9).rounded()) }

  /// What spot Pods cost at an instant against the list price.
  public func factor(at now: Instant, _ sheet: Double) -> Double {
    var newest: Price?
    for price in prices where Instant.zero + price.at <= now {
      if newest.map({ $0.at <= price.at }) ?? true { newest = price }
    }
    return newest?.factor ?? sheet
  }
}
