import CloudSimulation
import Infrastructure
import Probability
import Quantities
import Statistics
import Synchronization
import Testing
import Workloads

@testable import Experiments

/// A task that stops itself, once.
private final class Stop: Sendable {
  let task = Mutex<Task<PlanSummary, any Error>?>(nil)
}

@Suite("Plans")
struct PlanTests {
  private static let rate = "\(BurstSource.pool)createRate"
  private static let quota = "\(BurstSource.pool)quota.podsPerCluster"

  /// A burst of 30 Pods that must be absorbed in time, faster with a dearer rate.
  private static func source(below seconds: Double = 60) -> BurstSource {
    var source = BurstSource.burst(of: 30)
    source.base.claims[0].metric = .absorb
    source.base.claims[0].bound = .below(seconds)
    return source
  }

  private static func plan(_ rates: [Int] = [20, 40, 60, 80, 100, 120]) -> Plan {
    var lever = Plan.Lever(path: rate)
    lever.values = rates.map { "\($0)/min" }
    lever.price = Price(Money(picounits: 1_000_000_000_000), currency: "CNY", per: .hours(1))
    var other = Plan.Lever(path: quota)
    other.values = ["10", "30", "90"]
    other.price = Price(Money(picounits: 1_000_000_000_000), currency: "CNY")
    var plan = Plan(name: "p")
    plan.levers = [lever, other]
    plan.claims = ["fast"]
    plan.replications = 59
    return plan
  }

  private static func found(_ plan: Plan, _ source: BurstSource) async throws -> PlanSummary {
    try await PlanStudy(plan, source: source).run()
  }

  @Test("The cheapest of all combinations is found, though most are never run")
  func cheapest() async throws {
    let summary = try await Self.found(Self.plan(), Self.source().withoutChance())
    let chosen = summary.visited[try #require(summary.chosen)]
    // By hand: 30 Pods must be there, and the rate must let the last be created soon enough.
    #expect(chosen.values[1] == "30")
    #expect(summary.isExhaustive && summary.combinations == 18)
    #expect(summary.visited.count < 18)
    #expect(summary.holds)
    var brute: (values: [String], cost: Double)?
    for rate in Self.plan().levers[0].values {
      for quota in Self.plan().levers[1].values {
        let scenario = try Self.source().withoutChance().scenario(
          setting: [.init(path: Self.rate, value: rate), .init(path: Self.quota, value: quota)])
        let result = scenario.simulate()
        guard let absorb = BurstMeasures(result.bursts[0]).absorb, absorb < 60 else { continue }
        let units = try #require(Double(rate.dropLast(4)))
        let cost = units * 8760 + (Double(quota) ?? 0) + result.cash.units * 365
        if cost < brute?.cost ?? .infinity { brute = ([rate, quota], cost) }
      }
    }
    let best = try #require(brute)
    #expect(chosen.values == best.values)
    #expect(abs(chosen.cost - best.cost) < 1e-6 * best.cost)
  }

  @Test("A search among too many comes to the same plan with fewer runs")
  func climbs() async throws {
    var plan = Self.plan(Array(stride(from: 5, through: 200, by: 5)))
    let source = Self.source().withoutChance()
    let whole = try await Self.found(plan, source)
    plan.points = 60
    let climbed = try await Self.found(plan, source)
    #expect(!climbed.isExhaustive && climbed.visited.count <= 60)
    let (a, b) = (try #require(whole.chosen), try #require(climbed.chosen))
    #expect(whole.visited[a].values == climbed.visited[b].values)
  }

  @Test("What is chosen doesn't depend on the workers, and is tried again on other luck")
  func retest() async throws {
    let source = Self.source(below: 50)
    let one = try await Self.found(Self.plan(), source)
    var options = PlanOptions()
    options.jobs = 3
    let three = try await PlanStudy(Self.plan(), source: source, options: options).run()
    #expect("\(one)" == "\(three)")
    let chosen = one.visited[try #require(one.chosen)]
    #expect(one.retestReplications == 59 && one.retest.count == 1)
    // The same combination, other luck: the estimates differ.
    #expect(one.retestCost.mean != chosen.cost)
    #expect(one.regrets.map(\.demand) == [0.8, 1.2])
    let more = try #require(one.runnerUpMore)
    #expect(more.estimate > 0)
  }

  @Test("Finalists run until nothing can be cheaper by more than what doesn't matter")
  func sure() async throws {
    var plan = Self.plan([80, 100])
    plan.levers[1].values = ["30", "90"]
    plan.indifference = Price(Money(picounits: 1_000_000_000_000_000), currency: "CNY")
    let summary = try await Self.found(plan, Self.source(below: 50))
    let sure = try #require(summary.selection)
    #expect(sure.isDecided && sure.rivals.isEmpty && sure.replications >= 8)
    #expect(sure.indifference == 1000 && sure.confidence == 0.95)
    #expect(summary.chosen != nil && summary.retestReplications == 59)
    plan.indifference = nil
    let plain = try await Self.found(plan, Self.source(below: 50))
    #expect(plain.selection == nil && plain.chosen == summary.chosen)
  }

  @Test("What is known when a search is cut short is kept and marked")
  func interrupted() async throws {
    let stop = Stop()
    var options = PlanOptions()
    options.progress = { done, _ in if done > 100 { stop.task.withLock { $0?.cancel() } } }
    let study = try PlanStudy(Self.plan(), source: Self.source(), options: options)
    let task = Task { try await study.run() }
    stop.task.withLock { $0 = task }
    let summary = try await task.value
    #expect(summary.isPartial && !summary.holds && summary.retest.isEmpty)
    #expect(!summary.visited.isEmpty && summary.visited.allSatisfy { $0.replications > 0 })
    #expect(
      summary.runs > 100 && summary.runs == summary.visited.reduce(0) { $0 + $1.replications })
    // The same trials as those of a whole search.
    let whole = try await PlanStudy(Self.plan(), source: Self.source()).run()
    for point in summary.visited {
      let same = try #require(whole.visited.first { $0.values == point.values })
      #expect(same.replications >= point.replications)
    }
  }

  @Test("If nothing meets the claims, nothing is chosen")
  func nothing() async throws {
    let summary = try await Self.found(Self.plan(), Self.source(below: 2).withoutChance())
    #expect(summary.chosen == nil && !summary.holds && summary.retest.isEmpty)
    let nearest = summary.visited[try #require(summary.nearest)]
    #expect(summary.visited.allSatisfy { $0.met <= nearest.met })
    #expect(summary.nearestClaims.map(\.name) == ["fast"])
    #expect(summary.nearestClaims.allSatisfy { $0.verdict != .holds })
    #expect(summary.visited.allSatisfy { $0.standing == .fails })
  }

  @Test("Levers cost what they cost from when they are there, at today's worth")
  func calendar() throws {
    var plan = Self.plan([10])
    plan.levers[0].leadTime = .hours(24 * 73)  // a fifth of a year
    plan.years = 2
    plan.discount = 0.1
    let calendar = PlanCalendar(plan)
    #expect(calendar.periods.map(\.from) == [0, 0.2, 1])
    #expect(calendar.periods.map { calendar.isComplete($0) } == [false, true, true])
    // 10 an hour for 0.8 years and a year, each paid in its middle, and 30 at once.
    let expected =
      87_600 * (0.8 * power(1.1, -0.6) + power(1.1, -1.5)) + 30
    #expect(abs(calendar.fixedCost([0, 1]) - expected) < 1e-6)
    let early = calendar.settings([0, 1], on: Plan.Day(), in: calendar.periods[0])
    #expect(early.map(\.path) == [Self.quota])
  }

  @Test("More runs than were allowed are refused, naming how many")
  func tooLarge() {
    var options = PlanOptions()
    options.mostRuns = 100
    #expect(throws: PlanError.tooLarge(runs: 18 * 59 * 3, most: 100)) {
      try PlanStudy(Self.plan(), source: Self.source(), options: options)
    }
  }

  @Test("A demand is multiplied in every level of a course")
  func multiplies() {
    var step = LoadProfile.Step()
    step.from = 10
    step.to = 35
    let load = LoadProfile(name: "l", target: "t", shape: .step(step)).multiplied(by: 1.1)
    guard case .step(let moved) = load.shape else { return }
    #expect(moved.from == 11 && moved.to == 39)
    let jobs = LoadProfile(name: "l", target: "t", shape: .arrivals(.init()))
    guard case .arrivals(let sparse) = jobs.multiplied(by: 0.5).shape else { return }
    #expect(sparse.interarrival.mean == 120)
    #expect(jobs.multiplied(by: 1) == jobs)
  }
}
