import Statistics

extension PlanSearch {
  /// How many times as many replications as decide about claims may decide about costs.
  static let patience = 8

  /// Makes sure that the best is the cheapest of those that hold, but for a difference that doesn't
  /// matter: Kim and Nelson's procedure over those that hold or were given up as dearer.
  ///
  /// Nothing happens where costs don't depend on luck.
  mutating func makeSure(_ indifference: Double, confidence: Double) async throws {
    var finalists = visited.filter { [.holds, .dearer].contains(standings[$0]) }
    guard finalists.contains(where: { laboratory.trials($0).first?.hasChance ?? false }) else {
      return
    }
    while finalists.count > 1 {
      let procedure = KimNelson(
        pilot: Self.glance, indifference: indifference, risk: 1 - confidence)
      let found = try await selected(of: finalists, by: procedure)
      let chosen = finalists[found.best]
      // One that was given up as dearer wasn't seen to hold.
      if standings[chosen] == .dearer { try await complete(chosen) }
      guard standings[chosen] == .holds else {
        finalists.remove(at: found.best)
        continue
      }
      best = chosen
      let dropped = found.eliminations.flatMap(\.systems)
      let left = finalists.indices.filter { $0 != found.best && !dropped.contains($0) }
      selection = PlanSummary.Selection(
        indifference: indifference, confidence: confidence, isDecided: found.isDecided,
        replications: found.observations, rivals: left.map { names(finalists[$0]) })
      return
    }
  }

  /// The cheapest of some points; those that can still be it get more and more replications.
  private mutating func selected(
    of points: [[Int]], by procedure: KimNelson
  ) async throws -> KimNelson.Selection {
    let fixed = points.map { laboratory.calendar.fixedCost($0) }
    var open = Array(points.indices)
    var count = max(Self.glance, self.count)
    while true {
      try await laboratory.extend(open.map { points[$0] }, to: count)
      let trials = points.map { laboratory.trials($0) }
      let found = procedure.selectSmallest(of: points.count, most: count) { point, number in
        // A single trial without chance stands for any number of equal ones.
        fixed[point] + trials[point][min(number, trials[point].count - 1)].running
      }
      if found.isDecided || count >= Self.patience * self.count { return found }
      let dropped = found.eliminations.flatMap(\.systems)
      open = points.indices.filter { !dropped.contains($0) }
      count = min(2 * count, Self.patience * self.count)
    }
  }
}
