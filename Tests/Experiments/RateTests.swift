import CloudSimulation
import Quantities
import TestSupport
import Testing

@testable import Experiments

/// Rates by their definition: every window is looked at, one by one.
private enum Oracle {
  static let minute: Int64 = 60_000_000_000

  static func rates(
    places: Int, ready: [Int64]
  ) -> (sustained: Double, best: Double, worst: Double) {
    let first = Int((0.1 * Double(places)).rounded(.up))
    let last = Int((0.9 * Double(places)).rounded(.up))
    func count(_ end: Int64) -> Int { ready.count { $0 > end - minute && $0 <= end } }
    // A window's count changes only where a Ready enters or leaves it; both sides are looked at.
    let instants = ready.flatMap { [$0, $0 - 1, $0 + minute, $0 + minute - 1] }
    let best = instants.map(count).max() ?? 0
    guard last <= ready.count, first >= 1 else { return (0, Double(best), 0) }
    let (t10, t90) = (ready[first - 1], ready[last - 1])
    let seconds = max(Double(t90 - t10) / 1e9, 1)
    let sustained = 60 * Double(last - first) / seconds
    guard t90 - t10 >= minute else { return (sustained, Double(best), sustained) }
    let inside = (instants + [t10 + minute, t90]).filter { $0 >= t10 + minute && $0 <= t90 }
    return (sustained, Double(best), Double(inside.map(count).min()!))
  }
}

@Suite("Rates of a burst")
struct RateTests {
  @Test("agree with every window looked at one by one", arguments: 0..<40)
  func oracle(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let places = 1 + generator.below(90)
    let count = seed.isMultiple(of: 4) ? generator.below(places + 1) : places
    // Ties and distances of exactly a minute occur.
    let step: Int64 = seed.isMultiple(of: 3) ? 30_000_000_000 : 777_777_777
    var ready: [Int64] = []
    for _ in 0..<count { ready.append(Int64(generator.below(seed < 10 ? 50 : 400)) * step) }
    ready.sort()
    let rates = BurstRates(places: places, ready: ready)
    let expected = Oracle.rates(places: places, ready: ready)
    #expect(rates.sustained == expected.sustained)
    #expect(rates.bestMinute == expected.best)
    #expect(rates.worstMinute == expected.worst)
  }

  @Test("take the ⌈0.1 n⌉-th and the ⌈0.9 n⌉-th Ready")
  func ranks() {
    let ready = (1...25).map { Int64($0) * 10_000_000_000 }
    let rates = BurstRates(places: 25, ready: ready)
    #expect(rates.t10 == .seconds(30.0))
    #expect(rates.t90 == .seconds(230.0))
    #expect(rates.sustained == 60 * 20 / 200.0)
    #expect(rates.bestMinute == 6 && rates.worstMinute == 6)
  }

  @Test("are zero if nine of ten never come, and count a burst at once as of one second")
  func extremes() {
    let few = BurstRates(places: 10, ready: [Int64](repeating: 5, count: 8))
    #expect(few.sustained == 0 && few.worstMinute == 0 && few.bestMinute == 8)
    #expect(few.t90 == nil)
    let atOnce = BurstRates(places: 10, ready: [Int64](repeating: 5, count: 10))
    #expect(atOnce.sustained == 60 * 8)
    #expect(atOnce.worstMinute == atOnce.sustained)
    let none = BurstRates(places: 0, ready: [])
    #expect(none.sustained == 0 && none.bestMinute == 0)
  }

  @Test("a window leaves out the instant a minute before its end")
  func halfOpen() {
    let minute: Int64 = 60_000_000_000
    #expect(BurstRates(places: 2, ready: [0, minute]).bestMinute == 1)
    #expect(BurstRates(places: 2, ready: [1, minute]).bestMinute == 2)
  }

  @Test("Pods that never become Ready come last in the percentiles of starts")
  func starts() {
    var burst = BurstResult()
    burst.places = 101
    burst.firstAsked = .zero
    burst.starts = (0...100).map { Int64($0) * 1_000_000_000 }
    burst.ready = burst.starts
    let all = BurstMeasures(burst)
    #expect(all.startP95 == 95 && all.startP50 == 50 && all.absorb == 100 && all.plateau == 1)
    burst.starts.removeLast(6)
    burst.ready.removeLast(6)
    let most = BurstMeasures(burst)
    #expect(most.startP95 == nil && most.startP50 == 50 && most.absorb == nil)
    #expect(most[.ready] == 95)
  }
}
