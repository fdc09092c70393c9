import Quantities

/// What the numbers of a recorded availability count.
///
/// > Source: the recordings' own description and its author say that a value is how many instances
/// > were available (S, skypilot-org/spot-traces, README and issue 1); the simulator of the same
/// > authors takes 0 for available (S). Four things decide for the description: three zones of
/// > `c3-highcpu-88` read 1 for two days after their first value, on which jobs are said to have
/// > run; the zones of p3.2xlarge keep their order over three recordings; where eight cards are to
/// > be had one nearly always is (0.87 to 0.95 of the time against 0.13 to 0.42 the other way round);
/// > and the fits of model card 3.13 come out (C).
public enum AvailabilitySense: String, Hashable, Sendable, CaseIterable {
  /// Instances that were available: 0 is no capacity.
  case available
  /// Instances that were missing: 0 is capacity.
  case missing
}

/// Whether a market had spot capacity, at equal steps of time.
public struct AvailabilityHistory: Hashable, Sendable {
  /// The time between two values.
  public var step: TimeSpan
  /// Whether there was capacity, value by value.
  public var isUp: [Bool]

  /// A history from its parts.
  public init(step: TimeSpan, isUp: [Bool]) {
    self.step = step
    self.isUp = isUp
  }

  /// A stretch without change.
  public struct Sojourn: Hashable, BitwiseCopyable, Sendable {
    /// Whether there was capacity.
    public var isUp: Bool
    /// The number of its first value.
    public var first: Int
    /// How many values it lasted.
    public var steps: Int
  }

  /// Its stretches in order; the first and the last are cut off by the history's ends.
  public var sojourns: [Sojourn] {
    var result: [Sojourn] = []
    for (index, value) in isUp.enumerated() {
      if let last = result.indices.last, result[last].isUp == value {
        result[last].steps += 1
      } else {
        result.append(Sojourn(isUp: value, first: index, steps: 1))
      }
    }
    return result
  }

  /// The share of values with capacity; nil without a value.
  public var availability: Double? {
    isUp.isEmpty ? nil : Double(isUp.count { $0 }) / Double(isUp.count)
  }
}

/// How a price changed.
public struct PriceHistory: Hashable, Sendable {
  /// A change.
  public struct Change: Hashable, Sendable {
    /// When, from the first on.
    public var at: TimeSpan
    /// The price from then on, in units of the currency per hour.
    public var price: Double
    /// A change from its parts.
    public init(at: TimeSpan, price: Double) {
      self.at = at
      self.price = price
    }
  }
  /// The changes in order of time.
  public var changes: [Change]
  /// A history from its changes, which are in order.
  public init(changes: [Change]) { self.changes = changes }

  /// When an instance with a bid would have run: whether the price was at most the bid, at equal
  /// steps; how the market of AWS worked until 2017.
  public func availability(bidding bid: Double, every step: TimeSpan) -> AvailabilityHistory {
    AvailabilityHistory(step: step, isUp: prices(every: step).map { $0 <= bid })
  }

  /// The price in force at equal steps, from the first change to the last.
  public func prices(every step: TimeSpan) -> [Double] {
    guard let end = changes.last?.at else { return [] }
    var values: [Double] = []
    var next = 0
    var clock = TimeSpan.zero
    while clock <= end {
      while next + 1 < changes.count, changes[next + 1].at <= clock { next += 1 }
      values.append(changes[next].price)
      clock += step
    }
    return values
  }
}

/// How long nodes of a cluster on spot capacity lived.
public struct LifetimeHistory: Hashable, Sendable {
  /// Lifetimes, each with whether it ended by itself rather than with the history.
  public struct Lifetime: Hashable, Sendable {
    /// How long it was there.
    public var lasted: TimeSpan
    /// Whether it was taken back.
    public var hasEnded: Bool
    /// A lifetime from its parts.
    public init(lasted: TimeSpan, hasEnded: Bool) {
      self.lasted = lasted
      self.hasEnded = hasEnded
    }
  }
  /// All of them.
  public var lifetimes: [Lifetime]
  /// A history from its lifetimes.
  public init(lifetimes: [Lifetime]) { self.lifetimes = lifetimes }
}
