import CloudSimulation
import Statistics

/// Looks for the cheapest combination of a plan's levers that meets its claims.
///
/// Combinations race on the same luck: each gets more replications only while it can still hold and
/// still be the cheapest. What the levers alone cost is known without a run and bounds what a
/// combination costs from below, so that whatever costs more than the best is never run.
struct PlanSearch: Sendable {
  var laboratory: PlanLaboratory
  /// How many replications decide about a combination.
  let count: Int
  private(set) var standings: [[Int]: PlanSummary.Standing] = [:]  // look-up by point
  /// How sure the cheapest is the cheapest, if that was asked.
  var selection: PlanSummary.Selection?
  /// All that were run, in that order.
  private(set) var visited: [[Int]] = []
  /// The cheapest that holds.
  var best: [Int]?

  /// Combinations that race at the same time: a number that doesn't depend on the workers.
  static let heat = 6
  /// Replications after which a race looks for the first time.
  static let glance = 8
  /// The confidence at which one is given up as dearer than the best.
  private static let confidence = 0.99

  private var plan: Plan { laboratory.plan }

  init(_ laboratory: PlanLaboratory, count: Int) {
    self.laboratory = laboratory
    self.count = count
  }

  /// How many combinations there are.
  static func combinations(_ plan: Plan) -> Int {
    plan.levers.reduce(1) { product, lever in
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: lever.values.count)
      return isTooLarge ? Int.max : next
    }
  }

  /// Whether every combination is looked at or ruled out.
  var isExhaustive: Bool { Self.combinations(plan) <= plan.points }

  /// Searches, beginning with what is known already.
  mutating func run() async throws {
    if isExhaustive { try await lookAtAll() } else { try await climb() }
  }

  /// The mean cost of a point over its trials, the levers' prices included.
  func cost(_ point: [Int]) -> Double {
    laboratory.calendar.fixedCost(point)
      + (Tally(laboratory.trials(point).map(\.running)).mean ?? 0)
  }

  /// The first replication that no combination was run with.
  var unseen: Int { visited.map { laboratory.trials($0).count }.reduce(count, max) }

  // MARK: All of them

  /// Every combination, those first that lie evenly over the range of prices, so that a good one is
  /// known soon.
  private mutating func lookAtAll() async throws {
    let calendar = laboratory.calendar
    var left = allPoints().map { (point: $0, fixed: calendar.fixedCost($0)) }.enumerated().sorted {
      ($0.element.fixed, $0.offset) < ($1.element.fixed, $1.offset)
    }.map(\.element)
    while !left.isEmpty {
      let last = left.count - 1
      var heat: [Int] = []
      for step in 0..<min(Self.heat, left.count) {
        let place = last * step / max(1, min(Self.heat, left.count) - 1)
        if heat.last != place { heat.append(place) }
      }
      try await race(heat.map { left[$0].point })
      for place in heat.reversed() { left.remove(at: place) }
      left.removeAll { isRuledOut($0.point) }
    }
  }

  private func allPoints() -> [[Int]] {
    plan.levers.reduce([[]]) { points, lever in
      points.flatMap { point in lever.values.indices.map { point + [$0] } }
    }
  }

  /// Whether a point needn't be run: its levers alone cost more than the best, or one that failed
  /// has at least as much of everything that only helps, and the same of the rest.
  private func isRuledOut(_ point: [Int]) -> Bool {
    if let best, laboratory.calendar.fixedCost(point) >= cost(best) { return true }
    guard plan.levers.contains(where: { $0.more == .helps }) else { return false }
    return visited.contains { other in
      standings[other] == .fails
        && plan.levers.indices.allSatisfy { index in
          plan.levers[index].more == .helps
            ? point[index] <= other[index] : point[index] == other[index]
        }
    }
  }

  // MARK: A race

  /// Runs points on the same luck, look by look, and notes how each stands.
  private mutating func race(_ points: [[Int]]) async throws {
    var open: [[Int]] = []
    for point in points where standings[point] == nil {
      standings[point] = .undecided
      visited.append(point)
      open.append(point)
    }
    var look = min(Self.glance, count)
    while !open.isEmpty {
      try await laboratory.extend(open, to: look)
      open = open.filter { point in
        if let standing = settled(point) {
          standings[point] = standing
          return false
        }
        return true
      }
      if look >= count { break }
      look = min(2 * look, count)
    }
    for point in points where standings[point] == .holds {
      if let known = best, cost(known) <= cost(point) { continue }
      best = point
    }
  }

  /// How a point stands if its trials settle that; nil if more are needed.
  private func settled(_ point: [Int]) -> PlanSummary.Standing? {
    let trials = laboratory.trials(point)
    guard let first = trials.first else { return nil }
    let hasChance = first.hasChance
    let of = hasChance ? max(count, trials.count) : 1
    for (index, judge) in laboratory.judges.enumerated() {
      let met = trials.count { $0.met[index] }
      let most = met + of - min(of, trials.count)
      let canHold =
        hasChance ? judge.test.verdict(met: most, of: of) == .holds : most == of
      if !canHold { return .fails }
    }
    if let best, best != point, isDearer(point, than: best) { return .dearer }
    return trials.count >= of ? .holds : nil
  }

  /// Whether a point is shown to cost more than another, replication by replication.
  private func isDearer(_ point: [Int], than other: [Int]) -> Bool {
    let more = difference(point, other, confidence: Self.confidence)
    return (more.low ?? more.estimate) > 0
  }

  /// What a point costs more than another on the same luck.
  func difference(
    _ point: [Int], _ other: [Int], confidence: Double = 0.95
  ) -> PlanSummary.Difference {
    let calendar = laboratory.calendar
    let fixed = calendar.fixedCost(point) - calendar.fixedCost(other)
    let (own, base) = (laboratory.trials(point), laboratory.trials(other))
    // A single trial without chance stands for any number of equal ones.
    func isConstant(_ trials: [PlanTrial]) -> Bool { trials.first.map { !$0.hasChance } ?? false }
    let pairs =
      isConstant(own) ? base.count : isConstant(base) ? own.count : min(own.count, base.count)
    let differences = (0..<pairs).map { index in
      fixed + own[min(index, own.count - 1)].running - base[min(index, base.count - 1)].running
    }
    let interval = ConfidenceInterval.mean(of: differences, confidence: confidence)
    return PlanSummary.Difference(
      estimate: Tally(differences).mean ?? fixed, low: interval?.low, high: interval?.high)
  }

  /// Gives a point all its replications, whatever the race made of it.
  mutating func complete(_ point: [Int]) async throws {
    if standings[point] == nil { visited.append(point) }
    try await laboratory.extend([point], to: count)
    let known = best
    best = nil
    standings[point] = settled(point) ?? .undecided
    best = known
  }

  // MARK: A search among too many

  /// From the corners and the middle, step by step to the best neighbour, in steps that get
  /// smaller; in the end also one less of one lever for one more of another.
  private mutating func climb() async throws {
    let tops = plan.levers.map { $0.values.count - 1 }
    try await race([tops.map { _ in 0 }, tops.map { $0 / 2 }, tops])
    guard var place = ranked(visited).first else { return }
    var steps = tops.map { max(1, ($0 + 1) / 4) }
    while visited.count < plan.points {
      var neighbours = self.neighbours(of: place, steps, tops)
      let isFinest = steps.allSatisfy { $0 == 1 }
      if isFinest { neighbours += exchanges(at: place, tops) }
      neighbours = neighbours.filter { standings[$0] == nil && !isRuledOut($0) }
      let room = plan.points - visited.count
      for begin in stride(from: 0, to: min(neighbours.count, room), by: Self.heat) {
        let end = min(begin + Self.heat, neighbours.count, room)
        try await race(Array(neighbours[begin..<end]))
      }
      guard let next = ranked(visited).first else { return }
      if next != place {
        place = next
      } else if isFinest {
        return
      } else {
        steps = steps.map { max(1, $0 / 2) }
      }
    }
  }

  /// Points from the best to the worst: those that hold by cost, then the others by how often they
  /// meet the claims.
  private func ranked(_ points: [[Int]]) -> [[Int]] {
    func rank(_ point: [Int]) -> (Int, Double, Double) {
      if standings[point] == .holds { return (0, cost(point), 0) }
      return (1, -share(point), cost(point))
    }
    return points.enumerated().sorted {
      let (a, b) = (rank($0.element), rank($1.element))
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
  }

  /// The share of a point's trials that meet all claims.
  func share(_ point: [Int]) -> Double {
    let trials = laboratory.trials(point)
    guard !trials.isEmpty else { return 0 }
    return Double(trials.count { $0.met.allSatisfy { $0 } }) / Double(trials.count)
  }

  /// Of those that were run, the one that met all claims most often; of equal ones the one that
  /// misses them by least, each in parts of its threshold, and then the cheapest.
  var nearest: [Int]? {
    visited.filter { !laboratory.trials($0).isEmpty }.map {
      (point: $0, rank: (-share($0), shortfall($0), cost($0)))
    }.min { $0.rank < $1.rank }?.point
  }

  /// By how much a point's means miss the claims' thresholds, in parts of these, added up; a value
  /// that doesn't exist misses by all of it and as much again.
  private func shortfall(_ point: [Int]) -> Double {
    let trials = laboratory.trials(point)
    return laboratory.judges.enumerated().reduce(0) { sum, one in
      let (index, judge) = one
      let misses = trials.map { trial in
        guard let value = trial.value[index] else { return 2.0 }
        let gap = judge.isAbove ? judge.threshold - value : value - judge.threshold
        return max(0, gap) / max(abs(judge.threshold), 1e-9)
      }
      return sum + (Tally(misses).mean ?? 0)
    }
  }

  private func neighbours(of place: [Int], _ steps: [Int], _ tops: [Int]) -> [[Int]] {
    place.indices.flatMap { index in
      [-steps[index], steps[index]].compactMap { step in
        var next = place
        next[index] = min(max(0, place[index] + step), tops[index])
        return next == place ? nil : next
      }
    }
  }

  private func exchanges(at place: [Int], _ tops: [Int]) -> [[Int]] {
    var found: [[Int]] = []
    for less in place.indices where place[less] > 0 {
      for more in place.indices where more != less && place[more] < tops[more] {
        var next = place
        next[less] -= 1
        next[more] += 1
        found.append(next)
      }
    }
    return found
  }

  /// New trials of a point on luck that the search doesn't use.
  mutating func fresh(_ point: [Int], _ replications: Range<Int>) async throws -> [PlanTrial] {
    try await laboratory.fresh(point, replications)
  }

  /// A point's values as they are written.
  func names(_ point: [Int]) -> [String] { zip(plan.levers, point).map { $0.values[$1] } }
}
