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

  /// What became of a shard.
  public struct Outcome: Hashable, Sendable {
    /// Whether all of its runs are there: not if the task was cancelled.
    public var isComplete = false
    /// Runs that an earlier process had left.
    public var found = 0
    /// What was wrong with the rows that an earlier process had left; they were made anew.
    public var damage: String?
  }

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

  /// Runs the first replication of the base, for how long it takes.
  public func runOnce() throws {
    let work = try work(at: 0)
    _ = work.responses.values(work.scenario.simulate(replication: 0))
  }

  /// Carries out a shard in a folder; runs that an earlier process left there aren't repeated.
  ///
  /// A shard may be carried out by several processes at once: each writes the same bytes at the
  /// same places of the same file.
  ///
  /// - Parameter progress: called with how many runs of the shard are done.
  /// - Throws: ``SweepError`` for a file of another plan or one that can't be written,
  ///   ``ModelFault``, and what the file system or the source throws.
  public func run(
    _ shard: SweepShard, in folder: String, jobs: Int,
    progress: @escaping (Int, Int) -> Void = { _, _ in }
  ) async throws -> Outcome {
    let files = SweepFolder(path: folder)
    try files.prepare(plan)
    let runs = shard.runs(of: plan)
    let known = try files.rows(of: shard, plan)
    var outcome = Outcome(found: known.rows.count, damage: known.damage)
    if known.isClosed {
      outcome.isComplete = true
      return outcome
    }
    var file = try ShardFile(
      path: files.file(shard), opening: SweepFile.opening(plan, shard), rows: known.rows,
      of: runs.count)
    try await carryOut(
      runs.lowerBound + known.rows.count..<runs.upperBound, jobs: jobs
    ) { row in
      try file.append(row)
      progress(file.rows, runs.count)
    }
    outcome.isComplete = file.rows == runs.count
    try outcome.isComplete ? file.close() : file.synchronise()
    return outcome
  }

  /// What is run at a point.
  private struct Work: Sendable {
    var point: Int
    var scenario: Scenario
    var responses: SweepResponses
    /// Where the point goes on from the base, if it is a branch.
    var branch: (instant: TimeSpan, base: Scenario)?
  }

  private func work(at point: Int) throws -> Work {
    let settings = plan.points[point].map { ParameterSetting(path: $0.path, value: $0.value) }
    var scenario = try source.scenario(setting: settings)
    scenario.seed = plan.seed
    return Work(
      point: point, scenario: scenario, responses: try SweepResponses(names, in: scenario),
      branch: try branchAt.map { (instant: $0, base: try base()) })
  }

  /// The scenario that branches go on from: the first point's.
  private func base() throws -> Scenario {
    var base = try source.scenario(
      setting: plan.points[0].map { ParameterSetting(path: $0.path, value: $0.value) })
    base.seed = plan.seed
    return base
  }

  /// Carries out runs on several workers and hands their rows over in order, each as soon as all
  /// before it are there.
  private func carryOut(
    _ runs: Range<Int>, jobs: Int, _ take: (SweepFile.Row) throws -> Void
  ) async throws {
    let replications = plan.replications
    typealias Ended = (run: Int, row: SweepFile.Row?, violation: String?)
    try await withThrowingTaskGroup(of: Ended.self) { group in
      var next = runs.lowerBound
      var present: Work?
      // A run that takes long holds back those behind it, so that workers don't get far ahead.
      let most = 64 * max(1, jobs)
      var waiting: [SweepFile.Row?] = []
      var written = runs.lowerBound
      /// Whether another run was begun.
      func begin() throws -> Bool {
        guard next < runs.upperBound, next < written + most, !Task.isCancelled else { return false }
        let run = next
        let point = run / replications
        let work = try present.flatMap { $0.point == point ? $0 : nil } ?? work(at: point)
        present = work
        group.addTask { Self.ended(run, work, replication: run % replications) }
        next += 1
        waiting.append(nil)
        return true
      }
      var running = 0
      repeat {
        while running < max(1, jobs), try begin() { running += 1 }
        guard let ended = try await group.next() else { break }
        running -= 1
        if let message = ended.violation, let row = ended.row { throw fault(row, message) }
        waiting[ended.run - written] = ended.row
        while let first = waiting.first, let row = first {
          try take(row)
          waiting.removeFirst()
          written += 1
        }
      } while true
    }
  }

  /// A run and its row; none if it was stopped on its way.
  private static func ended(
    _ run: Int, _ work: Work, replication: Int
  ) -> (run: Int, row: SweepFile.Row?, violation: String?) {
    let result =
      work.branch.map {
        $0.base.simulate(replication: replication, switchingAt: $0.instant, to: work.scenario)
      } ?? work.scenario.simulate(replication: replication)
    if result.stoppedAt != nil { return (run, nil, nil) }
    let row = SweepFile.Row(
      point: work.point, replication: replication, values: work.responses.values(result))
    return (run, row, result.violation)
  }

  private func fault(_ row: SweepFile.Row, _ message: String) -> ModelFault {
    ModelFault(
      replication: row.replication, seed: plan.seed,
      settings: plan.points[row.point].map { ParameterSetting(path: $0.path, value: $0.value) },
      message: message)
  }
}
