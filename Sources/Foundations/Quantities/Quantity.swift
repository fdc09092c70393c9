/// An amount as Kubernetes manifests write it, such as `500m`, `1.5Gi` or `12e6`.
///
/// The amount is an integer number of 10⁻⁹ of the resource's unit, never a floating-point number.
/// Two quantities are equal if their amounts are, however they are written.
///
/// > Source: package `resource` of k8s.io/apimachinery, v0.36: *same as* in grammar, suffixes,
/// > rounding and canonical form. *Differs by* three refusals: an amount beyond ±(2⁶³ − 1) is an
/// > error, where Kubernetes caps binary ones and keeps decimal ones; a text without a digit (`.`,
/// > `-`) is an error, as its written grammar has it, where its code reads zero; and amounts are
/// > rounded away from zero below zero, too, where its slow path of big numbers doesn't.
public struct Quantity: Sendable {
  /// The family of suffixes in which a quantity was written and is printed again.
  public enum Format: Hashable, Sendable {
    /// `n u m k M G T P E`, powers of 1000.
    case decimalSI
    /// `Ki Mi Gi Ti Pi Ei`, powers of 1024.
    case binarySI
    /// `e3`, powers of ten.
    case decimalExponent
  }

  /// The amount in 10⁻⁹ of the unit, within ±(2⁶³ − 1) · 10⁹.
  public let nanos: Int128
  /// The family of suffixes in which it is printed.
  public let format: Format

  /// The largest amount of whole units, 2⁶³ − 1.
  static let limit = Int128(Int64.max)
  static let nanosPerUnit: Int128 = 1_000_000_000

  /// An amount of 10⁻⁹ units.
  ///
  /// - Precondition: it is within ±(2⁶³ − 1) · 10⁹.
  public init(nanos: Int128, format: Format = .decimalSI) {
    precondition(
      nanos.magnitude <= (Self.limit * Self.nanosPerUnit).magnitude,
      "a quantity must be within ±(2^63 − 1)")
    self.nanos = nanos
    self.format = format
  }

  /// An amount of whole units, such as bytes, or of whole cores.
  public init(_ value: Int64, format: Format = .decimalSI) {
    self.init(nanos: Int128(value) * Self.nanosPerUnit, format: format)
  }

  /// An amount of thousandths of a unit, such as millicores.
  public init(milli: Int64, format: Format = .decimalSI) {
    self.init(nanos: Int128(milli) * 1_000_000, format: format)
  }

  /// The amount in whole units, rounded away from zero: what the scheduler counts for every
  /// resource but CPU.
  public var value: Int64 { Int64(Self.divided(nanos, by: Self.nanosPerUnit)) }

  /// The amount in thousandths of the unit, rounded away from zero: what the scheduler counts for
  /// CPU.
  ///
  /// - Throws: a ``QuantityError`` if it is beyond 2⁶³ − 1.
  public var milliValue: Int64 {
    get throws(QuantityError) {
      let milli = Self.divided(nanos, by: 1_000_000)
      guard let result = Int64(exactly: milli) else {
        throw Self.grammar.error(.outOfRange, description)
      }
      return result
    }
  }

  /// Whether the amount is a whole number of units; `100m` of memory, a tenth of a byte, is not.
  public var isWhole: Bool { nanos % Self.nanosPerUnit == 0 }

  private static func divided(_ nanos: Int128, by unit: Int128) -> Int128 {
    let (quotient, remainder) = nanos.quotientAndRemainder(dividingBy: unit)
    return remainder == 0 ? quotient : quotient + nanos.signum()
  }
}

// MARK: - Reading

extension Quantity {
  static let grammar = Grammar(
    name: "a quantity", expected: "a Kubernetes quantity, such as 4, 500m, 1.5 or 16Gi")

  /// Reads a quantity; decimals finer than 10⁻⁹ are rounded away from zero.
  ///
  /// - Throws: a ``QuantityError`` for anything but a number with an optional suffix, spaces
  ///   included, and for amounts beyond ±(2⁶³ − 1).
  public static func parse(_ text: String) throws(QuantityError) -> Quantity {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    var rest = Substring(text).utf8
    guard var number = Numeral(consuming: &rest) else { throw grammar.error(.malformed, text) }
    guard let suffix = Suffix(String(rest) ?? "") else {
      throw unknownSuffix(text, String(rest) ?? "")
    }
    var factor = nanosPerUnit
    switch suffix.kind {
    case .ten(let exponent): number.exponent += exponent
    case .two(let exponent): factor <<= Int128(exponent)
    }
    let nanos: Int128
    do {
      nanos = try number.scaled(by: factor, rounding: .up)
    } catch {
      throw grammar.error(.outOfRange, text)
    }
    guard nanos.magnitude <= (limit * nanosPerUnit).magnitude else {
      throw grammar.error(.outOfRange, text)
    }
    let belowOne = nanos.magnitude < nanosPerUnit.magnitude && nanos != 0
    let format = suffix.format == .binarySI && belowOne ? .decimalSI : suffix.format
    return Quantity(nanos: nanos, format: format)
  }

  private static func unknownSuffix(_ text: String, _ suffix: String) -> QuantityError {
    let isUnit = suffix.allSatisfy(\.isLetter)
    guard isUnit else { return grammar.error(.malformed, text) }
    let number = text.dropLast(suffix.count)
    let bare = suffix.lowercased().hasSuffix("b") ? String(suffix.dropLast()) : suffix
    let correction =
      Suffix.all.first { $0.name == bare }
      ?? Suffix.all.first { $0.name.lowercased() == bare.lowercased() }
    return grammar.error(.unknownUnit, text, suggestion: correction.map { "\(number)\($0.name)" })
  }
}

/// A suffix of the grammar.
private struct Suffix {
  enum Kind {
    case ten(Int)
    case two(Int)
  }

  var name: String
  var kind: Kind
  var format: Quantity.Format

  static let all: [Suffix] =
    ["", "k", "M", "G", "T", "P", "E"].enumerated().map {
      Suffix(name: $1, kind: .ten(3 * $0), format: .decimalSI)
    }
    + ["m", "u", "n"].enumerated().map {
      Suffix(name: $1, kind: .ten(-3 * ($0 + 1)), format: .decimalSI)
    }
    + ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].enumerated().map {
      Suffix(name: $1, kind: .two(10 * ($0 + 1)), format: .binarySI)
    }

  init(name: String, kind: Kind, format: Quantity.Format) {
    self.name = name
    self.kind = kind
    self.format = format
  }

  init?(_ text: String) {
    if let known = Self.all.first(where: { $0.name == text }) {
      self = known
      return
    }
    guard let first = text.first, first == "e" || first == "E" else { return nil }
    var digits = text.dropFirst().utf8
    var isNegative = false
    if let sign = digits.first, sign == ASCII.plus || sign == ASCII.minus {
      isNegative = sign == ASCII.minus
      digits.removeFirst()
    }
    guard !digits.isEmpty, digits.allSatisfy({ ASCII.digit($0) != nil }) else { return nil }
    // A longer exponent is as far out of every range as this one.
    let exponent = Int(String(Substring(digits))).map { min($0, 1_000_000) } ?? 1_000_000
    self.init(name: text, kind: .ten(isNegative ? -exponent : exponent), format: .decimalExponent)
  }
}

// MARK: - Printing

extension Quantity: CustomStringConvertible {
  /// The canonical form: no decimals, and the largest suffix that loses nothing.
  public var description: String {
    guard nanos != 0 else { return "0" }
    let units = nanos / Self.nanosPerUnit
    if format == .binarySI, isWhole, units.magnitude >= 1024 { return Self.binary(units) }
    var mantissa = nanos
    var exponent = -9
    while mantissa % 1000 == 0 {
      mantissa /= 1000
      exponent += 3
    }
    if format == .decimalExponent {
      return exponent == 0 ? "\(mantissa)" : "\(mantissa)e\(exponent)"
    }
    let names = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
    return "\(mantissa)\(names[exponent / 3 + 3])"
  }

  private static func binary(_ units: Int128) -> String {
    var mantissa = units
    var step = 0
    while mantissa % 1024 == 0 {
      mantissa /= 1024
      step += 1
    }
    return "\(mantissa)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step])"
  }
}

// MARK: - Comparing

extension Quantity: Comparable, Hashable {
  /// Whether both are the same amount, however they are written.
  public static func == (a: Quantity, b: Quantity) -> Bool { a.nanos == b.nanos }
  /// Whether `a` amounts to less than `b`, however they are written.
  public static func < (a: Quantity, b: Quantity) -> Bool { a.nanos < b.nanos }
  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}
