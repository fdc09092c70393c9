import CloudSimulation
import Controllers
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

/// How many own machines are cheapest, by simulation and by the newsvendor's quantile.
@Suite("Own or burst")
struct OwnOrBurstTests {
  /// What an own core and one in the cloud with its GiB cost per hour on the default sheet.
  private static let own = 0.055
  private static let rented = 0.120024 + 0.050004

  /// A service whose demand takes these levels, half an hour each; what own cores don't take is rented.
  private func scenario(_ levels: [Int], own cores: Int) -> Scenario {
    var scenario = Scenario(name: "own-or-burst")
    scenario.duration = .minutes(30 * levels.count)
    scenario.replications = 1
    scenario.controlPlane.scaleIn = .virtualNodesFirst
    scenario.serverlessPools = [ServerlessPool(name: "cloud")]
    scenario.serverlessPools[0].quota.podsPerCluster = nil
    scenario.serverlessPools[0].quota.podsPerWorkload = nil
    var machines = NodePool(name: "m")
    machines.count = cores
    machines.allocatable = Resources(cpu: 1000, memory: 4 << 30, pods: 10)
    scenario.nodePools = cores > 0 ? [machines] : []
    var object = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web",
      template: PodTemplate(
        labels: ["app": "web"],
        containers: [
          Container(
            name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
        ]))
    object.replicas = Int32(levels[0])
    scenario.cluster.workloads = [object]
    for (index, level) in levels.enumerated().dropFirst() {
      var step = LoadProfile.Step()
      step.at = .minutes(30 * index)
      step.from = levels[index - 1]
      step.to = level
      scenario.loads.append(
        LoadProfile(name: "l\(index)", target: "Deployment/web", shape: .step(step)))
    }
    return scenario
  }

  private func check(_ levels: [Int], _ choices: [Int]) throws -> (simulated: Int, formula: Int) {
    let weighted = levels.map { (demand: Double($0), weight: 1.0) }
    var best = (cores: 0, cost: Double.infinity)
    for cores in choices {
      let result = scenario(levels, own: cores).simulate()
      #expect(result.violation == nil)
      let cost = (result.cash + result.owned).units
      let hours = Double(levels.count) / 2
      let formula =
        Newsvendor.cost(of: Double(cores), for: weighted, own: Self.own, rented: Self.rented)
        * hours
      // Starts and stops take seconds of half-hours.
      #expect(abs(cost / formula - 1) < 0.05, "\(cores): \(cost) \(formula)")
      if cost < best.cost { best = (cores, cost) }
    }
    let formula = try #require(
      Newsvendor.capacity(for: weighted, own: Self.own, rented: Self.rented))
    return (best.cores, Int(formula))
  }

  @Test(
    "The cheapest number of own cores is the newsvendor's quantile of demand, whatever its law",
    arguments: [
      // Levels rise from each to the next in any order; choices hold the levels themselves.
      [4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 36, 20],
      [5, 5, 5, 5, 5, 5, 5, 5, 30, 5, 5, 30],
    ])
  func optimum(_ levels: [Int]) throws {
    let choices = Array(Set(levels)).sorted()
    let (simulated, formula) = try check(levels, choices)
    #expect(simulated == formula)
    let cheap = try #require(
      Newsvendor.capacity(
        for: levels.map { (Double($0), 1) }, own: Self.own * 2.9, rented: Self.rented))
    expectDetects("own cores that cost almost what rented ones do") {
      #expect(simulated == Int(cheap))
    }
  }

  @Test("The formula's ends: nothing where owning is dearer, everything where it is free")
  func ends() {
    let levels = [(demand: 3.0, weight: 1.0), (demand: 9.0, weight: 3.0)]
    #expect(Newsvendor.capacity(for: levels, own: 2, rented: 1) == 0)
    #expect(Newsvendor.capacity(for: levels, own: 0, rented: 1) == 9)
    #expect(Newsvendor.capacity(for: levels, own: 0.8, rented: 1) == 3)
    #expect(Newsvendor.capacity(for: [], own: 1, rented: 2) == nil)
    #expect(Newsvendor.cost(of: 3, for: levels, own: 1, rented: 2) == 12)
  }
}
