extension Rule {
  static let sizes: [Rule] = [fileLength, functionLength]

  static let fileLength = Rule(
    "No Swift file is longer than 500 lines",
    violations: [["Sources/A/B/Long.swift": String(repeating: "let x = 1\n", count: 501)]],
    clean: ["Sources/A/B/Long.swift": String(repeating: "let x = 1\n", count: 500)]
  ) { file in
    guard file.isSwift else { return [] }
    let count = file.lines.count - (file.lines.last == "" ? 1 : 0)
    guard count > 500 else { return [] }
    return [Finding(path: file.path, line: 501, message: "\(count) lines; at most 500")]
  }

  static let functionLength = Rule(
    "No function is as long as 70 lines, cases of one line apart",
    violations: [
      ["Sources/A/B/F.swift": function(lines: 70)],
      ["Tests/A/F.swift": "struct S {\n  init(\n    a: Int\n  ) {\n\(body(68))  }\n}\n"],
      ["Sources/A/B/F.swift": "var x: Int {\n\(body(70))}\n"],
    ],
    clean: [
      "Sources/A/B/F.swift": function(lines: 69),
      "Sources/A/B/G.swift":
        "protocol P {\n  func f()\n  func g() -> Int\n}\nstruct S {\n\(body(80))}\n",
      "Sources/A/B/H.swift":
        "func f(x: Int) -> Int {\n  switch x {\n"
        + (0..<90).map { "  case \($0): \($0 + 1)\n" }.joined() + "  default: 0\n  }\n}\n",
    ]
  ) { file in
    guard file.isSwift else { return [] }
    return Functions(file).all.filter { $0.length >= 70 }.map {
      Finding(
        path: file.path, line: $0.line,
        message: "\($0.name) has \($0.length) lines; fewer than 70 are allowed")
    }
  }

  private static func body(_ lines: Int) -> String {
    String(repeating: "    let x = 1\n", count: lines)
  }

  private static func function(lines: Int) -> String { "func f() {\n\(body(lines - 2))}\n" }
}

/// The functions, initializers and computed properties of a file, found by their braces.
struct Functions {
  struct Function {
    var name: String
    var line: Int
    /// Lines from the first to the closing brace, without cases of one line.
    var length: Int
  }

  private struct Block {
    var header: String
    var line: Int
  }

  private(set) var all: [Function] = []

  init(_ file: SourceFile) {
    var open: [Block] = []
    var header = ""
    var headerLine = 0
    var parentheses = 0
    for (index, line) in file.code.enumerated() {
      for character in line.utf8 {
        switch character {
        case UInt8(ascii: "{") where parentheses == 0:
          open.append(Block(header: header, line: headerLine == 0 ? index + 1 : headerLine))
          (header, headerLine) = ("", 0)
        case UInt8(ascii: "}") where parentheses == 0:
          if let block = open.popLast() { close(block, at: index + 1, in: file) }
          (header, headerLine) = ("", 0)
        default:
          if character == UInt8(ascii: "(") { parentheses += 1 }
          if character == UInt8(ascii: ")") { parentheses = max(0, parentheses - 1) }
          if headerLine == 0, !SourceFile.isSpace(character) { headerLine = index + 1 }
          if headerLine > 0 { header.unicodeScalars.append(Unicode.Scalar(character)) }
        }
      }
      if parentheses == 0, !continues(file.code, after: index) { (header, headerLine) = ("", 0) }
      if headerLine > 0 { header += " " }
    }
  }

  /// Whether the declaration on a line goes on in the next one.
  private func continues(_ code: [String], after index: Int) -> Bool {
    guard index + 1 < code.count else { return false }
    let next = code[index + 1].drop { $0 == " " }
    return ["{", "where ", "->", "throws", "async", ")"].contains { next.hasPrefix($0) }
  }

  private mutating func close(_ block: Block, at line: Int, in file: SourceFile) {
    let words = block.header.split { " (:<".contains($0) }.map(String.init)
    let kinds = ["func", "init", "init?", "deinit", "subscript", "var", "get", "set"]
    guard let kind = words.firstIndex(where: { kinds.contains($0) }) else { return }
    // What is assigned, or done in a condition, is part of another function.
    if words[kind] == "var", block.header.contains("=") { return }
    let isShortCase = { (text: String) -> Bool in
      let text = text.drop { $0 == " " }
      guard text.hasPrefix("case ") || text.hasPrefix("default:") else { return false }
      return text.last { $0 != " " } != ":" && text.contains(":")
    }
    let cases = file.code[(block.line - 1)..<line].count { isShortCase($0) }
    let named = words[kind] == "func" || words[kind] == "var"
    let name = named && kind + 1 < words.count ? words[kind + 1] : words[kind]
    all.append(Function(name: name, line: block.line, length: line - block.line + 1 - cases))
  }
}
