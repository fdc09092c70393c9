import Foundation
import Statistics

/// The values of a sweep, point by point.
public struct SweepResults: Sendable {
  /// The plan.
  public let plan: SweepPlan
  /// Per response, per point: the values of its replications by their numbers, or the averages of
  /// its windows.
  let values: [[[Double?]]]

  /// Runs whose values are there.
  public let runs: Int

  /// Whether values are missing, as after a merge of some of the shards.
  public var isPartial: Bool { runs < plan.runs }

  /// Reads the results in a sweep's folder, or those of a run, which are a sweep's of one point.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)``, and what the file system throws.
  public init(folder: String) throws {
    let isRun =
      !FileManager.default.fileExists(atPath: folder + "/plan.json")
      && FileManager.default.fileExists(atPath: folder + "/summary.json")
    if isRun {
      let run = try RunRecord(folder: folder)
      self.init(plan: run.plan, rows: run.rows)
      return
    }
    let plan = try SweepFolder.plan(in: folder)
    let file = folder + "/results.csv"
    guard FileManager.default.fileExists(atPath: file) else {
      throw SweepError.unusable(
        file: file, reason: "isn't there yet; put the shards together by spillway merge \(folder)")
    }
    let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    let header = (["point", "replication"] + plan.responses).joined(separator: ",")
    var lines = text.split(separator: "\n")[...]
    guard lines.popFirst().map({ $0 == header }) ?? false else {
      throw SweepError.unusable(file: file, reason: "is of another plan: its header differs")
    }
    var rows: [SweepFile.Row] = []
    for (index, line) in lines.enumerated() {
      guard let row = SweepFile.Row(line, responses: plan.responses.count),
        plan.points.indices.contains(row.point), (0..<plan.replications).contains(row.replication)
      else { throw SweepError.unusable(file: file, reason: "is damaged: line \(index + 2)") }
      rows.append(row)
    }
    self.init(plan: plan, rows: rows)
  }

  private init(plan: SweepPlan, rows: [SweepFile.Row]) {
    self.plan = plan
    runs = rows.count
    var values = [[[Double?]]](
      repeating: [[Double?]](
        repeating: [Double?](repeating: nil, count: plan.replications), count: plan.points.count),
      count: plan.responses.count)
    for row in rows {
      for (response, value) in row.values.enumerated() {
        values[response][row.point][row.replication] = value
      }
    }
    let windows = plan.windows
    self.values =
      windows == 1
      ? values
      : values.map { points in
        points.map { Self.averages($0, windows: windows) }
      }
  }

  /// Averages over the replications of each window; nil where a value is missing.
  private static func averages(_ values: [Double?], windows: Int) -> [Double?] {
    guard let blocks = try? Blocks(replications: values.count, windows: windows) else { return [] }
    return blocks.averages(values)
  }

  /// The replications of a response at a point, or its windows' averages; nil where it doesn't
  /// exist.
  public func replications(_ response: Int, at point: Int) -> [Double?] { values[response][point] }

  /// Whether more of a response is better; nil where neither is.
  public static func isHigherBetter(_ response: String) -> Bool? {
    if response.hasPrefix("claim:") { return true }
    if response.hasPrefix("gapToClairvoyant") { return false }
    // What stands behind a slash is the name of what was measured.
    switch response.split(separator: "/").first ?? "" {
    case "sustained", "bestMinute", "worstMinute", "plateau", "ready", "serviceCapacity",
      "batchCompleted", "batchUtilisation":
      return true
    case "absorb", "startP95", "cost", "costCash", "costAmortised", "costPerJob",
      "refusals", "pulledBytes", "sloMinutes", "latencyP50",
      "batchWait", "batchTurnaround", "batchSlowdown", "batchMakespan", "latencyP95", "latencyP99",
      "errorShare",
      "shortMinutes", "shortPodMinutes", "sparePodMinutes", "lateJobs":
      return false
    default: return nil
    }
  }

  /// A point's response, and how it differs from the base's on the same luck.
  public struct Effect: Sendable {
    /// The point.
    public var point: Int
    /// How many replications, or windows, have a value.
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
      effect.mean = ConfidenceInterval.reportedMean(of: present, confidence: confidence)
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
}
