import CGSL

/// Distribution functions and quantiles of statistics, by GSL.
///
/// Arguments outside a function's domain give NaN.
public enum Distributions {
  /// P(Z ≤ x) of the standard normal.
  public static func normalCDF(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }
  /// The quantile of the standard normal.
  public static func normalQuantile(_ p: Double) -> Double { gsl_cdf_ugaussian_Pinv(p) }

  /// P(T ≤ x) of Student's t.
  public static func studentCDF(_ x: Double, degrees: Double) -> Double {
    gsl_cdf_tdist_P(x, degrees)
  }
  /// The quantile of Student's t.
  public static func studentQuantile(_ p: Double, degrees: Double) -> Double {
    gsl_cdf_tdist_Pinv(p, degrees)
  }

  /// P(X ≤ x) of chi-squared.
  public static func chiSquaredCDF(_ x: Double, degrees: Double) -> Double {
    gsl_cdf_chisq_P(x, degrees)
  }
  /// P(X > x) of chi-squared, exact also where it is tiny.
  public static func chiSquaredTail(_ x: Double, degrees: Double) -> Double {
    gsl_cdf_chisq_Q(x, degrees)
  }
  /// The quantile of chi-squared.
  public static func chiSquaredQuantile(_ p: Double, degrees: Double) -> Double {
    gammaQuantile(p, shape: degrees / 2, scale: 2)
  }

  /// P(X ≤ x) of Fisher's F.
  public static func fisherCDF(_ x: Double, _ numerator: Double, _ denominator: Double) -> Double {
    gsl_cdf_fdist_P(x, numerator, denominator)
  }
  /// The quantile of Fisher's F.
  public static func fisherQuantile(
    _ p: Double, _ numerator: Double, _ denominator: Double
  ) -> Double {
    gsl_cdf_fdist_Pinv(p, numerator, denominator)
  }

  /// P(X ≤ x) of the beta law.
  public static func betaCDF(_ x: Double, _ a: Double, _ b: Double) -> Double {
    gsl_cdf_beta_P(x, a, b)
  }
  /// The quantile of the beta law, by bisection on its distribution function.
  public static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    if p <= 0 { return 0 }
    if p >= 1 { return 1 }
    return inverse(of: { gsl_cdf_beta_P($0, a, b) }, at: p, from: 0, to: 1)
  }

  /// P(X ≤ x) of the gamma law.
  public static func gammaCDF(_ x: Double, shape: Double, scale: Double) -> Double {
    gsl_cdf_gamma_P(x, shape, scale)
  }
  /// The quantile of the gamma law.
  public static func gammaQuantile(_ p: Double, shape: Double, scale: Double) -> Double {
    let quantile = gsl_cdf_gamma_Pinv(p, shape, scale)
    if !quantile.isNaN { return quantile }
    // GSL's iteration gives up on some extreme arguments.
    var high = max(shape, 1)
    while gsl_cdf_gamma_P(high, shape, 1) < p { high *= 2 }
    return scale * inverse(of: { gsl_cdf_gamma_P($0, shape, 1) }, at: p, from: 0, to: high)
  }

  /// P(N ≤ n) of the Poisson law.
  public static func poissonCDF(_ n: Int, mean: Double) -> Double {
    n < 0 ? 0 : gsl_cdf_poisson_P(UInt32(clamping: n), mean)
  }

  /// P(N ≤ successes) of the binomial law.
  public static func binomialCDF(_ successes: Int, trials: Int, probability: Double) -> Double {
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    return gsl_cdf_binomial_P(UInt32(successes), probability, UInt32(trials))
  }

  /// The smallest number of successes whose distribution function reaches p, 0 < p < 1.
  public static func binomialQuantile(_ p: Double, trials: Int, probability: Double) -> Int {
    var (below, reaches) = (-1, trials)
    while reaches - below > 1 {
      let middle = below + (reaches - below) / 2
      if binomialCDF(middle, trials: trials, probability: probability) >= p {
        reaches = middle
      } else {
        below = middle
      }
    }
    return reaches
  }

  /// P(X > x) of Fisher's F, exact also where it is tiny.
  public static func fisherTail(
    _ x: Double, _ numerator: Double, _ denominator: Double
  ) -> Double {
    gsl_cdf_fdist_Q(x, numerator, denominator)
  }

  /// P(T > x) of Student's t, exact also where it is tiny.
  public static func studentTail(_ x: Double, degrees: Double) -> Double {
    gsl_cdf_tdist_Q(x, degrees)
  }

  /// P(Z > x) of the standard normal, exact also where it is tiny.
  public static func normalTail(_ x: Double) -> Double { gsl_cdf_ugaussian_Q(x) }

  /// P(D > d) for the Kolmogorov–Smirnov statistic of a sample, by its limit law with Stephens'
  /// correction for the sample size.
  ///
  /// Source: M. A. Stephens, JASA 69 (1974); the limit law is Kolmogorov's series.
  public static func kolmogorovTail(_ d: Double, sampleSize: Int) -> Double {
    let root = Double(sampleSize).squareRoot()
    let x = d * (root + 0.12 + 0.11 / root)
    if x < 0.2 { return 1 }
    var sum = 0.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * x * x)
      sum += k % 2 == 1 ? term : -term
      if term < 1e-17 { break }
    }
    return min(max(2 * sum, 0), 1)
  }

  /// The smallest x with cdf(x) ≥ p in an interval, by bisection down to neighbouring numbers.
  static func inverse(
    of cdf: (Double) -> Double, at p: Double, from low: Double, to high: Double
  ) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<1100 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if cdf(middle) >= p { high = middle } else { low = middle }
    }
    return high
  }
}
