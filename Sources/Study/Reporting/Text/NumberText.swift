/// Numbers as text: for machines to six significant digits, for people with thousands marked.
public enum NumberText {
  /// What stands for a value that doesn't exist.
  public static let missing = "–"

  /// A number to six significant digits, `.` as decimal point, no thousands; whole numbers are
  /// printed in full up to 2⁵³. Nil for what isn't finite.
  public static func machine(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    var digits = DecimalDigits(value)
    let isExactWhole = value.magnitude < 0x1p53 && value == value.rounded()
    if !isExactWhole { digits.round(toDigits: 6) }
    return digits.plain
  }

  /// A number for people: from 1,000 up whole with thousands marked, below to so many
  /// significant digits; zeros at the end dropped.
  ///
  /// - Parameter boundary: a threshold from which the text must differ if the number does, such
  ///   as 999.7 from 1,000.
  public static func readable(
    _ value: Double?, digits count: Int = 4, apartFrom boundary: Double? = nil
  ) -> String {
    guard let value, value.isFinite else { return missing }
    var text = rounded(value, digits: count)
    if let boundary, boundary != value {
      let other = rounded(boundary, digits: count)
      var finer = count
      while text == other, finer < 15 {
        finer += 1
        text = rounded(value, digits: finer, isWholeFrom: 1e15)
      }
    }
    return text
  }

  private static func rounded(
    _ value: Double, digits count: Int, isWholeFrom limit: Double = 1000
  ) -> String {
    var digits = DecimalDigits(value)
    if value.magnitude >= limit {
      digits.round(toDecimals: 0)
    } else {
      digits.round(toDigits: count)
    }
    if digits.point < -6 { return signed(digits, digits.plain) }
    let fraction = digits.fraction()
    return signed(digits, grouped(digits.whole) + (fraction.isEmpty ? "" : "." + fraction))
  }

  /// A number with so many decimals and thousands marked.
  public static func fixed(_ value: Double?, decimals: Int) -> String {
    guard let value, value.isFinite else { return missing }
    var digits = DecimalDigits(value)
    digits.round(toDecimals: decimals)
    let fraction = digits.fraction(filledTo: decimals)
    return signed(digits, grouped(digits.whole) + (fraction.isEmpty ? "" : "." + fraction))
  }

  /// A count with thousands marked.
  public static func count(_ value: Int) -> String {
    (value < 0 ? "−" : "") + grouped(String(value.magnitude))
  }

  /// A count with its noun: `1 replication`, `59 replications`.
  static func count(_ value: Int, _ noun: String) -> String {
    value == 1 ? "1 \(noun)" : "\(count(value)) \(noun)s"
  }

  /// A share between 0 and 1 as a percentage with at most one decimal.
  public static func percent(_ share: Double, decimals: Int = 1) -> String {
    guard share.isFinite else { return missing }
    var digits = DecimalDigits(share * 100)
    digits.round(toDecimals: decimals)
    let fraction = digits.fraction()
    return signed(digits, digits.whole + (fraction.isEmpty ? "" : "." + fraction)) + " %"
  }

  /// An amount of money: cents from one unit up, four significant digits below.
  public static func money(_ amount: Double?, currency: String) -> String {
    guard let amount, amount.isFinite else { return missing }
    let size = amount.magnitude
    let text = size > 0 && size < 1 ? readable(size) : fixed(size, decimals: 2)
    let sign = amount < 0 ? "−" : ""
    switch currency {
    case "CNY": return sign + "¥" + text
    case "USD": return sign + "$" + text
    case "EUR": return sign + "€" + text
    default: return sign + text + " " + currency
    }
  }

  /// A unit in which a number of bytes has few digits, and how many bytes it is.
  static func scale(ofBytes value: Double) -> (unit: String, bytes: Double) {
    for (unit, bytes) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
    where value.magnitude >= bytes { return (unit, bytes) }
    return ("bytes", 1)
  }

  /// A number followed by its unit; units such as `/min` follow without a space.
  public static func withUnit(_ number: String, _ unit: String) -> String {
    if unit.isEmpty || number == missing { return number }
    return unit.hasPrefix("/") ? number + unit : number + " " + unit
  }

  private static func signed(_ digits: DecimalDigits, _ text: String) -> String {
    guard digits.isNegative else { return text }
    return text.hasPrefix("-") ? "−" + text.dropFirst() : "−" + text
  }

  /// Digits with a comma before each group of three.
  static func grouped(_ whole: String) -> String {
    var text = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
