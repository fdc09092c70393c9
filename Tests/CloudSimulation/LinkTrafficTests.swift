import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@Suite("Requests, leases, watches and calls cross the line")
struct LinkTrafficTests {
  /// 40 Pods whose images of 15 MB come across a line of 10 MB/s from minute 2 on, and one Pod in the
  /// cloud that answers requests from the start: 100 a second, of 20 kB with their answers.
  private func scenario(requests: Bool = true) -> Scenario {
    var scenario = PlainScenario.serverless(40, at: .minutes(2))
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.serverlessPools[0].site = "cloud"
    scenario.serverlessPools[0].images.pullRate = .unlimited
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    scenario.controlPlane.callSize = 0
    scenario.profiles[0].imageBytes = .constant(15e6)
    scenario.profiles[0].serviceTime = .constant(0.01)
    scenario.profiles[0].concurrency = 100
    scenario.profiles[0].requests.cpu = .milliseconds(1)
    scenario.profiles[0].requests.timeout = .seconds(2)
    scenario.profiles[0].requests.requestSize = 4000
    scenario.profiles[0].requests.answerSize = 16_000
    var line = Link(name: "line", between: ["idc", "cloud"])
    line.bandwidth = Bandwidth(bitsPerSecond: 80_000_000)
    line.roundTrip = .constant(0.02)
    line.loss.usual = 0
    scenario.links = [line]
    var template = scenario.cluster.workloads[0].template
    template.labels = ["app": "api"]
    scenario.cluster.workloads.append(PlainScenario.deployment("api", template: template))
    scenario.loads.append(PlainScenario.step("Deployment/api", to: 1, at: .zero))
    guard requests else { return scenario }
    var arrivals = LoadProfile.Arrivals()
    arrivals.interarrival = .constant(0.01)
    arrivals.from = .seconds(30)
    var load = LoadProfile(
      name: "users", target: "Deployment/api", shape: .arrivals(arrivals))
    load.drives = .requests
    load.ingress = "idc"
    scenario.loads.append(load)
    return scenario
  }

  private func run(_ scenario: Scenario) -> ReplicationResult {
    let result = scenario.simulate()
    #expect(result.violation == nil)
    return result
  }

  /// From the first start of a burst's Pods to the last, in seconds.
  private func burst(_ result: ReplicationResult) -> Double {
    Double(result.bursts[0].starts.last ?? 0) / 1e9
  }

  @Test("Requests lengthen the burst's pulls as max-min predicts, within 1 %")
  func requests() throws {
    let calm = run(scenario(requests: false))
    let busy = run(scenario())
    // The pulls are what the line makes them: 600 MB over 10 or over 8 MB/s, and 11 s of others.
    let pulled = 15e6 * 40 / 1e7
    let rest = burst(calm) - pulled
    #expect(abs((burst(busy) - rest) / pulled / (10 / 8.0) - 1) < 0.01)
    expectDetects("requests take nothing of the line") {
      #expect(abs((burst(calm) - rest) / pulled / (10 / 8.0) - 1) < 0.01)
    }
    let requests = try #require(busy.requests)
    #expect(requests.failed == 0 && requests.late == 0)
    // A round trip, the service, and 20 kB at the line's or a pull's speed.
    let median = try #require(requests.latency(0.5))
    #expect(median > 0.03 && median < 0.04)
    let line = try #require(busy.links.first)
    let sent = Double(requests.arrived) * 20_000
    #expect(abs(line.bytes[LinkUse.requests.rawValue] / sent - 1) < 0.01)
    #expect(abs(line.bytes[LinkUse.images.rawValue] / (41 * 15e6) - 1) < 1e-9)
    #expect((line.utilisation?.max() ?? 0) > 0.99)
  }

  @Test("Few connections on a full line let requests wait, time out and fail")
  func starvation() throws {
    var world = scenario()
    world.profiles[0].requests.connections = 2
    let requests = try #require(run(world).requests)
    // Two of 42 shares of the line are a quarter of what is sent: while the pulls last, 63 s, the
    // queue is as long as patience lets it, and nobody is answered in time.
    let expected = 100 * 600 / (10 * 40 / 42.0)
    #expect(abs(Double(requests.failed) / expected - 1) < 0.06, "\(requests.failed)")
    world.links[0].bandwidth = Bandwidth(bitsPerSecond: 1_000_000_000)
    #expect(try #require(run(world).requests).failed == 0)
  }

  @Test("While the line is cut requests fail; cloud Pods stay endpoints all the same")
  func cut() throws {
    var world = scenario()
    world.loads.removeFirst()
    let calm = try #require(run(world).requests)
    #expect(calm.failed == 0)
    world.faults = [FaultPlan(name: "cut")]
    var fault = ScriptedFault(.link, target: "line")
    fault.at = .seconds(200)
    fault.lasting = .seconds(100)
    world.faults[0].scripted = [fault]
    let cut = try #require(run(world).requests)
    #expect(abs(Double(cut.failed) - 10_000) < 20)
    world.faults = []
    world.links[0].outages = [Outage(from: .seconds(200), to: .seconds(300))]
    #expect(try #require(run(world).requests).failed == cut.failed)
    // Without a timeout clients see at once that there is no way.
    world.profiles[0].requests.timeout = nil
    #expect(abs(Double(try #require(run(world).requests).failed) - 10_000) < 20)
  }

  @Test("Only what leaves the metered site is paid for")
  func egress() throws {
    var world = scenario()
    world.loads.removeFirst()
    world.links[0].gibPrice = Price(Money(picounits: 1 << 30), currency: "CNY")
    func paid(_ site: String?) -> Double {
      world.links[0].metered = site
      let line = run(world).bill.first { $0.name == "traffic of link line" }
      return Double(line?.amount.picounits ?? 0)
    }
    let requests = Double(try #require(run(world).requests).arrived)
    // A second's worth is still to be carried at the end.
    #expect(abs(paid("cloud") / (requests * 16_000) - 1) < 0.003)
    #expect(abs(paid("idc") / (requests * 4_000 + 15e6) - 1) < 0.003)
    #expect(abs(paid(nil) - paid("cloud") - paid("idc")) <= 1)
    expectDetects("both directions are paid for") { #expect(paid(nil) == paid("cloud")) }
  }

  @Test("Requests that come in where their Pods are cross nothing and change nothing")
  func local() throws {
    var world = scenario()
    world.loads[world.loads.count - 1].ingress = "cloud"
    let result = run(world)
    #expect(result.links[0].bytes[LinkUse.requests.rawValue] == 0)
    let calm = run(scenario(requests: false))
    #expect(burst(result) == burst(calm))
    #expect(try #require(result.requests?.latency(0.5)) < 0.0105)
  }

  @Test("Leases of a hundred nodes take their rate; those of a cut site none")
  func leases() throws {
    var world = scenario(requests: false)
    var rack = NodePool(name: "rack")
    rack.site = "cloud"
    rack.count = 99
    rack.allocatable = Resources(cpu: 100, memory: 1 << 30, pods: 10)
    world.nodePools = [rack]
    let calm = burst(run(world))
    world.controlPlane.leaseSize = 200_000
    let busy = run(world)
    // With the virtual node, 100 renew 200 kB every 10 s: 2 MB/s.
    #expect(abs((burst(busy) - calm + 60) / 60 / (10 / 8.0) - 1) < 0.01)
    let bytes = busy.links[0].bytes[LinkUse.leases.rawValue]
    #expect(abs(bytes / (600 * 2e6) - 1) < 0.01)
    world.faults = [FaultPlan(name: "cut")]
    var fault = ScriptedFault(.link, target: "line")
    fault.at = .seconds(300)
    world.faults[0].scripted = [fault]
    let cut = run(world).links[0].bytes[LinkUse.leases.rawValue]
    #expect(abs(cut / (300 * 2e6) - 1) < 0.02)
  }

  @Test("Watches cost half a round trip and their bytes; calls to create Pods a whole one")
  func control() throws {
    var world = scenario(requests: false)
    world.links[0].roundTrip = .constant(1)
    let calm = run(world)
    world.controlPlane.watchSize = 1
    let watched = run(world)
    #expect(abs(burst(watched) - burst(calm) - 0.5) < 0.001)
    #expect(watched.links[0].bytes[LinkUse.watches.rawValue] > 41)
    world.controlPlane.watchSize = 0
    world.controlPlane.createSize = 1000
    let called = run(world)
    #expect(abs(burst(called) - burst(calm) - 1) < 0.001)
    #expect(abs(called.links[0].bytes[LinkUse.creates.rawValue] - 41_000) < 1)
    #expect(calm.links[0].bytes[(LinkUse.images.rawValue + 1)...].allSatisfy { $0 == 0 })
    // A call across a line that is cut fails, as one that isn't modelled doesn't.
    world.links[0].outages = [Outage(from: .seconds(121), to: .seconds(1000))]
    let cut = run(world)
    let isRefused = cut.stages[Int(Stage.boot.rawValue)].count == 1
    #expect(isRefused)
  }
}
