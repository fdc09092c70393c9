import CGSL

/// Functions of mathematical physics that closed forms need, by GSL.
///
/// Arguments outside a function's domain give NaN.
public enum SpecialFunctions {
  /// The principal branch W₀ of Lambert's function: w e^w = x, w ≥ −1, for x ≥ −1/e.
  public static func lambertW(_ x: Double) -> Double {
    // GSL answers −1 below the domain.
    x * exp(1) < -1 - 1e-15 ? .nan : gsl_sf_lambert_W0(x)
  }

  /// Γ(x).
  public static func gamma(_ x: Double) -> Double { gsl_sf_gamma(x) }

  /// ln Γ(x), x > 0.
  public static func logGamma(_ x: Double) -> Double {
    // GSL answers 0 at the poles.
    x > 0 ? gsl_sf_lngamma(x) : .nan
  }

  /// The regularised incomplete gamma function P(a, x).
  public static func gammaP(_ a: Double, _ x: Double) -> Double { gsl_sf_gamma_inc_P(a, x) }

  /// The regularised incomplete gamma function Q(a, x) = 1 − P(a, x).
  public static func gammaQ(_ a: Double, _ x: Double) -> Double { gsl_sf_gamma_inc_Q(a, x) }

  /// The exponential integral E₁(x) = ∫ from x of e^(−t)/t, x > 0.
  public static func exponentialIntegral(_ x: Double) -> Double { gsl_sf_expint_E1(x) }

  /// The digamma function ψ(x), the derivative of ln Γ(x), x > 0.
  public static func digamma(_ x: Double) -> Double { x > 0 ? gsl_sf_psi(x) : .nan }
}
