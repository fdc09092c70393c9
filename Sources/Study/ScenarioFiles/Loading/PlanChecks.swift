import CloudSimulation
import Infrastructure
import Quantities

extension Checks {
  /// Plans name levers that exist and have prices, values that they take, and claims.
  mutating func checkPlans() {
    let claims = world.all(Claim.self).map { ($0.document.name, $0.document.namePlace) }
    for (document, plan) in world.all(Plan.self) {
      if plan.levers.isEmpty { reportNothing("levers", "a plan with nothing to buy", document) }
      if plan.claims.isEmpty { reportNothing("claims", "a plan without a claim", document) }
      if plan.days.isEmpty { reportNothing("days", "a calendar without a day", document) }
      for (number, name) in plan.claims.enumerated() {
        require(
          name, among: claims, what: "Claim", at: ["spec", "claims", "[\(number)]"], in: document)
      }
      for (number, lever) in plan.levers.enumerated() { check(lever, number, of: plan, document) }
      for (number, day) in plan.days.enumerated() { check(day, number, of: plan, document) }
      checkIndifference(of: plan, document)
    }
  }

  private mutating func checkIndifference(of plan: Plan, _ document: Document) {
    let currency = (world.all(PriceSheet.self).first?.object ?? PriceSheet()).currency
    guard let zone = plan.indifference,
      zone.period != nil || zone.currency != currency || zone.amount <= .zero
    else { return }
    report(
      at: ["spec", "indifference"], in: document, "wrong-value",
      "it is a difference of the whole cost",
      expected: "an amount above zero, such as 500 \(currency)")
  }

  private mutating func reportNothing(_ key: String, _ message: String, _ document: Document) {
    report(
      at: ["spec", key], in: document, "missing-value", message,
      expected: "\(key): at least one")
  }

  private mutating func check(
    _ lever: Plan.Lever, _ number: Int, of plan: Plan, _ document: Document
  ) {
    let keys = ["spec", "levers", "[\(number)]"]
    let isGiven = ["values", "range"].filter { document.tree.value(along: keys + [$0]) != nil }
    if isGiven.count != 1 || lever.values.isEmpty {
      report(
        at: keys, in: document, "missing-key", "a lever without values, or with two kinds of them",
        expected: "values: a list, or range: {from, to, step}")
      return
    }
    checkValues(lever.values, of: lever.path, at: keys, in: document)
    if lever.leadTime >= .hours(24 * 365 * plan.years) {
      report(
        at: keys + ["leadTime"], in: document, "wrong-value",
        "it arrives after the plan's horizon",
        expected: "a shorter time, or more years")
    }
    if !lever.prices.isEmpty, lever.prices.count != lever.values.count {
      report(
        at: keys + ["prices"], in: document, "wrong-value",
        "\(lever.prices.count) prices for \(lever.values.count) values",
        expected: "a price for each value")
    } else if lever.price != nil || !lever.prices.isEmpty {
      if let value = lever.values.indices.first(where: { lever.price(of: $0) == nil }) {
        report(
          at: keys + ["price"], in: document, "wrong-value",
          "\"\(lever.values[value])\" is no number of units, so a price for each doesn't price it",
          expected: "prices: one for each value")
      }
    } else if plan.counts == .cash {
      report(
        at: keys, in: document, "missing-key", "a lever without a price",
        expected: "price: such as 0.80 CNY/h for a unit, 0 CNY/h for what costs nothing, or the"
          + " plan's counts: amortised where the scenario prices it")
    }
    let sheet = world.all(PriceSheet.self).first?.object ?? PriceSheet()
    for price in lever.prices + (lever.price.map { [$0] } ?? [])
    where price.currency != sheet.currency {
      report(
        at: keys, in: document, "wrong-unit",
        "a price in \(price.currency), while the scenario's are in \(sheet.currency)",
        expected: "a price in \(sheet.currency)")
    }
  }

  private mutating func check(
    _ day: Plan.Day, _ number: Int, of plan: Plan, _ document: Document
  ) {
    let keys = ["spec", "days", "[\(number)]"]
    for (position, setting) in day.settings.enumerated() {
      checkSetting(setting, at: keys + ["set", "[\(position)]"], in: document)
    }
    for (position, name) in (day.claims ?? []).enumerated() where !plan.claims.contains(name) {
      report(
        at: keys + ["claims", "[\(position)]"], in: document, "dangling-reference",
        "\"\(name)\" is none of the plan's claims",
        expected: "one of \(plan.claims.joined(separator: ", "))",
        suggestion: nearest(to: name, among: plan.claims))
    }
  }

  /// Tries a value that an object wants to give to a path.
  private mutating func checkSetting(
    _ setting: ParameterSetting, at keys: [String], in document: Document
  ) {
    var copy = world
    guard !setting.path.isEmpty,
      let problem = copy.set(setting.path, to: setting.value).first(where: {
        $0.severity == .error
      })
    else { return }
    let isPath = problem.code == "unknown-path"
    report(
      at: keys + [isPath ? "path" : "value"], in: document,
      isPath ? "dangling-reference" : problem.code, problem.message, expected: problem.expected,
      suggestion: problem.suggestion)
  }
}
