import CloudSimulation
import Infrastructure
import Quantities
import ScenarioFiles
import Scheduling
import TestSupport
import Testing

@Suite("The scenario local-replicas")
struct LocalReplicasScenarioTests {
  /// The median cycle, in seconds, with so many candidate nodes: the virtual one and the others.
  private func cycle(nodes: Int, fixed: Bool = false) throws -> Double {
    let file = PackageFolder.path("Scenarios/local-replicas.yaml")
    let loaded = try ScenarioLoader.load(
      paths: [file], overrides: [("NodePool/rack:spec.count", String(nodes - 1))])
    var scenario = loaded.scenario
    if fixed { scenario.scheduler.localReplicas = .fixed }
    let result = scenario.simulate()
    #expect(result.violation == nil)
    return try #require(result.stages[Int(Stage.schedule.rawValue)].p50)
  }

  @Test("200, 29 and 3 Pods a minute by the published plugin at 15, 100 and 1,000 nodes")
  func published() throws {
    for (nodes, rate) in [(15, 200), (100, 29), (1000, 3)] {
      let seconds = try cycle(nodes: nodes)
      // The cycle itself, 8 ms, comes on top of the sleep.
      #expect(Int((60 / (seconds - 0.008)).rounded()) == rate, "\(nodes) nodes: \(seconds) s")
    }
  }

  @Test("A fixed one doesn't slow the scheduler down, whatever the number of nodes")
  func fixed() throws {
    for nodes in [15, 1000] { #expect(try cycle(nodes: nodes, fixed: true) < 0.01) }
  }
}
