import CloudSimulation
import Experiments
import Probability
import ScenarioFiles
import Statistics
import TestSupport
import Testing

@Suite("A plan of own machines against bursting is the newsvendor's")
struct PlanNewsvendorTests {
  /// What a Pod of one core and 2 GiB costs an hour in the cloud: the list price (D, model card
  /// 1.2), rounded to the second's eight decimals.
  private static let cloudHour = (0.000_033_34 + 2 * 0.000_013_89) * 3600

  /// Machines of one Pod each, at a price an hour, for a demand of 100 Pods times a law.
  private static func loaded(_ law: String, ownHour: Double) throws -> LoadedScenario {
    let price = (ownHour * 1e6).rounded() / 1e6
    let text = """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: newsvendor}
      spec:
        duration: 24h
        controlPlane: {replicaSet: {qps: 1000, burst: 1000}, slowStart: false}
        sites:
        - name: idc
        - name: cloud
          serverless:
            subnets: [10.8.0.0/20]
            quota: {podsPerCluster: 5000, podsPerWorkload: 5000, podsPerRegion: 5000}
        nodePools:
        - {name: own, site: idc, count: 10, allocatable: {cpu: "1", memory: 2Gi, pods: "10"}}
        links: [{name: line, between: [idc, cloud], bandwidth: 10Gbps, rtt: 3ms}]
        load: [{name: day, target: Deployment/web, step: {at: 0s, from: 0, to: 100}}]
        claims: [{name: served, metric: plateau, above: 90%}]
      ---
      apiVersion: spillway.sim/v1alpha1
      kind: Plan
      metadata: {name: own}
      spec:
        replications: 150
        levers:
        - path: "NodePool/own:spec.count"
          range: {from: 0, to: 200, step: 10}
          price: \(price) CNY/h
        claims: [served]
        days: [{name: day, demand: "\(law)"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 0
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: server, image: "web:1", resources: {requests: {cpu: "1", memory: 2Gi}}}
      """
    return try ScenarioLoader.load(text: text, called: "newsvendor.yaml")
  }

  private struct Source: ScenarioSource {
    let loaded: LoadedScenario
    func scenario(setting settings: [ParameterSetting]) throws -> Scenario {
      try loaded.scenario(setting: settings.map { ($0.path, $0.value) })
    }
    func parameters(setting settings: [ParameterSetting]) throws -> [Parameter] { [] }
    func interpolate(
      _ path: String, from low: String, to high: String, fraction: Double
    ) -> String? { nil }
  }

  /// What the plan buys.
  private static func bought(_ law: String, ownHour: Double) async throws -> Double {
    let loaded = try loaded(law, ownHour: ownHour)
    var options = PlanOptions()
    options.jobs = 2
    let plan = try #require(loaded.scenario.plans.first)
    let summary = try await PlanStudy(plan, source: Source(loaded: loaded), options: options).run()
    #expect(summary.holds)
    let chosen = summary.visited[try #require(summary.chosen)]
    return try #require(Double(chosen.values[0]))
  }

  /// Laws of the day's demand with the price of an own Pod's hour as a share of the cloud's.
  static let cases: [(law: String, ratio: Double)] = [
    ("lognormal(1, 0.3)", 0.564), ("uniform(0.4, 1.6)", 0.25), ("gamma(2, 0.5)", 0.7),
    ("gamma(4, 0.25)", 0.4),
  ]

  /// 150 demands tell the quantile of 1 − c to a standard error of √(c(1 − c)/150) in probability;
  /// three of them, and half a step of the grid, are allowed.
  private static func isNear(_ bought: Double, _ law: Law, ratio: Double) -> Bool {
    let error = 3 * (ratio * (1 - ratio) / 150).squareRoot()
    let low = 100 * law.quantile(max(0.001, 1 - ratio - error)) - 5.5
    let high = 100 * law.quantile(min(0.999, 1 - ratio + error)) + 5.5
    return low <= bought && bought <= high
  }

  @Test(
    "It buys up to the quantile of 1 − own price / cloud price, whatever the law",
    arguments: cases)
  func quantile(_ one: (law: String, ratio: Double)) async throws {
    let law = try Law.parse(one.law) { Double($0) }
    let bought = try await Self.bought(one.law, ownHour: one.ratio * Self.cloudHour)
    #expect(Self.isNear(bought, law, ratio: one.ratio), "\(one.law): \(bought)")
    // Mutants: the quantile of the price ratio itself, and the mean, are told apart.
    if abs(one.ratio - 0.5) > 0.1 {
      #expect(!Self.isNear(100 * law.quantile(one.ratio), law, ratio: one.ratio))
    }
  }
}
