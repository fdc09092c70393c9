import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import ScenarioFiles
import TestSupport
import Testing
import Workloads

@Suite("Presets and catalogues")
struct PresetTests {
  private func load(_ spec: String) throws -> Scenario {
    let text = """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: preset}
      spec:
        sites:
        - {name: idc}
        - {name: cloud, serverless: {\(spec)}}
        nodePools:
        - {name: machines, site: idc, instanceType: m5.large}
        - {name: others, site: idc, instanceType: n2-standard-4, count: 2}
        prices: {rates: [{currency: USD, rate: 7.1, date: 2026-11-10}]}
      """
    return try ScenarioLoader.load(text: text, called: "preset.yaml").scenario
  }

  @Test(
    "have the published rates",
    arguments: [
      ("tke-eks", 1000.0 / 60, 20), ("aws-fargate", 20, 100), ("aws-fargate-eks", 20, 20),
      ("aliyun-eci", 1000.0 / 60, 1),
    ] as [(String, Double, Int)])
  func rates(preset: String, rate: Double, burst: Int) throws {
    let pool = try load("preset: \(preset)").serverlessPools[0]
    #expect(pool.name == "cloud")
    #expect(abs(pool.createRate.perSecond - rate) < 1e-9)
    #expect(pool.createBurst == burst)
    #expect((pool.quota.podsPerCluster == nil) == (preset != "tke-eks"))
  }

  @Test("say everything that a pool of tke-eks has by itself")
  func default_() throws {
    #expect(try load("preset: tke-eks").serverlessPools == load("cpuType: intel").serverlessPools)
  }

  @Test("can be changed field by field")
  func changes() throws {
    let pool = try load("preset: aws-fargate, createBurst: 7").serverlessPools[0]
    #expect(pool.createBurst == 7)
    #expect(pool.createRate.perSecond == 20)
  }

  @Test("1,000 launches take 45 s on Fargate, and 49 s where EKS alone uses it")
  func launches() {
    for (burst, expected) in [(100, 45.0), (20, 49)] {
      var bucket = TokenBucket(rate: Rate(perSecond: 20), burst: burst)
      var last = Instant.zero
      for _ in 0..<1000 { last = bucket.take(at: .zero) }
      #expect(abs(last.seconds - expected) < 1e-6)
    }
  }

  @Test("a Pod with 413 MB starts on Fargate in 57 s on average, from 53 to 62")
  func starts() throws {
    var scenario = try load("preset: aws-fargate")
    scenario.profiles = [WorkloadProfile(name: "default")]
    scenario.profiles[0].imageBytes = .constant(413e6)
    scenario.profiles[0].startup = .constant(3)
    var workload = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web",
      template: PodTemplate(
        labels: ["app": "web"],
        containers: [
          Container(
            name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
        ]))
    workload.replicas = 0
    scenario.cluster.workloads = [workload]
    scenario.serverlessPools[0].admits = [PodMatch(namespace: "default")]
    var step = LoadProfile.Step()
    step.at = .seconds(1)
    step.to = 90
    scenario.loads = [LoadProfile(name: "step", target: "Deployment/web", shape: .step(step))]
    scenario.duration = .minutes(5)
    let result = scenario.simulate()
    #expect(result.violation == nil)
    let stages = result.stages[Int(Stage.accept.rawValue)...Int(Stage.probe.rawValue)]
    let mean = stages.reduce(0) { $0 + Double($1.total) / 1e9 } / 90
    #expect(abs(mean - 57) < 1)
    let starts = result.bursts[0].starts.map { Double($0) / 1e9 }
    #expect(starts.count == 90)
    // What the controller and the scheduler add is a few seconds. Nine in ten lie in the range seen
    // over ten Pods, whose ends such a sample reaches on average.
    let waits = starts.map { $0 - (starts.reduce(0, +) / 90 - mean) }
    #expect(waits.count { (53...62).contains($0) } > 70)
  }

  @Test("instance types offer what their nodes have left for Pods")
  func instances() throws {
    let pools = try load("preset: tke-eks").nodePools
    // 2 cores less 70m, 8 GiB less 255 and 100 MiB and 11 MiB for each of 29 Pods.
    #expect(pools[0].allocatable.cpu == 1930)
    #expect(pools[0].allocatable.memory == (8192 - 255 - 100 - 319) << 20)
    #expect(pools[0].allocatable.pods == 29)
    #expect(pools[0].instance?.price.amount == (try? Money.parse("0.096")))
    // 4 cores less 80m, 16 GiB less 25 % of 4, 20 % of 4, 10 % of 8 and 100 MiB.
    #expect(pools[1].allocatable.cpu == 3920)
    #expect(pools[1].allocatable.memory == (16_384 - 1024 - 819 - 819 - 100) << 20)
    #expect(throws: (any Error).self) {
      try ScenarioLoader.load(
        text: """
          apiVersion: spillway.sim/v1alpha1
          kind: NodePool
          metadata: {name: a}
          spec: {instanceType: m5.lrge}
          """, called: "pool.yaml")
    }
  }
}
