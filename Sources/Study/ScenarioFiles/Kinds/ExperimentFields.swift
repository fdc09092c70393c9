import CloudSimulation
import Quantities

extension Experiment: ScenarioKind {
  static let kind = "Experiment"
  static let shortForm: String? = nil
  static func blank(_ name: String) -> Experiment { Experiment(name: name) }
  static func add(_ object: Experiment, to scenario: inout Scenario) {
    scenario.experiments.append(object)
  }

  static let fields = FieldTable<Experiment> { table in
    table.field(
      "factors", \.factors, Codec<Experiment.Factor>.factor.list,
      Note("The parameters that are moved."))
    table.field("design", \.design, .choice, Note("How the points are chosen."))
    table.field(
      "points", \.points, .integer(from: 1, to: 1_000_000),
      Note("How many points a design has that fills the factors' ranges."))
    table.field(
      "replications", \.replications, .integer(from: 1, to: 1_000_000_000),
      Note("How many replications each point is run with, all points on the same luck."))
    table.field(
      "branchAt", \.branchAt, Codec<TimeSpan>.duration.optional(written: "start"),
      Note("When runs branch: until then each is the base's; otherwise points differ throughout."))
    table.field(
      "responses", \.responses, Codec<String>.name.list,
      Note("The metrics to be recorded; otherwise all."))
    table.field(
      "ranking", \.ranking, Codec<Experiment.Ranking>.ranking.list,
      Note("By which responses the best point is looked for, and what doesn't matter."))
  }
}

extension Codec where Value == Experiment.Ranking {
  /// A response with its indifference zone.
  static let ranking = Codec.object(
    FieldTable<Experiment.Ranking> { table in
      table.field("response", \.response, .name, Note("The response that decides.").required)
      table.custom(
        "indifference",
        .scalar(name: "number with a unit", json: ["number", "string"], unit: ""),
        Note("The difference that doesn't matter, above 0, such as 500 CNY or 30 s.").required
      ) { value, ranking, reader in
        let expected = "a number with the response's unit, such as 500 CNY or 30 s"
        guard let text = reader.scalar(value, expected: expected) else { return }
        let digits = text.prefix { "0123456789.".contains($0) }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Double(digits), number.isFinite, unit.allSatisfy(\.isLetter) else {
          reader.error(
            at: value.place, "wrong-value", "\"\(text)\" is no difference", expected: expected,
            width: text.count)
          return
        }
        ranking.indifference = number
        ranking.unit = String(unit)
      }
      table.field(
        "confidence", \.confidence, .properShare, Note("How sure the answer has to be."))
    }
  ) { Experiment.Ranking(response: "") }
}

extension Codec where Value == Experiment.Factor {
  /// A path with its levels.
  static let factor = Codec.object(
    FieldTable<Experiment.Factor> { table in
      table.field("path", \.path, .name, Note("The parameter's path.").required)
      table.custom(
        "values", .list(.scalar(name: "anything", json: [], unit: "")),
        Note("The levels; the first is the base, the first and the last end a range.").required
      ) { value, factor, reader in
        factor.values =
          (reader.elements(value, expected: "a list of values") ?? []).map(\.flowText)
        if factor.values.isEmpty {
          reader.error(
            at: value.place, "wrong-value", "a factor without values",
            expected: "a list of values")
        }
      }
    }
  ) { Experiment.Factor(path: "") }
}
