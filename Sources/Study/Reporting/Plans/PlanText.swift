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
    return text + "; regret \(difference(more, plan)) against \(levers(regret.best, plan))"
  }

  /// How the search went.
  static func search(_ plan: PlanSummary) -> String {
    let seen = NumberText.count(plan.visited.count)
    let all = NumberText.count(plan.combinations)
    let way =
      plan.isExhaustive
      ? "\(seen) of \(all) combinations run, the others ruled out"
      : "\(seen) of \(all) combinations run by a search from better to better"
    return way + "; \(NumberText.count(plan.runs)) runs on common luck"
  }
}
