import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

/// The time from the request to the last Ready, with constant laws, slow start and back-off off:
/// Σ latencies up to `probe` + max(0, n − b)/r.
@Suite("The makespan of a burst whose stages take constant times")
struct MakespanTests {
  private let n = 60

  /// Nanoseconds from the request until the last of the burst's Pods is Ready.
  private func makespan(_ scenario: Scenario, pods: Int? = nil) -> Int64 {
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.bursts.first?.ready.count == pods ?? n)
    return (result.bursts.first?.ready.last ?? 0) - 10_000_000_000
  }

  private func nanoseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) }

  /// The Deployment controller hears of the request and scales, the ReplicaSet controller hears of
  /// that and creates, the scheduler hears of that and binds, the pool hears of that: four watches,
  /// and with the status four writes. Then call, boot, address, image, containers, application.
  private let control = 4 * (PlainScenario.write + PlainScenario.watch)
  private var sum: Double { control + 0.5 + 5 + 1 + 2 + 0.7 + 3 }

  /// What a stage limited to `rate` a second after `burst` at once adds for the last of n Pods.
  private func wait(_ n: Int, rate: Double, burst: Int) -> Double {
    Double(max(0, n - burst)) / rate
  }

  @Test("Without limits all Pods are ready together, after the sum of the latencies")
  func unlimited() {
    #expect(makespan(PlainScenario.serverless(n)) == nanoseconds(sum))
    #expect(makespan(PlainScenario.serverless(1), pods: 1) == nanoseconds(sum))
  }

  /// A stage with its limit.
  struct Bottleneck: Sendable, CustomTestStringConvertible {
    let stage: Stage
    let limit: @Sendable (inout Scenario, _ rate: Double, _ burst: Int) -> Void
    var burstIsOne = false
    var testDescription: String { stage.name }
  }

  static let bottlenecks: [Bottleneck] = [
    Bottleneck(stage: .create) { $0.controlPlane.replicaSet = ClientLimits(qps: $1, burst: $2) },
    Bottleneck(
      stage: .schedule,
      limit: { scenario, rate, _ in scenario.scheduler.cycleTime = .seconds(1 / rate) },
      burstIsOne: true),
    Bottleneck(stage: .bind) { $0.controlPlane.scheduler = ClientLimits(qps: $1, burst: $2) },
    Bottleneck(stage: .call) {
      $0.serverlessPools[0].createRate = Rate(perSecond: $1)
      $0.serverlessPools[0].createBurst = $2
    },
    Bottleneck(
      stage: .boot,
      limit: { scenario, rate, _ in scenario.serverlessPools[0].bootRate = Rate(perSecond: rate) },
      burstIsOne: true),
    Bottleneck(
      stage: .address,
      limit: { scenario, rate, _ in
        scenario.serverlessPools[0].addressRate = Rate(perSecond: rate)
      }, burstIsOne: true),
    Bottleneck(
      stage: .start,
      limit: { scenario, rate, _ in scenario.serverlessPools[0].startRate = Rate(perSecond: rate) },
      burstIsOne: true),
    Bottleneck(stage: .probe) {
      $0.serverlessPools[0].clientQPS = Rate(perSecond: $1)
      $0.serverlessPools[0].clientBurst = $2
    },
  ]

  @Test("A limit on the rate of one stage adds max(0, n − b)/r", arguments: bottlenecks)
  func oneLimit(_ bottleneck: Bottleneck) {
    for (rate, burst) in [(8.0, 1), (20.0, 7), (50.0, 100)] {
      let burst = bottleneck.burstIsOne ? 1 : burst
      var scenario = PlainScenario.serverless(n)
      bottleneck.limit(&scenario, rate, burst)
      // A scheduling cycle takes time also for the first.
      let cycle = bottleneck.stage == .schedule ? 1 / rate : 0
      let expected = nanoseconds(sum + cycle + wait(n, rate: rate, burst: burst))
      #expect(makespan(scenario) == expected)
    }
  }

  @Test("The makespan tells a burst of one from a burst of two")
  func mutant() {
    var scenario = PlainScenario.serverless(n)
    Self.bottlenecks[3].limit(&scenario, 20, 2)
    expectDetects("one more at once") {
      #expect(makespan(scenario) == nanoseconds(sum + wait(n, rate: 20, burst: 1)))
    }
  }

  @Test("Odd rates add up to the nanosecond")
  func oddRate() {
    var scenario = PlainScenario.serverless(n)
    scenario.serverlessPools[0].createRate = Rate(perMinute: 1000)
    scenario.controlPlane.writeLatency = .constant(0.0071)
    let expected = nanoseconds(sum + 4 * (0.0071 - PlainScenario.write) + 59 * 0.06)
    #expect(makespan(scenario) == expected)
  }

  @Test("A shared link adds (n − b)/r, where b transfers fill it and r of them end a second")
  func link() {
    // 150 MB at 75 MB/s take 2 s; a link of 300 MB/s carries four at once and two a second.
    var scenario = PlainScenario.serverless(n)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    var link = Link(name: "line", between: ["idc", "cloud"])
    link.bandwidth = Bandwidth(bitsPerSecond: 2_400_000_000)
    link.roundTrip = .constant(0)
    scenario.links = [link]
    scenario.controlPlane.callSize = 0
    #expect(abs(makespan(scenario) - nanoseconds(sum + wait(n, rate: 2, burst: 4))) <= 2)
    // A round trip for the pull, and one for the report that the Pod is ready.
    scenario.links[0].roundTrip = .constant(0.003)
    #expect(abs(makespan(scenario) - nanoseconds(sum + 0.006 + wait(n, rate: 2, burst: 4))) <= 2)
  }

  @Test(
    "Workers that hold a Pod for one call let through as many a second as they are over its time")
  func workers() {
    var scenario = PlainScenario.serverless(n)
    scenario.serverlessPools[0].createWorkers = 4
    // Four at a time, half a second each: fifteen rounds for sixty Pods.
    #expect(makespan(scenario) == nanoseconds(sum + 14 * 0.5))
  }

  /// Pods that no machine takes: a failed attempt and its mark, a read, the toleration, another
  /// attempt; each a call with its watch, but the read, which nobody watches.
  private func overflowSum(_ scenario: Scenario) -> Double {
    sum + 3 * PlainScenario.write + 2 * PlainScenario.watch
  }

  @Test("Overflow costs a mark, a read and the toleration; the admission client two calls a Pod")
  func admission() {
    var scenario = PlainScenario.overflow(n, local: 0)
    #expect(makespan(scenario) == nanoseconds(overflowSum(scenario)))
    scenario.controlPlane.admission = ClientLimits(qps: 20, burst: 6)
    // The reads come first: but for the first ones the wait for the write outlasts them.
    let expected = overflowSum(scenario) - PlainScenario.write + wait(2 * n, rate: 20, burst: 6)
    #expect(makespan(scenario) == nanoseconds(expected))
    scenario.controlPlane.admission = ClientLimits(qps: .infinity, burst: 1)
    scenario.controlPlane.admissionWorkers = 3
    let rounds = Double(n / 3 - 1) * 2 * PlainScenario.write
    #expect(makespan(scenario) == nanoseconds(overflowSum(scenario) + rounds))
  }

  @Test("With two limits the makespan lies within their bursts' worth of the slower one's")
  func twoLimits() {
    for (first, second) in [(0, 3), (2, 7), (3, 7), (0, 2)] {
      var scenario = PlainScenario.serverless(n)
      Self.bottlenecks[first].limit(&scenario, 20, 6)
      Self.bottlenecks[second].limit(&scenario, 10, 4)
      let slack = nanoseconds(6.0 / 20 + 4.0 / 10)
      let expected = nanoseconds(sum + wait(n, rate: 10, burst: 4))
      #expect(abs(makespan(scenario) - expected) <= slack)
    }
  }

  @Test("Machines add up as well: sandbox, address, container, application, write")
  func machines() {
    let scenario = PlainScenario.overflow(n, local: n)
    #expect(makespan(scenario) == nanoseconds(control + 0.5 + 0.3 + 0.7 + 3))
  }
}
