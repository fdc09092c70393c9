import Statistics

// What a claim rests on.
extension MarkdownReport {
  mutating func writeClaim(_ claim: ClaimResult, _ index: Int) {
    writeLadder(claim, index)
    writeCounterfactuals(claim)
    writeRates(claim)
  }

  private mutating func writeLadder(_ claim: ClaimResult, _ index: Int) {
    guard claim.ladder.count > 1 else { return }
    write("## What must change for \(MarkupText.markdown(claim.name)) (same luck)")
    var table = MarkdownTable([
      ("Change", .left),
      (MarkupText.markdown(claim.unit.isEmpty ? claim.metric : claim.unit), .right),
      ("p5–p95", .right), ("Met", .right), ("Verdict", .left), ("Binds next", .left),
      ("Costs", .left),
    ])
    let paths = claim.ladder.map(\.path)
    for (number, rung) in claim.ladder.enumerated() {
      let low = NumberText.readable(rung.p5, apartFrom: claim.threshold)
      let high = NumberText.readable(rung.p95, apartFrom: claim.threshold)
      table.row([
        MarkupText.markdown(ClaimText.rung(rung, number, among: paths)),
        NumberText.readable(rung.estimate, apartFrom: claim.threshold), "\(low)–\(high)",
        "\(NumberText.count(rung.met))/\(NumberText.count(rung.of))",
        ClaimText.verb(rung.verdict), MarkupText.markdown(ClaimText.binding(rung)),
        MarkupText.markdown(ClaimText.costs(rung)),
      ])
    }
    write(table)
    let count = summary.claims[..<index].count { $0.ladder.count > 1 }
    writeChart(
      count == 0 ? "ladder.svg" : "ladder-\(count + 1).svg", "What must change for \(claim.name)")
    write(
      "<details><summary>Paths of the changes</summary>", "",
      claim.ladder.dropFirst().enumerated().map { number, rung in
        "\(number + 1). \(MarkupText.code(rung.path)): \(MarkupText.code("\(rung.from) → \(rung.to)"))"
      }.joined(separator: "\n"), "", "</details>")
  }

  private mutating func writeCounterfactuals(_ claim: ClaimResult) {
    guard !claim.counterfactuals.isEmpty else { return }
    write("## What binds \(MarkupText.markdown(claim.name)), tried one by one")
    let isProved = claim.bindingStage != nil
    let runs = NumberText.count(claim.counterfactualReplications)
    write(
      "Each limit is lifted alone on the same luck (\(runs) replications); the difference is "
        + "paired. "
        + (isProved ? "Binding: \(binding(claim))." : "No limit alone moves the metric."))
    var table = MarkdownTable([
      ("Limit lifted", .left), ("Stage", .left), ("From", .left), ("To", .left),
      ("Compared", .left), ("Difference", .right), ("Interval", .right), ("Moves it", .left),
    ])
    for effect in claim.counterfactuals {
      table.row([
        MarkupText.code(effect.path), MarkupText.markdown(effect.stage),
        MarkupText.markdown(effect.from), MarkupText.markdown(effect.to),
        MarkupText.markdown(effect.metric), NumberText.readable(effect.estimate),
        "[\(NumberText.readable(effect.low)), \(NumberText.readable(effect.high))]",
        moves(effect),
      ])
    }
    write(table)
  }

  /// Whether an effect's interval excludes zero.
  private func moves(_ effect: ClaimResult.Counterfactual) -> String {
    guard let low = effect.low, let high = effect.high else { return NumberText.missing }
    return low > 0 || high < 0 ? "yes" : "no"
  }

  private mutating func writeRates(_ claim: ClaimResult) {
    guard !claim.rates.isEmpty else { return }
    write("### Rates of \(MarkupText.markdown(claim.name)) as it is")
    write(Self.table(of: claim.rates))
  }

  static func table(of metrics: [MetricSummary]) -> MarkdownTable {
    var table = MarkdownTable([
      ("Metric", .left), ("Unit", .left), ("Mean", .right), ("Interval", .right), ("p50", .right),
      ("p95", .right), ("p99", .right), ("n", .right),
    ])
    for metric in metrics {
      let scale =
        metric.unit == "bytes" ? NumberText.scale(ofBytes: metric.mean ?? 0) : (metric.unit, 1)
      func cell(_ value: Double?) -> String { NumberText.readable(value.map { $0 / scale.1 }) }
      table.row([
        MarkupText.markdown(metric.name), MarkupText.markdown(scale.0), cell(metric.mean),
        "[\(cell(metric.low)), \(cell(metric.high))]", cell(metric.p50), cell(metric.p95),
        cell(metric.p99), NumberText.count(metric.n),
      ])
    }
    return table
  }
}
