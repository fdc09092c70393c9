import Quantities
import Statistics

// What was measured.
extension MarkdownReport {
  mutating func writeStages() {
    guard !summary.stages.isEmpty else { return }
    write("## Start of a Pod, stage by stage")
    writeChart("stages.svg", "Start of a Pod, stage by stage")
    let binding = summary.claims.flatMap { ClaimText.stages(binding: $0) }
    var table = MarkdownTable([
      ("Stage", .left), ("Attempts", .right), ("Mean, s", .right), ("p50, s", .right),
      ("p95, s", .right), ("p99, s", .right), ("At most, Pods/min", .right), ("Because of", .left),
    ])
    for stage in summary.stages {
      let name = MarkupText.markdown(stage.stage)
      table.row([
        binding.contains(stage.stage) ? "**\(name)** (binds)" : name,
        NumberText.readable(stage.attempts), NumberText.readable(stage.mean),
        NumberText.readable(stage.p50), NumberText.readable(stage.p95),
        NumberText.readable(stage.p99), NumberText.readable(stage.limitPerMinute),
        stage.limitPath.map(MarkupText.code) ?? NumberText.missing,
      ])
    }
    write(table)
  }

  mutating func writeCurves(_ drawn: [ReportCharts.Chart]) {
    let curves = drawn.filter { chart in
      summary.series.contains { ReportCharts.slug($0.name) + ".svg" == chart.file }
    }
    guard !curves.isEmpty else { return }
    write("## Over time")
    for chart in curves { writeChart(chart.file, chart.title) }
  }

  mutating func writeAutoscalers() {
    guard !summary.autoscalers.isEmpty else { return }
    write("## HorizontalPodAutoscalers (mean per replication)")
    var table = MarkdownTable([
      ("Autoscaler", .left), ("Target", .left), ("Ups", .right), ("Downs", .right),
      ("ScalingActive False, s", .right), ("Because of", .left),
    ])
    for autoscaler in summary.autoscalers.prefix(50) {
      table.row([
        MarkupText.code(autoscaler.name), MarkupText.code(autoscaler.target),
        NumberText.readable(autoscaler.scaleUps), NumberText.readable(autoscaler.scaleDowns),
        NumberText.readable(autoscaler.inactiveSeconds),
        autoscaler.reasons.isEmpty
          ? NumberText.missing
          : MarkupText.markdown(autoscaler.reasons.map(\.reason).joined(separator: ", ")),
      ])
    }
    write(table)
    if summary.autoscalers.count > 50 {
      write("And \(NumberText.count(summary.autoscalers.count - 50)) more in `summary.json`.")
    }
  }

  mutating func writeMetrics() {
    guard !summary.metrics.isEmpty else { return }
    write("## Metrics")
    if let claim = summary.claims.first, !claim.window.isEmpty {
      write(
        "Those of a burst, its Pods and its levels are of \(MarkupText.markdown(claim.name)),"
          + " \(claim.window); the others are of the whole run.")
    }
    write(Self.table(of: summary.metrics))
  }

  mutating func writeMoney() {
    let money = summary.money
    guard !money.items.isEmpty || money.cash != 0 || money.amortised != 0 else { return }
    let currency = money.currency
    write("## Cost (mean per replication)")
    write(
      "Incremental **\(MarkupText.markdown(NumberText.money(money.incremental, currency: currency)))**"
        + " · cash \(MarkupText.markdown(NumberText.money(money.cash, currency: currency)))"
        + " · with the share of what is owned "
        + MarkupText.markdown(NumberText.money(money.amortised, currency: currency)))
    var table = MarkdownTable([
      ("Item", .left), ("Quantity", .right), ("Unit", .left), ("Amount", .right),
      ("Because of the burst", .right),
    ])
    for item in money.items {
      table.row([
        MarkupText.markdown(item.name), NumberText.readable(item.quantity),
        MarkupText.markdown(item.unit),
        MarkupText.markdown(NumberText.money(item.amount, currency: currency)),
        item.isOwned
          ? "owned"
          : MarkupText.markdown(NumberText.money(item.incremental.units, currency: currency)),
      ])
    }
    write(table)
  }
}
