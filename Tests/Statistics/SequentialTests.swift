import Probability
import Statistics
import TestSupport
import Testing

@Suite("Stopping and selection")
struct SequentialTests {
  @Test("The risks of declared looks add up", arguments: DeclaredLooks.Spending.allCases)
  func risks(spending: DeclaredLooks.Spending) {
    let looks = DeclaredLooks([59, 120, 250, 500], risk: 0.05, spending: spending)
    let risks = looks.looks.indices.map { looks.risk(ofLook: $0) }
    #expect(abs(risks.reduce(0, +) - 0.05) < 1e-12)
    #expect(risks.allSatisfy { $0 > 0 })
    if spending == .late { #expect(risks[0] < risks[3] / 10) }
  }

  /// 2,000 courses with a share exactly at the claim's: a wrong "holds" has at most a chance of
  /// 5 %, so 130 of them (four standard errors above) prove a fault; looking with the whole risk
  /// each time gives more than 200.
  @Test("Looking several times errs no more often than once")
  func errors() {
    let looks = DeclaredLooks([100, 200, 300, 400, 500], risk: 0.05, spending: .even)
    let stream = RandomSource(seed: 3).stream("met")
    func wrong(_ verdict: (_ met: Int, _ look: Int) -> ClaimResult.Verdict) -> Int {
      (0..<2_000).count { course in
        var met = 0
        var drawn = 0
        for (index, look) in looks.looks.enumerated() {
          while drawn < look {
            if stream.uniform(for: UInt64(course), number: UInt32(drawn)) < 0.9 { met += 1 }
            drawn += 1
          }
          if verdict(met, index) == .holds { return true }
        }
        return false
      }
    }
    #expect(wrong { looks.verdict(share: 0.9, met: $0, atLook: $1) } <= 130)
    expectDetects("every look takes the whole risk") {
      let test = ClaimTest(share: 0.9, confidence: 0.95)
      #expect(wrong { test.verdict(met: $0, of: looks.looks[$1]) } <= 130)
    }
  }

  @Test("An undecided look says how many more will decide, up to the maximum")
  func more() {
    let looks = DeclaredLooks([60, 144, 400], risk: 0.05, spending: .even)
    #expect(looks.verdict(share: 0.9, met: 58, atLook: 0) == .undecided)
    #expect(looks.moreToDecide(share: 0.9, met: 58, atLook: 0) == 84)
    #expect(looks.moreToDecide(share: 0.9, met: 54, atLook: 0) == nil)
    #expect(looks.moreToDecide(share: 0.9, met: 139, atLook: 2) == nil)
  }

  @Test("A quantile too extreme is refused with the number it takes")
  func extreme() throws {
    let sample = Sample((0..<100).map(Double.init))
    let refusal = #expect(throws: QuantileInterval.TooExtreme.self) {
      try QuantileInterval(sample, probability: 0.99)
    }
    #expect(refusal?.count == 100 && refusal?.needed == 368)
    let enough = Sample((0..<368).map(Double.init))
    #expect(try QuantileInterval(enough, probability: 0.99).upperRank == 368)
    #expect(throws: (any Error).self) {
      try QuantileInterval(Sample((0..<367).map(Double.init)), probability: 0.99)
    }
    #expect(QuantileInterval.leastCount(probability: 0.5) == 6)
    #expect(QuantileInterval.leastCount(probability: 0.01) == 368)
  }

  /// 300 selections among five normal systems, the best better by the indifference zone: at least
  /// 95 % right in the long run; 270 are reached with a probability above 0.9999. Taking the best of
  /// the pilots alone is right in about two thirds.
  @Test("Kim and Nelson's procedure finds the best as often as it says")
  func selection() {
    let procedure = KimNelson(pilot: 10, indifference: 0.5)
    func right(_ choose: (_ draw: (Int, Int) -> Double) -> Int) -> Int {
      (0..<300).count { course in
        let stream = RandomSource(seed: 5, replication: course).stream("noise")
        return choose { system, number in
          (system == 3 ? 0 : 0.5) + stream.gaussian(for: UInt64(system), number: UInt32(number))
        } == 3
      }
    }
    #expect(
      right { draw in procedure.selectSmallest(of: 5, most: 5_000, observation: draw).best }
        >= 270)
    expectDetects("the best of the pilots is taken") {
      #expect(
        right { draw in procedure.selectSmallest(of: 5, most: 10, observation: draw).best } >= 270)
    }
  }

  @Test("Of systems that are equal in everything the first is taken, as soon as enough was seen")
  func equals() {
    let found = KimNelson(pilot: 10, indifference: 0.5).selectSmallest(of: 3, most: 100) {
      ($0 == 0 ? 2 : 0) + ($1.isMultiple(of: 2) ? 1 : -1)
    }
    #expect(found.isDecided && found.best == 1 && found.observations == 10)
  }

  @Test("Observations that run out leave a selection undecided")
  func undecided() {
    let found = KimNelson(pilot: 2, indifference: 1e-6).selectSmallest(of: 2, most: 3) {
      Double($0) + ($1.isMultiple(of: 2) ? 5 : -5) * Double(1 - 2 * $0)
    }
    #expect(!found.isDecided && found.observations == 3)
  }
}
