/// Count, mean, variance and extremes of whole numbers, such as spans in nanoseconds, exact until
/// the last division, so that no order of adding or merging changes a bit of them.
public struct IntegerTally: Hashable, BitwiseCopyable, Sendable {
  /// How many observations there were.
  public private(set) var count = 0
  /// Their sum.
  public private(set) var sum: Int128 = 0
  /// The sum of their squares: the lower 128 bits, and what was carried out of them.
  private var squares: UInt128 = 0
  private var carries: UInt64 = 0
  private var least = Int64.max
  private var greatest = Int64.min

  /// No observations.
  public init() {}

  /// Adds an observation.
  public mutating func add(_ observation: Int64) {
    count += 1
    sum += Int128(observation)
    let magnitude = UInt128(observation.magnitude)
    addSquares(magnitude * magnitude)
    least = min(least, observation)
    greatest = max(greatest, observation)
  }

  /// Adds the observations of another tally, as if they had been added here.
  public mutating func merge(_ other: IntegerTally) {
    count += other.count
    sum += other.sum
    addSquares(other.squares)
    carries += other.carries
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  private mutating func addSquares(_ addend: UInt128) {
    let (total, overflow) = squares.addingReportingOverflow(addend)
    squares = total
    if overflow { carries += 1 }
  }

  /// The mean; nil without observations.
  public var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

  /// The variance with n − 1 in the denominator; nil below two observations.
  ///
  /// n Σx² − (Σx)² is computed in 256 bits, so nothing cancels.
  public var variance: Double? {
    guard count > 1 else { return nil }
    let scaled = squares.multipliedFullWidth(by: UInt128(count))
    let squaredSum = sum.magnitude.multipliedFullWidth(by: sum.magnitude)
    let (low, borrow) = scaled.low.subtractingReportingOverflow(squaredSum.low)
    let high =
      scaled.high + UInt128(carries) * UInt128(count) - squaredSum.high - (borrow ? 1 : 0)
    let numerator = Double(high) * 0x1p128 + Double(low)
    return numerator / (Double(count) * Double(count - 1))
  }

  /// The square root of the variance; nil below two observations.
  public var standardDeviation: Double? { variance?.squareRoot() }
  /// The smallest observation; nil without observations.
  public var minimum: Int64? { count > 0 ? least : nil }
  /// The largest observation; nil without observations.
  public var maximum: Int64? { count > 0 ? greatest : nil }
}
