extension Rule {
  static let names: [Rule] = [bannedNames, deadFiles, testedModules, testsCanFail]

  private static let vague = [
    "Core", "Common", "Util", "Utils", "Utilities", "Helper", "Helpers", "Misc",
  ]

  static let bannedNames = Rule(
    "No folder, file, module or type is named for being useful",
    violations: [
      ["Sources/Core/A/B.swift": ""], ["Sources/World/Common/B.swift": ""],
      ["Sources/World/Workloads/StringUtils.swift": ""],
      ["Sources/World/Workloads/A.swift": "struct PodHelper {}\n"],
      ["Tests/Helpers/A.swift": "\n"], ["Tests/Tidy/A.swift": "enum TestUtilities {}\n"],
      ["Package.swift": "module(\"SimulationCore\", in: \"World\"),\n"],
    ],
    clean: [
      "Sources/World/Workloads/A.swift":
        "struct CoreCount {}\nstruct Scored {}\nlet a = \"Utils\"\n"
    ]
  ) { file in
    let isCode = file.isSwift
    guard isCode, file.isIn("Sources") || file.isIn("Tests") || file.path == "Package.swift" else {
      return []
    }
    var named = file.path.split(separator: "/").map { (String($0.prefix { $0 != "." }), 1) }
    named += Declarations(file).types
    if file.path == "Package.swift" {
      named += PackageManifest(file).modules.map { ($0.name, $0.line) }
    }
    return named.filter { name, _ in vague.contains { name.hasSuffix($0) } }.map {
      Finding(path: file.path, line: $0.1, message: "\($0.0) says nothing about what it is for")
    }
  }

  static let deadFiles = Rule(
    "Every source file declares something that another one uses",
    violations: [
      [
        "Sources/World/Workloads/A.swift": "public struct Unused { public var used = 1 }\n",
        "Sources/World/Workloads/B.swift": "let used = \"Unused\"  // Unused\n",
      ],
      ["Sources/World/Workloads/A.swift": "extension Int {\n  func unused() {}\n}\n"],
      ["Sources/World/Workloads/A.swift": "// nothing yet\n"],
    ],
    clean: [
      "Sources/World/Workloads/A.swift": "public struct Used {}\nstruct Inner {}\n",
      "Sources/World/Workloads/B.swift":
        "private struct Own {}\nextension Used {\n  struct Nested {}\n  func twice() {}\n}\n",
      "Sources/World/Workloads/C.swift": "struct Third { let x = Used().twice() }\n",
      "Sources/spillway/main.swift": "Third()\n",
    ]
  ) { files in
    let sources = files.filter { $0.isIn("Sources") && $0.isSwift }
    // How many files mention a word; what a file declares, it mentions itself.
    var mentions: [String: Int] = [:]
    for file in sources {
      for word in Set(file.words.map(\.text)) { mentions[word, default: 0] += 1 }
    }
    return sources.filter { file in
      guard file.module != "spillway" else { return false }
      let declared = Declarations(file)
      let names = declared.offeredTypes.isEmpty ? declared.members : declared.offeredTypes
      return !names.contains { mentions[$0, default: 0] > 1 }
    }.map { Finding(path: $0.path, line: 1, message: "nothing in it is used elsewhere") }
  }

  static let testedModules = Rule(
    "Every module has a folder of tests with at least one test",
    violations: [
      ["Package.swift": "module(\"Scheduling\", in: \"Control\"),\n"],
      [
        "Package.swift": "module(\"Scheduling\", in: \"Control\"),\n",
        "Tests/Scheduling/A.swift": "// @Test follows\n",
      ],
    ],
    clean: [
      "Package.swift": "module(\"Scheduling\", in: \"Control\"),\n",
      "Tests/Scheduling/A.swift": "@Test func works() {}\n",
    ]
  ) { files in
    guard let manifest = files.first(where: { $0.path == "Package.swift" }) else { return [] }
    // The C modules are tested through Probability, the program through its command line.
    let apart = ["CGSL", "CRandom", "spillway"]
    return PackageManifest(manifest).modules.filter { module in
      let tests = files.filter { $0.isIn("Tests/\(module.name)") }
      let hasTest = tests.contains { $0.code.contains { $0.contains("@Test") } }
      return !apart.contains(module.name) && !hasTest
    }.map { Finding(path: manifest.path, line: $0.line, message: "\($0.name) has no test") }
  }

  static let testsCanFail = Rule(
    "No expectation is true by itself",
    violations: [
      "#expect(true)", "#expect(Bool(true))", "#require(true)", "#expect(1 == 1)",
      "#expect(!false)",
    ].map { ["Tests/Tidy/A.swift": $0 + "\n"] },
    clean: ["Tests/Tidy/A.swift": "#expect(trueName == \"#expect(true)\")\n#expect(a == 1)\n"]
  ) { file in
    guard file.isIn("Tests"), file.isSwift else { return [] }
    let empty = ["(true)", "(Bool(true))", "(1 == 1)", "(!false)"]
    return file.code.enumerated().filter { _, line in
      empty.contains { line.contains("#expect\($0)") || line.contains("#require\($0)") }
    }.map { Finding(path: file.path, line: $0.offset + 1, message: "it can't fail") }
  }
}

/// What a file declares.
struct Declarations {
  private(set) var types: [(name: String, line: Int)] = []
  /// The names of those that stand by themselves and that other files can see.
  private(set) var offeredTypes: [String] = []
  /// Functions, properties, cases and the other types.
  private(set) var members: [String] = []

  init(_ file: SourceFile) {
    let words = file.words
    for (index, name) in words.enumerated().dropFirst() where words[index - 1].line == name.line {
      switch words[index - 1].text {
      case "struct", "class", "enum", "actor", "protocol", "typealias":
        types.append((name.text, name.line))
        let level = index > 1 ? words[index - 2].text : ""
        let isNested = file.code[name.line - 1].hasPrefix(" ")
        let isOffered = !isNested && level != "private" && level != "fileprivate"
        if isOffered { offeredTypes.append(name.text) } else { members.append(name.text) }
      case "func", "var", "let", "case": members.append(name.text)
      default: break
      }
    }
  }
}
