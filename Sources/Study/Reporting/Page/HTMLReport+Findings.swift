import Statistics

// What only some runs find out: causes, sensitivity, autoscalers.
extension HTMLReport {
  mutating func writeCauses() {
    guard !summary.causes.isEmpty else { return }
    page.beginSection("causes", "What each cause cost")
    page.paragraph(
      "The same luck with the cause and without it; intervals are of the paired differences.",
      class: "muted")
    var table = PageTable(
      "What each cause cost",
      [
        .text("Cause"), .text("Quantity"), .number("With"), .number("Without"),
        .number("Difference"), .number("Interval"),
      ])
    for effect in summary.causes {
      for difference in effect.differences {
        table.row([
          PageWriter.code(effect.cause), PageWriter.escaped(difference.quantity),
          PageWriter.escaped(CauseText.value(difference.with, difference)),
          PageWriter.escaped(CauseText.value(difference.without, difference)),
          PageWriter.escaped(CauseText.change(difference)),
          PageWriter.escaped(CauseText.interval(difference)),
        ])
      }
    }
    page.table(table)
    page.endSection()
  }

  mutating func writeSensitivity() {
    guard let found = summary.sensitivity, !found.bars.isEmpty else { return }
    page.beginSection("sensitivity", "What moves \(found.response) most")
    page.paragraph(
      "Each unproven value at both ends of its range, "
        + "\(NumberText.count(found.replications, "replication")) on the same luck. As it is: "
        + "\(NumberText.withUnit(NumberText.readable(found.base), found.unit)). "
        + "\(NumberText.count(found.idle)) others change nothing.", class: "muted")
    page.raw(key([("h2", "at the low end"), ("h4", "at the high end")]))
    let ends = found.bars.flatMap { [$0.low?.difference, $0.high?.difference] }.compactMap { $0 }
    let low = min(0, ends.min() ?? 0)
    let high = max(0, ends.max() ?? 0)
    var table = PageTable(
      "Tornado of \(found.response)", stacks: true,
      [
        .text("Parameter"), .text("As it is"), .text("Low end"), .text("High end"),
        .strip("Change; upright line: none"),
      ])
    for bar in found.bars {
      var strip = Strip(label: "\(bar.path): \(text(bar.low)); \(text(bar.high))")
      for (end, style) in [(bar.low, "h2"), (bar.high, "h4")] {
        guard let change = end?.difference, high > low else { continue }
        strip.add(
          from: (min(0, change) - low) / (high - low), to: (max(0, change) - low) / (high - low),
          class: style, title: text(end))
      }
      if high > low { strip.addMark(at: -low / (high - low), title: "no change") }
      table.row([
        PageWriter.code(bar.path), PageWriter.escaped(bar.value),
        PageWriter.escaped(text(bar.low)), PageWriter.escaped(text(bar.high)), strip.rendered,
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>")
    page.endSection()
  }

  private func text(_ end: SensitivitySummary.End?) -> String {
    guard let end else { return NumberText.missing }
    return "\(end.value) → \(SensitivityText.change(end))"
  }

  mutating func writeAutoscalers() {
    guard !summary.autoscalers.isEmpty else { return }
    page.beginSection("autoscalers", "Autoscalers, mean per replication")
    var table = PageTable(
      "What HorizontalPodAutoscalers did", stacks: true,
      [
        .text("Name"), .text("Target"), .number("Up"), .number("Down"), .number("Inactive, s"),
        .text("Because"),
      ])
    for scaler in summary.autoscalers {
      table.row([
        PageWriter.code(scaler.name), PageWriter.code(scaler.target),
        NumberText.readable(scaler.scaleUps), NumberText.readable(scaler.scaleDowns),
        NumberText.readable(scaler.inactiveSeconds),
        PageWriter.escaped(
          scaler.reasons.map { $0.message.isEmpty ? $0.reason : "\($0.reason): \($0.message)" }
            .joined(separator: "; ")),
      ])
    }
    page.table(table)
    page.endSection()
  }
}
