import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Scheduling
import Statistics

extension Study {
  /// What the replications of the scenario as it is say.
  static func summarise(
    _ scenario: Scenario, _ results: [ReplicationResult], parameters: [Parameter],
    _ judges: [ClaimJudge], _ trials: [Trial], _ blocks: Blocks, without idle: [[BillLine]]
  ) -> RunSummary {
    var summary = RunSummary()
    summary.scenario = scenario.name
    summary.question = scenario.question
    summary.seed = scenario.seed
    summary.replications = results.count
    summary.version = Spillway.version
    summary.windows = blocks.windows
    summary.claims = judges.map { claim(scenario, results, trials, $0) }
    summary.metrics = metrics(
      results, blocks, confidence: judges.first?.claim.confidence ?? 0.95,
      currency: scenario.prices.currency, without: idle)
    summary.pods = pods(results)
    summary.money = money(results, without: idle, of: scenario)
    summary.conservation = conservation(results)
    summary.assumptions = assumptions(parameters, usage: trials.usage)
    summary.series = series(results, of: scenario)
    summary.history = history(results)
    summary.unschedulable = (results.first?.unschedulable ?? []).prefix(100).map {
      UnschedulablePod(pod: $0.pod, reason: $0.reason)
    }
    summary.autoscalers = autoscalers(results, of: scenario)
    summary.setting = setting(scenario, results)
    summary.caveats = [unfinishedJobs(results)].compactMap { $0 }
    if trials.usage.contains(.scheduling) {
      let behaviour = scenario.scheduler.behaviour
      summary.caveats += behaviour.unproven.map { "scheduler profile \(behaviour.name): \($0)" }
    }
    summary.caveats += inactive(summary.autoscalers, of: scenario.duration)
    return summary
  }

  private static func pods(_ results: [ReplicationResult]) -> PodCounts {
    var sum = PodCounts()
    for totals in results.map(\.pods) {
      sum.created += totals.created
      sum.running += totals.running
      sum.pending += totals.pending
      sum.refused += totals.refused
      sum.starting += totals.starting
      sum.succeeded += totals.succeeded
      sum.failed += totals.failed
      sum.deleted += totals.deleted
      sum.evicted += totals.evicted
    }
    return sum
  }

  /// Both sides of every identity, summed over the replications.
  private static func conservation(_ results: [ReplicationResult]) -> [ConservationCheck] {
    var checks: [ConservationCheck] = []
    for check in results.flatMap(\.conservation) {
      if let index = checks.firstIndex(where: { $0.quantity == check.quantity }) {
        checks[index].left += check.left
        checks[index].right += check.right
      } else {
        checks.append(
          ConservationCheck(quantity: check.quantity, left: check.left, right: check.right))
      }
    }
    return checks
  }

  /// Values that nobody has proved and that the run used.
  private static func assumptions(_ parameters: [Parameter], usage: Usage) -> [Assumption] {
    parameters.filter { $0.grade == "A" && $0.usage.isSubset(of: usage) }.map { parameter in
      Assumption(
        path: parameter.path, value: parameter.value, unit: parameter.unit,
        grade: parameter.grade, source: parameter.source,
        range: parameter.range.map { StudyText.range($0.low, $0.high) })
    }
  }

  private static func setting(
    _ scenario: Scenario, _ results: [ReplicationResult]
  ) -> [String] {
    var phrases: [String] = []
    let nodes = scenario.cluster.nodes.count + scenario.nodePools.reduce(0) { $0 + $1.count }
    if nodes > 0 { phrases.append(StudyText.count(nodes, "node")) }
    let pools = scenario.serverlessPools.count
    if pools > 0 { phrases.append(StudyText.count(pools, "serverless pool")) }
    if scenario.windows > 1 {
      phrases.append(StudyText.count(scenario.windows, "window") + " of a trace")
    }
    if let burst = results.first?.bursts.first, burst.places > 0 {
      phrases.append("burst of \(StudyText.count(burst.places, "Pod"))")
    }
    return phrases
  }

  /// Pods ready per minute by site, and Pods waiting.
  private static func series(
    _ results: [ReplicationResult], of scenario: Scenario
  ) -> [TimeSeries] {
    guard let bucket = results.first?.bucket, bucket > .zero else { return [] }
    var curves: [TimeSeries] = []
    for (index, site) in scenario.allSites.enumerated() {
      let counts = results.map {
        index < $0.readyPerBucket.count ? $0.readyPerBucket[index] : []
      }
      guard counts.contains(where: { !$0.isEmpty }) else { continue }
      let length = max(counts.map(\.count).max() ?? 0, results.map(\.waiting.count).max() ?? 0)
      curves.append(
        curve(
          TimeSeries.throughput, unit: "Pods/min", place: site.name, step: bucket.seconds,
          counts, times: 60 / bucket.seconds, length: length))
    }
    let waiting = results.map(\.waiting)
    if waiting.contains(where: { $0.contains { $0 > 0 } }) {
      curves.append(
        curve(
          TimeSeries.backlog, unit: "Pods", place: "", step: bucket.seconds, waiting, times: 1,
          length: waiting.map(\.count).max() ?? 0))
    }
    return curves + worldSeries(results, step: bucket.seconds) + requestSeries(results)
      + linkSeries(results)
  }

  /// Cores, spot Pods, links and cost; a replication without a curve counts as zero all along.
  private static func worldSeries(_ results: [ReplicationResult], step: Double) -> [TimeSeries] {
    var curves: [TimeSeries] = []
    let names = [
      TimeSeries.capacity, TimeSeries.cost, TimeSeries.spot, TimeSeries.linkTraffic,
    ]
    for name in names {
      let places = results.reduce(into: [String]()) { places, result in
        for curve in result.worldCurves where curve.name == name && !places.contains(curve.place) {
          places.append(curve.place)
        }
      }
      for place in places {
        let found = results.map { result in
          result.worldCurves.first { $0.name == name && $0.place == place }
        }
        var curve = TimeSeries(
          name: name, unit: found.lazy.compactMap { $0?.unit }.first ?? "", place: place,
          step: step, mean: [], low: [], high: [])
        for index in 0..<(found.map { $0?.values.count ?? 0 }.max() ?? 0) {
          let values = found.map { $0.map { index < $0.values.count ? $0.values[index] : 0 } ?? 0 }
          let sample = Sample(values)
          curve.mean.append(sample.mean ?? 0)
          curve.low.append(sample.quantile(0.05) ?? 0)
          curve.high.append(sample.quantile(0.95) ?? 0)
        }
        curves.append(curve)
      }
    }
    return curves
  }

  private static func curve(
    _ name: String, unit: String, place: String, step: Double, _ counts: [[Int32]],
    times factor: Double, length: Int
  ) -> TimeSeries {
    var curve = TimeSeries(
      name: name, unit: unit, place: place, step: step, mean: [], low: [], high: [])
    for index in 0..<length {
      let sample = Sample(
        counts.map { index < $0.count ? Double($0[index]) * factor : 0 })
      curve.mean.append(sample.mean ?? 0)
      curve.low.append(sample.quantile(0.05) ?? 0)
      curve.high.append(sample.quantile(0.95) ?? 0)
    }
    return curve
  }
}
