import Foundation

extension Rule {
  static let documents: [Rule] = [
    moduleTable, version, decisions, scenarioQuestions, noMachinePaths, noMarkers,
  ]

  static let moduleTable = Rule(
    "README's table of modules is that of Package.swift",
    violations: [
      ["README.md": table(["A": "–"]), "Package.swift": manifest(["A": [], "B": []])],
      ["README.md": table(["A": "–", "B": "`A`"]), "Package.swift": manifest(["A": []])],
      [
        "README.md": table(["A": "–", "B": "–"]), "Package.swift": manifest(["A": [], "B": ["A"]]),
      ],
      [
        "README.md": table(["A": "–", "B": "`A`"]), "Package.swift": manifest(["A": [], "B": []]),
      ],
      ["Package.swift": manifest(["A": []])],
    ],
    clean: [
      "README.md": table(["A": "–", "B": "`A`, Yams", "C": "all above"]),
      "Package.swift": manifest(["A": [], "B": ["A", "Yams"], "C": ["A"]]),
    ]
  ) { files in
    guard let manifest = files.first(where: { $0.path == "Package.swift" }) else { return [] }
    let modules = PackageManifest(manifest).modules
    let rows = files.first { $0.path == "README.md" }.map(ModuleTable.init)?.rows ?? []
    let missing = modules.filter { module in !rows.contains { $0.name == module.name } }.map {
      Finding(path: "README.md", line: 1, message: "the table lacks \($0.name)")
    }
    let wrong = rows.enumerated().compactMap { index, row -> Finding? in
      guard let module = modules.first(where: { $0.name == row.name }) else {
        return Finding(path: "README.md", line: row.line, message: "there is no \(row.name)")
      }
      let above = rows[..<index].map(\.name)
      let matches =
        row.importsAllAbove
        ? module.uses.allSatisfy { above.contains($0) || row.imports.contains($0) }
        : module.uses.sorted() == row.imports.sorted()
      guard !matches else { return nil }
      let uses = module.uses.joined(separator: ", ")
      return Finding(path: "README.md", line: row.line, message: "\(row.name) imports \(uses)")
    }
    return missing + wrong
  }

  private static func table(_ rows: [String: String]) -> String {
    "| module | purpose | imports |\n|---|---|---|\n"
      + rows.sorted { $0.key < $1.key }.map { "| `\($0)` | it | \($1) |\n" }.joined()
  }

  private static func manifest(_ modules: [String: [String]]) -> String {
    modules.sorted { $0.key < $1.key }.map { name, uses in
      "module(\"\(name)\", in: \"X\", uses: [\(uses.map { "\"\($0)\"" }.joined(separator: ", "))]),\n"
    }.joined()
  }

  static let version = Rule(
    "The change log's first section is the program's version",
    violations: [
      ["CHANGELOG.md": "# Changes\n\n## 0.2.0\n\n## 0.1.0\n", versionFile: constant("0.1.0")],
      ["CHANGELOG.md": "# Changes\n", versionFile: constant("0.1.0")],
      [versionFile: constant("0.1.0")],
      ["CHANGELOG.md": "## 0.1.0\n", versionFile: "// none\n"],
    ],
    clean: [
      "CHANGELOG.md": "# Changes\n\n## 0.1.0 (date)\n\n## 0.0.9\n", versionFile: constant("0.1.0"),
    ]
  ) { files in
    let log = files.first { $0.path == "CHANGELOG.md" }
    let section = log?.lines.first { $0.hasPrefix("## ") }?.split(separator: " ").dropFirst().first
    let declaration = files.first { $0.path == versionFile }?.lines.first {
      $0.contains("static let version")
    }
    let constant = declaration?.split(separator: "\"").dropFirst().first
    guard section == nil || section != constant else { return [] }
    let message = "first section \(section ?? "none"), version \(constant ?? "none")"
    return [Finding(path: "CHANGELOG.md", line: 1, message: message)]
  }

  private static let versionFile = "Sources/Simulation/CloudSimulation/Version.swift"

  private static func constant(_ version: String) -> String {
    "public enum Spillway {\n  public static let version = \"\(version)\"\n}\n"
  }

  static let decisions = Rule(
    "Decision records are numbered without gaps and listed in their index",
    violations: [
      ["Documentation/Decisions/README.md": "none", "Documentation/Decisions/0001-a.md": ""],
      [
        "Documentation/Decisions/README.md": "(0001-a.md) (0003-b.md)",
        "Documentation/Decisions/0001-a.md": "", "Documentation/Decisions/0003-b.md": "",
      ],
      [
        "Documentation/Decisions/README.md": "(0001-a.md) (0001-b.md)",
        "Documentation/Decisions/0001-a.md": "", "Documentation/Decisions/0001-b.md": "",
      ],
    ],
    clean: [
      "Documentation/Decisions/README.md": "(0001-a.md) (0002-b.md)",
      "Documentation/Decisions/0001-a.md": "", "Documentation/Decisions/0002-b.md": "",
    ]
  ) { files in
    let folder = "Documentation/Decisions"
    let index =
      files.first { $0.path == "\(folder)/README.md" }?.lines.joined(separator: "\n") ?? ""
    let records = files.filter { $0.isIn(folder) && !$0.path.hasSuffix("/README.md") }
    return records.enumerated().compactMap { number, record in
      let name = record.path.dropFirst(folder.count + 1)
      if Int(name.prefix(4)) != number + 1 {
        return Finding(path: record.path, line: 1, message: "expected number \(number + 1)")
      }
      guard !index.contains("(\(name))") else { return nil }
      return Finding(path: record.path, line: 1, message: "the index doesn't link to it")
    }
  }

  static let scenarioQuestions = Rule(
    "Every scenario of the gallery begins with the question it answers",
    violations: [
      ["Scenarios/a.yaml": "kind: Scenario\n"], ["Scenarios/a.yaml": "#\nkind: Scenario\n"],
      ["Scenarios/a.yaml": "# A scenario.\n"],
    ],
    clean: [
      "Scenarios/a.yaml": "# How many\n# Pods?\nkind: Scenario\n",
      "Scenarios/Invalid/a.yaml": "kind: Scenario\n", "Scenarios/README.md": "text",
    ]
  ) { file in
    let parts = file.path.split(separator: "/")
    guard parts.count == 2, parts[0] == "Scenarios", file.path.hasSuffix(".yaml") else { return [] }
    let comment = file.lines.prefix { $0.hasPrefix("#") }.joined()
    guard !comment.contains("?") else { return [] }
    return [Finding(path: file.path, line: 1, message: "its first comment asks no question")]
  }

  static let noMachinePaths = Rule(
    "No file names a place on somebody's machine",
    violations: [
      "wo" + "rk/x", "op" + "t/swift", "ho" + "me/me/x", "ro" + "ot/x", "Us" + "ers/me/x",
    ].map {
      ["scripts/a.sh": "#!/bin/sh\ncat /\($0)\n"]
    },
    clean: ["scripts/a.sh": "cat network/x adopt/x \"$HOME/x\" /usr/local ../shared\n"]
  ) { file in
    let places = ["wo" + "rk", "op" + "t", "ho" + "me", "ro" + "ot", "Us" + "ers", "tmp/ba" + "sh"]
    let named = places.filter { file.text.contains("/\($0)/") }
    guard !named.isEmpty else { return [] }
    return file.lines.enumerated().flatMap { index, line in
      named.filter { mentions(line, "/\($0)/") }.map {
        Finding(path: file.path, line: index + 1, message: "names /\($0)/")
      }
    }
  }

  /// Whether a line contains a path that begins with a folder, not with a longer path to it.
  private static func mentions(_ line: String, _ folder: String) -> Bool {
    line.ranges(of: folder).contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[line.index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && !"._-}])*".contains(before)
    }
  }

  static let noMarkers = Rule(
    "Nothing is left over that was meant to be finished later",
    violations: ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "place" + "holder"].map {
      ["Sources/World/Workloads/A.swift": "// \($0)\n"]
    } + [["README.md": "<<<<" + "<<< ours\n"]],
    clean: ["Sources/World/Workloads/A.swift": "// Whatever is to do is an issue: HACKS, XXXL.\n"]
  ) { file in
    let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "// place" + "holder"]
    let conflict = "<<<<" + "<<< "
    guard (markers + [conflict]).contains(where: { file.text.contains($0) }) else { return [] }
    return file.lines.enumerated().flatMap { index, line in
      let words = line.split { !$0.isLetter }
      let left =
        markers.filter { marker in
          marker.hasPrefix("//") ? line.contains(marker) : words.contains { $0 == marker }
        } + (line.hasPrefix(conflict) ? ["a conflict"] : [])
      return left.map {
        Finding(path: file.path, line: index + 1, message: "\($0) is left over")
      }
    }
  }
}

/// The table of modules in a document: name, purpose, imports.
struct ModuleTable {
  struct Row {
    var name: String
    var imports: [String]
    var importsAllAbove: Bool
    var line: Int
  }

  let rows: [Row]

  init(_ file: SourceFile) {
    rows = file.lines.enumerated().drop { !$0.element.hasPrefix("| module |") }.dropFirst(2)
      .prefix { $0.element.hasPrefix("|") }.compactMap { index, line in
        let cells = line.split(separator: "|").map { $0.filter { $0 != "`" } }.map {
          String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard cells.count == 3 else { return nil }
        let imports = cells[2].split(separator: ", ").map(String.init).filter { $0 != "–" }
        return Row(
          name: cells[0], imports: imports.filter { $0 != "all above" },
          importsAllAbove: imports.contains("all above"), line: index + 1)
      }
  }
}
