import Foundation
import Statistics
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Counts the elements of an XML document, if it is well formed.
final class ElementCounter: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  private(set) var texts: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { texts.append(text) }

  static func read(_ text: String) throws -> ElementCounter {
    let counter = ElementCounter()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = counter
    try #require(parser.parse(), "not well formed: \(String(describing: parser.parserError))")
    return counter
  }
}

@Suite struct ChartTests {
  @Test func chartsOfARunAreSmallWellFormedAndNamed() throws {
    let charts = ReportCharts.render(SampleRuns.burst())
    #expect(
      charts.map(\.file) == ["throughput.svg", "backlog.svg", "stages.svg", "ladder.svg"])
    #expect(charts.reduce(0) { $0 + $1.svg.utf8.count } < 60_000)
    for chart in charts {
      let read = try ElementCounter.read(chart.svg)
      #expect(chart.svg.contains("role=\"img\" aria-label=\""))
      #expect(chart.svg.contains("prefers-color-scheme:dark"))
      #expect(try #require(read.elements["title"]) > 1, "\(chart.file) has no titles for its marks")
    }
  }

  @Test("Curves that go on don't move where the axis ends, and say that they do")
  func curvesThatGoOn() throws {
    var run = SampleRuns.burst()
    let before = ReportCharts.lineCharts(run)
    let rising = (0..<720).map { Double($0) / 10 }
    run.series.append(
      TimeSeries(
        name: TimeSeries.cost, unit: "CNY", place: "spot Pods", step: 5, mean: rising, low: rising,
        high: rising))
    let after = ReportCharts.lineCharts(run)
    #expect(after.map(\.timeEnd) == [before[0].timeEnd, before[0].timeEnd, before[0].timeEnd])
    #expect(try #require(before[0].goesOn).isUnchanged)
    #expect(try !#require(after[2].goesOn).isUnchanged)
    #expect(after[2].render().contains("(of "))
    // Scaled to what is drawn, not to what comes after.
    #expect(!after[2].render().contains(">70<"))
  }

  @Test("Pods that wait to the end are spoken of, and only those")
  func podsThatWaitToTheEnd() throws {
    var run = SampleRuns.burst()
    let index = try #require(run.series.firstIndex { $0.name == TimeSeries.backlog })
    run.series[index].mean[719] = 0
    #expect(!ReportCharts.render(run)[1].svg.contains("never got Ready"))
    for point in 700..<720 { run.series[index].mean[point] = 12 }
    #expect(ReportCharts.render(run)[1].svg.contains("12 never got Ready: they wait to the end"))
  }

  @Test func theSameRunGivesTheSameBytes() {
    let once = ReportCharts.render(SampleRuns.burst()).map(\.svg)
    #expect(once == ReportCharts.render(SampleRuns.burst()).map(\.svg))
  }

  @Test func hostilePlacesStayText() throws {
    var run = SampleRuns.burst()
    run.series[0].place = "</text><script>alert(1)</script>\u{0}&"
    run.series[0].name = "../../etc/passwd"
    run.claims[0].name = "a<b>\"c\""
    for chart in ReportCharts.render(run) {
      let read = try ElementCounter.read(chart.svg)
      #expect(read.elements["script"] == nil)
      #expect(!chart.file.contains("/"))
    }
    #expect(ReportCharts.render(run)[0].file == "etc-passwd.svg")
  }

  @Test func theClaimsThresholdIsInsideThePictureEvenIfNothingComesNear() throws {
    var run = SampleRuns.burst()
    run.claims[0].threshold = 50_000
    let svg = ReportCharts.render(run)[0].svg
    #expect(svg.contains("claim &gt; 50,000 Pods/min"))
    #expect(svg.contains(">60,000</text>"))
  }

  @Test func noSpikeVanishesWhenACurveIsThinned() {
    var values = [Double](repeating: 1, count: 50_000)
    values[31_234] = 99
    values[7] = -5
    let kept = Thinning.extremes(of: values)
    #expect(kept.count <= 1000)
    #expect(kept.contains(31_234) && kept.contains(7))
    #expect(kept.first == 0 && kept.last == 49_999)
    #expect(kept == kept.sorted() && Set(kept).count == kept.count)
    let band = Thinning.outline(low: values, high: values)
    #expect(band.count <= 1000)
    #expect(band.map(\.high).max() == 99 && band.map(\.low).min() == -5)
  }

  @Test func aLongNoisySeriesStaysSmall() throws {
    var state: UInt64 = 1
    let noise = (0..<100_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40)
    }
    var run = RunSummary()
    run.series = [
      TimeSeries(
        name: TimeSeries.throughput, unit: "Pods/min", step: 1, mean: noise,
        low: noise.map { $0 / 2 }, high: noise.map { $0 * 2 })
    ]
    let svg = ReportCharts.render(run)[0].svg
    #expect(svg.utf8.count < 20_000)
    _ = try ElementCounter.read(svg)
  }

  @Test(
    "An axis ends at a round number at or above the highest value, with few marks",
    arguments: [0.0, 0.003, 1, 9.7, 10, 99.2, 1040, 123_456, .infinity, .nan])
  func axis(highest: Double) {
    let axis = Axis(upTo: highest, start: 0, end: 100)
    if highest.isFinite { #expect(axis.high >= highest) }
    #expect((2...7).contains(axis.ticks.count))
    #expect(axis.position(axis.high) == 100 && axis.position(0) == 0)
  }

  @Test(
    "An axis of time has a handful of marks whatever the span",
    arguments: [0.5, 1, 59, 300, 301, 3600, 14_400, 86_400, 400_000, 3e7])
  func timeAxis(span: Double) {
    let (unit, step) = TimeUnit.suiting(span)
    #expect((3...15).contains(Int(span / step) + 1), "\(span) s in steps of \(step) s")
    #expect(unit.seconds <= span || unit.seconds == 1)
  }

  @Test func anEmptyRunHasNoCharts() {
    #expect(ReportCharts.render(RunSummary()).isEmpty)
  }

  @Test func sparklinesShowTheirHighestValueAtFullHeight() {
    #expect(Sparkline.render([0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.render([0, 0, 9, 0], width: 2) == "▁█")
    #expect(Sparkline.render([], width: 5) == "")
    #expect(Sparkline.render([0, 0], width: 5) == "▁▁")
  }
}
