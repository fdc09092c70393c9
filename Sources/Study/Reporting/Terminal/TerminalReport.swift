import Quantities
import Statistics

/// A run as a terminal shows it: verdicts, what must change, and where to look closer.
public struct TerminalReport {
  private let summary: RunSummary
  private let width: Int
  private let style: TerminalStyle
  private var lines: [String] = []

  /// A run as text for a terminal.
  ///
  /// - Parameters:
  ///   - width: the terminal's columns; values under 40 count as 40.
  ///   - color: whether ANSI escape sequences may be used.
  ///   - elapsed: how long the run took on the wall clock, printed with its unit, if known.
  ///   - folder: the folder that the run was written to, if it was.
  public static func render(
    _ summary: RunSummary, width: Int, color: Bool, elapsed: String? = nil, folder: String? = nil
  ) -> String {
    var report = TerminalReport(
      summary: summary, width: max(40, width), style: TerminalStyle(isColoured: color))
    report.writeHead(elapsed: elapsed)
    for claim in summary.claims { report.writeClaim(claim) }
    if summary.claims.isEmpty { report.writeOutcome() }
    report.writeCauses()
    report.writeUnschedulable()
    report.writeFigures()
    report.writeEnd(folder: folder)
    return report.lines.joined(separator: "\n") + "\n"
  }

  private init(summary: RunSummary, width: Int, style: TerminalStyle) {
    self.summary = summary
    self.width = width
    self.style = style
  }

  private mutating func write(_ text: String, indent: Int = 0) {
    lines += TerminalText.wrapped(text, to: width, indent: indent)
  }

  private mutating func writeHead(elapsed: String?) {
    var facts = summary.setting
    facts.append(NumberText.count(summary.replications, "replication"))
    facts.append("seed \(summary.seed)")
    if let elapsed { facts.append(elapsed) }
    let text = ([summary.scenario] + facts).map(MarkupText.terminal).joined(separator: " · ")
    write(text, indent: 2)
    if summary.isPartial {
      lines.append(style.doubtful("! interrupted: figures are of what was there by then"))
    }
    // What isn't known stands above the verdict; the report has the whole list.
    for caveat in summary.caveats.prefix(5) { write("! \(MarkupText.terminal(caveat))", indent: 2) }
    if summary.caveats.count > 5 {
      write("! and \(NumberText.count(summary.caveats.count - 5)) more in report.md", indent: 2)
    }
    lines.append("")
  }

  private func coloured(_ text: String, _ verdict: ClaimResult.Verdict) -> String {
    switch verdict {
    case .holds: style.good(text)
    case .fails: style.bad(text)
    case .undecided: style.doubtful(text)
    }
  }

  /// Writes a paragraph whose first words, up to `head` characters, are coloured by a verdict.
  private mutating func write(
    _ text: String, head: Int, _ verdict: ClaimResult.Verdict, indent: Int
  ) {
    var block = TerminalText.wrapped(text, to: width, indent: indent)
    if block[0].count >= head {
      block[0] = coloured(String(block[0].prefix(head)), verdict) + block[0].dropFirst(head)
    }
    lines += block
  }

  private mutating func writeClaim(_ claim: ClaimResult) {
    let name = MarkupText.terminal(claim.name)
    let head = "\(ClaimText.mark(claim.verdict)) \(name)  \(ClaimText.verdict(claim.verdict))"
    let indent = min(TerminalText.width(name) + 4, 12)
    let conditions = MarkupText.terminal(ClaimText.conditional(claim.conditions))
    let text = "\(head)\(conditions): \(ClaimText.clause(claim)). \(ClaimText.met(claim))"
    write(text, head: head.count, claim.verdict, indent: indent)
    var story = claim.story.isEmpty ? [] : [MarkupText.terminal(claim.story)]
    if let need = ClaimText.toDecide(claim) { story.append(need) }
    if let stage = claim.bindingStage {
      story.append("Binds: \(stage)" + (claim.limit.map { " (\($0.rawValue))" } ?? ""))
    }
    if !story.isEmpty {
      let lead = String(repeating: " ", count: indent)
      write(lead + story.joined(separator: " "), indent: indent)
    }
    if let rates = ClaimText.rates(claim) {
      let lead = String(repeating: " ", count: indent)
      write(lead + MarkupText.terminal(rates), indent: indent)
    }
    writeLadder(claim)
    lines.append("")
  }

  private mutating func writeLadder(_ claim: ClaimResult) {
    guard claim.ladder.count > 1, let last = claim.ladder.last else { return }
    var table = TerminalTable(
      [
        ("What must change (same luck)", .left), (MarkupText.terminal(claim.unit), .right),
        ("p5–p95", .left), ("met", .left), ("binds next", .left), ("costs", .left),
      ], expendable: [2, 5, 4])
    let paths = claim.ladder.map(\.path)
    for (number, rung) in claim.ladder.enumerated() {
      let low = NumberText.readable(rung.p5, digits: 3, apartFrom: claim.threshold)
      let high = NumberText.readable(rung.p95, digits: 3, apartFrom: claim.threshold)
      table.row(
        [
          "  " + ClaimText.rung(rung, number, among: paths),
          NumberText.readable(rung.estimate, digits: 3, apartFrom: claim.threshold),
          "\(low)–\(high)", "\(rung.met)/\(rung.of)", ClaimText.binding(rung),
          ClaimText.costs(rung),
        ].map(MarkupText.terminal))
    }
    lines.append("")
    let rows = table.lines(width: width)
    lines.append(style.strong(rows[0]))
    lines += rows.dropFirst()
    let count = claim.ladder.count - 1
    let changes = NumberText.count(count, "change")
    let head = "\(ClaimText.mark(last.verdict)) \(ClaimText.verdict(last.verdict)) after \(changes)"
    let conditions = MarkupText.terminal(ClaimText.conditional(last.conditions))
    write(head + conditions, head: head.count, last.verdict, indent: 2)
  }
}

extension TerminalReport {
  private mutating func writeOutcome() {
    write(ClaimText.outcome(summary.pods), indent: 2)
    lines.append("")
  }

  private mutating func writeUnschedulable() {
    let pods = summary.unschedulable
    guard !pods.isEmpty else { return }
    lines.append(style.doubtful("No node can take:"))
    for entry in pods.prefix(10) {
      write("  \(MarkupText.terminal(entry.pod)): \(MarkupText.terminal(entry.reason))", indent: 4)
    }
    if pods.count > 10 { lines.append("  and \(NumberText.count(pods.count - 10)) more") }
    lines.append("")
  }

  private mutating func writeFigures() {
    let stages = summary.stages.filter { $0.p50 != nil }
    if !stages.isEmpty {
      let parts = stages.map { stage in
        "\(MarkupText.terminal(stage.stage)) \(NumberText.readable(stage.p50, digits: 3))"
      }
      write("Start of a Pod, s  \(parts.joined(separator: " · "))  (p50)", indent: 4)
    }
    writeCurves()
    writeForecasts()
    writeMoney()
    writeSensitivity()
    writeUnproven()
  }

  private mutating func writeCurves() {
    let curves = summary.series.filter { !$0.mean.isEmpty }
    let end = curves.map { curve in lastChange(curve.mean) }.max() ?? 0
    let names = min(20, width / 3)
    let size = min(24, width - names - 18)
    for curve in curves.prefix(6) {
      var name =
        switch curve.name {
        case TimeSeries.throughput: "Ready/min"
        case TimeSeries.backlog: "waiting"
        default: MarkupText.terminal(curve.name)
        }
      if !curve.place.isEmpty { name += " " + MarkupText.terminal(curve.place) }
      let values = Array(curve.mean.prefix(max(end, 2)))
      let highest = NumberText.readable(values.max(), digits: 3)
      lines.append(
        TerminalText.fit(name, to: names, .left)
          + " \(Sparkline.render(values, width: size))  at most \(highest)")
    }
  }

  /// How many values come before the curve stays as it ends, and a few more.
  private func lastChange(_ values: [Double]) -> Int {
    guard let last = values.last, let index = values.lastIndex(where: { $0 != last }) else {
      return 0
    }
    return min(values.count, index + 2 + index / 10)
  }

  /// How far forecasts were from what came.
  private mutating func writeForecasts() {
    let prefix = "forecastMAPE/"
    for metric in summary.metrics where metric.name.hasPrefix(prefix) {
      guard let error = metric.mean else { continue }
      let name = metric.name.dropFirst(prefix.count)
      func quantile(_ kind: String) -> String {
        let found = summary.metrics.first { $0.name == "\(kind)/\(name)" }
        return NumberText.readable(found?.mean, digits: 3)
      }
      let text =
        "Forecast of \(MarkupText.terminal(String(name))): off by \(NumberText.percent(error)) on average"
        + " · what came less what was foreseen: p50 \(quantile("forecastError50")),"
        + " p95 \(quantile("forecastError95"))"
      write(text, indent: 4)
    }
  }

  private mutating func writeMoney() {
    let money = summary.money
    guard !money.items.isEmpty || money.cash != 0 || money.amortised != 0 else { return }
    func amount(_ value: Double) -> String {
      MarkupText.terminal(NumberText.money(value, currency: money.currency))
    }
    var text = "Money, incremental  \(amount(money.incremental))"
    let largest = money.items.enumerated().filter { $1.incremental > .zero }.sorted {
      ($0.element.incremental, $1.offset) > ($1.element.incremental, $0.offset)
    }
    let parts = largest.prefix(3).map {
      "\(amount($1.incremental.units)) \(MarkupText.terminal($1.name))"
    }
    if !parts.isEmpty { text += " · " + parts.joined(separator: " · ") }
    text += " · cash \(amount(money.cash)) · with what is owned \(amount(money.amortised))"
    write(text, indent: 4)
  }

  private mutating func writeSensitivity() {
    guard let found = summary.sensitivity else { return }
    let base = NumberText.withUnit(NumberText.readable(found.base, digits: 3), found.unit)
    write("What moves \(MarkupText.terminal(found.response)), \(base) as it is:", indent: 4)
    for bar in found.bars.prefix(10) {
      let ends = [bar.low, bar.high].compactMap { $0 }.map { end in
        "\(MarkupText.terminal(end.value)) → \(SensitivityText.change(end))"
      }
      write(
        "  \(MarkupText.terminal(PathText.field(bar.path)))  " + ends.joined(separator: " · "),
        indent: 6)
    }
    let more = max(0, found.bars.count - 10)
    write(
      "  \(NumberText.count(more)) more in report.md, \(NumberText.count(found.idle)) change nothing",
      indent: 6)
  }

  private mutating func writeCauses() {
    guard !summary.causes.isEmpty else { return }
    var table = TerminalTable(
      [
        ("What each cause cost (same luck)", .left), ("with", .right), ("without", .right),
        ("difference", .right), ("interval", .left),
      ], expendable: [4])
    for effect in summary.causes {
      table.row(["  " + MarkupText.terminal(effect.cause), "", "", "", ""])
      for difference in effect.differences {
        table.row(
          [
            "    " + difference.quantity, CauseText.value(difference.with, difference),
            CauseText.value(difference.without, difference), CauseText.change(difference),
            CauseText.interval(difference),
          ].map(MarkupText.terminal))
      }
    }
    let rows = table.lines(width: width)
    lines.append(style.strong(rows[0]))
    lines += rows.dropFirst()
    lines.append("")
  }

  private mutating func writeUnproven() {
    let assumed = summary.assumptions.count { $0.grade == "A" }
    var flips: [String] = []
    for claim in summary.claims {
      for condition in claim.conditions + (claim.ladder.last?.conditions ?? [])
      where !flips.contains(condition.path) {
        flips.append(condition.path)
      }
    }
    let touched = summary.input.reduce(0) { $0 + $1.podsTouched.count }
    var parts: [String] = []
    if assumed > 0 {
      let values = assumed == 1 ? "1 grade-A value" : "\(assumed) grade-A values"
      parts.append("\(values) used, \(flips.count) could flip a verdict")
    }
    if touched > 0 {
      parts.append("\(NumberText.count(touched)) Pods with fields that aren't modelled")
    }
    if !parts.isEmpty { write("Unproven: " + parts.joined(separator: " · "), indent: 4) }
  }

  private mutating func writeEnd(folder: String?) {
    var parts: [String] = []
    if !summary.lookCloser.isEmpty {
      parts.append("look closer: \(MarkupText.terminal(summary.lookCloser))")
    }
    if let folder { parts.append("wrote \(MarkupText.terminal(folder))/report.md") }
    // A line that doesn't fit isn't broken inside a command, so that it can be copied.
    let line = parts.joined(separator: "   ·   ")
    lines += (TerminalText.width(line) <= width ? [line] : parts).filter { !$0.isEmpty }.map(
      style.faint)
  }
}
