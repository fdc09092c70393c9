import Probability

/// An estimate and the limits between which the true value lies with a stated confidence.
public struct ConfidenceInterval: Hashable, BitwiseCopyable, Sendable {
  /// The estimate.
  public let estimate: Double
  /// The lower limit.
  public let low: Double
  /// The upper limit.
  public let high: Double

  /// An interval from its parts.
  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  /// Half the distance of the limits.
  public var halfWidth: Double { (high - low) / 2 }

  /// Whether a value lies between the limits, which belong to the interval.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Whether zero lies outside: for a difference, that it is proved.
  public var excludesZero: Bool { !contains(0) }

  /// Student's interval for a mean, from independent observations; nil below two of them.
  ///
  /// A. M. Law, *Simulation Modeling and Analysis*, 5th ed., eq. 4.12.
  public static func mean(of tally: Tally, confidence: Double = 0.95) -> ConfidenceInterval? {
    precondition(confidence > 0 && confidence < 1, "A confidence is between 0 and 1.")
    guard let mean = tally.mean, let variance = tally.variance else { return nil }
    let n = Double(tally.count)
    let quantile = Distributions.studentQuantile(1 - (1 - confidence) / 2, degrees: n - 1)
    let half = quantile * (variance / n).squareRoot()
    return ConfidenceInterval(estimate: mean, low: mean - half, high: mean + half)
  }

  /// Student's interval for a mean, from independent observations; nil below two of them.
  public static func mean(
    of observations: some Sequence<Double>, confidence: Double = 0.95
  ) -> ConfidenceInterval? {
    mean(of: Tally(observations), confidence: confidence)
  }

  /// The interval for the mean of `a − b` from observations in pairs, such as two policies on the
  /// same luck; nil below two pairs.
  public static func pairedDifference(
    _ a: [Double], _ b: [Double], confidence: Double = 0.95
  ) -> ConfidenceInterval? {
    precondition(a.count == b.count, "Paired observations come in pairs.")
    return mean(of: zip(a, b).lazy.map { $0 - $1 }, confidence: confidence)
  }
}
