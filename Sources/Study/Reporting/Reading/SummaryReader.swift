import Foundation
import Quantities
import Statistics

/// Reads a run's folder back, so that its reports can be made anew.
public enum SummaryReader {
  /// The summary that a folder holds: `summary.json`, and the curves and lives of its `csv/`.
  ///
  /// - Throws: ``SummaryReadingError`` with the place of what can't be read.
  public static func read(folder: String) throws(SummaryReadingError) -> RunSummary {
    guard let data = FileManager.default.contents(atPath: "\(folder)/summary.json") else {
      throw SummaryReadingError(path: "", reason: "isn't there: \(folder) holds no run")
    }
    let value: JSONValue
    do { value = try JSONDecoder().decode(JSONValue.self, from: data) } catch {
      throw SummaryReadingError(path: "", reason: "is no JSON: \(error)")
    }
    var summary = try read(try JSONFields(value, at: ""))
    summary.series = try TableReader.curves(folder: folder)
    summary.history = try TableReader.history(folder: folder)
    return summary
  }

  private static func read(_ json: JSONFields) throws(SummaryReadingError) -> RunSummary {
    var summary = RunSummary()
    summary.scenario = try json.text("scenario")
    summary.question = try json.text("question")
    summary.seed = try json.unsigned("seed")
    summary.replications = try json.count("replications")
    summary.isPartial = try json.flag("partial")
    summary.version = try json.text("version")
    summary.digest = try json.text("digest")
    for claim in try json.objects("claims") { summary.claims.append(try read(claim: claim)) }
    for metric in try json.objects("metrics") { summary.metrics.append(try read(metric: metric)) }
    summary.pods = try read(pods: try json.object("pods"))
    summary.money = try read(money: try json.object("money"))
    for check in try json.objects("conservation") {
      summary.conservation.append(
        ConservationCheck(
          quantity: try check.text("quantity"), left: try check.number("left"),
          right: try check.number("right")))
    }
    for value in try json.objects("assumptions") {
      summary.assumptions.append(
        Assumption(
          path: try value.text("path"), value: try value.text("value"),
          unit: try value.text("unit"), grade: try value.text("grade"),
          source: try value.text("source"), range: try value.optionalText("range")))
    }
    let input = try json.object("input")
    for kind in input.names {
      summary.input.append(try read(input: try input.object(kind), kind: kind))
    }
    for stage in try json.objects("stages") { summary.stages.append(try read(stage: stage)) }
    for pod in try json.objects("unschedulable") {
      summary.unschedulable.append(
        UnschedulablePod(pod: try pod.text("pod"), reason: try pod.text("reason")))
    }
    summary.caveats = try json.texts("caveats")
    summary.command = try json.text("command")
    summary.setting = try json.texts("setting")
    if json.has("windows") { summary.windows = try json.count("windows") }
    summary.autoscalers = try read(autoscalers: json)
    summary.causes = try read(causes: json)
    if json.has("sensitivity") {
      summary.sensitivity = try read(sensitivity: try json.object("sensitivity"))
    }
    return summary
  }

  private static func read(
    metric json: JSONFields
  ) throws(SummaryReadingError) -> MetricSummary {
    var metric = MetricSummary(name: try json.text("name"), unit: try json.text("unit"))
    metric.mean = try json.optionalNumber("mean")
    metric.low = try json.optionalNumber("low")
    metric.high = try json.optionalNumber("high")
    metric.p50 = try json.optionalNumber("p50")
    metric.p95 = try json.optionalNumber("p95")
    metric.p99 = try json.optionalNumber("p99")
    metric.n = try json.count("n")
    return metric
  }

  private static func read(pods json: JSONFields) throws(SummaryReadingError) -> PodCounts {
    var pods = PodCounts()
    pods.created = try json.count("created")
    pods.running = try json.count("running")
    pods.pending = try json.count("pending")
    pods.refused = try json.count("refused")
    pods.starting = try json.count("starting")
    pods.succeeded = try json.count("succeeded")
    pods.failed = try json.count("failed")
    pods.deleted = try json.count("deleted")
    pods.evicted = try json.count("evicted")
    return pods
  }

  private static func read(money json: JSONFields) throws(SummaryReadingError) -> MoneySummary {
    var money = MoneySummary()
    money.currency = try json.text("currency")
    for item in try json.objects("items") {
      money.items.append(
        MoneySummary.Item(
          name: try item.text("name"), quantity: try item.number("quantity"),
          unit: try item.text("unit"), amount: try item.money("amount"),
          incremental: try item.money("incremental"), isOwned: try item.flag("owned")))
    }
    for (name, sum) in [
      ("cash", money.exactCash), ("amortised", money.exactAmortised),
      ("incremental", money.exactIncremental),
    ] where try json.money(name) != sum {
      throw SummaryReadingError(
        path: "money.\(name)", reason: "expected \(sum.decimal), the sum of the items")
    }
    return money
  }

  private static func read(
    input json: JSONFields, kind: String
  ) throws(SummaryReadingError) -> InputSummary {
    var input = InputSummary(kind: kind)
    input.objects = try json.count("objects")
    input.read = try json.count("read")
    input.ignored = try json.count("ignored")
    input.unsupported = try json.count("unsupported")
    input.unsupportedFields = try json.texts("unsupportedFields")
    input.podsTouched = try json.texts("podsTouched")
    return input
  }

  private static func read(stage json: JSONFields) throws(SummaryReadingError) -> StageSummary {
    var stage = StageSummary(stage: try json.text("stage"))
    stage.attempts = try json.number("attempts")
    stage.mean = try json.optionalNumber("mean")
    stage.p50 = try json.optionalNumber("p50")
    stage.p95 = try json.optionalNumber("p95")
    stage.p99 = try json.optionalNumber("p99")
    stage.limitPerMinute = try json.optionalNumber("limitPerMinute")
    stage.limitPath = try json.optionalText("limitPath")
    return stage
  }
}

extension SummaryReader {
  private static func read(claim json: JSONFields) throws(SummaryReadingError) -> ClaimResult {
    var claim = ClaimResult()
    claim.name = try json.text("name")
    claim.deckClaim = try json.optionalText("deckClaim")
    claim.metric = try json.text("metric")
    claim.unit = try json.text("unit")
    claim.threshold = try json.number("threshold")
    claim.isAbove = try json.flag("above")
    claim.share = try json.number("share")
    claim.confidence = try json.number("confidence")
    claim.met = try json.count("met")
    claim.of = try json.count("of")
    claim.shareAtLeast = try json.optionalNumber("shareAtLeast")
    claim.shareAtMost = try json.optionalNumber("shareAtMost")
    claim.estimate = try json.optionalNumber("estimate")
    claim.low = try json.optionalNumber("low")
    claim.high = try json.optionalNumber("high")
    claim.verdict = try json.choice("verdict", of: ClaimResult.Verdict.self)
    claim.replicationsToDecide = try json.optionalNumber("replicationsToDecide").map { Int($0) }
    claim.conditions = try read(conditions: json)
    claim.bindingStage = try json.optionalText("bindingStage")
    claim.limit = try read(limit: json)
    for effect in try json.objects("counterfactuals") {
      claim.counterfactuals.append(try read(counterfactual: effect))
    }
    claim.counterfactualReplications = try json.count("counterfactualReplications")
    for rung in try json.objects("ladder") { claim.ladder.append(try read(rung: rung)) }
    for rate in try json.objects("rates") { claim.rates.append(try read(metric: rate)) }
    claim.story = try json.text("story")
    claim.window = try json.text("window")
    claim.looks = try json.counts("looks")
    claim.countsWindows = json.has("countsWindows")
    return claim
  }

  private static func read(
    limit json: JSONFields
  ) throws(SummaryReadingError) -> ClaimResult.LimitKind? {
    guard try json.optionalText("limit") != nil else { return nil }
    return try json.choice("limit", of: ClaimResult.LimitKind.self)
  }

  private static func read(
    conditions json: JSONFields
  ) throws(SummaryReadingError) -> [ClaimResult.Condition] {
    var conditions: [ClaimResult.Condition] = []
    for one in try json.objects("conditions") {
      conditions.append(
        ClaimResult.Condition(
          path: try one.text("path"), flipsAt: try one.text("flipsAt"),
          range: try one.text("range"),
          verdictThere: try one.choice("verdictThere", of: ClaimResult.Verdict.self),
          isLowEnd: try one.text("end") == "low"))
    }
    return conditions
  }

  private static func read(
    counterfactual json: JSONFields
  ) throws(SummaryReadingError) -> ClaimResult.Counterfactual {
    var effect = ClaimResult.Counterfactual()
    effect.path = try json.text("path")
    effect.stage = try json.text("stage")
    effect.from = try json.text("from")
    effect.to = try json.text("to")
    effect.metric = try json.text("metric")
    effect.estimate = try json.optionalNumber("estimate")
    effect.low = try json.optionalNumber("low")
    effect.high = try json.optionalNumber("high")
    return effect
  }

  private static func read(rung json: JSONFields) throws(SummaryReadingError) -> ClaimResult.Rung {
    var rung = ClaimResult.Rung()
    rung.path = try json.text("path")
    rung.from = try json.text("from")
    rung.to = try json.text("to")
    rung.price = try json.optionalText("price")
    rung.leadTime = try json.optionalText("leadTime")
    rung.estimate = try json.optionalNumber("estimate")
    rung.low = try json.optionalNumber("low")
    rung.high = try json.optionalNumber("high")
    rung.p5 = try json.optionalNumber("p5")
    rung.p95 = try json.optionalNumber("p95")
    rung.met = try json.count("met")
    rung.of = try json.count("of")
    rung.verdict = try json.choice("verdict", of: ClaimResult.Verdict.self)
    rung.bindingStage = try json.optionalText("bindingStage")
    rung.bindingLimit = try json.optionalText("bindingLimit")
    rung.limit = try read(limit: json)
    rung.conditions = try read(conditions: json)
    return rung
  }
}
