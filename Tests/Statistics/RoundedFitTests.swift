import Probability
import Statistics
import TestSupport
import Testing

@Suite("Laws fitted between timestamps of whole seconds")
struct RoundedFitTests {
  private let stream = RandomSource(seed: 21).stream("rounded")

  /// Things that come at a rate and go after a stay; those that are there at an instant, with both of
  /// a stage's timestamps rounded down.
  private func met(_ law: Law, stay: Law, count: Int) -> [RoundedDuration] {
    let now = 100_000.25
    var seen: [RoundedDuration] = []
    var clock = now - 1000
    var number: UInt32 = 0
    while clock < now {
      number += 1
      clock += stream.draw(
        .exponential(mean: 1000 / Double(count)), for: 1, number: number)
      let ended = clock + stream.draw(law, for: 2, number: number)
      let gone = ended + stream.draw(stay, for: 3, number: number)
      guard clock < now, gone > now else { continue }
      let isOver = ended <= now
      let last = isOver ? ended : now
      seen.append(
        RoundedDuration(
          seconds: Int(last.rounded(.down)) - Int(clock.rounded(.down)),
          sight: isOver ? .over : .met))
    }
    return seen
  }

  private func whole(_ law: Law, _ count: Int) -> [RoundedDuration] {
    (0..<UInt32(count)).map { number in
      let begun = 1000 * stream.uniform(for: 4, number: number)
      let ended = begun + stream.draw(law, for: 5, number: number)
      return RoundedDuration(
        seconds: Int(ended.rounded(.down)) - Int(begun.rounded(.down)), sight: .over)
    }
  }

  private func isNear(_ fit: RoundedFit, _ values: [Double], errors: Double = 3) -> Bool {
    zip(fit.parameters, values).allSatisfy {
      abs($0.value - $1) < errors * ($0.error ?? 0)
    }
  }

  @Test("Parameters come back within three standard errors, though steps are as long as the means")
  func whole() throws {
    let cases: [(Law, DurationFit.Family, [Double])] = [
      (.exponential(mean: 1.2), .exponential, [1.2]),
      (.weibull(shape: 1.8, scale: 2.5), .weibull, [1.8, 2.5]),
      (.gamma(shape: 3, scale: 0.8), .gamma, [3, 0.8]),
      (.lognormal(median: 2, sigma: 0.6), .lognormal, [2, 0.6]),
    ]
    for (law, family, values) in cases {
      let data = whole(law, 4000)
      let fit = try #require(RoundedFit(data, family: family))
      #expect(isNear(fit, values), "\(law): \(fit.parameters)")
      // Of 4,000 every parameter is known to 6 %: an error of a fifth would be seen.
      #expect(fit.parameters.allSatisfy { ($0.error ?? 1) < 0.06 * $0.value })
      let doubled = try #require(
        RoundedFit(
          data.map { RoundedDuration(seconds: $0.seconds + 1, sight: .over) }, family: family))
      expectDetects("a second too much") { #expect(isNear(doubled, values)) }
    }
  }

  @Test("What is met under way because it takes long isn't taken for the usual")
  func bias() throws {
    // They stay half as long again as the stage takes: of five that are there two are in it.
    let data = met(.gamma(shape: 2, scale: 20), stay: .exponential(mean: 60), count: 20_000)
    let underWay = data.count { $0.sight == .met }
    #expect(Double(underWay) / Double(data.count) > 0.3)
    let fit = try #require(RoundedFit(data, family: .gamma))
    #expect(isNear(fit, [2, 20]), "\(fit.parameters)")
    let plain = data.map {
      RoundedDuration(seconds: $0.seconds, sight: $0.sight == .met ? .underWay : .over)
    }
    let wrong = try #require(RoundedFit(plain, family: .gamma))
    expectDetects("sampling by length left out") { #expect(isNear(wrong, [2, 20])) }
  }

  @Test("The best family is the true one, and its quantiles are those seen")
  func quantiles() throws {
    let fits = RoundedFit.all(whole(.lognormal(median: 8, sigma: 0.8), 3000))
    #expect(fits.count == 4 && fits[0].family == .lognormal)
    for quantile in fits[0].quantiles where quantile.level < 0.95 {
      #expect(abs(quantile.predicted - quantile.observed) <= 1)
    }
    #expect(
      RoundedFit(
        whole(.constant(3.0), 5).map { _ in RoundedDuration(seconds: 3, sight: .over) },
        family: .gamma) == nil)
  }
}
