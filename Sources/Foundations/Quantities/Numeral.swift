/// A decimal number as it is written, of any length, before it is brought to a unit.
///
/// It is worth ±0.d₁d₂d₃… × 10^`exponent`, with neither leading nor trailing zeros among the
/// digits, so that scaling it stays in integers and never takes a detour over `Double`.
struct Numeral {
  /// What is done with decimals finer than the unit.
  enum Rounding {
    /// Away from zero.
    case up
    /// To the nearest, halves away from zero.
    case nearest
    /// Refused.
    case none
  }

  /// Why a number couldn't be brought to a unit.
  enum Failure: Error {
    case overflow
    case inexact
  }

  /// Whether a minus sign stands before it.
  var isNegative = false
  /// The significant digits' values, most significant first; none for zero.
  var digits: [UInt8] = []
  /// The number of digits before the point; negative for zeros behind it.
  var exponent = 0

  /// Reads an optional sign and `5`, `5.`, `5.5` or `.5` from the front of a text.
  ///
  /// - Returns: nil, with nothing consumed, if there are no digits.
  init?(consuming bytes: inout Substring.UTF8View, allowsSign: Bool = true) {
    var rest = bytes
    if allowsSign, let sign = rest.first, sign == ASCII.plus || sign == ASCII.minus {
      isNegative = sign == ASCII.minus
      rest.removeFirst()
    }
    var sawDigit = false
    var sawPoint = false
    while let byte = rest.first {
      if byte == ASCII.point, !sawPoint {
        sawPoint = true
      } else if let digit = ASCII.digit(byte) {
        sawDigit = true
        append(digit, behindPoint: sawPoint)
      } else {
        break
      }
      rest.removeFirst()
    }
    guard sawDigit else { return nil }
    while digits.last == 0 { digits.removeLast() }
    bytes = rest
  }

  private mutating func append(_ digit: UInt8, behindPoint: Bool) {
    let leads = digits.isEmpty && digit == 0
    if !leads { digits.append(digit) }
    switch (behindPoint, leads) {
    case (false, false): exponent += 1
    case (true, true): exponent -= 1
    case (false, true), (true, false): break
    }
  }

  /// Whether it is nought.
  var isZero: Bool { digits.isEmpty }

  /// The nearest floating-point number.
  var double: Double {
    guard !isZero else { return 0 }
    let text = digits.reduce(into: isNegative ? "-0." : "0.") { $0 += String($1) }
    return Double("\(text)e\(exponent)") ?? .infinity
  }

  /// The number times a positive factor, as an integer.
  ///
  /// Exact for any number of digits: the fraction's product is found from its last digit forward,
  /// where ⌈(n + x) / 10⌉ = ⌈(n + ⌈x⌉) / 10⌉ for whole n (and likewise for ⌊ ⌋) lets every
  /// step round without changing the result.
  ///
  /// - Precondition: `0 < factor < 2^120`, so that ten of it fit.
  func scaled(by factor: Int128, rounding: Rounding) throws(Failure) -> Int128 {
    guard !isZero else { return 0 }
    // Beyond 39 places before the point nothing fits; beyond 80 behind it nothing changes.
    guard exponent <= 39 else { throw .overflow }
    var whole: Int128 = 0
    for place in 0..<max(0, exponent) {
      let digit = place < digits.count ? Int128(digits[place]) : 0
      let (shifted, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(digit)
      guard !overflow, !carry else { throw .overflow }
      whole = sum
    }
    let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
    let fraction =
      switch rounding {
      case .up: scaledFraction(by: factor, up: true)
      case .nearest: (scaledFraction(by: factor * 2, up: false) + 1) / 2
      case .none: scaledFraction(by: factor, up: true)
      }
    if case .none = rounding, fraction != scaledFraction(by: factor, up: false) { throw .inexact }
    let (sum, carry) = product.addingReportingOverflow(fraction)
    guard !overflow, !carry else { throw .overflow }
    return isNegative ? -sum : sum
  }

  private func scaledFraction(by factor: Int128, up: Bool) -> Int128 {
    let bias: Int128 = up ? 9 : 0
    var product: Int128 = 0
    for digit in digits.dropFirst(max(0, exponent)).reversed() {
      product = (factor * Int128(digit) + product + bias) / 10
    }
    for _ in 0..<min(80, max(0, -exponent)) { product = (product + bias) / 10 }
    return product
  }
}

/// The bytes that numbers are made of.
enum ASCII {
  static let plus = UInt8(ascii: "+")
  static let minus = UInt8(ascii: "-")
  static let point = UInt8(ascii: ".")

  /// The value of an ASCII digit.
  static func digit(_ byte: UInt8) -> UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }
}

/// An integer amount of 10^−`decimals` of a unit as a decimal number without trailing zeros.
func decimalText(_ amount: Int128, decimals: Int) -> String {
  var fraction = String(amount.magnitude)
  fraction = String(repeating: "0", count: max(0, decimals + 1 - fraction.count)) + fraction
  let whole = fraction.dropLast(decimals)
  var rest = fraction.suffix(decimals)
  while rest.last == "0" { rest.removeLast() }
  return (amount < 0 ? "-" : "") + whole + (rest.isEmpty ? "" : "." + rest)
}

/// A floating-point number's shortest text, without the point where it is whole.
func shortText(_ value: Double) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
