import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import ScenarioFiles
import Testing
import Workloads

@Suite("A scenario in its short form")
struct ShortFormTests {
  static let text = """
    # Can 3,000 checkout Pods become Ready at more than 1,000 a minute,
    # and what must I raise or buy first?
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata:
      name: singles-day-burst
      annotations: {spillway.sim/deck-claim: row 1}
    spec:
      start: {at: "2026-11-10T23:58:00+08:00", cloudCaches: cold}
      sites:
      - {name: idc, nodes: {matchLabels: {env: idc}}}
      - {name: cloud, serverless: {preset: tke-eks, subnets: [10.8.0.0/22], securityGroups: 2, quota: {podsPerWorkload: 5000, podsPerRegion: 10000}}}
      links: [{between: [idc, cloud], bandwidth: 10Gbps, rtt: 3ms}]
      load: [{target: Deployment/checkout, drives: replicas, step: {at: 2m, from: 200, to: 3200}}]
      claims: [{name: fast, metric: sustained, sites: [cloud], above: 1000/min, share: 0.95, confidence: 0.95}]
      levers:
      - {path: "ServerlessPool/cloud:spec.quota.podsPerCluster", values: [100, 5000], leadTime: 5d}
      - {path: "ServerlessPool/cloud:spec.subnets", values: [[10.8.0.0/22], [10.8.0.0/20]]}
      - {path: "ServerlessPool/cloud:spec.imageCache", values: [off, on], price: 0.80 CNY/h}
      - {path: "ServerlessPool/cloud:spec.createRate", values: [1000/min, 1500/min], leadTime: 10d}
    ---
    apiVersion: v1
    kind: Node
    metadata: {name: n1, labels: {env: idc}}
    status: {allocatable: {cpu: 64, memory: 256Gi, pods: 110}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: checkout}
    spec:
      replicas: 200
      selector: {matchLabels: {app: checkout}}
      template:
        metadata: {labels: {app: checkout}}
        spec:
          containers:
          - {name: app, image: "checkout:1", resources: {requests: {cpu: 500m, memory: 1Gi}}}
    """

  let loaded: LoadedScenario

  init() throws { loaded = try ScenarioLoader.load(text: Self.text, called: "burst.yaml") }

  @Test("is read as its author means it")
  func isRead() {
    let scenario = loaded.scenario
    #expect(scenario.name == "singles-day-burst")
    #expect(
      scenario.question
        == "Can 3,000 checkout Pods become Ready at more than 1,000 a minute, and what must I raise or buy first?"
    )
    #expect(scenario.deckClaim == "row 1")
    #expect(scenario.sites.map(\.name) == ["idc", "cloud"])
    #expect(scenario.sites[0].nodes?.matchLabels == ["env": "idc"])
    #expect(scenario.serverlessPools.map(\.name) == ["cloud"])
    let pool = scenario.serverlessPools[0]
    #expect(pool.site == "cloud")
    #expect(pool.subnets == [Subnet(cidr: "10.8.0.0/22")])
    #expect(pool.quota.podsPerCluster == 100)
    #expect(pool.quota.podsPerWorkload == 5000)
    #expect(scenario.links[0].name == "link-0")
    #expect(scenario.links[0].bandwidth == Bandwidth(bitsPerSecond: 10_000_000_000))
    #expect(scenario.loads[0].name == "loadprofile-0")
    var step = LoadProfile.Step()
    step.at = .minutes(2)
    step.from = 200
    step.to = 3200
    #expect(scenario.loads[0].shape == .step(step))
    #expect(scenario.claims[0].bound == .above(1000))
    #expect(
      scenario.levers.map(\.values) == [
        ["100", "5000"], ["[10.8.0.0/22]", "[10.8.0.0/20]"], ["off", "on"],
        ["1000/min", "1500/min"],
      ])
    #expect(scenario.levers[2].price == "0.80 CNY/h")
    #expect(scenario.cluster.nodes[0].allocatable.cpu == 64_000)
    #expect(scenario.cluster.workloads[0].replicas == 200)
    #expect(scenario.cluster.workloads[0].template.requests.memory == 1 << 30)
    #expect(loaded.warnings.isEmpty)
    #expect(!scenario.isBareDump)
  }

  @Test("takes overrides by path, of long and short forms and of Kubernetes' objects")
  func takesOverrides() throws {
    let changed = try loaded.scenario(setting: [
      ("ServerlessPool/cloud:spec.quota.podsPerCluster", "5000"),
      ("ServerlessPool/cloud:spec.subnets", "[10.8.0.0/20]"),
      ("ServerlessPool/cloud:spec.imageCache", "on"),
      ("ServerlessPool/cloud:spec.boot", "lognormal(median: 3s, sigma: 0.5)"),
      ("Scenario/singles-day-burst:spec.controlPlane.replicaSet.qps", "10"),
      ("Deployment/checkout:spec.replicas", "7"),
      ("LoadProfile/load-0:spec.step.to", "90"),
      ("Deployment/checkout:spec.template.spec.containers[app].resources.requests.cpu", "2"),
      ("WorkloadProfile/default:spec.startup", "1s"), ("spec.seed", "7"),
    ])
    let pool = changed.serverlessPools[0]
    #expect(pool.quota.podsPerCluster == 5000)
    #expect(pool.subnets[0].addresses == 4093)
    #expect(pool.images.cache)
    #expect(pool.boot == .lognormal(median: 3, sigma: 0.5))
    #expect(changed.controlPlane.replicaSet.qps.perSecond == 10)
    #expect(changed.cluster.workloads[0].replicas == 7)
    #expect(changed.cluster.workloads[0].template.requests.cpu == 2000)
    if case .step(let step) = changed.loads[0].shape { #expect(step.to == 90) }
    #expect(changed.profiles[0].startup == .constant(1))
    #expect(changed.seed == 7)
    #expect(loaded.scenario.seed == 42)
  }

  @Test("lists every limit and graded default, with ranges that can be read back")
  func listsParameters() throws {
    let parameters = loaded.parameters
    #expect(Set(parameters.map(\.path)).count == parameters.count)
    let rate = try #require(parameters.first { $0.path == "ServerlessPool/cloud:spec.createRate" })
    #expect(rate.value == "1000/min")
    #expect(rate.grade == "A")
    #expect(rate.range?.low == "600/min")
    #expect(rate.limit?.stage == .call)
    #expect(rate.unlimited == "unlimited")
    #expect(rate.isDefault)
    let quota = try #require(
      parameters.first { $0.path == "ServerlessPool/cloud:spec.quota.podsPerWorkload" })
    #expect(!quota.isDefault && quota.grade == "D" && quota.value == "5000")
    for parameter in parameters {
      if parameter.grade == "A" { #expect(parameter.range != nil, "\(parameter.path)") }
      // A span of no time at all is no limit either.
      if parameter.limit != nil, !["unlimited", "0s"].contains(parameter.value) {
        #expect(parameter.unlimited != nil, "\(parameter.path)")
      }
      var values = [parameter.value]
      if let range = parameter.range { values += [range.low, range.high] }
      if let unlimited = parameter.unlimited { values.append(unlimited) }
      for value in values {
        #expect(throws: Never.self, "\(parameter.path) = \(value)") {
          try loaded.scenario(setting: [(parameter.path, value)])
        }
      }
      if let range = parameter.range {
        let middle = loaded.interpolate(
          parameter.path, from: range.low, to: range.high, fraction: 0.5)
        #expect(middle != nil, "\(parameter.path)")
      }
    }
  }

  @Test("gives a number for every text, found where it stands")
  func findsPlaces() throws {
    let place = try #require(loaded.place(of: "Claim/fast:spec.above"))
    #expect(place.line == 15)
    #expect(place.file == "burst.yaml")
    #expect(loaded.place(of: "WorkloadProfile/default:spec.startup") == nil)
  }

  @Test("has a digest that only what matters changes")
  func hasDigest() throws {
    let again = try ScenarioLoader.load(text: "# other words\n" + Self.text, called: "x.yaml")
    #expect(again.digest == loaded.digest)
    let other = try loaded.setting([("spec.seed", "7")])
    #expect(other.digest != loaded.digest)
    #expect(loaded.digest.count == 64)
  }
}
