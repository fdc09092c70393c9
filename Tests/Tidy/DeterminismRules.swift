extension Rule {
  static let determinism: [Rule] = [noOutsideWorld, noHashTables, hashTablesOnlyForNames]

  static let noOutsideWorld = Rule(
    "Only the command line reads a clock, the environment or chance, or prints",
    violations: [
      "let x = Int.random(in: 0..<9)", "let x = list.shuffled()", "let x = list.randomElement()",
      "list.shuffle()", "let t = Date()", "let t = Date.now", "let t = ContinuousClock().now",
      "let t = SuspendingClock.now", "let t = DispatchTime.now()", "let h = getenv(\"HOME\")",
      "let h = ProcessInfo.processInfo", "var g = SystemRandomNumberGenerator()", "print(x)",
      "let x = \"\\(Int.random(in: 0..<9))\"", "let x = Int\n  .random(in: 0..<9)",
      "let u = UUID()", "clock_gettime(0, &t)", "gettimeofday(&t, nil)", "debugPrint(x)",
    ].map { ["Sources/Foundations/Probability/A.swift": $0 + "\n"] },
    clean: [
      "Sources/Foundations/Probability/A.swift":
        "// Date() and .random(in:) of the standard library are not for us.\n"
        + "let random = stream.draw(law), text = \"print(x)\"\nfootprint(of: DateOfBirth)\n"
        + "let s = sprint(1), date = Calendar.Date, ties = Ties.random\n",
      "Sources/spillway/A.swift": "print(Date())\n",
      "Tests/Quantities/A.swift": "let x = Int.random(in: 0..<9, using: &generator)\n",
    ]
  ) { file in
    guard file.isSwift, file.isIn("Sources"), file.module != "spillway" else {
      return []
    }
    let point = UInt8(ascii: ".")
    let parenthesis = UInt8(ascii: "(")
    return file.words.filter { word in
      switch word.text {
      case "random", "shuffle": word.before == point && word.after == parenthesis
      case "Date": (word.after == parenthesis || word.after == point) && word.before != point
      case "print", "debugPrint", "dump", "readLine":
        word.after == parenthesis && word.before != point
      default: outsiders.contains(word.text)
      }
    }.map { Finding(path: file.path, line: $0.line, message: "\($0.text) belongs to spillway") }
  }

  private static let outsiders: Set<String> = [
    "randomElement", "shuffled", "SystemRandomNumberGenerator", "ContinuousClock",
    "SuspendingClock", "DispatchTime", "DispatchWallTime", "getenv", "setenv", "ProcessInfo",
    "clock_gettime", "gettimeofday", "time_t", "UUID", "arc4random", "drand48",
  ]

  /// The folders whose code decides what happens in a run.
  private static func isModel(_ file: SourceFile) -> Bool {
    file.isSwift
      && ["Control", "World", "Simulation"].contains { file.isIn("Sources/\($0)") }
  }

  /// The words by which a stored hash table says that it only serves to find things by name.
  private static let marker = "name look-up"

  static let noHashTables = Rule(
    "No hash table is stored in the model, look-up by name apart",
    violations: [
      "struct S {\n  var a: [String: Int] = [:]\n}",
      "struct S {\n  private(set) var a: Set<Int>\n}",
      "final class S {\n  let a: Dictionary<Int, [Int]>\n}",
      "enum E {\n  static let a = Set([1])\n}",
      "struct S {\n  var a = [Int: String]()\n}",
      "extension S {\n  static let a: [Int: Int] = [1: 2]\n}",
      "struct S {\n  var a: [[Int: Int]] = []\n}", "struct S {\n  let a = [\"x\": 2]\n}",
      "struct S {\n  var a: [Int: Int]? = nil\n}",
      "let a: [String: Int] = [:]", "struct S {\n  var i = 0, a: Set<Int> = []\n}",
      "struct S {\n  func f() {\n    if x {\n    }\n  }\n  var a: Set<Int>\n}",
    ].map { ["Sources/World/Workloads/A.swift": $0 + "\n"] },
    clean: [
      "Sources/World/Workloads/A.swift": """
      struct S {
        /// Services, for name look-up.
        private var services: [String: Int] = [:]
        var nodes: [Int] = []  // [String: Int] was slower
        var labels: Labels = [:]
        var sizes = [big ? 1 : 2, size(of: 3)]
        var count: Int { let a: [String: Int] = [:]; return a.count }
        var groups: [String: Int] { [:] }
        func f(labels: [String: String]) -> Set<Int> {
          var seen: Set<Int> = []
          return seen
        }
      }
      """,
      "Sources/Study/Experiments/A.swift": "struct S {\n  var a: [String: Int] = [:]\n}\n",
    ]
  ) { file in
    guard isModel(file) else { return [] }
    return StoredHashTables(file).all.filter { !$0.comment.contains(marker) }.map {
      Finding(
        path: file.path, line: $0.line,
        message: "\($0.name) is a hash table; use dense numbers, or say that it is for \(marker)")
    }
  }

  static let hashTablesOnlyForNames = Rule(
    "What is stored for look-up by name is never walked through",
    violations: [
      "for (name, slot) in slots {}", "for slot in self.slots.values {}",
      "let a = slots.keys.sorted()",
      "let a = slots.map(\\.value)", "let a = slots.values.reduce(0, +)", "slots.forEach { _ in }",
      "let a = Array(slots)", "let a = slots.first",
    ].map {
      [
        "Sources/World/Workloads/A.swift":
          "struct S {\n  /// For name look-up.\n  var slots: [String: Int]\n  func f() {\n    \($0)\n  }\n}\n"
      ]
    },
    clean: [
      "Sources/World/Workloads/A.swift":
        "struct S {\n  /// For name look-up.\n  var slots: [String: Int]\n"
        + "  func f() { if let a = slots[\"a\"] { use(slots.count, other.slots.isEmpty) } }\n"
        + "  func g() { for name in names { use(slots[name]) } }\n"
        + "  func h() { names.map { name in\n    slots[name].map { $0 + 1 } } }\n}\n"
    ]
  ) { file in
    guard isModel(file) else { return [] }
    let names = Set(StoredHashTables(file).all.map(\.name))
    guard !names.isEmpty else { return [] }
    let words = file.words
    let walks: Set<String> = [
      "keys", "values", "map", "compactMap", "flatMap", "filter", "reduce", "forEach", "sorted",
      "first", "min", "max", "contains", "allSatisfy", "enumerated", "mapValues",
    ]
    return words.indices.filter { index in
      guard names.contains(words[index].text) else { return false }
      let next = index + 1 < words.count ? words[index + 1] : words[index]
      if words[index].after == UInt8(ascii: "."), walks.contains(next.text) { return true }
      let previous = index > 0 && words[index - 1].text == "self" ? index - 2 : index - 1
      // With an index behind it, it is looked up in.
      guard previous >= 0, words[index].after != UInt8(ascii: "[") else { return false }
      let word = words[previous]
      if ["Array", "Set"].contains(word.text) { return word.after == UInt8(ascii: "(") }
      return word.text == "in"
        && words[..<previous].reversed().prefix { $0.line == word.line }.contains {
          $0.text == "for"
        }
    }.map {
      Finding(path: file.path, line: words[$0].line, message: "\(words[$0].text) has no order")
    }
  }
}

/// The stored properties and globals of a file that are dictionaries or sets.
struct StoredHashTables {
  struct Property {
    var name: String
    var line: Int
    /// What is written behind it and on the lines of comment above it.
    var comment: String
  }

  private(set) var all: [Property] = []

  init(_ file: SourceFile) {
    var scopes: [Bool] = []
    for (index, line) in file.code.enumerated() {
      if scopes.allSatisfy({ $0 }) { note(line, index, file) }
      var header = ""
      for character in line {
        switch character {
        case "{":
          scopes.append(Self.declaresType(header))
          header = ""
        case "}":
          _ = scopes.popLast()
          header = ""
        default: header.append(character)
        }
      }
    }
  }

  private static func declaresType(_ header: String) -> Bool {
    let kinds: [Substring] = ["struct", "class", "enum", "actor", "extension", "protocol"]
    let words = header.split { " (:<".contains($0) }
    return words.contains { kinds.contains($0) } && !words.contains("func")
  }

  private mutating func note(_ line: String, _ index: Int, _ file: SourceFile) {
    let words = line.split(separator: " ")
    guard let keyword = words.firstIndex(where: { $0 == "var" || $0 == "let" }) else { return }
    // What follows a brace is computed, or is a closure.
    let rest = line[words[keyword].endIndex...].prefix { $0 != "{" }
    guard rest.contains("=") || rest.endIndex == line.endIndex else { return }
    for binding in Self.split(rest, at: ",") {
      let sides = Self.split(binding, at: "=")
      let pattern = Self.split(sides[0], at: ":")
      // A type, where there is one, says more than the value.
      let telling = pattern.count > 1 ? pattern[1] : sides.dropFirst().first ?? ""
      guard Self.isHashTable(telling) else { continue }
      let name = pattern[0].filter { $0 != " " }
      all.append(Property(name: name, line: index + 1, comment: Self.comment(index, file)))
    }
  }

  /// Cuts a text at a separator, but not inside brackets or parentheses.
  private static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var depth = 0
    return text.split(omittingEmptySubsequences: false) { character in
      depth += "[(".contains(character) ? 1 : "])".contains(character) ? -1 : 0
      return depth == 0 && character == separator
    }
  }

  /// Whether a type or a value mentions a dictionary or a set.
  private static func isHashTable(_ text: Substring) -> Bool {
    // A function's type may mention one without storing it.
    guard text.firstRange(of: "->") == nil else { return false }
    if ["Set<", "Dictionary<", "Set("].contains(where: { text.firstRange(of: $0) != nil }) {
      return true
    }
    var brackets: [Substring.Index] = []
    var parentheses = 0
    for index in text.indices {
      switch text[index] {
      case "[": brackets.append(index)
      case "]": _ = brackets.popLast()
      case "(": parentheses += 1
      case ")": parentheses -= 1
      case ":" where parentheses == 0:
        // A conditional expression has a colon, too.
        if let bracket = brackets.last, !text[bracket..<index].contains("? ") { return true }
      default: break
      }
    }
    return false
  }

  private static func comment(_ index: Int, _ file: SourceFile) -> String {
    var comment = file.lines[index]
    var above = index - 1
    while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("//") {
      comment += file.lines[above]
      above -= 1
    }
    return comment
  }
}
