import CGSL
import CRandom

extension Law {
  /// P(X ≤ x).
  public func cdf(_ x: Double) -> Double {
    switch self {
    case .constant(let value): return x >= value ? 1 : 0
    case .uniform(let low, let high): return min(max((x - low) / (high - low), 0), 1)
    case .exponential(let mean): return x > 0 ? -expm1(-x / mean) : 0
    case .erlang(let shape, let mean):
      return x > 0 ? gsl_cdf_gamma_P(x, Double(shape), mean / Double(shape)) : 0
    case .gamma(let shape, let scale): return x > 0 ? gsl_cdf_gamma_P(x, shape, scale) : 0
    case .weibull(let shape, let scale): return x > 0 ? -expm1(-pow(x / scale, shape)) : 0
    case .lognormal(let median, let sigma):
      return x > 0 ? gsl_cdf_ugaussian_P(log(x / median) / sigma) : 0
    case .pareto(let shape, let scale):
      return x > scale ? -expm1(shape * log(scale / x)) : 0
    case .boundedPareto(let shape, let low, let high):
      if x >= high { return 1 }
      return x > low ? expm1(shape * log(low / x)) / expm1(shape * log(low / high)) : 0
    case .hyperexponential(let probabilities, let means):
      guard x > 0 else { return 0 }
      return zip(probabilities, means).reduce(0) { $0 - $1.0 * expm1(-x / $1.1) }
    case .empirical(let law): return law.cdf(x)
    }
  }

  /// The smallest x with P(X ≤ x) ≥ p, for p in [0, 1]; p = 0 gives the support's lower end.
  public func quantile(_ p: Double) -> Double {
    if p <= 0 { return support.lowerBound }
    if p >= 1 { return support.upperBound }
    switch self {
    case .erlang(let shape, let mean):
      return Distributions.gammaQuantile(p, shape: Double(shape), scale: mean / Double(shape))
    case .gamma(let shape, let scale):
      return Distributions.gammaQuantile(p, shape: shape, scale: scale)
    case .lognormal(let median, let sigma): return median * exp(sigma * gsl_cdf_ugaussian_Pinv(p))
    case .hyperexponential(let probabilities, let means):
      let possible = zip(probabilities, means).filter { $0.0 > 0 }.map(\.1)
      let exponent = -log1p(-p)
      return Distributions.inverse(
        of: cdf, at: p, from: (possible.min() ?? 0) * exponent, to: (possible.max() ?? 0) * exponent
      )
    case .empirical(let law): return law.quantile(p)
    default: return inversion(at: p) { -log1p(-$0) }
    }
  }

  /// The quantile in closed form, for the families that have one: what a uniform number becomes.
  ///
  /// - Parameter exponent: −ln(1 − u), the exponential number that belongs to `u`.
  @inline(__always)
  func inversion(at u: Double, exponent: (Double) -> Double) -> Double {
    switch self {
    case .constant(let value): return value
    case .uniform(let low, let high): return low + (high - low) * u
    case .exponential(let mean): return mean * exponent(u)
    case .weibull(let shape, let scale): return scale * pow(exponent(u), 1 / shape)
    case .pareto(let shape, let scale): return scale * exp(exponent(u) / shape)
    case .boundedPareto(let shape, let low, let high):
      // Solves 1 − (low/x)^shape = u · (1 − (low/high)^shape).
      return low * exp(-log1p(u * expm1(shape * log(low / high))) / shape)
    case .erlang, .gamma, .lognormal, .hyperexponential, .empirical: return .nan
    }
  }
}

extension KeyedStream {
  /// A draw from a law that isn't constant.
  ///
  /// By inversion wherever the quantile is cheap, so that the draw grows with its uniform number
  /// and two variants of a law stay in step; else by GSL's rejection methods over this generator.
  @usableFromInline
  func drawVariate(_ law: borrowing Law, _ subject: UInt64, _ number: UInt32) -> Double {
    switch law {
    case .lognormal(let median, let sigma):
      return median * exp(sigma * gaussian(for: subject, number: number))
    case .erlang(let shape, let mean):
      return crandom_gamma(key, subject, number, Double(shape)) * (mean / Double(shape))
    case .gamma(let shape, let scale): return crandom_gamma(key, subject, number, shape) * scale
    case .hyperexponential(let probabilities, let means):
      var (choice, u) = uniformPair(for: subject, number: number)
      var index = 0
      while index < means.count - 1, choice >= probabilities[index] {
        choice -= probabilities[index]
        index += 1
      }
      return means[index] * Self.exponent(u)
    case .empirical(let data): return data.value(at: uniform(for: subject, number: number))
    default:
      return law.inversion(
        at: uniform(for: subject, number: number), exponent: Self.exponent)
    }
  }

  /// −ln(1 − u); the difference is exact, because u is a multiple of 2⁻⁵³.
  @inline(__always)
  public static func exponent(_ u: Double) -> Double { -log(1 - u) }
}
