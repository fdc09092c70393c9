import Foundation
import TestSupport
import Testing

@Suite("Bad input, from the command line")
struct BadInputTests {
  /// What `validate -o json` prints.
  struct Diagnostic: Decodable {
    var file: String
    var line: Int
    var column: Int
    var severity: String
    var code: String
    var message: String
    var suggestion: String?
  }

  private func diagnostics(_ arguments: [String]) throws -> (status: Int32, list: [Diagnostic]) {
    let result = try Spillway.call(["validate", "-o", "json"] + arguments)
    let list = try JSONDecoder().decode([Diagnostic].self, from: Data(result.output.utf8))
    return (result.status, list)
  }

  /// What is changed in the plain scenario, and what the diagnostic must say.
  static let mutants: [(from: String, to: String, says: String)] = [
    ("duration: 20m", "duraton: 20m", "duration"), ("boot: 5s", "boot: 5 parsecs", "parsecs"),
    ("site: idc", "site: dci", "dci"), ("createBurst: 1", "createBurst: -1", "-1"),
    ("{name: soon, metric", "{name: fast, metric", "fast"),
    ("bandwidth: unlimited", "bandwidth: -1Gbps", "-1Gbps"),
    ("memory: 1Gi", "memory: 99999999999Ei", "99999999999Ei"),
    ("target: Deployment/web", "target: Deployment/wob", "wob"),
  ]

  @Test("For a mutant at a line, validate names that line", arguments: mutants)
  func namesTheLine(_ mutant: (from: String, to: String, says: String)) throws {
    let text = PlainWorld.scenario.replacingOccurrences(of: mutant.from, with: mutant.to)
    let lines = text.components(separatedBy: "\n")
    let changed = mutant.to.components(separatedBy: "\n")[0]
    let line = try #require(lines.lastIndex { $0.contains(changed) }) + 1
    try PlainWorld.withFile(text) { file, _ in
      let (status, list) = try diagnostics([file])
      #expect(status == 65)
      let found = try #require(
        list.first { $0.severity == "error" && $0.line == line }, "\(list.map(\.message))")
      #expect(found.file == file)
      #expect("\(found.message) \(found.suggestion ?? "")".contains(mutant.says))
    }
  }

  @Test("Everything that is wrong is said at once")
  func allAtOnce() throws {
    var text = PlainWorld.scenario
    for mutant in Self.mutants.prefix(4) {
      text = text.replacingOccurrences(of: mutant.from, with: mutant.to)
    }
    try PlainWorld.withFile(text) { file, _ in
      let errors = try diagnostics([file]).list.filter { $0.severity == "error" }
      #expect(errors.count >= 4)
    }
  }

  @Test("Two scenarios in one world are an error that names both")
  func twoScenarios() throws {
    try PlainWorld.withFile { file, folder in
      let second = "\(folder)/second.yaml"
      let text = PlainWorld.scenario.replacingOccurrences(
        of: "{name: plain}", with: "{name: other}")
      try Data(text.utf8).write(to: URL(filePath: second))
      let result = try Spillway.call("run", file, second, "--out", "\(folder)/run")
      #expect(result.status == 65)
      #expect(result.errors.contains("a second Scenario, \"other\""))
      #expect(result.errors.contains("\"plain\", is at \(file):4:18"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/run"))
    }
  }

  /// Texts that are no scenario, however one looks at them.
  static let texts: [(name: String, text: String)] = [
    ("empty", ""), ("a comment", "# nothing\n"), ("not YAML", "a: [1, 2\nb: }"),
    ("not text", "\u{0}\u{1}\u{2}"), ("a bare word", "hello"),
    ("half a JSON text", "{\"kind\": \"Po"),
    ("a bomb of aliases", bomb),
    (
      "including itself",
      "apiVersion: spillway.sim/v1alpha1\nkind: Scenario\n"
        + "metadata: {name: x}\nspec: {include: [plain.yaml]}\n"
    ),
    ("nested too deep", String(repeating: "[", count: 100_000)),
  ]

  /// Nine levels, each of nine aliases of the one before: 3.9 · 10^8 values from half a kilobyte.
  private static let bomb: String = {
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (before, name) in zip("abcdefgh", "bcdefghi") {
      let aliases = Array(repeating: "*\(before)", count: 9).joined(separator: ", ")
      text += "\(name): &\(name) [\(aliases)]\n"
    }
    return text
  }()

  @Test("What is no scenario is refused in no time", arguments: texts.indices)
  func refuses(index: Int) throws {
    try PlainWorld.withFile(Self.texts[index].text) { file, folder in
      let begun = ContinuousClock.now
      let result = try Spillway.call("run", file, "--out", "\(folder)/run")
      #expect(result.status == 65, "\(Self.texts[index].name): \(result.errors)")
      #expect(result.errors.contains("plain.yaml"))
      #expect(ContinuousClock.now - begun < .seconds(10))
    }
  }

  @Test("--set of no path, of no value and of a wrong value is told")
  func badSettings() throws {
    try PlainWorld.withFile { file, _ in
      for setting in [
        "Nowhere=1", "ServerlessPool/cloud:spec.creatRate=1/min",
        "ServerlessPool/cloud:spec.createRate=fast", "ServerlessPool/clod:spec.createRate=1/min",
      ] {
        let result = try Spillway.call("validate", file, "--set", setting)
        #expect(result.status == 65, "\(setting)")
        #expect(result.errors.contains("--set"), "\(result.errors)")
      }
    }
  }
}
