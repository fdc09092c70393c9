import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The parameters under which a positive sample is likeliest, per family of laws.
public enum MaximumLikelihood {
  /// Parameters found, and the logarithm of the likelihood there.
  public struct Fit: Hashable, BitwiseCopyable, Sendable {
    /// The shape; for the lognormal μ, for the exponential the mean.
    public let first: Double
    /// The scale; for the lognormal σ, for the exponential the mean again.
    public let second: Double
    /// The logarithm of the likelihood.
    public let logLikelihood: Double
  }

  /// Weibull's law; nil unless there are two different observations, all above zero.
  public static func weibull(_ data: [Double]) -> Fit? {
    guard let logs = logarithms(data) else { return nil }
    let largest = logs.max() ?? 0
    let meanLog = Tally(logs).mean ?? 0
    // Powers relative to the largest observation don't overflow.
    func slope(_ shape: Double) -> Double {
      var (weighted, total) = (0.0, 0.0)
      for value in logs {
        let weight = exp(shape * (value - largest))
        weighted += weight * value
        total += weight
      }
      return weighted / total - 1 / shape - meanLog
    }
    let shape = root(of: slope)
    let n = Double(data.count)
    let mean = logs.reduce(0) { $0 + exp(shape * ($1 - largest)) } / n
    let logScale = largest + log(mean) / shape
    let perObservation: Double = log(shape) - shape * logScale + (shape - 1) * meanLog - 1
    let likelihood = n * perObservation
    return Fit(first: shape, second: exp(logScale), logLikelihood: likelihood)
  }

  /// The gamma law; nil as for ``weibull(_:)``.
  public static func gamma(_ data: [Double]) -> Fit? {
    guard let logs = logarithms(data), let mean = Tally(data).mean else { return nil }
    let meanLog = Tally(logs).mean ?? 0
    let gap = log(mean) - meanLog
    let shape = root { gap - (log($0) - SpecialFunctions.digamma($0)) }
    let scale = mean / shape
    let n = Double(data.count)
    let perObservation: Double = (shape - 1) * meanLog - shape - shape * log(scale)
    let likelihood = n * (perObservation - SpecialFunctions.logGamma(shape))
    return Fit(first: shape, second: scale, logLikelihood: likelihood)
  }

  /// The lognormal law; nil as for ``weibull(_:)``.
  public static func lognormal(_ data: [Double]) -> Fit? {
    guard let logs = logarithms(data), let mu = Tally(logs).mean,
      let variance = Tally(logs).variance
    else { return nil }
    let n = Double(data.count)
    let sigma = (variance * (n - 1) / n).squareRoot()
    let perObservation: Double = -mu - log(sigma) - log(2 * Double.pi) / 2 - 0.5
    let likelihood = n * perObservation
    return Fit(first: mu, second: sigma, logLikelihood: likelihood)
  }

  /// The exponential law; nil as for ``weibull(_:)``.
  public static func exponential(_ data: [Double]) -> Fit? {
    guard logarithms(data) != nil, let mean = Tally(data).mean else { return nil }
    let likelihood = -Double(data.count) * (log(mean) + 1)
    return Fit(first: mean, second: mean, logLikelihood: likelihood)
  }

  private static func logarithms(_ data: [Double]) -> [Double]? {
    guard let least = data.min(), let most = data.max(), least > 0, least < most else {
      return nil
    }
    return data.map { log($0) }
  }

  /// The root of a function that rises from below zero to above, over the positive numbers.
  private static func root(of rising: (Double) -> Double) -> Double {
    var (low, high) = (1.0, 1.0)
    while rising(low) > 0, low > 1e-12 { low /= 2 }
    while rising(high) < 0, high < 1e12 { high *= 2 }
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if rising(middle) < 0 { low = middle } else { high = middle }
    }
    return high
  }
}
