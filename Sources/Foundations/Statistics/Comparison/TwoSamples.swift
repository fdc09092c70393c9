import Probability

/// The difference of two means, whether it is proved, and what common luck gained.
public struct MeanComparison: Hashable, BitwiseCopyable, Sendable {
  /// The mean of `a − b` and its interval.
  public let difference: ConfidenceInterval
  /// Student's statistic.
  public let t: Double
  /// Its degrees of freedom.
  public let degrees: Double
  /// The two-sided p-value of no difference.
  public let p: Double
  /// The correlation of the pairs; nil for independent samples or constant ones.
  public let correlation: Double?
  /// 1 − Var(a − b) / (Var a + Var b): the share of the variance that pairing took away; nil as
  /// the correlation is.
  public let varianceReduction: Double?

  private init(
    mean: Double, error: Double, degrees: Double, confidence: Double,
    correlation: Double? = nil, varianceReduction: Double? = nil
  ) {
    let half =
      Distributions.studentQuantile(1 - (1 - confidence) / 2, degrees: degrees) * error
    difference = ConfidenceInterval(estimate: mean, low: mean - half, high: mean + half)
    // Without variance, any difference at all is proved.
    t = error > 0 ? mean / error : (mean == 0 ? 0 : (mean > 0 ? .infinity : -.infinity))
    self.degrees = degrees
    p = t.isInfinite ? 0 : 2 * Distributions.studentTail(abs(t), degrees: degrees)
    self.correlation = correlation
    self.varianceReduction = varianceReduction
  }

  /// Pairs on the same luck; nil below two.
  ///
  /// A. M. Law, *Simulation Modeling and Analysis*, 5th ed., sections 10.2.1 and 11.2.
  public static func paired(
    _ a: [Double], _ b: [Double], confidence: Double = 0.95
  ) -> MeanComparison? {
    precondition(a.count == b.count, "Paired observations come in pairs.")
    let differences = Tally(zip(a, b).lazy.map { $0 - $1 })
    guard let mean = differences.mean, let variance = differences.variance,
      let first = Tally(a).variance, let second = Tally(b).variance
    else { return nil }
    let both = (first * second).squareRoot()
    return MeanComparison(
      mean: mean, error: (variance / Double(a.count)).squareRoot(), degrees: Double(a.count - 1),
      confidence: confidence,
      correlation: both > 0 ? covariance(a, b) / both : nil,
      varianceReduction: first + second > 0 ? 1 - variance / (first + second) : nil)
  }

  /// Independent samples with unequal variances: B. L. Welch, *Biometrika* 34 (1947), degrees by
  /// F. E. Satterthwaite. Nil below two observations in either.
  public static func welch(
    _ a: [Double], _ b: [Double], confidence: Double = 0.95
  ) -> MeanComparison? {
    let (first, second) = (Tally(a), Tally(b))
    guard let meanA = first.mean, let meanB = second.mean, let varianceA = first.variance,
      let varianceB = second.variance
    else { return nil }
    let (shareA, shareB) = (varianceA / Double(a.count), varianceB / Double(b.count))
    let total = shareA + shareB
    let bottom =
      shareA * shareA / Double(a.count - 1) + shareB * shareB / Double(b.count - 1)
    return MeanComparison(
      mean: meanA - meanB, error: total.squareRoot(),
      degrees: bottom > 0 ? total * total / bottom : Double(a.count + b.count - 2),
      confidence: confidence)
  }
}

/// The sample covariance with n − 1 in the denominator; 0 below two pairs.
public func covariance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count > 1, let meanA = Tally(a).mean, let meanB = Tally(b).mean else { return 0 }
  return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / Double(a.count - 1)
}

/// A control variate: the mean of an output, corrected by what a companion with a known mean says.
///
/// A. M. Law, *Simulation Modeling and Analysis*, 5th ed., section 11.4.
public struct ControlVariate: Hashable, BitwiseCopyable, Sendable {
  /// The regression coefficient of the output on the control.
  public let beta: Double
  /// The corrected mean.
  public let estimate: Double
  /// The variance of the corrected output, n − 2 in the denominator: mean and slope are estimated.
  public let residualVariance: Double
  /// The correlation of output and control.
  public let correlation: Double

  /// The correction of `output` by `control` with its known mean; nil below three pairs or for
  /// a constant control or output.
  public init?(output: [Double], control: [Double], mean: Double) {
    precondition(output.count == control.count, "Every output comes with its control.")
    guard output.count > 2, let spread = Tally(control).variance,
      let variance = Tally(output).variance,
      spread > 0, variance > 0, let outputMean = Tally(output).mean,
      let controlMean = Tally(control).mean
    else { return nil }
    let slope = covariance(output, control) / spread
    beta = slope
    estimate = outputMean - slope * (controlMean - mean)
    let residuals = Tally(zip(output, control).lazy.map { $0 - slope * $1 })
    let n = Double(output.count)
    residualVariance = (residuals.variance ?? 0) * (n - 1) / (n - 2)
    correlation = covariance(output, control) / (spread * variance).squareRoot()
  }
}
