import CloudSimulation
import Infrastructure
import Quantities

extension Claim: ScenarioKind {
  static let kind = "Claim"
  static let shortForm: String? = "claims"
  static func blank(_ name: String) -> Claim { Claim(name: name) }
  static func add(_ object: Claim, to scenario: inout Scenario) { scenario.claims.append(object) }

  static let fields = FieldTable<Claim> { table in
    table.field("metric", \.metric, .choice, Note("What it is about."))
    let threshold = Shape.scalar(name: "threshold", json: ["string", "number"], unit: "")
    table.custom(
      "above", threshold,
      Note("What the metric must exceed, in the metric's unit.").oneWay(to: "threshold"),
      text: { claim in
        if case .above(let value) = claim.bound { claim.metric.text(value) } else { nil }
      },
      { value, claim, reader in
        if let value = claim.metric.threshold(value, &reader) { claim.bound = .above(value) }
      })
    table.custom(
      "below", threshold,
      Note("What the metric must stay under, in the metric's unit.").oneWay(to: "threshold"),
      text: { claim in
        if case .below(let value) = claim.bound { claim.metric.text(value) } else { nil }
      },
      { value, claim, reader in
        if let value = claim.metric.threshold(value, &reader) { claim.bound = .below(value) }
      })
    table.field(
      "share", \.share, .properShare, Note("The share of replications that must meet it."))
    table.field("confidence", \.confidence, .properShare, Note("The confidence of the verdict."))
    table.field(
      "load", \.load, Codec<String>.name.optional(written: nil),
      Note("The load whose burst is meant; otherwise the only step."))
    table.field(
      "queue", \.queue, Codec<String>.name.optional(written: nil),
      Note("The batch queue whose jobs are meant; otherwise the only one."))
    table.field(
      "from", \.from, Codec<TimeSpan>.duration.optional(written: nil),
      Note("When the window begins; otherwise with the load."))
    table.field(
      "to", \.to, Codec<TimeSpan>.duration.optional(written: nil),
      Note("When the window ends; otherwise at the horizon."))
    table.field(
      "sites", \.sites, Codec<String>.name.list,
      Note("Sites whose Pods count, besides those bound nowhere; otherwise all."))
  }
}

extension Claim.Metric {
  /// Reads a threshold in the metric's unit.
  fileprivate func threshold(_ value: ManifestValue, _ reader: inout Reader) -> Double? {
    switch self {
    case .sustained, .bestMinute, .worstMinute:
      return Codec<Rate>.rate.decode(value, &reader).map(\.perMinute)
    case .absorb, .startP95, .latencyP50, .latencyP95, .latencyP99, .batchWait, .batchMakespan:
      return Codec<TimeSpan>.duration.decode(value, &reader).map(\.seconds)
    case .plateau, .errorShare, .cloudShare:
      let share = Codec<Share>.scalar(
        "share", expected: "a share from 0 to 1, such as 0.95 or 95%",
        parse: { text throws(ScalarError) in
          try ScalarError.translating { () throws(QuantityError) in try Share.parse(text) }
        }, encode: { $0.description })
      return share.decode(value, &reader).map(\.fraction)
    case .ready, .lateJobs, .ownPeak, .sloMinutes, .shortMinutes, .shortPodMinutes,
      .sparePodMinutes,
      .batchSlowdown:
      return Codec<Double>.number().decode(value, &reader)
    case .cost, .costAmortised, .costPerJob:
      guard let text = reader.scalar(value, expected: "an amount, such as 1320 or 1320 CNY") else {
        return nil
      }
      if text.contains(" ") { return Codec<Price>.price.decode(value, &reader)?.amount.units }
      return Codec<Money>.money.decode(value, &reader)?.units
    }
  }

  /// A threshold as a file would write it.
  fileprivate func text(_ value: Double) -> String {
    switch self {
    case .sustained, .bestMinute, .worstMinute: Rate(perMinute: value).text
    case .absorb, .startP95, .latencyP50, .latencyP95, .latencyP99, .batchWait, .batchMakespan:
      TimeSpan.seconds(value).formatted
    case .plateau, .ready, .cost, .costAmortised, .costPerJob, .lateJobs, .sloMinutes, .errorShare,
      .cloudShare, .ownPeak, .shortMinutes, .shortPodMinutes, .sparePodMinutes, .batchSlowdown:
      plain(value)
    }
  }
}
