/// How many events may happen, or do happen, in a time, such as `1000/min`.
///
/// Two rates are equal if they are the same number per second, however they are written.
public struct Rate: Sendable {
  /// Events in ``period``, from 0; infinite for a rate that limits nothing.
  private let count: Double
  /// The time, in seconds, that it counts in; kept so that `1000/min` is exactly 1000 per minute.
  private let period: Double
  /// The rate as it was written.
  public let text: String

  /// So many events per second.
  ///
  /// - Precondition: it isn't negative.
  public init(perSecond: Double) {
    self.init(perSecond, in: 1, text: Self.text(perSecond, per: "s"))
  }

  /// So many events per minute.
  ///
  /// - Precondition: it isn't negative.
  public init(perMinute: Double) {
    self.init(perMinute, in: 60, text: Self.text(perMinute, per: "min"))
  }

  private init(_ count: Double, in period: Double, text: String) {
    precondition(count >= 0, "a rate must not be negative")
    self.count = count
    self.period = period
    self.text = text
  }

  /// A rate that limits nothing.
  public static let unlimited = Rate(perSecond: .infinity)

  /// Events per second, from 0; infinite for a rate that limits nothing.
  public var perSecond: Double { count / period }

  /// Events per minute, from 0; infinite for a rate that limits nothing.
  public var perMinute: Double { count * 60 / period }

  /// The time between two events at this rate, rounded to the nearest nanosecond:
  /// ``TimeSpan/infinite`` at no events, zero at an unlimited rate.
  public var interval: TimeSpan { .seconds(1 / perSecond) }

  private static func text(_ count: Double, per unit: String) -> String {
    count == .infinity ? "unlimited" : "\(shortText(count))/\(unit)"
  }
}

extension Rate {
  static let grammar = Grammar(
    name: "a rate", expected: "a number per time, such as 20/s, 1000/min or 5/h, or unlimited")

  private static let units: [(names: [String], seconds: Double)] = [
    (["s", "sec", "second"], 1), (["min", "m", "minute"], 60), (["h", "hour"], 3600),
    (["d", "day"], 86_400),
  ]

  /// Reads a rate: a number, `/`, and one of `s`, `min`, `h` and `d`; or `unlimited`.
  ///
  /// - Throws: a ``QuantityError`` for anything else, a negative number included.
  public static func parse(_ text: String) throws(QuantityError) -> Rate {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    if text == "unlimited" { return .unlimited }
    var rest = Substring(text).utf8
    guard let number = Numeral(consuming: &rest) else { throw grammar.error(.malformed, text) }
    guard !number.isNegative || number.isZero else { throw grammar.error(.negative, text) }
    guard let slash = rest.first else {
      throw grammar.error(.missingUnit, text, suggestion: "\(text)/s")
    }
    guard slash == UInt8(ascii: "/") else { throw grammar.error(.malformed, text) }
    let name = Substring(rest.dropFirst())
    guard let unit = units.first(where: { $0.names.contains(String(name)) }) else {
      throw grammar.error(.unknownUnit, text)
    }
    let count = number.double
    guard count.isFinite else { throw grammar.error(.outOfRange, text) }
    return Rate(count, in: unit.seconds, text: text)
  }
}

extension Rate: Comparable, Hashable, CustomStringConvertible {
  /// Whether both are the same number per second, however they are written.
  public static func == (a: Rate, b: Rate) -> Bool { a.perSecond == b.perSecond }
  /// Whether `a` is slower than `b`.
  public static func < (a: Rate, b: Rate) -> Bool { a.perSecond < b.perSecond }
  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(perSecond) }
  /// The rate as it was written.
  public var description: String { text }
}
