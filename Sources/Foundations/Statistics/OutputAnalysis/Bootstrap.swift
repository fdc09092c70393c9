import Probability

/// What resampling with replacement says about a statistic.
public struct Bootstrap: Hashable, Sendable {
  /// The statistic of every resample.
  public let replicates: Sample

  /// The mean of the replicates.
  public var mean: Double { replicates.mean ?? 0 }
  /// Their standard deviation, n in the denominator where every resample was visited.
  public var populationDeviation: Double {
    let tally = Tally(replicates.sorted)
    guard let variance = tally.variance else { return 0 }
    return (variance * Double(tally.count - 1) / Double(tally.count)).squareRoot()
  }

  /// The percentile interval: B. Efron, *Annals of Statistics* 7 (1979).
  ///
  /// - Precondition: at least one replicate.
  public func interval(confidence: Double = 0.95) -> ConfidenceInterval {
    precondition(replicates.count > 0, "An interval needs replicates.")
    let tail = (1 - confidence) / 2
    return ConfidenceInterval(
      estimate: mean, low: replicates.quantile(tail) ?? mean,
      high: replicates.quantile(1 - tail) ?? mean)
  }

  /// So many resamples of some observations, on a stream's luck.
  ///
  /// - Precondition: at least one observation and one resample.
  public init(
    _ observations: [Double], resamples: Int, on stream: KeyedStream,
    statistic: ([Double]) -> Double
  ) {
    precondition(!observations.isEmpty && resamples > 0, "There is nothing to resample.")
    var resample = observations
    replicates = Sample(
      (0..<resamples).map { number in
        for index in resample.indices {
          let luck = stream.uniform(for: UInt64(index), number: UInt32(number))
          resample[index] = observations[Int(luck * Double(observations.count))]
        }
        return statistic(resample)
      })
  }

  /// The most resamples that ``init(exhaustive:statistic:)`` visits.
  public static let mostResamples = 10_000_000

  /// Every one of the nⁿ resamples; nil for more than ``mostResamples`` or no observation.
  public init?(exhaustive observations: [Double], statistic: ([Double]) -> Double) {
    let n = observations.count
    var total = 1
    for _ in 0..<n {
      let (product, overflow) = total.multipliedReportingOverflow(by: n)
      guard !overflow, product <= Self.mostResamples else { return nil }
      total = product
    }
    guard n > 0 else { return nil }
    var resample = observations
    replicates = Sample(
      (0..<total).map { number in
        var rest = number
        for index in 0..<n {
          resample[index] = observations[rest % n]
          rest /= n
        }
        return statistic(resample)
      })
  }
}
