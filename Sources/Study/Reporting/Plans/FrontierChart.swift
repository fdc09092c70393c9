import Statistics

/// What combinations cost against what the first claim measures, with the frontier of the best.
struct FrontierChart {
  let plan: PlanSummary

  private static let width = 640
  private static let left = 72.0
  private static let right = 622.0
  private static let top = 82.0
  private static let bottom = 302.0

  /// The chart as an SVG file; nil where no combination has a measure.
  func render() -> String? {
    let points = plan.visited.filter { $0.measure?.isFinite ?? false }
    guard let highest = points.map(\.cost).max() else { return nil }
    let unit = plan.measureUnit.isEmpty ? "" : ", \(plan.measureUnit)"
    let title = "Cost against \(plan.measure)"
    var drawing = Drawing(name: "frontier", width: Self.width, label: label(title))
    drawing.text(title, x: 14, y: 24, class: "h")
    drawing.text(
      "\(plan.measure)\(unit) (mean) · ringed: the chosen plan · dashed: the claim", x: 14, y: 44,
      class: "m")
    drawLegend(on: &drawing)
    let across = Axis(upTo: highest, start: Self.left, end: Self.right)
    let measures = points.compactMap(\.measure) + [plan.threshold]
    let up = Axis(upTo: (measures.max() ?? 1) * 1.04, start: Self.bottom, end: Self.top)
    drawGrid(across, up, on: &drawing)
    let y = up.position(plan.threshold)
    drawing.line(
      from: (Self.left, y), to: (Self.right, y), class: "c",
      title: "claim \(NumberText.readable(plan.threshold))")
    let frontier = points.filter(\.isOnFrontier)
    for (one, next) in zip(frontier, frontier.dropFirst()) {
      drawing.line(
        from: (across.position(one.cost), up.position(one.measure ?? 0)),
        to: (across.position(next.cost), up.position(next.measure ?? 0)), class: "l s0")
    }
    for (index, point) in plan.visited.enumerated() where point.measure?.isFinite ?? false {
      draw(point, isChosen: index == plan.chosen, across, up, on: &drawing)
    }
    drawing.text(
      "cost over \(NumberText.count(plan.years, "year")), \(plan.currency)",
      x: (Self.left + Self.right) / 2, y: Self.bottom + 38, class: "m", anchor: .middle)
    return drawing.document(height: Int(Self.bottom) + 48)
  }

  private func label(_ title: String) -> String {
    guard let chosen = plan.chosen else { return title + ": no plan holds" }
    let point = plan.visited[chosen]
    return "\(title): the chosen plan costs \(NumberText.readable(point.cost)) \(plan.currency)"
      + " at \(NumberText.readable(point.measure))"
  }

  private static func style(_ standing: PlanSummary.Standing) -> Int {
    switch standing {
    case .holds: 2
    case .fails: 1
    case .dearer: 4
    case .undecided: 3
    }
  }

  private func drawLegend(on drawing: inout Drawing) {
    var x = 14.0
    for standing in [PlanSummary.Standing.holds, .dearer, .fails, .undecided]
    where plan.visited.contains(where: { $0.standing == standing }) {
      drawing.bar(x: x, y: 58, width: 10, height: 10, class: "f\(Self.style(standing))")
      drawing.text(standing.rawValue, x: x + 16, y: 67)
      x += 16 + Drawing.textWidth(standing.rawValue) + 16
    }
  }

  private func drawGrid(_ across: Axis, _ up: Axis, on drawing: inout Drawing) {
    for tick in up.ticks {
      let y = up.position(tick)
      drawing.line(from: (Self.left, y), to: (Self.right, y), class: "x")
      drawing.text(
        NumberText.readable(tick), x: Self.left - 8, y: y + 4.5, class: "m", anchor: .end)
    }
    for tick in across.ticks {
      let x = across.position(tick)
      drawing.line(from: (x, Self.bottom), to: (x, Self.bottom + 5), class: "x")
      drawing.text(
        NumberText.readable(tick), x: x, y: Self.bottom + 20, class: "m", anchor: .middle)
    }
  }

  private func draw(
    _ point: PlanSummary.Point, isChosen: Bool, _ across: Axis, _ up: Axis,
    on drawing: inout Drawing
  ) {
    let (x, y) = (across.position(point.cost), up.position(point.measure ?? 0))
    let title =
      "\(point.values.joined(separator: ", ")): \(NumberText.readable(point.cost))"
      + " \(plan.currency), \(NumberText.readable(point.measure)), \(point.standing.rawValue)"
    drawing.bar(
      x: x - 3, y: y - 3, width: 6, height: 6, class: "f\(Self.style(point.standing))",
      title: title)
    guard isChosen else { return }
    for (from, to) in [
      ((x - 8, y - 8), (x + 8, y - 8)), ((x + 8, y - 8), (x + 8, y + 8)),
      ((x + 8, y + 8), (x - 8, y + 8)), ((x - 8, y + 8), (x - 8, y - 8)),
    ] {
      drawing.line(from: from, to: to, class: "w")
    }
  }
}
