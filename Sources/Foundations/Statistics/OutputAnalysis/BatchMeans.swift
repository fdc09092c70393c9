import Probability

/// The mean of a correlated steady-state series and its interval, by batches of equal length.
///
/// A. M. Law, *Simulation Modeling and Analysis*, 5th ed., section 9.5.3.
public struct BatchMeans: Hashable, Sendable {
  /// Observations per batch.
  public let size: Int
  /// The means of the batches, in the order of time.
  public let means: [Double]

  /// Divides a series into so many batches; a rest that fills no batch is left out at the end.
  ///
  /// - Precondition: at least two batches of at least one observation.
  public init(_ series: [Double], batches: Int) {
    precondition(
      batches >= 2 && series.count >= batches, "Batch means need two batches with observations.")
    size = series.count / batches
    means = Self.means(of: series[..<(size * batches)], size: size)
  }

  /// The means of consecutive stretches; a rest is left out.
  static func means(of series: some RandomAccessCollection<Double>, size: Int) -> [Double] {
    var means: [Double] = []
    var tally = Tally()
    for observation in series {
      tally.add(observation)
      if tally.count == size {
        means.append(tally.mean ?? 0)
        tally = Tally()
      }
    }
    return means
  }

  /// The variance of the batches' means, n − 1 in the denominator.
  public var variance: Double { Tally(means).variance ?? 0 }

  /// Student's interval from the batches' means.
  public func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
    ConfidenceInterval.mean(of: means, confidence: confidence)
  }

  /// The estimate of lim n·Var(mean of n): the variance of the means times the batch's length.
  public var varianceConstant: Double { Double(size) * variance }

  /// The means' correlation with the next one; near 0 where the batches are long enough.
  public var lag1: Double { autocorrelation(means, lags: 1)[1] }

  /// J. von Neumann's test (*Annals of Mathematical Statistics* 12, 1941) whether the means are
  /// correlated: the statistic 1 − Σ(yᵢ − yᵢ₊₁)² / (2 Σ(yᵢ − ȳ)²), its standardised value, and
  /// the one-sided p-value.
  public var vonNeumann: (statistic: Double, z: Double, p: Double) {
    let successive = zip(means, means.dropFirst()).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1)
    }
    let k = Double(means.count)
    let statistic = 1 - successive / (2 * variance * (k - 1))
    let z = statistic * ((k * k - 1) / (k - 2)).squareRoot()
    return (statistic, z, Distributions.normalTail(z))
  }

  /// The estimate of lim n·Var(mean of n) from all overlapping batches of a length.
  ///
  /// M. S. Meketon and B. W. Schmeiser, WSC 1984: n m / ((n − m + 1)(n − m)) Σ(ȳⱼ − ȳ)² over the
  /// n − m + 1 batches of m observations.
  /// - Precondition: 1 ≤ size < the series' length.
  public static func overlappingVarianceConstant(_ series: [Double], size: Int) -> Double {
    precondition(size >= 1 && size < series.count, "Overlapping batches are shorter than all.")
    let n = Double(series.count)
    let m = Double(size)
    let mean = Tally(series).mean ?? 0
    // Deviations keep the sliding sum small, so that little cancels.
    var sum = series[..<size].reduce(0) { $0 + ($1 - mean) }
    var squares = (sum / m) * (sum / m)
    for end in size..<series.count {
      sum += series[end] - series[end - size]
      squares += (sum / m) * (sum / m)
    }
    return n * m / ((n - m + 1) * (n - m)) * squares
  }

  /// The interval for the mean from overlapping batches, with 1.5 (n/m − 1) degrees of freedom.
  ///
  /// Degrees: B. W. Schmeiser, *Operations Research* 30 (1982). Nil below one degree.
  public static func overlappingInterval(
    _ series: [Double], size: Int, confidence: Double = 0.95
  ) -> ConfidenceInterval? {
    let degrees = 1.5 * (Double(series.count) / Double(size) - 1)
    guard degrees >= 1, let mean = Tally(series).mean else { return nil }
    let constant = overlappingVarianceConstant(series, size: size)
    let half =
      Distributions.studentQuantile(1 - (1 - confidence) / 2, degrees: degrees)
      * (constant / Double(series.count)).squareRoot()
    return ConfidenceInterval(estimate: mean, low: mean - half, high: mean + half)
  }
}

/// The sample autocorrelations of a series at lags 0…lags, with n in both denominators.
public func autocorrelation(_ series: [Double], lags: Int) -> [Double] {
  let mean = Tally(series).mean ?? 0
  let deviations = series.map { $0 - mean }
  let total = deviations.reduce(0) { $0 + $1 * $1 }
  return (0...lags).map { lag in
    guard total > 0, lag < deviations.count else { return lag == 0 ? 1 : 0 }
    return zip(deviations, deviations.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}

/// The autoregressive process xᵢ − μ = φ (xᵢ₋₁ − μ) + ε, ε normal: a series whose mean, variance
/// and variance constant are known, to test analysis with.
public struct AutoregressiveProcess: Hashable, BitwiseCopyable, Sendable {
  /// The correlation of neighbours, between −1 and 1.
  public let phi: Double
  /// The mean.
  public let mean: Double
  /// The standard deviation of ε.
  public let sigma: Double

  /// A process; |phi| < 1.
  public init(phi: Double, mean: Double, sigma: Double) {
    precondition(abs(phi) < 1, "The process is stationary only for |phi| < 1.")
    self.phi = phi
    self.mean = mean
    self.sigma = sigma
  }

  /// The variance in steady state.
  public var variance: Double { sigma * sigma / (1 - phi * phi) }
  /// lim n·Var(mean of n).
  public var varianceConstant: Double { sigma * sigma / ((1 - phi) * (1 - phi)) }

  /// So many values after a start, on a stream's luck for a subject.
  public func series(
    _ count: Int, from start: Double, on stream: KeyedStream, for subject: UInt64 = 0
  ) -> [Double] {
    var x = start
    return (0..<count).map { index in
      let noise = sigma * stream.gaussian(for: subject, number: UInt32(index))
      x = mean + phi * (x - mean) + noise
      return x
    }
  }
}
