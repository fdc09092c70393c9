extension Money {
  static let grammar = Grammar(
    name: "an amount of money", expected: "a decimal number of at most 12 decimals, such as 0.80")

  /// Reads a decimal number, exactly.
  ///
  /// - Throws: a ``QuantityError`` for anything else, for more than 12 decimals, and beyond
  ///   10²⁶ units.
  public static func parse(_ text: String) throws(QuantityError) -> Money {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    var rest = Substring(text).utf8
    guard let number = Numeral(consuming: &rest), rest.isEmpty else {
      throw grammar.error(.malformed, text)
    }
    do {
      return Money(picounits: try number.scaled(by: 1_000_000_000_000, rounding: .none))
    } catch {
      throw grammar.error(error == .inexact ? .tooPrecise : .outOfRange, text)
    }
  }

  /// The exact amount as a decimal number without trailing zeros, such as `0.073344`.
  public var decimal: String { decimalText(picounits, decimals: 12) }
}

/// What something costs: an amount of a currency, once or for every so much time.
public struct Price: Hashable, Sendable {
  /// The amount.
  public var amount: Money
  /// The currency's ISO 4217 code, such as `CNY`.
  public var currency: String
  /// The time that the amount pays for; nil if it is paid once.
  public var period: TimeSpan?

  /// A price, once or for every period.
  ///
  /// - Precondition: a period is longer than no time.
  public init(_ amount: Money, currency: String, per period: TimeSpan? = nil) {
    precondition(period.map { $0 > .zero } ?? true, "a price must be for some time")
    self.amount = amount
    self.currency = currency
    self.period = period
  }

  /// What a time costs, rounded to the nearest 10⁻¹² of the currency's unit, halves up; a price
  /// that is paid once doesn't depend on it.
  ///
  /// - Precondition: the product of the amount in 10⁻¹² and the time in nanoseconds is below 2¹²⁶.
  public func cost(of time: TimeSpan) -> Money {
    guard let period else { return amount }
    let unit = Int128(period.nanoseconds)
    let doubled = 2 * amount.picounits * Int128(time.nanoseconds) + unit
    let (quotient, remainder) = doubled.quotientAndRemainder(dividingBy: 2 * unit)
    return Money(picounits: remainder < 0 ? quotient - 1 : quotient)
  }
}

extension Price {
  static let grammar = Grammar(
    name: "a price", expected: "an amount, a currency and perhaps a time, such as 0.80 CNY/h")

  private static let periods: [(name: String, period: TimeSpan)] = [
    ("s", .seconds(1)), ("min", .minutes(1)), ("h", .hours(1)), ("d", .hours(24)),
  ]

  /// Reads a price: an amount, a space, a currency of three capitals, and perhaps `/s`, `/min`,
  /// `/h` or `/d`.
  ///
  /// - Throws: a ``QuantityError`` for anything else, a negative amount included.
  public static func parse(_ text: String) throws(QuantityError) -> Price {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let amountText = parts.first, let amount = try? Money.parse(String(amountText)) else {
      throw grammar.error(.malformed, text)
    }
    guard parts.count > 1 else {
      throw grammar.error(.missingUnit, text, suggestion: "\(text) CNY")
    }
    let unit = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    let isCode = unit[0].count == 3 && unit[0].allSatisfy { ("A"..."Z").contains($0) }
    guard parts.count == 2, unit.count <= 2, isCode else { throw grammar.error(.malformed, text) }
    guard amount >= .zero else { throw grammar.error(.negative, text) }
    guard unit.count == 2 else { return Price(amount, currency: String(unit[0])) }
    guard let period = periods.first(where: { $0.name == unit[1] })?.period else {
      throw grammar.error(.unknownUnit, text)
    }
    return Price(amount, currency: String(unit[0]), per: period)
  }
}

extension Price: CustomStringConvertible {
  /// The price as ``Price/parse(_:)`` reads it back, such as `0.8 CNY/h`.
  public var description: String {
    guard let period else { return "\(amount.decimal) \(currency)" }
    let name = Self.periods.first { $0.period == period }?.name ?? period.formatted
    return "\(amount.decimal) \(currency)/\(name)"
  }
}
