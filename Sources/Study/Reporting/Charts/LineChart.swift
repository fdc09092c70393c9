import Statistics

/// Curves over time with their bands, and the thresholds of claims across them.
struct LineChart {
  /// A claim's threshold, drawn across the curves.
  struct Threshold {
    /// What stands beside the line.
    let label: String
    /// Its height.
    let value: Double
  }

  /// The chart's name, which its file bears.
  let name: String
  /// The heading.
  let title: String
  /// The unit of the vertical axis.
  let unit: String
  /// The curves, at most as many as can be told apart; others are left out and counted.
  let series: [TimeSeries]
  /// The thresholds.
  let thresholds: [Threshold]
  /// How many replications the curves are a mean of.
  let replications: Int
  /// The end of the horizontal axis in seconds.
  let timeEnd: Double
  /// What the run has beyond the end of the axis, where it goes on.
  let goesOn: Rest?
  /// A line about the curves, below the heading.
  let note: String?

  /// The part of a run that isn't drawn.
  struct Rest {
    /// The end of the run in seconds.
    let until: Double
    /// Whether these curves stay as they are in it.
    let isUnchanged: Bool
  }

  /// The size of the drawing.
  var frame = Frame.page

  /// How large a drawing is and where its plot lies.
  struct Frame {
    /// The drawing's width.
    let width: Int
    /// Where the plot begins.
    let left: Double
    /// Where it ends.
    let right: Double
    /// How high it is.
    let plotHeight: Double

    /// A drawing as wide as a page of text.
    static let page = Frame(width: 640, left: 62, right: 622, plotHeight: 190)
    /// One of several drawings beside one another, or one on a telephone.
    static let small = Frame(width: 420, left: 58, right: 410, plotHeight: 120)
  }

  /// The chart as an SVG file.
  func render() -> String {
    let (drawing, plot) = draw()
    return drawing.document(height: Int(plot.bottom) + 46)
  }

  /// The chart as a part of a page, and where its plot lies from top to bottom.
  func renderInline() -> (svg: String, top: Double, bottom: Double) {
    let (drawing, plot) = draw()
    return (drawing.inline(height: Int(plot.bottom) + 46), plot.top, plot.bottom)
  }

  private func draw() -> (drawing: Drawing, plot: (top: Double, bottom: Double)) {
    let shown = Array(series.prefix(ChartStyle.seriesLimit))
    var drawing = Drawing(name: name, width: frame.width, label: label(of: shown))
    drawing.text(title, x: 14, y: 24, class: "h")
    drawing.text(
      Self.shortened(subtitle(of: shown), to: (frame.width - 20) / 7), x: 14, y: 44, class: "m")
    let top = drawLegend(of: shown, on: &drawing)
    let bottom = top + frame.plotHeight
    let highest = (shown.map(peak) + thresholds.map(\.value)).max() ?? 0
    let vertical = Axis(upTo: highest * 1.04, start: bottom, end: top)
    let (timeUnit, step) = TimeUnit.suiting(timeEnd)
    let horizontal = Axis(exactly: timeEnd, step: step, start: frame.left, end: frame.right)
    drawGrid(vertical, horizontal, timeUnit, on: &drawing)
    drawing.beginClip(
      x: frame.left, y: top - 1, width: frame.right - frame.left, height: bottom - top + 2)
    for (index, curve) in shown.enumerated() {
      drawBand(curve, index, horizontal, vertical, on: &drawing)
    }
    for (index, curve) in shown.enumerated() {
      drawCurve(curve, index, horizontal, vertical, on: &drawing)
    }
    drawing.endClip()
    drawThresholds(shown, horizontal, vertical, on: &drawing)
    return (drawing, (top, bottom))
  }

  private func peak(_ curve: TimeSeries) -> Double {
    let count = shownCount(curve.mean.count, step: curve.step)
    let values = curve.mean.prefix(count) + (hasBand(curve) ? curve.high.prefix(count) : [])
    return values.filter(\.isFinite).max() ?? 0
  }

  private func hasBand(_ curve: TimeSeries) -> Bool {
    !curve.low.isEmpty && zip(curve.low, curve.high).contains { $0 != $1 }
  }

  func placeName(_ curve: TimeSeries) -> String {
    if !curve.place.isEmpty { return curve.place }
    return series.count > 1 ? "all" : title
  }

  private func label(of shown: [TimeSeries]) -> String {
    let peaks = shown.map { curve in
      "\(placeName(curve)) peaks at \(NumberText.readable(peak(curve)))"
    }
    let lines = thresholds.map { "claim \($0.label)" }
    return "\(title), \(unit): " + (peaks + lines).joined(separator: "; ")
  }

  private func subtitle(of shown: [TimeSeries]) -> String {
    var text = unit
    if replications > 1 {
      text += " · mean of \(NumberText.count(replications)) replications"
      if shown.contains(where: hasBand) { text += ", band p5–p95" }
    }
    if series.count > shown.count { text += " · \(series.count - shown.count) more not drawn" }
    return text
  }

  /// Draws the legend where there is more than one curve; returns where the plot begins.
  private func drawLegend(of shown: [TimeSeries], on drawing: inout Drawing) -> Double {
    var top = 60.0
    if let note {
      drawing.text(Self.shortened(note, to: (frame.width - 20) / 7), x: 14, y: 62, class: "m")
      top += 18
    }
    guard shown.count > 1 else { return top }
    var x = 14.0
    var y = top + 6
    for (index, curve) in shown.enumerated() {
      let name = Self.shortened(placeName(curve), to: 40)
      let width = 34 + Drawing.textWidth(name) + 14
      if x > 14, x + width > frame.right {
        x = 14
        y += 19
      }
      drawing.line(from: (x, y - 4), to: (x + 28, y - 4), class: "l s\(index) d\(index)")
      drawing.text(name, x: x + 34, y: y)
      x += width
    }
    return y + 16
  }

  static func shortened(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}

extension LineChart {
  private func drawGrid(
    _ vertical: Axis, _ horizontal: Axis, _ unit: TimeUnit, on drawing: inout Drawing
  ) {
    for tick in vertical.ticks {
      let y = vertical.position(tick)
      drawing.line(from: (frame.left, y), to: (frame.right, y), class: "x")
      drawing.text(
        NumberText.readable(tick), x: frame.left - 8, y: y + 4.5, class: "m", anchor: .end)
    }
    for tick in horizontal.ticks {
      let x = horizontal.position(tick)
      drawing.line(from: (x, vertical.start), to: (x, vertical.start + 5), class: "x")
      drawing.text(
        NumberText.readable(tick / unit.seconds), x: x, y: vertical.start + 20, class: "m",
        anchor: .middle)
    }
    var caption = "time since the start, \(unit.name)"
    if let rest = goesOn {
      let end = NumberText.readable(rest.until / unit.seconds, digits: 3)
      caption += rest.isUnchanged ? " (no change after, until \(end))" : " (of \(end))"
    }
    drawing.text(
      caption, x: (frame.left + frame.right) / 2, y: vertical.start + 38, class: "m",
      anchor: .middle)
  }

  private func drawBand(
    _ curve: TimeSeries, _ index: Int, _ horizontal: Axis, _ vertical: Axis,
    on drawing: inout Drawing
  ) {
    guard hasBand(curve) else { return }
    let visible = shownCount(curve.low.count, step: curve.step)
    let outline = Thinning.outline(
      low: Array(curve.low.prefix(visible)), high: Array(curve.high.prefix(visible)))
    let upper = outline.map { place in
      (x: horizontal.position(place.index * curve.step), y: vertical.position(place.high))
    }
    let lower = outline.reversed().map { place in
      (x: horizontal.position(place.index * curve.step), y: vertical.position(place.low))
    }
    let path = Self.path(Self.snapped(upper)) + Self.path(Self.snapped(lower), from: "L") + "Z"
    drawing.shape(
      "path class=\"b f\(index)\" d=\"\(path)\"",
      title: "\(placeName(curve)): between the 5th and the 95th percentile")
  }

  private func drawCurve(
    _ curve: TimeSeries, _ index: Int, _ horizontal: Axis, _ vertical: Axis,
    on drawing: inout Drawing
  ) {
    let values = Array(curve.mean.prefix(shownCount(curve.mean.count, step: curve.step)))
    let points = Thinning.extremes(of: values).map { place in
      (
        x: horizontal.position(Double(place) * curve.step), y: vertical.position(values[place])
      )
    }
    let highest = values.max() ?? 0
    let time = Double(values.firstIndex(of: highest) ?? 0) * curve.step
    drawing.shape(
      "path class=\"l s\(index) d\(index)\" d=\"\(Self.path(Self.snapped(points)))\"",
      title: "\(placeName(curve)): mean; highest \(NumberText.readable(highest)) \(unit) "
        + "at \(NumberText.readable(time)) s")
  }

  /// How many points of a curve lie on the axis; one more, so that the curve reaches its edge.
  private func shownCount(_ count: Int, step: Double) -> Int {
    step > 0 ? min(count, Int(timeEnd / step) + 2) : count
  }

  private func drawThresholds(
    _ curves: [TimeSeries], _ horizontal: Axis, _ vertical: Axis, on drawing: inout Drawing
  ) {
    var taken: [(x: Double, y: Double)] = []
    for curve in curves {
      for (index, value) in curve.mean.prefix(shownCount(curve.mean.count, step: curve.step))
        .enumerated()
      {
        taken.append((horizontal.position(Double(index) * curve.step), vertical.position(value)))
      }
    }
    for threshold in thresholds {
      let y = vertical.position(threshold.value)
      let label = "claim \(threshold.label)"
      drawing.line(from: (frame.left, y), to: (frame.right, y), class: "c", title: label)
      let width = Drawing.textWidth(label)
      let places = [frame.right - 4 - width, frame.left + 4].flatMap { x in
        [y - 7, y + 16].filter { $0 - 11 > vertical.end - 8 }.map { (x: x, y: $0) }
      }
      // The place through which the fewest points of curves and other labels run.
      func crowd(_ place: (x: Double, y: Double)) -> Int {
        taken.count { point in
          point.x > place.x - 4 && point.x < place.x + width + 4 && point.y > place.y - 14
            && point.y < place.y + 5
        }
      }
      guard let best = places.min(by: { crowd($0) < crowd($1) }) else { continue }
      drawing.text(label, x: best.x, y: best.y, class: "k o")
      for step in 0...Int(width / 2) {
        taken.append((best.x + Double(step) * 2, best.y - 5))
      }
    }
  }

  /// Points moved to the tenth of a unit at which they will be written, so that level stretches
  /// are seen to be level.
  private static func snapped(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    Thinning.straightened(
      points.map { (x: ($0.x * 10).rounded() / 10, y: ($0.y * 10).rounded() / 10) })
  }

  /// A path through points, in steps from each to the next: shorter than in full coordinates.
  private static func path(_ points: [(x: Double, y: Double)], from start: String = "M") -> String {
    guard let first = points.first else { return "" }
    var text = "\(start)\(Drawing.number(first.x)) \(Drawing.number(first.y))"
    if points.count > 1 { text += "l" }
    for (index, (last, next)) in zip(points, points.dropFirst()).enumerated() {
      let x = Drawing.number(next.x - last.x)
      let y = Drawing.number(next.y - last.y)
      if index > 0, !x.hasPrefix("-") { text += " " }
      text += y.hasPrefix("-") ? x + y : x + " " + y
    }
    return text
  }
}
