/// How much a link carries, in bits per second.
public struct Bandwidth: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Bits per second, above 0.
  public let bitsPerSecond: Int64

  /// So many bits per second.
  ///
  /// - Precondition: it is above zero.
  public init(bitsPerSecond: Int64) {
    precondition(bitsPerSecond > 0, "a link must carry something")
    self.bitsPerSecond = bitsPerSecond
  }

  /// A link that is never the limit.
  public static let unlimited = Bandwidth(bitsPerSecond: .max)

  /// Whether `a` carries less than `b`.
  public static func < (a: Bandwidth, b: Bandwidth) -> Bool { a.bitsPerSecond < b.bitsPerSecond }

  /// Bytes per second.
  public var bytesPerSecond: Double { Double(bitsPerSecond) / 8 }

  /// How long the link needs for an amount by itself, rounded up to whole nanoseconds; no time
  /// where it is unlimited, ``TimeSpan/infinite`` beyond the range.
  public func duration(of amount: Bytes) -> TimeSpan {
    guard self != .unlimited, amount.count > 0 else { return .zero }
    let work = Int128(amount.count) * 8 * 1_000_000_000
    let nanoseconds = (work + Int128(bitsPerSecond) - 1) / Int128(bitsPerSecond)
    return Int64(exactly: nanoseconds).map(TimeSpan.init(nanoseconds:)) ?? .infinite
  }
}

extension Bandwidth {
  static let grammar = Grammar(
    name: "a bandwidth",
    expected: "bits or bytes per second, such as 100Mbps, 10Gbps or 1.25GB/s, or unlimited")

  private static let kinds: [(name: String, bits: Int128)] = [
    ("bit/s", 1), ("bps", 1), ("b/s", 1), ("Bps", 8), ("B/s", 8),
  ]
  private static let prefixes: [(name: String, factor: Int128)] = [
    ("", 1), ("k", 1000), ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000),
    ("T", 1_000_000_000_000), ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40),
  ]

  /// Reads a bandwidth: a number, an optional prefix (`k M G T`, `Ki Mi Gi Ti`) and `bps`, `b/s`
  /// or `bit/s` for bits, `Bps` or `B/s` for bytes per second; or `unlimited`.
  ///
  /// - Throws: a ``QuantityError`` for anything else, and for less than one bit per second.
  public static func parse(_ text: String) throws(QuantityError) -> Bandwidth {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    if text == "unlimited" { return .unlimited }
    var rest = Substring(text).utf8
    guard let number = Numeral(consuming: &rest) else { throw grammar.error(.malformed, text) }
    let name = Substring(rest)
    guard !name.isEmpty else {
      throw grammar.error(.missingUnit, text, suggestion: "\(text)Mbps")
    }
    guard let kind = kinds.first(where: { name.hasSuffix($0.name) }),
      let prefix = prefixes.first(where: { $0.name == name.dropLast(kind.name.count) })
    else { throw grammar.error(.unknownUnit, text) }
    guard !number.isNegative || number.isZero else { throw grammar.error(.negative, text) }
    guard let bits = try? number.scaled(by: kind.bits * prefix.factor, rounding: .nearest),
      bits > 0, let result = Int64(exactly: bits)
    else { throw grammar.error(.outOfRange, text) }
    return Bandwidth(bitsPerSecond: result)
  }
}

extension Bandwidth: CustomStringConvertible {
  /// The bandwidth as ``parse(_:)`` reads it back, with the largest prefix that loses nothing.
  public var description: String {
    guard self != .unlimited else { return "unlimited" }
    var mantissa = bitsPerSecond
    var step = 0
    while mantissa % 1000 == 0, step < 4 {
      mantissa /= 1000
      step += 1
    }
    return "\(mantissa)\(["", "k", "M", "G", "T"][step])bps"
  }
}
