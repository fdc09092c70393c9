/// Count, mean, variance and extremes of observations, without keeping them.
///
/// Updating and merging are numerically stable: B. P. Welford, *Technometrics* 4 (1962);
/// T. F. Chan, G. H. Golub, R. J. LeVeque, *The American Statistician* 37 (1983).
public struct Tally: Hashable, BitwiseCopyable, Sendable {
  /// How many observations there were.
  public private(set) var count = 0
  private var average = 0.0
  /// The sum of squared deviations from the mean.
  private var deviations = 0.0
  private var least = Double.infinity
  private var greatest = -Double.infinity

  /// No observations.
  public init() {}

  /// The tally of some observations, added in order.
  public init(_ observations: some Sequence<Double>) {
    for observation in observations { add(observation) }
  }

  /// Adds an observation.
  public mutating func add(_ observation: Double) {
    count += 1
    let deviation = observation - average
    average += deviation / Double(count)
    deviations += deviation * (observation - average)
    least = min(least, observation)
    greatest = max(greatest, observation)
  }

  /// Adds the observations of another tally; up to rounding as if they had been added here.
  public mutating func merge(_ other: Tally) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let distance = other.average - average
    average += distance * Double(other.count) / total
    deviations +=
      other.deviations + distance * distance * Double(count) * Double(other.count) / total
    count += other.count
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  /// The mean; nil without observations.
  public var mean: Double? { count > 0 ? average : nil }
  /// The variance with n − 1 in the denominator; nil below two observations.
  public var variance: Double? { count > 1 ? deviations / Double(count - 1) : nil }
  /// The square root of the variance; nil below two observations.
  public var standardDeviation: Double? { variance?.squareRoot() }
  /// The smallest observation; nil without observations.
  public var minimum: Double? { count > 0 ? least : nil }
  /// The largest observation; nil without observations.
  public var maximum: Double? { count > 0 ? greatest : nil }
}
