import Probability
import Statistics

/// What observations in the order of time, of one replication or of several, say about a mean.
///
/// One observation of each replication is a terminating simulation: observations are independent.
/// More are a steady-state simulation: the warm-up is cut by MSER-5, the latest cut of all
/// replications for each of them, and the rest is correlated.
public struct SeriesAnalysis: Sendable {
  /// The observations, replication by replication, in the order of time.
  public let series: [[Double]]
  /// The confidence of all intervals.
  public let confidence: Double
  /// How many observations of each replication are dropped as warm-up.
  public let dropped: Int
  /// Whether some series is too short to tell its warm-up by MSER-5.
  public let isDoubtful: Bool
  /// From which observation on Welch's curve, smoothed over a twentieth to either side, stays within
  /// 5 % of its range; nil where it doesn't, or there is no curve.
  public let welch: Int?

  /// Batches of all series together: Law's advice is 5 to 10, Schmeiser's 10 to 30.
  private static let batches = 20
  private static let resamples = 2_000

  /// - Parameters:
  ///   - series: per replication at least one observation; shorter ones end earlier.
  ///   - warmUp: how many observations are dropped; nil: as MSER-5 says.
  public init(_ series: [[Double]], confidence: Double = 0.95, warmUp: Int? = nil) {
    precondition(series.allSatisfy { !$0.isEmpty }, "A replication has an observation.")
    self.series = series
    self.confidence = confidence
    let shortest = series.map(\.count).min() ?? 0
    let cuts = shortest > 1 ? series.compactMap { WarmupTruncation($0) } : []
    dropped = min(warmUp ?? cuts.map(\.observations).max() ?? 0, max(0, shortest - 1))
    isDoubtful = warmUp == nil && cuts.contains(where: \.isDoubtful)
    welch =
      shortest > 1
      ? WelchWarmup(series.map { Array($0[..<shortest]) }, window: shortest / 20).settles()
      : nil
  }

  /// Whether every replication is one observation.
  public var isTerminating: Bool { series.allSatisfy { $0.count == 1 } }

  /// What is left of each replication after its warm-up.
  public var kept: [[Double]] { series.map { Array($0[dropped...]) } }

  /// The mean of each replication after its warm-up.
  public var replicationMeans: [Double] { kept.map { Tally($0).mean ?? 0 } }

  /// Student's interval of the replications' means; nil below two.
  public var student: ConfidenceInterval? {
    ConfidenceInterval.mean(of: replicationMeans, confidence: confidence)
  }

  /// Twenty batches of all that was kept, one replication after another; nil below forty
  /// observations.
  public var batchMeans: BatchMeans? {
    let all = kept.flatMap { $0 }
    return isTerminating || all.count < 2 * Self.batches
      ? nil : BatchMeans(all, batches: Self.batches)
  }

  /// The interval of overlapping batches of the same length.
  public var overlapping: ConfidenceInterval? {
    guard let size = batchMeans?.size else { return nil }
    return BatchMeans.overlappingInterval(
      kept.flatMap { $0 }, size: size, confidence: confidence)
  }

  /// The bootstrap's percentile interval of the mean, from the replications' means or, of one
  /// replication, from its batches'; nil below two of these.
  public func bootstrap(seed: UInt64) -> ConfidenceInterval? {
    let means = series.count > 1 ? replicationMeans : batchMeans?.means ?? []
    guard means.count > 1 else { return nil }
    return Bootstrap(
      means, resamples: Self.resamples, on: RandomSource(seed: seed).stream("bootstrap")
    ) { Tally($0).mean ?? 0 }.interval(confidence: confidence)
  }

  /// A quantile of the replications' values or means, which are independent.
  ///
  /// - Throws: ``QuantileInterval/TooExtreme``, which names how many replications it takes.
  public func quantile(
    _ probability: Double
  ) throws(QuantileInterval.TooExtreme) -> QuantileInterval {
    try QuantileInterval(
      Sample(replicationMeans), probability: probability, confidence: confidence)
  }
}
