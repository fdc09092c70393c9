import CloudSimulation
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// How full links were, and what crossed them, over the replications.
  ///
  /// `linkUse/NAME` is the mean share of a link's capacity, `linkPeak/NAME` that of its fullest bucket,
  /// and `linkBytes/NAME/KIND` what crossed it of each kind that did.
  static func links(_ results: [ReplicationResult], _ blocks: Blocks, _ confidence: Double)
    -> [MetricSummary]
  {
    var metrics: [MetricSummary] = []
    for (index, link) in (results.first?.links ?? []).enumerated() {
      func perRun(_ name: String, _ unit: String, _ value: (LinkResult) -> Double?) {
        metrics.append(
          metric(
            name, unit: unit, blocks.averages(results.map { value($0.links[index]) }), confidence))
      }
      guard results.contains(where: { $0.links[index].bytes.contains { $0 > 0 } }) else { continue }
      perRun("linkUse/\(link.name)", "") { $0.utilisation.flatMap { Tally($0).mean } }
      perRun("linkPeak/\(link.name)", "") { $0.utilisation?.max() }
      for use in uses(ofLink: index, results) {
        perRun("linkBytes/\(link.name)/\(use)", "bytes") { $0.bytes[use.rawValue] }
      }
    }
    return metrics
  }

  /// What crossed each link over time, by kind.
  static func linkSeries(_ results: [ReplicationResult]) -> [TimeSeries] {
    guard let first = results.first, first.bucket > .zero else { return [] }
    var curves: [TimeSeries] = []
    for (index, link) in first.links.enumerated() {
      for use in uses(ofLink: index, results) {
        let all = results.map { $0.links[index].curves[use.rawValue] }
        var curve = TimeSeries(
          name: TimeSeries.linkUse, unit: "Mbit/s", place: "\(link.name): \(use)",
          step: first.bucket.seconds, mean: [], low: [], high: [])
        for point in 0..<(all.map(\.count).max() ?? 0) {
          let sample = Sample(all.compactMap { point < $0.count ? $0[point] * 8e-6 : nil })
          curve.mean.append(sample.mean ?? 0)
          curve.low.append(sample.quantile(0.05) ?? 0)
          curve.high.append(sample.quantile(0.95) ?? 0)
        }
        curves.append(curve)
      }
    }
    return curves
  }

  /// What crossed a link in some replication.
  private static func uses(ofLink index: Int, _ results: [ReplicationResult]) -> [LinkUse] {
    LinkUse.allCases.filter { use in
      results.contains { $0.links[index].bytes[use.rawValue] > 0 }
    }
  }
}
