import Experiments
import Foundation
import Reporting
import Statistics

/// A comparison in every form in which it is shown.
struct ComparisonReport {
  let found: BaselineComparison
  let plan: SweepPlan

  private var summary: String {
    let worse = found.entries.count(where: \.isRegression)
    let changed = found.entries.count(where: \.differs)
    return "\(found.entries.count) compared, \(changed) differ, \(worse) worse"
  }

  private func name(_ entry: BaselineComparison.Entry) -> String {
    "\(entry.response) at \(plan.label(entry.point))"
  }

  /// What became of a response, in a sentence.
  private func change(_ entry: BaselineComparison.Entry) -> String {
    var parts: [String] = []
    if let base = entry.base, let d = entry.comparison?.difference {
      let unit = plan.responses.firstIndex(of: entry.response).map { plan.units[$0] } ?? ""
      parts.append(
        "\(NumberText.withUnit(short(base), unit)) changes by "
          + "\(short(d.estimate)) [\(short(d.low)), \(short(d.high))]")
    }
    if let d = entry.comparison?.difference, d.low == d.high {
      parts.append(d.estimate == 0 ? "the same in every pair" : "by just that in every pair")
    } else if let p = entry.adjusted {
      parts.append("p = \(short(p))")
    }
    if entry.onlyInBase > 0 {
      parts.append("no longer exists in \(entry.onlyInBase) replications")
    }
    return parts.joined(separator: ", ")
  }

  private var notable: [BaselineComparison.Entry] {
    found.entries.filter { $0.differs || $0.isRegression }
  }

  private var unpaired: String? {
    found.unpaired.isEmpty
      ? nil : "only in one of the two: \(found.unpaired.joined(separator: ", "))"
  }

  func text() -> String {
    var lines = notable.map { entry in
      "\(entry.isRegression ? "WORSE " : "      ")\(name(entry)): \(change(entry))"
    }
    if let unpaired { lines.append("      \(unpaired)") }
    return (lines + [summary]).joined(separator: "\n") + "\n"
  }

  func markdown() -> String {
    var lines = ["### Comparison with the baseline: \(summary)", ""]
    if !notable.isEmpty {
      lines += [
        "| | response | at | base | change | 95 % | p (Holm) |", "|---|---|---|--:|--:|---|--:|",
      ]
    }
    for entry in notable {
      let d = entry.comparison?.difference
      let cells = [
        entry.isRegression ? "**worse**" : "", entry.response, "`\(plan.label(entry.point))`",
        entry.base.map(short) ?? "–", d.map { short($0.estimate) } ?? "–",
        d.map { "[\(short($0.low)), \(short($0.high))]" } ?? "–",
        entry.adjusted.map(short) ?? "–",
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    if let unpaired { lines += ["", unpaired] }
    return lines.joined(separator: "\n") + "\n\n"
  }

  /// Every response at every point.
  func table() -> ResultTable {
    var table = ResultTable(
      "comparison",
      columns: [.init("response", kind: .text), .init("point", kind: .text)]
        + ["base", "change", "low", "high", "p"].map { .init($0) }
        + [.init("verdict", kind: .text), .init("only_in_base", kind: .count)])
    for entry in found.entries {
      let difference = entry.comparison?.difference
      table.append(
        [.text(entry.response), .text(plan.label(entry.point))]
          + [
            entry.base, difference?.estimate, difference?.low, difference?.high, entry.adjusted,
          ].map { .optional($0) } + [
            .text(entry.isRegression ? "worse" : entry.differs ? "differs" : "same"),
            .count(entry.onlyInBase),
          ])
    }
    return table
  }

  func annotations() -> [GitHubAnnotation] {
    found.entries.filter(\.isRegression).map {
      GitHubAnnotation(
        level: .error, title: "regression", message: "\(name($0)): \(change($0))")
    }
  }

  func junit() -> String {
    JUnitReport.render(
      suite: "\(plan.scenario) against its baseline",
      properties: [
        ("seed", String(plan.seed)), ("replications", String(plan.replications)),
        ("version", plan.version), ("digest", plan.digest),
      ],
      found.entries.map { entry in
        JUnitReport.Case(
          name: name(entry), failure: entry.isRegression ? "worse" : nil, message: change(entry))
      })
  }

  func json() -> JSONValue {
    [
      "scenario": .string(plan.scenario), "experiment": .string(plan.experiment),
      "seed": .unsigned(plan.seed), "replications": .integer(plan.replications),
      "compared": .integer(found.entries.count),
      "differ": .integer(found.entries.count(where: \.differs)),
      "worse": .integer(found.entries.count(where: \.isRegression)),
      "unpaired": .strings(found.unpaired), "entries": .array(found.entries.map(json)),
    ]
  }

  private func json(_ entry: BaselineComparison.Entry) -> JSONValue {
    let difference = entry.comparison?.difference
    return [
      "point": .integer(entry.point), "response": .string(entry.response),
      "settings": SweepJSON.settings(plan, entry.point), "base": .optional(entry.base),
      "difference": .optional(difference?.estimate), "low": .optional(difference?.low),
      "high": .optional(difference?.high), "p": .optional(entry.adjusted),
      "onlyInBase": .integer(entry.onlyInBase), "differs": .bool(entry.differs),
      "worse": .bool(entry.isRegression),
    ]
  }

  private func short(_ value: Double) -> String { String(format: "%.5g", value) }
}
