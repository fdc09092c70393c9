import Probability
import Testing

@Suite struct LawTextTests {
  /// Seconds from a text such as `1.5s` or `20ms`.
  private func seconds(_ text: Substring) -> Double? {
    if text.hasSuffix("ms") { return Double(text.dropLast(2)).map { $0 / 1000 } }
    return text.hasSuffix("s") ? Double(text.dropLast()) : nil
  }

  @Test(arguments: [
    ("2s", Law.constant(2)),
    (" constant( 500ms ) ", .constant(0.5)),
    ("uniform(5s, 30s)", .uniform(low: 5, high: 30)),
    ("uniform(high: 30s, low: 5s)", .uniform(low: 5, high: 30)),
    ("uniform(30s, low: 5s)", .uniform(low: 5, high: 30)),
    ("exponential(20s)", .exponential(mean: 20)),
    ("exponential(mean: 20s)", .exponential(mean: 20)),
    ("erlang(shape: 3, mean: 2s)", .erlang(shape: 3, mean: 2)),
    ("gamma(shape: 2.5, scale: 4s)", .gamma(shape: 2.5, scale: 4)),
    ("gamma(mean: 10s, shape: 2.5)", .gamma(shape: 2.5, scale: 4)),
    ("weibull(0.7, 100s)", .weibull(shape: 0.7, scale: 100)),
    ("weibull(shape: 1, mean: 100s)", .weibull(shape: 1, scale: 100)),
    ("lognormal(median: 5s, sigma: 0.5)", .lognormal(median: 5, sigma: 0.5)),
    ("lognormal(mean: 5s, sigma: 0.5)", .lognormal(mean: 5, sigma: 0.5)),
    ("lognormal(mean: 5s, sd: 2s)", .lognormal(mean: 5, standardDeviation: 2)),
    ("pareto(shape: 1.5, scale: 2s)", .pareto(shape: 1.5, scale: 2)),
    ("boundedPareto(1.5, 1s, 1000s)", .boundedPareto(shape: 1.5, low: 1, high: 1000)),
    (
      "hyperexponential(0.9: 500ms, 0.1: 5.5s)",
      .hyperexponential(probabilities: [0.9, 0.1], means: [0.5, 5.5])
    ),
    ("empirical(3s, 1s, 2s)", .empirical(sample: [1, 2, 3])),
    ("empirical(3: 2s, 1: 1s)", .empirical(EmpiricalLaw(values: [1, 2], weights: [1, 3]))),
    (
      "quantiles(0: 1s, 0.5: 2s, 1: 9s)",
      .empirical(EmpiricalLaw(probabilities: [0, 0.5, 1], quantiles: [1, 2, 9]))
    ),
  ])
  func `a text is read as its law`(text: String, law: Law) throws {
    #expect(try Law.parse(text, value: seconds) == law)
  }

  @Test(arguments: LawTests.continuous + LawTests.discrete)
  func `a law's text is read back as the same law`(law: Law) throws {
    #expect(try Law.parse(law.formatted { "\($0)s" }, value: seconds) == law)
  }

  @Test func `texts are written with the unit of the field`() {
    #expect(Law.uniform(low: 5, high: 30).formatted { "\(Int($0))s" } == "uniform(5s, 30s)")
    #expect(
      Law.lognormal(median: 5, sigma: 0.5).formatted { "\(Int($0))s" }
        == "lognormal(median: 5s, sigma: 0.5)")
    #expect(
      Law.gamma(shape: 2, scale: 4).formatted { "\(Int($0))s" } == "gamma(shape: 2, scale: 4s)")
  }

  @Test(arguments: [
    ("", "constant", "value"), ("2", "constant", "value"), ("2h", "constant", "value"),
    ("normal(1s, 2s)", "normal", ""), ("uniform(1s, 2s", "uniform", ""),
    ("uniform(1s)", "uniform", "high"), ("uniform(1s, 2s, 3s)", "uniform", ""),
    ("uniform(low: 1s, low: 2s)", "uniform", "low"), ("uniform(mean: 1s)", "uniform", "mean"),
    ("exponential()", "exponential", "mean"), ("exponential(mean: 5)", "exponential", "mean"),
    ("exponential(5s,)", "exponential", ""),
    ("erlang(shape: 1.5, mean: 1s)", "erlang", "shape"),
    ("gamma(shape: 1s, scale: 1s)", "gamma", "shape"),
    ("gamma(shape: 0, mean: 1s)", "gamma", "shape"),
    ("lognormal(median: 5s)", "lognormal", "sigma"),
    ("lognormal(median: 5s, sigma: -1)", "lognormal", "sigma"),
    ("lognormal(mean: 0s, sd: 1s)", "lognormal", "mean"),
    ("lognormal(mean: 1s, sd: 0s)", "lognormal", "sd"),
    ("hyperexponential(1s, 2s)", "hyperexponential", "1s"),
    ("empirical(x: 1s)", "empirical", "number"), ("empirical()", "empirical", "values"),
  ])
  func `a text that is no law names what is wrong`(text: String, law: String, parameter: String) {
    let error = #expect(throws: LawError.self) { try Law.parse(text, value: seconds) }
    #expect(error?.law == law)
    #expect(error?.parameter == parameter)
  }

  static let invalid: [(Law, String)] = [
    (.constant(.nan), "value"), (.constant(.infinity), "value"),
    (.uniform(low: .nan, high: 1), "low"), (.uniform(low: 0, high: .infinity), "high"),
    (.uniform(low: 2, high: 2), "high"),
    (.exponential(mean: 0), "mean"), (.exponential(mean: -1), "mean"),
    (.exponential(mean: .nan), "mean"),
    (.erlang(shape: 0, mean: 1), "shape"), (.erlang(shape: 1, mean: 0), "mean"),
    (.gamma(shape: 0, scale: 1), "shape"), (.gamma(shape: 1, scale: -1), "scale"),
    (.weibull(shape: -1, scale: 1), "shape"), (.weibull(shape: 1, scale: .infinity), "scale"),
    (.lognormal(median: 0, sigma: 1), "median"), (.lognormal(median: 1, sigma: 0), "sigma"),
    (.lognormal(mean: -1, sigma: 1), "median"),
    (.pareto(shape: 0, scale: 1), "shape"), (.pareto(shape: 1, scale: 0), "scale"),
    (.boundedPareto(shape: 0, low: 1, high: 2), "shape"),
    (.boundedPareto(shape: 1, low: 0, high: 2), "low"),
    (.boundedPareto(shape: 1, low: 1, high: .infinity), "high"),
    (.boundedPareto(shape: 1, low: 2, high: 1), "high"),
    (.hyperexponential(probabilities: [], means: []), "probabilities"),
    (.hyperexponential(probabilities: [1], means: [1, 2]), "means"),
    (.hyperexponential(probabilities: [1.5, -0.5], means: [1, 2]), "probability 1"),
    (.hyperexponential(probabilities: [0.5, 0.4], means: [1, 2]), "probabilities"),
    (.hyperexponential(probabilities: [0.5, 0.5], means: [1, 0]), "mean 2"),
    (.empirical(sample: []), "values"), (.empirical(sample: [1, .infinity]), "value 2"),
    (.empirical(EmpiricalLaw(values: [1, 2], weights: [1, -1])), "weight 2"),
    (.empirical(EmpiricalLaw(values: [1, 2], weights: [0, 0])), "weights"),
    (.empirical(EmpiricalLaw(probabilities: [0], quantiles: [1])), "last probability"),
    (.empirical(EmpiricalLaw(probabilities: [0, 1], quantiles: [1])), "probabilities"),
    (.empirical(EmpiricalLaw(probabilities: [0.1, 1], quantiles: [1, 2])), "first probability"),
    (
      .empirical(EmpiricalLaw(probabilities: [0, 0.5, 0.4, 1], quantiles: [1, 2, 3, 4])),
      "probability 3"
    ),
    (.empirical(EmpiricalLaw(probabilities: [0, 0.5, 1], quantiles: [1, 3, 2])), "value 3"),
  ]

  @Test(arguments: invalid)
  func `a law that makes no sense names the parameter`(law: Law, parameter: String) {
    let error = #expect(throws: LawError.self) { try law.validate() }
    #expect(error?.parameter == parameter)
    #expect(error?.description.hasPrefix("\(law.family): \(parameter) ") == true)
  }
}
