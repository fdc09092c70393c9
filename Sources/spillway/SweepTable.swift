import Experiments
import Foundation
import Statistics

/// A sweep as one table, and who is better than whom.
enum SweepTable {
  /// A row per point, a column per response: means with their 95 % intervals.
  static func lines(_ results: SweepResults) -> [String] {
    let plan = results.plan
    guard plan.points.count > 1 else { return [] }
    let effects = plan.responses.indices.map { results.effects(of: $0) }
    let shown = plan.responses.indices.filter { index in effects[index].contains { $0.n > 0 } }
    guard !shown.isEmpty, shown.count <= mostColumns else { return [] }
    var rows = [[name(of: plan)] + shown.map { plan.responses[$0] }]
    for point in plan.points.indices {
      rows.append([label(of: point, plan)] + shown.map { cell(effects[$0][point]) })
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      return "  " + cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
  }

  /// A response's points from the best to the worst: `<` stands where the next one is proved to be
  /// worse, `≈` where these replications don't tell.
  static func ranking(_ results: SweepResults, _ response: Int) -> String? {
    guard let ranking = results.ranking(of: response) else { return nil }
    var text = label(of: ranking.points[0], results.plan)
    for (point, isWorse) in zip(ranking.points.dropFirst(), ranking.isProved) {
      text += (isWorse ? " < " : " ≈ ") + label(of: point, results.plan)
    }
    return "\(results.plan.responses[response]), best first: \(text)"
  }

  /// More columns than this fit on no screen.
  private static let mostColumns = 8

  private static func cell(_ effect: SweepResults.Effect) -> String {
    guard let mean = effect.mean else { return "–" }
    func short(_ value: Double) -> String { String(format: "%.4g", value) }
    return "\(short(mean.estimate)) [\(short(mean.low)), \(short(mean.high))]"
  }

  /// The factor, where there is one: values then need no path.
  private static func name(of plan: SweepPlan) -> String {
    plan.points[0].count == 1 ? plan.points[0][0].path : "point"
  }

  private static func label(of point: Int, _ plan: SweepPlan) -> String {
    plan.points[point].count == 1 ? plan.points[point][0].value : plan.label(point)
  }
}
