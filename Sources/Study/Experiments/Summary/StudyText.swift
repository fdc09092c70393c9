/// The few words that a study writes itself.
enum StudyText {
  /// A count with thousands marked.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "−" : "") + text
  }

  /// A count with its noun: `1 Pod`, `3,000 Pods`.
  static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// The ends of a range, the unit named once where both have the same: `600–3000/min`.
  static func range(_ low: String, _ high: String) -> String {
    guard let first = SettingNumber(low), let last = SettingNumber(high),
      first.unit == last.unit, low.hasSuffix(first.unit)
    else { return "\(low)–\(high)" }
    return "\(low.dropLast(first.unit.count))–\(high)"
  }
}
