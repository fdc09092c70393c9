/// Observations that were kept, in ascending order.
public struct Sample: Hashable, Sendable {
  /// The observations, ascending.
  public let sorted: [Double]

  /// The sample of some observations, whatever their order.
  public init(_ observations: some Sequence<Double>) { sorted = observations.sorted() }

  /// How many observations there are.
  public var count: Int { sorted.count }
  /// The smallest observation; nil in an empty sample.
  public var minimum: Double? { sorted.first }
  /// The largest observation; nil in an empty sample.
  public var maximum: Double? { sorted.last }

  /// The mean, summed in ascending order, so that the order of observation doesn't matter; nil in
  /// an empty sample.
  public var mean: Double? { Tally(sorted).mean }

  /// The quantile for a probability between 0 and 1; nil in an empty sample.
  ///
  /// Linear between the closest ranks: type 7 of R. J. Hyndman and Y. Fan, *The American
  /// Statistician* 50 (1996).
  public func quantile(_ probability: Double) -> Double? {
    precondition((0...1).contains(probability), "A quantile's probability is between 0 and 1.")
    guard count > 0 else { return nil }
    let rank = probability * Double(count - 1)
    let below = min(Int(rank), count - 1)
    let above = min(below + 1, count - 1)
    return sorted[below] + (rank - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The median; nil in an empty sample.
  public var median: Double? { quantile(0.5) }
}
