import CloudSimulation

/// Looks for the value between two at which a verdict flips, by halving the way between them.
///
/// Numbers are tried to three significant digits, so that what is named can be used; other values,
/// such as laws, at fractions of the way that the source knows values for.
struct FlipSearch: Sendable {
  let path: String
  /// The value nearest to the flip at which the verdict is known to stand.
  private(set) var stands: String
  private enum Way {
    case numbers(stands: SettingNumber, flips: SettingNumber)
    case fractions(from: String, to: String, stands: Double, flips: Double)
    case none
  }
  private var way: Way
  private let source: any ScenarioSource
  /// Beyond this many halvings fractions tell nothing new.
  private static let finest = 1.0 / 64

  /// - Parameters:
  ///   - from: the present value, where the verdict stands.
  ///   - to: the end at which it is known to flip.
  ///   - other: the opposite end, if the verdict stands there: the search begins there if there is
  ///     no way from the present value, such as from `unlimited`.
  init(
    path: String, from: String, to: String, otherwiseFrom other: String?,
    source: any ScenarioSource
  ) {
    self.path = path
    self.source = source
    for start in [from, other].compactMap({ $0 }) {
      let way = Self.way(path, from: start, to: to, source)
      if case .none = way { continue }
      self.way = way
      stands = start
      return
    }
    way = .none
    stands = to
  }

  private static func way(
    _ path: String, from start: String, to end: String, _ source: any ScenarioSource
  ) -> Way {
    if let a = SettingNumber(start), let b = SettingNumber(end), a.unit == b.unit {
      return .numbers(stands: a, flips: b)
    }
    guard source.interpolate(path, from: start, to: end, fraction: 0.5) != nil else {
      return .none
    }
    return .fractions(from: start, to: end, stands: 0, flips: 1)
  }

  /// The next value to try; nil if the flip is found as closely as it can be told.
  func next() -> String? {
    switch way {
    case .numbers(let stands, let flips): return stands.middle(to: flips)?.text
    case .fractions(let from, let to, let stands, let flips):
      guard abs(flips - stands) > Self.finest else { return nil }
      let text = source.interpolate(path, from: from, to: to, fraction: (stands + flips) / 2)
      // Whole numbers end before fractions do.
      return text == self.stands || text == to && flips == 1 ? nil : text
    case .none: return nil
    }
  }

  /// Notes whether the verdict stands at the value that was tried.
  mutating func note(_ value: String, stands isStanding: Bool) {
    if isStanding { stands = value }
    switch way {
    case .numbers(let stands, let flips):
      guard let tried = SettingNumber(value) else {
        way = .none
        return
      }
      way =
        isStanding
        ? .numbers(stands: tried, flips: flips) : .numbers(stands: stands, flips: tried)
    case .fractions(let from, let to, let stands, let flips):
      let middle = (stands + flips) / 2
      way =
        isStanding
        ? .fractions(from: from, to: to, stands: middle, flips: flips)
        : .fractions(from: from, to: to, stands: stands, flips: middle)
    case .none: break
    }
  }
}

/// A plain decimal number with a unit behind it, as settings such as `1000/min`, `40` or `0.5s`
/// have it.
struct SettingNumber: Sendable {
  /// The number is `digits` · 10^`exponent`.
  let digits: Int
  let exponent: Int
  let unit: String

  private init(digits: Int, exponent: Int, unit: String) {
    self.digits = digits
    self.exponent = exponent
    self.unit = unit
  }

  /// Reads digits with at most one point, at most 15 of them, and a unit without digits; nil for
  /// anything else.
  init?(_ text: String) {
    var digits = 0
    var exponent = 0
    var count = 0
    var isFraction = false
    var rest = Substring(text)
    while let character = rest.first {
      if character == ".", !isFraction {
        isFraction = true
      } else if character.isASCII, let digit = character.wholeNumberValue {
        digits = digits * 10 + digit
        count += 1
        if isFraction { exponent -= 1 }
      } else {
        break
      }
      rest.removeFirst()
      if count > 15 { return nil }
    }
    guard count > 0, !rest.contains(where: { $0.isNumber || $0 == "(" || $0 == "," }) else {
      return nil
    }
    self.init(digits: digits, exponent: exponent, unit: String(rest))
  }

  /// The number without its unit.
  var value: Double { Self.scaled(Double(digits), exponent) }

  /// The number halfway to another of the same unit, to three significant digits, and whole if
  /// both are; nil if there is none between them.
  func middle(to other: SettingNumber) -> SettingNumber? {
    let middle = (value + other.value) / 2
    guard middle > 0 else { return nil }
    var exponent = 0
    while Self.scaled(middle, -exponent) >= 1000 { exponent += 1 }
    while Self.scaled(middle, -exponent) < 100, exponent > -12 { exponent -= 1 }
    if self.exponent >= 0, other.exponent >= 0 { exponent = max(0, exponent) }
    let digits = Int(Self.scaled(middle, -exponent).rounded())
    let rounded = SettingNumber(digits: digits, exponent: exponent, unit: unit)
    let isBetween =
      rounded.value > min(value, other.value) && rounded.value < max(value, other.value)
    return isBetween ? rounded : nil
  }

  private static func scaled(_ value: Double, _ exponent: Int) -> Double {
    var scale = 1.0
    for _ in 0..<abs(exponent) { scale *= 10 }
    return exponent < 0 ? value / scale : value * scale
  }

  /// The number as text, with its unit.
  var text: String {
    guard exponent < 0 else {
      return String(digits) + String(repeating: "0", count: digits == 0 ? 0 : exponent) + unit
    }
    var figures = String(digits)
    while figures.count <= -exponent { figures = "0" + figures }
    var fraction = figures.suffix(-exponent)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = figures.dropLast(-exponent)
    return whole + (fraction.isEmpty ? "" : "." + fraction) + unit
  }
}
