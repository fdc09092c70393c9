import Foundation
import TestSupport
import Testing

@Suite("The workflow in the documentation")
struct ContinuousIntegrationTests {
  /// The scripts of the workflow's steps, in order.
  private static func steps() throws -> [String] {
    let path = PackageFolder.path("Documentation/continuous-integration.md")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let start = try #require(text.range(of: "```yaml\n")).upperBound
    let end = try #require(text.range(of: "```\n", range: start..<text.endIndex)).lowerBound
    var scripts: [String] = []
    var isScript = false
    for line in text[start..<end].split(separator: "\n") {
      if line.hasSuffix("run: |") {
        scripts.append("")
        isScript = true
      } else if isScript, line.hasPrefix("        ") {
        scripts[scripts.count - 1] += line.dropFirst(8) + "\n"
      } else {
        isScript = false
      }
    }
    return scripts
  }

  /// Runs the steps one after the other until one fails, as Actions does.
  private static func run(_ scenario: String, in folder: String) throws -> (Int32, Int, String) {
    try Data(scenario.utf8).write(to: URL(filePath: "\(folder)/scenario.yaml"))
    let programs = (Program.spillway as NSString).deletingLastPathComponent
    var errors = ""
    var done = 0
    for script in try steps() {
      let result = try Program.run(
        "/bin/bash", ["-e", "-c", script],
        environment: [
          "PATH": "\(programs):/usr/bin:/bin", "CI": "true", "GITHUB_ACTIONS": "true",
          "GITHUB_STEP_SUMMARY": "\(folder)/summary.md",
        ], in: folder)
      errors += result.errors
      guard result.status == 0 else { return (result.status, done, errors) }
      done += 1
    }
    return (0, done, errors)
  }

  @Test("passes without a change, and tells a bad file, a lost claim and a regression apart")
  func workflow() throws {
    #expect(try Self.steps().count == 3)
    let scenario = PlainWorld.scenario
      .replacingOccurrences(of: "boot: 5s", with: "boot: \"uniform(2s, 4s)\"")
      .replacingOccurrences(of: "createRate: unlimited", with: "createRate: 60/min")
    try PlainWorld.withFile(scenario) { file, folder in
      let first = try Spillway.call("run", file, "--quiet", "--out", "\(folder)/baseline")
      try #require(first.status == 0, "\(first.errors)")
      let same = try Self.run(scenario, in: folder)
      #expect(same.0 == 0 && same.1 == 3, "\(same)")
      let summary = try String(contentsOfFile: "\(folder)/summary.md", encoding: .utf8)
      #expect(summary.contains("# ") && summary.contains("Comparison with the baseline"))
      let slower = scenario.replacingOccurrences(
        of: "createRate: 60/min", with: "createRate: 50/min")
      try #require(slower != scenario)
      let worse = try Self.run(slower, in: folder)
      #expect(worse.0 == 2 && worse.1 == 2, "\(worse)")
      #expect(worse.2.contains("::error title=regression::"))
      let bad = try Self.run(
        scenario.replacingOccurrences(of: "duration:", with: "duratoin:"), in: folder)
      #expect(bad.0 == 65 && bad.1 == 0, "\(bad)")
      #expect(bad.2.contains("::error file="))
    }
  }
}
