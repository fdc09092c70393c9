/// A number's decimal digits, rounded where asked, without a formatting library.
///
/// Swift prints the shortest digits that read back as the same number. Rounding starts from
/// these, so a tie is a tie of what a reader sees (0.125 is halfway between 0.12 and 0.13, and
/// goes to the even neighbour), and the result is the same on every platform.
struct DecimalDigits {
  /// Whether the number is below zero.
  var isNegative: Bool
  /// The digits from the first that isn't zero; empty for zero.
  var digits: [UInt8]
  /// The decimal point stands after so many digits; negative: before as many zeros.
  var point: Int

  /// The digits of a finite number.
  init(_ value: Double) {
    isNegative = value < 0
    digits = []
    point = 0
    var exponent = 0
    var seenPoint = false
    var text = value.magnitude.description.utf8[...]
    if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(Substring(text[text.index(after: mark)...]))) ?? 0
      text = text[..<mark]
    }
    for byte in text {
      if byte == UInt8(ascii: ".") {
        seenPoint = true
      } else {
        let digit = byte - UInt8(ascii: "0")
        if !seenPoint { point += 1 }
        digits.append(digit)
      }
    }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point += exponent - zeros
    trim()
  }

  /// Drops what comes after so many digits, rounding half to even.
  mutating func round(toDigits count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      trim()
      return
    }
    let rest = digits[count...]
    let last = count > 0 ? digits[count - 1] : 0
    let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let up = isHalf ? last % 2 == 1 : (rest.first ?? 0) >= 5
    digits.removeLast(digits.count - count)
    if up { increment() }
    trim()
  }

  /// Drops what comes after so many decimals, rounding half to even.
  mutating func round(toDecimals count: Int) { round(toDigits: point + count) }

  /// Adds one in the last place.
  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
    }
  }

  /// Drops zeros at the end, and the sign of zero.
  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty {
      point = 0
      isNegative = false
    }
  }

  /// The digits before the decimal point, at least one.
  var whole: String {
    guard point > 0 else { return "0" }
    return text(digits.prefix(point)) + String(repeating: "0", count: max(0, point - digits.count))
  }

  /// The digits after the decimal point, filled with zeros to `count` if that is more.
  func fraction(filledTo count: Int = 0) -> String {
    let lead = digits.isEmpty ? "" : String(repeating: "0", count: max(0, -point))
    let text = lead + text(digits.dropFirst(max(0, point)))
    return text + String(repeating: "0", count: max(0, count - text.count))
  }

  private func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }

  /// The number in plain notation, or with an exponent where it has more than 21 digits before
  /// the point or more than 6 zeros behind it (JSON's and CSV's readers take both).
  var plain: String {
    let sign = isNegative ? "-" : ""
    if point > 21 || point < -6 {
      let head = text(digits.prefix(1))
      let tail = text(digits.dropFirst())
      return sign + head + (tail.isEmpty ? "" : "." + tail) + "e\(point - 1)"
    }
    let fraction = fraction()
    return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
