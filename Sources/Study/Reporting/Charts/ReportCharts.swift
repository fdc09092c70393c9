import Statistics

/// The charts of a run, each an SVG file of its own.
public struct ReportCharts {
  /// One chart.
  public struct Chart: Sendable {
    /// The file's name, such as `throughput.svg`.
    public let file: String
    /// What it shows, for a page's `alt` text.
    public let title: String
    /// The file's content.
    public let svg: String
  }

  /// The charts that a run has something to show in: one per name of a series, the stages, the
  /// ladders.
  public static func render(_ summary: RunSummary) -> [Chart] {
    seriesCharts(summary) + stagesChart(summary) + ladderCharts(summary)
      + tornadoChart(summary)
  }

  /// What a series is called in a heading.
  static func title(ofSeries name: String) -> String {
    switch name {
    case TimeSeries.throughput: "Pods ready per minute"
    case TimeSeries.backlog: "Pods waiting"
    case TimeSeries.requestRate: "Requests per second"
    case TimeSeries.requestBacklog: "Requests inside"
    case TimeSeries.latency: "Mean seconds from request to answer"
    case TimeSeries.servingPods: "Pods that get requests"
    case TimeSeries.capacity: "Cores of Ready machines, serverless Pods"
    case TimeSeries.cost: "Paid so far, what is owned aside"
    case TimeSeries.spot: "Spot Pods"
    case TimeSeries.linkTraffic: "What links carry"
    case TimeSeries.linkUse: "What links carry, by kind"
    default: name
    }
  }

  /// A file's name made of the letters, digits and hyphens of a name from outside.
  static func slug(_ name: String) -> String {
    var text = ""
    for scalar in name.lowercased().unicodeScalars {
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else if !text.isEmpty, !text.hasSuffix("-") {
        text += "-"
      }
    }
    while text.hasSuffix("-") { text.removeLast() }
    return text.isEmpty ? "chart" : text
  }

  private static func seriesCharts(_ summary: RunSummary) -> [Chart] {
    lineCharts(summary).map { Chart(file: $0.name + ".svg", title: $0.title, svg: $0.render()) }
  }

  /// The curves over time, one chart per name of a series.
  static func lineCharts(_ summary: RunSummary) -> [LineChart] {
    let curves = summary.series.filter { $0.step > 0 && $0.mean.count > 1 }
    let (end, last) = timeEnd(of: curves)
    var charts: [LineChart] = []
    for curve in curves where !charts.contains(where: { $0.name == slug(curve.name) }) {
      let alike = curves.filter { slug($0.name) == slug(curve.name) }
      charts.append(
        LineChart(
          name: slug(curve.name), title: title(ofSeries: curve.name), unit: curve.unit,
          series: alike,
          thresholds: curve.name == TimeSeries.throughput ? thresholds(summary) : [],
          replications: summary.replications, timeEnd: end,
          goesOn: end < last
            ? LineChart.Rest(until: last, isUnchanged: lastChange(of: alike) <= end) : nil,
          note: curve.name == TimeSeries.backlog ? leftWaiting(curve) : nil))
    }
    return charts
  }

  /// The thresholds of claims on rates, each once.
  private static func thresholds(_ summary: RunSummary) -> [LineChart.Threshold] {
    var found: [LineChart.Threshold] = []
    for claim in summary.claims
    where ["sustained", "bestMinute", "worstMinute"].contains(claim.metric) {
      let label = ClaimText.requirement(claim)
      if !found.contains(where: { $0.label == label }) {
        found.append(LineChart.Threshold(label: label, value: claim.threshold))
      }
    }
    return found
  }

  /// What a curve of Pods waiting that doesn't come down to zero means.
  private static func leftWaiting(_ curve: TimeSeries) -> String? {
    guard let last = curve.mean.last, last > 0 else { return nil }
    return "\(NumberText.readable(last)) never got Ready: they wait to the end"
  }

  /// Where the shared axis of time ends, and the run: with the last change of a curve about Pods or
  /// requests and a tenth more, if that saves at least a third of the width; else with the run.
  /// What is paid grows, and what links carry changes, as long as the run lasts.
  private static func timeEnd(of curves: [TimeSeries]) -> (end: Double, last: Double) {
    let steady = [TimeSeries.cost, TimeSeries.linkTraffic]
    let telling = curves.filter { !steady.contains($0.name) }
    let last = curves.map { Double($0.mean.count - 1) * $0.step }.max() ?? 0
    let cut = lastChange(of: telling.isEmpty ? curves : telling) * 1.1
    return (cut > 0 && cut < last * 2 / 3 ? cut : last, last)
  }

  /// When one of some curves changes for the last time, in seconds.
  private static func lastChange(of curves: [TimeSeries]) -> Double {
    var change = 0.0
    for curve in curves {
      for values in [curve.mean, curve.low, curve.high] {
        guard let last = values.last else { continue }
        change = max(change, Double((values.lastIndex { $0 != last } ?? 0) + 1) * curve.step)
      }
    }
    return change
  }

  private static func stagesChart(_ summary: RunSummary) -> [Chart] {
    let stages = summary.stages.filter { $0.p50 != nil }
    guard !stages.isEmpty else { return [] }
    let binding = summary.claims.flatMap { ClaimText.stages(binding: $0) }
    var elapsed = 0.0
    var bars: [BarChart.Bar] = []
    for stage in stages {
      let median = stage.p50 ?? 0
      let isBinding = binding.contains(stage.stage)
      let figures = "\(NumberText.readable(stage.p50, digits: 3)) s"
      let tail = stage.p95.map { " (p95 \(NumberText.readable($0, digits: 3)))" } ?? ""
      bars.append(
        BarChart.Bar(
          name: stage.stage + (isBinding ? " (binds)" : ""), start: elapsed, end: elapsed + median,
          whisker: stage.p95.map { (elapsed + median, elapsed + $0) }, figures: figures + tail,
          title: "\(stage.stage): median \(figures)\(tail)", isSetOff: isBinding))
      elapsed += median
    }
    let title = "Start of a Pod, stage by stage"
    let chart = BarChart(
      name: "stages", title: title,
      subtitle: "medians laid end to end; thin lines reach to each stage's p95",
      caption: "seconds", bars: bars, threshold: nil)
    return [Chart(file: "stages.svg", title: title, svg: chart.render())]
  }

  private static func tornadoChart(_ summary: RunSummary) -> [Chart] {
    guard let found = summary.sensitivity,
      let svg = TornadoChart(sensitivity: found).render()
    else { return [] }
    return [Chart(file: "tornado.svg", title: "What moves \(found.response)", svg: svg)]
  }

  private static func ladderCharts(_ summary: RunSummary) -> [Chart] {
    let claims = summary.claims.filter { $0.ladder.count > 1 }
    return claims.enumerated().map { index, claim in
      let paths = claim.ladder.map(\.path)
      let bars = claim.ladder.enumerated().map { number, rung in
        let name = ClaimText.rung(rung, number, among: paths)
        let figures =
          "\(NumberText.readable(rung.estimate, apartFrom: claim.threshold)), met \(rung.met)/\(rung.of)"
        let whisker = rung.p5.flatMap { low in rung.p95.map { (low: low, high: $0) } }
        return BarChart.Bar(
          name: name, start: 0, end: rung.estimate ?? 0, whisker: whisker, figures: figures,
          title: "\(name): \(figures)", isSetOff: rung.verdict != .holds)
      }
      let title = "What must change for \(claim.name)"
      let requirement = ClaimText.requirement(claim)
      let name = index == 0 ? "ladder" : "ladder-\(index + 1)"
      let chart = BarChart(
        name: name, title: title,
        subtitle:
          "\(claim.metric) on the same luck; thin lines p5–p95; dashed: the claim, \(requirement)",
        caption: NumberText.withUnit(claim.metric, claim.unit.isEmpty ? "" : "in \(claim.unit)"),
        bars: bars, threshold: LineChart.Threshold(label: requirement, value: claim.threshold))
      return Chart(file: name + ".svg", title: title, svg: chart.render())
    }
  }
}
