import Experiments
import Testing

@Suite("Benchmarks of the engine")
struct EngineBenchmarkTests {
  @Test(
    "The hold model does what it is told, and the same twice",
    arguments: EngineBenchmarks.HoldLaw.allCases)
  func hold(law: EngineBenchmarks.HoldLaw) {
    let first = EngineBenchmarks.hold(law, size: 1_000, holds: 20_000)
    #expect(first.events.map(\.count) == [20_000])
    #expect(first == EngineBenchmarks.hold(law, size: 1_000, holds: 20_000))
    #expect(first.digest != EngineBenchmarks.hold(law, size: 1_000, holds: 20_000, seed: 1).digest)
    #expect(first.digest.count == 16)
  }

  /// At ρ = 0.8 the variance constant of the times in the system is below 1976 + 2 · 25 (that of the
  /// waits and of the services), so with 2 M customers the standard error is 0.032 s.
  @Test("M/M/1 finds the mean time in the system of theory, 5 s")
  func singleServer() throws {
    let result = EngineBenchmarks.queue(servers: 1, customers: 2_000_000)
    let response = try #require(result.figures.first { $0.name == "W" }).value
    #expect(abs(response - 5) < 5 * 0.032)
    let present = try #require(result.figures.first { $0.name == "L" }).value
    #expect(abs(present - 4) < 5 * 0.032)
    #expect(result.events.first { $0.kind == "departure" }?.count == 2_000_000)
  }

  /// Nobody waits longer than a moment at a hundred servers: Erlang's C at ρ = 0.8 is 0.0196, so
  /// W = 1 + 0.0196 / 20 s; the services alone have a standard error of 0.001 s.
  @Test("M/M/100 finds the mean time in the system of theory")
  func hundredServers() throws {
    let result = EngineBenchmarks.queue(servers: 100, customers: 1_000_000)
    let response = try #require(result.figures.first { $0.name == "W" }).value
    #expect(abs(response - 1.00098) < 5 * 0.0012)
  }
}
