import CloudSimulation
import Controllers
import Probability
import Quantities
import ScenarioFiles
import TestSupport
import Testing
import Workloads

@Suite("Own machines against bursting cost what the newsvendor's formula says")
struct OwnOrBurstTests {
  /// A core and 2 GiB in the cloud for a second, and an own core for an hour (D, C).
  private static let cloudSecond = 0.000_033_34 + 2 * 0.000_013_89
  private static let ownHour = 0.055

  /// What it costs to serve a demand that changes every so many minutes, on so many own cores in
  /// machines of so many.
  private static func day(
    own: Int, demand: [Int], every minutes: Int = 60, perMachine: Int = 1,
    order: ScaleInOrder = .virtualNodesFirst
  ) throws -> Double {
    let text = """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: own-or-burst}
      spec:
        duration: \(demand.count * minutes)m
        controlPlane: {replicaSet: {qps: 1000, burst: 1000}, slowStart: false}
        sites:
        - name: idc
        - name: cloud
          serverless:
            subnets: [10.8.0.0/20]
            createRate: unlimited
            imageCache: on
            quota: {podsPerCluster: 5000, podsPerWorkload: 5000, podsPerRegion: 5000}
        nodePools:
        - {name: own, site: idc, count: \(own / perMachine), allocatable: {cpu: "\(perMachine)", memory: 64Gi, pods: "110"}}
        links: [{name: line, between: [idc, cloud], bandwidth: 10Gbps, rtt: 3ms}]
        load: [{name: day, target: Deployment/web, step: {at: 0s, from: 0, to: 1}}]
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
    var scenario = try ScenarioLoader.load(text: text, called: "own-or-burst.yaml").scenario
    scenario.controlPlane.scaleIn = order
    scenario.loads = demand.enumerated().map { number, level in
      var step = LoadProfile.Step()
      step.at = .minutes(minutes) * number
      step.to = level
      return LoadProfile(name: "level-\(number)", target: "Deployment/web", shape: .step(step))
    }
    let result = scenario.simulate()
    #expect(result.violation == nil)
    return (result.cash + result.owned).units
  }

  /// Own cores all the time, and the cloud for what is above them.
  private static func formula(own: Int, demand: [Int], every minutes: Int = 60) -> Double {
    let hours = Double(minutes) / 60
    return demand.reduce(0) {
      $0 + hours * (Double(own) * ownHour + Double(max(0, $1 - own)) * 3600 * cloudSecond)
    }
  }

  private static func demand(_ law: Law, hours: Int) -> [Int] {
    let stream = RandomSource(seed: 17).stream("demand")
    return (0..<hours).map {
      Int(max(0, stream.draw(law, for: 1, number: UInt32($0))).rounded())
    }
  }

  static let laws: [Law] = [
    .uniform(low: 10, high: 50), .lognormal(median: 25, sigma: 0.6), .gamma(shape: 2, scale: 15),
    .exponential(mean: 25),
  ]

  @Test(
    "A demand that is drawn anew every hour costs the formula, whatever its law", arguments: laws)
  func formula(_ law: Law) throws {
    let demand = Self.demand(law, hours: 24)
    for own in [8, 20, 32] {
      let right = Self.formula(own: own, demand: demand)
      let cost = try Self.day(own: own, demand: demand)
      // Starts and ends overlap by seconds an hour.
      #expect(abs(cost / right - 1) < 0.01, "\(own) cores: \(cost) against \(right)")
    }
  }

  @Test(
    "A demand that swings slowly does so under TKE's order of scale-in, and not under Kubernetes'")
  func order() throws {
    // From 20 to 60 cores and back in a day, a change every ten minutes.
    let demand = (0..<144).map { step in
      let angle = 2 * Double.pi * Double(step) / 144
      // Bhaskara's approximation of the sine, good to 0.002.
      let half = angle.truncatingRemainder(dividingBy: .pi)
      let product = half * (Double.pi - half)
      let sine = 16 * product / (5 * Double.pi * Double.pi - 4 * product)
      return Int((40 + 20 * (angle < .pi ? sine : -sine)).rounded())
    }
    let right = Self.formula(own: 54, demand: demand, every: 10)
    let cost = try Self.day(own: 54, demand: demand, every: 10, perMachine: 6)
    #expect(abs(cost / right - 1) < 0.01, "\(cost) against \(right)")
    // Kubernetes stops Pods first where most of them are together: on own machines, while few are in
    // the cloud, which go on being paid.
    let plain = try Self.day(own: 54, demand: demand, every: 10, perMachine: 6, order: .kubernetes)
    #expect(plain / right > 1.05, "\(plain) against \(right)")
    expectDetects("an order that doesn't mind where Pods are") {
      #expect(abs(plain / right - 1) < 0.01)
    }
  }

  @Test(
    "The cheapest of a grid is the demand's quantile of 1 − own price / cloud price",
    arguments: laws)
  func optimum(_ law: Law) throws {
    let demand = Self.demand(law, hours: 24)
    let share = 1 - Self.ownHour / (3600 * Self.cloudSecond)
    let sorted = demand.sorted()
    // The formula is least at this value of the sample, and flat up to the next.
    let index = min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)
    let quantile = sorted[index]
    let best = try Self.day(own: max(1, quantile), demand: demand)
    for other in [quantile - 8, quantile + 8] where other > 0 {
      let cost = try Self.day(own: other, demand: demand)
      #expect(best < cost * 1.001, "\(quantile) cores cost \(best), \(other) \(cost)")
    }
  }
}
