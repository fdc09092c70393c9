import CloudSimulation
import Experiments
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("Branches of a run")
struct BranchTests {
  private static func loaded() throws -> LoadedScenario {
    try ScenarioLoader.load(paths: [PackageFolder.path("Scenarios/burst-branches.yaml")])
  }

  private static var options: ReplicationOptions {
    var options = ReplicationOptions()
    options.keepsRecords = true
    return options
  }

  /// What a result says of the time up to an instant, to the last digit.
  private static func before(_ instant: TimeSpan, _ result: ReplicationResult) -> String {
    let at = Instant.zero + instant
    let buckets = Int(instant.seconds / result.bucket.seconds)
    let stages = result.stageRecords.filter { $0.end <= at }.map { "\($0)" }.sorted()
    let bound = result.placements.filter { $0.bound.map { $0 <= at } ?? false }.map {
      "\($0.pod) \($0.node ?? "") \($0.created) \($0.bound?.nanoseconds ?? 0)"
    }.sorted()
    let ready = result.readyPerBucket.map { Array($0.prefix(buckets)) }
    return "\(ready) \(result.waiting.prefix(buckets)) \(stages) \(bound)"
  }

  @Test("are the same to the last digit until they branch, and only then differ")
  func common() throws {
    let loaded = try Self.loaded()
    let base = loaded.scenario
    let instant = TimeSpan.minutes(5)
    for replication in 0..<3 {
      let whole = base.simulate(replication: replication, options: Self.options)
      let trunk = Self.before(instant, whole)
      let isTold = trunk.count > 1000
      #expect(isTold)
      for policy in ["idcFirst", "cloudOnly", "weighted"] {
        let moved = try loaded.scenario(
          setting: [("Scenario/burst-branches:spec.burst.policy", policy)])
        let branch = base.simulate(
          replication: replication, options: Self.options, switchingAt: instant, to: moved)
        #expect(branch.violation == nil)
        let isCommon = Self.before(instant, branch) == trunk
        #expect(isCommon, "\(policy)")
        let after = Self.before(.minutes(15), branch) != Self.before(.minutes(15), whole)
        #expect(after == (policy != "idcFirst"), "\(policy)")
      }
      // A mutant: a branch that begins earlier isn't the same until five minutes.
      let moved = try loaded.scenario(
        setting: [("Scenario/burst-branches:spec.burst.policy", "cloudOnly")])
      let early = base.simulate(
        replication: replication, options: Self.options, switchingAt: .minutes(1), to: moved)
      let isOther = Self.before(instant, early) != trunk
      #expect(isOther)
    }
  }

  @Test("take over rates and quotas, of which what was used stays used")
  func limits() throws {
    let loaded = try Self.loaded()
    for (path, value) in [
      ("ServerlessPool/cloud:spec.createRate", "1/min"),
      ("ServerlessPool/cloud:spec.quota.podsPerCluster", "3"),
      ("Scenario/burst-branches:spec.controlPlane.replicaSet.qps", "0.05"),
    ] {
      let moved = try loaded.scenario(setting: [(path, value)])
      let base = loaded.scenario
      let whole = base.simulate(options: Self.options)
      let branch = base.simulate(
        options: Self.options, switchingAt: .minutes(5), to: moved)
      #expect(branch.violation == nil)
      let isCommon = Self.before(.minutes(5), branch) == Self.before(.minutes(5), whole)
      let differs = Self.before(.minutes(15), branch) != Self.before(.minutes(15), whole)
      #expect(isCommon && differs, "\(path)")
    }
  }

  @Test("are the points of an experiment, compared in pairs")
  func experiment() async throws {
    let loaded = try Self.loaded()
    var design = try #require(loaded.scenario.experiments.first)
    design.replications = 4
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    let folder = path.path(percentEncoded: false)
    let sweep = try Sweep(design, source: Source(loaded: loaded), digest: loaded.digest)
    #expect(try await sweep.run(.whole, in: folder, jobs: 2).isComplete)
    _ = try SweepMerge.merge([folder], into: folder)
    let results = try SweepResults(folder: folder)
    let base = (0..<4).map { number in
      BurstMeasures(loaded.scenario.simulate(replication: number).bursts[0])
    }
    #expect(results.replications(0, at: 0) == base.map { $0.absorb })
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
}
