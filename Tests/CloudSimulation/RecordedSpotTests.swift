import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import TestSupport
import Testing

@Suite("A run on a recorded spot market")
struct RecordedSpotTests {
  /// m3.medium in us-east-1a (Linux), the changes from 2015-07-10T09:58:00Z on: seconds, and
  /// hundredths of a dollar an hour. The list price was 6.7.
  private static let excerpt: [(at: Int, cents: Int)] = [
    (0, 2), (960, 1), (1431, 2), (2862, 1), (4523, 2), (5003, 1), (5976, 2), (6474, 1), (7287, 2),
    (7782, 1), (8264, 2), (9712, 1), (10_677, 2), (11_153, 1), (12_137, 2), (12_621, 1),
    (13_555, 2), (14_502, 1),
  ]
  private static let horizon = 14_400

  private static func history(_ changes: [(at: Int, cents: Int)]) -> PriceHistory {
    PriceHistory(
      changes: changes.map { .init(at: .seconds($0.at), price: Double($0.cents) / 100) })
  }

  /// One Pod on spot capacity for four hours.
  private func scenario(
    _ changes: [(at: Int, cents: Int)] = excerpt, bid: Double? = nil
  ) -> Scenario {
    var scenario = PlainScenario.serverless(1, at: .seconds(1))
    scenario.duration = .seconds(Self.horizon)
    scenario.cluster.workloads[0].template.annotations[
      "eks.tke.cloud.tencent.com/spot-pod"] = "true"
    var record = RecordedAvailability()
    record.prices = [.init(name: "m3.medium/us-east-1a", history: Self.history(changes))]
    record.listPrice = 0.067
    record.bid = bid
    scenario.serverlessPools[0].spot.recorded = [record]
    return scenario
  }

  /// The cents in force at a second.
  private func cents(at second: Int) -> Int {
    Self.excerpt.last { $0.at <= second }?.cents ?? 0
  }

  @Test("Every second costs what was recorded for it, to 10⁻¹² of the bill")
  func price() throws {
    func check(_ scenario: Scenario) throws {
      let result = scenario.simulate()
      #expect(result.violation == nil)
      let line = try #require(result.bill.first { $0.name == "spot Pods" })
      // The Pod is there until the end.
      let start = Self.horizon - Int(line.quantity)
      #expect((1...120).contains(start))
      // 1 or 2 cents of 6.7, in 10⁻⁹.
      let weighted = (start..<Self.horizon).reduce(Int128(0)) {
        $0 + (cents(at: $1) == 1 ? 149_253_731 : 298_507_463)
      }
      // A core and a GiB, per second in 10⁻¹².
      let expected =
        (Int128(33_340_000 + 13_890_000) * weighted * 2 + 1_000_000_000) / 2_000_000_000
      #expect(line.amount == Money(picounits: expected))
    }
    try check(scenario())
    expectDetects("a change that was recorded a second later") {
      var late = Self.excerpt
      late[4].at += 1
      try check(scenario(late))
    }
    expectDetects("the first price throughout") {
      try check(scenario([Self.excerpt[0]]))
    }
  }

  @Test("A bid takes the Pod whenever the recorded price passes it, and nobody else does")
  func outages() throws {
    func check(_ scenario: Scenario) throws {
      let result = scenario.simulate()
      #expect(result.violation == nil)
      // As the market looks at bids: minute by minute.
      let isUp = (0..<Self.horizon / 60).map { cents(at: $0 * 60) == 1 }
      let ends = zip(isUp, isUp.dropFirst()).count { $0 && !$1 }
      #expect(ends == 8)
      #expect(result.reclaims == ends)
      let line = try #require(result.bill.first { $0.name == "spot Pods" })
      // Nobody is billed while there is no capacity, but for the two minutes of notice.
      let most = isUp.count { $0 } * 60 + 120 * ends
      #expect(line.quantity <= Double(most) && line.quantity > Double(most) * 0.6)
    }
    try check(scenario(bid: 0.015))
    expectDetects("no bid") { try check(scenario()) }
    expectDetects("a bid that is never passed") { try check(scenario(bid: 0.05)) }
  }
}
