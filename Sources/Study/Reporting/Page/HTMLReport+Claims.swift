import Statistics

// What must change for a claim, and what binds it.
extension HTMLReport {
  mutating func writeClaim(_ claim: ClaimResult, _ index: Int) {
    guard claim.ladder.count > 1 || !claim.counterfactuals.isEmpty else { return }
    let isChanged = claim.ladder.count > 1
    page.beginSection(
      "claim-\(index)",
      isChanged ? "What must change for \(claim.name)" : "What binds \(claim.name)")
    if isChanged { writeLadder(claim) }
    writeCounterfactuals(claim)
    page.endSection()
  }

  private mutating func writeLadder(_ claim: ClaimResult) {
    page.paragraph(
      "Each rung changes one thing more, on the same luck. Bars are means, thin lines reach from "
        + "the 5th to the 95th percentile, the upright line is the claim's threshold.",
      class: "muted")
    var table = PageTable(
      "Ladder for \(claim.name)", stacks: true,
      [
        .text("Change"), .number(claim.unit.isEmpty ? claim.metric : claim.unit),
        .strip("Against \(ClaimText.requirement(claim))"), .number("Met"), .text("Verdict"),
        .text("Binds next"), .text("Costs"),
      ])
    let paths = claim.ladder.map(\.path)
    let values = claim.ladder.flatMap { [$0.estimate, $0.p95] }.compactMap { $0 }
    let top = max(claim.threshold, values.filter(\.isFinite).max() ?? 0) * 1.05
    for (number, rung) in claim.ladder.enumerated() {
      let name = ClaimText.rung(rung, number, among: paths)
      let value = NumberText.readable(rung.estimate, apartFrom: claim.threshold)
      let range =
        "\(NumberText.readable(rung.p5, apartFrom: claim.threshold))–"
        + NumberText.readable(rung.p95, apartFrom: claim.threshold)
      var strip = Strip(label: "\(value), p5–p95 \(range), claim \(ClaimText.requirement(claim))")
      if top > 0 {
        strip.add(
          from: 0, to: (rung.estimate ?? 0) / top, class: rung.verdict == .holds ? "h3" : "h2",
          title: "\(name): \(value), p5–p95 \(range)")
        if let low = rung.p5, let high = rung.p95 {
          strip.addWhisker(from: low / top, to: high / top)
        }
        strip.addMark(at: claim.threshold / top, title: "claim \(ClaimText.requirement(claim))")
      }
      table.row([
        PageWriter.escaped(name), value, strip.rendered,
        "\(NumberText.count(rung.met))/\(NumberText.count(rung.of))",
        PageWriter.escaped(ClaimText.verb(rung.verdict)),
        PageWriter.escaped(ClaimText.binding(rung)), PageWriter.escaped(ClaimText.costs(rung)),
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>\n<details><summary>Paths of the changes</summary>")
    page.list(
      claim.ladder.dropFirst().map {
        "\(PageWriter.code($0.path)): \(PageWriter.code("\($0.from) → \($0.to)"))"
      })
    page.raw("</details>")
  }

  private mutating func writeCounterfactuals(_ claim: ClaimResult) {
    guard !claim.counterfactuals.isEmpty else { return }
    page.raw("<h3>Each limit lifted alone, on the same luck</h3>")
    page.paragraph(
      "\(NumberText.count(claim.counterfactualReplications, "replication")); differences are "
        + "paired. "
        + (claim.bindingStage == nil ? "No limit alone moves the metric." : ""), class: "muted")
    let ends = claim.counterfactuals.flatMap { [$0.low, $0.high, $0.estimate] }.compactMap { $0 }
      .filter(\.isFinite)
    let low = min(0, ends.min() ?? 0)
    let high = max(0, ends.max() ?? 0)
    let span = high - low
    var table = PageTable(
      "What each limit's absence changes for \(claim.name)", stacks: true,
      [
        .text("Limit lifted"), .text("Stage"), .text("From"), .text("To"), .number("Difference"),
        .strip("Interval; upright line: no difference"),
      ])
    for effect in claim.counterfactuals {
      let interval =
        "[\(NumberText.readable(effect.low)), \(NumberText.readable(effect.high))]"
      let text = "\(NumberText.readable(effect.estimate)) \(interval) \(effect.metric)"
      var strip = Strip(label: text)
      if span > 0, let estimate = effect.estimate {
        strip.add(
          from: (min(0, estimate) - low) / span, to: (max(0, estimate) - low) / span,
          class: "h2", title: text)
        if let from = effect.low, let to = effect.high {
          strip.addWhisker(from: (from - low) / span, to: (to - low) / span)
        }
        strip.addMark(at: -low / span, title: "no difference")
      }
      table.row([
        PageWriter.code(effect.path), PageWriter.escaped(effect.stage),
        PageWriter.escaped(effect.from), PageWriter.escaped(effect.to),
        PageWriter.escaped(text), strip.rendered,
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>")
  }
}
