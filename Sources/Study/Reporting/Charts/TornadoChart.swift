import Statistics

/// Bars around a response's value as it is, the widest first.
struct TornadoChart {
  let sensitivity: SensitivitySummary

  private static let width = 640
  private static let rowHeight = 26.0
  private static let top = 62.0
  /// More bars than this are left out; the narrowest say least.
  static let most = 20

  /// The chart as an SVG file; nil where nothing moves the response.
  func render() -> String? {
    let bars = sensitivity.bars.prefix(Self.most).filter { $0.swing.isFinite && $0.swing > 0 }
    guard let base = sensitivity.base, !bars.isEmpty else { return nil }
    let ends = bars.flatMap { bar in [bar.low, bar.high].compactMap { $0 } }
    let moves = ends.compactMap(\.difference) + [0]
    let names = bars.map {
      LineChart.shortened(PathText.leaf($0.path), to: 26)
    }
    let left = 22 + min(190, names.map(Drawing.textWidth).max() ?? 0)
    let right = Double(Self.width) - 150
    let bottom = Self.top + Double(bars.count) * Self.rowHeight + 6
    let title = "What moves \(sensitivity.response)"
    var drawing = Drawing(name: "tornado", width: Self.width, label: label(title, Array(bars)))
    drawing.text(title, x: 14, y: 24, class: "h")
    drawing.text(
      "each assumed value to the ends of its range, on the same luck; line: as it is, "
        + NumberText.withUnit(NumberText.readable(base), sensitivity.unit), x: 14, y: 44, class: "m"
    )
    let axis = Axis(
      from: base + (moves.min() ?? 0), to: base + (moves.max() ?? 0), start: left, end: right)
    for tick in axis.ticks {
      let x = axis.position(tick)
      drawing.line(from: (x, Self.top - 4), to: (x, bottom), class: "x")
      drawing.text(NumberText.readable(tick), x: x, y: bottom + 16, class: "m", anchor: .middle)
    }
    for (row, bar) in bars.enumerated() {
      draw(bar, names[row], at: Self.top + Double(row) * Self.rowHeight, axis, base, on: &drawing)
    }
    drawing.line(
      from: (axis.position(base), Self.top - 4), to: (axis.position(base), bottom), class: "w")
    return drawing.document(height: Int(bottom) + 28)
  }

  private func label(_ title: String, _ bars: [SensitivitySummary.Bar]) -> String {
    title + ": "
      + bars.map { "\($0.path) by \(NumberText.readable($0.swing))" }.joined(separator: "; ")
  }

  private func draw(
    _ bar: SensitivitySummary.Bar, _ name: String, at y: Double, _ axis: Axis, _ base: Double,
    on drawing: inout Drawing
  ) {
    drawing.text(name, x: axis.start - 8, y: y + 16, anchor: .end)
    for (end, style) in [(bar.low, "f0"), (bar.high, "f1")] {
      guard let end, let move = end.difference, move != 0 else { continue }
      let (a, b) = (axis.position(base), axis.position(base + move))
      drawing.bar(
        x: min(a, b), y: y + 4, width: abs(b - a), height: Self.rowHeight - 10, class: style,
        title: "\(bar.path) \(end.value): \(NumberText.readable(base + move))")
    }
    let ends = [bar.low?.value, bar.high?.value].compactMap { $0 }
    drawing.text(
      LineChart.shortened(ends.joined(separator: " … "), to: 19), x: axis.end + 14, y: y + 16,
      class: "m")
  }
}
