import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// GI/M/1: independent gaps between arrivals, one exponential server.
///
/// An arrival finds a geometric number with parameter σ = A*(μ(1 − σ)), A* the gaps' Laplace
/// transform: Kleinrock, *Queueing Systems* 1, section 6.4.
struct GeneralArrivals: ClosedForm {
  private let gap: Law
  private let service: Double
  /// 1 − σ, kept instead of σ so that it stays exact near saturation.
  private let idle: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    gap = try parameters.law("interarrival")
    service = try parameters.positive("service_rate")
    guard gap.mean > 0 else { throw .parameter("interarrival", problem: "must not be zero") }
    try Stability.require(1 / (gap.mean * service))
    var (low, high) = (0.0, 1.0)
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      // 1 − A*(μd) starts steeper than d and is concave: above d below the root.
      if gap.transformComplement(service * middle) > middle { low = middle } else { high = middle }
    }
    idle = high
  }

  var quantities: [Quantity] {
    let rate = 1 / gap.mean
    let response = 1 / (service * idle)
    let wait = (1 - idle) * response
    return [
      ("utilization", rate / service), ("sigma", 1 - idle), ("P_wait", 1 - idle),
      ("Wq", wait), ("W", response), ("L", rate * response), ("Lq", rate * wait),
      ("W_p99", responseQuantile(0.99)),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    switch request {
    case .quantile("W", let share): responseQuantile(share)
    case .quantile("Wq", let share): max(0, log((1 - idle) / (1 - share)) / (service * idle))
    case .probability, .quantile: nil
    }
  }

  private func responseQuantile(_ share: Double) -> Double { -log1p(-share) / (service * idle) }
}

extension Law {
  /// 1 − E[e^(−sX)] for s > 0 and a law on the positive numbers, exact also for small s.
  func transformComplement(_ s: Double) -> Double {
    switch self {
    case .constant(let value): return -expm1(-s * value)
    case .exponential(let mean): return s * mean / (1 + s * mean)
    case .erlang(let shape, let mean):
      return -expm1(-Double(shape) * log1p(s * mean / Double(shape)))
    case .gamma(let shape, let scale): return -expm1(-shape * log1p(s * scale))
    case .uniform(let low, let high):
      let width = s * (high - low)
      return 1 - exp(-s * low) * -expm1(-width) / width
    case .hyperexponential(let probabilities, let means):
      return zip(probabilities, means).reduce(0) { $0 + $1.0 * s * $1.1 / (1 + s * $1.1) }
    case .lognormal(let median, let sigma):
      // Over the standard normal number behind it.
      return Integration.integral(
        of: { z in
          -expm1(-s * median * exp(sigma * z)) * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        }, from: -12, to: 12)
    case .weibull, .boundedPareto, .pareto, .empirical:
      // Over the exponential number y behind p = 1 − e^(−y), which stretches the tail; from 36 on
      // nothing is left of e^(−y).
      return Integration.integral(
        of: { y in -expm1(-s * quantile(-expm1(-y))) * exp(-y) }, from: 0, to: 36)
    }
  }
}
