import Statistics

/// `report.md`: a run for people, the verdict first, as GitHub shows it.
public struct MarkdownReport {
  let summary: RunSummary
  private let charts: [String]
  private var lines: [String] = []

  /// The text of `report.md`, with its charts referred to as `charts/NAME.svg`.
  public static func render(_ summary: RunSummary) -> String {
    render(summary, charts: ReportCharts.render(summary))
  }

  /// The text of `report.md` for charts already drawn.
  static func render(_ summary: RunSummary, charts: [ReportCharts.Chart]) -> String {
    var report = MarkdownReport(summary: summary, charts: charts.map(\.file))
    report.writeHead()
    report.writeVerdict()
    report.writeUnschedulable()
    for (index, claim) in summary.claims.enumerated() { report.writeClaim(claim, index) }
    report.writeCauses()
    report.writeStages()
    report.writeCurves(charts)
    report.writeAutoscalers()
    report.writeMetrics()
    report.writeMoney()
    report.writeSensitivity()
    report.writeAssumptions()
    report.writeInput()
    report.writePods()
    report.writeReproduce()
    return report.lines.joined(separator: "\n") + "\n"
  }

  private init(summary: RunSummary, charts: [String]) {
    self.summary = summary
    self.charts = charts
  }

  /// Adds lines, with an empty one before them.
  mutating func write(_ block: String...) { write(block) }

  /// Adds lines, with an empty one before them.
  mutating func write(_ block: [String]) {
    if !lines.isEmpty { lines.append("") }
    lines += block
  }

  /// Adds a table, unless it has no rows.
  mutating func write(_ table: MarkdownTable) {
    if !table.isEmpty { write(table.lines) }
  }

  /// Refers to a chart, if it was drawn.
  mutating func writeChart(_ file: String, _ title: String) {
    if charts.contains(file) { write("![\(MarkupText.markdown(title))](charts/\(file))") }
  }
}

// What stands above the verdict, and the verdict.
extension MarkdownReport {
  private mutating func writeHead() {
    write("# \(MarkupText.markdown(summary.scenario))")
    if !summary.question.isEmpty { write("_\(MarkupText.markdown(summary.question))_") }
    var facts = summary.setting.map(MarkupText.markdown)
    facts.append(NumberText.count(summary.replications, "replication"))
    facts.append("seed \(summary.seed)")
    write(facts.joined(separator: " · "))
    if summary.isPartial {
      write(
        "> [!WARNING]",
        "> **Partial.** The run was interrupted; all figures are of what was there by then: "
          + "\(NumberText.count(summary.replications, "replication")).")
    }
    if !summary.caveats.isEmpty {
      write("**Know before you read the verdict:**")
      write(summary.caveats.map { "- \(MarkupText.markdown($0))" })
    }
  }

  private mutating func writeVerdict() {
    guard !summary.claims.isEmpty else {
      write("## No claim to check")
      write(ClaimText.outcome(summary.pods) + ".")
      return
    }
    let heading = summary.claims.map { claim in
      "\(ClaimText.mark(claim.verdict)) \(MarkupText.markdown(claim.name)) \(ClaimText.verb(claim.verdict))"
    }
    write("## \(heading.joined(separator: " · "))")
    var table = MarkdownTable([
      ("Claim", .left), ("Must be", .left), ("Measured", .right), ("Met", .right),
      ("Binds", .left), ("Verdict", .left),
    ])
    for claim in summary.claims {
      table.row([
        MarkupText.markdown(claim.name), MarkupText.markdown(ClaimText.clause(claim)),
        measured(claim), "\(NumberText.count(claim.met))/\(NumberText.count(claim.of))",
        binding(claim), "**\(ClaimText.verdict(claim.verdict))**",
      ])
    }
    write(table)
    for claim in summary.claims { write(sentences(claim)) }
  }

  private func measured(_ claim: ClaimResult) -> String {
    let mean = NumberText.readable(claim.estimate, apartFrom: claim.threshold)
    guard claim.low != nil || claim.high != nil else { return mean }
    let low = NumberText.readable(claim.low, apartFrom: claim.threshold)
    let high = NumberText.readable(claim.high, apartFrom: claim.threshold)
    return "\(mean) [\(low), \(high)]"
  }

  /// The stage that binds a claim and its kind of limit.
  func binding(_ claim: ClaimResult) -> String {
    guard let stage = claim.bindingStage else { return NumberText.missing }
    return MarkupText.code(stage) + (claim.limit.map { " (\($0.rawValue))" } ?? "")
  }

  /// What happened, given which assumptions, and what holds in the end.
  private func sentences(_ claim: ClaimResult) -> String {
    var parts = ["**\(MarkupText.markdown(claim.name)):**"]
    if !claim.story.isEmpty { parts.append(MarkupText.markdown(claim.story)) }
    parts.append(ClaimText.met(claim) + ".")
    if let need = ClaimText.toDecide(claim) { parts.append(need) }
    let conditions = ClaimText.conditional(claim.conditions)
    parts.append(
      MarkupText.markdown("Given its assumptions it \(ClaimText.verb(claim.verdict))\(conditions).")
    )
    if claim.ladder.count > 1, let last = claim.ladder.last {
      let count = claim.ladder.count - 1
      let changes = NumberText.count(count, "change")
      let conditions = ClaimText.conditional(last.conditions)
      parts.append(
        MarkupText.markdown("After \(changes) it \(ClaimText.verb(last.verdict))\(conditions)."))
    }
    return parts.joined(separator: " ")
  }

  private mutating func writeUnschedulable() {
    guard !summary.unschedulable.isEmpty else { return }
    write("## Pods that no node can take")
    var table = MarkdownTable([("Pod", .left), ("Reason", .left)])
    for entry in summary.unschedulable {
      table.row([MarkupText.code(entry.pod), MarkupText.markdown(entry.reason)])
    }
    write(table)
  }
}
