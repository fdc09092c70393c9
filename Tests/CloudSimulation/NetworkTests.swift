import CloudSimulation
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@Suite("What crosses a line")
struct LineTests {
  /// Pods in a cloud whose images come across a line of 80 Mbit/s (10 MB/s): 15 MB each.
  private func scenario(pods: Int = 40) -> Scenario {
    var scenario = PlainScenario.serverless(pods)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.serverlessPools[0].site = "cloud"
    scenario.profiles[0].imageBytes = .constant(15e6)
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    scenario.controlPlane.callSize = 0
    var line = Link(name: "line", between: ["idc", "cloud"])
    line.bandwidth = Bandwidth(bitsPerSecond: 80_000_000)
    line.roundTrip = .constant(0)
    line.loss.usual = 0
    scenario.links = [line]
    return scenario
  }

  /// The mean time that a Pod's image takes, in seconds.
  private func pull(_ scenario: Scenario) -> Double {
    let result = scenario.simulate()
    #expect(result.violation == nil)
    let stage = result.stages[Int(Stage.image.rawValue)]
    return Double(stage.total) / 1e9 / Double(stage.count)
  }

  private func traffic(_ megabits: Int64, connections: Int = 1) -> [CrossTraffic] {
    var traffic = CrossTraffic()
    traffic.rate = Bandwidth(bitsPerSecond: megabits * 1_000_000)
    traffic.connections = connections
    return [traffic]
  }

  @Test("Traffic on a full line lengthens pulls as max-min fairness predicts, within 1 %")
  func contention() {
    var world = scenario()
    let calm = pull(world)
    // All begin at almost the same time: n pulls leave a flow its rate as long as that is less than
    // a fair share, so the line is 1 − r/C as wide; above, it is one flow of n + 1.
    let cases: [(megabits: Int64, connections: Int, factor: Double)] = [
      (1, 1, 80.0 / 79), (20, 100, 80.0 / 60), (40, 1000, 2),
    ]
    for (megabits, connections, factor) in cases {
      world.links[0].traffic = traffic(megabits, connections: connections)
      #expect(abs(pull(world) / calm / factor - 1) < 0.01)
    }
    world.links[0].traffic = traffic(80)
    let greedy = pull(world) / calm
    #expect(abs(greedy / (41.0 / 40) - 1) < 0.01)
    expectDetects("the traffic takes all it wants") { #expect(greedy > 2) }
  }

  @Test("Losses hold each pull to what its connections carry")
  func losses() {
    var world = scenario(pods: 4)
    world.serverlessPools[0].images.pullConnections = 1
    world.links[0].roundTrip = .constant(0.05)
    world.links[0].loss.usual = 0.01
    let rate = TransportRate.bytesPerSecond(roundTrip: 0.05, loss: 0.01)
    let bytes = world.profiles[0].imageBytes.mean
    #expect(abs(pull(world) - (bytes / rate + 0.05)) < 0.01)
    world.serverlessPools[0].images.pullConnections = 3
    #expect(abs(pull(world) - (bytes / (3 * rate) + 0.05)) < 0.01)
  }

  @Test("Bursts of loss share time as their means say, and slow pulls down while they last")
  func bursts() {
    var world = scenario(pods: 1)
    world.links[0].roundTrip = .constant(0.05)
    world.links[0].loss.usual = 0.0001
    world.links[0].loss.burst = 0.05
    world.links[0].loss.every = .seconds(30)
    world.links[0].loss.lasting = .seconds(30)
    let bytes = world.profiles[0].imageBytes.mean
    func time(_ loss: Double) -> Double {
      bytes / min(3 * TransportRate.bytesPerSecond(roundTrip: 0.05, loss: loss), 1e7) + 0.05
    }
    let times = (0..<40).map { replication -> Double in
      let stage = world.simulate(replication: replication).stages[Int(Stage.image.rawValue)]
      return Double(stage.total) / 1e9
    }
    #expect(times.allSatisfy { $0 > time(0.0001) - 0.01 && $0 < time(0.05) + 0.01 })
    #expect(times.contains { $0 < time(0.0001) + 0.01 })
    #expect(times.contains { $0 > time(0.0001) + 5 })
  }

  @Test("Reports cross the line as well: a wide one delays Ready, a full one more")
  func reports() {
    var world = scenario(pods: 2)
    let ready = { (world: Scenario) in world.simulate().bursts[0].ready.last ?? 0 }
    let calm = ready(world)
    world.controlPlane.callSize = 10_000_000
    // Two reports of 10 MB begin together and share the 10 MB/s.
    #expect(abs(Double(ready(world) - calm) / 1e9 - 2) < 0.1)
    world.links[0].traffic = traffic(40, connections: 1000)
    #expect(Double(ready(world) - calm) / 1e9 > 4)
  }

  @Test("Where a second line joins the sites, a cut one costs nothing but the way's width")
  func failover() {
    var world = scenario()
    world.faults = [FaultPlan(name: "cut")]
    var fault = ScriptedFault(.link, target: "line")
    fault.at = .zero
    world.faults[0].scripted = [fault]
    #expect(world.simulate().bursts[0].ready.isEmpty)
    var spare = Link(name: "spare", between: ["idc", "cloud"])
    spare.bandwidth = Bandwidth(bitsPerSecond: 40_000_000)
    spare.roundTrip = .constant(0)
    spare.loss.usual = 0
    world.links.append(spare)
    let slow = pull(world)
    world.faults = []
    #expect(abs(slow / pull(world) - 2) < 0.02)
  }

  @Test("Of two lines that share the traffic, one alone carries half")
  func dualLine() {
    var world = scenario()
    world.links[0].lines = 2
    let whole = pull(world)
    world.faults = [FaultPlan(name: "cut")]
    var fault = ScriptedFault(.link, target: "line/1")
    fault.at = .zero
    world.faults[0].scripted = [fault]
    #expect(abs(pull(world) / whole - 2) < 0.02)
    fault.target = "line"
    world.faults[0].scripted = [fault]
    #expect(world.simulate().bursts[0].ready.isEmpty)
  }

  @Test("Each kind of link is as wide, slow and lossy as on its card", arguments: LinkKind.allCases)
  func kinds(kind: LinkKind) {
    // Bit/s of all lines, what encapsulation leaves, mean round trip in ms, loss.
    let cards: [LinkKind: (bits: Double, left: Double, trip: ClosedRange<Double>, loss: Double)] = [
      .dedicatedLine: (10e9, 1, 1...3, 1e-5), .dualLine: (20e9, 1, 1...3, 1e-5),
      .ipsecVPN: (1e9, 0.92, 11...53, 1e-3), .publicInternet: (200e6, 1, 20...200, 1e-3),
      .overlay: (10e9, 0.9, 1...3, 1e-5),
    ]
    guard let card = cards[kind] else { return }
    var world = scenario(pods: 1)
    world.profiles[0].imageBytes = .constant(1e9)
    world.serverlessPools[0].images.pullRate = .unlimited
    var link = Link(name: "line", between: ["idc", "cloud"], kind: kind)
    let mean = link.roundTrip.mean
    #expect(card.trip.contains(mean * 1000))
    if kind == .publicInternet || kind == .ipsecVPN {
      let least = (0..<50).map { n in
        RandomSource(seed: 1).stream("jitter").draw(link.roundTrip, for: UInt64(n))
      }
      #expect((least.max() ?? 0) > 1.5 * (least.min() ?? 0))
    }
    #expect((link.loss.every != nil) == (kind == .publicInternet))
    link.roundTrip = .constant(mean)
    link.loss.every = nil
    world.links = [link]
    let connections = Double(world.serverlessPools[0].images.pullConnections)
    let rate = min(
      card.bits / 8 * card.left,
      connections * TransportRate.bytesPerSecond(roundTrip: mean, loss: card.loss))
    #expect(abs(pull(world) / (1e9 / rate + mean) - 1) < 0.001)
    expectDetects("encapsulation and losses cost nothing") {
      #expect(abs(pull(world) / (1e9 / (card.bits / 8) + mean) - 1) < 0.001)
    }
  }
}
