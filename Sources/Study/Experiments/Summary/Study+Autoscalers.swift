import CloudSimulation
import ClusterModel
import Quantities
import Statistics

extension Study {
  /// What each HorizontalPodAutoscaler did, in the order of the input.
  static func autoscalers(
    _ results: [ReplicationResult], of scenario: Scenario
  ) -> [AutoscalerSummary] {
    guard results.contains(where: { $0.usage.contains(.autoscaling) }) else { return [] }
    let count = Double(results.count)
    // By autoscaler, so that thousands of them cost one walk.
    var places: [String: Int] = [:]  // name look-up
    var summaries = scenario.cluster.autoscalers.enumerated().map { index, object in
      places["\(object.namespace)/\(object.name)"] = index
      let target = object.spec.target
      return AutoscalerSummary(
        name: object.namespace == "default" ? object.name : "\(object.namespace)/\(object.name)",
        target: "\(target.kind)/\(target.name)")
    }
    for result in results {
      for row in result.scalings {
        let parts = row.scaler.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, parts[0] == "HorizontalPodAutoscaler",
          let index = places["\(row.namespace)/\(parts[1])"]
        else { continue }
        if row.to > row.from {
          summaries[index].scaleUps += 1 / count
        } else {
          summaries[index].scaleDowns += 1 / count
        }
      }
      var open = [ConditionRecord?](repeating: nil, count: summaries.count)
      for row in result.conditions where row.kind == .scalingActive {
        guard let index = places["\(row.namespace)/\(row.autoscaler)"] else { continue }
        if let before = open[index] {
          summaries[index].add(before, until: row.at, of: results.count)
        }
        open[index] = row.isTrue ? nil : row
      }
      for (index, row) in open.enumerated() {
        if let row {
          summaries[index].add(row, until: .zero + scenario.duration, of: results.count)
        }
      }
    }
    for index in summaries.indices {
      summaries[index].reasons.sort { ($1.seconds, $0.reason) < ($0.seconds, $1.reason) }
    }
    return summaries
  }

  /// Autoscalers that didn't scale for most of the time.
  static func inactive(_ autoscalers: [AutoscalerSummary], of duration: TimeSpan) -> [String] {
    autoscalers.compactMap { autoscaler in
      guard autoscaler.inactiveSeconds > duration.seconds / 2, let reason = autoscaler.reasons.first
      else { return nil }
      let share = Int((autoscaler.inactiveSeconds / duration.seconds * 100).rounded())
      let message = reason.message.isEmpty ? "" : ": \(reason.message)"
      return
        "HorizontalPodAutoscaler/\(autoscaler.name): ScalingActive was False for \(share) % of "
        + "the time, \(reason.reason)\(message)"
    }
  }
}

extension AutoscalerSummary {
  fileprivate mutating func add(_ row: ConditionRecord, until end: Instant, of count: Int) {
    let seconds = (end - row.at).seconds / Double(count)
    inactiveSeconds += seconds
    if let index = reasons.firstIndex(where: { $0.reason == row.reason.rawValue }) {
      reasons[index].seconds += seconds
    } else {
      reasons.append(
        Reason(reason: row.reason.rawValue, message: row.message, seconds: seconds))
    }
  }
}
