import CGSL
import Quantities

/// The law of a point process in time.
public enum ArrivalLaw: Hashable, Sendable {
  /// Independent gaps, in seconds, by one law.
  case renewal(Law)
  /// Poisson arrivals whose rate changes with time.
  case poisson(RateFunction)
  /// Poisson arrivals whose rate alternates between two values (MMPP(2)); rates per second, the
  /// time spent in each state exponential.
  ///
  /// Source: Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook",
  /// Performance Evaluation 18 (1993).
  case modulated(lowRate: Double, highRate: Double, lowDwell: TimeSpan, highDwell: TimeSpan)

  /// Checks every parameter.
  ///
  /// - Throws: ``LawError`` naming the first parameter that makes no sense.
  public func validate() throws(LawError) {
    switch self {
    case .renewal(let law):
      try law.validate()
      guard law.support.lowerBound >= 0 else {
        throw LawError(law: law.family, parameter: "gap", problem: "must not be negative")
      }
      guard law.mean > 0 else {
        throw LawError(law: law.family, parameter: "gap", problem: "must be positive on average")
      }
    case .poisson(let rate): try rate.validate()
    case .modulated(let lowRate, let highRate, let lowDwell, let highDwell):
      for (name, rate) in [("lowRate", lowRate), ("highRate", highRate)] {
        guard rate >= 0, rate.isFinite else {
          throw LawError(
            law: "modulated", parameter: name,
            problem: "must be finite and not negative, not \(rate)")
        }
      }
      for (name, dwell) in [("lowDwell", lowDwell), ("highDwell", highDwell)] {
        guard dwell > .zero else {
          throw LawError(law: "modulated", parameter: name, problem: "must be positive")
        }
      }
    }
  }
}

/// The arrivals of one process, one after another.
///
/// The n-th arrival is a function of (seed, replication, stream name, subject) and the law alone:
/// when and how often anybody asks doesn't matter. Every draw is rounded to nanoseconds before it
/// moves the process's clock.
public struct ArrivalProcess: Sendable {
  private let law: ArrivalLaw
  private let stream: KeyedStream
  private let subject: UInt64
  /// Where the process's own clock stands: at its last candidate, change of state or bound.
  private var clock: Instant
  /// The number of the next draw.
  private var number: UInt32 = 0
  /// The state of a modulated process.
  private var isHigh = false

  /// A process that starts at an instant.
  ///
  /// A modulated process starts in a state drawn from the long-run shares of time.
  public init(_ law: ArrivalLaw, stream: KeyedStream, subject: UInt64, start: Instant = .zero) {
    self.law = law
    self.stream = stream
    self.subject = subject
    clock = start
    if case .modulated(_, _, let lowDwell, let highDwell) = law {
      let share = highDwell.seconds / (lowDwell.seconds + highDwell.seconds)
      isHigh = uniformPair().0 < share
    }
  }

  /// The next arrival that wasn't returned yet; those earlier than `after` are passed over.
  ///
  /// - Returns: nil if no more arrival comes.
  public mutating func next(after: Instant) -> Instant? {
    while let arrival = advance() {
      if arrival >= after { return arrival }
    }
    return nil
  }

  private mutating func advance() -> Instant? {
    switch law {
    case .renewal(let gap): return renew(gap)
    case .poisson(let rate): return thin(rate)
    case .modulated(let lowRate, let highRate, let lowDwell, let highDwell):
      return modulate((lowRate, highRate), (1 / lowDwell.seconds, 1 / highDwell.seconds))
    }
  }

  private mutating func renew(_ gap: Law) -> Instant? {
    guard clock < .distantFuture else { return nil }
    clock = clock + stream.drawSpan(gap, for: subject, number: number)
    number += 1
    return clock < .distantFuture ? clock : nil
  }

  /// Thinning: candidates at the rate's bound, each kept with probability rate / bound.
  ///
  /// Source: Lewis and Shedler, Naval Research Logistics Quarterly 26 (1979). Where the bound
  /// ends, the exponential gap starts anew, which its lack of memory allows.
  private mutating func thin(_ rate: RateFunction) -> Instant? {
    while clock < .distantFuture {
      let (bound, until) = rate.bound(from: clock)
      guard bound > 0 else {
        clock = until
        continue
      }
      let (first, second) = uniformPair()
      let candidate = clock + .seconds(KeyedStream.exponent(first) / bound)
      guard candidate < until else {
        clock = until
        continue
      }
      clock = candidate
      if second * bound < rate.rate(at: candidate) { return candidate }
    }
    return nil
  }

  /// Competing exponentials: the next thing is an arrival or a change of state.
  private mutating func modulate(
    _ rates: (low: Double, high: Double), _ switching: (low: Double, high: Double)
  ) -> Instant? {
    guard max(rates.low, rates.high) > 0 else { return nil }
    while clock < .distantFuture {
      let rate = isHigh ? rates.high : rates.low
      let total = rate + (isHigh ? switching.high : switching.low)
      let (first, second) = uniformPair()
      clock = clock + .seconds(KeyedStream.exponent(first) / total)
      if second * total < rate { return clock < .distantFuture ? clock : nil }
      isHigh.toggle()
    }
    return nil
  }

  private mutating func uniformPair() -> (Double, Double) {
    defer { number += 1 }
    return stream.uniformPair(for: subject, number: number)
  }
}
