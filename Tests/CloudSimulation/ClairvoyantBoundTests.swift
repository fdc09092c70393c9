import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@Suite struct ClairvoyantBoundTests {
  private static let policies: [BurstPolicyName] = [
    .idcFirst, .cloudFirst, .cloudOnly, .keepLocal, .weighted, .spotAware,
  ]

  private static var cheap: SpotScript.Price {
    var price = SpotScript.Price()
    (price.at, price.factor) = (.minutes(3), 0.07)
    return price
  }

  /// Random worlds, the same ones every time: room, prices, quotas, limits and loads differ.
  private func scenario(_ number: Int) -> Scenario {
    let stream = RandomSource(seed: 20_261_124).stream("clairvoyant")
    func part(_ k: UInt32) -> Double { stream.uniform(for: UInt64(number), number: k) }
    func whole(_ k: UInt32, _ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(part(k) * Double(range.count))
    }
    var scenario = PlainScenario.overflow(whole(0, 6...30), local: whole(1, 0...12))
    scenario.duration = .minutes(14)
    scenario.seed = UInt64(number)
    scenario.burst.policy = Self.policies[number % Self.policies.count]
    scenario.burst.localReplicas = whole(2, 0...6)
    scenario.burst.share = part(3)
    scenario.burst.spotBase = whole(4, 0...4)
    if part(5) < 0.5 { scenario.burst.fallbackAfter = .seconds(30) }
    scenario.serverlessPools[0].quota.podsPerWorkload = whole(6, 3...25)
    if part(7) < 0.4 {
      scenario.serverlessPools[0].outages = [Outage(from: .minutes(1), to: .minutes(4))]
    }
    if part(8) < 0.4 { scenario.serverlessPools[0].spot.prices = [Self.cheap] }
    if part(9) < 0.3 { scenario.serverlessPools[0].cpuType = .amd }
    var crowd = LoadProfile.FlashCrowd()
    (crowd.at, crowd.from, crowd.peak) = (.minutes(2), whole(10, 0...8), whole(11, 4...40))
    (crowd.hold, crowd.decay) = (.minutes(whole(12, 1...5)), .minutes(1))
    scenario.loads[0].shape = .flashCrowd(crowd)
    if number % 3 == 0 { serveRequests(&scenario, part) }
    return scenario
  }

  /// Lets the load send requests, which a fixed number of Pods serves.
  private func serveRequests(_ scenario: inout Scenario, _ part: (UInt32) -> Double) {
    scenario.loads[0].drives = .requests
    scenario.loads[0].followedRate = part(20) < 0.5 ? Rate(perSecond: 5) : Rate(perSecond: 1000)
    scenario.cluster.workloads[0].replicas = Int32(8 + part(21) * 20)
    var profile = WorkloadProfile(name: "default")
    profile.serviceTime = part(22) < 0.5 ? .exponential(mean: 0.4) : .constant(0.5)
    profile.concurrency = 1 + Int(part(23) * 3)
    profile.requests.deadline = .seconds(1)
    profile.requests.timeout = .seconds(8)
    scenario.profiles = [profile]
  }

  @Test func `no run of any policy in any of many worlds does better than the bound`() throws {
    var positive = 0
    var unavoidable = 0
    for number in 0..<48 {
      let result = scenario(number).simulate()
      #expect(result.violation == nil)
      let bound = try #require(result.clairvoyant)
      #expect(bound.cost <= result.cash, "world \(number)")
      if bound.cost > .zero { positive += 1 }
      if let least = bound.shortPodMinutes, let missed = bound.missedPodMinutes {
        #expect(least <= missed + 1e-9, "world \(number)")
        if least > 0 { unavoidable += 1 }
      }
      if let least = bound.sloMinutes, let requests = result.requests {
        #expect(least <= requests.sloMinutes, "world \(number)")
        if least > 0 { unavoidable += 1 }
      }
    }
    // A bound of nothing would pass as well.
    #expect(positive > 24)
    #expect(unavoidable > 4)
  }

  /// Ten Pods of one core and 1 GiB from the start, four of which have room on own nodes.
  private func fixed(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
    var scenario = PlainScenario.overflow(10, local: 4)
    scenario.duration = .minutes(10)
    change(&scenario)
    return scenario
  }

  private func cost(_ change: (inout Scenario) -> Void = { _ in }) throws -> Double {
    try #require(fixed(change).simulate().clairvoyant).cost.units
  }

  @Test func `with replicas it is the price of the ready Pods that own nodes can't hold`() throws {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = fixed().simulate(options: options)
    let bound = try #require(result.clairvoyant)
    // Own nodes count as full from the first moment at which more Pods are ready than they hold.
    let ready = result.placements.compactMap(\.ready).sorted()
    #expect(ready.count == 10)
    let seconds = ready.dropFirst(4).reduce(0.0) { $0 + (result.end - $1).seconds }
    let facts = PriceSheet().billedSize(millicores: 1000, memory: 1 << 30)
    let second = PriceSheet().amount(
      millicores: facts.millicores, halfGiB: facts.halfGiB, seconds: 1, cpuType: .intel
    ).units
    #expect(abs(bound.cost.units - seconds * second) < 1e-6)
    #expect(bound.cost < result.cash)
    #expect(bound.shortPodMinutes == 0)
    let homeless = fixed { $0.nodePools[0].allocatable.cpu = 0 }.simulate()
    let inflated = try #require(homeless.clairvoyant).cost
    expectDetects("own nodes that are passed over") { #expect(inflated <= result.cash) }
  }

  @Test func `it follows prices, own room and load`() throws {
    let base = try cost()
    #expect(base > 0)
    let dearer = try cost { $0.prices.coreSecond = Money(picounits: 66_680_000) }
    #expect(dearer > base * 1.3)
    let roomier = try cost { $0.nodePools[0].allocatable.cpu += 2000 }
    #expect(roomier < base)
    let busier = try cost {
      $0.loads[0].shape = PlainScenario.overflow(14, local: 4).loads[0].shape
    }
    #expect(busier > base * 1.3)
    let empty = try cost { $0.nodePools[0].allocatable.cpu += 100_000 }
    #expect(empty == 0)
  }

  @Test func `what fits nowhere is nobody's fault`() throws {
    let result = fixed { $0.serverlessPools[0].quota.podsPerWorkload = 2 }.simulate()
    let bound = try #require(result.clairvoyant)
    let least = try #require(bound.shortPodMinutes)
    let missed = try #require(bound.missedPodMinutes)
    // Four Pods too many from the load's step on.
    let step = try #require(fixed().loads[0].stepWindow).at
    #expect(abs(least - 4 * (TimeSpan.minutes(10) - step).seconds / 60) < 1e-9)
    #expect(missed >= least)
    expectDetects("a quota that is passed over") { #expect(least == 0) }
  }

  @Test func `where there is no cloud nobody has a choice`() {
    var scenario = fixed()
    scenario.serverlessPools = []
    let result = scenario.simulate()
    #expect(result.clairvoyant == nil)
  }
}
