import Experiments
import Statistics
import TestSupport
import Testing

/// Output analysis against reference values, and intervals against the truth.
@Suite("Output analysis")
struct AnalysisTests {
  @Test("Every method gives the reference's values", arguments: AnalysisVector.all)
  func vectors(vector: AnalysisVector) {
    let problems = AnalysisConformance.problems(
      method: vector.method, input: vector.input, expected: vector.expected)
    #expect(problems.isEmpty, "\(problems)")
  }

  @Test("There are vectors")
  func hasVectors() { #expect(Set(AnalysisVector.all.map(\.method)).count >= 38) }

  @Test("What chance estimates agrees with what is exact")
  func simulated() throws {
    var seen = 0
    for vector in AnalysisVector.all where AnalysisSimulation.methods.contains(vector.method) {
      let found = try AnalysisSimulation.simulate(
        method: vector.method, input: vector.input, expected: vector.expected, seed: 7)
      for (quantity, known) in found {
        #expect(quantity.agrees(with: known), "\(vector.id) \(quantity.name)")
        seen += 1
        // Thirty replications tell a tenth of the value, or of one, apart from the truth.
        let isSharp = quantity.interval(confidence: 1 - 1e-6).halfWidth < 0.1 * max(abs(known), 1)
        if isSharp {
          #expect(!quantity.agrees(with: known + 0.2 * max(abs(known), 1)), "\(quantity.name)")
        }
      }
    }
    #expect(seen >= 15)
  }

  @Test("An unknown method, a wrong value and a missing quantity are wrong")
  func wrong() {
    func problems(_ method: String, _ expected: ModelParameters) -> [String] {
      AnalysisConformance.problems(
        method: method, input: .object(["data": .array([.number(1), .number(3)])]),
        expected: expected)
    }
    #expect(problems("stable-variance", .object(["mean": .number(2)])).isEmpty)
    #expect(!problems("stable-variances", .object(["mean": .number(2)])).isEmpty)
    #expect(!problems("stable-variance", .object(["mean": .number(2.000001)])).isEmpty)
    #expect(!problems("stable-variance", .object(["median": .number(2)])).isEmpty)
    #expect(!problems("t-interval", .object(["low": .array([])])).isEmpty)
  }

  /// Three standard errors of 1,000 intervals; an interval whose true coverage is 90 % passes with
  /// a probability below 0.3 %.
  @Test("Intervals enclose the truth as often as they say", arguments: IntervalCoverage.seeds)
  func coverage(seed: UInt64) {
    let checks = IntervalCoverage.checks(seed: seed)
    for check in checks { #expect(check.isMet, "\(check)") }
    let skewed = IntervalCoverage.skewedMeans(seed: seed)
    for check in skewed { #expect(check.isMet, "\(check)") }
    // Student's interval misses on one side, the corrected one on both alike.
    let lopsided = skewed.map { abs(($0.misses?.below ?? 0) - ($0.misses?.above ?? 0)) }
    #expect(lopsided[0] > 0.03 && lopsided[1] < 0.015, "\(skewed)")
    expectDetects("a lognormal mean of 30 taken for one that is covered as promised") {
      var narrow = try #require(checks.first { $0.rule == .below })
      narrow.rule = .near
      #expect(narrow.isMet)
    }
    expectDetects("bounds that were meant for 90 %") {
      for var check in checks where check.name.contains("bound") {
        check.expected -= 0.05
        #expect(check.isMet)
      }
    }
  }

  @Test("The bounds of a share never cover less than they say", arguments: [1, 10, 59, 200])
  func exactCoverage(trials: Int) {
    #expect(IntervalCoverage.leastExactCoverage(trials) >= 0.95 - 1e-12)
  }
}
