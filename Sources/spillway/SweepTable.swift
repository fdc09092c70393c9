import Experiments
import Foundation
import Reporting
import Statistics

extension Answer {
  /// A sweep's results, of all responses or of one.
  init(_ results: SweepResults, _ only: String?, _ rankings: [SweepPlan.Ranking]) {
    self.init(
      text: SweepText.report(results, only, rankings),
      json: SweepJSON.report(results, only, rankings).rendered(),
      table: SweepTable.rows(results, only))
  }
}

extension SweepSummary {
  /// What a sweep's page shows of its results.
  init(_ results: SweepResults, _ rankings: [SweepPlan.Ranking]) {
    let plan = results.plan
    var responses: [Response] = []
    for (index, name) in plan.responses.enumerated() {
      let effects = results.effects(of: index)
      guard effects.contains(where: { $0.n > 0 }) else { continue }
      let rows = effects.map { effect in
        Row(
          point: SweepTable.shortLabel(of: effect.point, plan), n: effect.n, mean: effect.mean,
          difference: effect.comparison?.difference, p: effect.adjusted)
      }
      responses.append(
        Response(
          name: name, isHigherBetter: SweepResults.isHigherBetter(name),
          ranking: SweepTable.ranking(results, index, label: SweepTable.shortLabel),
          selections: rankings.filter { $0.response == name }.compactMap(results.best).map {
            SweepTable.selection($0, results, label: SweepTable.shortLabel)
          }, rows: rows))
    }
    var facts = [
      "scenario \(plan.scenario)", "\(plan.points.count) points",
      "\(plan.replications) replications each", "seed \(plan.seed)",
    ]
    if plan.windows > 1 { facts.append("\(plan.windows) windows of a trace") }
    self.init(
      title: plan.experiment, facts: facts, isPartial: results.isPartial, responses: responses,
      version: plan.version, digest: plan.digest)
  }
}

/// A sweep as one table, and who is better than whom.
enum SweepTable {
  /// A row per point, a column per response: means with their 95 % intervals.
  static func lines(_ results: SweepResults) -> [String] {
    let plan = results.plan
    guard plan.points.count > 1 else { return [] }
    let effects = plan.responses.indices.map { results.effects(of: $0) }
    let shown = plan.responses.indices.filter { index in effects[index].contains { $0.n > 0 } }
    guard !shown.isEmpty, shown.count <= mostColumns else { return [] }
    var rows = [[name(of: plan)] + shown.map { header(of: $0, plan) }]
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

  /// A row per point and response, with what `-o json` says of them.
  static func rows(_ results: SweepResults, _ only: String?) -> ResultTable {
    let plan = results.plan
    var table = ResultTable(
      "effects",
      columns: [.init("point", kind: .text), .init("response", kind: .text)]
        + ["mean", "low", "high", "difference", "difference_low", "difference_high", "p"].map {
          .init($0)
        } + [.init("n", kind: .count), .init("wilcoxon"), .init("variance_reduction")])
    for (index, name) in plan.responses.enumerated() where only == nil || only == name {
      for effect in results.effects(of: index) {
        let change = effect.comparison
        table.append(
          [.text(plan.label(effect.point)), .text(name)]
            + [
              effect.mean?.estimate, effect.mean?.low, effect.mean?.high,
              change?.difference.estimate, change?.difference.low, change?.difference.high,
              effect.adjusted,
            ].map { .optional($0) } + [
              .count(effect.n), .optional(effect.wilcoxon), .optional(change?.varianceReduction),
            ])
      }
    }
    return table
  }

  /// A response's points from the best to the worst: `<` stands where the next one is proved to be
  /// worse, `≈` where these replications don't tell.
  static func ranking(
    _ results: SweepResults, _ response: Int,
    label: (Int, SweepPlan) -> String = { label(of: $0, $1) }
  ) -> String? {
    guard let ranking = results.ranking(of: response) else { return nil }
    var text = label(ranking.points[0], results.plan)
    for (point, isWorse) in zip(ranking.points.dropFirst(), ranking.isProved) {
      text += (isWorse ? " < " : " ≈ ") + label(point, results.plan)
    }
    return "\(results.plan.responses[response]), best first: \(text)"
  }

  /// A response with its unit.
  static func header(of response: Int, _ plan: SweepPlan) -> String {
    let unit = plan.units[response]
    return unit.isEmpty ? plan.responses[response] : "\(plan.responses[response]) (\(unit))"
  }

  /// Which point is the best, or between which it isn't decided; which were dropped when; and how
  /// further runs are best divided.
  static func selection(
    _ found: SweepResults.Selection, _ results: SweepResults,
    label: (Int, SweepPlan) -> String = { label(of: $0, $1) }
  ) -> String {
    let plan = results.plan
    let (asked, outcome) = (found.asked, found.outcome)
    let unit = plan.responses.firstIndex(of: asked.response).map { plan.units[$0] } ?? ""
    let zone = unit.isEmpty ? short(asked.indifference) : "\(short(asked.indifference)) \(unit)"
    let word = plan.windows > 1 ? "windows" : "replications"
    var text =
      outcome.isDecided
      ? "best by \(asked.response): \(label(outcome.best, plan)), after"
      : "best by \(asked.response): not decided between "
        + found.left.map { label($0, plan) }.joined(separator: ", ") + " after"
    text +=
      " \(outcome.observations) \(word) (Kim and Nelson's procedure, \(short(asked.confidence * 100)) %,"
      + " indifference zone \(zone))"
    if !outcome.eliminations.isEmpty {
      text +=
        "; dropped: "
        + outcome.eliminations.map { one in
          one.systems.map { label($0, plan) }.joined(separator: ", ")
            + " after \(one.after) \(word)"
        }.joined(separator: ", ")
    }
    if !found.equals.isEmpty {
      text +=
        "; by their means no further from it than that: "
        + found.equals.map { label($0, plan) }.joined(separator: ", ")
    }
    let shares = zip(found.open, found.allocation).filter { $0.1 >= 0.005 }.map {
      "\(label($0, plan)) \(Int(($1 * 100).rounded())) %"
    }
    if !shares.isEmpty {
      text += "; further runs are best divided (OCBA): " + shares.joined(separator: ", ")
    }
    return text
  }

  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// More columns than this fit on no screen.
  private static let mostColumns = 8

  private static func cell(_ effect: SweepResults.Effect) -> String {
    guard let mean = effect.mean else { return "–" }
    return "\(short(mean.estimate)) [\(short(mean.low)), \(short(mean.high))]"
  }

  /// The factor, where there is one: values then need no path.
  private static func name(of plan: SweepPlan) -> String {
    plan.points[0].count == 1 ? plan.points[0][0].path : "point"
  }

  /// A point by its factors' last names, where these tell the factors apart.
  static func shortLabel(of point: Int, _ plan: SweepPlan) -> String {
    let settings = plan.points[point]
    let names = settings.map { setting in
      setting.path.split(separator: ".").last.map(String.init) ?? setting.path
    }
    guard settings.count > 1, Set(names).count == names.count else { return label(of: point, plan) }
    return zip(names, settings).map { "\($0) \($1.value)" }.joined(separator: ", ")
  }

  private static func label(of point: Int, _ plan: SweepPlan) -> String {
    plan.points[point].count == 1 ? plan.points[point][0].value : plan.label(point)
  }
}
