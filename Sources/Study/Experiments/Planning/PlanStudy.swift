import CloudSimulation
import Infrastructure
import Quantities
import Statistics

/// Finds the cheapest plan, and tries it again on luck that the search never saw.
public struct PlanStudy: Sendable {
  /// The plan.
  public let plan: Plan
  private let source: any ScenarioSource
  private let options: PlanOptions
  private let scenario: Scenario
  private let count: Int
  /// The demand, against the plan's, at which its regret is told.
  public static let otherDemands = [0.8, 1.2]

  /// Prepares a search.
  ///
  /// - Throws: ``PlanError``, ``StudyError``, and what the source throws for a path or a value.
  public init(_ plan: Plan, source: any ScenarioSource, options: PlanOptions = PlanOptions()) throws
  {
    self.plan = plan
    self.source = source
    self.options = options
    scenario = try source.scenario(setting: [])
    let laboratory = try PlanLaboratory(plan, source: source, options: options)
    count = plan.replications ?? laboratory.judges.map(\.test.fewestReplications).max() ?? 1
    if let most = options.mostRuns, mostRuns > most {
      throw PlanError.tooLarge(runs: mostRuns, most: most)
    }
  }

  /// The most runs of the scenario that the searches may need, those for other demands included.
  ///
  /// Making sure of the cheapest takes more, of few points: what it takes of as many as race at the
  /// same time is counted.
  public var mostRuns: Int {
    let calendar = PlanCalendar(plan)
    let points = min(PlanSearch.combinations(plan), plan.points)
    let finalists = plan.indifference == nil ? 0 : min(points, PlanSearch.heat)
    let trials =
      points * (1 + Self.otherDemands.count) + finalists * (PlanSearch.patience - 1)
    return trials * count * calendar.periods.count * plan.days.count
  }

  /// Searches.
  ///
  /// The outcome depends on plan, scenario and seed, not on how many workers there are. If the task
  /// is cancelled it is what was known by then, and says so.
  ///
  /// - Throws: ``StudyError`` for a burst too small for its claim, ``ModelFault`` for an identity
  ///   that is violated.
  public func run(digest: String = "") async throws -> PlanSummary {
    var laboratory = try PlanLaboratory(plan, source: source, options: options)
    let most = mostRuns
    laboratory.progress = { [progress = options.progress] in progress?($0, most) }
    var search = PlanSearch(laboratory, count: count)
    var isPartial = false
    do {
      try await search.run()
      if let zone = plan.indifference {
        try await search.makeSure(zone.amount.units, confidence: plan.confidence)
      }
    } catch is CancellationError {
      isPartial = true
    }
    var summary = summary(of: search)
    summary.digest = digest
    summary.isPartial = isPartial
    if let chosen = search.best, !isPartial {
      do {
        try await tryAgain(chosen, &search, &summary)
      } catch is CancellationError {
        summary.isPartial = true
      }
    }
    summary.runs += search.laboratory.runs
    return summary
  }

  /// Tries the chosen one on luck that the search never saw, and for other demands.
  private func tryAgain(
    _ chosen: [Int], _ search: inout PlanSearch, _ summary: inout PlanSummary
  ) async throws {
    let again = plan.retest ?? count
    let unseen = search.unseen
    let trials = try await search.fresh(chosen, unseen..<unseen + again)
    summary.retestReplications = trials.count
    summary.retest = retest(trials, search.laboratory.judges)
    summary.retestCost = cost(
      trials.map { $0.running + search.laboratory.calendar.fixedCost(chosen) })
    for demand in Self.otherDemands {
      summary.regrets.append(
        try await regret(chosen, demand: demand, after: search.laboratory.runs, &summary.runs))
    }
  }

  // MARK: What becomes of the chosen one

  private func retest(_ trials: [PlanTrial], _ judges: [ClaimJudge]) -> [ClaimResult] {
    judges.enumerated().map { index, judge in
      var result = ClaimResult()
      result.name = judge.claim.name
      result.metric = judge.claim.metric.rawValue
      result.unit = judge.claim.metric.unit(currency: scenario.prices.currency)
      result.threshold = judge.threshold
      result.isAbove = judge.isAbove
      result.share = judge.claim.share
      result.confidence = judge.claim.confidence
      result.met = trials.count { $0.met[index] }
      result.of = trials.count
      let hasChance = trials.first?.hasChance ?? true
      result.verdict =
        hasChance
        ? judge.test.verdict(met: result.met, of: result.of)
        : result.met == result.of ? .holds : .fails
      if hasChance {
        let proportion = Proportion(result.met, of: result.of)
        result.shareAtLeast = proportion.lowerBound(confidence: result.confidence)
        result.shareAtMost = proportion.upperBound(confidence: result.confidence)
        result.replicationsToDecide =
          result.verdict == .undecided
          ? judge.test.replicationsToDecide(met: result.met, of: result.of) : nil
      }
      let values = trials.compactMap { $0.value[index] }
      result.estimate = Tally(values).mean
      let interval = ConfidenceInterval.mean(of: values, confidence: result.confidence)
      result.low = interval?.low
      result.high = interval?.high
      return result
    }
  }

  private func cost(_ values: [Double]) -> MetricSummary {
    Study.metric("cost", unit: scenario.prices.currency, values.map { $0 }, 0.95)
  }

  /// Searches again for another demand, and compares.
  private func regret(
    _ chosen: [Int], demand: Double, after runs: Int, _ sum: inout Int
  ) async throws -> PlanSummary.Regret {
    var laboratory = try PlanLaboratory(plan, source: source, options: options, demand: demand)
    let (most, before) = (mostRuns, runs + sum)
    laboratory.progress = { [progress = options.progress] in progress?(before + $0, most) }
    var search = PlanSearch(laboratory, count: count)
    try await search.complete(chosen)
    try await search.run()
    sum += search.laboratory.runs
    return PlanSummary.Regret(
      demand: demand, standing: search.standings[chosen] ?? .undecided, cost: search.cost(chosen),
      best: search.best.map(search.names) ?? [],
      more: search.best.map { search.difference(chosen, $0) })
  }

  // MARK: What was found

  private func summary(of search: PlanSearch) -> PlanSummary {
    var summary = PlanSummary()
    summary.plan = plan.name
    summary.scenario = scenario.name
    summary.question = scenario.question
    summary.seed = options.seed ?? scenario.seed
    summary.version = Spillway.version
    summary.currency = scenario.prices.currency
    summary.years = plan.years
    summary.discount = plan.discount
    summary.combinations = PlanSearch.combinations(plan)
    summary.isExhaustive = search.isExhaustive
    summary.replications = count
    summary.levers = plan.levers.map(Self.describe)
    summary.calendar = plan.days.map { day in
      "\(day.name) × \(PlanStudy.plain(day.perYear)) a year"
    }
    if let judge = search.laboratory.judges.first {
      summary.measure = judge.claim.metric.rawValue
      summary.measureUnit = judge.claim.metric.unit(currency: scenario.prices.currency)
      summary.threshold = judge.threshold
    }
    let order = search.visited.filter { !search.laboratory.trials($0).isEmpty }.enumerated().sorted
    {
      let (a, b) = (search.cost($0.element), search.cost($1.element))
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
    summary.visited = order.map { point($0, in: search) }
    Self.markFrontier(
      &summary.visited, isAbove: search.laboratory.judges.first?.isAbove ?? true)
    guard let best = search.best else {
      if let nearest = search.nearest {
        summary.nearest = order.firstIndex(of: nearest)
        summary.nearestClaims = retest(
          search.laboratory.trials(nearest), search.laboratory.judges)
      }
      return summary
    }
    summary.chosen = order.firstIndex(of: best)
    summary.selection = search.selection
    let rivals = order.indices.filter { index in
      order[index] != best && [.holds, .dearer].contains(search.standings[order[index]])
    }
    // One that was given up early looks cheaper or dearer than it is; pairs are fair.
    summary.runnerUp = rivals.min {
      search.difference(order[$0], best).estimate < search.difference(order[$1], best).estimate
    }
    summary.runnerUpMore = summary.runnerUp.map { search.difference(order[$0], best) }
    return summary
  }

  private func point(_ point: [Int], in search: PlanSearch) -> PlanSummary.Point {
    let trials = search.laboratory.trials(point)
    let fixed = search.laboratory.calendar.fixedCost(point)
    var found = PlanSummary.Point()
    found.values = search.names(point)
    found.fixed = fixed
    found.cost = search.cost(point)
    let interval = ConfidenceInterval.mean(of: trials.map { $0.running + fixed })
    found.low = interval?.low
    found.high = interval?.high
    found.replications = trials.count
    found.met = search.share(point)
    let measures = trials.compactMap { $0.value.first ?? nil }
    found.measure = measures.count == trials.count ? Tally(measures).mean : nil
    found.standing = search.standings[point] ?? .undecided
    return found
  }

  /// Marks those of points, the cheapest first, whose measure is better than that of all cheaper.
  private static func markFrontier(_ points: inout [PlanSummary.Point], isAbove: Bool) {
    var best: Double?
    for index in points.indices {
      guard let measure = points[index].measure else { continue }
      if let best, isAbove ? measure <= best : measure >= best { continue }
      best = measure
      points[index].isOnFrontier = true
    }
  }

  private static func describe(_ lever: Plan.Lever) -> PlanSummary.Lever {
    var price = lever.price.map { "\($0) each" } ?? ""
    if !lever.prices.isEmpty { price = lever.prices.map(\.description).joined(separator: ", ") }
    if price.isEmpty { price = "as the scenario says" }
    return PlanSummary.Lever(
      path: lever.path, values: lever.values.count, price: price,
      leadTime: lever.leadTime > .zero ? lever.leadTime.formatted : "")
  }

  static func plain(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
