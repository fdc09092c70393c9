import Statistics

// Curves over time, with one cursor through all.
extension HTMLReport {
  /// Points of a curve that the page holds for its cursor at most.
  private static let mostPoints = 400

  mutating func writeCurves(_ charts: [LineChart]) {
    guard !charts.isEmpty else { return }
    page.beginSection("time", "Over time")
    page.raw("<div id=\"time-controls\" class=\"controls\" hidden>")
    page.raw(
      "<label for=\"moment\">Time <input id=\"moment\" type=\"range\" min=\"0\" max=\"1000\" "
        + "value=\"0\" step=\"1\"></label><output id=\"moment-text\" for=\"moment\"></output>")
    for place in places(charts) where places(charts).count > 1 {
      let name = PageWriter.escaped(place)
      page.raw(
        "<button type=\"button\" aria-pressed=\"true\" data-place=\"\(name)\">\(name)</button>")
    }
    page.raw("</div>\n<div class=\"multiples\">")
    for var chart in charts {
      chart.frame = .small
      page.raw("<figure id=\"chart-\(chart.name)\">")
      page.raw(chart.renderInline().svg)
      let items = shown(chart).map { "<li>\(PageWriter.escaped(chart.placeName($0)))</li>" }
      page.raw("<ul class=\"readout\" aria-label=\"Values at the cursor\">")
      page.raw(items.joined() + "</ul></figure>")
    }
    page.raw("</div>")
    page.endSection()
  }

  private func shown(_ chart: LineChart) -> ArraySlice<TimeSeries> {
    chart.series.prefix(ChartStyle.seriesLimit)
  }

  /// The names that can be switched off, in the order in which they come.
  private func places(_ charts: [LineChart]) -> [String] {
    var names: [String] = []
    for chart in charts where shown(chart).count > 1 {
      for curve in shown(chart) where !curve.place.isEmpty && !names.contains(curve.place) {
        names.append(curve.place)
      }
    }
    return names
  }

  /// The curves' values for the cursor, thinned, as JSON that can't end the element it stands in.
  func curveData(_ charts: [LineChart]) -> String {
    var list: [JSONValue] = []
    for var chart in charts {
      chart.frame = .small
      let (_, top, bottom) = chart.renderInline()
      list.append([
        "id": .string(chart.name), "unit": .string(chart.unit),
        "width": .integer(chart.frame.width), "left": .number(chart.frame.left),
        "right": .number(chart.frame.right), "top": .number(top), "bottom": .number(bottom),
        "series": .array(shown(chart).map { series($0, of: chart) }),
      ])
    }
    let data: JSONValue = [
      "end": .number(charts.first?.timeEnd ?? 0), "charts": .array(list),
    ]
    var text = ""
    for character in data.compact() { text += character == "<" ? "\\u003c" : String(character) }
    return text
  }

  private func series(_ curve: TimeSeries, of chart: LineChart) -> JSONValue {
    let count = curve.step > 0 ? min(curve.mean.count, Int(chart.timeEnd / curve.step) + 2) : 0
    let stride = max(1, (count + Self.mostPoints - 1) / Self.mostPoints)
    let values = Swift.stride(from: 0, to: count, by: stride).map {
      JSONValue.number(curve.mean[$0])
    }
    return [
      "name": .string(chart.placeName(curve)), "step": .number(curve.step * Double(stride)),
      "values": .array(values),
    ]
  }
}
