import ScenarioFiles

/// Walks through a JSON text as it comes in, value by value, in bounded memory.
///
/// > Source: RFC 8259.
final class JSONStream {
  /// The longest name or number, in bytes.
  private static let longestWord = 1 << 16
  /// How deep values may be nested.
  private static let deepest = 200

  let source: ByteSource
  /// The line, from 1.
  private(set) var line = 1
  private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
  private var index = 0
  private var before = 0
  private var lineStart = 0

  /// The column, from 1, in bytes.
  var column: Int { before + index - lineStart + 1 }

  init(_ source: ByteSource) { self.source = source }

  /// The rest of the text as lines, the first from its beginning; for what turns out not to be JSON
  /// after blanks alone.
  func lines() -> LineReader {
    let start = before > 0 ? index : max(0, lineStart)
    return LineReader(
      source, rest: UnsafeRawBufferPointer(rebasing: chunk[start...]), after: line - 1)
  }

  /// What is at hand and not read.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: chunk[index...]) }

  func failure(
    _ message: String, expected: String? = nil, code: String = "syntax"
  ) -> InvalidInput {
    InvalidInput(
      file: source.name, line: line, column: column, code: code, message: message,
      expected: expected)
  }

  // MARK: Bytes

  /// The byte at hand; nil at the end.
  @inline(__always)
  func peek() throws -> UInt8? {
    if index < chunk.count { return chunk[index] }
    return try refill() ? chunk[index] : nil
  }

  private func refill() throws -> Bool {
    before += chunk.count
    index = 0
    chunk = try source.next(line: line)
    return !chunk.isEmpty
  }

  private func newline() {
    line += 1
    lineStart = before + index
  }

  /// The next byte that isn't blank.
  private func byte(_ what: String) throws -> UInt8 {
    while let byte = try peek() {
      switch byte {
      case 10:
        index += 1
        newline()
      case 32, 9, 13: index += 1
      default: return byte
      }
    }
    throw failure("the text ends early", expected: what, code: "truncated")
  }

  /// Whether nothing but blanks is left.
  func isAtEnd() throws -> Bool {
    while let byte = try peek() {
      guard [10, 32, 9, 13].contains(byte) else { return false }
      index += 1
      if byte == 10 { newline() }
    }
    return true
  }

  // MARK: Structure

  private func expect(_ wanted: Character, _ what: String) throws {
    guard try byte(what) == wanted.asciiValue else {
      throw failure("not \(what)", expected: "'\(wanted)'", code: "wrong-format")
    }
    index += 1
  }

  /// Goes through an object; `body` must read the value of each key.
  func object(_ what: String, _ body: (String) throws -> Void) throws {
    try expect("{", what)
    if try byte(what) == UInt8(ascii: "}") {
      index += 1
      return
    }
    while true {
      guard try byte(what) == UInt8(ascii: "\"") else { throw failure("a key is missing") }
      let key = try string()
      try expect(":", "the value of \"\(key.prefix(40))\"")
      try body(key)
      let next = try byte(what)
      index += 1
      if next == UInt8(ascii: "}") { return }
      guard next == UInt8(ascii: ",") else { throw failure("an object goes on oddly") }
    }
  }

  /// Goes through a list; `body` must read each element.
  func list(_ what: String, _ body: () throws -> Void) throws {
    try expect("[", what)
    if try byte(what) == UInt8(ascii: "]") {
      index += 1
      return
    }
    while true {
      // So that the line is that where the element begins.
      _ = try byte(what)
      try body()
      let next = try byte(what)
      index += 1
      if next == UInt8(ascii: "]") { return }
      guard next == UInt8(ascii: ",") else { throw failure("a list goes on oddly") }
    }
  }

  /// Reads a text; only the escapes of quotes, backslashes and slashes are resolved.
  func string() throws -> String {
    guard try byte("a text") == UInt8(ascii: "\"") else {
      throw failure("not a text", expected: "a text in quotes", code: "wrong-format")
    }
    index += 1
    var bytes: [UInt8] = []
    while let byte = try peek() {
      guard byte >= 32 else { throw failure("a text isn't closed on its line") }
      index += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = try peek() else { break }
        index += 1
        if ![UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/")].contains(escaped) {
          bytes.append(byte)
        }
        bytes.append(escaped)
      } else {
        bytes.append(byte)
      }
      guard bytes.count <= Self.longestWord else { throw tooLong }
    }
    throw failure("the text ends early", code: "truncated")
  }

  private var tooLong: InvalidInput {
    failure("a text or number of more than \(Self.longestWord) bytes", code: "line-too-long")
  }

  /// Reads a number, `true`, `false` or `null`, as its text.
  func literal() throws -> String {
    _ = try byte("a value")
    var bytes: [UInt8] = []
    while let byte = try peek() {
      let isPart =
        (48..<58).contains(byte) || (97..<123).contains(byte) || (65..<91).contains(byte)
        || byte == 45 || byte == 43 || byte == 46
      guard isPart else { break }
      bytes.append(byte)
      index += 1
      guard bytes.count <= Self.longestWord else { throw tooLong }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard Double(text) != nil || ["true", "false", "null"].contains(text) else {
      throw failure("\"\(text.prefix(40))\" is no value")
    }
    return text
  }

  /// Reads a number.
  func number(_ what: String) throws -> Double {
    let text = try literal()
    guard let value = Double(text), value.isFinite else {
      throw failure("\"\(text.prefix(40))\" is no number", expected: what, code: "wrong-value")
    }
    return value
  }

  /// Whether the value at hand is a text, an object or a list.
  func kind() throws -> Character { Character(Unicode.Scalar(try byte("a value"))) }

  /// Passes over a value.
  func skip() throws {
    var ignored: [UInt8] = []
    try pass(into: &ignored, keeping: false, most: .max)
  }

  /// A value's bytes as they stand, after as many blanks as its first column has before it, so that
  /// columns in it are those of the file.
  ///
  /// - Throws: ``InvalidInput`` if there are more than `most`.
  func capture(most: Int) throws -> [UInt8] {
    _ = try byte("a value")
    var bytes = [UInt8](repeating: 32, count: min(column - 1, 4096))
    try pass(into: &bytes, keeping: true, most: most)
    return bytes
  }

  private func pass(into bytes: inout [UInt8], keeping: Bool, most: Int) throws {
    var depth = 0
    repeat {
      switch try byte("a value") {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        try passString(into: &bytes, keeping: keeping, most: most)
        continue
      case UInt8(ascii: ","), UInt8(ascii: ":"): break
      default:
        let text = try literal()
        if keeping { bytes.append(contentsOf: text.utf8) }
        continue
      }
      if depth < 0 { throw failure("a bracket too many") }
      if depth > Self.deepest { throw failure("values are nested too deep", code: "too-deep") }
      if keeping { bytes.append(chunk[index]) }
      index += 1
      try passPlain(into: &bytes, keeping: keeping, most: most)
    } while depth > 0
  }

  /// Copies blanks, so that lines and columns stay.
  private func passPlain(into bytes: inout [UInt8], keeping: Bool, most: Int) throws {
    while let byte = try peek(), byte == 32 || byte == 10 || byte == 13 || byte == 9 {
      if keeping { bytes.append(byte) }
      index += 1
      if byte == 10 { newline() }
    }
    guard bytes.count <= most else {
      throw failure("a value of more than \(most) bytes", code: "too-large")
    }
  }

  private func passString(into bytes: inout [UInt8], keeping: Bool, most: Int) throws {
    if keeping { bytes.append(chunk[index]) }
    index += 1
    while try peek() != nil {
      var end = index
      while end < chunk.count, chunk[end] != UInt8(ascii: "\""), chunk[end] != UInt8(ascii: "\\"),
        chunk[end] >= 32
      {
        end += 1
      }
      if keeping { bytes.append(contentsOf: chunk[index..<end]) }
      index = end
      guard bytes.count <= most else {
        throw failure("a value of more than \(most) bytes", code: "too-large")
      }
      if end == chunk.count { continue }
      let byte = chunk[end]
      guard byte >= 32 else { throw failure("a text isn't closed on its line") }
      if keeping { bytes.append(byte) }
      index += 1
      if byte == UInt8(ascii: "\"") {
        try passPlain(into: &bytes, keeping: keeping, most: most)
        return
      }
      guard let escaped = try peek() else { break }
      if keeping { bytes.append(escaped) }
      index += 1
    }
    throw failure("the text ends early", code: "truncated")
  }
}
