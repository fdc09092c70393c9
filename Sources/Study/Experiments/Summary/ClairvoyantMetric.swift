import CloudSimulation
import Quantities

/// A metric that compares a replication with the clairvoyant bound of decision record 0018.
struct ClairvoyantMetric: Sendable {
  /// Its name in summaries and sweeps.
  let name: String
  /// Its unit; nil: the currency.
  let unit: String?
  /// Its value; nil where there is none.
  let value: @Sendable (ReplicationResult) -> Double?

  /// All of them: for each of money, missing Pods and SLO minutes the bound, and what the
  /// replication has beyond it, which is never less than zero.
  static let all = [
    ClairvoyantMetric(name: "clairvoyantCost", unit: nil) { $0.clairvoyant?.cost.units },
    ClairvoyantMetric(name: "gapToClairvoyantCost", unit: nil) { result in
      result.clairvoyant.map { (result.cash - $0.cost).units }
    },
    ClairvoyantMetric(name: "clairvoyantShortPodMinutes", unit: "Pod·min") {
      $0.clairvoyant?.shortPodMinutes
    },
    ClairvoyantMetric(name: "gapToClairvoyantShortPodMinutes", unit: "Pod·min") { result in
      guard let bound = result.clairvoyant, let least = bound.shortPodMinutes,
        let missed = bound.missedPodMinutes
      else { return nil }
      return missed - least
    },
    ClairvoyantMetric(name: "clairvoyantSloMinutes", unit: "min") {
      ($0.clairvoyant?.sloMinutes).map(Double.init)
    },
    ClairvoyantMetric(name: "gapToClairvoyantSloMinutes", unit: "min") { result in
      guard let least = result.clairvoyant?.sloMinutes, let requests = result.requests else {
        return nil
      }
      return Double(requests.sloMinutes - least)
    },
  ]
}
