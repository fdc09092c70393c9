import Foundation
import Statistics

/// The values of a sweep, point by point.
public struct SweepResults: Sendable {
  /// The plan.
  public let plan: SweepPlan
  /// Per response, per point: the values of its replications by their numbers.
  private let values: [[[Double?]]]

  /// Reads the results of a folder.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)``, and what the file system throws.
  public init(folder: String) throws {
    plan = try SweepFolder.plan(in: folder)
    let file = folder + "/results.csv"
    let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    var values = [[[Double?]]](
      repeating: [[Double?]](
        repeating: [Double?](repeating: nil, count: plan.replications), count: plan.points.count),
      count: plan.responses.count)
    for (index, line) in text.split(separator: "\n").dropFirst().enumerated() {
      guard let row = SweepFile.Row(line, responses: plan.responses.count),
        plan.points.indices.contains(row.point), (0..<plan.replications).contains(row.replication)
      else { throw SweepError.unusable(file: file, reason: "is damaged: line \(index + 2)") }
      for (response, value) in row.values.enumerated() {
        values[response][row.point][row.replication] = value
      }
    }
    self.values = values
  }

  /// The replications of a response at a point; nil where it doesn't exist.
  public func replications(_ response: Int, at point: Int) -> [Double?] { values[response][point] }

  /// Whether more of a response is better; nil where neither is.
  public static func isHigherBetter(_ response: String) -> Bool? {
    if response.hasPrefix("claim:") { return true }
    if response.hasPrefix("gapToClairvoyant") { return false }
    switch response {
    case "sustained", "bestMinute", "worstMinute", "plateau", "ready", "serviceCapacity":
      return true
    case "absorb", "startP95", "cost", "refusals", "pulledBytes", "sloMinutes", "shortMinutes",
      "shortPodMinutes", "sparePodMinutes", "latencyP50", "latencyP95", "latencyP99", "errorShare":
      return false
    default: return nil
    }
  }

  /// A point's response, and how it differs from the base's on the same luck.
  public struct Effect: Sendable {
    /// The point.
    public var point: Int
    /// How many replications have a value.
    public var n: Int
    /// The mean with its interval; nil below two values.
    public var mean: ConfidenceInterval?
    /// The paired difference from the first point; nil for that itself.
    public var comparison: MeanComparison?
    /// The two-sided p-value of Wilcoxon's test, for skewed responses.
    public var wilcoxon: Double?
    /// The comparison's p-value, corrected by Holm for all points.
    public var adjusted: Double?
  }

  /// The effects of a response, point by point.
  public func effects(of response: Int, confidence: Double = 0.95) -> [Effect] {
    var effects: [Effect] = plan.points.indices.map { point in
      let own = values[response][point]
      let present = own.compactMap { $0 }
      var effect = Effect(point: point, n: present.count)
      effect.mean = ConfidenceInterval.mean(of: present, confidence: confidence)
      guard point > 0 else { return effect }
      let pairs = zip(own, values[response][0]).compactMap { a, b in
        a.flatMap { a in b.map { (a, $0) } }
      }
      let (a, b) = (pairs.map(\.0), pairs.map(\.1))
      effect.comparison = MeanComparison.paired(a, b, confidence: confidence)
      effect.wilcoxon = RankTests.wilcoxon(a, b).p
      return effect
    }
    let compared = effects.indices.filter { effects[$0].comparison != nil }
    let adjusted = MultipleComparison.holm(compared.compactMap { effects[$0].comparison?.p })
    for (index, p) in zip(compared, adjusted) { effects[index].adjusted = p }
    return effects
  }

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
  /// - Returns: nil below two points or two replications, for a response of which neither more nor
  ///   less is better, or one that doesn't always exist.
  public func ranking(of response: Int, risk: Double = 0.05) -> Ranking? {
    guard plan.points.count >= 2, plan.replications >= 2,
      let higher = Self.isHigherBetter(plan.responses[response])
    else { return nil }
    let present = values[response].map { $0.compactMap { $0 } }
    guard present.allSatisfy({ $0.count == plan.replications }) else { return nil }
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

  /// The best point of a response by Kim and Nelson's procedure over the recorded replications.
  ///
  /// - Returns: nil below two points or ten replications, for a response of which neither more nor
  ///   less is better, or one that doesn't always exist.
  public func best(
    of response: Int, indifference: Double, risk: Double = 0.05
  ) -> KimNelson.Selection? {
    let pilot = 10
    guard plan.points.count >= 2, plan.replications >= pilot, indifference > 0,
      let higher = Self.isHigherBetter(plan.responses[response]),
      values[response].joined().allSatisfy({ $0 != nil })
    else { return nil }
    let sign: Double = higher ? -1 : 1
    return KimNelson(pilot: pilot, indifference: indifference, risk: risk).selectSmallest(
      of: plan.points.count, most: plan.replications
    ) { sign * (values[response][$0][$1] ?? 0) }
  }
}

/// What a new version's sweep is, compared with a base's on the same luck.
public struct BaselineComparison: Sendable {
  /// A response at a point.
  public struct Entry: Sendable {
    /// The point.
    public var point: Int
    /// The response.
    public var response: String
    /// The base's mean over the pairs; nil without pairs.
    public var base: Double?
    /// The paired difference, new less base; nil below two pairs.
    public var comparison: MeanComparison?
    /// The p-value corrected by Holm over all entries.
    public var adjusted: Double?
    /// Replications in which the value exists on one side only.
    public var onlyInBase: Int
    /// Whether any value differs at all.
    public var differs: Bool
    /// Whether the new one is worse: proved, by more than the tolerance, in the bad direction; or
    /// a value no longer exists.
    public var isRegression = false
  }
  /// All of them, point by point.
  public var entries: [Entry] = []

  /// Compares two sweeps of the same points, seed and responses.
  ///
  /// - Parameters:
  ///   - alpha: the risk of a false alarm over all entries.
  ///   - tolerance: a relative difference that doesn't matter.
  ///   - exact: whether any difference at all is a regression.
  /// - Throws: ``SweepError/unusable(file:reason:)`` for sweeps that can't be paired.
  public init(
    base: SweepResults, new: SweepResults, alpha: Double = 0.05, tolerance: Double = 0.01,
    exact: Bool = false
  ) throws(SweepError) {
    guard base.plan.points == new.plan.points, base.plan.seed == new.plan.seed,
      base.plan.replications == new.plan.replications, base.plan.responses == new.plan.responses
    else {
      throw .unusable(
        file: "the new results", reason: "have other points, seed, replications or responses")
    }
    for point in base.plan.points.indices {
      for (response, name) in base.plan.responses.enumerated() {
        entries.append(
          Self.entry(
            point, name, base.replications(response, at: point),
            new.replications(response, at: point)))
      }
    }
    let compared = entries.indices.filter { entries[$0].comparison != nil }
    let adjusted = MultipleComparison.holm(compared.compactMap { entries[$0].comparison?.p })
    for (index, p) in zip(compared, adjusted) { entries[index].adjusted = p }
    for index in entries.indices {
      entries[index].isRegression =
        exact ? entries[index].differs : entries[index].isWorse(alpha, tolerance)
    }
  }

  private static func entry(
    _ point: Int, _ name: String, _ base: [Double?], _ new: [Double?]
  ) -> Entry {
    let pairs = zip(new, base).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    return Entry(
      point: point, response: name, base: Tally(pairs.map(\.1)).mean,
      comparison: MeanComparison.paired(pairs.map(\.0), pairs.map(\.1)),
      onlyInBase: zip(new, base).count { $0 == nil && $1 != nil }, differs: new != base)
  }
}

extension BaselineComparison.Entry {
  fileprivate func isWorse(_ alpha: Double, _ tolerance: Double) -> Bool {
    guard let isHigherBetter = SweepResults.isHigherBetter(response) else { return false }
    if onlyInBase > 0 { return true }
    guard let comparison, let base, let adjusted, adjusted < alpha else { return false }
    let difference = comparison.difference.estimate
    let isBad = isHigherBetter ? difference < 0 : difference > 0
    return isBad && abs(difference) > tolerance * abs(base)
  }
}
