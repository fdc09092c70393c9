import CloudSimulation
import Foundation
import Quantities

/// Carries out a plan, or a shard of it, and puts shards together.
public struct Sweep: Sendable {
  /// The plan.
  public let plan: SweepPlan
  private let source: any ScenarioSource
  private let names: [String]
  private let branchAt: TimeSpan?

  /// The sweep of an experiment.
  ///
  /// - Throws: as ``SweepPlan/init(_:source:digest:seed:)``.
  public init(
    _ experiment: Experiment, source: any ScenarioSource, digest: String, seed: UInt64? = nil
  ) throws {
    plan = try SweepPlan(experiment, source: source, digest: digest, seed: seed)
    self.source = source
    names = experiment.responses
    branchAt = experiment.branchAt
  }

  /// Carries out a shard in a folder; runs that an earlier process left there aren't repeated.
  ///
  /// - Parameter progress: called with how many runs of the shard are done.
  /// - Returns: whether the shard is complete: not if the task was cancelled.
  /// - Throws: ``SweepError`` for a file of another plan, ``ModelFault``, and what the file system
  ///   or the source throws.
  public func run(
    _ shard: SweepShard, in folder: String, jobs: Int, progress: (Int, Int) -> Void = { _, _ in }
  ) async throws -> Bool {
    let files = SweepFolder(path: folder)
    try files.prepare(plan)
    let runs = shard.runs(of: plan)
    let known = try files.rows(of: shard, plan)
    if known.isClosed { return true }
    var rows = known.rows
    try files.begin(shard, plan, rows)
    let runner = ReplicationRunner(jobs: jobs)
    let block = max(16, 8 * jobs)
    while rows.count < runs.count, !Task.isCancelled {
      let begin = runs.lowerBound + rows.count
      let next = Array(begin..<min(begin + block, runs.upperBound))
      let found = try await carryOut(next, runner)
      rows += found
      try files.append(found.map(\.text), to: shard)
      progress(rows.count, runs.count)
    }
    guard rows.count == runs.count else { return false }
    try files.append([SweepFile.closing(rows)], to: shard)
    return true
  }

  /// The scenario that branches go on from: the first point's.
  private func base() throws -> Scenario {
    var base = try source.scenario(
      setting: plan.points[0].map { ParameterSetting(path: $0.path, value: $0.value) })
    base.seed = plan.seed
    return base
  }

  private func carryOut(
    _ runs: [Int], _ runner: ReplicationRunner
  ) async throws -> [SweepFile.Row] {
    var work: [(run: Int, scenario: Scenario, responses: SweepResponses)] = []
    var last: (point: Int, scenario: Scenario, responses: SweepResponses)?
    for run in runs {
      let point = run / plan.replications
      if last?.point != point {
        let settings = plan.points[point].map { ParameterSetting(path: $0.path, value: $0.value) }
        var scenario = try source.scenario(setting: settings)
        scenario.seed = plan.seed
        last = (point, scenario, try SweepResponses(names, in: scenario))
      }
      if let last { work.append((run, last.scenario, last.responses)) }
    }
    let replications = plan.replications
    let branch = try branchAt.map { instant in (instant: instant, base: try base()) }
    let outcomes = await runner.map(work) { item in
      let number = item.run % replications
      let result =
        branch.map {
          $0.base.simulate(replication: number, switchingAt: $0.instant, to: item.scenario)
        } ?? item.scenario.simulate(replication: number)
      return (values: item.responses.values(result), violation: result.violation)
    }
    var rows: [SweepFile.Row] = []
    for (item, outcome) in zip(work, outcomes) {
      // A beginning without gaps is kept of what a cancelled task leaves.
      guard let outcome else { break }
      let point = item.run / replications
      if let message = outcome.violation {
        throw ModelFault(
          replication: item.run % replications, seed: plan.seed,
          settings: plan.points[point].map { ParameterSetting(path: $0.path, value: $0.value) },
          message: message)
      }
      rows.append(
        SweepFile.Row(
          point: point, replication: item.run % replications, values: outcome.values))
    }
    return rows
  }
}

/// The folder of a sweep: `plan.json`, `shards/`, and `results.csv` when all is there.
struct SweepFolder {
  let path: String

  func file(_ shard: SweepShard) -> String { "\(path)/shards/\(shard.fileName)" }

  /// Makes the folder and notes the plan, or checks that it is the one noted.
  func prepare(_ plan: SweepPlan) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/shards", withIntermediateDirectories: true)
    if let noted = try? Self.plan(in: path), noted != plan {
      throw SweepError.unusable(file: path + "/plan.json", reason: "is of another plan")
    }
    // Every shard writes the same bytes, each as a whole.
    try Self.encoded(plan).write(to: URL(filePath: path + "/plan.json"), options: .atomic)
  }

  static func encoded(_ plan: SweepPlan) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(plan) + Data("\n".utf8)
  }

  static func plan(in path: String) throws -> SweepPlan {
    let data = try Data(contentsOf: URL(filePath: path + "/plan.json"))
    return try JSONDecoder().decode(SweepPlan.self, from: data)
  }

  func rows(
    of shard: SweepShard, _ plan: SweepPlan
  ) throws -> (rows: [SweepFile.Row], isClosed: Bool) {
    guard let data = FileManager.default.contents(atPath: file(shard)) else { return ([], false) }
    return try SweepFile.read(
      String(decoding: data, as: UTF8.self), called: file(shard), plan: plan, shard: shard)
  }

  /// Writes what is known of a shard as a whole, so that rows can be appended.
  func begin(_ shard: SweepShard, _ plan: SweepPlan, _ rows: [SweepFile.Row]) throws {
    let lines = [SweepFile.opening(plan, shard)] + rows.map(\.text)
    try Data((lines.joined(separator: "\n") + "\n").utf8)
      .write(to: URL(filePath: file(shard)), options: .atomic)
  }

  func append(_ lines: [String], to shard: SweepShard) throws {
    guard !lines.isEmpty else { return }
    let handle = try FileHandle(forWritingTo: URL(filePath: file(shard)))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    try handle.synchronize()
  }

  /// The shards whose files lie in the folder.
  func shards() throws -> [SweepShard] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/shards").sorted().compactMap {
      name in
      guard name.hasPrefix("shard-"), name.hasSuffix(".csv") else { return nil }
      let parts = name.dropFirst(6).dropLast(4).split(separator: "-")
      return parts.count == 3 && parts[1] == "of" ? SweepShard("\(parts[0])/\(parts[2])") : nil
    }
  }
}
