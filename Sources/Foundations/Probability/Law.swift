import CGSL

/// A probability law of a single number, in the unit that the field holding it says.
///
/// Families and parameters are those of Law and Kelton, *Simulation Modeling and Analysis*,
/// 5th ed., section 6.2. A value may be built with any parameters; ``validate()`` says whether
/// they make sense, and the other members expect that they do.
public enum Law: Hashable, Sendable {
  /// Always the same value.
  case constant(Double)
  /// Every value of an interval alike.
  case uniform(low: Double, high: Double)
  /// Memoryless, of a given mean.
  case exponential(mean: Double)
  /// The sum of `shape` exponentials; `mean` is that of the whole.
  case erlang(shape: Int, mean: Double)
  /// Gamma: mean `shape · scale`.
  case gamma(shape: Double, scale: Double)
  /// Weibull: P(X > x) = exp(−(x / scale)^shape); a shape below 1 has a decreasing hazard.
  case weibull(shape: Double, scale: Double)
  /// The exponential of a normal number with standard deviation `sigma`, times `median`.
  case lognormal(median: Double, sigma: Double)
  /// Pareto: P(X > x) = (scale / x)^shape from `scale` on; no mean for a shape up to 1.
  case pareto(shape: Double, scale: Double)
  /// Pareto from `low` on, conditioned to lie below `high`.
  case boundedPareto(shape: Double, low: Double, high: Double)
  /// An exponential whose mean is `means[i]` with probability `probabilities[i]`.
  case hyperexponential(probabilities: [Double], means: [Double])
  /// A law given by data.
  case empirical(EmpiricalLaw)

  /// The lognormal law whose logarithm has mean `mu` and standard deviation `sigma`.
  public static func lognormal(mu: Double, sigma: Double) -> Law {
    .lognormal(median: exp(mu), sigma: sigma)
  }

  /// The lognormal law of a given mean; `sigma` is the standard deviation of its logarithm.
  ///
  /// From mean = median · exp(σ² / 2).
  public static func lognormal(mean: Double, sigma: Double) -> Law {
    .lognormal(median: mean * exp(-sigma * sigma / 2), sigma: sigma)
  }

  /// The lognormal law of a given mean and standard deviation.
  ///
  /// From σ² = ln(1 + (standard deviation / mean)²).
  public static func lognormal(mean: Double, standardDeviation: Double) -> Law {
    let ratio = standardDeviation / mean
    return .lognormal(mean: mean, sigma: log1p(ratio * ratio).squareRoot())
  }

  /// The empirical law of a sample, each value alike.
  public static func empirical(sample: [Double]) -> Law { .empirical(EmpiricalLaw(sample: sample)) }

  /// Whether every draw gives the same value.
  @inlinable public var isConstant: Bool {
    if case .constant = self { return true }
    return false
  }

  /// The smallest and the largest value that can occur; the latter may be infinite.
  public var support: ClosedRange<Double> {
    switch self {
    case .constant(let value): value...value
    case .uniform(let low, let high): low...high
    case .exponential, .erlang, .gamma, .weibull, .lognormal, .hyperexponential: 0...(.infinity)
    case .pareto(_, let scale): scale...(.infinity)
    case .boundedPareto(_, let low, let high): low...high
    case .empirical(let law): law.support
    }
  }

  /// The family's name, as texts spell it.
  public var family: String {
    switch self {
    case .constant: "constant"
    case .uniform: "uniform"
    case .exponential: "exponential"
    case .erlang: "erlang"
    case .gamma: "gamma"
    case .weibull: "weibull"
    case .lognormal: "lognormal"
    case .pareto: "pareto"
    case .boundedPareto: "boundedPareto"
    case .hyperexponential: "hyperexponential"
    case .empirical(let law): law.isInterpolated ? "quantiles" : "empirical"
    }
  }
}
