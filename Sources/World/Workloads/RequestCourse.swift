import Probability
import Quantities

/// How a load's requests come: at a rate that changes with time, or one after another.
public enum RequestCourse: Sendable {
  /// At random, at so many per second.
  case rate(RateFunction)
  /// With independent gaps by a law, in seconds, between two instants.
  case renewal(Law, from: Instant, until: Instant)

  /// The course of a load that drives requests.
  ///
  /// Its levels are requests per second; where a level before is left open it is zero. Courses
  /// without chance are followed exactly or, where they curve, in chords no longer than a 288th of
  /// a period or 5 s; the states of `mmpp` are drawn as for every other load of that course.
  /// - Parameter horizon: the end of the run; nothing comes after it.
  public init(_ load: LoadProfile, luck: RandomSource, horizon: Instant) {
    switch load.shape {
    case .step(let step):
      let at = Instant.zero + step.at
      self = .knots([
        (.zero, Double(step.from ?? 0)), (at, Double(step.from ?? 0)),
        (at, Double(step.to)),
      ])
    case .ramp(let ramp):
      let at = Instant.zero + ramp.at
      self = .knots([(at, Double(ramp.from ?? 0)), (at + ramp.over, Double(ramp.to))])
    case .flashCrowd(let crowd):
      let from = Double(crowd.from ?? 0)
      self = .knots(
        Self.chords(until: horizon, from: .zero + crowd.at, every: .seconds(5)) {
          crowd.level(after: $0 - (Instant.zero + crowd.at), from: from)
        })
    case .diurnal(let day):
      let step = TimeSpan(nanoseconds: max(1_000_000, day.period.nanoseconds / 288))
      self = .knots(
        Self.chords(until: horizon, from: .zero, every: step) { day.level(at: $0 - .zero) })
    case .mmpp(let mmpp):
      var chain = StateChain(
        mmpp, stream: luck.stream("load"), subject: Subject(load.name).raw, horizon: horizon)
      self = .knots(Self.steps { chain.next().map { ($0.at, $0.change.amount) } })
    case .series(let series):
      var row = 0
      self = .knots(
        Self.steps {
          defer { row += 1 }
          let at = Instant.zero + series.interval * row
          guard at <= horizon, row <= series.counts.count else { return nil }
          guard row < series.counts.count else { return (at, 0) }
          return (at, series.counts[row] * series.scale / series.interval.seconds)
        })
    case .arrivals(let arrivals):
      self = .renewal(
        arrivals.interarrival, from: .zero + arrivals.from,
        until: arrivals.until.map { min(.zero + $0, horizon) } ?? horizon)
    case .batch, .trace:
      self = .rate(.constant(0))
    }
  }

  /// The most requests per second at any time; nil where there is no rate.
  public var peak: Double? {
    switch self {
    case .rate(.constant(let rate)): rate
    case .rate(.piecewise(let knots)): knots.reduce(0) { max($0, $1.rate) }
    case .rate, .renewal: nil
    }
  }

  /// Requests per second at an instant; of gaps by a law, what they have in the long run.
  public func rate(at now: Instant) -> Double {
    switch self {
    case .rate(let rate): rate.rate(at: now)
    case .renewal(let gap, let from, let until):
      now >= from && now <= until && gap.mean > 0 ? 1 / gap.mean : 0
    }
  }

  private static func knots(_ points: [(at: Instant, rate: Double)]) -> RequestCourse {
    guard !points.isEmpty else { return .rate(.constant(0)) }
    return .rate(.piecewise(points.map { RateFunction.Knot(at: $0.at, rate: max(0, $0.rate)) }))
  }

  /// A curve by its chords.
  private static func chords(
    until horizon: Instant, from start: Instant, every step: TimeSpan, _ rate: (Instant) -> Double
  ) -> [(at: Instant, rate: Double)] {
    var points: [(at: Instant, rate: Double)] = []
    var time = start
    repeat {
      points.append((time, rate(time)))
      time = time + step
    } while time <= horizon + step
    return points
  }

  /// Levels that hold until the next one.
  private static func steps(
    _ next: () -> (at: Instant, rate: Double)?
  ) -> [(at: Instant, rate: Double)] {
    var points: [(at: Instant, rate: Double)] = []
    while let (at, rate) = next() {
      if let last = points.last { points.append((at, last.rate)) }
      points.append((at, rate))
    }
    return points
  }
}

extension LoadChange {
  fileprivate var amount: Double {
    switch self {
    case .level(let level), .arrive(let level), .arriveWorking(let level, _): Double(level)
    }
  }
}
