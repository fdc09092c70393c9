import CloudSimulation
import Foundation
import ScenarioFiles
import TestSupport
import Testing

@Suite("The gallery and what explain says of it")
struct GalleryTests {
  static let names =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: PackageFolder.path("Scenarios"))) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("is read without a word", arguments: names)
  func isRead(name: String) throws {
    let loaded = try ScenarioLoader.load(paths: [PackageFolder.path("Scenarios/\(name)")])
    #expect(loaded.scenario.name + ".yaml" == name)
    #expect(loaded.warnings.isEmpty, "\(Diagnostic.text(of: loaded.warnings))")
    #expect(loaded.scenario.question.hasSuffix("?") || name == "every-field.yaml")
  }

  @Test("shows every field of ours, but for exceptions with reasons")
  func showsEveryField() throws {
    let shown = Explain.all
    #expect(shown.count > 120)
    #expect(Set(shown.map(\.path)).count == shown.count)
    let exceptions = Set(Explain.exceptions.map(\.path))
    let kinds = [
      "Scenario", "Site", "NodePool", "ServerlessPool", "Link", "Registry", "Image",
      "WorkloadProfile",
      "LoadProfile", "PredictiveScaler", "FaultPlan", "PriceSheet", "Claim", "Experiment",
      "Plan", "BatchQueue",
    ]
    var unused = exceptions
    for kind in kinds {
      for field in try Explain.fields(at: kind) where !field.type.hasPrefix("short form") {
        let isException = exceptions.contains(field.path)
        unused.remove(field.path)
        #expect((field.scenario != nil) != isException, "\(field.path)")
      }
    }
    #expect(unused.isEmpty)
  }

  @Test("takes every trial value that explain names")
  func takesTrials() throws {
    var loaded: [String: LoadedScenario] = [:]
    for field in Explain.all {
      let name = try #require(field.scenario)
      let file = PackageFolder.path("Scenarios/\(name).yaml")
      if loaded[name] == nil { loaded[name] = try ScenarioLoader.load(paths: [file]) }
      let trial = try #require(field.trial)
      #expect(throws: Never.self, "\(field.path)=\(trial)") {
        let changed = try loaded[name]?.setting([(field.path, trial)])
        #expect(changed?.digest != loaded[name]?.digest, "\(field.path)=\(trial)")
      }
    }
  }

  @Test("gives every default a grade, a source and, where it is chosen, a range")
  func givesGrades() throws {
    for field in Explain.all where !field.grade.isEmpty {
      #expect(["S", "D", "E", "C", "M", "A"].contains(field.grade), "\(field.path)")
      #expect(!field.source.isEmpty, "\(field.path)")
      #expect(field.defaultValue != nil, "\(field.path)")
      if field.grade == "A" { #expect(field.range != nil, "\(field.path)") }
    }
  }

  @Test("explains a kind, a field and a group, and suggests what was meant")
  func explainsPaths() throws {
    let rate = try Explain.fields(at: "ServerlessPool/cloud:spec.createRate")
    #expect(rate.map(\.path) == ["ServerlessPool/cloud:spec.createRate"])
    #expect(rate[0].defaultValue == "1000/min")
    #expect(try Explain.fields(at: "ServerlessPool:spec.quota").count == 4)
    #expect(try Explain.fields(at: "Deployment:spec.replicas")[0].defaultValue == "1")
    #expect(Explain.json(rate).contains("\"range\": \"600/min–3000/min\""))
    #expect(Explain.text(rate).contains("a limit on rate, at stage call"))
    let error = #expect(throws: InvalidInput.self) {
      _ = try Explain.fields(at: "ServerlessPool:spec.createrate")
    }
    #expect(error?.diagnostics[0].suggestion == "createRate")
  }

  @Test("has a schema that is JSON and names every kind and field")
  func hasSchema() throws {
    let json = try JSONSerialization.jsonObject(with: Data(Schema.json.utf8))
    let schema = try #require(json as? [String: Any])
    let definitions = try #require(schema["definitions"] as? [String: Any])
    #expect(definitions.count == 16)
    for field in Explain.all {
      let key = field.path.split(whereSeparator: { ":./".contains($0) }).last
      #expect(Schema.json.contains("\"\(key ?? "")\""), "\(field.path)")
    }
  }
}
