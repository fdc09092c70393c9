import Statistics

/// What reports on plans, on the terminal and in `report.md`, say in the same words.
enum PlanText {
  /// An amount with its currency.
  static func amount(_ value: Double, _ plan: PlanSummary) -> String {
    NumberText.money(value, currency: plan.currency)
  }

  /// Each lever's object and field with its value, such as `NodePool/rack count 40`.
  static func levers(_ values: [String], _ plan: PlanSummary) -> String {
    zip(plan.levers, values).map { lever, value in
      "\(lever.path.replacing(":spec.", with: " ")) \(value)"
    }.joined(separator: " · ")
  }

  /// A difference with its interval.
  static func difference(_ difference: PlanSummary.Difference, _ plan: PlanSummary) -> String {
    var text = amount(difference.estimate, plan)
    if let low = difference.low, let high = difference.high {
      text += " [\(NumberText.readable(low)), \(NumberText.readable(high))]"
    }
    return text
  }

  /// The verdict of the new luck on a claim.
  static func retest(_ claim: ClaimResult) -> String {
    "\(ClaimText.mark(claim.verdict)) \(claim.name) \(ClaimText.verdict(claim.verdict)): "
      + "\(ClaimText.clause(claim)). \(ClaimText.met(claim))"
  }

  /// What came closest to the claims where nothing meets them.
  static func nearest(_ point: PlanSummary.Point, _ plan: PlanSummary) -> String {
    "Closest came \(levers(point.values, plan)) at \(amount(point.cost, plan)): it met all claims in "
      + "\(NumberText.percent(point.met)) of \(NumberText.count(point.replications, "replication"))."
  }

  /// How a claim stood there, and by how much it is missed on average.
  static func miss(_ claim: ClaimResult) -> String {
    let text = retest(claim)
    guard claim.verdict == .fails, let mean = claim.estimate else { return text }
    let gap = claim.isAbove ? claim.threshold - mean : mean - claim.threshold
    func amount(_ value: Double) -> String {
      claim.unit.isEmpty
        ? NumberText.percent(value, decimals: 3)
        : NumberText.withUnit(NumberText.readable(value), claim.unit)
    }
    return text + "; on average \(amount(mean)), "
      + (gap > 0
        ? "\(amount(gap)) too \(claim.isAbove ? "little" : "much")"
        : "which would do: it is missed too often")
  }

  /// What the chosen plan is worth at another demand.
  static func regret(_ regret: PlanSummary.Regret, _ plan: PlanSummary) -> String {
    let share = Int(((regret.demand - 1) * 100).rounded())
    let demand = "demand \(share > 0 ? "+" : "−")\(abs(share)) %"
    var text = "\(demand): the chosen plan costs \(amount(regret.cost, plan)) and "
    switch regret.standing {
    case .holds: text += "holds"
    case .fails: text += "fails"
    case .dearer, .undecided: text += "is undecided"
    }
    guard let more = regret.more else { return text + "; no plan holds then" }
    if more.estimate == 0 { return text + "; it is the best then, too" }
    let best = levers(regret.best, plan)
    // What doesn't hold may well be cheaper, which is nothing to regret.
    if regret.standing == .fails {
      return text + "; the cheapest that holds costs \(against(more, plan)): \(best)"
    }
    return text + "; regret \(difference(more, plan)) against \(best)"
  }

  /// What the better plan costs more or less than the chosen one.
  private static func against(
    _ more: PlanSummary.Difference, _ plan: PlanSummary
  ) -> String {
    let turned = PlanSummary.Difference(
      estimate: -more.estimate, low: more.high.map { -$0 }, high: more.low.map { -$0 })
    return more.estimate < 0
      ? "\(difference(turned, plan)) more" : "\(difference(more, plan)) less"
  }

  /// How sure it is that nothing is cheaper.
  static func selection(_ selection: PlanSummary.Selection, _ plan: PlanSummary) -> String {
    let zone = amount(selection.indifference, plan)
    let sure = "\(NumberText.readable(selection.confidence * 100, digits: 3)) %"
    let after = NumberText.count(selection.replications, "replication")
    let method = "Kim and Nelson's procedure over those that hold"
    if selection.isDecided {
      return "Nothing that holds is cheaper by more than \(zone), at \(sure) confidence (\(method),"
        + " after \(after))."
    }
    let rivals = selection.rivals.map { levers($0, plan) }.joined(separator: "; or ")
    return "Whether something is cheaper by more than \(zone) isn't decided at \(sure) after"
      + " \(after) (\(method)): \(rivals)."
  }

  /// What an interrupted search leaves out.
  static func partial(_ plan: PlanSummary) -> String {
    let done = NumberText.count(plan.runs, "run")
    if plan.retest.isEmpty {
      return
        "The search was interrupted after \(done): what is best so far wasn't tried on new luck."
    }
    return "Interrupted after \(done): not all other demands were looked at."
  }

  /// How the search went.
  static func search(_ plan: PlanSummary) -> String {
    let seen = NumberText.count(plan.visited.count)
    let all = NumberText.count(plan.combinations)
    let way =
      plan.isExhaustive && !(plan.isPartial && plan.retest.isEmpty)
      ? "\(seen) of \(all) combinations run, the others ruled out"
      : plan.isExhaustive
        ? "\(seen) of \(all) combinations run so far"
        : "\(seen) of \(all) combinations run by a search from better to better"
    return way + "; \(NumberText.count(plan.runs)) runs on common luck"
  }
}
