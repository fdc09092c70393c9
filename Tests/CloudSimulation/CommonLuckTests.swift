import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Scheduling
import TestSupport
import Testing
import Workloads

@Suite("Common luck: draws belong to the demand")
struct CommonLuckTests {
  private static func options() -> ReplicationOptions {
    var options = ReplicationOptions()
    options.keepsRecords = true
    return options
  }

  /// A scenario with every law random, whose Pods overflow from a machine to the cloud.
  private func random(_ n: Int = 40) -> Scenario {
    var scenario = PlainScenario.overflow(n, local: 10)
    scenario.serverlessPools[0].callLatency = .lognormal(mean: 0.5, sigma: 0.5)
    scenario.serverlessPools[0].boot = .lognormal(median: 5, sigma: 0.5)
    scenario.serverlessPools[0].address = .uniform(low: 0.5, high: 2)
    scenario.serverlessPools[0].containerStart = .exponential(mean: 0.7)
    scenario.controlPlane.writeLatency = .lognormal(median: 0.008, sigma: 0.4)
    scenario.controlPlane.watchDelay = .lognormal(median: 0.01, sigma: 0.4)
    scenario.profiles[0].startup = .lognormal(median: 3, sigma: 0.5)
    return scenario
  }

  /// Lengths of stages by Pod, as texts.
  private func spans(_ scenario: Scenario, _ stages: Set<Stage>, of name: String) -> [String] {
    let result = scenario.simulate(options: Self.options())
    #expect(result.violation == nil)
    var lines: [String] = []
    for record in result.stageRecords
    where stages.contains(record.stage) && record.pod.hasPrefix(name) {
      lines.append("\(record.pod) \(record.stage.name) \((record.end - record.start).nanoseconds)")
    }
    return lines.sorted()
  }
  private static let start: Set<Stage> = [.call, .boot, .address, .image, .start, .probe]

  @Test("An unrelated workload leaves every other draw, call and name as it was")
  func unrelated() {
    let scenario = random()
    let all = Set(Stage.allCases)
    let before = spans(scenario, all, of: "web")
    var busier = scenario
    var other = PlainScenario.template()
    other.containers[0].image = "another"
    other.tolerations = [Toleration(key: ServerlessPool.taintKey, comparison: .exists)]
    busier.cluster.workloads.insert(PlainScenario.deployment("other", template: other), at: 0)
    busier.cluster.workloads[0].replicas = 5
    // The other's Pods are there before the burst, so that they don't stand in its way either.
    let after = spans(busier, all, of: "web")
    #expect(before.count > 40 * 8)
    #expect(before == after)
    expectDetects("another seed") {
      var reseeded = busier
      reseeded.seed = 43
      #expect(spans(reseeded, all, of: "web") == before)
    }
  }

  @Test("A workload that comes in the midst of the burst changes no draw of the start")
  func inTheMidst() {
    let before = spans(random(), Self.start, of: "web")
    var busier = random()
    var other = PlainScenario.template()
    other.tolerations = [Toleration(key: ServerlessPool.taintKey, comparison: .exists)]
    busier.cluster.workloads.insert(PlainScenario.deployment("other", template: other), at: 0)
    busier.loads.insert(
      PlainScenario.step("Deployment/other", to: 30, at: .milliseconds(10_050)), at: 0)
    #expect(before == spans(busier, Self.start, of: "web"))
  }

  @Test("The n-th Pod of a workload draws the same whichever way it comes to the cloud")
  func policy() {
    // Straight to the cloud, or after a failed try on machines that are full.
    var overflow = random()
    overflow.nodePools[0].allocatable = Resources(cpu: 500, memory: 1 << 40, pods: 10_000)
    var straight = overflow
    straight.cluster.workloads[0].template.tolerations = [
      Toleration(key: ServerlessPool.taintKey, comparison: .exists)
    ]
    straight.nodePools = []
    let before = spans(overflow, Self.start, of: "web")
    #expect(before.count == 40 * 6)
    #expect(before == spans(straight, Self.start, of: "web"))
  }

  @Test("Other rules for ties put Pods elsewhere, and each still draws the same boot time")
  func ties() {
    var scenario = random()
    scenario.nodePools[0].count = 5
    scenario.nodePools[0].allocatable = Resources(cpu: 10_000, memory: 1 << 40, pods: 10_000)
    scenario.sites[0].machine.sandbox = .lognormal(median: 0.5, sigma: 0.4)
    func nodes(_ scenario: Scenario) -> [String] {
      scenario.simulate(options: Self.options()).placements.map { "\($0.pod) \($0.node ?? "")" }
        .sorted()
    }
    var other = scenario
    other.scheduler.ties = .arbitrary
    #expect(nodes(scenario) != nodes(other))
    #expect(
      spans(scenario, [.boot, .start], of: "web") == spans(other, [.boot, .start], of: "web"))
  }

  @Test("Another seed or replication changes every stage that chance has a hand in")
  func seeds() {
    for stage in Self.start.subtracting([.image]).union([.create, .bind, .accept]) {
      let first = spans(random(), [stage], of: "web")
      var reseeded = random()
      reseeded.seed = 7
      #expect(first != spans(reseeded, [stage], of: "web"))
    }
    let replications = (0..<5).map { random().simulate(replication: $0).bursts[0].ready }
    #expect(Set(replications).count == 5)
  }
}
