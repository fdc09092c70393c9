import Foundation
import TestSupport
import Testing

@Suite("Commands")
struct CommandTests {
  static let commands = [
    "run", "validate", "explain", "schema", "conformance", "bench", "sweep", "merge",
    "report", "compare", "plan", "fit-into", "analyse",
  ]

  @Test("--help of every command has examples", arguments: [""] + commands)
  func help(command: String) throws {
    let result = try Spillway.call(command.isEmpty ? ["--help"] : [command, "--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("Examples:"))
    #expect(result.output.contains("\n  spillway \(command)"))
  }

  @Test("--version is that of the change log")
  func version() throws {
    let result = try Spillway.call("--version")
    let changes = try String(contentsOfFile: PackageFolder.path("CHANGELOG.md"), encoding: .utf8)
    let version = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(result.status == 0)
    #expect(changes.contains("\n## \(version)\n"))
  }

  @Test("explain --all -o json is a list of fields with what they are")
  func explainsAll() throws {
    let result = try Spillway.call("explain", "--all", "-o", "json")
    let fields = try #require(try Spillway.json(result.output) as? [[String: Any]])
    #expect(fields.count > 120)
    for field in fields {
      for key in ["path", "type", "unit", "default", "grade", "source", "range", "doc"] {
        #expect(field.keys.contains(key), "\(field["path"] ?? ""): \(key)")
      }
    }
    let one = try Spillway.call("explain", "ServerlessPool:spec.createRate")
    #expect(one.output.contains("1000/min"))
    #expect(try Spillway.call("explain", "ServerlessPool:spec.creatRate").status == 65)
  }

  @Test("schema prints a JSON schema")
  func schema() throws {
    let schema = try Spillway.json(try Spillway.call("schema").output) as? [String: Any]
    #expect(schema?["definitions"] != nil)
  }

  static let vectors: [(family: String, path: String, passed: Int)] = [
    ("queueing", PackageFolder.path("Tests/Conformance/Golden/queueing.json"), 76),
    ("scheduler", PackageFolder.path("Tests/Conformance/Golden/Scheduler"), 61),
    ("output-analysis", PackageFolder.path("Tests/Conformance/Golden/output-analysis.json"), 41),
  ]

  @Test("conformance says how many passed in its last line", arguments: vectors)
  func conformance(_ vector: (family: String, path: String, passed: Int)) throws {
    for arguments in [["conformance", vector.family, vector.path]] {
      let result = try Spillway.call(arguments)
      #expect(result.status == 0, "\(result.errors)")
      let last = result.output.split(separator: "\n").last
      #expect(last == "\(vector.passed) passed, 0 failed, 0 skipped")
      let json = try Spillway.call(arguments + ["-o", "json"])
      #expect(throws: Never.self) { try Spillway.json(json.output) }
    }
  }

  @Test("The scheduler's oracle passes as well")
  func oracle() throws {
    let folder = PackageFolder.path("Tests/Conformance/Golden/Scheduler")
    let result = try Spillway.call("conformance", "scheduler", folder, "--scan")
    #expect(result.output.hasSuffix("61 passed, 0 failed, 0 skipped\n"))
  }

  @Test(
    "Published vectors pass whole", .enabled(if: SharedFolder.has("golden/queueing")),
    arguments: [
      ("queueing", "golden/queueing/public.json"), ("scheduler", "golden/scheduler/vectors"),
    ])
  func published(family: String, path: String) throws {
    let result = try Spillway.call("conformance", family, SharedFolder.path(path))
    #expect(result.status == 0, "\(result.output.suffix(400))")
    #expect(result.output.hasSuffix(" passed, 0 failed, 0 skipped\n"))
  }

  @Test("A wrong vector and an unknown method fail, exit 1")
  func failingVectors() throws {
    try withTemporaryFolder { folder in
      let file = PackageFolder.path("Tests/Conformance/Golden/queueing.json")
      var text = try String(contentsOfFile: file, encoding: .utf8)
      let number = try #require(text.firstMatch(of: /"(?:L|W|Lq|Wq)": ?[0-9]\.[0-9]/))
      text.replaceSubrange(number.range, with: text[number.range].dropLast(3) + "7.7")
      let changed = "\(folder)/queueing.json"
      try Data(text.utf8).write(to: URL(filePath: changed))
      let result = try Spillway.call("conformance", "queueing", changed)
      #expect(result.status == 1)
      #expect(result.output.contains(" 1 failed, "))
    }
  }

  static let benchmarks = [
    ["hold", "--size", "1000", "--holds", "100000"], ["queue", "--customers", "50000"],
    ["scheduler", "--nodes", "50", "--pods", "100"],
  ]

  @Test("bench prints figures as JSON, and the same digest again", arguments: benchmarks)
  func bench(_ arguments: [String]) throws {
    let results = try (0..<2).map { _ in
      try #require(
        try Spillway.json(try Spillway.call(["bench"] + arguments).output) as? [String: Any])
    }
    for key in ["cpuSeconds", "peakRSS", "digest", "events"] { #expect(results[0][key] != nil) }
    #expect(results[0]["digest"] as? String == results[1]["digest"] as? String)
  }
}
