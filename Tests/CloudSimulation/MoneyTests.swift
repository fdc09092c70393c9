import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Statistics
import TestSupport
import Testing

@Suite("A run's bill")
struct MoneyTests {
  private func amount(_ name: String, in result: ReplicationResult) -> Money {
    result.bill.filter { $0.name == name }.reduce(.zero) { $0 + $1.amount }
  }

  /// Three Pods on an own machine of four cores, five in the cloud, until the end.
  private func scenario() -> Scenario {
    var scenario = PlainScenario.overflow(8, local: 3, at: .seconds(10))
    scenario.nodePools[0].allocatable.cpu = 3500
    return scenario
  }

  @Test("Pods alive at the horizon are billed to it, and the bill adds up")
  func horizon() throws {
    var scenario = scenario()
    scenario.prices.clusterLevel = .l5
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.pods.running == 8)
    let total = result.bill.reduce(Money.zero) { $0 + $1.amount }
    #expect(total == result.cash + result.owned)
    let pods = amount("serverless Pods", in: result)
    scenario.duration = .seconds(601)
    let longer = scenario.simulate()
    // 1 core and 1 GiB for one more second each.
    #expect(
      amount("serverless Pods", in: longer) - pods == Money(picounits: 5 * 47_230_000))
    #expect(amount("cluster L5", in: result) == Money(picounits: 21_666_666_667))
    var broken = result
    broken.bill[0].amount += Money(picounits: 1)
    let sum = broken.bill.reduce(Money.zero) { $0 + $1.amount }
    expectDetects("a line that is wrong by 10⁻¹²") { #expect(sum == broken.cash + broken.owned) }
  }

  @Test("Idle owned capacity is a line of its own, and both add up to what is owned")
  func idle() throws {
    let result = scenario().simulate()
    let lines = result.bill.filter(\.isOwned)
    #expect(lines.map(\.name) == ["own cores at idc", "idle own cores at idc"])
    // 3.5 cores for ten minutes; three of them from the binding, ten seconds in.
    #expect(result.owned == Money(picounits: 55_000_000_000 * 35 / 60))
    #expect(abs(lines[0].quantity - 3 * 590 / 3600) < 0.01)
    #expect(abs(lines[0].quantity + lines[1].quantity - 3.5 / 6) < 1e-9)
  }

  @Test("A reservation is paid for at any use, and takes off what it covers")
  func reserved() throws {
    var scenario = scenario()
    var reserved = Reservation()
    reserved.millicores = 2000
    reserved.gib = 2
    let plain = scenario.simulate()
    scenario.prices.reserved = [reserved]
    let result = scenario.simulate()
    #expect(result.violation == nil)
    let covered = amount("covered by reservations", in: result)
    #expect(covered < .zero)
    #expect(abs(covered.units / amount("serverless Pods", in: plain).units + 2 / 5.0) < 0.01)
    #expect(
      result.cash - plain.cash == scenario.prices.reservationFee(for: .minutes(10)) + covered)
    scenario.loads = []
    #expect(scenario.simulate().cash == scenario.prices.reservationFee(for: .minutes(10)))
  }

  @Test("A link costs its rent and what it carries")
  func link() throws {
    var scenario = scenario()
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    var line = Link(name: "line", between: ["idc", scenario.serverlessPools[0].name])
    line.rent = Price(Money(picounits: 24_000_000_000_000), currency: "CNY", per: .hours(24))
    line.gibPrice = Price(Money(picounits: 1 << 30), currency: "CNY")
    scenario.links = [line]
    // Calls cross the line as well.
    scenario.controlPlane.callSize = 0
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(amount("link line", in: result) == Money(picounits: 166_666_666_667))
    // Five images of 150 MB, and a report of 4 KiB for each Pod, one picounit a byte.
    #expect(
      amount("traffic of link line", in: result) == Money(picounits: 5 * (150_000_000 + 4096)))
  }
}
