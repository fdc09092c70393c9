import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@Suite("What fails in a run")
struct FailureTests {
  private func plan(_ faults: ScriptedFault...) -> FaultPlan {
    var plan = FaultPlan(name: "plan")
    plan.scripted = faults
    return plan
  }

  private func fault(
    _ kind: FaultKind, _ target: String? = nil, at: Double, lasting: Double?
  ) -> ScriptedFault {
    var fault = ScriptedFault(kind, target: target)
    fault.at = .seconds(at)
    fault.lasting = lasting.map { .seconds($0) }
    return fault
  }

  private func run(_ scenario: Scenario) -> ReplicationResult {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    return result
  }

  private func text(_ result: ReplicationResult) -> String {
    "\(result.placements) \(result.stageRecords) \(result.pods) \(result.bursts) \(result.events) "
      + "\(result.cash) \(result.readyPerBucket) \(result.waiting)"
  }

  private func machines(_ n: Int, pods: Int) -> Scenario {
    var scenario = PlainScenario.overflow(pods, local: 8)
    scenario.serverlessPools = []
    scenario.nodePools[0].count = n
    return scenario
  }

  @Test("A plan whose rates are zero changes nothing, and costs no event")
  func zeroRates() {
    let bare = PlainScenario.overflow(30, local: 10)
    var planned = bare
    var random = RandomFault()
    random.up = nil
    var burst = FaultBurst(group: "rack")
    burst.meanInterval = nil
    var plan = FaultPlan(name: "plan")
    plan.random = [random]
    plan.bursts = [burst]
    planned.faults = [plan]
    let left = text(run(bare))
    #expect(left == text(run(planned)))
    var failing = bare
    failing.faults = [self.plan(fault(.kubelet, at: 12, lasting: 60))]
    expectDetects("a plan with a failure") { #expect(left == text(run(failing))) }
  }

  @Test("Failures after the end change nothing but who listens")
  func lateFailure() {
    let bare = machines(4, pods: 20)
    var late = bare
    late.faults = [plan(fault(.node, at: 5000, lasting: nil))]
    #expect(run(bare).placements.map(\.ready) == run(late).placements.map(\.ready))
  }

  @Test("Pods of a machine that lost power for a short time start there again")
  func shortCrash() {
    var scenario = machines(4, pods: 20)
    scenario.faults = [plan(fault(.node, "m-0", at: 60, lasting: 5))]
    let result = run(scenario)
    #expect(result.failures.unknown == 0)
    #expect(result.pods.running == 20 && result.pods.created == 20)
    let boots = result.stageRecords.filter { $0.stage == .boot }
    #expect(boots.count == 25, "five Pods of four machines' twenty started twice")
  }

  @Test("Pods of a machine that is lost come up elsewhere after grace and patience")
  func loss() {
    var scenario = machines(4, pods: 20)
    scenario.duration = .minutes(15)
    scenario.faults = [plan(fault(.node, "m-0", at: 60, lasting: nil))]
    let result = run(scenario)
    #expect(result.failures.unknown == 1 && result.failures.evicted == 5)
    let replacements = result.placements.filter { $0.created.seconds > 100 }
    #expect(replacements.count == 5)
    for pod in replacements {
      // Lease and look: 40 to 55 s; then 300 s.
      #expect((400...417).contains(pod.created.seconds), "\(pod.created)")
      #expect(pod.node != "m-0" && pod.ready != nil)
    }
  }

  @Test("A StatefulSet's Pod on a lost machine isn't replaced before the machine is back")
  func atMostOne() {
    var scenario = machines(2, pods: 4)
    scenario.duration = .minutes(30)
    var set = WorkloadObject(
      kind: .statefulSet, namespace: "default", name: "db", template: PlainScenario.template())
    set.replicas = 0
    set.strategy.isParallel = true
    scenario.cluster.workloads = [set]
    scenario.loads = [PlainScenario.step("StatefulSet/db", to: 4, at: .seconds(10))]
    scenario.faults = [plan(fault(.node, "m-0", at: 60, lasting: 900))]
    let result = run(scenario)
    let second = result.placements.filter { $0.created.seconds > 100 }
    #expect(result.failures.evicted > 0)
    #expect(second.count == result.failures.evicted)
    #expect(second.allSatisfy { $0.created.seconds > 960 })
    let names = Set(result.placements.filter { $0.end == nil }.map(\.pod))
    #expect(names == ["db-0", "db-1", "db-2", "db-3"])
  }

  @Test("A hung kubelet starts nothing, and its Pods go on")
  func hang() {
    var scenario = machines(1, pods: 4)
    scenario.loads[0] = PlainScenario.step("Deployment/web", to: 4, at: .seconds(62))
    scenario.faults = [plan(fault(.kubelet, at: 60, lasting: 20))]
    let result = run(scenario)
    #expect(result.pods.running == 4)
    for pod in result.placements { #expect((pod.ready ?? .zero).seconds > 80) }
    #expect(result.failures.unknown == 0)
  }

  @Test("While the provider's API is out nothing is created, and what runs goes on")
  func providerOutage() {
    var scenario = PlainScenario.serverless(10, at: .seconds(100))
    scenario.faults = [plan(fault(.cloudAPI, "cloud", at: 90, lasting: 100))]
    let result = run(scenario)
    #expect(result.pods.running == 10 && result.refusals > 10)
    #expect(result.placements.allSatisfy { $0.ready!.seconds > 190 })
    scenario.faults = [plan(fault(.cloudAPI, "cloud", at: 150, lasting: 300))]
    let later = run(scenario)
    #expect(later.pods.running == 10 && later.placements.allSatisfy { $0.ready!.seconds < 150 })
  }

  @Test("Pulls fail while the registry is down, and back off")
  func registry() {
    var scenario = PlainScenario.serverless(5, at: .seconds(10))
    scenario.faults = [plan(fault(.registry, at: 5, lasting: 60))]
    let result = run(scenario)
    // The image stage is reached at about 17 s; tries follow at +10, +30, +70 s.
    #expect(result.failures.pulls == 15)
    #expect(result.placements.allSatisfy { (85...100).contains($0.ready!.seconds) })
  }

  @Test("While the API server is down nothing is stored, and no node is lost by it")
  func apiServer() {
    var scenario = machines(4, pods: 20)
    scenario.faults = [plan(fault(.apiServer, at: 5, lasting: 120))]
    let result = run(scenario)
    #expect(result.pods.running == 20 && result.failures.unknown == 0)
    #expect(result.placements.allSatisfy { $0.created.seconds >= 125 })
  }

  @Test("A cut line leaves running cloud Pods ready, and binds none")
  func cut() {
    var scenario = PlainScenario.overflow(30, local: 10, at: .seconds(100))
    scenario.duration = .minutes(20)
    scenario.sites.append(Site(name: "cloud"))
    scenario.serverlessPools[0].site = "cloud"
    scenario.links = [Link(name: "line", between: ["idc", "cloud"])]
    scenario.faults = [plan(fault(.link, "line", at: 101, lasting: 400))]
    let result = run(scenario)
    let cloud = result.placements.filter { $0.site == "cloud" }
    #expect(cloud.count == 20 && cloud.allSatisfy { $0.ready!.seconds > 501 })
    #expect(result.failures.unknown == 1 && result.failures.evicted == 0)
    scenario.controlPlane.nodeLifecycle.exemptsVirtualNodes = false
    scenario.faults = [plan(fault(.link, "line", at: 300, lasting: 600))]
    #expect(run(scenario).failures.evicted == 20)
  }
}
