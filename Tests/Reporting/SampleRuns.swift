import Quantities
import Statistics

/// Summaries made up for the tests; their figures are those of nobody's cloud.
enum SampleRuns {
  static let createRate = "ServerlessPool/cloud:spec.createRate"
  static let quota = "ServerlessPool/cloud:spec.quota.podsPerCluster"

  /// A burst that fails as it is and holds after two changes.
  static func burst() -> RunSummary {
    var run = RunSummary()
    run.scenario = "singles-day-burst"
    run.question = "Can 3,000 checkout Pods become Ready at more than 1,000 a minute?"
    run.seed = 42
    run.replications = 59
    run.version = "0.1.0"
    run.digest = "sha256:9f2c"
    run.setting = ["2,000 IDC nodes, 96 % requested", "burst 3,000 Pods"]
    run.command = "spillway run singles-day.yaml --seed 42"
    run.lookCloser = "spillway run singles-day.yaml --seed 42 --replication 17 --events"
    run.claims = [claim()]
    run.metrics = [
      metric("sustained", "Pods/min", mean: 0, low: 0, high: 0, p50: 0),
      metric("absorb", "s", mean: nil, low: nil, high: nil, p50: nil),
    ]
    run.pods = pods()
    run.money = money()
    run.conservation = [
      ConservationCheck(quantity: "Pods", left: 188_800, right: 188_800),
      ConservationCheck(quantity: "Pod-seconds inside", left: 512_345.25, right: 512_345.25),
    ]
    run.assumptions = [
      Assumption(
        path: createRate, value: "1000/min", unit: "Pods/min", grade: "A",
        source: "assumed; the provider publishes no rate", range: "600–3,000/min"),
      Assumption(
        path: "ServerlessPool/cloud:spec.boot", value: "lognormal, median 5.2 s", unit: "s",
        grade: "M", source: "measurements of a similar service", range: nil),
    ]
    run.input = input()
    run.stages = stages()
    run.series = series()
    run.unschedulable = [
      UnschedulablePod(pod: "shop/gpu-0", reason: "0/3 nodes are available: 3 Insufficient gpu.")
    ]
    run.caveats = ["41 Pods have no image size; 250Mi is taken for each"]
    return run
  }

  static func claim() -> ClaimResult {
    var claim = ClaimResult()
    claim.name = "fast"
    claim.metric = "sustained"
    claim.unit = "Pods/min"
    claim.threshold = 1000
    claim.of = 59
    claim.shareAtLeast = 0
    claim.shareAtMost = 0.0495
    claim.estimate = 0
    claim.low = 0
    claim.high = 0
    claim.verdict = .fails
    claim.bindingStage = "accept"
    claim.limit = .level
    claim.story = "100 Pods Ready 41 s after the step's start, then none: 2,900 refused."
    claim.counterfactualReplications = 12
    claim.rates = ["sustained", "bestMinute", "worstMinute"].map {
      metric($0, "Pods/min", mean: $0 == "bestMinute" ? 100 : 0, low: 0, high: 100, p50: 0)
    }
    var effect = ClaimResult.Counterfactual()
    effect.path = quota
    effect.stage = "accept"
    effect.from = "100"
    effect.to = "unlimited"
    effect.metric = "ready"
    effect.estimate = 921
    effect.low = 921
    effect.high = 921
    var other = ClaimResult.Counterfactual()
    other.path = createRate
    other.stage = "call"
    other.from = "1000/min"
    other.to = "unlimited"
    other.metric = "ready"
    other.estimate = 0
    other.low = 0
    other.high = 0
    claim.counterfactuals = [effect, other]
    claim.ladder = ladder()
    return claim
  }

  static func ladder() -> [ClaimResult.Rung] {
    var asIs = ClaimResult.Rung()
    asIs.estimate = 0
    asIs.p5 = 0
    asIs.p95 = 0
    asIs.of = 59
    asIs.verdict = .fails
    asIs.bindingStage = "accept"
    asIs.bindingLimit = "\(quota) 100"
    asIs.limit = .level
    var first = asIs
    first.path = quota
    first.from = "100"
    first.to = "5000"
    first.leadTime = "5 days"
    first.estimate = 996.4
    first.p5 = 991
    first.p95 = 999.2
    first.bindingStage = "call"
    first.bindingLimit = "\(createRate) 1000/min"
    first.limit = .rate
    var second = first
    second.path = createRate
    second.from = "1000/min"
    second.to = "1500/min"
    second.price = "¥0.80/h"
    second.leadTime = "10 days"
    second.estimate = 1188
    second.p5 = 1161
    second.p95 = 1197
    second.met = 59
    second.verdict = .holds
    second.bindingStage = "create"
    second.bindingLimit = "Controller/replicaset:spec.qps 20"
    second.conditions = [
      ClaimResult.Condition(
        path: createRate, flipsAt: "1,020/min", range: "600–3,000/min", verdictThere: .fails)
    ]
    return [asIs, first, second]
  }

  static func metric(
    _ name: String, _ unit: String, mean: Double?, low: Double?, high: Double?, p50: Double?
  ) -> MetricSummary {
    var metric = MetricSummary(name: name, unit: unit)
    metric.mean = mean
    metric.low = low
    metric.high = high
    metric.p50 = p50
    metric.p95 = p50
    metric.p99 = p50
    metric.n = mean == nil ? 0 : 59
    return metric
  }

  static func pods() -> PodCounts {
    var pods = PodCounts()
    pods.created = 188_800
    pods.running = 17_700
    pods.pending = 0
    pods.refused = 171_100
    return pods
  }

  static func money() -> MoneySummary {
    var money = MoneySummary()
    func cents(_ count: Int128) -> Money { Money(picounits: count * 10_000_000_000) }
    money.items = [
      MoneySummary.Item(
        name: "serverless Pods, 2 CPU 4Gi", quantity: 91.6667, unit: "h", amount: cents(130_825)),
      MoneySummary.Item(
        name: "image pulls over the line", quantity: 41, unit: "GB", amount: cents(1200)),
      MoneySummary.Item(
        name: "cluster L20", quantity: 29.375, unit: "h", amount: cents(1175),
        incremental: .zero),
      MoneySummary.Item(
        name: "own cores at idc", quantity: 107_100, unit: "core·h", amount: cents(589_050),
        isOwned: true),
    ]
    return money
  }

  static func input() -> [InputSummary] {
    var nodes = InputSummary(kind: "Node")
    nodes.objects = 2000
    nodes.read = 24_000
    nodes.ignored = 61_000
    var pods = InputSummary(kind: "Pod")
    pods.objects = 3200
    pods.read = 48_000
    pods.ignored = 9000
    pods.unsupported = 41
    pods.unsupportedFields = ["spec.volumes[].persistentVolumeClaim"]
    pods.podsTouched = ["shop/cart-0", "shop/cart-1"]
    return [nodes, pods]
  }

  static func stages() -> [StageSummary] {
    let rows: [(String, Double, Double, Double?)] = [
      ("create", 0.61, 1.4, 1200), ("queue", 71.3, 140, nil), ("schedule", 0.02, 0.05, 6000),
      ("bind", 0.01, 0.02, nil), ("accept", 0.4, 0.9, nil), ("call", 0.6, 1.1, 1000),
      ("boot", 5.2, 9.8, nil), ("address", 1.1, 2.3, nil), ("image", 14, 31, 1188),
      ("start", 9, 15, nil), ("probe", 5, 9.5, nil), ("route", 0.3, 0.7, nil),
    ]
    return rows.map { name, median, tail, limit in
      var stage = StageSummary(stage: name)
      stage.attempts = 3000
      stage.mean = median * 1.1
      stage.p50 = median
      stage.p95 = tail
      stage.p99 = tail * 1.3
      stage.limitPerMinute = limit
      stage.limitPath = limit == 1000 ? createRate : nil
      return stage
    }
  }

  /// Curves made by arithmetic, so that they are the same everywhere: a burst that rises, stays
  /// and ends.
  static func series() -> [TimeSeries] {
    func curve(_ name: String, _ place: String, _ values: [Double], spread: Double) -> TimeSeries {
      TimeSeries(
        name: name, unit: name == TimeSeries.throughput ? "Pods/min" : "Pods", place: place,
        step: 5, mean: values, low: values.map { $0 * (1 - spread) },
        high: values.map { $0 * (1 + spread) })
    }
    let steps = (0..<720).map(Double.init)
    let cloud = steps.map { step in
      let ramp = min(max(step - 24, 0) / 12, 1) * min(max(72 - step, 0) / 12, 1)
      return 1188 * ramp + (Int(step) % 7 == 3 ? 40 * ramp : 0)
    }
    let idc = steps.map { step in
      180 * min(max(step - 24, 0) / 4, 1) * min(max(40 - step, 0) / 8, 1)
    }
    let waiting = steps.map { step in
      step < 24 ? 0 : max(0, 3000 - max(0, step - 28) * 75)
    }
    return [
      curve(TimeSeries.throughput, "cloud", cloud, spread: 0.04),
      curve(TimeSeries.throughput, "idc", idc, spread: 0.1),
      curve(TimeSeries.backlog, "", waiting, spread: 0.05),
    ]
  }

  /// A dump without claims.
  static func bareDump() -> RunSummary {
    var run = RunSummary()
    run.scenario = "nodes-100"
    run.replications = 1
    run.version = "0.1.0"
    run.digest = "sha256:11"
    run.command = "spillway run -f nodes.yaml -f pods.yaml"
    run.pods.created = 100
    run.pods.running = 99
    run.pods.pending = 1
    run.unschedulable = [
      UnschedulablePod(
        pod: "default/big", reason: "0/100 nodes are available: 100 Insufficient cpu.")
    ]
    return run
  }
}
