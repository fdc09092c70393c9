import Autoscaling
import CloudSimulation
import ClusterModel
import Controllers
import Infrastructure
import Probability
import Quantities
import Scheduling
import Statistics
import TestSupport
import Testing
import Workloads

@Suite struct BurstTests {
  /// Where each Pod of a run was at its end, by site, for those that hadn't gone.
  private func homes(_ scenario: Scenario) -> [String] {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    return result.placements.filter { $0.end == nil }.map { $0.site ?? "" }.sorted()
  }

  /// The resilience document's example: a Deployment with `LOCAL_REPLICAS: 1` on a cluster that has
  /// room for all.
  private func example(_ load: LoadProfile.FlashCrowd) -> Scenario {
    var scenario = PlainScenario.overflow(4, local: 10)
    scenario.cluster.workloads[0].template.annotations = [
      "AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "1",
    ]
    scenario.cluster.workloads[0].replicas = 4
    scenario.scheduler.profiles = [SchedulerProfile()]
    scenario.scheduler.profiles[0].disabledFilters.remove(.localReplicas)
    scenario.controlPlane.scaleIn = .virtualNodesFirst
    scenario.loads[0].shape = .flashCrowd(load)
    return scenario
  }

  @Test
  func `by the published plugin one of four stays local, and of the others one goes first`() {
    var crowd = LoadProfile.FlashCrowd()
    (crowd.at, crowd.from, crowd.peak, crowd.rise) = (.seconds(1), 4, 4, .seconds(1))
    let four = homes(example(crowd))
    #expect(four == ["cloud", "cloud", "cloud", "idc"])
    (crowd.from, crowd.hold, crowd.decay) = (3, .seconds(120), .seconds(1))
    let three = homes(example(crowd))
    #expect(three == ["cloud", "cloud", "idc"])
  }

  /// Twelve Pods, of which four find room on own machines.
  private func shared(_ policy: BurstPolicyName) -> Scenario {
    var scenario = PlainScenario.overflow(12, local: 4)
    scenario.burst.policy = policy
    scenario.burst.localReplicas = 2
    scenario.burst.share = 0.75
    scenario.burst.spotBase = 4
    return scenario
  }

  @Test(arguments: [
    (BurstPolicyName.idcFirst, 4), (.cloudFirst, 0), (.cloudOnly, 0), (.weighted, 3),
    (.spotAware, 4),
  ])
  func `a policy leads so many of twelve Pods to own machines`(
    policy: BurstPolicyName, own: Int
  ) {
    let homes = homes(shared(policy))
    #expect(homes.count == 12)
    #expect(homes.count { $0 == "idc" } == own)
  }

  @Test func `a policy of somebody's own is asked about every Pod`() {
    struct EveryThird: BurstPolicy {
      func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
        pod.ordinal % 3 == 0 ? .virtualNodes : .ownNodes
      }
    }
    var scenario = shared(.idcFirst)
    scenario.burst.policies.register(EveryThird(), as: BurstPolicyName(rawValue: "everyThird"))
    scenario.burst.policy = BurstPolicyName(rawValue: "everyThird")
    let homes = homes(scenario)
    #expect(
      homes == ["", "", "", "", "cloud", "cloud", "cloud", "cloud", "idc", "idc", "idc", "idc"])
  }

  @Test func `what the cloud doesn't start is replaced on own machines`() {
    var scenario = shared(.cloudFirst)
    scenario.nodePools[0].allocatable = Resources(cpu: 20_000, memory: 1 << 40, pods: 100)
    scenario.serverlessPools[0].outages = [Outage(from: .zero, to: .minutes(9))]
    let waiting = homes(scenario)
    #expect(waiting.allSatisfy { $0 == "cloud" })
    scenario.burst.fallbackAfter = .seconds(60)
    let replaced = homes(scenario)
    #expect(replaced.count == 12)
    #expect(replaced.allSatisfy { $0 == "idc" })
    let result = scenario.simulate()
    #expect(result.usage.contains(.fallback))
    #expect(result.bursts[0].ready.count == 12)
  }

  @Test func `an outage delays creations until it is over, and leaves what runs alone`() {
    var scenario = PlainScenario.serverless(5)
    let calm = scenario.simulate().bursts[0]
    scenario.serverlessPools[0].outages = [Outage(from: .seconds(10.2), to: .seconds(100))]
    scenario.serverlessPools[0].retryInitial = .seconds(5)
    scenario.serverlessPools[0].retryMax = .seconds(5)
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.bursts[0].ready.count == 5)
    #expect(result.bursts[0].ready[0] >= 100_000_000_000)
    #expect(result.bursts[0].ready[4] <= calm.ready[4] + 95_000_000_000)
    scenario.serverlessPools[0].outages = [Outage(from: .seconds(60), to: .seconds(500))]
    let late = scenario.simulate().bursts[0]
    #expect(late.ready == calm.ready)
  }

  @Test func `a line that is down holds pulls up for just as long`() {
    var scenario = PlainScenario.serverless(5)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.serverlessPools[0].site = "cloud"
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    var line = Link(name: "line", between: ["idc", "cloud"])
    line.roundTrip = .constant(0)
    scenario.links = [line]
    let calm = scenario.simulate().bursts[0].ready
    // Pulls of 150 MB at 75 MB/s run from about 16.6 s to 18.6 s.
    scenario.links[0].outages = [Outage(from: .seconds(17), to: .seconds(47))]
    let delayed = scenario.simulate()
    #expect(delayed.violation == nil)
    let moved = delayed.bursts[0].ready
    #expect(zip(calm, moved).allSatisfy { abs($1 - $0 - 30_000_000_000) < 1_000_000 })
    expectDetects("no outage") {
      #expect(zip(calm, calm).allSatisfy { abs($1 - $0 - 30_000_000_000) < 1_000_000 })
    }
  }

  @Test func `a spot Pod is replaced within its notice, and costs a fifth`() {
    var scenario = shared(.spotAware)
    scenario.burst.spotBase = 0
    scenario.serverlessPools[0].subnets = [
      Subnet(cidr: "10.0.0.0/24", zone: "a"), Subnet(cidr: "10.0.1.0/24", zone: "b"),
    ]
    var reclaim = SpotScript.Reclaim()
    reclaim.at = .seconds(200)
    reclaim.zone = "a"
    scenario.serverlessPools[0].spot.reclaims = [reclaim]
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.pods.running == 12)
    #expect(result.pods.deleted == 6)
    #expect(result.pods.evicted == 0)
    let spot = result.cash
    scenario.prices.spotFactor = 1
    let full = scenario.simulate().cash
    #expect(abs(spot.units / full.units - 0.2) < 1e-3)
  }

  @Test func `a minimum fills places ahead of the load, which finds them ready`() throws {
    var scenario = PlainScenario.serverless(10, at: .minutes(5))
    scenario.clockOrigin = 0
    scenario.cluster.cronScalers = [
      CronScaler(
        namespace: "default", name: "early",
        target: OwnerReference(kind: "Deployment", name: "web"),
        rules: [
          CronScaler.Rule(name: "up", schedule: try CronSchedule("2 * * * *"), replicas: 8)
        ])
    ]
    let burst = scenario.simulate().bursts[0]
    #expect(burst.places == 10)
    #expect(burst.starts.count { $0 == 0 } == 8)
    #expect(burst.firstAsked == .seconds(300))
    let short = try #require(burst.levels?.shortPodMinutes)
    scenario.cluster.cronScalers = []
    scenario.claims = [Claim(name: "short")]
    scenario.claims[0].metric = .shortMinutes
    let late = try #require(scenario.simulate().bursts[0].levels?.shortPodMinutes)
    #expect(short * 4.9 < late)
  }
}
