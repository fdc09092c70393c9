import ScenarioFiles

/// Walks through MessagePack as it comes in, in bounded memory.
///
/// > Source: the MessagePack specification (msgpack.org): the first byte of a value says its kind,
/// > and numbers are big-endian.
final class MessagePack {
  /// The largest value that is turned into JSON, in bytes.
  private static let largest = 32 << 20
  private static let deepest = 200

  /// The head of a value.
  enum Head {
    case null, bool(Bool), integer(Int64), unsigned(UInt64), real(Double)
    case text(Int), list(Int), map(Int)
  }

  let source: ByteSource
  private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
  private var index = 0
  private var before = 0

  /// A reader of a source of which some bytes were read already.
  init(_ source: ByteSource, rest: UnsafeRawBufferPointer) {
    self.source = source
    chunk = rest
  }

  func failure(_ message: String, code: String = "wrong-format") -> InvalidInput {
    InvalidInput(
      file: source.name, line: 1, column: before + index + 1, code: code, message: message,
      expected: "a .sktrace of SimKube (MessagePack)", note: "columns count bytes")
  }

  /// Whether nothing is left.
  func isAtEnd() throws -> Bool {
    if index < chunk.count { return false }
    before += chunk.count
    index = 0
    chunk = try source.next(line: 1)
    return chunk.isEmpty
  }

  private func byte() throws -> UInt8 {
    guard try !isAtEnd() else { throw failure("the data ends early", code: "truncated") }
    defer { index += 1 }
    return chunk[index]
  }

  private func number(_ bytes: Int) throws -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<bytes { value = value << 8 | UInt64(try byte()) }
    return value
  }

  /// The head of the next value; what a text, list or map holds follows.
  func head() throws -> Head {
    let first = try byte()
    switch first {
    case 0x00...0x7F: return .integer(Int64(first))
    case 0x80...0x8F: return .map(Int(first & 15))
    case 0x90...0x9F: return .list(Int(first & 15))
    case 0xA0...0xBF: return .text(Int(first & 31))
    case 0xC0: return .null
    case 0xC2: return .bool(false)
    case 0xC3: return .bool(true)
    case 0xC4, 0xD9: return .text(Int(try number(1)))
    case 0xC5, 0xDA: return .text(Int(try number(2)))
    case 0xC6, 0xDB: return .text(Int(try number(4)))
    case 0xCA: return .real(Double(Float(bitPattern: UInt32(try number(4)))))
    case 0xCB: return .real(Double(bitPattern: try number(8)))
    case 0xCC: return .unsigned(try number(1))
    case 0xCD: return .unsigned(try number(2))
    case 0xCE: return .unsigned(try number(4))
    case 0xCF: return .unsigned(try number(8))
    case 0xD0: return .integer(Int64(Int8(truncatingIfNeeded: try number(1))))
    case 0xD1: return .integer(Int64(Int16(truncatingIfNeeded: try number(2))))
    case 0xD2: return .integer(Int64(Int32(truncatingIfNeeded: try number(4))))
    case 0xD3: return .integer(Int64(bitPattern: try number(8)))
    case 0xDC: return .list(Int(try number(2)))
    case 0xDD: return .list(Int(try number(4)))
    case 0xDE: return .map(Int(try number(2)))
    case 0xDF: return .map(Int(try number(4)))
    case 0xE0...0xFF: return .integer(Int64(Int8(bitPattern: first)))
    default: throw failure("a value of an unknown kind (byte \(first))")
    }
  }

  /// The text whose head had this length.
  func text(_ length: Int) throws -> String {
    guard length <= Self.largest else {
      throw failure("a text of \(length) bytes", code: "too-large")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(length, 1 << 16))
    while bytes.count < length {
      guard try !isAtEnd() else { throw failure("the data ends early", code: "truncated") }
      let part = min(length - bytes.count, chunk.count - index)
      bytes.append(contentsOf: chunk[index..<index + part])
      index += part
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many pairs the map at hand has.
  func map(_ what: String) throws -> Int {
    guard case .map(let count) = try head() else { throw failure("not \(what), which is a map") }
    return count
  }

  /// How many elements the list at hand has.
  func list(_ what: String) throws -> Int {
    guard case .list(let count) = try head() else { throw failure("not \(what), which is a list") }
    return count
  }

  /// The text at hand.
  func text(_ what: String) throws -> String {
    guard case .text(let length) = try head() else { throw failure("not \(what), which is a text") }
    return try text(length)
  }

  /// The value at hand as JSON.
  func json() throws -> [UInt8] {
    var result: [UInt8] = []
    try json(into: &result, depth: 0, isKey: false)
    return result
  }

  private func json(into result: inout [UInt8], depth: Int, isKey: Bool) throws {
    guard depth <= Self.deepest else {
      throw failure("values are nested too deep", code: "too-deep")
    }
    guard result.count <= Self.largest else {
      throw failure("an object is too large", code: "too-large")
    }
    func add(_ text: String) { result.append(contentsOf: text.utf8) }
    let head = try head()
    if isKey, case .text = head {
    } else if isKey {
      throw failure("a key that is no text")
    }
    switch head {
    case .null: add("null")
    case .bool(let value): add(value ? "true" : "false")
    case .integer(let value): add("\(value)")
    case .unsigned(let value): add("\(value)")
    case .real(let value): add(value.isFinite ? "\(value)" : "null")
    case .text(let length): JSONText.append(try text(length), to: &result)
    case .list(let count):
      add("[")
      for index in 0..<count {
        if index > 0 { add(",") }
        try json(into: &result, depth: depth + 1, isKey: false)
      }
      add("]")
    case .map(let count):
      add("{")
      for index in 0..<count {
        if index > 0 { add(",") }
        try json(into: &result, depth: depth + 1, isKey: true)
        add(":")
        try json(into: &result, depth: depth + 1, isKey: false)
      }
      add("}")
    }
  }

  /// Passes over the value at hand.
  func skip(depth: Int = 0) throws {
    guard depth <= Self.deepest else {
      throw failure("values are nested too deep", code: "too-deep")
    }
    switch try head() {
    case .text(let length): _ = try text(length)
    case .list(let count): for _ in 0..<count { try skip(depth: depth + 1) }
    case .map(let count):
      for _ in 0..<count {
        try skip(depth: depth + 1)
        try skip(depth: depth + 1)
      }
    default: break
    }
  }
}

/// Texts as JSON writes them.
enum JSONText {
  static func append(_ text: String, to result: inout [UInt8]) {
    result.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 10: result.append(contentsOf: "\\n".utf8)
      case 0..<32:
        let digits = String(byte, radix: 16)
        result.append(contentsOf: ("\\u" + (byte < 16 ? "000" : "00") + digits).utf8)
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
  }
}
