import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A duration between two timestamps of whole seconds.
public struct RoundedDuration: Hashable, BitwiseCopyable, Sendable {
  /// How it came to be looked at.
  public enum Sight: Hashable, BitwiseCopyable, Sendable {
    /// It was over.
    case over
    /// It was under way, and would have been looked at anyway.
    case underWay
    /// It was under way, and was looked at because of that.
    case met
  }
  /// The difference of its timestamps, or its age; at least 0.
  public var seconds: Int
  /// How it came to be looked at.
  public var sight: Sight
  /// A duration from its parts.
  public init(seconds: Int, sight: Sight) {
    self.seconds = seconds
    self.sight = sight
  }
}

/// A law fitted to durations between timestamps of whole seconds, by maximum likelihood.
///
/// Either timestamp is the second below the instant, so that a duration D shows as k with
/// probability max(0, 1 − |D − k|) where the first instant's fraction is uniform. With
/// G(x) = ∫₀ˣ P(D ≤ u) du the chance of k is G(k + 1) − 2 G(k) + G(k − 1), for every k from 0 on.
///
/// One that is still under way at age a adds P(D > a). Where things come and go all the time and only
/// what is there is seen, those under way were met with a chance proportional to how long they take:
/// one of age a then adds P(D > a) / E[D], which is what the likelihood comes to when it is maximised
/// over how long things stay afterwards. Those that are over are a fair sample whatever stay follows,
/// if that doesn't depend on D.
///
/// > Source: interval-censoring of both ends by a grid, and length-biased sampling (D. R. Cox, *Renewal
/// > Theory*, 1962); derived here and checked by simulation (C).
public struct RoundedFit: Hashable, Sendable {
  /// A quantile of what was over, and of what the law leads one to see.
  public struct Quantile: Hashable, Sendable {
    /// Which one, 0 to 1.
    public var level: Double
    /// Of the durations that were over, in seconds.
    public var observed: Int
    /// The least number of seconds below or at which the law lets as many be seen.
    public var predicted: Int
  }

  /// The law, in seconds.
  public let law: Law
  /// Its family.
  public let family: DurationFit.Family
  /// Its parameters with standard errors.
  public let parameters: [DurationFit.Parameter]
  /// H. Akaike's criterion: 2 × parameters − 2 log-likelihood; the least is best.
  public let akaike: Double
  /// The median, the 90th and the 99th percentile.
  public let quantiles: [Quantile]

  /// The fit of a family; nil for fewer than three durations that were over, or if all are equal.
  public init?(_ durations: [RoundedDuration], family: DurationFit.Family) {
    let data = RoundedCounts(durations)
    guard data.over.count >= 3, data.isVaried else { return nil }
    func cost(_ point: [Double]) -> Double {
      -data.logLikelihood(DurationShape(family, point))
    }
    let best = Simplex.minimum(
      of: cost, from: DurationShape.start(family, mean: max(0.5, data.mean)))
    let shape = DurationShape(family, best)
    self.family = family
    law = shape.law(step: 1)
    akaike = 2 * Double(best.count) + 2 * cost(best)
    parameters = zip(shape.named(step: 1), Simplex.standardErrors(of: cost, at: best)).map {
      // All are fitted as logarithms, so that the error is relative.
      pair, error in
      DurationFit.Parameter(
        name: pair.name, value: pair.value, error: error.map { $0 * pair.value })
    }
    quantiles = [0.5, 0.9, 0.99].map { level in
      Quantile(
        level: level, observed: data.quantile(level), predicted: shape.seenQuantile(level))
    }
  }

  /// The fits of every family, the best by Akaike's criterion first.
  public static func all(_ durations: [RoundedDuration]) -> [RoundedFit] {
    DurationFit.Family.allCases.compactMap { RoundedFit(durations, family: $0) }
      .sorted { $0.akaike < $1.akaike }
  }
}

extension DurationShape {
  /// The chance of seeing k seconds.
  fileprivate func chanceSeen(_ k: Double) -> Double {
    integral(k + 1) - 2 * integral(k) + integral(k - 1)
  }

  /// The least k that is seen, or fewer, with a probability: P(seen ≤ k) = G(k + 1) − G(k).
  fileprivate func seenQuantile(_ level: Double) -> Int {
    var high = 1
    while high < 1 << 30, integral(Double(high) + 1) - integral(Double(high)) < level { high *= 2 }
    var low = 0
    while low < high {
      let middle = (low + high) / 2
      if integral(Double(middle) + 1) - integral(Double(middle)) >= level {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}

/// Durations by what was seen of them.
private struct RoundedCounts {
  /// Seconds in ascending order.
  let over: [Int]
  private let distinct: [(seconds: Double, count: Double)]
  private let underWay: [(seconds: Double, isMet: Bool)]

  init(_ durations: [RoundedDuration]) {
    over = durations.filter { $0.sight == .over }.map(\.seconds).sorted()
    var distinct: [(seconds: Double, count: Double)] = []
    for seconds in over {
      if distinct.last?.seconds == Double(seconds) {
        distinct[distinct.count - 1].count += 1
      } else {
        distinct.append((Double(seconds), 1))
      }
    }
    self.distinct = distinct
    underWay = durations.filter { $0.sight != .over }
      .map { (Double($0.seconds), $0.sight == .met) }
  }

  var isVaried: Bool { distinct.count > 1 }
  var mean: Double { Double(over.reduce(0, +)) / Double(max(1, over.count)) }

  /// The type-1 quantile.
  func quantile(_ level: Double) -> Int {
    over[min(over.count - 1, max(0, Int((level * Double(over.count)).rounded(.up)) - 1))]
  }

  func logLikelihood(_ shape: DurationShape) -> Double {
    var sum = 0.0
    for (seconds, count) in distinct {
      sum += count * log(max(shape.chanceSeen(seconds), 1e-300))
    }
    for (seconds, isMet) in underWay {
      sum += log(max(shape.tail(seconds), 1e-300))
      if isMet { sum -= log(max(shape.mean, 1e-300)) }
    }
    return sum
  }
}
