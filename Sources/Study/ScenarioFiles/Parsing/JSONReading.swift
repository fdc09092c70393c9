/// Reads the values of a JSON text with their places, quickly enough for dumps of a whole cluster.
///
/// `managedFields`, most of a dump's bytes, are skipped without being built.
///
/// > Source: RFC 8259; values may follow each other, as `kubectl` and `jq` print them.
struct JSONReading {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let number: Int
  private let limits: ParsingLimits
  private var index = 0
  private var line = 1
  private var lineStart = 0

  /// A reading of bytes that live as long as it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, number: Int, limits: ParsingLimits) {
    self.bytes = bytes
    self.number = number
    self.limits = limits
  }

  /// Hands over every value.
  mutating func documents(_ body: (ManifestValue) throws -> Void) throws {
    skipBlanks()
    while index < bytes.count {
      let value = try value(depth: 0)
      if !value.isNull { try body(value) }
      skipBlanks()
    }
  }

  private var place: Place { Place(text: number, line: line, column: index - lineStart + 1) }

  private func failure(_ message: String, expected: String? = nil) -> ParsingError {
    let message = index >= bytes.count ? "the text ends early" : message
    return ParsingError(
      place: place, code: "syntax", message: "not JSON: \(message)", expected: expected)
  }

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\n"):
        index += 1
        line += 1
        lineStart = index
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws -> ManifestValue {
    guard depth <= limits.depth else {
      throw ParsingError(
        place: place, code: "too-deep",
        message: "values are nested more than \(limits.depth) levels deep")
    }
    guard index < bytes.count else { throw failure("the text ends early", expected: "a value") }
    let place = place
    switch bytes[index] {
    case UInt8(ascii: "{"): return ManifestValue(.mapping(try entries(depth: depth)), at: place)
    case UInt8(ascii: "["): return ManifestValue(.list(try elements(depth: depth)), at: place)
    case UInt8(ascii: "\""):
      return ManifestValue(.scalar(try string(), isQuoted: true), at: place)
    default:
      let text = try literal()
      if text == "null" { return ManifestValue(.null, at: place) }
      return ManifestValue(.scalar(text, isQuoted: false), at: place)
    }
  }

  private mutating func elements(depth: Int) throws -> [ManifestValue] {
    var elements: [ManifestValue] = []
    index += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else {
        throw failure("a list goes on oddly", expected: "a comma or ]")
      }
      skipBlanks()
    }
  }

  private mutating func entries(depth: Int) throws -> [ManifestValue.Entry] {
    var entries: [ManifestValue.Entry] = []
    index += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return entries }
    while true {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        throw failure("a key is missing", expected: "a name in double quotes")
      }
      let keyPlace = place
      let key = try string()
      skipBlanks()
      guard take(UInt8(ascii: ":")) else {
        throw failure("the value of \"\(key)\" is missing", expected: "a colon")
      }
      skipBlanks()
      if key == "managedFields" {
        try skipValue()
        let nothing = ManifestValue(.null, at: keyPlace)
        entries.append(ManifestValue.Entry(key: key, keyPlace: keyPlace, value: nothing))
      } else {
        let value = try value(depth: depth + 1)
        // Long mappings are those of a dump's labels and annotations: still short enough to search.
        if let first = entries.first(where: { $0.key == key }) {
          throw ParsingError(
            place: keyPlace, code: "duplicate-key", message: "the key \"\(key)\" is given twice",
            notes: ["first given at line \(first.keyPlace.line)"], width: key.utf8.count + 2)
        }
        entries.append(ManifestValue.Entry(key: key, keyPlace: keyPlace, value: value))
      }
      skipBlanks()
      if take(UInt8(ascii: "}")) { return entries }
      guard take(UInt8(ascii: ",")) else {
        throw failure("a mapping goes on oddly", expected: "a comma or }")
      }
      skipBlanks()
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// Passes over a value without building it; only its brackets are checked.
  private mutating func skipValue() throws {
    var depth = 0
    repeat {
      skipBlanks()
      guard index < bytes.count else { throw failure("the text ends early") }
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        index += 1
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: ","), UInt8(ascii: ":"): index += 1
      default: _ = try literal()
      }
    } while depth > 0
  }

  private mutating func skipString() throws {
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] >= 0x20 else { throw failure("a text isn't closed on its line") }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard take(UInt8(ascii: "\"")) else { throw failure("a text isn't closed") }
  }
}

// MARK: - Scalars

extension JSONReading {
  /// A number, `true`, `false` or `null`, as its text.
  private mutating func literal() throws -> String {
    let start = index
    while index < bytes.count, Self.isLiteral(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let isNumber = text.first.map { $0 == "-" || $0.isNumber } ?? false
    guard ["true", "false", "null"].contains(text) || (isNumber && Double(text) != nil) else {
      index = start
      throw failure(
        text.isEmpty ? "a value is missing" : "\"\(text)\" is no value",
        expected: "a number, true, false, null, or something in quotes or brackets")
    }
    return text
  }

  private static func isLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "_"):
      return true
    default: return false
    }
  }

  private mutating func string() throws -> String {
    let start = index + 1
    try skipString()
    let raw = bytes[start..<index - 1]
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    return try unescaped(UnsafeBufferPointer(rebasing: raw))
  }

  private func unescaped(_ raw: UnsafeBufferPointer<UInt8>) throws -> String {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    var position = 0
    while position < raw.count {
      let byte = raw[position]
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      let escape = raw[position]
      position += 1
      if let simple = Self.escapes[escape] {
        result.append(simple)
      } else if escape == UInt8(ascii: "u") {
        let scalar = try unicodeScalar(raw, &position)
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        throw failure("\\\(Character(Unicode.Scalar(escape))) is no escape")
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func unicodeScalar(
    _ raw: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) throws -> Unicode.Scalar {
    func unit(_ start: Int) -> UInt32? {
      guard start + 4 <= raw.count else { return nil }
      return UInt32(String(decoding: raw[start..<start + 4], as: UTF8.self), radix: 16)
    }
    guard let first = unit(position) else { throw failure("\\u needs four hexadecimal digits") }
    position += 4
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isHigh = (0xD800..<0xDC00).contains(first)
    guard isHigh, position + 6 <= raw.count, raw[position] == UInt8(ascii: "\\"),
      raw[position + 1] == UInt8(ascii: "u"), let second = unit(position + 2),
      (0xDC00..<0xE000).contains(second)
    else { return "\u{FFFD}" }
    position += 6
    return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12,
    UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
  ]
}
