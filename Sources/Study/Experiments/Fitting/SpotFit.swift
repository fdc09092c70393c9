import Foundation
import Infrastructure
import Probability
import Quantities
import Statistics

/// A semi-Markov market fitted to a recorded availability, and how well it does.
public struct SpotFit: Sendable {
  /// Three figures of a trace that a market must bring about.
  public struct Figures: Hashable, Sendable {
    /// The share of time with capacity.
    public var availability: Double
    /// The mean stretch with capacity, in seconds; nil if there is none.
    public var meanUp: Double?
    /// The mean stretch without, in seconds; nil if there is none.
    public var meanDown: Double?

    /// Those of a history, stretches that its ends cut off included.
    public init(of history: AvailabilityHistory) {
      let sojourns = history.sojourns
      func mean(_ isUp: Bool) -> Double? {
        let steps = sojourns.filter { $0.isUp == isUp }.map { Double($0.steps) }
        return Tally(steps).mean.map { $0 * history.step.seconds }
      }
      availability = history.availability ?? 0
      meanUp = mean(true)
      meanDown = mean(false)
    }
  }
  /// An interval that simulated traces cover, and what the recorded one has.
  public struct Bracket: Hashable, Sendable {
    /// What it is about.
    public var name: String
    /// The trace's figure.
    public var observed: Double
    /// The 2.5th percentile of the simulated traces.
    public var low: Double
    /// The 97.5th percentile.
    public var high: Double
    /// Whether the trace lies between.
    public var holds: Bool { low <= observed && observed <= high }
  }

  /// What was fitted.
  public let history: AvailabilityHistory
  /// The trace's figures.
  public let figures: Figures
  /// Laws of stretches with capacity, the best first.
  public let up: [DurationFit]
  /// Laws of stretches without, the best first.
  public let down: [DurationFit]
  /// The laws chosen: the best by Akaike's criterion whose simulated traces bracket the trace's
  /// figures; the best without that, if none do.
  public let chosen: (up: Law, down: Law)?
  /// What 200 simulated traces of the chosen laws cover.
  public let brackets: [Bracket]
  /// How many traces were simulated.
  public static let traces = 200

  /// The fit of a history; without two whole stretches of either kind there is nothing to choose.
  public init(_ history: AvailabilityHistory, seed: UInt64) {
    let figures = Figures(of: history)
    let sojourns = history.sojourns
    // The first was under way already: it is longer than others by the time of nobody's looking.
    func durations(_ isUp: Bool) -> [SteppedDuration] {
      sojourns.indices.dropFirst().filter { sojourns[$0].isUp == isUp }.map {
        SteppedDuration(steps: sojourns[$0].steps, isCut: $0 == sojourns.count - 1)
      }
    }
    let up = DurationFit.all(durations(true), step: history.step.seconds)
    let down = DurationFit.all(durations(false), step: history.step.seconds)
    var best: (laws: (up: Law, down: Law), brackets: [Bracket])?
    let pairs = up.flatMap { a in down.map { (up: a, down: $0) } }
      .sorted { $0.up.akaike + $0.down.akaike < $1.up.akaike + $1.down.akaike }
    for pair in pairs {
      let brackets = Self.brackets(
        pair.up.law, pair.down.law, like: history, figures, luck: RandomSource(seed: seed))
      let holds = brackets.allSatisfy(\.holds)
      if best == nil || holds { best = ((pair.up.law, pair.down.law), brackets) }
      if holds { break }
    }
    self.history = history
    self.figures = figures
    self.up = up
    self.down = down
    chosen = best?.laws
    brackets = best?.brackets ?? []
  }

  /// What traces as long as the history cover, that begin as it does.
  private static func brackets(
    _ up: Law, _ down: Law, like history: AvailabilityHistory, _ figures: Figures,
    luck: RandomSource
  ) -> [Bracket] {
    var simulated: [Figures] = []
    for trace in 0..<traces {
      simulated.append(
        Figures(of: Self.trace(up, down, like: history, luck: luck, number: trace)))
    }
    func bracket(_ name: String, _ observed: Double?, _ value: (Figures) -> Double?) -> Bracket? {
      let sample = Sample(simulated.compactMap(value))
      guard let observed, let low = sample.quantile(0.025), let high = sample.quantile(0.975) else {
        return nil
      }
      return Bracket(name: name, observed: observed, low: low, high: high)
    }
    return [
      bracket("availability", figures.availability) { $0.availability },
      bracket("mean up", figures.meanUp) { $0.meanUp },
      bracket("mean down", figures.meanDown) { $0.meanDown },
    ].compactMap { $0 }
  }

  /// A trace of two laws, in the history's steps and as long.
  public static func trace(
    _ up: Law, _ down: Law, like history: AvailabilityHistory, luck: RandomSource, number: Int
  ) -> AvailabilityHistory {
    let stream = luck.stream("spot/trace")
    let subject = Subject("trace").child(number).raw
    var values: [Bool] = []
    values.reserveCapacity(history.isUp.count)
    var isUp = history.isUp.first ?? true
    var draw: UInt32 = 0
    while values.count < history.isUp.count {
      let seconds = stream.draw(isUp ? up : down, for: subject, number: draw)
      let steps = max(1, (seconds / history.step.seconds).rounded())
      let left = history.isUp.count - values.count
      values += repeatElement(isUp, count: steps < Double(left) ? Int(steps) : left)
      isUp.toggle()
      draw += 1
    }
    return AvailabilityHistory(step: history.step, isUp: values)
  }
}

/// A price process fitted to a recorded price: its logarithm as a first-order autoregression.
public struct PriceFit: Sendable {
  /// The median price.
  public let median: Double
  /// The standard deviation of its logarithm.
  public let sigma: Double
  /// The correlation of its logarithm from step to step.
  public let correlation: Double
  /// That correlation's standard error, √((1 − φ²) / n).
  public let correlationError: Double
  /// How many steps there were.
  public let steps: Int
  /// The least and the highest price.
  public let range: ClosedRange<Double>

  /// The fit by moments; nil for fewer than three steps or a price that never changes.
  public init?(_ history: PriceHistory, step: TimeSpan) {
    let prices = history.prices(every: step).filter { $0 > 0 }
    guard prices.count >= 3, let least = prices.min(), let most = prices.max(), least < most,
      let median = Sample(prices).quantile(0.5)
    else { return nil }
    let logs = prices.map { log($0) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let total = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let lagged = zip(logs, logs.dropFirst()).reduce(0) {
      $0 + ($1.0 - mean) * ($1.1 - mean)
    }
    self.median = median
    sigma = (total / Double(logs.count)).squareRoot()
    correlation = lagged / total
    correlationError = ((1 - correlation * correlation) / Double(logs.count)).squareRoot()
    steps = logs.count
    range = least...most
  }
}
