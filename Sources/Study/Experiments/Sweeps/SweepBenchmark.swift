import CloudSimulation
import Foundation
import Quantities

/// Sweeps made up to be measured.
public enum SweepBenchmark {
  /// A scenario in which next to nothing happens, so that what a sweep does besides is seen.
  public struct Nothing: ScenarioSource {
    /// The only one.
    public init() {}

    /// The scenario; there is nothing in it to set.
    public func scenario(setting settings: [ParameterSetting]) -> Scenario {
      var scenario = Scenario(name: "nothing")
      scenario.duration = .minutes(1)
      return scenario
    }

    /// None.
    public func parameters(setting settings: [ParameterSetting]) -> [Parameter] { [] }

    /// None: nothing can be set.
    public func interpolate(
      _ path: String, from low: String, to high: String, fraction: Double
    ) -> String? { nil }
  }

  /// Writes whole shards with made-up values of four responses into a folder.
  public static func write(shards: Int, rows: Int, in folder: String) throws {
    let plan = SweepPlan(
      scenario: "made up", digest: "", version: Spillway.version, seed: 42,
      replications: shards * rows, windows: 1, responses: ["a", "b", "c", "d"],
      units: ["", "", "", ""])
    let files = SweepFolder(path: folder)
    try files.prepare(plan)
    for index in 0..<shards {
      let shard = SweepShard(index: index, count: shards)
      var file = try ShardFile(
        path: files.file(shard), opening: SweepFile.opening(plan, shard), rows: [], of: rows)
      for run in shard.runs(of: plan) {
        let value = Double(run % 9973) / 16
        try file.append(
          SweepFile.Row(
            point: 0, replication: run, values: [value, value * 3, value / 4, Double(run % 2)]))
      }
      try file.close()
    }
  }
}
