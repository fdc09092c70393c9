/// Predicts a series from what it has been.
public struct Forecast: Hashable, Sendable {
  /// How it predicts.
  public enum Model: String, Hashable, Sendable, CaseIterable {
    /// As it was one season before; until a season has passed, as it was last.
    case seasonalNaive
    /// Level, trend and season, each smoothed exponentially, added up.
    ///
    /// > Source: Winters, Forecasting sales by exponentially weighted moving averages, Management
    /// > Science 6 (1960); started from the first season's mean and its deviations.
    case holtWinters
  }

  /// The smoothing of level, trend and season. Defaults 0.3, 0.02 and 0.3 (A).
  public struct Smoothing: Hashable, Sendable {
    /// How much of a new level is the newest value.
    public var level = 0.3
    /// How much of a new trend is the newest step.
    public var trend = 0.02
    /// How much of a season's new value is the newest deviation.
    public var season = 0.3
    /// The defaults above.
    public init() {}
  }

  private let model: Model
  private let season: Int
  private let smoothing: Smoothing
  /// The newest values, at most a season of them, the newest last.
  private var recent: [Double] = []
  private var count = 0
  private var level = 0.0
  private var trend = 0.0
  private var deviations: [Double] = []

  /// A forecast of a series with so many values per season, that has seen none.
  public init(_ model: Model, season: Int, smoothing: Smoothing = Smoothing()) {
    precondition(season > 0, "a season has at least one value")
    self.model = model
    self.season = season
    self.smoothing = smoothing
  }

  /// Takes the next value.
  public mutating func observe(_ value: Double) {
    if model == .holtWinters { smooth(value) }
    count += 1
    recent.append(value)
    if recent.count > season { recent.removeFirst() }
    if model == .holtWinters, count == season { begin() }
  }

  /// Starts level and season from the first season's values.
  private mutating func begin() {
    level = recent.reduce(0, +) / Double(season)
    deviations = recent.map { $0 - level }
  }

  private mutating func smooth(_ value: Double) {
    guard count >= season else { return }
    let place = count % season
    let before = level
    level = smoothing.level * (value - deviations[place]) + (1 - smoothing.level) * (level + trend)
    trend = smoothing.trend * (level - before) + (1 - smoothing.trend) * trend
    deviations[place] =
      smoothing.season * (value - level) + (1 - smoothing.season) * deviations[place]
  }

  /// The value so many steps after the newest; nil before the first value.
  public func value(ahead steps: Int) -> Double? {
    guard let last = recent.last else { return nil }
    guard count >= season else { return last }
    switch model {
    case .seasonalNaive: return recent[(steps - 1) % season]
    case .holtWinters:
      return level + Double(steps) * trend + deviations[(count + steps - 1) % season]
    }
  }
}

/// How far predictions were from what came.
public struct ForecastError: Hashable, Sendable {
  /// Value minus prediction, in the order in which the values came; the newest thousand.
  private var errors: [Double] = []
  private var relative = 0.0
  private var relativeCount = 0

  /// No error yet.
  public init() {}

  /// Notes a prediction that has come due.
  public mutating func note(_ prediction: Double, came value: Double) {
    errors.append(value - prediction)
    if errors.count > 1000 { errors.removeFirst() }
    guard value != 0 else { return }
    let error = (value - prediction) / value
    relative += error < 0 ? -error : error
    relativeCount += 1
  }

  /// How many predictions have come due, of the newest thousand.
  public var count: Int { errors.count }

  /// The mean of |value − prediction| / |value| over values that aren't 0 (MAPE); nil without any.
  public var meanAbsolutePercentage: Double? {
    relativeCount > 0 ? relative / Double(relativeCount) : nil
  }

  /// The quantile of value − prediction, by type 7; nil without any.
  public func quantile(_ p: Double) -> Double? {
    guard !errors.isEmpty else { return nil }
    let sorted = errors.sorted()
    let place = Double(sorted.count - 1) * p
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
}
