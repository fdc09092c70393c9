extension TimeSpan {
  static let grammar = Grammar(
    name: "a duration", expected: "a number and a unit, such as 300ms, 90s, 1h30m or 5d")

  /// The units of durations, largest first, in nanoseconds.
  static let units: [(name: String, nanoseconds: Int64)] = [
    ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
    ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
  ]

  /// Reads a duration: one or more numbers, each with a unit, such as `300ms`, `1.5h`, `1h30m`.
  ///
  /// > Source: `time.ParseDuration` of Go 1.24, which Kubernetes' durations go through: *same as*
  /// > in grammar (sign, any order, repeated units, `0` without a unit). *Differs by* the unit `d`
  /// > of 24 hours, and by rounding each term to the nearest nanosecond where Go truncates.
  ///
  /// - Throws: a ``QuantityError`` for anything else and for spans beyond ±292 years.
  public static func parse(_ text: String) throws(QuantityError) -> TimeSpan {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    var rest = Substring(text).utf8
    var isNegative = false
    if let sign = rest.first, sign == ASCII.plus || sign == ASCII.minus {
      isNegative = sign == ASCII.minus
      rest.removeFirst()
    }
    if rest.elementsEqual("0".utf8) { return .zero }
    var sum: Int128 = 0
    repeat { sum += try term(&rest, of: text) } while !rest.isEmpty
    guard let nanoseconds = Int64(exactly: isNegative ? -sum : sum) else {
      throw grammar.error(.outOfRange, text)
    }
    return TimeSpan(nanoseconds: nanoseconds)
  }

  /// Reads one number with its unit off the front, in nanoseconds.
  private static func term(
    _ rest: inout Substring.UTF8View, of text: String
  ) throws(QuantityError) -> Int128 {
    guard let number = Numeral(consuming: &rest, allowsSign: false) else {
      throw grammar.error(.malformed, text)
    }
    let name = rest.prefix { $0 != ASCII.point && ASCII.digit($0) == nil }
    rest = rest.dropFirst(name.count)
    let unitName = Substring(name)
    guard !unitName.isEmpty else {
      throw grammar.error(.missingUnit, text, suggestion: "\(text)s")
    }
    let spelled = unitName == "µs" || unitName == "μs" ? "us" : unitName
    guard let unit = units.first(where: { $0.name == spelled }) else {
      throw grammar.error(.unknownUnit, text, suggestion: correction(text, unitName))
    }
    guard let nanoseconds = try? number.scaled(by: Int128(unit.nanoseconds), rounding: .nearest),
      nanoseconds <= Int128(Int64.max) + 1
    else { throw grammar.error(.outOfRange, text) }
    return nanoseconds
  }

  /// The text with a unit as people write it replaced by the one meant.
  private static func correction(_ text: String, _ unit: Substring) -> String? {
    let meant: [(names: [String], unit: String)] = [
      (["sec", "secs", "second", "seconds"], "s"), (["min", "mins", "minute", "minutes"], "m"),
      (["hr", "hrs", "hour", "hours"], "h"), (["day", "days"], "d"), (["msec", "millis"], "ms"),
    ]
    let spelled = unit.lowercased().filter { !$0.isWhitespace }
    let match =
      meant.first { $0.names.contains(spelled) }?.unit ?? units.first { $0.name == spelled }?.name
    guard let match, text.hasSuffix(unit) else { return nil }
    return text.dropLast(unit.count) + match
  }

  /// The span as ``parse(_:)`` reads it back, such as `1d12h`, `1m30.5s` or `250ms`.
  public var formatted: String {
    guard nanoseconds != 0 else { return "0s" }
    var rest = Int128(nanoseconds.magnitude)
    var text = nanoseconds < 0 ? "-" : ""
    for unit in Self.units.prefix(3) where rest >= Int128(unit.nanoseconds) {
      text += "\(rest / Int128(unit.nanoseconds))\(unit.name)"
      rest %= Int128(unit.nanoseconds)
    }
    guard rest > 0 else { return text }
    // A span of a second or more keeps its rest in seconds; a shorter one is told in its own unit.
    let decimals =
      nanoseconds.magnitude >= 1_000_000_000 ? 9 : rest >= 1_000_000 ? 6 : rest >= 1000 ? 3 : 0
    let unit = ["ns", "us", "ms", "s"][decimals / 3]
    return text + decimalText(rest, decimals: decimals) + unit
  }
}
