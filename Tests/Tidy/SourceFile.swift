import Foundation

/// A word of a file's code, with what stands around it.
struct Word {
  var text: String
  /// The line it is on, counted from 1.
  var line: Int
  /// The nearest byte before it that isn't a space; 0 at the start.
  var before: UInt8
  /// The nearest byte behind it that isn't a space; 0 at the end.
  var after: UInt8
}

/// A text file of the package, as the tidy rules see it.
struct SourceFile: Sendable {
  /// The path in the package.
  let path: String
  /// What is in it.
  let text: String
  /// Whether it is Swift.
  let isSwift: Bool
  /// The lines with comments and the contents of string literals blanked out, so that a rule on
  /// code isn't confused by prose; none where it isn't Swift.
  let code: [String]
  /// Every word of the code, in order.
  let words: [Word]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    isSwift = path.hasSuffix(".swift")
    let blanked = isSwift ? Blanking(text).result : []
    code = isSwift ? String(decoding: blanked, as: UTF8.self).components(separatedBy: "\n") : []
    words = Self.words(in: blanked)
  }

  /// The lines as they are.
  var lines: [String] { text.components(separatedBy: "\n") }

  /// Whether it is under a folder.
  func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }

  /// The module whose source it is: the folder below the layer, or `spillway`.
  var module: String? {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.first == "Sources", parts.count > 2 else { return nil }
    return parts[1] == "spillway" ? "spillway" : parts[2]
  }

  private static func words(in bytes: [UInt8]) -> [Word] {
    var words: [Word] = []
    var line = 1
    var before: UInt8 = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      guard isWord(byte) else {
        if byte == UInt8(ascii: "\n") { line += 1 }
        if !isSpace(byte) { before = byte }
        position += 1
        continue
      }
      var end = position
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      var next = end
      while next < bytes.count, isSpace(bytes[next]) { next += 1 }
      words.append(
        Word(
          text: String(decoding: bytes[position..<end], as: UTF8.self), line: line, before: before,
          after: next < bytes.count ? bytes[next] : 0))
      before = bytes[end - 1]
      position = end
    }
    return words
  }

  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 128...: true
    default: false
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 9 }

  /// The modules that it imports, with the lines.
  var imports: [(module: String, line: Int)] {
    code.enumerated().compactMap { index, line in
      var words = line.split(separator: " ")
      while let first = words.first, first.hasPrefix("@") || Self.accessLevels.contains(first) {
        words.removeFirst()
      }
      guard words.first == "import", words.count > 1 else { return nil }
      let kinds: [Substring] = ["struct", "class", "enum", "protocol", "func", "var", "let"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return (String(name.prefix { $0 != "." }), index + 1)
    }
  }

  private static let accessLevels: [Substring] = ["public", "package", "internal", "private"]
}

/// Replaces comments and the contents of string literals by spaces; keeps lines and columns of
/// ASCII text, and the code inside interpolations.
struct Blanking {
  private enum Context {
    case code
    case interpolation(parentheses: Int)
    case string(quotes: Int, hashes: Int)
    case lineComment
    case blockComment(depth: Int)
  }

  private let bytes: [UInt8]
  /// The blanked text.
  private(set) var result: [UInt8] = []
  private var stack: [Context] = [.code]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
    result.reserveCapacity(bytes.count)
    while position < bytes.count { step() }
  }

  private func matches(_ text: StaticString, at offset: Int = 0) -> Bool {
    guard position + offset + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy {
      bytes[position + offset + $0] == text.utf8Start[$0]
    }
  }

  private mutating func keep(_ count: Int) {
    result += bytes[position..<min(bytes.count, position + count)]
    position += count
  }

  private mutating func blank(_ count: Int) {
    for byte in bytes[position..<min(bytes.count, position + count)] {
      result.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
    }
    position += count
  }

  private mutating func step() {
    switch stack[stack.count - 1] {
    case .code: stepCode()
    case .interpolation(let parentheses): stepInterpolation(parentheses)
    case .string(let quotes, let hashes): stepString(quotes: quotes, hashes: hashes)
    case .lineComment:
      if matches("\n") { stack.removeLast() }
      blank(1)
    case .blockComment(let depth): stepBlockComment(depth)
    }
  }

  private mutating func stepCode() {
    if matches("//") {
      stack.append(.lineComment)
      blank(2)
    } else if matches("/*") {
      stack.append(.blockComment(depth: 1))
      blank(2)
    } else {
      var hashes = 0
      while matches("#", at: hashes) { hashes += 1 }
      guard matches("\"", at: hashes) else { return keep(max(1, hashes)) }
      let quotes = matches("\"\"\"", at: hashes) ? 3 : 1
      stack.append(.string(quotes: quotes, hashes: hashes))
      keep(hashes + quotes)
    }
  }

  private mutating func stepInterpolation(_ parentheses: Int) {
    if matches(")"), parentheses == 1 {
      stack.removeLast()
      return keep(1)
    }
    if matches("(") || matches(")") {
      stack[stack.count - 1] = .interpolation(
        parentheses: parentheses + (matches("(") ? 1 : -1))
      return keep(1)
    }
    stepCode()
  }

  private mutating func stepString(quotes: Int, hashes: Int) {
    func followedByHashes(_ offset: Int) -> Bool {
      (0..<hashes).allSatisfy { matches("#", at: offset + $0) }
    }
    if matches("\\"), followedByHashes(1) {
      if matches("(", at: 1 + hashes) {
        stack.append(.interpolation(parentheses: 1))
        return keep(2 + hashes)
      }
      return blank(2 + hashes)
    }
    let closes = quotes == 3 ? matches("\"\"\"") : matches("\"")
    if closes, followedByHashes(quotes) {
      stack.removeLast()
      return keep(quotes + hashes)
    }
    blank(1)
  }

  private mutating func stepBlockComment(_ depth: Int) {
    if matches("*/") {
      stack.removeLast()
      if depth > 1 { stack.append(.blockComment(depth: depth - 1)) }
      return blank(2)
    }
    if matches("/*") {
      stack[stack.count - 1] = .blockComment(depth: depth + 1)
      return blank(2)
    }
    blank(1)
  }
}
