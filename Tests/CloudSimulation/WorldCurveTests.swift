import CloudSimulation
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@Suite("Curves of cores, cost, spot Pods and links")
struct WorldCurveTests {
  private func curves(_ scenario: Scenario, _ name: String) -> [WorldCurve] {
    scenario.simulate().worldCurves.filter { $0.name == name }
  }

  /// Pods in a cloud whose images come across a line of 80 Mbit/s: 15 MB each.
  private var scenario: Scenario {
    var scenario = PlainScenario.serverless(40)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.serverlessPools[0].site = "cloud"
    scenario.profiles[0].imageBytes = .constant(15e6)
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    scenario.controlPlane.callSize = 0
    var line = Link(name: "line", between: ["idc", "cloud"])
    line.bandwidth = Bandwidth(bitsPerSecond: 80_000_000)
    line.roundTrip = .constant(0)
    line.loss.usual = 0
    scenario.links = [line]
    return scenario
  }

  @Test("A link's curve adds up to the bytes that crossed it, and never exceeds the line")
  func link() throws {
    let result = scenario.simulate()
    let curve = try #require(result.worldCurves.first { $0.name == TimeSeries.linkTraffic })
    #expect(curve.place == "line" && curve.unit == "Mbit/s")
    let bytes = curve.values.reduce(0, +) * result.bucket.seconds * 1e6 / 8
    #expect(abs(bytes / result.pulledBytes - 1) < 0.01)
    #expect(try #require(curve.values.max()) <= 80)
    expectDetects("a byte taken for a bit") {
      #expect(abs(bytes * 8 / result.pulledBytes - 1) < 0.01)
    }
  }

  @Test("What is paid never falls and ends with the bill's cash")
  func cost() throws {
    let result = scenario.simulate()
    let parts = result.worldCurves.filter { $0.name == TimeSeries.cost }
    for part in parts {
      #expect(zip(part.values, part.values.dropFirst()).allSatisfy { $0 <= $1 })
    }
    let end = parts.reduce(0) { $0 + ($1.values.last ?? 0) }
    #expect(result.cash > .zero)
    #expect(abs(end / result.cash.units - 1) < 1e-4)
  }

  @Test("Serverless Pods are cores at their site as long as they are there")
  func cores() throws {
    let found = curves(scenario, TimeSeries.capacity)
    #expect(found.map(\.place) == ["cloud"])
    let values = found[0].values
    #expect(values[0] == 0)
    #expect(try #require(values.max()) >= 40 * 0.25)
    #expect(curves(scenario, TimeSeries.spot).isEmpty)
  }
}
