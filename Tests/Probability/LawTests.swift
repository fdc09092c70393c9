import Probability
import Quantities
import Testing

@Suite struct LawTests {
  /// One law of every family and kind, each with variants a few per cent away in one parameter.
  static let families: [(law: Law, mutants: [Law])] = [
    (.uniform(low: 5, high: 30), [.uniform(low: 5.8, high: 30), .uniform(low: 5, high: 30.9)]),
    (.exponential(mean: 20), [.exponential(mean: 21)]),
    (
      .erlang(shape: 3, mean: 2),
      [.erlang(shape: 3, mean: 2.06), .gamma(shape: 3.3, scale: 2 / 3.3)]
    ),
    (
      .gamma(shape: 2.5, scale: 4),
      [.gamma(shape: 2.6, scale: 4), .gamma(shape: 2.5, scale: 4.16)]
    ),
    (.gamma(shape: 0.5, scale: 2), [.gamma(shape: 0.53, scale: 2)]),
    (
      .weibull(shape: 0.7, scale: 100),
      [.weibull(shape: 0.74, scale: 100), .weibull(shape: 0.7, scale: 107)]
    ),
    (
      .lognormal(median: 5, sigma: 0.5),
      [.lognormal(median: 5.2, sigma: 0.5), .lognormal(median: 5, sigma: 0.54)]
    ),
    (
      .pareto(shape: 4.5, scale: 2),
      [.pareto(shape: 4.7, scale: 2), .pareto(shape: 4.5, scale: 2.02)]
    ),
    (
      .boundedPareto(shape: 1.5, low: 1, high: 1000),
      [
        .boundedPareto(shape: 1.57, low: 1, high: 1000),
        .boundedPareto(shape: 1.5, low: 1.03, high: 1000),
      ]
    ),
    (
      .hyperexponential(probabilities: [0.9, 0.1], means: [0.5, 5.5]),
      [
        .hyperexponential(probabilities: [0.87, 0.13], means: [0.5, 5.5]),
        .hyperexponential(probabilities: [0.9, 0.1], means: [0.525, 5.5]),
      ]
    ),
    (
      .empirical(EmpiricalLaw(probabilities: [0, 0.5, 0.9, 1], quantiles: [1, 2, 8, 20])),
      [.empirical(EmpiricalLaw(probabilities: [0, 0.5, 0.87, 1], quantiles: [1, 2, 8, 20]))]
    ),
  ]
  static let continuous = families.map(\.law)
  static let discrete: [Law] = [
    .constant(3), .empirical(sample: [3, 1, 2, 2]),
    .empirical(EmpiricalLaw(values: [10, 20, 30, 40], weights: [1, 0, 5, 2])),
  ]

  @Test(arguments: continuous)
  func `the quantile inverts the distribution function`(law: Law) throws {
    try law.validate()
    var previous = law.support.lowerBound
    for p in [1e-6, 0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.999, 1 - 1e-6] {
      let x = law.quantile(p)
      #expect(x >= previous)
      #expect(abs(law.cdf(x) - p) < 1e-11)
      previous = x
    }
    #expect(law.quantile(0) == law.support.lowerBound)
    #expect(law.quantile(1) == law.support.upperBound)
    #expect(law.cdf(law.support.lowerBound - 1) == 0)
  }

  @Test(arguments: continuous)
  func `mean, variance and moments equal integrals over the quantiles`(law: Law) {
    // E[X^k] = ∫ Q(p)^k dp; p = 1 − e^(−y) stretches the upper end, where the tails need it.
    func integral(_ f: (Double) -> Double) -> Double {
      let (steps, end) = (6000, 36.0)
      let h = end / Double(steps)
      return (0..<steps).reduce(0.0) { sum, step in
        let y = (Double(step) + 0.5) * h
        let p = y < 1e-3 ? y - y * y / 2 + y * y * y / 6 : 1 - Self.decay(y)
        return sum + f(law.quantile(min(p, 1 - 0x1p-53))) * Self.decay(y) * h
      }
    }
    let mean = integral { $0 }
    #expect(abs(mean / law.mean - 1) < 1e-3)
    #expect(abs(integral { ($0 - law.mean) * ($0 - law.mean) } / law.variance - 1) < 1e-2)
    #expect(abs((law.moment(2) - law.mean * law.mean) / law.variance - 1) < 1e-9)
    #expect(abs(integral { $0 * $0 * $0 } / law.moment(3) - 1) < 3e-2)
  }

  /// e^(−y) from the law under test's own family would prove nothing; repeated squaring does.
  static func decay(_ y: Double) -> Double {
    let x = y / 1_048_576
    var value = 1 - x + x * x / 2 - x * x * x / 6
    for _ in 0..<20 { value *= value }
    return value
  }

  /// The Kolmogorov–Smirnov test of 60,000 draws, whose critical distance at 0.1 % is 0.0080. At
  /// the point where a mutant is 0.0128 away, the sample's own distribution function has a standard
  /// deviation of at most 0.0021: the power against each is above 99 %.
  @Test(arguments: families)
  func `draws follow the law and not one a few per cent away`(law: Law, mutants: [Law]) throws {
    let stream = RandomSource(seed: 41, replication: 1).stream("law tests")
    let draws = (0..<60_000).map { stream.draw(law, for: UInt64($0)) }.sorted()
    #expect(draws[0] >= law.support.lowerBound)
    #expect(Self.fit(draws, law) > 1e-3)
    for mutant in mutants {
      let separation = (1..<400).map { Double($0) / 400 }
        .map { abs($0 - mutant.cdf(law.quantile($0))) }.max()
      #expect(try #require(separation) > 0.0128, "\(mutant)")
      #expect(Self.fit(draws, mutant) < 1e-3, "\(mutant)")
    }
  }

  static func fit(_ sorted: [Double], _ law: Law) -> Double {
    let n = Double(sorted.count)
    var distance = 0.0
    for (index, draw) in sorted.enumerated() {
      let f = law.cdf(draw)
      distance = max(distance, f - Double(index) / n, Double(index + 1) / n - f)
    }
    return Distributions.kolmogorovTail(distance, sampleSize: sorted.count)
  }

  @Test func `draws from data follow its weights`() {
    let law = EmpiricalLaw(values: [40, 20, 30, 10], weights: [2, 0, 5, 1])
    let stream = RandomSource(seed: 42).stream("weights")
    var counts: [Double: Int] = [:]
    for subject in 0..<40_000 as Range<UInt64> {
      counts[stream.draw(.empirical(law), for: subject), default: 0] += 1
    }
    #expect(counts[20] == nil)
    func statistic(_ shares: [(Double, Double)]) -> Double {
      shares.reduce(0) { sum, share in
        let expected = share.1 * 40_000
        let excess = Double(counts[share.0] ?? 0) - expected
        return sum + excess * excess / expected
      }
    }
    let right = statistic([(10, 0.125), (30, 0.625), (40, 0.25)])
    #expect(Distributions.chiSquaredTail(right, degrees: 2) > 1e-3)
    let wrong = statistic([(10, 0.125), (30, 0.61), (40, 0.265)])
    #expect(Distributions.chiSquaredTail(wrong, degrees: 2) < 1e-3)
  }

  @Test func `laws of data have the sample's moments, steps and quantiles`() {
    let sample = Law.empirical(sample: [3, 1, 2, 2])
    #expect(sample.mean == 2 && sample.variance == 0.5 && sample.moment(2) == 4.5)
    #expect([0.5, 1, 2, 3].map(sample.cdf) == [0, 0.25, 0.75, 1])
    #expect([0, 0.25, 0.26, 0.75, 0.76, 1].map(sample.quantile) == [1, 1, 2, 2, 3, 3])
    let weighted = Law.empirical(EmpiricalLaw(values: [40, 20, 30, 10], weights: [2, 0, 5, 1]))
    #expect(weighted.mean == 30.0 - 1.25 + 1.25 && weighted.support == 10...40)
    #expect([0, 0.125, 0.13, 0.75, 0.76, 1].map(weighted.quantile) == [10, 10, 30, 30, 40, 40])
    let table = Law.empirical(EmpiricalLaw(probabilities: [0, 0.5, 1], quantiles: [0, 2, 10]))
    #expect(table.mean == 3.5 && table.cdf(1) == 0.25 && table.quantile(0.75) == 6)
  }

  @Test(arguments: continuous + discrete)
  func `a scaled law keeps its family and its shape`(law: Law) throws {
    let scaled = try law.scaled(toMean: 7.5)
    #expect(scaled.family == law.family)
    #expect(abs(scaled.mean - 7.5) < 1e-12)
    let factor = 7.5 / law.mean
    #expect(abs(scaled.variance - law.variance * factor * factor) <= 1e-9 * scaled.variance)
    #expect(abs(scaled.quantile(0.9) - law.quantile(0.9) * factor) < 1e-9 * scaled.quantile(0.9))
  }

  @Test func `only laws with a positive mean can be scaled to another one`() {
    #expect(throws: LawError.self) { try Law.pareto(shape: 1, scale: 2).scaled(toMean: 3) }
    #expect(throws: LawError.self) { try Law.uniform(low: -1, high: 1).scaled(toMean: 3) }
    #expect(throws: LawError.self) { try Law.exponential(mean: 1).scaled(toMean: 0) }
    #expect(throws: Never.self) { try Law.constant(0).scaled(toMean: 0) }
  }

  @Test func `lognormal laws can be given by mean, deviation or logarithm`() {
    let byMean = Law.lognormal(mean: 30, sigma: 0.7)
    #expect(abs(byMean.mean - 30) < 1e-12)
    let byDeviation = Law.lognormal(mean: 30, standardDeviation: 12)
    #expect(abs(byDeviation.mean - 30) < 1e-12 && abs(byDeviation.variance - 144) < 1e-9)
    #expect(abs(Law.lognormal(mu: 0.5, sigma: 1).quantile(0.5) - 1.648_721_270_700_128) < 1e-14)
  }

  @Test func `a heavy tail has no mean or variance`() {
    #expect(Law.pareto(shape: 1, scale: 2).mean == .infinity)
    #expect(Law.pareto(shape: 1.5, scale: 2).mean == 6)
    #expect(Law.pareto(shape: 1.5, scale: 2).variance == .infinity)
  }

  @Test func `a constant law draws its value`() {
    let stream = RandomSource(seed: 1).stream("any")
    #expect(stream.draw(.constant(0.25), for: 8) == 0.25)
    #expect(Law.constant(1).isConstant && !Law.exponential(mean: 1).isConstant)
    let law = Law.constant(3)
    #expect(law.mean == 3 && law.variance == 0 && law.moment(2) == 9)
    #expect(law.cdf(2.9) == 0 && law.cdf(3) == 1 && law.quantile(0.4) == 3)
  }

  /// Every build and every run gives the same spans: debug and release, today and later.
  @Test func `the luck of a seed is fixed to the nanosecond`() {
    let stream = RandomSource(seed: 2024, replication: 5).stream("pinned")
    let sums = Self.continuous.map { law in
      (0..<1000 as Range<UInt64>).reduce(0) {
        $0 &+ stream.drawSpan(law, for: $1, number: 1).nanoseconds
      }
    }
    let pinned: [Int64] = [
      17_647_691_779_229, 20_284_150_112_326, 2_048_485_351_768, 10_235_674_271_423,
      1_073_659_318_110, 128_221_220_282_464, 5_781_360_861_179, 2_575_687_819_675,
      2_755_201_129_845, 895_855_016_930, 4_242_777_376_252,
    ]
    #expect(sums == pinned)
  }
}
