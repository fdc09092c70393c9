/// Which modules a module may import: the arrows of the architecture, from top to bottom.
enum Layers {
  static let libraries: [String: [String]] = {
    var table: [String: [String]] = [
      "Quantities": [],
      "Compression": [],
      "CGSL": [],
      "CRandom": ["CGSL"],
      "Probability": ["CRandom", "CGSL", "Quantities"],
      "Statistics": ["Quantities", "Probability"],
      "DiscreteEvents": ["Quantities"],
      "ClusterModel": ["Quantities"],
      "Scheduling": ["ClusterModel", "Quantities"],
      "Autoscaling": ["ClusterModel", "Quantities"],
      "Controllers": ["ClusterModel", "Quantities"],
      "Workloads": ["ClusterModel", "Probability", "Quantities"],
      "Infrastructure": ["ClusterModel", "Probability", "Quantities"],
    ]
    // GSL is Probability's alone, whoever stands above it.
    let below = table.keys.filter { $0 != "CGSL" && $0 != "CRandom" }.sorted()
    table["CloudSimulation"] = below
    table["ScenarioFiles"] = below + ["CloudSimulation", "Yams"]
    table["Experiments"] = below + ["CloudSimulation"]
    table["Reporting"] = ["Statistics", "Quantities"]
    table["TraceImport"] = below + ["ScenarioFiles", "Reporting"]
    table["spillway"] =
      below + [
        "CloudSimulation", "ScenarioFiles", "Experiments", "Reporting", "TraceImport",
        "ArgumentParser",
      ]
    return table
  }()

  /// The modules of the system that a module may import beside its own: none where the code must
  /// run on nothing but the standard library.
  static let system = ["Foundation", "FoundationEssentials", "Dispatch", "Synchronization"] + libc
  static let libc = ["Glibc", "Musl", "Darwin", "Android"]
}

extension Rule {
  static let layers: [Rule] = [arrows, manifestArrows, standardLibraryOnly, gslInOnePlace]

  static let arrows = Rule(
    "A module imports only modules below it",
    violations: [
      ["Sources/Control/Scheduling/A.swift": "import CloudSimulation\n"],
      ["Sources/Study/Reporting/A.swift": "public import CloudSimulation\n"],
      ["Sources/Foundations/DiscreteEvents/A.swift": "@testable import struct Probability.Law\n"],
      ["Sources/World/Workloads/A.swift": "import Numerics\n"],
      ["Sources/New/Unlisted/A.swift": "import Quantities\n"],
    ],
    clean: [
      "Sources/Control/Scheduling/A.swift": "import ClusterModel\n// import CloudSimulation\n",
      "Sources/spillway/A.swift": "import ArgumentParser\nimport Foundation\nimport Reporting\n",
    ]
  ) { file in
    guard file.isSwift, let module = file.module else { return [] }
    let allowed = Layers.libraries[module].map { $0 + Layers.system + [module] } ?? []
    return file.imports.filter { !allowed.contains($0.module) }.map {
      Finding(
        path: file.path, line: $0.line, message: "\(module) must not import \($0.module)")
    }
  }

  static let manifestArrows = Rule(
    "Package.swift gives a module only modules below it",
    violations: [
      ["Package.swift": #"module("Quantities", in: "Foundations", uses: ["Probability"]),"#],
      [
        "Package.swift":
          "module(\n  \"Reporting\", in: \"Study\",\n  uses: [\n    \"CloudSimulation\"\n  ]),"
      ],
      ["Package.swift": #"module("Stray", in: "Study", uses: []),"#],
    ],
    clean: ["Package.swift": #"module("Scheduling", in: "Control", uses: ["ClusterModel"]),"#]
  ) { file in
    guard file.path == "Package.swift" else { return [] }
    return PackageManifest(file).modules.flatMap { module in
      guard let allowed = Layers.libraries[module.name] else {
        return [
          Finding(path: file.path, line: module.line, message: "\(module.name) is in no layer")
        ]
      }
      return module.uses.filter { !allowed.contains($0) }.map {
        Finding(
          path: file.path, line: module.line, message: "\(module.name) must not depend on \($0)")
      }
    }
  }

  static let standardLibraryOnly = Rule(
    "Quantities and the control modules need nothing but the standard library, one shim apart",
    violations: [
      ["Sources/Control/Scheduling/A.swift": "import Foundation\n"],
      ["Sources/Foundations/Quantities/A.swift": "import Glibc\n"],
      [
        "Sources/Control/Scheduling/A.swift": "import Glibc\n",
        "Sources/Control/ClusterModel/B.swift": "#if canImport(Musl)\n  import Musl\n#endif\n",
      ],
    ],
    clean: [
      "Sources/Control/Scheduling/A.swift": "import Glibc\nimport Musl\n",
      "Sources/Study/Reporting/A.swift": "import Foundation\n",
    ]
  ) { files in
    let bare = files.filter {
      $0.isIn("Sources/Control") || $0.isIn("Sources/Foundations/Quantities")
    }
    let found = bare.flatMap { file in
      file.imports.filter { Layers.system.contains($0.module) }.map { (file.path, $0) }
    }
    let shim = found.first {
      $0.0.hasPrefix("Sources/Control") && Layers.libc.contains($0.1.module)
    }
    return found.filter { $0.0 != shim?.0 || !Layers.libc.contains($0.1.module) }.map {
      Finding(path: $0.0, line: $0.1.line, message: "must not import \($0.1.module)")
    }
  }

  static let gslInOnePlace = Rule(
    "Only Probability imports GSL",
    violations: [
      ["Sources/Foundations/Statistics/A.swift": "import CGSL\n"],
      ["Tests/Statistics/A.swift": "@testable import CRandom\n"],
    ],
    clean: [
      "Sources/Foundations/Probability/A.swift": "import CGSL\nimport CRandom\n",
      "Sources/Foundations/Statistics/A.swift": "let a = \"import CGSL\"\n",
    ]
  ) { file in
    guard file.isSwift, file.module != "Probability" else { return [] }
    return file.imports.filter { ["CGSL", "CRandom"].contains($0.module) }.map {
      Finding(path: file.path, line: $0.line, message: "only Probability imports \($0.module)")
    }
  }
}

/// What Package.swift says about the package's own modules.
struct PackageManifest {
  struct Module: Hashable {
    var name: String
    var uses: [String]
    var line: Int
  }

  private(set) var modules: [Module] = []

  /// Reads the calls of `module(…)`, `.target(…)`, `.systemLibrary(…)` and `.executableTarget(…)`.
  init(_ file: SourceFile) {
    let starts = ["module(", ".target(", ".systemLibrary(", ".executableTarget("]
    var index = 0
    while index < file.lines.count {
      let line = file.lines[index].drop { $0 == " " }
      guard starts.contains(where: { line.hasPrefix($0) }) else {
        index += 1
        continue
      }
      let first = index
      var text = ""
      var depth = 0
      repeat {
        text += file.lines[index] + "\n"
        depth += file.lines[index].reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
        index += 1
      } while depth > 0 && index < file.lines.count
      if let module = Self.module(text, line: first + 1) { modules.append(module) }
    }
  }

  private static func module(_ text: String, line: Int) -> Module? {
    let strings = text.split(separator: "\"", omittingEmptySubsequences: false)
    // The calls inside the manifest's own functions name no module.
    let opening = strings[0].filter { $0 != " " && $0 != "\n" }
    let named = opening.hasSuffix("(") || opening.hasSuffix("(name:")
    guard strings.count > 2, named, !text.contains("Tests/") else { return nil }
    let list = ["uses: [", "dependencies: ["].compactMap { text.firstRange(of: $0)?.upperBound }
    guard let start = list.first else {
      return Module(name: String(strings[1]), uses: [], line: line)
    }
    // A product's own parentheses name its package as well, which is no module.
    let inside = text[start...].prefix { $0 != "]" }.split(separator: "\n").flatMap { line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      let names = stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
      return line.contains(".product(") ? Array(names.prefix(1)) : names
    }
    return Module(name: String(strings[1]), uses: inside, line: line)
  }
}
