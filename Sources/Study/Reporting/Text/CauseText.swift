import Statistics

/// How the effect of a cause is written.
enum CauseText {
  /// A value in its unit.
  static func value(_ value: Double, _ difference: CauseEffect.Difference) -> String {
    let unit = difference.unit.isEmpty ? "" : " \(difference.unit)"
    return NumberText.readable(value, digits: 4) + unit
  }

  /// The difference with its sign.
  static func change(_ difference: CauseEffect.Difference) -> String {
    let change = difference.interval?.estimate ?? difference.with - difference.without
    return (change > 0 ? "+" : "") + value(change, difference)
  }

  /// The interval of the difference.
  static func interval(_ difference: CauseEffect.Difference) -> String {
    guard let interval = difference.interval else { return NumberText.missing }
    return "\(NumberText.readable(interval.low, digits: 3)) to "
      + NumberText.readable(interval.high, digits: 3)
  }
}
