import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A family of laws of durations with its parameters' logarithms, in steps.
struct DurationShape {
  let family: DurationFit.Family
  let first: Double
  let second: Double

  init(_ family: DurationFit.Family, _ logs: [Double]) {
    self.family = family
    first = exp(logs[0])
    second = logs.count > 1 ? exp(logs[1]) : 0
  }

  static func start(_ family: DurationFit.Family, mean: Double) -> [Double] {
    switch family {
    case .exponential: [log(mean)]
    case .weibull, .gamma: [0, log(mean)]
    case .lognormal: [log(mean) - 0.5, 0]
    }
  }

  /// P(X > x).
  func tail(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    switch family {
    case .exponential: return exp(-x / first)
    case .weibull: return exp(-pow(x / second, first))
    case .gamma: return SpecialFunctions.gammaQ(first, min(x / second, 1e4))
    case .lognormal: return Distributions.normalTail(log(x / first) / second)
    }
  }

  func law(step: Double) -> Law {
    switch family {
    case .exponential: .exponential(mean: first * step)
    case .weibull: .weibull(shape: first, scale: second * step)
    case .gamma: .gamma(shape: first, scale: second * step)
    case .lognormal: .lognormal(median: first * step, sigma: second)
    }
  }

  func named(step: Double) -> [(name: String, value: Double)] {
    switch family {
    case .exponential: [("mean", first * step)]
    case .weibull, .gamma: [("shape", first), ("scale", second * step)]
    case .lognormal: [("median", first * step), ("sigma", second)]
    }
  }

  /// Its mean.
  var mean: Double {
    switch family {
    case .exponential: first
    case .weibull: second * SpecialFunctions.gamma(1 + 1 / first)
    case .gamma: first * second
    case .lognormal: first * exp(second * second / 2)
    }
  }

  /// ∫₀ˣ P(X ≤ u) du, which is E max(0, x − X).
  func integral(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    switch family {
    case .exponential: return x + first * expm1(-x / first)
    case .weibull:
      let scaled = min(pow(x / second, first), 1e4)
      return x - mean * SpecialFunctions.gammaP(1 / first, scaled)
    case .gamma:
      let scaled = min(x / second, 1e4)
      return x * SpecialFunctions.gammaP(first, scaled)
        - mean * SpecialFunctions.gammaP(first + 1, scaled)
    case .lognormal:
      let standard = log(x / first) / second
      return x * Distributions.normalCDF(standard) - mean
        * Distributions.normalCDF(standard - second)
    }
  }
}
