import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

@Suite("Whole runs of a hybrid cloud")
struct WholeRunTests {
  private func records() -> ReplicationOptions {
    var options = ReplicationOptions()
    options.keepsRecords = true
    return options
  }

  @Test("In a cancelled task a run stops after a few events, and says where")
  func stopped() async throws {
    let scenario = PlainScenario.serverless(50)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return scenario.simulate()
    }
    let result = await task.value
    let stoppedAt = try #require(result.stoppedAt)
    #expect(result.events == RunCourse.eventsBetweenLooks)
    #expect(stoppedAt < .zero + scenario.horizon && result.end <= stoppedAt)
    let whole = scenario.simulate()
    #expect(whole.stoppedAt == nil && whole.events > result.events)
  }

  @Test("A quota's plateau: the others stay bound, refused, with the provider's words")
  func plateau() {
    var scenario = PlainScenario.serverless(50)
    scenario.serverlessPools[0].quota.podsPerRegion = 30
    scenario.serverlessPools[0].quota.regionInUse = 10
    scenario.serverlessPools[0].quota.podsPerWorkload = 25
    let result = scenario.simulate(options: records())
    #expect(result.violation == nil)
    #expect(result.pods.running == 20)
    #expect(result.pods.refused == 30)
    #expect(result.bursts[0].places == 50)
    #expect(result.bursts[0].ready.count == 20)
    let waiting = result.placements.filter { $0.ready == nil }
    #expect(waiting.count == 30)
    #expect(waiting.allSatisfy { $0.node != nil && $0.reason == RefusalReason.regionQuota.text })
  }

  @Test("A cap on the cluster's Pods holds as well, and the controller tries again")
  func podCap() {
    var scenario = PlainScenario.serverless(50)
    scenario.controlPlane.podCap = 35
    let result = scenario.simulate()
    #expect(result.pods.created == 35)
    #expect(result.bursts[0].places == 50)
    #expect(result.bursts[0].ready.count == 35)
    #expect(result.violation == nil)
  }

  @Test("Every Pod is in exactly one state, whatever the horizon cuts off")
  func conservation() {
    for seconds in stride(from: 5, through: 40, by: 5) {
      var scenario = PlainScenario.overflow(40, local: 7)
      scenario.serverlessPools[0].quota.podsPerCluster = 20
      scenario.controlPlane.replicaSet = ClientLimits(qps: 5, burst: 3)
      scenario.duration = .seconds(seconds)
      let result = scenario.simulate()
      #expect(result.violation == nil)
      #expect(result.conservation.count == 6)
    }
  }

  @Test("A violated identity is found")
  func violation() {
    var run = SpoiltRun()
    let scenario = PlainScenario.serverless(10)
    run.run(scenario) { _ in }
    #expect(run.violation == nil)
    expectDetects("a Pod that vanished from the books") {
      run.run(scenario) { $0.counts.created += 1 }
      #expect(run.violation == nil)
    }
    expectDetects("a stay that nobody closed") {
      run.run(scenario) { $0.existence.enter(at: .zero) }
      #expect(run.violation == nil)
    }
  }

  @Test("Pods that go and come back count once, as of their first Ready; those asked anew, again")
  func places() {
    var scenario = PlainScenario.serverless(0)
    scenario.cluster.workloads[0].replicas = 2
    scenario.duration = .minutes(30)
    var crowd = LoadProfile.Ramp()
    crowd.at = .seconds(60)
    crowd.over = .zero
    crowd.to = 10
    scenario.loads = [
      LoadProfile(name: "up", target: "Deployment/web", shape: .ramp(crowd))
    ]
    var down = LoadProfile.Step()
    down.at = .seconds(300)
    down.from = 2
    down.to = 4
    var again = LoadProfile.Step()
    again.at = .seconds(600)
    again.to = 9
    scenario.loads.append(
      LoadProfile(name: "down", target: "Deployment/web", shape: .step(down)))
    scenario.loads.append(
      LoadProfile(name: "again", target: "Deployment/web", shape: .step(again)))
    func claim(_ from: Int, _ to: Int) -> Claim {
      var claim = Claim(name: "c\(from)")
      claim.load = "up"
      claim.from = .seconds(from)
      claim.to = .seconds(to)
      return claim
    }
    scenario.claims = [claim(50, 200), claim(200, 500), claim(500, 900), claim(50, 900)]
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.bursts.map(\.places) == [8, 0, 5, 8])
    #expect(result.bursts.map(\.ready.count) == [8, 0, 5, 8])
    #expect(result.bursts[2].starts.allSatisfy { $0 > 0 && $0 < 20_000_000_000 })
    #expect(result.pods.running == 9)
    #expect(result.pods.deleted == 6)
  }

  @Test("Jobs that arrive run to their end and are a burst of their own")
  func jobs() {
    var scenario = PlainScenario.serverless(0)
    var job = WorkloadObject(
      kind: .job, namespace: "default", name: "etl",
      template: scenario.cluster.workloads[0].template)
    job.job.completions = 3
    job.job.parallelism = 2
    scenario.cluster.workloads = [job]
    scenario.profiles[0].runTime = .constant(20)
    var step = LoadProfile.Step()
    step.at = .seconds(30)
    step.to = 4
    var load = LoadProfile(name: "night", target: "Job/etl", shape: .step(step))
    load.drives = .jobs
    scenario.loads = [load]
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.pods.succeeded == 12)
    #expect(result.pods.created == 12)
    #expect(result.bursts[0].places == 12)
    #expect(result.bursts[0].ready.count == 12)
    // Each is paid for from the pull of 2 s over the start of 3.7 s and the work of 20 s to its end.
    #expect(result.bill.first?.quantity == 312.0)
  }

  @Test("A bare dump ends when nothing changes any more, and adopts what runs")
  func bareDump() {
    var scenario = Scenario(name: "dump")
    scenario.isBareDump = true
    let web = Manifests.workload(.replicaSet, "web", replicas: 4)
    var going = Manifests.pod(of: web, 7, on: "node-0")
    going.flags.insert(.terminating)
    scenario.cluster = Manifests.cluster(nodes: 2, web)
    scenario.cluster.pods = [
      Manifests.pod(of: web, 0, on: "node-0"), Manifests.pod(of: web, 1), going,
    ]
    let result = scenario.simulate(options: records())
    #expect(result.violation == nil)
    // The dump is taken as it stands: nobody adds the two Pods that the ReplicaSet lacks.
    #expect(result.pods.running == 2)
    #expect(result.pods.deleted == 1)
    #expect(result.end < .seconds(600.0))
    #expect(result.end > .zero)
    #expect(result.placements.filter { $0.end == nil }.allSatisfy { $0.ready != nil })
  }

  @Test("A dump without anything to do ends at once")
  func idleDump() {
    var scenario = Scenario(name: "dump")
    scenario.isBareDump = true
    scenario.cluster = Manifests.cluster(nodes: 2)
    let result = scenario.simulate()
    #expect(result.end == .zero)
  }

  @Test("A watch cache of one change gives what a large one gives")
  func gone() {
    func text(_ cache: Int) -> String {
      var scenario = PlainScenario.overflow(20, local: 5)
      scenario.controlPlane.watchDelay = .constant(0)
      scenario.controlPlane.watchCache = cache
      let result = scenario.simulate(options: records())
      #expect(result.violation == nil)
      #expect(result.pods.running == 20)
      return result.placements.map { "\($0)" }.sorted().joined(separator: "\n")
    }
    #expect(text(1) == text(65_536))
  }
}

/// A run whose books a test may spoil before they are checked.
private struct SpoiltRun {
  var violation: String?

  mutating func run(_ scenario: Scenario, spoil: (inout HybridCloud) -> Void) {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(scenario, replication: 0, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    let end = Instant.zero + scenario.horizon
    while let event = agenda.next(notAfter: end) { cloud.handle(event, on: &agenda) }
    spoil(&cloud)
    violation = cloud.result(scenario, replication: 0, end: end).violation
  }
}
