/// Curves thinned so that no spike vanishes: each bucket keeps its lowest and its highest point.
enum Thinning {
  /// Most buckets that a curve is thinned to; two points each, so under a thousand in all.
  static let buckets = 300

  /// The indices to keep of so many values, rising: all where they are few, else the first, the
  /// last, and each bucket's lowest and highest.
  static func extremes(of values: [Double], buckets: Int = buckets) -> [Int] {
    guard values.count > 2 * buckets else { return Array(values.indices) }
    var kept: [Int] = []
    for bucket in 0..<buckets {
      let range = bounds(bucket, of: values.count, buckets: buckets)
      var lowest = range.lowerBound
      var highest = range.lowerBound
      for index in range {
        if values[index] < values[lowest] { lowest = index }
        if values[index] > values[highest] { highest = index }
      }
      for index in [min(lowest, highest), max(lowest, highest)] where index != kept.last {
        kept.append(index)
      }
    }
    if kept.first != 0 { kept.insert(0, at: 0) }
    if kept.last != values.count - 1 { kept.append(values.count - 1) }
    return kept
  }

  /// The outline of a band: per bucket the place of its middle, the lowest low and highest high.
  static func outline(
    low: [Double], high: [Double], buckets: Int = buckets
  ) -> [(index: Double, low: Double, high: Double)] {
    let count = min(low.count, high.count)
    guard count > buckets else {
      return (0..<count).map { (Double($0), low[$0], high[$0]) }
    }
    return (0..<buckets).map { bucket in
      let range = bounds(bucket, of: count, buckets: buckets)
      // The ends stay where they are, so that band and line begin and end together.
      let middle = Double(range.lowerBound + range.upperBound - 1) / 2
      let place = bucket == 0 ? 0 : bucket == buckets - 1 ? Double(count - 1) : middle
      return (place, low[range].min() ?? 0, high[range].max() ?? 0)
    }
  }

  private static func bounds(_ bucket: Int, of count: Int, buckets: Int) -> Range<Int> {
    (bucket * count / buckets)..<((bucket + 1) * count / buckets)
  }

  /// Leaves out points in the middle of straight stretches, which change nothing on the page.
  static func straightened(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var kept: [(x: Double, y: Double)] = []
    for point in points {
      while kept.count >= 2, isStraight(kept[kept.count - 2], kept[kept.count - 1], point) {
        kept.removeLast()
      }
      kept.append(point)
    }
    return kept
  }

  private static func isStraight(
    _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ c: (x: Double, y: Double)
  ) -> Bool {
    // Only level stretches: dropping points of slopes could add up to a visible shift.
    a.y == b.y && b.y == c.y
  }
}
