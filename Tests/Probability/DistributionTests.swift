import Probability
import Testing

@Suite struct DistributionTests {
  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }

  /// Percentage points as printed in tables (Abramowitz and Stegun, chapter 26), to more digits.
  @Test func `quantiles equal the tables`() {
    #expect(near(Distributions.normalQuantile(0.975), 1.959_963_984_540_054))
    #expect(near(Distributions.studentQuantile(0.975, degrees: 10), 2.228_138_851_964_938_5, 1e-11))
    #expect(near(Distributions.chiSquaredQuantile(0.95, degrees: 10), 18.307_038_053_275_146))
    #expect(near(Distributions.fisherQuantile(0.95, 5, 10), 3.325_834_530_413_011, 1e-11))
    // Clopper–Pearson for 59 successes of 59: 0.05^(1/59).
    #expect(near(Distributions.betaQuantile(0.05, 59, 1), 0.950_492_390_111_773_1, 1e-11))
  }

  @Test(arguments: [0.001, 0.025, 0.5, 0.9, 0.999])
  func `quantiles invert distribution functions`(p: Double) {
    #expect(near(Distributions.normalCDF(Distributions.normalQuantile(p)), p))
    #expect(
      near(Distributions.studentCDF(Distributions.studentQuantile(p, degrees: 4), degrees: 4), p))
    let chi = Distributions.chiSquaredQuantile(p, degrees: 3)
    #expect(near(Distributions.chiSquaredCDF(chi, degrees: 3), p))
    #expect(near(1 - Distributions.chiSquaredTail(chi, degrees: 3), p))
    #expect(near(Distributions.fisherCDF(Distributions.fisherQuantile(p, 3, 7), 3, 7), p, 1e-9))
    #expect(near(Distributions.betaCDF(Distributions.betaQuantile(p, 2, 5), 2, 5), p))
    let gamma = Distributions.gammaQuantile(p, shape: 0.3, scale: 2)
    #expect(near(Distributions.gammaCDF(gamma, shape: 0.3, scale: 2), p, 1e-9))
  }

  @Test func `discrete distribution functions equal their sums`() {
    #expect(near(Distributions.poissonCDF(2, mean: 1.5), 0.808_846_830_538_190_6))
    #expect(Distributions.poissonCDF(-1, mean: 1.5) == 0)
    #expect(near(Distributions.binomialCDF(1, trials: 4, probability: 0.25), 0.738_281_25))
    #expect(Distributions.binomialCDF(4, trials: 4, probability: 0.25) == 1)
    #expect(Distributions.binomialCDF(-1, trials: 4, probability: 0.25) == 0)
  }

  @Test func `the Kolmogorov tail equals the table for large samples`() {
    #expect(abs(Distributions.kolmogorovTail(1.358_1 / 1000, sampleSize: 1_000_000) - 0.05) < 1e-4)
    #expect(abs(Distributions.kolmogorovTail(1.949_5 / 1000, sampleSize: 1_000_000) - 0.001) < 1e-5)
    #expect(Distributions.kolmogorovTail(0, sampleSize: 10) == 1)
  }

  @Test func `special functions have their known values`() {
    #expect(near(SpecialFunctions.lambertW(1), 0.567_143_290_409_783_8))
    #expect(near(SpecialFunctions.gamma(0.5), 1.772_453_850_905_516))
    #expect(near(SpecialFunctions.logGamma(10), 12.801_827_480_081_469))
    #expect(near(SpecialFunctions.gammaP(1, 2), 0.864_664_716_763_387_3))
    #expect(near(SpecialFunctions.gammaQ(1, 2), 0.135_335_283_236_612_7))
    #expect(near(SpecialFunctions.exponentialIntegral(1), 0.219_383_934_395_520_27))
  }

  @Test func `arguments outside the domain give NaN and don't end the process`() {
    #expect(SpecialFunctions.logGamma(-1).isNaN)
    #expect(SpecialFunctions.lambertW(-1).isNaN)
    #expect(Distributions.gammaCDF(1, shape: -1, scale: 1).isNaN)
  }
}
