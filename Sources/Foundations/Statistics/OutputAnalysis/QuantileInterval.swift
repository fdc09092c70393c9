import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The interval for a quantile between two order statistics, valid for every continuous law.
///
/// W. J. Conover, *Practical Nonparametric Statistics*, 3rd ed., section 3.2: the lower rank is the
/// binomial quantile of (1 − confidence)/2, the upper that of (1 + confidence)/2 plus one.
public struct QuantileInterval: Hashable, BitwiseCopyable, Sendable {
  /// The rank of the lower limit, from 1.
  public let lowerRank: Int
  /// The rank of the upper limit, from 1.
  public let upperRank: Int
  /// The quantile (type 7) and its limits.
  public let interval: ConfidenceInterval
  /// The probability with which the limits enclose the true quantile.
  public let coverage: Double

  /// A quantile too extreme for so few observations.
  public struct TooExtreme: Error, Hashable, CustomStringConvertible {
    /// The quantile's probability.
    public let probability: Double
    /// The observations there are.
    public let count: Int
    /// The observations that it takes.
    public let needed: Int
    /// One sentence.
    public var description: String {
      "the \(probability)-quantile has no interval from \(count) observations;"
        + " it takes \(needed)"
    }
  }

  /// The interval of a sample's quantile; 0 < probability < 1.
  ///
  /// - Throws: ``TooExtreme`` where a rank lies outside of the sample.
  public init(
    _ sample: Sample, probability: Double, confidence: Double = 0.95
  ) throws(TooExtreme) {
    let n = sample.count
    let ranks = Self.ranks(of: n, probability, confidence)
    guard let ranks, let estimate = sample.quantile(probability) else {
      throw TooExtreme(
        probability: probability, count: n,
        needed: Self.leastCount(probability: probability, confidence: confidence))
    }
    lowerRank = ranks.lower
    upperRank = ranks.upper
    interval = ConfidenceInterval(
      estimate: estimate, low: sample.sorted[ranks.lower - 1],
      high: sample.sorted[ranks.upper - 1])
    coverage =
      Distributions.binomialCDF(ranks.upper - 1, trials: n, probability: probability)
      - Distributions.binomialCDF(ranks.lower - 1, trials: n, probability: probability)
  }

  private static func ranks(
    of n: Int, _ probability: Double, _ confidence: Double
  ) -> (lower: Int, upper: Int)? {
    guard n > 0 else { return nil }
    let tail = (1 - confidence) / 2
    let lower = Distributions.binomialQuantile(tail, trials: n, probability: probability)
    let upper = Distributions.binomialQuantile(1 - tail, trials: n, probability: probability) + 1
    return lower >= 1 && upper <= n ? (lower, upper) : nil
  }

  /// The fewest observations that give the quantile an interval.
  public static func leastCount(probability: Double, confidence: Double = 0.95) -> Int {
    precondition(probability > 0 && probability < 1, "A quantile lies strictly inside.")
    // The upper rank exists from (1 − tail) > F(n − 1) = 1 − pⁿ on, the lower by symmetry.
    let tail = (1 - confidence) / 2
    let extreme = max(probability, 1 - probability)
    var n = max(1, Int((log(tail) / log(extreme)).rounded(.down)) - 1)
    while ranks(of: n, probability, confidence) == nil { n += 1 }
    return n
  }
}
