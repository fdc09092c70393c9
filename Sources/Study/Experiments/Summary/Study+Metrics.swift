import CloudSimulation
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// Everything measured, over the replications; burst metrics are those of the first burst.
  static func metrics(
    _ results: [ReplicationResult], _ blocks: Blocks, confidence: Double, currency: String,
    without idle: [[BillLine]]
  ) -> [MetricSummary] {
    func perRun(
      _ name: String, _ unit: String, _ value: (ReplicationResult) -> Double?
    ) -> MetricSummary {
      metric(name, unit: unit, blocks.averages(results.map(value)), confidence)
    }
    var metrics: [MetricSummary] = []
    if results.contains(where: { $0.podBurst != nil }) {
      let measures = results.map { $0.podBurst.map { BurstMeasures($0) } }
      let showsLevels = measures.contains { $0?.levels != nil }
      for kind in Claim.Metric.allCases
      where !kind.isMoney && !kind.isAboutRequests && !kind.isAboutBatch
        && (showsLevels || !kind.isOfLevels)
        && (kind != .lateJobs || measures.contains { $0?.lateJobs != nil })
      {
        metrics.append(
          metric(
            kind.rawValue, unit: kind.unit(currency: currency),
            blocks.averages(measures.map { $0?[kind] }), confidence))
      }
      metrics.append(start(results, blocks, confidence))
    }
    metrics += costs(results, blocks, without: idle, currency: currency, confidence)
    metrics += [
      perRun("cpuUtilisation", "") { $0.utilisation.cpu },
      perRun("memoryUtilisation", "") { $0.utilisation.memory },
      perRun("serviceCapacity", "requests/s") { $0.serviceCapacity },
      perRun("pulledBytes", "bytes") { $0.pulledBytes },
      perRun("refusals", "") { Double($0.refusals) },
      perRun("events", "") { Double($0.events) },
    ]
    if results.contains(where: { $0.failures.unanswered > 0 }) {
      metrics.append(perRun("unansweredBindings", "") { Double($0.failures.unanswered) })
    }
    for (index, batch) in (results.first?.batches ?? []).enumerated() {
      for (place, known) in batch.values.enumerated() {
        metrics.append(perRun(known.name, known.unit) { $0.batches[index].values[place].value })
      }
    }
    metrics += requests(results, blocks, confidence)
    metrics += links(results, blocks, confidence)
    metrics += ClairvoyantMetric.all.map { perRun($0.name, $0.unit ?? currency, $0.value) }
    if results.contains(where: { !$0.scalings.isEmpty || $0.usage.contains(.autoscaling) }) {
      metrics += [
        perRun("scalings", "") { Double($0.scalings.count) },
        perRun("firstScaling", "s") { $0.scalings.first?.at.seconds },
        perRun("firstScaleUp", "s") { $0.scalings.first { $0.to > $0.from }?.at.seconds },
      ]
    }
    for (index, forecast) in (results.first?.forecasts ?? []).enumerated() {
      let name = forecast.name
      metrics += [
        perRun("forecastMAPE/\(name)", "") { $0.forecasts[index].meanAbsolutePercentage },
        perRun("forecastError50/\(name)", "") { $0.forecasts[index].median },
        perRun("forecastError95/\(name)", "") { $0.forecasts[index].p95 },
      ]
    }
    return metrics.filter { $0.n > 0 || Claim.Metric(rawValue: $0.name) != nil }
  }

  /// From request to Ready, of every Pod of the first burst that became Ready.
  private static func start(
    _ results: [ReplicationResult], _ blocks: Blocks, _ confidence: Double
  ) -> MetricSummary {
    let samples = results.map { result in
      Sample((result.podBurst?.starts ?? []).map { Double($0) / 1e9 })
    }
    var summary = Metric<TimeSpan>("start", meaning: "from request to Ready").summary(
      ofSamples: samples, confidence: confidence)
    guard blocks.windows > 1 else { return summary }
    let means = metric("start", unit: "s", blocks.averages(samples.map(\.mean)), confidence)
    (summary.mean, summary.low, summary.high) = (means.mean, means.low, means.high)
    summary.n = means.n
    return summary
  }

  /// How long each stage took: percentiles within each replication, then their means.
  static func stages(
    _ results: [ReplicationResult], _ parameters: [Parameter], _ claims: [ClaimResult]
  ) -> [StageSummary] {
    var summaries: [StageSummary] = []
    let usage = results.reduce(into: Usage()) { $0.formUnion($1.usage) }
    for stage in Stage.allCases {
      let durations = results.compactMap { result in
        Int(stage.rawValue) < result.stages.count ? result.stages[Int(stage.rawValue)] : nil
      }
      let passed = durations.filter { $0.count > 0 }
      guard !passed.isEmpty else { continue }
      var summary = StageSummary(stage: stage.name)
      summary.attempts = Tally(durations.map { Double($0.count) }).mean ?? 0
      summary.mean = Tally(passed.map { Double($0.total) / Double($0.count) / 1e9 }).mean
      summary.p50 = Tally(passed.compactMap(\.p50)).mean
      summary.p95 = Tally(passed.compactMap(\.p95)).mean
      summary.p99 = Tally(passed.compactMap(\.p99)).mean
      if let limit = rateLimit(of: stage, parameters, usage: usage, claims) {
        summary.limitPerMinute = limit.perMinute
        summary.limitPath = limit.path
      }
      summaries.append(summary)
    }
    return summaries
  }

  /// The most Pods per minute that a stage lets through, if one call or cycle is made for each, by
  /// the only limit it has that is a rate; where it has several, by the one that was shown to
  /// matter.
  private static func rateLimit(
    of stage: Stage, _ parameters: [Parameter], usage: Usage, _ claims: [ClaimResult]
  ) -> (perMinute: Double, path: String)? {
    let candidates = parameters.compactMap { parameter -> (perMinute: Double, path: String)? in
      guard let limit = parameter.limit, limit.kind == .rate, limit.stage == stage,
        parameter.usage.isSubset(of: usage), let rate = perMinute(parameter)
      else { return nil }
      return (rate, parameter.path)
    }
    if candidates.count == 1 { return candidates[0] }
    let moved = claims.flatMap(\.counterfactuals).filter { effect in
      guard let low = effect.low, let high = effect.high else { return false }
      return low > 0 || high < 0
    }
    return candidates.filter { candidate in moved.contains { $0.path == candidate.path } }
      .min { $0.perMinute < $1.perMinute }
  }

  /// A limit as a rate per minute: written as a rate, as calls per second, or as the time that one
  /// takes; nil if it is none of them.
  private static func perMinute(_ parameter: Parameter) -> Double? {
    if let rate = try? Rate.parse(parameter.value) {
      return rate == .unlimited ? nil : rate.perMinute
    }
    if parameter.unit == "1/s", let rate = Double(parameter.value) { return rate * 60 }
    if let span = try? TimeSpan.parse(parameter.value), span > .zero { return 60 / span.seconds }
    return nil
  }
}

extension ReplicationResult {
  /// The first burst that is about Pods, else the first whose requests had some asked for.
  fileprivate var podBurst: BurstResult? {
    bursts.first { $0.requests == nil && $0.batch == nil } ?? bursts.first { $0.places > 0 }
  }
}
