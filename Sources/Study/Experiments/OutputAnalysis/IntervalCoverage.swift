import Probability
import Statistics

/// How often intervals enclose what they should: the evidence behind every interval that is printed.
public enum IntervalCoverage {
  /// One kind of interval under one seed.
  public struct Check: Hashable, Sendable {
    /// What was covered, such as `mean of 30 normal`.
    public var name: String
    /// The seed.
    public var seed: UInt64
    /// How many intervals were made.
    public var intervals: Int
    /// The share of them that enclose the true value.
    public var coverage: Double
    /// The share that should.
    public var expected: Double
    /// What is demanded of `coverage`.
    public var rule: Rule

    /// A demand.
    public enum Rule: String, Hashable, Sendable {
      /// Within 2.1 points of what is expected, three standard errors of 1,000 intervals at 95 %.
      case near
      /// Below what is expected by more than that: an interval known to be too narrow.
      case below
    }

    /// Whether the demand is met.
    public var isMet: Bool {
      switch rule {
      case .near: abs(coverage - expected) <= IntervalCoverage.tolerance
      case .below: coverage < expected - IntervalCoverage.tolerance
      }
    }
  }

  /// Three standard errors of the coverage of 1,000 intervals at 95 %, rounded up.
  public static let tolerance = 0.021
  /// The seeds, fixed before anything was run.
  public static let seeds: [UInt64] = [1, 2, 3]
  /// The confidence of all intervals.
  public static let confidence = 0.95

  /// All checks under a seed.
  public static func checks(seed: UInt64, intervals: Int = 1_000) -> [Check] {
    let luck = RandomSource(seed: seed)
    let law = Law.lognormal(median: 1, sigma: 1)
    let lognormal: Draw = { $0.draw(law, for: $1, number: $2) }
    var checks = [
      means(30, "normal", true: 0, seed, luck, intervals) { $0.gaussian(for: $1, number: $2) },
      means(500, "lognormal", true: law.mean, seed, luck, intervals, lognormal),
    ]
    var narrow = means(30, "lognormal", true: law.mean, seed, luck, intervals, lognormal)
    narrow.rule = .below
    checks.append(narrow)
    for share in [0.9, 0.95, 0.98] {
      for trials in [59, 200] {
        checks += bounds(trials, share: share, seed, luck, intervals)
      }
    }
    return checks
  }

  /// The mean of 500 lognormal numbers over so many intervals that the coverage itself is known to
  /// half a point: Student's interval truly covers it in about 93.8 %, so that 1,000 intervals are
  /// beyond 2.1 points under one seed in eight.
  public static func skewedMeans(seed: UInt64, intervals: Int = 20_000) -> Check {
    let law = Law.lognormal(median: 1, sigma: 1)
    return means(
      500, "lognormal", true: law.mean, seed, RandomSource(seed: seed), intervals
    ) { $0.draw(law, for: $1, number: $2) }
  }

  private typealias Draw = (KeyedStream, _ subject: UInt64, _ number: UInt32) -> Double

  private static func means(
    _ n: Int, _ name: String, true mean: Double, _ seed: UInt64, _ luck: RandomSource,
    _ intervals: Int, _ draw: Draw
  ) -> Check {
    let stream = luck.stream("\(name) \(n)")
    var covered = 0
    for interval in 0..<intervals {
      let sample = (0..<n).map { draw(stream, UInt64(interval), UInt32($0)) }
      let found = ConfidenceInterval.mean(of: sample, confidence: confidence)
      if found?.contains(mean) ?? false { covered += 1 }
    }
    return Check(
      name: "mean of \(n) \(name)", seed: seed, intervals: intervals,
      coverage: Double(covered) / Double(intervals), expected: confidence, rule: .near)
  }

  /// The one-sided bounds of a claim's share, against their exact coverage.
  private static func bounds(
    _ trials: Int, share: Double, _ seed: UInt64, _ luck: RandomSource, _ intervals: Int
  ) -> [Check] {
    let stream = luck.stream("share \(share) of \(trials)")
    var (lower, upper) = (0, 0)
    for interval in 0..<intervals {
      let met = (0..<trials).count {
        stream.uniform(for: UInt64(interval), number: UInt32($0)) < share
      }
      let proportion = Proportion(met, of: trials)
      if proportion.lowerBound(confidence: confidence) <= share { lower += 1 }
      if proportion.upperBound(confidence: confidence) >= share { upper += 1 }
    }
    let exact = exactCoverage(trials, share: share)
    return [("lower", lower, exact.lower), ("upper", upper, exact.upper)].map { side in
      Check(
        name: "\(side.0) bound of \(share) from \(trials)", seed: seed, intervals: intervals,
        coverage: Double(side.1) / Double(intervals), expected: side.2, rule: .near)
    }
  }

  /// With which probability the bounds of a claim's share enclose it, summed over the binomial law.
  public static func exactCoverage(
    _ trials: Int, share: Double
  ) -> (lower: Double, upper: Double) {
    var (lower, upper) = (0.0, 0.0)
    for met in 0...trials {
      let probability =
        Distributions.binomialCDF(met, trials: trials, probability: share)
        - Distributions.binomialCDF(met - 1, trials: trials, probability: share)
      let proportion = Proportion(met, of: trials)
      if proportion.lowerBound(confidence: confidence) <= share { lower += probability }
      if proportion.upperBound(confidence: confidence) >= share { upper += probability }
    }
    return (lower, upper)
  }

  /// The least exact coverage of the bounds over shares from 1 % to 99 %.
  public static func leastExactCoverage(_ trials: Int) -> Double {
    (1..<100).reduce(1) { least, percent in
      let found = exactCoverage(trials, share: Double(percent) / 100)
      return min(least, found.lower, found.upper)
    }
  }
}
