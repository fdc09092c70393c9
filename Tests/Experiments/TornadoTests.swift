import CloudSimulation
import Infrastructure
import Quantities
import Statistics
import Testing

@testable import Experiments

@Suite("Sensitivity of a run to what is assumed")
struct TornadoTests {
  private static func sensitivity(
    _ source: BurstSource, of response: String? = nil
  ) async throws -> SensitivitySummary {
    var options = StudyOptions()
    options.depth = .verdicts
    options.replications = 12
    options.sensitivity = response ?? ""
    return try #require(try await Study.run(source: source, options: options).summary.sensitivity)
  }

  private static func burst() -> BurstSource {
    var source = BurstSource.burst(of: 30)
    source.base.claims[0].metric = .absorb
    source.base.claims[0].bound = .below(100)
    return source
  }

  @Test("Without chance every bar is the difference of two runs, the widest first")
  func differences() async throws {
    let source = Self.burst().withoutChance()
    let found = try await Self.sensitivity(source)
    #expect(found.response == "absorb" && found.unit == "s" && found.replications == 1)
    let base = try #require(found.base)
    #expect(found.bars.count >= 3 && found.idle >= 0)
    #expect(zip(found.bars, found.bars.dropFirst()).allSatisfy { $0.swing >= $1.swing })
    for bar in found.bars {
      for end in [bar.low, bar.high].compactMap({ $0 }) {
        let moved = try source.scenario(setting: [.init(path: bar.path, value: end.value)])
        let value = try #require(BurstMeasures(moved.simulate().bursts[0]).absorb)
        #expect(abs(value - base - (end.difference ?? 0)) < 1e-9, "\(bar.path) \(end.value)")
      }
    }
    // From 5 s to 1 s and 30 s: the start of the application moves the end by as much.
    let startup = try #require(found.bars.first { $0.path == BurstSource.startup })
    #expect(abs((startup.low?.difference ?? 0) + 4) < 0.01)
    #expect(abs((startup.high?.difference ?? 0) - 25) < 0.01)
  }

  @Test("Only grade-A values with a range that were at work are moved; pairs see the same luck")
  func moved() async throws {
    let source = Self.burst()
    let found = try await Self.sensitivity(source, of: "startP95")
    let known = Set(
      source.knobs.filter { $0.grade == "A" && $0.range != nil }.map(\.path))
    #expect(found.bars.allSatisfy { known.contains($0.path) })
    #expect(found.bars.count + found.idle <= known.count)
    let boot = try #require(found.bars.first { $0.path == "\(BurstSource.pool)boot" })
    let high = try #require(boot.high)
    #expect(try #require(high.lowest) > 0)
    #expect(try #require(high.highest) > (try #require(high.difference)))
  }

  @Test("A response that doesn't exist is an error that names those that do")
  func unknown() async throws {
    await #expect(throws: SweepError.self) {
      try await Self.sensitivity(Self.burst(), of: "speed")
    }
  }
}
