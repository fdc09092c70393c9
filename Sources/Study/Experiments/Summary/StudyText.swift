import Probability
import Quantities

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

  /// A value as a reader wants it: of a law of times or sizes only the mean, to three digits, as times are.
  static func value(_ text: String) -> String {
    if let mean = mean(text) { return "mean \(mean)" }
    guard let span = try? TimeSpan.parse(text), span > .zero else { return text }
    return threeDigits(span.seconds)
  }

  /// Seconds to three digits.
  private static func threeDigits(_ seconds: Double) -> String {
    var step = 1e-9
    while step * 1000 <= seconds { step *= 10 }
    return TimeSpan.seconds((seconds / step).rounded() * step).formatted
  }

  /// How large a value is: a number without its unit, seconds of a time, the mean of a law; nil for
  /// anything else.
  static func magnitude(_ text: String) -> Double? {
    if text.contains("(") { return lawMean(text) }
    if let span = try? TimeSpan.parse(text) { return span.seconds }
    return SettingNumber(text)?.value
  }

  /// Whether a text is a time.
  static func isTime(_ text: String) -> Bool { (try? TimeSpan.parse(text)) != nil }

  private static func lawMean(_ text: String) -> Double? {
    guard text.contains("(") else { return nil }
    let law = try? Law.parse(text) { argument in
      if let span = try? TimeSpan.parse(String(argument)) { return span.seconds }
      return Double(argument)
    }
    guard let mean = law?.mean, mean.isFinite, mean > 0 else { return nil }
    return mean
  }

  private static func mean(_ text: String) -> String? {
    lawMean(text).map(threeDigits)
  }

  /// The ends of a range, the unit named once where both have the same: `600–3000/min`.
  static func range(_ low: String, _ high: String) -> String {
    if let first = mean(low), let last = mean(high) { return "mean \(first)–\(last)" }
    guard let first = SettingNumber(low), let last = SettingNumber(high),
      first.unit == last.unit, low.hasSuffix(first.unit)
    else { return "\(low)–\(high)" }
    return "\(low.dropLast(first.unit.count))–\(high)"
  }
}
