import CloudSimulation
import Infrastructure
import Quantities
import Statistics
import Workloads

extension Study {
  /// What it cost, mean per replication.
  ///
  /// - Parameter idle: what is paid in the same replications without the burst.
  static func money(
    _ results: [ReplicationResult], without idle: [Money], of scenario: Scenario
  ) -> MoneySummary {
    var money = MoneySummary()
    money.currency = scenario.prices.currency
    guard !results.isEmpty else { return money }
    let count = Double(results.count)
    func mean(_ amounts: [Double]) -> Double { Tally(amounts).mean ?? 0 }
    money.cash = mean(results.map(\.cash.units))
    money.amortised = mean(results.map { ($0.cash + $0.owned).units })
    money.incremental = mean(
      results.enumerated().map { index, result in
        (result.cash - (index < idle.count ? idle[index] : .zero)).units
      })
    for line in results.flatMap(\.bill) {
      let index = money.items.firstIndex { $0.name == line.name && $0.unit == line.unit }
      if let index {
        money.items[index].quantity += line.quantity
        money.items[index].amount += line.amount.units
      } else {
        money.items.append(
          MoneySummary.Item(
            name: line.name, quantity: line.quantity, unit: line.unit, amount: line.amount.units))
      }
    }
    for index in money.items.indices {
      money.items[index].quantity /= count
      money.items[index].amount /= count
    }
    return money
  }

  /// What is paid on the same luck if the loads stay as they begin, by replication; empty where
  /// nothing was paid.
  static func idleCosts(
    _ scenario: Scenario, _ results: [ReplicationResult], _ runner: ReplicationRunner
  ) async -> [Money] {
    guard results.contains(where: { $0.cash > .zero }) else { return [] }
    let idle = scenario.withoutBursts
    return await runner.map(results.map(\.replication)) { replication in
      idle.simulate(replication: replication).cash
    }.map { $0 ?? .zero }
  }
}

extension Scenario {
  /// The scenario with loads that rise staying as they begin.
  var withoutBursts: Scenario {
    var scenario = self
    scenario.loads = loads.compactMap(\.withoutRise)
    return scenario
  }
}

extension LoadProfile {
  /// The load at its first level; nil if that is what the target's manifest says.
  fileprivate var withoutRise: LoadProfile? {
    var load = self
    let before = stepWindow?.from ?? (drives == .replicas ? nil : 0)
    if stepWindow != nil, before == nil { return nil }
    switch shape {
    case .step(var step):
      step.to = before ?? step.to
      load.shape = .step(step)
    case .ramp(var ramp):
      ramp.to = before ?? ramp.to
      load.shape = .ramp(ramp)
    case .flashCrowd(var crowd):
      crowd.peak = before ?? crowd.peak
      load.shape = .flashCrowd(crowd)
    case .diurnal, .mmpp, .batch, .arrivals, .series: break
    }
    return load
  }
}
