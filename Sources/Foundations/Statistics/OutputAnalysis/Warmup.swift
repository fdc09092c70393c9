/// Where a steady-state series should be cut so that its start doesn't bias its mean, by MSER-5.
///
/// K. P. White, *Simulation* 69 (1997); K. P. White, M. J. Cobb, S. C. Spratt, WSC 2000. The series
/// is averaged in batches of five; the truncation that minimises Σ(y − ȳ)²/k² over the k batches
/// kept wins, the first of equals, among those that drop at most half of the batches.
public struct WarmupTruncation: Hashable, BitwiseCopyable, Sendable {
  /// Whole batches of five in the series; a rest of fewer observations is left out.
  public let batches: Int
  /// How many of them are dropped.
  public let truncatedBatches: Int
  /// The least value of the statistic, the squared standard error of the mean of the batches.
  public let statistic: Double
  /// The mean of the batches kept.
  public let mean: Double

  /// Observations per batch.
  public static let batchSize = 5

  /// The number of observations to drop.
  public var observations: Int { truncatedBatches * Self.batchSize }

  /// Whether the best cut lies at the very half, where the series is too short to tell.
  public var isDoubtful: Bool { truncatedBatches == batches / 2 }

  /// The cut of a series; nil below two batches.
  public init?(_ series: [Double]) {
    let means = BatchMeans.means(of: series, size: Self.batchSize)
    guard means.count >= 2 else { return nil }
    var best: (dropped: Int, statistic: Double, mean: Double)?
    for dropped in 0...means.count / 2 {
      let kept = Tally(means[dropped...])
      guard let mean = kept.mean else { continue }
      let deviations = (kept.variance ?? 0) * Double(kept.count - 1)
      let statistic = deviations / (Double(kept.count) * Double(kept.count))
      if best.map({ statistic < $0.statistic }) ?? true { best = (dropped, statistic, mean) }
    }
    guard let best else { return nil }
    batches = means.count
    truncatedBatches = best.dropped
    statistic = best.statistic
    mean = best.mean
  }
}

/// Welch's graphical way to find the end of a warm-up: the mean over replications, smoothed.
///
/// P. D. Welch, in *The Computer Performance Modeling Handbook* (1983); A. M. Law, *Simulation
/// Modeling and Analysis*, 5th ed., section 9.5.1.
public struct WelchWarmup: Hashable, Sendable {
  /// The mean over the replications, observation by observation.
  public let means: [Double]
  /// The moving average: of 2w + 1 means, at the start of the 2i − 1 first; w fewer than means.
  public let movingAverage: [Double]

  /// The curves of replications of equal length for a window of w observations to either side.
  ///
  /// - Precondition: at least one replication, equal lengths, 0 ≤ window.
  public init(_ replications: [[Double]], window: Int) {
    precondition(
      !replications.isEmpty && replications.allSatisfy { $0.count == replications[0].count },
      "Welch's curve needs replications of equal length.")
    precondition(window >= 0, "A window isn't negative.")
    let length = replications[0].count
    let means = (0..<length).map { index in
      Tally(replications.lazy.map { $0[index] }).mean ?? 0
    }
    self.means = means
    movingAverage = (0..<max(length - window, 0)).map { index in
      let reach = min(index, window)
      return Tally(means[(index - reach)...(index + reach)]).mean ?? 0
    }
  }

  /// The first index from which the curve stays within a share of its range around the mean of
  /// its second half; nil if it is outside at its last point.
  ///
  /// The reading of the curve by eye, made repeatable.
  public func settles(within share: Double = 0.05) -> Int? {
    guard let low = movingAverage.min(), let high = movingAverage.max() else { return nil }
    let level = Tally(movingAverage[(movingAverage.count / 2)...]).mean ?? 0
    let last = movingAverage.lastIndex { abs($0 - level) > share * (high - low) }
    guard let last else { return 0 }
    return last + 1 < movingAverage.count ? last + 1 : nil
  }
}
