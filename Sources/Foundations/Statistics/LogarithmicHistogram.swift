/// Counts of whole numbers in buckets whose width grows with the number: quantiles of any number of
/// samples in a few kilobytes.
///
/// Numbers below 128 have a bucket each; above, each doubling is split into 64 equal buckets, so
/// that a bucket's middle is off by less than 0.8 %.
public struct LogarithmicHistogram: Hashable, Sendable {
  private var buckets: [Int64] = []
  /// How many numbers were added.
  public private(set) var count: Int64 = 0
  private var total: Int128 = 0

  /// An empty histogram.
  public init() {}

  private static func bucket(of value: Int64) -> Int {
    guard value >= 128 else { return Int(max(0, value)) }
    let shift = 57 - value.leadingZeroBitCount
    return shift << 6 + Int(value >> Int64(shift))
  }

  private static func middle(ofBucket bucket: Int) -> Double {
    guard bucket >= 128 else { return Double(bucket) }
    let shift = bucket >> 6 - 1
    let start = Double(Int64(bucket - shift << 6) << Int64(shift))
    return start + Double(Int64(1) << Int64(shift)) / 2
  }

  /// Adds a number so many times; a negative number counts as zero.
  public mutating func add(_ value: Int64, times: Int64 = 1) {
    let bucket = Self.bucket(of: value)
    if bucket >= buckets.count {
      buckets.append(contentsOf: repeatElement(0, count: bucket + 1 - buckets.count))
    }
    buckets[bucket] += times
    count += times
    total += Int128(value) * Int128(times)
  }

  /// The exact mean of everything added; nil if it is empty.
  public var mean: Double? { count > 0 ? Double(total) / Double(count) : nil }

  /// Adds everything that another histogram holds.
  public mutating func add(_ other: LogarithmicHistogram) {
    if other.buckets.count > buckets.count {
      buckets.append(contentsOf: repeatElement(0, count: other.buckets.count - buckets.count))
    }
    for (bucket, times) in other.buckets.enumerated() { buckets[bucket] += times }
    count += other.count
    total += other.total
  }

  /// What was added since an earlier state of the same histogram.
  public func added(since earlier: LogarithmicHistogram) -> LogarithmicHistogram {
    precondition(earlier.buckets.count <= buckets.count && earlier.count <= count, "not earlier")
    var rest = self
    for (bucket, times) in earlier.buckets.enumerated() { rest.buckets[bucket] -= times }
    rest.count -= earlier.count
    rest.total -= earlier.total
    return rest
  }

  /// The middle of the bucket that holds the number of rank ⌈p · count⌉; nil if it is empty.
  public func quantile(_ p: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, min(count, Int64((p * Double(count)).rounded(.up))))
    var below: Int64 = 0
    for (bucket, times) in buckets.enumerated() {
      below += times
      if below >= rank { return Self.middle(ofBucket: bucket) }
    }
    return nil
  }
}
