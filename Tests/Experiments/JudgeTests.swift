import CloudSimulation
import Quantities
import Statistics
import Testing

@testable import Experiments

@Suite("Verdicts on claims")
struct JudgeTests {
  static func trial(_ number: Int, sustained: Double, hasChance: Bool = true) -> Trial {
    // Two Pods so far apart that they give the rate that is wanted.
    var burst = BurstResult()
    burst.places = 2
    burst.ready = [0, Int64(60e9 / sustained)]
    var result = ReplicationResult()
    result.replication = number
    result.bursts = [burst]
    var scenario = BurstSource.burst(of: 10).base
    if !hasChance { scenario = BurstSource.burst(of: 10).withoutChance().base }
    return Trial(result, of: scenario)
  }

  static func judge(_ bound: Claim.Bound = .above(10)) throws -> ClaimJudge {
    let scenario = BurstSource.burst(of: 10, claim: bound).base
    return try ClaimJudge(scenario.claims[0], index: 0, in: scenario)
  }

  @Test("what the first trials settle is the verdict of all, whatever the others are")
  func settled() throws {
    let judge = try Self.judge()
    for total in [10, 59, 93, 200] {
      for met in 0...total where met > total - 25 || met < 3 {
        let trials = (0..<total).map { Self.trial($0, sustained: $0 < met ? 20 : 5) }
        let verdict = judge.verdict(trials)
        for order in [trials, trials.reversed()] {
          for count in stride(from: 1, through: total, by: 3) {
            let first = Array(order.prefix(count))
            if let settled = judge.settled(by: first, of: total) { #expect(settled == verdict) }
            #expect(!judge.isRuledOut(verdict, by: first, of: total))
          }
        }
        #expect(judge.settled(by: trials, of: total) == verdict)
      }
    }
  }

  @Test("one failure settles that 59 replications don't hold")
  func curtailed() throws {
    let judge = try Self.judge()
    #expect(judge.isRuledOut(.holds, by: [Self.trial(0, sustained: 5)], of: 59))
    #expect(!judge.isRuledOut(.holds, by: [Self.trial(0, sustained: 5)], of: 93))
    let seven = (0..<7).map { Self.trial($0, sustained: 5) }
    #expect(judge.settled(by: seven, of: 59) == .fails)
    #expect(judge.settled(by: Array(seven.prefix(6)), of: 59) == nil)
  }

  @Test("without chance one trial decides")
  func withoutChance() throws {
    let judge = try Self.judge()
    #expect(judge.verdict([Self.trial(0, sustained: 20, hasChance: false)]) == .holds)
    #expect(judge.verdict([Self.trial(0, sustained: 5, hasChance: false)]) == .fails)
    #expect(judge.verdict([Self.trial(0, sustained: 20)]) == .undecided)
  }

  @Test("both sides of a threshold exclude it")
  func bounds() throws {
    let above = try Self.judge(.above(20))
    let below = try Self.judge(.below(20))
    let equal = Self.trial(0, sustained: 20)
    #expect(!above.isMet(by: equal) && !below.isMet(by: equal))
    #expect(below.isMet(by: Self.trial(0, sustained: 19)))
  }

  @Test("a claim that can't be decided about is an error that names it")
  func errors() async throws {
    var source = BurstSource.burst(of: 20, claim: .above(10))
    await #expect(
      throws: StudyError.burstTooSmall(claim: "fast", replication: 0, places: 20, needed: 30)
    ) { try await Study.run(source: source) }
    source.base.loads.append(source.base.loads[0])
    await #expect(throws: StudyError.noBurst(claim: "fast")) {
      try await Study.run(source: source)
    }
    source.base.claims[0].load = "nobody"
    await #expect(throws: StudyError.noBurst(claim: "fast")) {
      try await Study.run(source: source)
    }
    source.base.claims[0].share = 1
    await #expect(throws: StudyError.notAShare(claim: "fast", field: "share", value: 1)) {
      try await Study.run(source: source)
    }
  }
}

@Suite("Search for a flip")
struct FlipTests {
  /// The value at which a search ends if the verdict stands from a number up.
  private func found(_ from: String, _ to: String, standsFrom least: Double) -> String {
    var search = FlipSearch(
      path: BurstSource.startup, from: from, to: to, otherwiseFrom: nil,
      source: BurstSource.burst(of: 10))
    while let value = search.next() {
      let number = Double(value.prefix { "0123456789.".contains($0) })!
      search.note(value, stands: number >= least)
    }
    return search.stands
  }

  @Test("ends at the value nearest to the flip, to three digits, where the verdict stands")
  func numbers() {
    #expect(found("1500/min", "600/min", standsFrom: 1018) == "1020/min")
    #expect(found("40", "10", standsFrom: 16.5) == "17")
    #expect(found("0.3", "0.06", standsFrom: 0.1234) == "0.124")
    #expect(found("2", "1", standsFrom: 1.5) == "2")
  }

  @Test("takes values between from the source where they aren't plain numbers")
  func fractions() {
    var search = FlipSearch(
      path: BurstSource.startup, from: "5s", to: "1m5s", otherwiseFrom: nil,
      source: BurstSource.burst(of: 10))
    while let value = search.next() {
      search.note(value, stands: (try? TimeSpan.parse(value)).map { $0 <= .seconds(35) } ?? false)
    }
    let end = try? TimeSpan.parse(search.stands)
    #expect(end.map { $0 > .seconds(33) && $0 <= .seconds(35) } ?? false)
  }

  @Test("begins at the opposite end where there is no way from the present value")
  func unlimited() {
    let search = FlipSearch(
      path: "x", from: "unlimited", to: "10", otherwiseFrom: "100",
      source: BurstSource.burst(of: 10))
    #expect(search.stands == "100" && search.next() == "55")
    let lost = FlipSearch(
      path: "x", from: "on", to: "off", otherwiseFrom: nil, source: BurstSource.burst(of: 10))
    #expect(lost.stands == "off" && lost.next() == nil)
  }

  @Test("texts of numbers keep their unit and lose needless zeros")
  func texts() {
    for (text, middle) in [("10", "15"), ("1000/min", "1500/min"), ("0.1s", "0.15s")] {
      let number = SettingNumber(text)!
      let doubled = SettingNumber(middle)!
      #expect(number.text == text)
      #expect(doubled.text == middle)
    }
    #expect(SettingNumber("lognormal(5s, 0.5)") == nil && SettingNumber("1h30m") == nil)
    #expect(StudyText.range("600/min", "3000/min") == "600–3000/min")
    #expect(StudyText.range("200ms", "1s") == "200ms–1s")
    #expect(StudyText.count(-1_234_567) == "−1,234,567")
  }
}
