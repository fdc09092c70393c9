import CloudSimulation
import Infrastructure
import Quantities
import ScenarioFiles
import TestSupport
import Testing

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
      """
    return try ScenarioLoader.load(text: text, called: "preset.yaml").scenario
  }

  @Test(
    "have the published rates",
    arguments: [
      ("tke-eks", 1000.0 / 60, 1), ("aws-fargate", 20, 100), ("aws-fargate-eks", 20, 20),
      ("aliyun-eci", 1000.0 / 60, 1),
    ])
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
