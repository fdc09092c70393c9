import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

/// From what a manifest's template is annotated with to what becomes of its Pods in a run.
@Suite struct ServerlessAnnotationTests {
  private func annotated(_ pairs: [(String, String)], _ scenario: Scenario) -> Scenario {
    var scenario = scenario
    for (key, value) in pairs {
      scenario.cluster.workloads[0].template.annotations[EksAnnotations.prefix + key] = value
    }
    return scenario
  }

  private func run(_ scenario: Scenario) -> ReplicationResult {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    return result
  }

  /// When Pods on virtual nodes whose agents fall silent at 100 s are recreated.
  private func ends(
    _ pairs: [(String, String)], of target: String? = "cloud", lasting: TimeSpan? = nil
  ) -> [Double] {
    var scenario = annotated(pairs, PlainScenario.serverless(4))
    var fault = ScriptedFault(.kubelet, target: target)
    fault.at = .seconds(100)
    fault.lasting = lasting
    var plan = FaultPlan(name: "silence")
    plan.scripted = [fault]
    scenario.faults = [plan]
    return run(scenario).placements.filter { $0.reason == "evicted" }
      .compactMap { $0.end?.seconds }
  }

  @Test
  func `a Pod whose agent stays silent is recreated after its period, five minutes by default`() {
    #expect(ends([]) == [400, 400, 400, 400])
    let first = ends([("heartbeat-lost-period", "1m")])
    #expect(Array(first.prefix(4)) == [160, 160, 160, 160])
    #expect(ends([("recreate-node-lost-pod", "false")]).isEmpty)
    #expect(ends([("heartbeat-lost-period", "1m")], lasting: .seconds(30)).isEmpty)
    #expect(ends([("heartbeat-lost-period", "1m")], of: nil).isEmpty)
    let one = PlainScenario.pool.virtualNodes[0].name
    #expect(ends([("heartbeat-lost-period", "2m")], of: one).first == 220)
  }

  @Test func `silence that comes twice isn't added up`() {
    var scenario = annotated([("heartbeat-lost-period", "1m")], PlainScenario.serverless(4))
    var plan = FaultPlan(name: "silence")
    for at in [100.0, 150] {
      var fault = ScriptedFault(.kubelet, target: "cloud")
      (fault.at, fault.lasting) = (.seconds(at), .seconds(40))
      plan.scripted.append(fault)
    }
    scenario.faults = [plan]
    #expect(run(scenario).placements.allSatisfy { $0.reason != "evicted" })
  }

  @Test func `a root disk costs what it has beyond the free part`() {
    let plain = run(PlainScenario.serverless(4)).cash
    let free = run(annotated([("root-cbs-size", "20")], PlainScenario.serverless(4))).cash
    let large = run(annotated([("root-cbs-size", "520")], PlainScenario.serverless(4))).cash
    let larger = run(annotated([("root-cbs-size", "1020")], PlainScenario.serverless(4))).cash
    #expect(plain == free && large > plain)
    #expect(larger - large == large - plain)
  }

  @Test func `options of the start pipeline follow from the template's annotations`() {
    func options(_ pairs: [(String, String)]) -> SandboxOptions {
      let scenario = annotated(pairs, PlainScenario.serverless(4))
      var cloud = HybridCloud(scenario, replication: 0, options: ReplicationOptions())
      return cloud.layout.facts(of: TemplateID(index: 0), in: cloud.cluster).options
    }
    let all = options([
      ("image-cache-disk-retain-minute", "10"), ("security-group-id", "sg-a,sg-b"),
      ("reserve-sandbox-duration", "1m"), ("reserve-task-shorter-than", "5s"),
    ])
    #expect(all.diskRetention == .minutes(10) && all.securityGroups == 3)
    #expect(all.keptAfterSuccess == .minutes(1) && all.keptIfShorterThan == .seconds(5))
    #expect(options([]).diskRetention == nil && options([]).securityGroups == 0)
  }

  /// Six Pods of a StatefulSet fill a subnet of six and keep their addresses when they are scaled to
  /// three; a Deployment's Pods find room only where none are kept.
  private func readyElsewhere(_ pairs: [(String, String)]) -> Int {
    var scenario = annotated(pairs, PlainScenario.serverless(6))
    scenario.serverlessPools[0].subnets = [Subnet(cidr: "10.0.0.0/29")]
    let room = scenario.serverlessPools[0].subnets[0].addresses
    scenario.cluster.workloads[0].kind = .statefulSet
    var template = PlainScenario.template()
    template.labels = ["app": "other"]
    template.tolerations = [Toleration(key: ServerlessPool.taintKey, comparison: .exists)]
    scenario.cluster.workloads.append(PlainScenario.deployment("other", template: template))
    var crowd = LoadProfile.FlashCrowd()
    (crowd.at, crowd.from, crowd.peak, crowd.rise) = (.seconds(5), 0, room, .seconds(1))
    (crowd.hold, crowd.decay) = (.seconds(115), .seconds(1))
    scenario.loads = [
      LoadProfile(name: "set", target: "StatefulSet/web", shape: .flashCrowd(crowd)),
      PlainScenario.step("Deployment/other", to: 3, at: .seconds(300)),
    ]
    let result = run(scenario)
    return result.placements.filter { $0.pod.hasPrefix("other") && $0.ready != nil }.count
  }

  @Test func `addresses of a StatefulSet's Pods are kept for them where that is asked`() {
    #expect(readyElsewhere([]) == 3)
    #expect(readyElsewhere([("retain-ip", "true"), ("retain-ip-hours", "1")]) == 0)
  }
}
