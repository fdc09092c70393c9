import CloudSimulation
import Infrastructure
import Quantities
import Statistics
import Workloads

extension Study {
  /// What it cost, mean per replication, item by item; every total is the sum of its items.
  ///
  /// - Parameter idle: the bills of the same replications without the burst.
  static func money(
    _ results: [ReplicationResult], without idle: [[BillLine]], of scenario: Scenario
  ) -> MoneySummary {
    var money = MoneySummary()
    money.currency = scenario.prices.currency
    guard !results.isEmpty else { return money }
    var items: [MoneySummary.Item] = []
    func add(_ line: BillLine, sign: Int64, to items: inout [MoneySummary.Item]) {
      let change = line.isOwned ? Money.zero : line.amount * sign
      let (quantity, amount) = sign > 0 ? (line.quantity, line.amount) : (0, .zero)
      let index = items.firstIndex { $0.name == line.name && $0.unit == line.unit }
      if let index {
        items[index].quantity += quantity
        items[index].exact += amount
        items[index].incremental += change
      } else {
        items.append(
          MoneySummary.Item(
            name: line.name, quantity: quantity, unit: line.unit, amount: amount,
            incremental: change, isOwned: line.isOwned))
      }
    }
    for line in results.flatMap(\.bill) { add(line, sign: 1, to: &items) }
    for line in idle.prefix(results.count).joined() { add(line, sign: -1, to: &items) }
    let count = Int128(results.count)
    for var item in items {
      item.quantity /= Double(results.count)
      item.exact = item.exact.divided(by: count)
      item.incremental = item.incremental.divided(by: count)
      money.items.append(item)
    }
    return money
  }

  /// What each replication cost, three ways, and per Job.
  static func costs(
    _ results: [ReplicationResult], _ blocks: Blocks, without idle: [[BillLine]],
    currency: String, _ confidence: Double
  ) -> [MetricSummary] {
    func perRun(_ name: String, _ value: (Int, ReplicationResult) -> Double?) -> MetricSummary {
      metric(
        name, unit: currency, blocks.averages(results.enumerated().map(value)), confidence)
    }
    var metrics = [
      perRun("cost") { $1.cash.units }, perRun("costCash") { $1.cash.units },
      perRun("costAmortised") { ($1.cash + $1.owned).units },
      perRun("costIncremental") { index, result in
        let before = index < idle.count ? idle[index].paid : .zero
        return (result.cash - before).units
      },
    ]
    if results.contains(where: { $0.jobs.finished + $0.jobs.unfinished.count > 0 }) {
      metrics += [
        perRun("costPerJob") { $1.costPerJob },
        metric(
          "finishedJobs", unit: "", blocks.averages(results.map { Double($0.jobs.finished) }),
          confidence),
        metric(
          "unfinishedJobs", unit: "",
          blocks.averages(results.map { Double($0.jobs.unfinished.count) }), confidence),
      ]
    }
    if results.contains(where: { $0.usage.contains(.spot) }) {
      metrics += [
        metric("spotShare", unit: "", results.map(\.spotShare), confidence),
        metric("spotReclaims", unit: "", results.map { Double($0.reclaims) }, confidence),
      ]
    }
    if results.contains(where: { $0.lostWork > .zero }) {
      metrics.append(
        metric("lostWork", unit: "s", results.map { $0.lostWork.seconds }, confidence))
    }
    return metrics
  }

  /// The Jobs of the first replication that weren't completed, in a sentence; nil if all were.
  static func unfinishedJobs(_ results: [ReplicationResult]) -> String? {
    guard let names = results.first?.jobs.unfinished, !names.isEmpty else { return nil }
    let listed = names.prefix(20).joined(separator: ", ")
    return "\(StudyText.count(names.count, "Job")) not completed in replication "
      + "\(results[0].replication), without part in costPerJob: \(listed)"
      + (names.count > 20 ? " and others" : "")
  }

  /// The bills on the same luck if the loads stay as they begin, by replication; empty where nothing
  /// was paid.
  static func idleBills(
    _ scenario: Scenario, _ results: [ReplicationResult], _ runner: ReplicationRunner
  ) async -> [[BillLine]] {
    guard results.contains(where: { $0.cash > .zero }) else { return [] }
    let idle = scenario.withoutBursts
    let bills = await runner.map(results.map(\.replication)) { replication in
      idle.simulate(replication: replication).bill
    }
    // A bill up to where a run was stopped is nothing to compare with.
    return Task.isCancelled ? [] : bills.map { $0 ?? [] }
  }
}

extension [BillLine] {
  /// The sum of what is paid.
  fileprivate var paid: Money { reduce(.zero) { $1.isOwned ? $0 : $0 + $1.amount } }
}

extension Money {
  /// A part of an amount, rounded to the nearest 10⁻¹², halves away from zero.
  fileprivate func divided(by count: Int128) -> Money {
    let half = picounits < 0 ? -count : count
    return Money(picounits: (2 * picounits + half) / (2 * count))
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
    case .diurnal, .mmpp, .batch, .arrivals, .series, .trace: break
    }
    return load
  }
}
