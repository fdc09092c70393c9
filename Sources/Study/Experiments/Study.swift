import CloudSimulation
import Quantities
import Statistics

/// Finds out what a scenario does and whether its claims hold.
public enum Study {
  /// Runs a scenario's replications, decides about its claims, and finds out for each what binds,
  /// on which assumptions the verdict depends, and what must change for it to hold.
  ///
  /// The outcome depends on the scenario, its seed and the options' numbers, not on how many
  /// workers there are. If the task is cancelled, the outcome holds what is known by then and is
  /// marked as partial.
  ///
  /// - Throws: ``StudyError`` for a claim that can't be decided about, ``ModelFault`` for an
  ///   identity that is violated, and whatever the source throws for a path or a value.
  public static func run(
    source: any ScenarioSource, options: StudyOptions = StudyOptions()
  ) async throws -> StudyOutcome {
    let scenario = try Self.scenario(of: source, options)
    var judges = try judges(of: scenario)
    let count = try replications(of: scenario, judges, options)
    var blocks =
      options.only == nil
      ? try Blocks(replications: count, windows: scenario.windows) : Blocks(replications: 1)
    let results: [ReplicationResult]
    if looks(of: scenario, judges, options).isEmpty {
      results = try await baseline(scenario, [], to: count, options)
    } else {
      (results, judges) = try await sequence(scenario, judges, options)
      blocks = Blocks(replications: results.count)
    }
    let stoppedAt = results.first?.stoppedAt
    let trials =
      stoppedAt == nil ? blocks.grouped(results).map { Trial($0, of: scenario) } : []
    for judge in judges { try judge.check(trials) }
    var laboratory = Laboratory(source: source, options: options, blocks: blocks)
    let idle = await idleBills(scenario, results, laboratory.runner)
    var summary = summarise(
      scenario, results, parameters: try source.parameters(setting: options.settings), judges,
      trials, blocks,
      without: idle)
    summary.isPartial = Task.isCancelled
    if let stoppedAt {
      summary.caveats.insert(
        "no replication had ended: figures are of the first one up to "
          + "\((stoppedAt - Instant.zero).formatted) of \(scenario.horizon.formatted)", at: 0)
    }
    if options.only == nil, options.depth == .whole, !Task.isCancelled {
      laboratory.note(trials, with: options.settings)
      let study = ClaimStudy(scenario: scenario, options: options, count: blocks.count)
      do {
        for judge in judges {
          try await study.complete(&summary.claims[judge.index], judge, in: &laboratory)
        }
      } catch is CancellationError {
        summary.isPartial = true
      }
    }
    if let response = options.sensitivity, options.only == nil, !Task.isCancelled {
      do {
        summary.sensitivity = try await Tornado(source: source, options: options).summary(
          of: response.isEmpty ? nil : response, from: results, scenario)
      } catch is CancellationError {
        summary.isPartial = true
      }
    }
    if options.explainsCauses, !Task.isCancelled {
      do {
        summary.causes = try await causeEffects(of: scenario, results, options: options)
      } catch is CancellationError {
        summary.isPartial = true
      }
    }
    summary.stages = stages(
      results, try source.parameters(setting: options.settings), summary.claims)
    return StudyOutcome(
      summary: summary, tables: try tables(of: results, scenario),
      autoscalerRecordings: results.flatMap(\.autoscalerRecordings),
      tellingReplication: judges.first.flatMap { telling(trials, $0) },
      replicationsRun: max(laboratory.replicationsRun, results.count),
      decides: options.only == nil)
  }

  private static func judges(of scenario: Scenario) throws(StudyError) -> [ClaimJudge] {
    var judges: [ClaimJudge] = []
    for (index, claim) in scenario.claims.enumerated() {
      judges.append(try ClaimJudge(claim, index: index, in: scenario))
    }
    return judges
  }

  private static func replications(
    of scenario: Scenario, _ judges: [ClaimJudge], _ options: StudyOptions
  ) throws(StudyError) -> Int {
    let fewest =
      scenario.windows > 1 ? scenario.windows : judges.map(\.test.fewestReplications).max() ?? 1
    let count = options.replications ?? scenario.replications ?? fewest
    guard count >= 1 else { throw .noReplications }
    return count
  }

  private static func scenario(
    of source: any ScenarioSource, _ options: StudyOptions
  ) throws -> Scenario {
    var scenario = try source.scenario(setting: options.settings)
    if let seed = options.seed { scenario.seed = seed }
    return scenario
  }

  /// The looks that were declared, where there is something to decide, and replications count one
  /// by one.
  private static func looks(
    of scenario: Scenario, _ judges: [ClaimJudge], _ options: StudyOptions
  ) -> [Int] {
    guard options.only == nil, options.replications == nil, !judges.isEmpty, scenario.windows == 1
    else { return [] }
    return options.looks ?? scenario.looks
  }

  /// Replications up to the first declared look at which every claim is decided, or the last.
  private static func sequence(
    _ scenario: Scenario, _ judges: [ClaimJudge], _ options: StudyOptions
  ) async throws -> (results: [ReplicationResult], judges: [ClaimJudge]) {
    let looks = looks(of: scenario, judges, options)
    var results: [ReplicationResult] = []
    for (index, count) in looks.enumerated() {
      results = try await baseline(scenario, results, to: count, options)
      let trials = results.map { Trial($0, of: scenario) }
      let present = judges.map { $0.atLook(index, of: looks) }
      let isDecided = present.allSatisfy { $0.verdict(trials) != .undecided }
      if isDecided || results.count < count || index == looks.count - 1 {
        return (results, present)
      }
    }
    return (results, judges)
  }

  /// The replications of the scenario as it is, behind those that are known; a single one where
  /// there is no chance. If the task is cancelled, those up to the first that was stopped; the very
  /// first even then.
  private static func baseline(
    _ scenario: Scenario, _ known: [ReplicationResult], to count: Int, _ options: StudyOptions
  ) async throws(ModelFault) -> [ReplicationResult] {
    let runner = ReplicationRunner(jobs: options.jobs)
    let kept: @Sendable (Int) -> ReplicationOptions = {
      [records = options.records, recordsAutoscalers = options.recordsAutoscalers] number in
      var kept = ReplicationOptions()
      kept.recordsAutoscalers = recordsAutoscalers
      kept.keepsRecords = records == .all || records == .first && number == (options.only ?? 0)
      return kept
    }
    if let only = options.only {
      return try await runner.run(scenario, replications: only..<only + 1, options: kept)
    }
    var results = known
    if results.isEmpty {
      results = try await runner.run(scenario, replications: 0..<1, options: kept)
    }
    let begun = results.count
    guard count > begun, results.allSatisfy({ $0.stoppedAt == nil }),
      let usage = results.first?.usage, scenario.hasChance(using: usage)
    else {
      return results
    }
    results += try await runner.run(scenario, replications: begun..<count, options: kept) { done in
      options.progress?(
        StudyProgress(phase: .replications, done: done + begun, total: count))
    }
    // Those behind one that was stopped would tell of the short runs only.
    return Array(results.prefix { $0.stoppedAt == nil })
  }

  /// The replication that shows best why a claim fails, or how nearly it does.
  private static func telling(_ trials: [Trial], _ judge: ClaimJudge) -> Int? {
    let worst = trials.min { one, other in
      // A value that doesn't exist is worse than any.
      guard let a = judge.value(one) else { return judge.value(other) != nil }
      guard let b = judge.value(other) else { return false }
      return judge.isAbove ? a < b : a > b
    }
    return worst?.replication
  }
}
