import Probability

/// A straight line through points, by least squares.
public struct LinearRegression: Hashable, BitwiseCopyable, Sendable {
  /// What y gains per x.
  public let slope: Double
  /// y at x = 0.
  public let intercept: Double
  /// The correlation.
  public let correlation: Double
  /// The slope's standard error.
  public let slopeError: Double
  /// The two-sided p-value of a slope of zero.
  public let p: Double

  /// The line; nil below three points or where x or y doesn't vary.
  public init?(x: [Double], y: [Double]) {
    precondition(x.count == y.count, "Every x has its y.")
    guard x.count >= 3, let meanX = Tally(x).mean, let meanY = Tally(y).mean,
      let varianceX = Tally(x).variance, let varianceY = Tally(y).variance,
      varianceX > 0, varianceY > 0
    else { return nil }
    let shared = covariance(x, y)
    let degrees = Double(x.count - 2)
    slope = shared / varianceX
    intercept = meanY - slope * meanX
    correlation = shared / (varianceX * varianceY).squareRoot()
    let unexplained = max(0, 1 - correlation * correlation)
    slopeError = (unexplained * varianceY / varianceX / degrees).squareRoot()
    p =
      slopeError > 0 ? 2 * Distributions.studentTail(abs(slope / slopeError), degrees: degrees) : 0
  }
}

/// Whether groups have one mean: R. A. Fisher's analysis of variance in one way.
public struct VarianceAnalysis: Hashable, BitwiseCopyable, Sendable {
  /// Fisher's statistic.
  public let f: Double
  /// The p-value of equal means.
  public let p: Double

  /// The analysis; nil below two groups, with an empty one, or without degrees of freedom.
  public init?(_ groups: [[Double]]) {
    let all = groups.flatMap { $0 }
    guard groups.count >= 2, groups.allSatisfy({ !$0.isEmpty }), all.count > groups.count,
      let mean = Tally(all).mean
    else { return nil }
    var (between, within) = (0.0, 0.0)
    for group in groups {
      let tally = Tally(group)
      let distance = (tally.mean ?? mean) - mean
      between += Double(group.count) * distance * distance
      within += (tally.variance ?? 0) * Double(group.count - 1)
    }
    let top = Double(groups.count - 1)
    let bottom = Double(all.count - groups.count)
    f = (between / top) / (within / bottom)
    p = Distributions.fisherTail(f, top, bottom)
  }
}

/// The effects of factors at two levels each, and of all their interactions.
public struct FactorialEffects: Sendable {
  /// Per effect the letters of its factors (`AC`), what the response gains from low to high, and
  /// its share of the variation; main effects first, then by number of factors and alphabet.
  public let effects: [(name: String, effect: Double, share: Double)]

  /// The effects of 2ᵏ responses, the first factor varying slowest, low before high.
  ///
  /// - Precondition: a power of two of responses, from 2 to 2²⁰.
  public init(_ responses: [Double]) {
    let factors = responses.count.trailingZeroBitCount
    precondition(
      responses.count == 1 << factors && (1...20).contains(factors),
      "A design of factors at two levels has a power of two of responses.")
    let total = (Tally(responses).variance ?? 0) * Double(responses.count - 1)
    func letters(_ mask: Int) -> [Int] { (0..<factors).filter { mask >> $0 & 1 == 1 } }
    let masks = (1..<responses.count).sorted { a, b in
      let (first, second) = (letters(a), letters(b))
      if first.count != second.count { return first.count < second.count }
      return first.lexicographicallyPrecedes(second)
    }
    effects = masks.map { mask in
      var contrast = 0.0
      for (run, response) in responses.enumerated() {
        // Factor 0 is the highest bit of the run's number.
        let lows = letters(mask).count { run >> (factors - 1 - $0) & 1 == 0 }
        contrast += lows % 2 == 0 ? response : -response
      }
      let n = Double(responses.count)
      let name = String(
        letters(mask).map { Character(Unicode.Scalar(UInt8(65 + $0 % 26))) })
      let share = total > 0 ? contrast * contrast / n / total : 0
      return (name, contrast / (n / 2), share)
    }
  }
}
