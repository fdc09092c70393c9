import CGSL

extension Law {
  /// The expected value; infinite where it doesn't exist (Pareto with a shape up to 1).
  public var mean: Double { moment(1) }

  /// The variance; infinite where it doesn't exist (Pareto with a shape up to 2).
  public var variance: Double {
    switch self {
    case .constant: 0
    case .uniform(let low, let high): (high - low) * (high - low) / 12
    case .exponential(let mean): mean * mean
    case .erlang(let shape, let mean): mean * mean / Double(shape)
    case .gamma(let shape, let scale): shape * scale * scale
    case .lognormal(let median, let sigma):
      median * median * exp(sigma * sigma) * expm1(sigma * sigma)
    case .pareto(let shape, let scale):
      shape > 2 ? scale * scale * shape / ((shape - 1) * (shape - 1) * (shape - 2)) : .infinity
    case .empirical(let law): law.moment(2, about: law.moment(1))
    case .weibull, .boundedPareto, .hyperexponential: moment(2) - mean * mean
    }
  }

  /// The expected value of the k-th power, k ≥ 1.
  ///
  /// Source of the formulas: Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions*,
  /// 2nd ed.; bounded Pareto by integrating its density.
  public func moment(_ k: Int) -> Double {
    let order = Double(k)
    switch self {
    case .constant(let value): return pow(value, order)
    case .uniform(let low, let high):
      // (high^(k+1) − low^(k+1)) / ((k+1)(high − low)), divided out.
      return (0...k).reduce(0) { $0 + pow(low, Double($1)) * pow(high, Double(k - $1)) }
        / (order + 1)
    case .exponential(let mean): return pow(mean, order) * gsl_sf_gamma(order + 1)
    case .erlang(let shape, let mean):
      return Law.gamma(shape: Double(shape), scale: mean / Double(shape)).moment(k)
    case .gamma(let shape, let scale):
      return pow(scale, order) * (0..<k).reduce(1) { $0 * (shape + Double($1)) }
    case .weibull(let shape, let scale):
      return pow(scale, order) * gsl_sf_gamma(1 + order / shape)
    case .lognormal(let median, let sigma):
      return pow(median, order) * exp(order * order * sigma * sigma / 2)
    case .pareto(let shape, let scale):
      return shape > order ? shape * pow(scale, order) / (shape - order) : .infinity
    case .boundedPareto(let shape, let low, let high):
      let width = log(high / low)
      let excess = order - shape
      let growth = excess == 0 ? width : expm1(excess * width) / excess
      return shape * pow(low, order) * growth / -expm1(-shape * width)
    case .hyperexponential(let probabilities, let means):
      return zip(probabilities, means).reduce(0) { $0 + $1.0 * pow($1.1, order) }
        * gsl_sf_gamma(order + 1)
    case .empirical(let law): return law.moment(k)
    }
  }

  /// The law of `factor` times this law's number; the factor is positive.
  public func scaled(by factor: Double) -> Law {
    switch self {
    case .constant(let value): .constant(value * factor)
    case .uniform(let low, let high): .uniform(low: low * factor, high: high * factor)
    case .exponential(let mean): .exponential(mean: mean * factor)
    case .erlang(let shape, let mean): .erlang(shape: shape, mean: mean * factor)
    case .gamma(let shape, let scale): .gamma(shape: shape, scale: scale * factor)
    case .weibull(let shape, let scale): .weibull(shape: shape, scale: scale * factor)
    case .lognormal(let median, let sigma): .lognormal(median: median * factor, sigma: sigma)
    case .pareto(let shape, let scale): .pareto(shape: shape, scale: scale * factor)
    case .boundedPareto(let shape, let low, let high):
      .boundedPareto(shape: shape, low: low * factor, high: high * factor)
    case .hyperexponential(let probabilities, let means):
      .hyperexponential(probabilities: probabilities, means: means.map { $0 * factor })
    case .empirical(let law): .empirical(law.scaled(by: factor))
    }
  }

  /// The law of the same family and shape that has another mean.
  ///
  /// - Throws: ``LawError`` if this law has no positive finite mean (a constant may have any), or
  ///   the new mean isn't a positive number.
  public func scaled(toMean newMean: Double) throws(LawError) -> Law {
    if case .constant = self, newMean.isFinite { return .constant(newMean) }
    let mean = mean
    guard mean > 0, mean.isFinite else {
      throw LawError(law: family, parameter: "mean", problem: "is \(mean), so it can't be scaled")
    }
    guard newMean > 0, newMean.isFinite else {
      throw LawError(law: family, parameter: "mean", problem: "must be positive, not \(newMean)")
    }
    return scaled(by: newMean / mean)
  }
}
