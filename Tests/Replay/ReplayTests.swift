import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Statistics
import Testing
import Workloads

@testable import CloudSimulation

@Suite("A run is a function of its scenario, seed and replication")
struct ReplayTests {
  /// Overflow from two machines to a small pool, with every default law, a crowd that comes and
  /// goes, and Jobs.
  private static func scenario() -> Scenario {
    var scenario = Scenario(name: "replay")
    scenario.duration = .minutes(8)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.links = [Link(name: "line", between: ["idc", "cloud"])]
    var machines = NodePool(name: "m")
    machines.count = 2
    machines.allocatable = Resources(cpu: 8000, memory: 64 << 30, pods: 110)
    scenario.nodePools = [machines]
    var pool = ServerlessPool(name: "cloud")
    pool.quota.podsPerCluster = 15
    scenario.serverlessPools = [pool]
    let template = PodTemplate(
      labels: ["app": "w"],
      containers: [
        Container(
          name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
      ])
    var web = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web", template: template)
    web.replicas = 10
    var job = WorkloadObject(kind: .job, namespace: "default", name: "etl", template: template)
    job.job.completions = 2
    scenario.cluster.workloads = [web, job]
    scenario.cluster.services = [
      Service(namespace: "default", name: "web", selector: ["app": "w"])
    ]
    var crowd = LoadProfile.FlashCrowd()
    crowd.at = .minutes(1)
    crowd.peak = 35
    crowd.hold = .minutes(1)
    crowd.decay = .seconds(30)
    var jobs = LoadProfile(name: "jobs", target: "Job/etl", shape: .arrivals(.init()))
    jobs.drives = .jobs
    scenario.loads = [
      LoadProfile(name: "crowd", target: "Deployment/web", shape: .flashCrowd(crowd)), jobs,
    ]
    return scenario
  }

  private static var options: ReplicationOptions {
    var options = ReplicationOptions()
    options.keepsRecords = true
    return options
  }

  private static func text(_ result: ReplicationResult) -> String { "\(result)" }

  @Test("The same seed gives the same result to the last digit, another one doesn't")
  func twice() {
    let scenario = Self.scenario()
    let first = scenario.simulate(options: Self.options)
    #expect(first.violation == nil)
    #expect(first.pods.succeeded > 0 && first.pods.deleted > 0 && first.refusals > 0)
    #expect(Self.text(first) == Self.text(scenario.simulate(options: Self.options)))
    var reseeded = scenario
    reseeded.seed = 43
    #expect(Self.text(first) != Self.text(reseeded.simulate(options: Self.options)))
    #expect(Self.text(first) != Self.text(scenario.simulate(replication: 1, options: Self.options)))
  }

  @Test("Replications side by side give what they give one after the other")
  func sideBySide() async {
    let scenario = Self.scenario()
    let alone = (0..<4).map { Self.text(scenario.simulate(replication: $0)) }
    let together = await withTaskGroup(of: (Int, String).self) { group in
      for replication in 0..<4 {
        group.addTask { (replication, Self.text(scenario.simulate(replication: replication))) }
      }
      var texts = [String](repeating: "", count: 4)
      for await (replication, text) in group { texts[replication] = text }
      return texts
    }
    #expect(alone == together)
  }

  private static func finish(
    _ cloud: inout HybridCloud, _ agenda: inout EventList<CloudEvent>, _ scenario: Scenario
  ) -> String {
    let end = Instant.zero + scenario.horizon
    while let event = agenda.next(notAfter: end) { cloud.handle(event, on: &agenda) }
    return text(cloud.result(scenario, replication: 0, end: end))
  }

  @Test(
    "A branch in the midst of a run goes on as the run does, and disturbs it in nothing",
    arguments: [0, 61, 75, 100, 150, 300])
  func branch(seconds: Int) {
    let scenario = Self.scenario()
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(scenario, replication: 0, options: Self.options)
    cloud.begin(on: &agenda)
    let whole = Self.finish(&cloud, &agenda, scenario)

    var trunkAgenda = EventList<CloudEvent>()
    var trunk = HybridCloud(scenario, replication: 0, options: Self.options)
    trunk.begin(on: &trunkAgenda)
    while let event = trunkAgenda.next(notAfter: .seconds(Double(seconds))) {
      trunk.handle(event, on: &trunkAgenda)
    }
    var branchAgenda = trunkAgenda.copy()
    var branch = trunk.copy()
    let branched = Self.finish(&branch, &branchAgenda, scenario)
    let trunkText = Self.finish(&trunk, &trunkAgenda, scenario)
    #expect(branched == whole)
    #expect(trunkText == whole)
  }
}
