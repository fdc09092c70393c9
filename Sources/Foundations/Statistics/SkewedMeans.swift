import Probability

extension ConfidenceInterval {
  /// Skewness of a sample from which on Student's interval lies lopsided enough to be corrected.
  ///
  /// 1 (A, 0.5–2): an exponential law has 2, a lognormal one with σ = 0.5 has 1.75.
  public static let skewnessThatMatters = 1.0
  /// Observations below which a sample's skewness says nothing about its law's. 10 (A, 5–20).
  public static let fewestForSkewness = 10

  /// The interval for a mean as reports show it, from independent observations: Student's, or
  /// Hall's where the observations are skewed; nil below two of them.
  ///
  /// Skewed observations pull the mean's Student statistic to one side: over 500 lognormal numbers
  /// with σ = 1 the interval's upper end falls short of the truth four times as often as its lower
  /// end passes it. Hall's monotone cubic transformation takes the skewness out of the statistic;
  /// it changes nothing where there is none. P. Hall, *Journal of the Royal Statistical Society*
  /// B 54 (1992).
  public static func reportedMean(
    of observations: [Double], confidence: Double = 0.95
  ) -> ConfidenceInterval? {
    let tally = Tally(observations)
    guard let student = mean(of: tally, confidence: confidence) else { return nil }
    guard observations.count >= fewestForSkewness,
      let skewness = skewness(observations, tally), abs(skewness) > skewnessThatMatters
    else { return student }
    return hall(student, skewness: skewness, of: tally, confidence)
  }

  /// The third standardised moment, corrected for its bias under the normal law: R. Joanes and
  /// C. Gill, *The Statistician* 47 (1998), G₁. Nil below three observations, or if all are equal.
  static func skewness(_ observations: [Double], _ tally: Tally) -> Double? {
    guard observations.count > 2, let mean = tally.mean, let variance = tally.variance,
      variance > 0
    else { return nil }
    let n = Double(observations.count)
    let cubes = observations.reduce(0) { sum, value in
      let deviation = value - mean
      return sum + deviation * deviation * deviation
    }
    return cubes * n / ((n - 1) * (n - 2) * variance * variance.squareRoot())
  }

  private static func hall(
    _ student: ConfidenceInterval, skewness: Double, of tally: Tally, _ confidence: Double
  ) -> ConfidenceInterval {
    let n = Double(tally.count)
    let quantile = Distributions.studentQuantile(1 - (1 - confidence) / 2, degrees: n - 1)
    let error = student.halfWidth / quantile
    let a = skewness / n.squareRoot()
    // The transformed statistic is t + a t²/3 + a² t³/27 + a/6; this is its inverse.
    func inverse(_ y: Double) -> Double {
      let cube = 1 + a * (y - a / 6)
      let root = Probability.power(abs(cube), 1.0 / 3)
      return 3 / a * ((cube < 0 ? -root : root) - 1)
    }
    return ConfidenceInterval(
      estimate: student.estimate, low: student.estimate - inverse(quantile) * error,
      high: student.estimate - inverse(-quantile) * error)
  }
}
