import Statistics

extension SweepResults {
  /// The points of a response from the best to the worst.
  public struct Ranking: Hashable, Sendable {
    /// The points, best mean first.
    public var points: [Int]
    /// For each but the last whether the next one is proved to be worse.
    public var isProved: [Bool]
  }

  /// Ranks the points of a response by their means on the same luck.
  ///
  /// Every pair is compared by the paired t-test, and the p-values are corrected by Holm for all
  /// pairs, since which of them are neighbours shows only in the data.
  /// - Returns: nil below two points or two replications or windows, for a response of which neither more nor
  ///   less is better, or one that doesn't always exist.
  public func ranking(of response: Int, risk: Double = 0.05) -> Ranking? {
    guard plan.points.count >= 2, (values[response].first?.count ?? 0) >= 2,
      let higher = Self.isHigherBetter(plan.responses[response]),
      values[response].joined().allSatisfy({ $0 != nil })
    else { return nil }
    let present = values[response].map { $0.compactMap { $0 } }
    let means = present.map { Tally($0).mean ?? 0 }
    let points = plan.points.indices.sorted { a, b in
      means[a] == means[b] ? a < b : (means[a] < means[b]) != higher
    }
    var p: [Double] = []
    var neighbours: [Int] = []
    for first in points.indices {
      for second in points.indices.dropFirst(first + 1) {
        if second == first + 1 { neighbours.append(p.count) }
        let (a, b) = (present[points[first]], present[points[second]])
        // Values that differ by the same in every replication leave the test without a spread.
        let isConstant = Set(zip(a, b).map { $0 - $1 }).count == 1
        let test = isConstant ? nil : MeanComparison.paired(a, b)?.p
        p.append(test ?? (a == b ? 1 : 0))
      }
    }
    let adjusted = MultipleComparison.holm(p)
    return Ranking(points: points, isProved: neighbours.map { adjusted[$0] < risk })
  }

  /// Which point is the best, at a stated confidence.
  public struct Selection: Sendable {
    /// What was asked.
    public var asked: SweepPlan.Ranking
    /// What Kim and Nelson's procedure answers.
    public var outcome: KimNelson.Selection
    /// The points that weren't dropped.
    public var left: [Int]
    /// How further replications are best divided over ``left``, or where that is one alone over
    /// all points, as shares that add up to 1; empty where that can't be told.
    public var allocation: [Double] = []
    /// The points that further replications are divided over.
    public var open: [Int] { left.count > 1 ? left : Array(0..<count) }
    /// The other points whose means are within the indifference zone of the best one's.
    public var equals: [Int] = []
    /// How many points there are.
    var count: Int
  }

  /// Observations of each point before the first comparison.
  private static let pilot = 10

  /// The best point by a response, by Kim and Nelson's procedure over the recorded replications (or
  /// windows): a point stays while it can still be the best by more than the indifference zone.
  ///
  /// Chen's rule (OCBA) tells how further ones are best divided; it takes
  /// points as independent, so that common luck makes it ask for more than is needed.
  ///
  /// - Returns: nil below two points or ten replications, for a response of which neither more nor
  ///   less is better, or one that doesn't always exist.
  public func best(_ asked: SweepPlan.Ranking) -> Selection? {
    guard let response = plan.responses.firstIndex(of: asked.response) else { return nil }
    let trials = values[response].first?.count ?? 0
    guard plan.points.count >= 2, trials >= Self.pilot, asked.indifference > 0,
      let higher = Self.isHigherBetter(asked.response),
      values[response].joined().allSatisfy({ $0 != nil })
    else { return nil }
    let sign: Double = higher ? -1 : 1
    let own = values[response].map { point in point.map { sign * ($0 ?? 0) } }
    let outcome = KimNelson(
      pilot: Self.pilot, indifference: asked.indifference, risk: 1 - asked.confidence
    ).selectSmallest(of: own.count, most: trials) { own[$0][$1] }
    let dropped = outcome.eliminations.flatMap(\.systems)
    var selection = Selection(
      asked: asked, outcome: outcome, left: own.indices.filter { !dropped.contains($0) },
      count: own.count)
    let means = own.map { Tally($0).mean ?? 0 }
    selection.equals = own.indices.filter {
      $0 != outcome.best && abs(means[$0] - means[outcome.best]) <= asked.indifference
    }
    let tallies = selection.open.map { Tally(own[$0]) }
    selection.allocation =
      BudgetAllocation(
        means: tallies.map { $0.mean ?? 0 },
        deviations: tallies.map { $0.standardDeviation ?? 0 }, budget: 1,
        indifference: asked.indifference)?.replications ?? []
    return selection
  }
}
