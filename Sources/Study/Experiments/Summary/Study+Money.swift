import CloudSimulation
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// What it cost, mean per replication.
  static func money(_ results: [ReplicationResult], of scenario: Scenario) -> MoneySummary {
    var money = MoneySummary()
    money.currency = scenario.prices.currency
    guard !results.isEmpty else { return money }
    let count = Double(results.count)
    func mean(_ amounts: [Double]) -> Double { Tally(amounts).mean ?? 0 }
    money.cash = mean(results.map(\.cash.units))
    money.amortised = mean(results.map { ($0.cash + $0.owned).units })
    money.incremental = money.cash
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
}
