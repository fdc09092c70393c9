import CloudSimulation
import Quantities
import Statistics

extension Study {
  /// What became of all requests, over the replications; nothing without requests.
  static func requests(
    _ results: [ReplicationResult], _ blocks: Blocks, _ confidence: Double
  ) -> [MetricSummary] {
    guard results.contains(where: { $0.requests != nil }) else { return [] }
    func perRun(
      _ name: String, _ unit: String, _ value: (RequestResult) -> Double?
    ) -> MetricSummary {
      metric(
        name, unit: unit, blocks.averages(results.map { $0.requests.flatMap(value) }), confidence)
    }
    var metrics = Claim.Metric.allCases.filter(\.isAboutRequests).map { kind in
      perRun(kind.rawValue, kind.unit(currency: "")) { $0[kind] }
    }
    metrics += [
      latency(results, blocks, confidence),
      perRun("requests", "") { Double($0.arrived) },
      perRun("requestsServed", "") { Double($0.served) },
      perRun("requestsLate", "") { Double($0.late + $0.openLate) },
      perRun("requestsFailed", "") { Double($0.failed) },
      perRun("requestsDropped", "") { Double($0.dropped) },
      perRun("requestRetries", "") { Double($0.retries) },
    ]
    return metrics
  }

  /// From the first try to the answer: percentiles in each replication, then their means.
  private static func latency(
    _ results: [ReplicationResult], _ blocks: Blocks, _ confidence: Double
  ) -> MetricSummary {
    let requests = results.map { $0.requests ?? RequestResult() }
    var summary = metric(
      "latency", unit: "s",
      blocks.averages(requests.map { $0.latencies.mean.map { $0 / 1e9 } }), confidence)
    func mean(_ p: Double) -> Double? { Tally(requests.compactMap { $0.latency(p) }).mean }
    summary.p50 = mean(0.5)
    summary.p95 = mean(0.95)
    summary.p99 = mean(0.99)
    return summary
  }

  /// What happened to the requests that a claim is about, in a sentence; means per replication.
  static func requestStory(_ results: [RequestResult]) -> String {
    func mean(_ value: (RequestResult) -> Int64) -> Int {
      Int((Tally(results.map { Double(value($0)) }).mean ?? 0).rounded())
    }
    let arrived = mean(\.arrived)
    guard arrived > 0 else { return "No requests came." }
    return
      "Of \(StudyText.count(arrived, "request")), \(StudyText.count(mean(\.served))) were served "
      + "in time, \(StudyText.count(mean { $0.late + $0.openLate })) late; "
      + "\(StudyText.count(mean(\.failed))) failed and \(StudyText.count(mean(\.dropped))) were dropped."
  }

  /// Requests per second, requests inside, seconds to the answer and Pods that get requests, each
  /// by service.
  static func requestSeries(_ results: [ReplicationResult]) -> [TimeSeries] {
    guard let first = results.first, first.bucket > .zero else { return [] }
    var curves: [TimeSeries] = []
    for index in first.requestCurves.indices {
      func add(_ name: String, _ unit: String, _ values: (RequestCurves) -> [Double?]) {
        let all = results.map { values($0.requestCurves[index]) }
        var curve = TimeSeries(
          name: name, unit: unit, place: first.requestCurves[index].service,
          step: first.bucket.seconds, mean: [], low: [], high: [])
        for point in 0..<(all.map(\.count).max() ?? 0) {
          let sample = Sample(all.compactMap { point < $0.count ? $0[point] : nil })
          curve.mean.append(sample.mean ?? 0)
          curve.low.append(sample.quantile(0.05) ?? 0)
          curve.high.append(sample.quantile(0.95) ?? 0)
        }
        curves.append(curve)
      }
      add(TimeSeries.requestRate, "requests/s", \.rate)
      add(TimeSeries.requestBacklog, "requests", \.backlog)
      add(TimeSeries.latency, "s", \.latency)
      add(TimeSeries.servingPods, "Pods", \.pods)
    }
    return curves
  }
}
