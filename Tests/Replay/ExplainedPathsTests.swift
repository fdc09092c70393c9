import CloudSimulation
import Experiments
import Quantities
import ScenarioFiles
import Statistics
import TestSupport
import Testing

/// Every path that `explain --all` lists names a scenario and a value with which it moves an output.
@Suite("No explained parameter is without effect")
struct ExplainedPathsTests {
  /// What a loaded scenario's first replication comes to, in words.
  ///
  /// The parameters' own values, which stand in every summary, are left out: they would move anyway.
  private func outputs(_ loaded: LoadedScenario) -> String {
    let result = loaded.scenario.simulate(replication: 0)
    let bursts = result.bursts.map {
      "\($0.places) \($0.ready) \($0.firstAsked?.nanoseconds ?? -1) \($0.cost.picounits)"
    }
    let stages = result.stages.map { "\($0.count) \($0.total)" }
    return "\(bursts) \(stages) \(result.readyPerBucket) \(result.waiting) \(result.pods) "
      + "\(result.cash.picounits) \(result.owned.picounits) \(result.utilisation) "
      + "\(result.serviceCapacity) \(result.pulledBytes) \(result.refusals) \(result.end) "
      + "\(String(describing: result.requests)) \(result.bursts.map(\.requests)) "
      + "\(result.batches)"
  }

  private struct Source: ScenarioSource {
    let loaded: LoadedScenario
    func scenario(setting settings: [ParameterSetting]) throws -> Scenario {
      try loaded.scenario(setting: settings.map { ($0.path, $0.value) })
    }
    func parameters(setting settings: [ParameterSetting]) throws -> [Parameter] {
      try loaded.setting(settings.map { ($0.path, $0.value) }).parameters
    }
    func interpolate(
      _ path: String, from low: String, to high: String, fraction: Double
    ) -> String? { loaded.interpolate(path, from: low, to: high, fraction: fraction) }
  }

  /// What the study makes of it: verdicts, the ladder, and what reports say of claims.
  private func findings(_ loaded: LoadedScenario, whole: Bool) async throws -> String {
    var options = StudyOptions()
    options.jobs = 2
    options.depth = whole ? .whole : .verdicts
    let summary = try await Study.run(source: Source(loaded: loaded), options: options).summary
    return "\(summary.replications) \(summary.seed) \(summary.metrics) "
      + summary.claims.map {
        "\($0.name) \($0.metric) \($0.threshold) \($0.share) \($0.confidence) \($0.verdict) "
          + "\($0.met) \($0.of) \(String(describing: $0.estimate)) \($0.ladder)"
      }.joined()
  }

  @Test("Moving a path to its trial value changes what a run finds out")
  func everyPathMoves() async throws {
    var bases: [String: (loaded: LoadedScenario, outputs: String)] = [:]
    var idle: [String] = []
    let explanations = Explain.all
    #expect(explanations.count > 100)
    for field in explanations {
      let name = try #require(field.scenario)
      let trial = try #require(field.trial)
      if bases[name] == nil {
        let loaded = try ScenarioLoader.load(
          paths: [PackageFolder.path("Scenarios/\(name).yaml")])
        bases[name] = (loaded, outputs(loaded))
      }
      let base = try #require(bases[name])
      let moved = try base.loaded.setting([(field.path, trial)])
      if outputs(moved) != base.outputs { continue }
      // Claims and levers move what is made of a run, and only levers need the whole study.
      let whole = field.path.contains("levers")
      let before = try await findings(base.loaded, whole: whole)
      if try await findings(moved, whole: whole) != before { continue }
      idle.append("\(field.path) = \(trial)")
    }
    #expect(idle.isEmpty, "\(idle.joined(separator: "\n"))")
  }

  @Test("What is excepted has a reason")
  func exceptions() {
    for exception in Explain.exceptions { #expect(exception.reason.count > 10) }
  }
}
