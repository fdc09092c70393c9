import CloudSimulation
import Infrastructure
import Probability
import Quantities

/// Something that holds a scenario up, and the scenario without it.
struct Cause: Sendable {
  /// As a path.
  let name: String
  let without: Scenario
}

extension Scenario {
  /// Lines, registries, spot's reclaims and refusals, and every failure.
  ///
  /// Each is taken away by itself, and nothing else changes its luck: a process of chance stays in
  /// its place and never strikes.
  var causes: [Cause] {
    var causes = links.indices.map { index in
      cause("Link/\(links[index].name)") { $0.links[index].isNoHindrance() }
    }
    causes += registries.indices.map { index in
      cause("Registry/\(registries[index].name)") {
        $0.registries[index].egress = .unlimited
        $0.registries[index].requestRate = .unlimited
      }
    }
    for (index, pool) in serverlessPools.enumerated() {
      let name = "ServerlessPool/\(pool.name):spec"
      if !pool.spot.reclaims.isEmpty || !pool.spot.refusals.isEmpty {
        causes.append(
          cause("\(name).spot") {
            $0.serverlessPools[index].spot.reclaims = []
            $0.serverlessPools[index].spot.refusals = []
          })
      }
      if !pool.outages.isEmpty {
        causes.append(cause("\(name).outages") { $0.serverlessPools[index].outages = [] })
      }
    }
    for (index, link) in links.enumerated() where !link.outages.isEmpty || link.up != nil {
      causes.append(
        cause("Link/\(link.name):spec.\(link.up == nil ? "outages" : "up")") {
          $0.links[index].outages = []
          $0.links[index].up = nil
        })
    }
    for index in faults.indices { causes += failures(ofPlan: index) }
    return causes
  }

  private func failures(ofPlan index: Int) -> [Cause] {
    let plan = faults[index]
    let name = "FaultPlan/\(plan.name):spec"
    var causes = plan.scripted.indices.map { number in
      cause("\(name).scripted[\(number)]") { $0.faults[index].scripted.remove(at: number) }
    }
    causes += plan.random.indices.map { number in
      cause("\(name).random[\(number)]") { $0.faults[index].random[number].up = nil }
    }
    causes += plan.bursts.indices.map { number in
      cause("\(name).bursts[\(number)]") { $0.faults[index].bursts[number].meanInterval = nil }
    }
    causes += plan.traces.indices.map { number in
      cause("\(name).traces[\(number)]") { $0.faults[index].traces[number].faults = [] }
    }
    return causes
  }

  private func cause(_ name: String, _ remove: (inout Scenario) -> Void) -> Cause {
    var scenario = self
    remove(&scenario)
    return Cause(name: name, without: scenario)
  }
}

extension Link {
  /// Lets the link carry everything at once, for nothing, and always.
  fileprivate mutating func isNoHindrance() {
    bandwidth = .unlimited
    overhead = 0
    roundTrip = .constant(0)
    loss = PacketLoss(usual: 0)
    rent = nil
    gibPrice = nil
    up = nil
    outages = []
  }
}
