import Experiments
import Foundation
import Statistics

/// Sweeps as text.
enum SweepText {
  /// A table per response, or of one alone: means, and differences from the first point; and which
  /// point is the best by what was asked.
  static func report(
    _ results: SweepResults, _ only: String?, _ asked: [SweepPlan.Ranking]
  ) -> String {
    let plan = results.plan
    var lines = [
      "\(plan.experiment) · \(plan.points.count) points · \(plan.replications) replications each"
        + (plan.windows > 1 ? " over \(plan.windows) windows of a trace" : "") + ","
        + " on the same luck · seed \(plan.seed)"
    ]
    if results.isPartial {
      lines.append("PARTIAL: \(results.runs) of \(plan.runs) runs; some shards are missing")
    }
    let table = only == nil ? SweepTable.lines(results) : []
    if !table.isEmpty { lines += [""] + table }
    let rankings = plan.responses.indices.compactMap { response in
      only ?? plan.responses[response] == plan.responses[response]
        ? SweepTable.ranking(results, response) : nil
    }
    if !rankings.isEmpty { lines += [""] + rankings.map { "  " + $0 } }
    let selections = asked.filter { only ?? $0.response == $0.response }.compactMap(results.best)
    if !selections.isEmpty {
      lines += [""] + selections.map { "  " + SweepTable.selection($0, results) }
    }
    for (response, name) in plan.responses.enumerated() where only == nil || only == name {
      let effects = results.effects(of: response)
      guard effects.contains(where: { $0.n > 0 }) else { continue }
      lines += ["", SweepTable.header(of: response, plan)]
      for effect in ranked(effects, name, only) {
        lines.append("  " + line(effect) + "  \(plan.label(effect.point))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The points in the order of their means where one response is ranked.
  private static func ranked(
    _ effects: [SweepResults.Effect], _ name: String, _ only: String?
  ) -> [SweepResults.Effect] {
    guard only == name, let higher = SweepResults.isHigherBetter(name) else { return effects }
    func rank(_ effect: SweepResults.Effect) -> Double {
      guard let mean = effect.mean?.estimate else { return .infinity }
      return higher ? -mean : mean
    }
    return effects.sorted { (rank($0), $0.point) < (rank($1), $1.point) }
  }

  private static func line(_ effect: SweepResults.Effect) -> String {
    let mean = effect.mean.map { "\(short($0.estimate)) [\(short($0.low)), \(short($0.high))]" }
    var text = (mean ?? "–").padding(toLength: 34, withPad: " ", startingAt: 0)
    guard let comparison = effect.comparison else { return text + " base" }
    let d = comparison.difference
    text += " \(short(d.estimate)) [\(short(d.low)), \(short(d.high))]"
    // Without any spread no test says more than the difference itself.
    guard d.low < d.high else {
      return text + (d.estimate == 0 ? " the same in every pair" : " just that in every pair")
    }
    if let p = effect.adjusted { text += " p = \(short(p))" }
    if let p = effect.wilcoxon { text += ", Wilcoxon \(short(p))" }
    if let gain = comparison.varianceReduction, gain >= 0.005 {
      text += ", pairing saves \(Int((gain * 100).rounded())) % of the variance"
    }
    return text
  }

  private static func short(_ value: Double) -> String { String(format: "%.5g", value) }
}
