import CloudSimulation
import Foundation
import ScenarioFiles
import TestSupport
import Testing

@Suite("Bad input")
struct InvalidInputTests {
  static let folder = "Scenarios/Invalid"
  static let names =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: PackageFolder.path(folder))) ?? [])
    .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.sorted()

  /// What reading a file says, with paths from the package on.
  static func diagnostics(_ name: String) -> [Diagnostic] {
    do {
      return try ScenarioLoader.load(paths: [PackageFolder.path("\(folder)/\(name)")]).warnings
    } catch {
      return error.diagnostics
    }
  }

  static func relative(_ text: String) -> String {
    text.replacingOccurrences(of: PackageFolder.path + "/", with: "")
  }

  @Test("is answered in the words that stand beside it", arguments: names)
  func isAnswered(name: String) throws {
    let text = Self.relative(Diagnostic.text(of: Self.diagnostics(name)))
    let file = PackageFolder.path("\(Self.folder)/\(name.dropLast(5)).txt")
    if ProcessInfo.processInfo.environment["SPILLWAY_WRITE_EXPECTED"] != nil {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text == expected)
    #expect(!text.isEmpty)
  }

  @Test("is answered by every code there is")
  func coversCodes() {
    let codes = Set(Self.names.flatMap { Self.diagnostics($0).map(\.code) })
    let known: Set = [
      "alias-bomb", "bad-trace", "contradiction", "cyclic-include", "dangling-reference",
      "doubled-row", "duplicate-key", "duplicate-name", "gap", "out-of-order",
      "empty-file", "empty-service", "empty-site", "missing-key", "missing-price",
      "missing-unit", "missing-value",
      "mixed-currencies",
      "negative",
      "never-fits", "never-happens", "no-allocatable", "no-effect", "not-text", "odd-unit",
      "out-of-order", "out-of-range",
      "syntax", "too-deep", "two-controllers", "two-scenarios", "unknown-key", "unknown-kind",
      "unknown-metric", "unknown-plugin",
      "unreadable-file",
      "wrong-type", "wrong-unit", "wrong-value",
    ]
    #expect(codes == known)
  }

  @Test("is answered as JSON with the contract's fields")
  func isAnsweredAsJSON() throws {
    let json = Diagnostic.json(of: Self.diagnostics("unknown-key.yaml"))
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(list.count == 3)
    let keys: Set = [
      "file", "line", "column", "severity", "code", "message", "expected", "suggestion", "path",
    ]
    #expect(Set(list[0].keys) == keys)
    #expect(list[0]["line"] as? Int == 5)
    #expect(list[0]["suggestion"] as? String == "duration")
  }

  @Test("that isn't there is missing input, and what is wrong with it is bad input")
  func tellsMissingFromBad() {
    let missing = #expect(throws: InvalidInput.self) {
      try ScenarioLoader.load(paths: [PackageFolder.path("no-such-file.yaml")])
    }
    #expect(missing?.isMissingInput == true)
    let bad = #expect(throws: InvalidInput.self) {
      try ScenarioLoader.load(paths: [PackageFolder.path("\(Self.folder)/syntax.yaml")])
    }
    #expect(bad?.isMissingInput == false)
  }

  @Test("of overrides names the override, and leaves nothing changed")
  func namesOverrides() throws {
    let loaded = try ScenarioLoader.load(
      paths: [PackageFolder.path("Scenarios/claim-holds.yaml")])
    let cases: [(path: String, value: String, code: String, suggestion: String?)] = [
      ("ServerlessPool/cloud:spec.createrate", "1", "unknown-path", "createRate"),
      ("ServerlessPool/clou:spec.createRate", "1/s", "unknown-path", "ServerlessPool/cloud"),
      ("Serverlesspool/cloud:spec.createRate", "1/s", "unknown-path", "ServerlessPool"),
      ("ServerlessPool/cloud:spec.createRate", "1000", "missing-unit", "1000/s"),
      ("ServerlessPool/cloud:spec.subnets", "[10.8.0.0/33]", "wrong-value", nil),
      ("ServerlessPool/cloud:spec.subnets", "[10.8.0.0/22", "syntax", nil),
      (
        "LoadProfile/singles-day:spec.target", "Deployment/chekout", "dangling-reference",
        "Deployment/checkout"
      ),
      ("Deployment/checkout:spec.replicas", "-1", "negative", nil),
      ("createRate", "1", "unknown-path", nil),
      ("Scenario/claim-holds:spec.sites", "[]", "unknown-path", nil),
    ]
    for (path, value, code, suggestion) in cases {
      let error = #expect(throws: InvalidInput.self, "\(path)=\(value)") {
        try loaded.scenario(setting: [(path, value)])
      }
      let first = try #require(error?.diagnostics.first)
      #expect(first.file == "--set", "\(path)=\(value)")
      #expect(first.code == code, "\(path)=\(value): \(first.text)")
      #expect(first.suggestion == suggestion, "\(path)=\(value)")
    }
  }
}
