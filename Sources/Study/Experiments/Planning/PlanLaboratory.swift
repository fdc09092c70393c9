import CloudSimulation
import Probability
import Quantities
import Statistics
import Workloads

/// What a combination of levers comes to in one replication of the whole calendar.
struct PlanTrial: Sendable {
  /// What runs cost over the horizon, at today's worth, without the levers' prices.
  var running = 0.0
  /// By claim of the plan: whether every run that it judges meets it.
  var met: [Bool]
  /// By claim: the mean of its metric over those runs; nil if it doesn't always exist.
  var value: [Double?]
  /// Whether another replication could have come out differently.
  var hasChance = false
}

/// Runs combinations of a plan's levers through its calendar, each replication only once.
struct PlanLaboratory: Sendable {
  let plan: Plan
  let calendar: PlanCalendar
  let judges: [ClaimJudge]
  private let source: any ScenarioSource
  private let seed: UInt64
  private let runner: ReplicationRunner
  /// What the planned demand is multiplied by.
  private let demand: Double
  /// Runs of the scenario so far.
  private(set) var runs = 0
  private var known: [[Int]: [PlanTrial]] = [:]  // look-up by point
  var progress: @Sendable (Int) -> Void = { _ in }

  /// - Throws: ``StudyError`` for a claim that can't be decided about, and what the source throws.
  init(_ plan: Plan, source: any ScenarioSource, options: PlanOptions, demand: Double = 1) throws {
    self.plan = plan
    self.source = source
    self.demand = demand
    calendar = PlanCalendar(plan)
    let scenario = try source.scenario(setting: [])
    seed = options.seed ?? scenario.seed
    runner = ReplicationRunner(jobs: options.jobs)
    var judges: [ClaimJudge] = []
    for name in plan.claims {
      guard let index = scenario.claims.firstIndex(where: { $0.name == name }) else { continue }
      judges.append(try ClaimJudge(scenario.claims[index], index: index, in: scenario))
    }
    self.judges = judges
  }

  /// The trials of a point so far.
  func trials(_ point: [Int]) -> [PlanTrial] { known[point] ?? [] }

  /// Runs some points until each has so many trials from replication 0 on; one where there is no
  /// chance.
  mutating func extend(_ points: [[Int]], to count: Int) async throws {
    var work: [(point: [Int], replication: Int)] = []
    for point in points {
      let begun = trials(point)
      if let first = begun.first, !first.hasChance { continue }
      for replication in begun.count..<max(count, begun.count) {
        work.append((point, replication))
      }
    }
    // Where there is no chance, one tells it.
    let firsts = work.filter { $0.replication == 0 }
    try await run(firsts)
    try await run(
      work.filter { item in
        item.replication > 0 && (trials(item.point).first?.hasChance ?? true)
      })
  }

  /// Trials of a point on other replications, which nothing else sees.
  mutating func fresh(_ point: [Int], _ replications: Range<Int>) async throws -> [PlanTrial] {
    let trials = try await carryOut(replications.map { (point, $0) }).compactMap { $0 }
    try Task.checkCancellation()
    return trials
  }

  /// Runs and notes trials; if it is cut short, those that stand behind no gap.
  private mutating func run(_ work: [(point: [Int], replication: Int)]) async throws {
    for (item, trial) in zip(work, try await carryOut(work)) {
      guard let trial, trials(item.point).count == item.replication else { continue }
      known[item.point, default: []].append(trial)
    }
    try Task.checkCancellation()
  }

  /// Runs trials; nil for those that weren't begun, or stopped, because the task was cancelled.
  private mutating func carryOut(
    _ work: [(point: [Int], replication: Int)]
  ) async throws -> [PlanTrial?] {
    var worlds: [[Int]: [PlanWorld]] = [:]  // look-up by point
    for item in work where worlds[item.point] == nil {
      worlds[item.point] = try self.worlds(of: item.point)
    }
    var items: [(worlds: [PlanWorld], replication: Int)] = []
    for item in work { items.append((worlds[item.point] ?? [], item.replication)) }
    let (plan, judges, demand) = (plan, judges, demand)
    let (before, size) = (runs, calendar.periods.count * plan.days.count)
    var done = 0
    let outcomes = await runner.map(
      items,
      after: { [progress] _ in
        done += 1
        progress(before + done * size)
      }
    ) { item in
      Result { () throws -> PlanTrial? in
        try PlanWorld.trial(
          of: item.worlds, plan, judges, replication: item.replication, demand: demand)
      }
    }
    runs += done * size
    return try outcomes.map { try $0?.get() ?? nil }
  }

  private func worlds(of point: [Int]) throws -> [PlanWorld] {
    var worlds: [PlanWorld] = []
    for period in calendar.periods {
      for day in plan.days {
        var scenario = try source.scenario(
          setting: calendar.settings(point, on: day, in: period))
        scenario.seed = seed
        worlds.append(
          PlanWorld(
            scenario: scenario, day: day, year: period.year,
            weight: calendar.worth(of: period) * day.perYear,
            isJudged: calendar.isComplete(period)))
      }
    }
    return worlds
  }
}

/// The scenario on a kind of day in a period.
struct PlanWorld: Sendable {
  var scenario: Scenario
  var day: Plan.Day
  var year: Int
  /// How often it comes in the period, at today's worth.
  var weight: Double
  /// Whether claims are judged: all that was bought is there.
  var isJudged: Bool

  /// Whether a claim is judged here.
  func judges(_ claim: String) -> Bool {
    isJudged && (day.claims?.contains(claim) ?? true)
  }

  /// Runs a replication through all worlds; nil if it was stopped on its way.
  ///
  /// - Throws: ``StudyError`` for a burst too small for its claim, ``ModelFault`` for an identity
  ///   that is violated.
  static func trial(
    of worlds: [PlanWorld], _ plan: Plan, _ judges: [ClaimJudge], replication: Int,
    demand: Double
  ) throws -> PlanTrial? {
    var trial = PlanTrial(
      met: judges.map { judge in worlds.contains { $0.judges(judge.claim.name) } },
      value: judges.map { _ in nil })
    trial.hasChance =
      !plan.growth.isConstant && plan.years > 1 || plan.days.contains { !$0.demand.isConstant }
    var tallies = judges.map { _ in Tally() }
    var missing = judges.map { _ in false }
    for world in worlds {
      var scenario = world.scenario
      let factor = demand * world.factor(plan, replication)
      scenario.loads = scenario.loads.map { $0.multiplied(by: factor) }
      let result = scenario.simulate(replication: replication)
      if result.stoppedAt != nil { return nil }
      if let message = result.violation {
        throw ModelFault(replication: replication, seed: scenario.seed, message: message)
      }
      let bill = plan.counts == .cash ? result.cash : result.cash + result.owned
      trial.running += bill.units * world.weight
      let found = Trial(result, of: scenario)
      if found.hasChance { trial.hasChance = true }
      for (index, judge) in judges.enumerated() where world.judges(judge.claim.name) {
        try judge.check([found])
        if !judge.isMet(by: found) { trial.met[index] = false }
        if let value = judge.value(found) {
          tallies[index].add(value)
        } else {
          missing[index] = true
        }
      }
    }
    for index in judges.indices where !missing[index] { trial.value[index] = tallies[index].mean }
    return trial
  }

  /// What the loads are multiplied by in a replication: the growth until this year, and the day's
  /// own demand. Both belong to the replication, so that every combination sees the same.
  private func factor(_ plan: Plan, _ replication: Int) -> Double {
    let luck = RandomSource(seed: scenario.seed, replication: replication)
    let growth = luck.stream("plan/growth").draw(plan.growth, for: Subject(plan.name).raw)
    let own = luck.stream("plan/demand").draw(
      day.demand, for: Subject(day.name).raw, number: UInt32(year))
    return power(growth, Double(year)) * own
  }
}
