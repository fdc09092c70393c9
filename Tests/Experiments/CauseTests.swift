import CloudSimulation
import Experiments
import Infrastructure
import Quantities
import Statistics
import TestSupport
import Testing

@Suite("What causes cost")
struct CauseTests {
  @Test("is the difference to the run without them, on the same luck, and nothing for idle ones")
  func differences() async throws {
    var scenario = BurstSource.burst(of: 40).base
    scenario.registries = [Registry(name: "harbor", site: "idc")]
    scenario.links[0].bandwidth = Bandwidth(bitsPerSecond: 800_000_000)
    var plan = FaultPlan(name: "april")
    var outage = ScriptedFault(.cloudAPI, target: "cloud")
    outage.at = .seconds(5)
    outage.lasting = .minutes(2)
    var late = ScriptedFault(.registry, target: "harbor")
    late.at = .minutes(9)
    plan.scripted = [outage, late]
    scenario.faults = [plan]
    scenario.replications = 3
    var options = StudyOptions()
    options.depth = .verdicts
    options.explainsCauses = true
    options.counterfactualReplications = 3
    let base = scenario
    let summary = try await Study.run(source: BurstSource(base: scenario), options: options).summary
    let names = summary.causes.map(\.cause)
    #expect(
      names == [
        "Link/line", "Registry/harbor", "FaultPlan/april:spec.scripted[0]",
        "FaultPlan/april:spec.scripted[1]",
      ])
    func effect(_ cause: Int, _ quantity: String) throws -> CauseEffect.Difference {
      try #require(summary.causes[cause].differences.first { $0.quantity == quantity })
    }
    var without = base
    without.faults[0].scripted.remove(at: 0)
    let absorbs = (0..<3).map { number -> Double in
      let with = BurstMeasures(base.simulate(replication: number).bursts[0]).absorb ?? 0
      return with - (BurstMeasures(without.simulate(replication: number).bursts[0]).absorb ?? 0)
    }
    let absorb = try effect(2, "time until all are ready")
    let mean = absorbs.reduce(0, +) / 3
    #expect(mean > 60)
    #expect(abs((absorb.interval?.estimate ?? 0) - mean) < 1e-9)
    for difference in summary.causes[3].differences {
      #expect(difference.interval?.low == 0 && difference.interval?.high == 0)
    }
    // 40 images of 100 MB across 100 MB/s take 40 s, and a few by themselves; the slowest of the
    // Pods' other stages overlap with them.
    let line = try effect(0, "time until all are ready")
    #expect(line.with - line.without > 15)
    expectDetects("a cause that is left in") { #expect(absorbs.allSatisfy { $0 == 0 }) }
  }

  @Test("isn't asked for by default")
  func silence() async throws {
    let summary = try await Study.run(source: BurstSource.burst(of: 4)).summary
    #expect(summary.causes.isEmpty)
  }
}
