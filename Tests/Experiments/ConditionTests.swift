import CloudSimulation
import Statistics
import Testing

@testable import Experiments

@Suite("The words of conditions")
struct ConditionTests {
  private func condition(
    _ path: String, _ flipsAt: String, low: Bool
  ) -> (condition: ClaimResult.Condition, flipsAt: String) {
    let condition = ClaimResult.Condition(
      path: path, flipsAt: StudyText.value(flipsAt), range: "", verdictThere: .fails, isLowEnd: low)
    return (condition, flipsAt)
  }

  @Test("A path has one condition on each side, the one that says more")
  func merged() {
    let merged = ConditionSearch.merged([
      condition("a", "lognormal(median: 46s, sigma: 0.5)", low: true),
      condition("a", "lognormal(median: 46.1s, sigma: 0.5)", low: true),
      condition("b", "4", low: true), condition("b", "9", low: false),
      condition("b", "8", low: false), condition("c", "900ms", low: false),
      condition("c", "2s", low: false),
    ])
    #expect(merged.map(\.path) == ["a", "b", "b", "c"])
    #expect(merged.map(\.flipsAt) == ["mean 52.2s", "4", "8", "900ms"])
  }

  @Test("A law beyond its range stands on one side of both ends, by the means")
  func beyond() {
    func side(_ value: String, _ low: String, _ high: String) -> Bool? {
      ConditionSearch.standsAbove(
        Parameter(
          path: "", value: value, unit: "", grade: "A", source: "", usage: [], isDefault: false),
        (low, high))
    }
    let startup = "lognormal(median: 60s, sigma: 0.5)"
    #expect(side(startup, "1s", "30s") == true)
    #expect(side(startup, "constant(1s)", "constant(30s)") == true)
    #expect(side("lognormal(median: 5s, sigma: 0.5)", "1s", "30s") == nil)
    #expect(side("500ms", "1s", "30s") == false)
    #expect(side("1000/min", "60/min", "3000/min") == nil)
    // Numbers of different units don't compare.
    #expect(side("5000/min", "1/s", "3000/min") == nil)
  }

  @Test("A time is said to three digits")
  func times() {
    #expect(StudyText.value("882.8125ms") == "883ms")
    #expect(StudyText.value("2m15.46875s") == "2m15s")
    #expect(StudyText.value("66/min") == "66/min")
  }
}
