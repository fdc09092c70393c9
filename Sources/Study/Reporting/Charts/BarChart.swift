import Statistics

/// Horizontal bars with names at their left and figures at their right.
struct BarChart {
  /// One bar.
  struct Bar {
    /// The name at the left.
    let name: String
    /// Where the bar begins.
    let start: Double
    /// Where it ends.
    let end: Double
    /// The ends of the thin line over it, where there is one.
    let whisker: (low: Double, high: Double)?
    /// The figures at the right.
    let figures: String
    /// What is shown beside the pointer.
    let title: String
    /// Whether the bar is set off from the others.
    let isSetOff: Bool
  }

  /// The chart's name, which its file bears.
  let name: String
  /// The heading.
  let title: String
  /// The line below it.
  let subtitle: String
  /// What is marked along the axis.
  let caption: String
  /// The bars from top to bottom.
  let bars: [Bar]
  /// A threshold across all bars.
  let threshold: LineChart.Threshold?

  private static let width = 640
  private static let rowHeight = 26.0
  private static let top = 62.0

  /// The chart as an SVG file.
  func render() -> String {
    let names = bars.map { LineChart.shortened($0.name, to: 34) }
    let figures = bars.map { LineChart.shortened($0.figures, to: 30) }
    let left = 22 + min(240, names.map(Drawing.textWidth).max() ?? 0)
    let right = Double(Self.width) - 24 - min(215, figures.map(Drawing.textWidth).max() ?? 0)
    let bottom = Self.top + Double(bars.count) * Self.rowHeight + 6
    let summary = bars.map { "\($0.name) \($0.figures)" }.joined(separator: "; ")
    var drawing = Drawing(name: name, width: Self.width, label: "\(title): \(summary)")
    drawing.text(title, x: 14, y: 24, class: "h")
    drawing.text(subtitle, x: 14, y: 44, class: "m")
    let highestBar = (bars.map(\.end) + [threshold?.value ?? 0]).max() ?? 0
    let highestWhisker = bars.compactMap(\.whisker?.high).max() ?? 0
    // One far outlier must not press all bars flat: its thin line is cut, and an arrow says so.
    let reach = highestBar > 0 ? min(highestWhisker, 4 * highestBar) : highestWhisker
    let marks = max(2, Int((right - left) / 75))
    let axis = Axis(upTo: max(highestBar, reach), marks: marks, start: left, end: right)
    for tick in axis.ticks {
      let x = axis.position(tick)
      drawing.line(from: (x, Self.top - 4), to: (x, bottom), class: "x")
      drawing.text(NumberText.readable(tick), x: x, y: bottom + 16, class: "m", anchor: .middle)
    }
    for (row, bar) in bars.enumerated() {
      let y = Self.top + Double(row) * Self.rowHeight
      draw(bar, at: y, axis, on: &drawing)
      drawing.text(names[row], x: left - 8, y: y + 16, anchor: .end)
      drawing.text(figures[row], x: right + 14, y: y + 16, class: "m")
    }
    if let threshold {
      let x = axis.position(threshold.value)
      drawing.line(
        from: (x, Self.top - 4), to: (x, bottom), class: "c", title: "claim \(threshold.label)")
    }
    drawing.text(caption, x: (left + right) / 2, y: bottom + 34, class: "m", anchor: .middle)
    return drawing.document(height: Int(bottom) + 44)
  }

  private func draw(_ bar: Bar, at y: Double, _ axis: Axis, on drawing: inout Drawing) {
    let start = axis.position(bar.start)
    drawing.bar(
      x: start, y: y + 4, width: axis.position(bar.end) - start, height: Self.rowHeight - 10,
      class: bar.isSetOff ? "f1" : "f0", title: bar.title)
    guard let whisker = bar.whisker, whisker.high > whisker.low else { return }
    let middle = y + 4 + (Self.rowHeight - 10) / 2
    let low = axis.position(whisker.low)
    let isCut = whisker.high > axis.high
    let high = axis.position(min(whisker.high, axis.high))
    drawing.line(from: (low, middle), to: (high, middle), class: "w", title: bar.title)
    drawing.line(from: (low, middle - 4), to: (low, middle + 4), class: "w")
    let tip = isCut ? high - 4 : high
    drawing.line(from: (tip, middle - 4), to: (high, middle), class: "w")
    drawing.line(from: (tip, middle + 4), to: (high, middle), class: "w")
  }
}
