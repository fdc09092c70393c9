import Autoscaling
import CloudSimulation
import ClusterModel
import Quantities

extension PredictiveScaler: ScenarioKind {
  static let kind = "PredictiveScaler"
  static let shortForm: String? = "predictiveScalers"
  static func blank(_ name: String) -> PredictiveScaler { PredictiveScaler(name: name) }
  static func add(_ object: PredictiveScaler, to scenario: inout Scenario) {
    scenario.predictiveScalers.append(object)
  }

  static let fields = FieldTable<PredictiveScaler> { table in
    table.field(
      "target", \.target, .name,
      Note("The workload that it scales: Kind/name or Kind/namespace/name.").required)
    table.field(
      "load", \.load, Codec<String>.name.optional(written: nil),
      Note("The load whose demand it follows; otherwise the sum of all."))
    table.field(
      "perReplica", \.perReplica, .positive, Note("How much of the demand one Pod serves."))
    addForecast(to: &table)
    table.field("minReplicas", \.minReplicas, .integer(), Note("The fewest Pods."))
    table.field("maxReplicas", \.maxReplicas, .integer(), Note("The most Pods that it asks for."))
  }

  private static func addForecast(to table: inout FieldTable<PredictiveScaler>) {
    table.field("model", \.model, .choice, Note("How it predicts."))
    table.field(
      "interval", \.interval, .lastingDuration,
      Note("How often it looks.").graded("S", "crane's DSP samples every 60 s").used(.scalers))
    table.field(
      "season", \.season, .lastingDuration, Note("After how long the demand repeats itself."))
    table.field(
      "lookahead", \.lookahead, .lastingDuration,
      Note("How far ahead of the demand Pods are asked for.").graded("A", "chosen")
        .range("1m", "15m").used(.scalers))
    table.field(
      "quantile", \.quantile, .properShare,
      Note("Which quantile of its past errors it adds.").graded("A", "chosen")
        .range("0.5", "0.99").used(.scalers))
    table.field(
      "history", \.history, Codec<Double>.number().list,
      Note("The demand before the start, one value per interval, the newest last."))
    table.group("smoothing", Note("holtWinters: how strongly the newest value counts.")) { table in
      table.field(
        "level", \.smoothing.level, .properShare,
        Note("In the level.").graded("A", "chosen").range("0.1", "0.6").used(.scalers))
      table.field(
        "trend", \.smoothing.trend, .properShare,
        Note("In the trend.").graded("A", "chosen").range("0.001", "0.1").used(.scalers))
      table.field(
        "season", \.smoothing.season, .properShare,
        Note("In the season.").graded("A", "chosen").range("0.1", "0.6").used(.scalers))
    }
  }
}

extension PredictiveScaler {
  /// The load whose demand it follows; nil: the sum of all.
  fileprivate var load: String? {
    get { metric.selector?.matchLabels["load"] }
    set {
      metric = MetricIdentifier(
        name: "load", selector: newValue.map { LabelSelector(matchLabels: ["load": $0]) })
    }
  }
}

extension Codec where Value == Double {
  /// A number above 0.
  static let positive = Codec.scalar(
    "number", json: ["number", "string"], expected: "a number above 0",
    parse: { text throws(ScalarError) in
      guard let number = Double(text), number.isFinite else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a number")
      }
      guard number > 0 else {
        throw ScalarError(code: "out-of-range", message: "\"\(text)\" isn't above 0")
      }
      return number
    },
    encode: { plain($0) }, between: { $0 + ($1 - $0) * $2 })
}
