import CGSL
import Quantities

/// How a rate (per second) changes over simulated time.
public enum RateFunction: Hashable, Sendable {
  /// The same rate for ever.
  case constant(Double)
  /// Linear between knots in order of time; the first rate before, the last rate after them.
  ///
  /// Two knots at the same instant are a step, whose second rate holds from that instant on.
  case piecewise([Knot])
  /// mean · (1 + amplitude · cos(2π (t − peak) / period)); the amplitude lies in 0...1.
  case sinusoid(mean: Double, amplitude: Double, period: TimeSpan, peak: Instant)
  /// A piecewise rate from 0 to the period, repeated before and after.
  case periodic([Knot], period: TimeSpan)

  /// A rate at an instant.
  public struct Knot: Hashable, BitwiseCopyable, Sendable {
    /// When.
    public var at: Instant
    /// The rate per second.
    public var rate: Double
    /// A rate at an instant.
    public init(at: Instant, rate: Double) {
      self.at = at
      self.rate = rate
    }
  }

  /// The rate per second at an instant.
  public func rate(at time: Instant) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .piecewise(let knots): return Self.interpolate(knots, at: time)
    case .sinusoid(let mean, let amplitude, let period, let peak):
      return mean * (1 + amplitude * cos(2 * .pi * (time - peak).seconds / period.seconds))
    case .periodic(let knots, let period):
      return Self.interpolate(knots, at: Self.phase(of: time, in: period))
    }
  }

  /// A bound of the rate from an instant on, and until when it holds (exclusively).
  public func bound(from time: Instant) -> (rate: Double, until: Instant) {
    switch self {
    case .constant(let rate): return (rate, .distantFuture)
    case .piecewise(let knots): return Self.bound(knots, from: time)
    case .sinusoid(let mean, let amplitude, _, _): return (mean * (1 + amplitude), .distantFuture)
    case .periodic(let knots, let period):
      let phase = Self.phase(of: time, in: period)
      let (rate, until) = Self.bound(knots, from: phase)
      if rate == 0, knots.allSatisfy({ $0.rate == 0 }) { return (0, .distantFuture) }
      return (rate, time + (min(until, Instant.zero + period) - phase))
    }
  }

  /// Checks every parameter.
  ///
  /// - Throws: ``LawError`` naming the first parameter that makes no sense.
  public func validate() throws(LawError) {
    func check(_ parameter: String, _ holds: Bool, _ problem: String) throws(LawError) {
      if !holds { throw LawError(law: "rate", parameter: parameter, problem: problem) }
    }
    func check(_ knots: [Knot]) throws(LawError) {
      try check("knots", !knots.isEmpty, "are missing")
      for (index, knot) in knots.enumerated() {
        try check(
          "rate \(index + 1)", knot.rate >= 0 && knot.rate.isFinite,
          "must be finite and not negative, not \(knot.rate)")
        try check(
          "time \(index + 1)", index == 0 || knots[index - 1].at <= knot.at, "must not be earlier")
      }
    }
    switch self {
    case .constant(let rate):
      try check("rate", rate >= 0 && rate.isFinite, "must be finite and not negative, not \(rate)")
    case .piecewise(let knots): try check(knots)
    case .sinusoid(let mean, let amplitude, let period, _):
      try check("mean", mean >= 0 && mean.isFinite, "must be finite and not negative, not \(mean)")
      try check("amplitude", (0...1).contains(amplitude), "must lie in 0...1, not \(amplitude)")
      try check("period", period > .zero, "must be positive")
    case .periodic(let knots, let period):
      try check(knots)
      try check("period", period > .zero, "must be positive")
      let within = knots.allSatisfy { $0.at >= .zero && $0.at <= .zero + period }
      try check("knots", within, "must lie within the period")
    }
  }

  private static func phase(of time: Instant, in period: TimeSpan) -> Instant {
    let rest = time.nanoseconds % period.nanoseconds
    return Instant(nanoseconds: rest < 0 ? rest + period.nanoseconds : rest)
  }

  private static func interpolate(_ knots: [Knot], at time: Instant) -> Double {
    let next = knots.partitioningIndex { $0.at > time }
    if next == 0 { return knots[0].rate }
    if next == knots.count { return knots[next - 1].rate }
    let (a, b) = (knots[next - 1], knots[next])
    return a.rate + (b.rate - a.rate) * ((time - a.at).seconds / (b.at - a.at).seconds)
  }

  private static func bound(_ knots: [Knot], from time: Instant) -> (rate: Double, until: Instant) {
    let next = knots.partitioningIndex { $0.at > time }
    if next == knots.count { return (knots[next - 1].rate, .distantFuture) }
    if next == 0 { return (knots[0].rate, knots[0].at) }
    return (max(knots[next - 1].rate, knots[next].rate), knots[next].at)
  }
}
