import Statistics

/// What a search for a plan leaves behind and says.
public enum PlanReport {
  /// `report.md`.
  public static func markdown(_ plan: PlanSummary) -> String {
    var lines = ["# \(MarkupText.markdown(plan.plan))"]
    func block(_ block: [String]) { lines += [""] + block }
    if !plan.question.isEmpty { block(["_\(MarkupText.markdown(plan.question))_"]) }
    block([MarkupText.markdown(facts(plan).joined(separator: " · "))])
    if plan.isPartial { block(["> [!WARNING]", "> **Partial.** \(PlanText.partial(plan))"]) }
    block(verdict(plan).map { "- \(MarkupText.markdown($0))" })
    if FrontierChart(plan: plan).render() != nil {
      block(["![Cost against \(MarkupText.markdown(plan.measure))](charts/frontier.svg)"])
    }
    block(["## What may be bought"])
    var levers = MarkdownTable([
      ("Lever", .left), ("Values", .right), ("Price", .left), ("Lead time", .left),
    ])
    for lever in plan.levers {
      levers.row([
        MarkupText.code(lever.path), NumberText.count(lever.values),
        MarkupText.markdown(lever.price), MarkupText.markdown(lever.leadTime),
      ])
    }
    block(levers.lines)
    block(["## The frontier and the best"])
    var table = MarkdownTable([
      ("Plan", .left), ("Cost", .right), ("Levers alone", .right), ("Met", .right),
      (MarkupText.markdown(NumberText.withUnit(plan.measure, plan.measureUnit)), .right),
      ("Replications", .right), ("Stands", .left),
    ])
    for (index, point) in plan.visited.enumerated() where shows(point, index, of: plan) {
      let name = MarkupText.markdown(PlanText.levers(point.values, plan))
      let isChosen = index == plan.chosen
      table.row([
        isChosen ? "**\(name)**" : name, PlanText.amount(point.cost, plan),
        PlanText.amount(point.fixed, plan), "\(NumberText.readable(point.met * 100, digits: 3)) %",
        NumberText.readable(point.measure), NumberText.count(point.replications),
        isChosen ? "**chosen**" : point.standing.rawValue,
      ])
    }
    block(table.lines)
    block(["## Reproduce"])
    if !plan.command.isEmpty { block(["```sh", MarkupText.oneLine(plan.command), "```"]) }
    block([
      "Spillway \(MarkupText.markdown(plan.version)) · scenario \(MarkupText.code(plan.digest))"
        + " · seed \(plan.seed)"
    ])
    return lines.joined(separator: "\n") + "\n"
  }

  /// Rows of the table: the frontier, and what comes near the chosen one.
  private static func shows(
    _ point: PlanSummary.Point, _ index: Int, of plan: PlanSummary
  ) -> Bool {
    let named = [plan.chosen, plan.runnerUp, plan.nearest]
    if point.isOnFrontier || named.contains(index) { return true }
    guard let chosen = plan.chosen else { return false }
    return abs(index - chosen) <= 5
  }

  private static func facts(_ plan: PlanSummary) -> [String] {
    [
      "scenario \(plan.scenario)", NumberText.count(plan.years, "year"),
      "discount \(NumberText.readable(plan.discount * 100, digits: 3)) %",
    ] + plan.calendar + [
      "\(NumberText.count(plan.replications, "replication")) each", "seed \(plan.seed)",
    ]
  }

  /// The plan, its verdict on new luck, the runner-up and the regrets, a sentence each.
  private static func verdict(_ plan: PlanSummary) -> [String] {
    guard let chosen = plan.chosen else {
      let none =
        plan.isPartial
        ? "No combination is known so far to meet the claims."
        : "No combination meets the claims at the stated confidence."
      var lines = [none]
      if let nearest = plan.nearest { lines.append(PlanText.nearest(plan.visited[nearest], plan)) }
      return lines + plan.nearestClaims.map(PlanText.miss) + [PlanText.search(plan)]
    }
    let point = plan.visited[chosen]
    let isOpen = plan.isPartial && plan.retest.isEmpty
    var lines = [
      "\(isOpen ? "Best so far:" : "Buy") \(PlanText.levers(point.values, plan)): \(PlanText.amount(point.cost, plan)) over "
        + "\(NumberText.count(plan.years, "year")), \(PlanText.amount(point.fixed, plan)) of it for"
        + " the levers."
    ]
    if let selection = plan.selection { lines.append(PlanText.selection(selection, plan)) }
    if !isOpen {
      lines.append(
        "On new luck (\(NumberText.count(plan.retestReplications, "replication")) that the search"
          + " never saw) it costs \(amount(plan.retestCost, plan)).")
    }
    lines += plan.retest.map(PlanText.retest)
    if let place = plan.runnerUp, let more = plan.runnerUpMore {
      let isEqual = more.estimate == 0 && (more.low ?? 0) == 0 && (more.high ?? 0) == 0
      lines.append(
        "Runner-up: \(PlanText.levers(plan.visited[place].values, plan)), "
          + (isEqual ? "at the same cost" : "dearer by " + PlanText.difference(more, plan)))
    } else {
      lines.append("There is no runner-up: no other combination is known to hold.")
    }
    lines += plan.regrets.map { PlanText.regret($0, plan) }
    lines.append(PlanText.search(plan))
    return lines
  }

  private static func amount(_ metric: MetricSummary, _ plan: PlanSummary) -> String {
    var text = PlanText.amount(metric.mean ?? 0, plan)
    if let low = metric.low, let high = metric.high {
      text += " [\(NumberText.readable(low)), \(NumberText.readable(high))]"
    }
    return text
  }

  /// What the terminal shows.
  public static func terminal(_ plan: PlanSummary, folder: String?) -> String {
    var lines = [([plan.plan] + facts(plan)).joined(separator: " · "), ""]
    if plan.isPartial { lines.append("PARTIAL: " + PlanText.partial(plan)) }
    lines += verdict(plan)
    if let folder { lines += ["", "wrote \(folder)/report.md"] }
    return lines.map(MarkupText.terminal).joined(separator: "\n") + "\n"
  }

  /// Every combination visited, a row each: what `--visited` and `csv/visited.csv` hold.
  public static func visited(_ plan: PlanSummary) -> ResultTable {
    var table = ResultTable(
      "visited",
      columns: plan.levers.map { .init($0.path, kind: .text) } + [
        .init("cost", unit: plan.currency), .init("cost_low", unit: plan.currency),
        .init("cost_high", unit: plan.currency), .init("levers", unit: plan.currency),
        .init("met"), .init("claim_\(plan.measure)", unit: plan.measureUnit),
        .init("replications", kind: .count), .init("standing", kind: .text),
        .init("frontier", kind: .count),
      ])
    func number(_ value: Double?) -> ResultTable.Cell { value.map { .number($0) } ?? .missing }
    for (index, point) in plan.visited.enumerated() {
      table.append(
        point.values.map { .text($0) } + [
          .number(point.cost), number(point.low), number(point.high), .number(point.fixed),
          .number(point.met), number(point.measure), .count(point.replications),
          .text(index == plan.chosen ? "chosen" : point.standing.rawValue),
          .count(point.isOnFrontier ? 1 : 0),
        ])
    }
    return table
  }

  /// `summary.json` of a search for a plan.
  public static func json(_ plan: PlanSummary) -> JSONValue {
    [
      "plan": .string(plan.plan), "scenario": .string(plan.scenario),
      "question": .string(plan.question), "seed": .unsigned(plan.seed),
      "version": .string(plan.version), "digest": .string(plan.digest),
      "currency": .string(plan.currency), "years": .integer(plan.years),
      "discount": .number(plan.discount), "calendar": .strings(plan.calendar),
      "combinations": .integer(plan.combinations), "exhaustive": .bool(plan.isExhaustive),
      "replications": .integer(plan.replications), "runs": .integer(plan.runs),
      "partial": .bool(plan.isPartial), "holds": .bool(plan.holds),
      "selection": plan.selection.map { selection($0, plan) } ?? .null,
      "chosen": plan.chosen.map { point(plan.visited[$0], plan) } ?? .null,
      "nearest": plan.nearest.map { point(plan.visited[$0], plan) } ?? .null,
      "nearestClaims": .array(plan.nearestClaims.map(SummaryJSON.claim)),
      "retest": [
        "replications": .integer(plan.retestReplications),
        "cost": SummaryJSON.metric(plan.retestCost),
        "claims": .array(plan.retest.map(SummaryJSON.claim)),
      ],
      "runnerUp": plan.runnerUp.map { point(plan.visited[$0], plan) } ?? .null,
      "runnerUpMore": difference(plan.runnerUpMore),
      "regrets": .array(
        plan.regrets.map { regret in
          [
            "demand": .number(regret.demand), "standing": .string(regret.standing.rawValue),
            "cost": .number(regret.cost), "best": levers(regret.best, plan),
            "regret": difference(regret.more),
          ]
        }),
      "visited": .array(plan.visited.map { point($0, plan) }),
      "command": .string(plan.command),
    ]
  }

  private static func levers(_ values: [String], _ plan: PlanSummary) -> JSONValue {
    .object(zip(plan.levers, values).map { ($0.path, .string($1)) })
  }

  private static func selection(
    _ selection: PlanSummary.Selection, _ plan: PlanSummary
  ) -> JSONValue {
    [
      "indifference": .number(selection.indifference),
      "confidence": .number(selection.confidence), "decided": .bool(selection.isDecided),
      "replications": .integer(selection.replications),
      "rivals": .array(selection.rivals.map { levers($0, plan) }),
    ]
  }

  private static func difference(_ difference: PlanSummary.Difference?) -> JSONValue {
    guard let difference else { return .null }
    return [
      "estimate": .number(difference.estimate), "low": .optional(difference.low),
      "high": .optional(difference.high),
    ]
  }

  private static func point(_ point: PlanSummary.Point, _ plan: PlanSummary) -> JSONValue {
    [
      "levers": levers(point.values, plan), "cost": .number(point.cost),
      "low": .optional(point.low), "high": .optional(point.high), "fixed": .number(point.fixed),
      "met": .number(point.met), "measure": .optional(point.measure),
      "replications": .integer(point.replications), "standing": .string(point.standing.rawValue),
      "frontier": .bool(point.isOnFrontier),
    ]
  }

  /// The charts: the frontier, where there is one.
  static func charts(_ plan: PlanSummary) -> [ReportCharts.Chart] {
    guard let svg = FrontierChart(plan: plan).render() else { return [] }
    return [
      ReportCharts.Chart(file: "frontier.svg", title: "Cost against \(plan.measure)", svg: svg)
    ]
  }
}
