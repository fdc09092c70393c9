import Statistics
import Testing

@Suite("Claims over replications")
struct ClaimTestTests {
  @Test("At the defaults 59 replications are the fewest that can hold")
  func fewest() {
    let test = ClaimTest()
    #expect(test.fewestReplications == 59)
    #expect(test.verdict(met: 58, of: 58) == .undecided)
    #expect(test.verdict(met: 59, of: 59) == .holds)
    #expect(test.verdict(met: 58, of: 59) == .undecided)
  }

  @Test("The fewest are the first power of the share that isn't above 1 - confidence")
  func fewestOthers() {
    for (share, confidence, fewest) in [
      (0.5, 0.75, 2), (0.9, 0.95, 29), (0.99, 0.95, 299), (0.5, 0.4, 1), (0.9, 0.9, 22),
    ] {
      #expect(ClaimTest(share: share, confidence: confidence).fewestReplications == fewest)
    }
  }

  @Test("A claim fails as soon as the share is ruled out")
  func fails() {
    let test = ClaimTest()
    #expect(test.verdict(met: 0, of: 2) == .fails)
    // Here the limit equals the share, which is not ruled out then.
    #expect(test.verdict(met: 0, of: 1) == .undecided)
    #expect(ClaimTest(share: 0.94).verdict(met: 0, of: 1) == .undecided)
    #expect(ClaimTest(share: 0.96).verdict(met: 0, of: 1) == .fails)
    #expect(test.verdict(met: 50, of: 59) == .fails)
    // P(at most 53 of 59 | 0.95) = 0.0759, P(at most 52 of 59 | 0.95) = 0.0276.
    #expect(test.verdict(met: 53, of: 59) == .undecided)
    #expect(test.verdict(met: 52, of: 59) == .fails)
  }

  @Test("The verdict says the same as the one-sided bounds")
  func bounds() {
    for trials in [1, 5, 17, 59, 120] {
      for met in 0...trials {
        for (share, confidence) in [(0.95, 0.95), (0.5, 0.9), (0.2, 0.99)] {
          let proportion = Proportion(met, of: trials)
          let expected: ClaimResult.Verdict =
            proportion.lowerBound(confidence: confidence) >= share
            ? .holds
            : proportion.upperBound(confidence: confidence) < share ? .fails : .undecided
          let test = ClaimTest(share: share, confidence: confidence)
          #expect(test.verdict(met: met, of: trials) == expected)
        }
      }
    }
  }

  @Test("A claim at exactly the share is called undecided at least as often as promised")
  func errorRate() {
    // The chance that a true share of 0.9 is declared to hold or to fail is at most 0.05 each.
    let test = ClaimTest(share: 0.9, confidence: 0.95)
    let trials = 80
    var probability = 1.0
    for _ in 0..<trials { probability *= 0.1 }
    var wrong = (holds: 0.0, fails: 0.0)
    for met in 0...trials {
      switch test.verdict(met: met, of: trials) {
      case .holds: wrong.holds += probability
      case .fails: wrong.fails += probability
      case .undecided: break
      }
      probability *= Double(trials - met) / Double(met + 1) * 9
    }
    #expect(wrong.holds > 0.005 && wrong.holds <= 0.05)
    #expect(wrong.fails > 0.005 && wrong.fails <= 0.05)
  }

  @Test("How many replications would decide")
  func toDecide() throws {
    let test = ClaimTest()
    #expect(test.replicationsToDecide(met: 19, of: 20) == nil)
    #expect(test.replicationsToDecide(met: 20, of: 20) == 59)
    #expect(test.replicationsToDecide(met: 59, of: 59) == 59)
    let above = try #require(test.replicationsToDecide(met: 98, of: 100))
    // At that number, 98 % decide; well below it they don't.
    #expect(above > 100 && above < 400)
    #expect(test.verdict(met: Int(0.98 * Double(above)) + 1, of: above) == .holds)
    #expect(test.verdict(met: Int(0.98 * Double(above) * 0.7), of: above * 7 / 10) == .undecided)
    let below = try #require(test.replicationsToDecide(met: 54, of: 60))
    #expect(test.verdict(met: Int(0.9 * Double(below)), of: below) == .fails)
    #expect(test.verdict(met: Int(0.9 * Double(below) * 0.8) + 1, of: below * 8 / 10) == .undecided)
    #expect(try #require(test.replicationsToDecide(met: 9501, of: 10_000)) > 1_000_000)
  }
}
