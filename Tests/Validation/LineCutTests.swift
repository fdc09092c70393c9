import CloudSimulation
import ClusterModel
import Foundation
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

/// A line between the API server's site and another one is cut for a time T.
///
/// The law: a node's last renewal before the cut is a time u before it, uniform on (0, 10 s]. It is
/// seen at the next look, up to 5 s later, and the node is Unknown at the look a grace period g after
/// that, unless it has renewed its lease by then. It tries every 10 s, so the first renewal after the
/// cut is ⌈(u + T)/10 s⌉ · 10 s after the last one before. For g a multiple of 10 s this comes to:
/// Unknown with probability (T − (g − 10 s))/10 s, cut to [0, 1].
@Suite("A line is cut")
struct LineCutTests {
  private static let nodes = 400

  private func scenario(cut: Double, grace: Int = 50, seed: UInt64 = 42) -> Scenario {
    var scenario = Scenario(name: "line-cut")
    scenario.seed = seed
    scenario.duration = .minutes(120)
    scenario.sites = [Site(name: "idc"), Site(name: "branch")]
    var hub = NodePool(name: "hub")
    (hub.site, hub.labels) = ("idc", ["topology.kubernetes.io/zone": "idc"])
    var branch = NodePool(name: "b")
    (branch.site, branch.count) = ("branch", Self.nodes)
    branch.labels = ["topology.kubernetes.io/zone": "branch"]
    branch.allocatable = Resources(cpu: 1000, memory: 1 << 34, pods: 110)
    scenario.nodePools = [hub, branch]
    scenario.links = [Link(name: "line", between: ["idc", "branch"])]
    scenario.controlPlane.nodeLifecycle.gracePeriod = .seconds(grace)
    scenario.controlPlane.nodeLifecycle.client = ClientLimits(qps: 10_000, burst: 10_000)
    var fault = ScriptedFault(.link, target: "line")
    (fault.at, fault.lasting) = (.seconds(200), .seconds(cut))
    var plan = FaultPlan(name: "cut")
    plan.scripted = [fault]
    scenario.faults = [plan]
    return scenario
  }

  /// 400 nodes: a grace period that is 2 s off moves the share by 0.2, eight standard errors.
  private func checkLaw(grace: Double) {
    for cut in [20, 39, 42, 45, 47, 49, 51, 80] as [Double] {
      let result = scenario(cut: cut).simulate()
      #expect(result.violation == nil)
      let share = Double(result.failures.unknown) / Double(Self.nodes)
      let expected = min(1, max(0, (cut - (grace - 10)) / 10))
      let error = (expected * (1 - expected) / Double(Self.nodes)).squareRoot()
      #expect(abs(share - expected) <= 4 * error, "cut \(cut) s: \(share), not \(expected)")
    }
  }

  @Test("Nodes are lost by the law of phase, look and retry, and a grace 2 s off is told apart")
  func law() {
    checkLaw(grace: 50)
    expectDetects("a grace period of 48 s") { checkLaw(grace: 48) }
  }

  @Test("Pods go 300 s after their node's taint, a node every ten seconds")
  func evictions() {
    var scenario = scenario(cut: 3600)
    scenario.nodePools[1].count = 20
    var template = PodTemplate(
      labels: ["app": "web"],
      containers: [
        Container(name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
      ])
    template.nodeSelector = ["topology.kubernetes.io/zone": "branch"]
    var object = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web", template: template)
    object.replicas = 20
    scenario.cluster.workloads = [object]
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    #expect(result.failures.unknown == 20 && result.failures.evicted == 20)
    // Replacements come when a Pod is told to go: nothing was told to for 300 s after the first look
    // that found a node silent, which is 40 to 55 s after the cut.
    let created = result.placements.map(\.created.seconds).filter { $0 > 100 }.sorted()
    #expect(created.count == 20)
    #expect((540...560).contains(created[0]), "\(created[0])")
    // The queue begins with the first node found; later ones wait in line.
    for (number, time) in created.enumerated() {
      #expect(abs(time - created[0] - 10 * Double(number)) < 1.5, "\(number): \(time)")
    }
  }

  @Test("100,000 nodes fail at random for a year in under 60 s of CPU")
  func aYear() {
    var scenario = Scenario(name: "year")
    scenario.duration = .hours(24 * 365)
    var pool = NodePool(name: "n")
    pool.count = 100_000
    scenario.nodePools = [pool]
    var plan = FaultPlan(name: "random")
    plan.random = [RandomFault()]
    scenario.faults = [plan]
    var options = ReplicationOptions()
    options.bucket = .hours(24)
    let before = Self.cpuSeconds()
    let result = scenario.simulate(options: options)
    let seconds = Self.cpuSeconds() - before
    // 4.3 months between failures: about three a year each, more at first as the hazard falls.
    #expect((250_000...400_000).contains(result.failures.failed), "\(result.failures)")
    #expect(result.failures.unknown > result.failures.failed / 2)
    #expect(seconds < 60, "\(seconds) s")
    print("a year of 100,000 nodes: \(result.failures), \(result.events) events, \(seconds) s CPU")
  }

  private static func cpuSeconds() -> Double {
    Double(clock()) / Double(CLOCKS_PER_SEC)
  }
}
