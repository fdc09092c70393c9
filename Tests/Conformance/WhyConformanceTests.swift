import CloudSimulation
import ClusterModel
import Foundation
import ScenarioFiles
import TestSupport
import Testing

@testable import Experiments

@Suite("What why says of a decision is what the genuine scheduler's record says")
struct WhyConformanceTests {
  private static let folder = PackageFolder.path("Tests/Conformance/Golden/Scheduler")

  /// Cases recorded in full in which every Pod is decided about once, without preemption: a whole
  /// run decides about their Pods as the recording procedure does. One is left out in which a run
  /// tries Pods again that bindings have woken since.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".expected.json") }
      .map { String($0.dropLast(".expected.json".count)) }.sorted()
      .filter { $0 != "a52-random-small-2" && isPlain($0) }
  }()

  private static func isPlain(_ name: String) -> Bool {
    guard let record = try? decisions(of: name), record.detail == "full" else { return false }
    let says = record.decisions.contains { $0["infeasible"] != nil || $0["scores"] != nil }
    return says
      && record.decisions.allSatisfy { decision in
        let preemption = decision["preemption"] as? [String: Any]
        return decision["round"] as? Int == 1
          && ["scheduled", "unschedulable"].contains(decision["outcome"] as? String)
          && preemption?["nominatedNode"] == nil
      }
  }

  private static func decisions(
    of name: String
  ) throws -> (detail: String, decisions: [[String: Any]]) {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name).expected.json"))
    let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return (
      whole["detail"] as? String ?? "", whole["decisions"] as? [[String: Any]] ?? []
    )
  }

  /// The bytes of two keys of a decision.
  private static func bytes(_ decision: [String: Any]) throws -> String {
    let kept = decision.filter { ["infeasible", "scores"].contains($0.key) }
    let data = try JSONSerialization.data(withJSONObject: kept, options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }

  @Test("Rejections and scores, byte for byte", arguments: cases)
  func explanations(name: String) throws {
    var scenario = Scenario(name: name)
    scenario.isBareDump = true
    scenario.cluster = try ManifestReader.clusterObjects(
      file: "\(Self.folder)/\(name).input.json", keepsTerminating: true)
    let recorded = try Self.decisions(of: name).decisions
    var compared = 0
    for decision in recorded {
      let pod = try #require(decision["pod"] as? String)
      guard let explanation = SchedulingExplanation(of: pod, in: scenario) else {
        Issue.record("\(pod) was never tried")
        continue
      }
      let json = try JSONSerialization.jsonObject(with: Data(try explanation.json().utf8))
      let said = try Self.bytes(try #require(json as? [String: Any]))
      let expected = try Self.bytes(decision)
      #expect(said == expected, "\(pod)")
      compared += expected.count > 2 ? 1 : 0
    }
    #expect(compared > 0)
  }

  @Test("Most kinds of cases are among them")
  func coverage() { #expect(Self.cases.count >= 20, "\(Self.cases)") }
}
