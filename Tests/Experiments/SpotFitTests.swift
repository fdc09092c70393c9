import Experiments
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing

@Suite("Spot markets fitted to records")
struct SpotFitTests {
  private let up = Law.weibull(shape: 0.6, scale: 3 * 3600)
  private let down = Law.weibull(shape: 0.8, scale: 3600)

  /// 40 days every five minutes.
  private func market(_ number: Int) -> AvailabilityHistory {
    let like = AvailabilityHistory(
      step: .minutes(5), isUp: [Bool](repeating: true, count: 40 * 288))
    return SpotFit.trace(up, down, like: like, luck: RandomSource(seed: 3), number: number)
  }

  @Test("A generated history returns its parameters, and its fit brackets it")
  func returns() throws {
    let fit = SpotFit(market(1), seed: 5)
    for (fits, law) in [(fit.up, up), (fit.down, down)] {
      let weibull = try #require(fits.first { $0.family == .weibull })
      guard case .weibull(let shape, let scale) = law else { return }
      #expect(abs(weibull.parameters[0].value - shape) < 3.5 * (weibull.parameters[0].error ?? 0))
      #expect(abs(weibull.parameters[1].value - scale) < 3.5 * (weibull.parameters[1].error ?? 0))
    }
    #expect(fit.brackets.map(\.name) == ["availability", "mean up", "mean down"])
    #expect(fit.brackets.allSatisfy { $0.holds })
    #expect(fit.figures.availability > 0.6 && fit.figures.availability < 0.95)
  }

  @Test("What the laws don't bring about is outside of what they cover")
  func mutant() throws {
    let fit = SpotFit(market(2), seed: 5)
    let other = SpotFit(
      AvailabilityHistory(step: .minutes(5), isUp: market(2).isUp.map { !$0 }), seed: 5)
    expectDetects("the market turned over") {
      #expect(
        zip(fit.brackets, other.brackets).allSatisfy {
          $0.low <= $1.observed && $1.observed <= $0.high
        })
    }
  }

  @Test("Without stretches there is nothing to choose")
  func always() {
    let fit = SpotFit(
      AvailabilityHistory(step: .minutes(5), isUp: [Bool](repeating: true, count: 100)), seed: 1)
    #expect(fit.chosen == nil && fit.brackets.isEmpty && fit.figures.availability == 1)
  }

  @Test("A price that reverts to its mean returns its correlation")
  func price() throws {
    let stream = RandomSource(seed: 9).stream("price")
    var deviation = 0.0
    let changes = (0..<4000).map { index in
      deviation = 0.8 * deviation + 0.6 * 0.3 * stream.gaussian(for: 1, number: UInt32(index))
      return PriceHistory.Change(
        at: .hours(index), price: 0.1 * power(2.718281828459045, deviation))
    }
    let fit = try #require(PriceFit(PriceHistory(changes: changes), step: .hours(1)))
    #expect(abs(fit.correlation - 0.8) < 3.5 * fit.correlationError)
    #expect(abs(fit.sigma - 0.3) < 0.03)
    #expect(abs(fit.median - 0.1) < 0.01)
    #expect(PriceFit(PriceHistory(changes: Array(changes.prefix(2))), step: .hours(1)) == nil)
  }
}
