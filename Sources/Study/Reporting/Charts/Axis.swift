/// A linear axis: a domain of values, marked at round numbers, laid onto a stretch of the page.
struct Axis {
  /// The lowest value shown.
  let low: Double
  /// The highest value shown.
  let high: Double
  /// The values marked.
  let ticks: [Double]
  /// Where the lowest value lies on the page.
  let start: Double
  /// Where the highest value lies on the page.
  let end: Double

  /// An axis from zero to the first round mark at or above a value.
  init(upTo highest: Double, marks: Int = 5, start: Double, end: Double) {
    let top = highest.isFinite && highest > 0 ? highest : 1
    let step = Self.niceStep(top / Double(marks))
    let count = max(1, Int((top / step - 1e-9).rounded(.up)))
    low = 0
    high = step * Double(count)
    ticks = (0...count).map { Double($0) * step }
    self.start = start
    self.end = end
  }

  /// An axis from zero to exactly a value, marked at round numbers inside.
  init(exactly highest: Double, step: Double, start: Double, end: Double) {
    low = 0
    high = highest > 0 ? highest : 1
    ticks = (0...Int(high / step + 1e-9)).map { Double($0) * step }
    self.start = start
    self.end = end
  }

  /// An axis from the round mark at or below a value to the one at or above another.
  init(from lowest: Double, to highest: Double, marks: Int = 5, start: Double, end: Double) {
    let step = Self.niceStep((highest - lowest) / Double(marks))
    let first = (lowest / step + 1e-9).rounded(.down)
    let last = max(first + 1, (highest / step - 1e-9).rounded(.up))
    low = first * step
    high = last * step
    ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
    self.start = start
    self.end = end
  }

  /// The place of a value on the page.
  func position(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }

  /// The smallest of 1, 2, 5 times a power of ten that is no smaller than a value.
  static func niceStep(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= value { power *= 10 }
    while power > value { power /= 10 }
    for factor in [1.0, 2, 5] where factor * power >= value * (1 - 1e-9) { return factor * power }
    return 10 * power
  }
}

/// The unit in which an axis of time is marked.
struct TimeUnit {
  /// The unit's name.
  let name: String
  /// The unit in seconds.
  let seconds: Double
  /// Round steps between marks, in this unit.
  let steps: [Double]

  private static let all = [
    TimeUnit(name: "s", seconds: 1, steps: [1, 2, 5, 10, 15, 30, 60]),
    TimeUnit(name: "min", seconds: 60, steps: [1, 2, 5, 10, 15, 30, 60]),
    TimeUnit(name: "h", seconds: 3600, steps: [1, 2, 3, 6, 12, 24]),
    TimeUnit(name: "d", seconds: 86_400, steps: [1, 2, 7, 14, 28, 91]),
  ]

  /// The unit that suits a span, and the step between about six marks in seconds.
  static func suiting(_ span: Double) -> (unit: TimeUnit, step: Double) {
    let limits = [300, 4 * 3600, 4 * 86_400] as [Double]
    let unit = all[limits.firstIndex { span <= $0 } ?? 3]
    let wanted = span / unit.seconds / 7
    if wanted <= 0.5 { return (unit, Axis.niceStep(wanted) * unit.seconds) }
    let step = unit.steps.first { $0 >= wanted } ?? Axis.niceStep(wanted)
    return (unit, step * unit.seconds)
  }
}
