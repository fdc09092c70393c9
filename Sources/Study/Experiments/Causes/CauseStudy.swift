import CloudSimulation
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// What each cause cost, on the same luck: Pods per minute, those ready, minutes lost and money.
  ///
  /// - Parameter results: replications of the scenario as it is, from number 0.
  static func causeEffects(
    of scenario: Scenario, _ results: [ReplicationResult], options: StudyOptions
  ) async throws -> [CauseEffect] {
    let results = Array(results.prefix(max(2, options.counterfactualReplications)))
    let runner = ReplicationRunner(jobs: options.jobs)
    let confidence = scenario.claims.first?.confidence ?? 0.95
    let causes: [Cause] = scenario.causes
    var effects: [CauseEffect] = []
    for (number, cause) in causes.enumerated() {
      options.progress?(
        StudyProgress(phase: .causes, done: number, total: causes.count))
      let without = await runner.map(results.map(\.replication)) { replication in
        cause.without.simulate(replication: replication)
      }.compactMap { $0 }
      try Task.checkCancellation()
      for result in without {
        guard let message = result.violation else { continue }
        throw ModelFault(
          replication: result.replication, seed: scenario.seed, settings: [],
          message: "without \(cause.name): \(message)")
      }
      let differences = quantities(of: scenario).compactMap { quantity in
        difference(quantity, results, without, confidence)
      }
      effects.append(
        CauseEffect(
          cause: cause.name, differences: differences, replications: results.count))
    }
    return effects
  }

  private struct CausedQuantity: Sendable {
    var name: String
    var unit: String
    var value: @Sendable (ReplicationResult) -> Double?
  }

  private static func quantities(of scenario: Scenario) -> [CausedQuantity] {
    func first(_ metric: Claim.Metric) -> @Sendable (ReplicationResult) -> Double? {
      { result in result.bursts.first.flatMap { BurstMeasures($0)[metric] } }
    }
    return [
      CausedQuantity(name: "Pods per minute", unit: "1/min", value: first(.sustained)),
      CausedQuantity(name: "Pods ready at the end", unit: "", value: first(.ready)),
      CausedQuantity(name: "time until all are ready", unit: "s", value: first(.absorb)),
      CausedQuantity(name: "SLO minutes", unit: "min") {
        $0.requests.flatMap { $0[.sloMinutes] }
      },
      CausedQuantity(name: "minutes short of Pods", unit: "min", value: first(.shortMinutes)),
      CausedQuantity(name: "money", unit: scenario.prices.currency) { $0.cash.units },
    ]
  }

  /// The differences in pairs; nil where the quantity never exists on both sides.
  private static func difference(
    _ quantity: CausedQuantity, _ with: [ReplicationResult], _ without: [ReplicationResult],
    _ confidence: Double
  ) -> CauseEffect.Difference? {
    var sums = (with: 0.0, without: 0.0)
    var differences: [Double] = []
    for (a, b) in zip(with, without) {
      guard let before = quantity.value(a), let after = quantity.value(b) else { continue }
      sums.with += before
      sums.without += after
      differences.append(before - after)
    }
    guard let one = differences.first else { return nil }
    let count = Double(differences.count)
    let interval =
      differences.allSatisfy { $0 == one }
      ? ConfidenceInterval(estimate: one, low: one, high: one)
      : ConfidenceInterval.mean(of: differences, confidence: confidence)
    return CauseEffect.Difference(
      quantity: quantity.name, unit: quantity.unit, with: sums.with / count,
      without: sums.without / count, interval: interval)
  }
}
