import Probability
import Statistics
import TestSupport
import Testing

@Suite("Laws fitted to durations seen in steps")
struct DurationFitTests {
  private let stream = RandomSource(seed: 11).stream("durations")

  /// Durations in steps of a law, the last tenth cut off at a limit.
  private func sample(_ law: Law, _ count: Int, step: Double, cutAt limit: Double = .infinity)
    -> [SteppedDuration]
  {
    (0..<count).map { index in
      let seconds = stream.draw(law, for: Subject("s").child(index).raw)
      return SteppedDuration(
        steps: max(1, Int((min(seconds, limit) / step).rounded())), isCut: seconds > limit)
    }
  }

  private func parameter(_ name: String, of fit: DurationFit) -> DurationFit.Parameter? {
    fit.parameters.first { $0.name == name }
  }

  @Test("A Weibull law comes back within three standard errors, though steps are coarse")
  func weibull() throws {
    let data = sample(.weibull(shape: 0.6, scale: 3600), 2000, step: 300)
    let fit = try #require(DurationFit(data, step: 300, family: .weibull))
    let shape = try #require(parameter("shape", of: fit))
    let scale = try #require(parameter("scale", of: fit))
    #expect(abs(shape.value - 0.6) < 3 * (shape.error ?? 0))
    #expect(abs(scale.value - 3600) < 3 * (scale.error ?? 0))
    // Of 2,000, a shape is known to 2 %: an error of a tenth would be seen.
    #expect(try #require(shape.error) < 0.02)
    #expect(try #require(fit.pValue) > 0.01)
    expectDetects("another shape") { #expect(abs(shape.value - 0.7) < 3 * (shape.error ?? 0)) }
  }

  @Test("The true family has the least criterion, and a wrong one is told by its fit")
  func families() throws {
    for law: Law in [
      .weibull(shape: 0.5, scale: 2000), .lognormal(median: 1500, sigma: 1.4),
      .gamma(shape: 3, scale: 500),
    ] {
      let fits = DurationFit.all(sample(law, 3000, step: 60), step: 60)
      #expect(fits.first?.family.rawValue == law.family)
      #expect(fits.count == 4)
      let memoryless = try #require(fits.first { $0.family == .exponential })
      #expect(try #require(memoryless.pValue) < 1e-6)
    }
  }

  @Test("Durations that were cut off aren't taken for short ones")
  func cut() throws {
    let data = sample(.exponential(mean: 5000), 3000, step: 60, cutAt: 5000)
    let fit = try #require(DurationFit(data, step: 60, family: .exponential))
    let mean = try #require(parameter("mean", of: fit))
    #expect(abs(mean.value - 5000) < 3 * (mean.error ?? 0))
    let blind = data.map { SteppedDuration(steps: $0.steps, isCut: false) }
    let wrong = try #require(DurationFit(blind, step: 60, family: .exponential))
    expectDetects("cut ones taken as whole") {
      #expect(abs(wrong.parameters[0].value - 5000) < 3 * (wrong.parameters[0].error ?? 0))
    }
  }

  @Test("There is no fit of fewer than two whole durations, nor of equal ones")
  func nothing() {
    let one = SteppedDuration(steps: 3, isCut: false)
    #expect(DurationFit([one], step: 1, family: .weibull) == nil)
    #expect(DurationFit([one, one], step: 1, family: .weibull) == nil)
    #expect(
      DurationFit(
        [one, SteppedDuration(steps: 5, isCut: true)], step: 1, family: .exponential) == nil)
  }
}
