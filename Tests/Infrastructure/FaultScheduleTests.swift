import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

@Suite("When things fail")
struct FaultScheduleTests {
  private func inventory(_ n: Int, racks: Int = 10) -> FaultInventory {
    var inventory = FaultInventory()
    inventory.groups = ["rack"]
    for slot in 0..<n {
      inventory.nodes.append(
        FaultInventory.Node(
          name: "n-\(slot)", pool: "n", zone: "z\(slot % 2)", slot: slot, isVirtual: false,
          key: Subject("Node").child("n-\(slot)").raw, groups: ["r\(slot % racks)"]))
    }
    return inventory
  }

  private func changes(
    _ plan: FaultPlan, _ inventory: FaultInventory, days: Int
  ) -> [(at: Instant, change: FaultChange)] {
    let luck = RandomSource(seed: 5)
    var schedule = FaultSchedule(luck: luck, horizon: .zero + .hours(24 * days))
    schedule.add(plan, to: inventory, luck: luck)
    var result: [(at: Instant, change: FaultChange)] = []
    var batch: [FaultChange] = []
    while let next = schedule.next {
      batch.removeAll()
      schedule.advance(to: next, into: &batch)
      result += batch.map { (next, $0) }
    }
    return result
  }

  /// The mean times up and down of the nodes' first cycles: 4,000 samples with a coefficient of
  /// variation up to 1.5, so that 5 % off is found with a power over 0.95 at four standard errors
  /// of 2.4 %.
  private func checkMeans(up: Double, down: Double) {
    var plan = FaultPlan(name: "p")
    var fault = RandomFault()
    fault.up = .weibull(shape: 0.7, scale: 50_000)
    fault.down = .lognormal(mean: 600, sigma: 0.8)
    plan.random = [fault]
    var fell: [Int32: Instant] = [:]
    var ups: [Double] = []
    var downs: [Double] = []
    for (at, change) in changes(plan, inventory(4000), days: 60) {
      if change.fails {
        if fell[change.subject.index] == nil {
          ups.append(at.seconds)
          fell[change.subject.index] = at
        }
      } else if let start = fell[change.subject.index], downs.count < 4000 {
        downs.append((at - start).seconds)
        fell[change.subject.index] = .distantFuture
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(ups.count > 3950)
    #expect(abs(mean(ups) / up - 1) < 0.1)
    #expect(abs(mean(downs.filter { $0 > 0 }) / down - 1) < 0.1)
  }

  @Test("Times up and down have their laws' means, and other means are told apart")
  func means() {
    // Γ(1 + 1/0.7) = 1.26582
    checkMeans(up: 50_000 * 1.26582, down: 600)
    expectDetects("a mean time up 25 % off") { checkMeans(up: 62_500 * 1.26582, down: 600) }
    expectDetects("a mean time down 25 % off") { checkMeans(up: 50_000 * 1.26582, down: 750) }
  }

  @Test("The hazard of a Weibull law with a shape below 1 falls")
  func fallingHazard() {
    var plan = FaultPlan(name: "p")
    var fault = RandomFault()
    fault.up = .weibull(shape: 0.7, scale: 400_000)
    plan.random = [fault]
    var alive = 3000.0
    var seen = Set<Int32>()
    var hazards: [Double] = []
    var deaths = 0.0
    var end = 86_400.0
    for (at, change) in changes(plan, inventory(3000), days: 5)
    where change.fails && seen.insert(change.subject.index).inserted {
      while at.seconds > end {
        hazards.append(deaths / alive)
        alive -= deaths
        deaths = 0
        end += 86_400
      }
      deaths += 1
    }
    #expect(hazards.count == 4)
    #expect(zip(hazards, hazards.dropFirst()).allSatisfy { $0 > $1 }, "\(hazards)")
  }

  @Test("A burst strikes its share of a rack within its window")
  func burstShare() {
    var plan = FaultPlan(name: "p")
    var burst = FaultBurst(group: "rack")
    burst.meanInterval = .hours(24)
    burst.share = 0.3
    burst.down = .constant(60)
    plan.bursts = [burst]
    let failures = changes(plan, inventory(1000), days: 100).filter(\.change.fails)
    // 10 racks × 100 bursts × 100 nodes × 0.3; the number of bursts alone has a deviation of 3.2 %.
    #expect(abs(Double(failures.count) / 30_000 - 1) < 0.16)
    // Failures of one rack come within 120 s, or hours apart: few gaps lie between.
    let rack = failures.filter { $0.change.subject.index % 10 == 3 }.map(\.at.seconds)
    let gaps = zip(rack, rack.dropFirst()).map { $1 - $0 }
    #expect(Double(gaps.count { $0 <= 120 }) / Double(gaps.count) > 0.93)
  }

  @Test("What fails doesn't depend on how often anybody looks, nor on other plans' nodes")
  func independence() {
    var plan = FaultPlan(name: "p")
    plan.random = [RandomFault()]
    let few = changes(plan, inventory(20), days: 3000).map { "\($0.at) \($0.change)" }
    let many = changes(plan, inventory(200), days: 3000)
      .filter { $0.change.subject.index < 20 }.map { "\($0.at) \($0.change)" }
    #expect(few == many && few.count > 100)
  }

  @Test("What two causes hold down works again when both let go")
  func depth() {
    var plan = FaultPlan(name: "p")
    var first = ScriptedFault(.node, target: "n-0")
    (first.at, first.lasting) = (.seconds(10), .seconds(20))
    var second = ScriptedFault(.zone, target: "z0")
    (second.at, second.lasting) = (.seconds(20), .seconds(30))
    plan.scripted = [first, second]
    let seen = changes(plan, inventory(2), days: 1).map { ($0.at.seconds, $0.change.fails) }
    #expect(seen.map(\.0) == [10, 50])
    #expect(seen.map(\.1) == [true, false])
  }

  @Test("Never fails what never fails")
  func never() {
    var plan = FaultPlan(name: "p")
    var fault = RandomFault()
    fault.up = nil
    var burst = FaultBurst(group: "rack")
    burst.meanInterval = nil
    plan.random = [fault]
    plan.bursts = [burst]
    #expect(!plan.canFail)
    #expect(changes(plan, inventory(10), days: 1000).isEmpty)
  }
}
