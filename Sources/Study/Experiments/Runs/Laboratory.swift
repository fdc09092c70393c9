import CloudSimulation

/// Runs replications of a scenario with parameters moved, on the same luck, each only once.
struct Laboratory: Sendable {
  /// Replications to be run with some settings.
  struct Plan: Sendable {
    var settings: [ParameterSetting]
    /// How many, from number 0.
    var count: Int
    /// Whether what is known is enough, so that the rest needn't be run.
    var isEnough: @Sendable ([Trial]) -> Bool = { _ in false }
  }

  let source: any ScenarioSource
  /// The seed, if it isn't the scenario's.
  let seed: UInt64?
  let runner: ReplicationRunner
  let progress: (@Sendable (StudyProgress) -> Void)?
  /// What a trial consists of.
  let blocks: Blocks
  /// What the study is at.
  var phase = StudyProgress.Phase.replications
  /// Replications run so far.
  private(set) var replicationsRun = 0
  private var known: [String: [Trial]] = [:]  // look-up by settings

  init(source: any ScenarioSource, options: StudyOptions, blocks: Blocks = Blocks(replications: 1))
  {
    self.source = source
    self.blocks = blocks
    seed = options.seed
    runner = ReplicationRunner(jobs: options.jobs)
    progress = options.progress
  }

  /// The scenario with some settings.
  func scenario(_ settings: [ParameterSetting]) throws -> Scenario {
    var scenario = try source.scenario(setting: settings)
    if let seed { scenario.seed = seed }
    return scenario
  }

  /// Notes trials that were run elsewhere, from number 0.
  mutating func note(_ trials: [Trial], with settings: [ParameterSetting]) {
    known[settings.key] = trials
    replicationsRun += trials.count * blocks.seeds
  }

  /// Trials from number 0, on all workers at once; a single one where there is no chance.
  mutating func trials(
    _ settings: [ParameterSetting], count: Int
  ) async throws -> [Trial] {
    let first = try await measure([Plan(settings: settings, count: 1)])[0]
    if !first[0].hasChance { return first }
    let begun = known[settings.key]!
    guard begun.count < count else { return Array(begun.prefix(count)) }
    let scenario = try scenario(settings)
    var done = 0
    let rest = await runner.map(
      Array(begun.count..<count),
      after: { [progress, phase] _ in
        done += 1
        progress?(StudyProgress(phase: phase, done: done, total: count - begun.count))
      }
    ) { [blocks] number in
      Self.trial(number, of: scenario, blocks)
    }.compactMap { $0 }
    replicationsRun += rest.count * blocks.seeds
    try check(rest, with: settings, seed: scenario.seed)
    known[settings.key] = begun + rest
    return begun + rest
  }

  /// Carries out several plans, each on one worker.
  ///
  /// - Returns: for every plan its trials: as many as were enough, all of them, or a single one
  ///   where there is no chance.
  mutating func measure(_ plans: [Plan]) async throws -> [[Trial]] {
    var work: [(plan: Plan, scenario: Scenario, begun: [Trial])] = []
    for plan in plans {
      let begun = known[plan.settings.key] ?? []
      if Self.isDone(plan, begun) || work.contains(where: { $0.plan.settings == plan.settings }) {
        continue
      }
      work.append((plan, try scenario(plan.settings), begun))
    }
    var done = 0
    let total = work.count
    let outcomes = await runner.map(
      work,
      after: { [progress, phase] _ in
        done += 1
        progress?(StudyProgress(phase: phase, done: done, total: total))
      }
    ) { [blocks] item in
      Self.carryOut(item.plan, of: item.scenario, from: item.begun, blocks)
    }
    for (item, trials) in zip(work, outcomes) {
      guard let trials else { continue }
      replicationsRun += (trials.count - item.begun.count) * blocks.seeds
      try check(trials, with: item.plan.settings, seed: item.scenario.seed)
      known[item.plan.settings.key] = trials
    }
    try Task.checkCancellation()
    return plans.map { plan in
      // A plan asks for no more than it needs, whatever others have run with the same settings.
      let trials = known[plan.settings.key]!
      let end = (1...trials.count).first { Self.isDone(plan, Array(trials.prefix($0))) }
      return Array(trials.prefix(end ?? trials.count))
    }
  }

  private static func isDone(_ plan: Plan, _ trials: [Trial]) -> Bool {
    guard let first = trials.first else { return false }
    return !first.hasChance || trials.count >= plan.count || plan.isEnough(trials)
  }

  private static func carryOut(
    _ plan: Plan, of scenario: Scenario, from begun: [Trial], _ blocks: Blocks
  ) -> [Trial] {
    var trials = begun
    while !isDone(plan, trials), !Task.isCancelled {
      trials.append(trial(trials.count, of: scenario, blocks))
    }
    return trials
  }

  private static func trial(_ number: Int, of scenario: Scenario, _ blocks: Blocks) -> Trial {
    Trial(
      blocks.replications(of: number).map { scenario.simulate(replication: $0) }, of: scenario)
  }

  private func check(
    _ trials: [Trial], with settings: [ParameterSetting], seed: UInt64
  ) throws {
    for trial in trials {
      guard let message = trial.violation else { continue }
      throw ModelFault(
        replication: trial.replication, seed: seed, settings: settings, message: message)
    }
    try Task.checkCancellation()
  }
}
