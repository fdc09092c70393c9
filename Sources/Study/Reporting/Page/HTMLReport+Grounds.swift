import Quantities
import Statistics

// Figures, cost, and what the run rests on.
extension HTMLReport {
  mutating func writeMetrics() {
    guard !summary.metrics.isEmpty else { return }
    page.beginSection("metrics", "Metrics")
    var table = PageTable(
      "Metrics over the replications",
      [
        .text("Metric"), .text("Unit"), .number("Mean"), .number("Interval"), .number("p50"),
        .number("p95"), .number("p99"), .number("n"),
      ])
    for metric in summary.metrics {
      table.row([
        PageWriter.escaped(metric.name), PageWriter.escaped(metric.unit),
        NumberText.readable(metric.mean),
        "[\(NumberText.readable(metric.low)), \(NumberText.readable(metric.high))]",
        NumberText.readable(metric.p50), NumberText.readable(metric.p95),
        NumberText.readable(metric.p99), NumberText.count(metric.n),
      ])
    }
    page.table(table)
    page.endSection()
  }

  mutating func writeMoney() {
    let money = summary.money
    guard !money.items.isEmpty else { return }
    page.beginSection("money", "Cost, mean per replication")
    let currency = money.currency
    func amount(_ value: Double) -> String {
      PageWriter.escaped(NumberText.money(value, currency: currency))
    }
    page.raw(
      "<p>Incremental <strong>\(amount(money.incremental))</strong> · cash \(amount(money.cash))"
        + " · with the share of what is owned \(amount(money.amortised))</p>")
    let whole = money.items.reduce(0) { $0 + max(0, $1.amount) }
    var table = PageTable(
      "The bill, item by item, each bar beginning where the one before ends",
      [
        .text("Item"), .number("Quantity"), .text("Unit"), .number("Amount"),
        .number("Because of the burst"), .strip("Share"),
      ])
    var sum = 0.0
    for (index, item) in money.items.enumerated() {
      let share = whole > 0 ? max(0, item.amount) / whole : 0
      var strip = Strip(label: "\(item.name): \(NumberText.percent(share)) of the bill")
      if share > 0 {
        strip.add(
          from: sum, to: sum + share, class: "f\(index % ChartStyle.seriesLimit)",
          title: "\(item.name): \(NumberText.percent(share))")
      }
      sum += share
      table.row([
        PageWriter.escaped(item.name), NumberText.readable(item.quantity),
        PageWriter.escaped(item.unit), amount(item.amount),
        item.isOwned ? "owned" : amount(item.incremental.units), strip.rendered,
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>")
    page.endSection()
  }

  mutating func writeAssumptions() {
    guard !summary.assumptions.isEmpty else { return }
    page.beginSection("assumptions", "Unproven values used")
    var table = PageTable(
      "Values that nobody has proved", stacks: true,
      [.text("Parameter"), .text("Value"), .text("Grade"), .text("Range"), .text("Source")])
    for value in summary.assumptions {
      table.row([
        PageWriter.code(value.path), PageWriter.escaped(value.value),
        PageWriter.escaped(value.grade),
        value.range.map(PageWriter.escaped) ?? NumberText.missing,
        PageWriter.escaped(value.source),
      ])
    }
    page.table(table)
    page.endSection()
  }

  mutating func writeInput() {
    guard !summary.input.isEmpty else { return }
    page.beginSection("input", "Input")
    var table = PageTable(
      "What was read",
      [
        .text("Kind"), .number("Objects"), .number("Fields read"), .number("Ignored"),
        .number("Not modelled"), .text("Which"),
      ])
    for kind in summary.input {
      let touched = kind.podsTouched.count
      var which = kind.unsupportedFields.map(PageWriter.code).joined(separator: ", ")
      if touched > 0 { which += " (placement of \(NumberText.count(touched, "Pod")))" }
      table.row([
        PageWriter.escaped(kind.kind), NumberText.count(kind.objects),
        NumberText.count(kind.read), NumberText.count(kind.ignored),
        NumberText.count(kind.unsupported), which,
      ])
    }
    page.table(table)
    page.endSection()
  }

  mutating func writeChecks() {
    page.beginSection("checks", "Pods at the end, and what is conserved")
    page.paragraph(
      "\(ClaimText.outcome(summary.pods)), summed over the replications.")
    var table = PageTable(
      "Identities that every run checks",
      [.text("Quantity"), .number("One side"), .number("Other side"), .text("")])
    for check in summary.conservation {
      let left = NumberText.machine(check.left) ?? NumberText.missing
      let right = NumberText.machine(check.right) ?? NumberText.missing
      table.row([
        PageWriter.escaped(check.quantity), left, right,
        left == right ? "equal" : "<strong>differ</strong>",
      ])
    }
    page.table(table)
    page.endSection()
  }

  mutating func writeReproduce() {
    page.beginSection("reproduce", "Reproduce")
    if !summary.command.isEmpty {
      page.raw("<pre><code>\(PageWriter.escaped(summary.command))</code></pre>")
    }
    page.raw(
      "<p>Spillway \(PageWriter.escaped(summary.version)) · scenario "
        + "\(PageWriter.code(summary.digest)) · seed \(summary.seed) · "
        + "\(NumberText.count(summary.replications, "replication"))</p>")
    page.endSection()
  }
}
