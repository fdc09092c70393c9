import CloudSimulation
import Probability
import Quantities

extension Plan: ScenarioKind {
  static let kind = "Plan"
  static let shortForm: String? = nil
  static func blank(_ name: String) -> Plan { Plan(name: name) }
  static func add(_ object: Plan, to scenario: inout Scenario) { scenario.plans.append(object) }

  static let fields = FieldTable<Plan> { table in
    table.field(
      "levers", \.levers, Codec<Plan.Lever>.planLever.list,
      Note("What may be bought, and at what price.").required)
    table.field(
      "claims", \.claims, Codec<String>.name.list, Note("The claims that must hold.").required)
    table.field(
      "days", \.days, Codec<Plan.Day>.day.list,
      Note("The calendar; otherwise one kind of day, as the scenario says."))
    table.field(
      "growth", \.growth, .numberLaw,
      Note("What the demand is multiplied by from one year to the next, by replication."))
    table.field(
      "years", \.years, .integer(from: 1, to: 30), Note("For how many years is planned."))
    table.field(
      "discount", \.discount, .number(),
      Note("By which share money is worth less a year later."))
    table.field(
      "counts", \.counts, .choice,
      Note("What of a run's bill counts: what is paid, or also the share of what is owned."))
    table.field(
      "replications", \.replications,
      Codec<Int>.integer(from: 1, to: 1_000_000).optional(written: "fewest"),
      Note("How many replications decide; fewest: as many as can."))
    table.field(
      "retest", \.retest, Codec<Int>.integer(from: 1, to: 1_000_000).optional(written: "same"),
      Note("How many replications, never used in the search, the chosen plan is tried on again."))
    table.field(
      "indifference", \.indifference, Codec<Price>.price.optional(written: nil),
      Note("The difference of the whole cost that doesn't matter; finalists run until it shows."))
    table.field(
      "confidence", \.confidence, .properShare,
      Note("How sure it has to be that nothing is cheaper by more than that."))
    table.field(
      "points", \.points, .integer(from: 1, to: 1_000_000),
      Note("Up to how many combinations all are looked at; of more, a search visits as many."))
  }
}

extension Codec where Value == Plan.Lever {
  /// A path with values, prices and lead time.
  static let planLever = Codec.object(
    FieldTable<Plan.Lever> { table in
      table.isOrdered = true
      table.field("path", \.path, .name, Note("The parameter's path.").required)
      table.custom(
        "values", .list(.scalar(name: "anything", json: [], unit: "")),
        Note("The values it may take, from little to much.").oneWay(to: "values")
      ) { value, lever, reader in
        lever.values = (reader.elements(value, expected: "a list of values") ?? []).map(\.flowText)
      }
      table.custom(
        "range", .object(WholeRange.fields.outlines(WholeRange())),
        Note("Whole numbers from, to and step: by the rack, where a rack is a step.")
          .oneWay(to: "values")
      ) { value, lever, reader in
        var range = WholeRange()
        WholeRange.fields.read(value, into: &range, &reader)
        if range.to < range.from || (range.to - range.from) / range.step > 100_000 {
          reader.error(
            at: value.place, "wrong-value", "a range of no numbers, or of more than 100,000",
            expected: "to: at least from")
          return
        }
        lever.values = stride(from: range.from, through: range.to, by: range.step).map(String.init)
      }
      table.field(
        "price", \.price, Codec<Price>.price.optional(written: nil),
        Note("The price of one unit of the value, once or per time.").oneWay(to: "price"))
      table.field(
        "prices", \.prices, Codec<Price>.price.list,
        Note("The price of each value as a whole, once or per time.").oneWay(to: "price"))
      table.field(
        "leadTime", \.leadTime, .duration, Note("How long after the decision it is there."))
      table.field(
        "more", \.more, .choice,
        Note("Whether more of it never spoils a claim, so that less of what fails isn't tried."))
    }
  ) { Plan.Lever(path: "") }
}

/// Whole numbers at equal distances.
private struct WholeRange: Sendable {
  var from = 0
  var to = 0
  var step = 1

  static let fields = FieldTable<WholeRange> { table in
    table.field("from", \.from, .integer(), Note("The first."))
    table.field("to", \.to, .integer(), Note("None is larger.").required)
    table.field("step", \.step, .integer(from: 1), Note("From one to the next."))
  }
}

extension Codec where Value == Plan.Day {
  /// A kind of day.
  static let day = Codec.object(
    FieldTable<Plan.Day> { table in
      table.field("name", \.name, .name, Note("Its name.").required)
      table.field(
        "perYear", \.perYear, .number(), Note("How often a year what the run shows comes."))
      table.field(
        "demand", \.demand, .numberLaw,
        Note("What all loads are multiplied by, drawn for each replication and year."))
      table.field(
        "set", \.settings, Codec<ParameterSetting>.planSetting.list,
        Note("What else is different on it."))
      table.field(
        "claims", \.claims, Codec<String>.name.list.optional(written: "all"),
        Note("Which of the plan's claims it is judged by; otherwise all."))
    }
  ) { Plan.Day(name: "") }
}

extension Codec where Value == ParameterSetting {
  /// A path with its value.
  static let planSetting = Codec.object(
    FieldTable<ParameterSetting> { table in
      table.field("path", \.path, .name, Note("The parameter's path.").required)
      table.custom(
        "value", .scalar(name: "anything", json: [], unit: ""), Note("Its value.").required
      ) { value, setting, _ in setting.value = value.flowText }
    }
  ) { ParameterSetting(path: "", value: "") }
}
