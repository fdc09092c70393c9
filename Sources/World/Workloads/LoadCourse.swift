import Probability
import Quantities

/// A change that a load asks for.
public enum LoadChange: Hashable, BitwiseCopyable, Sendable {
  /// The target shall have so many replicas.
  case level(Int)
  /// So many copies of the target Job arrive.
  case arrive(Int)
  /// So many copies of the target Job arrive, of which each Pod works so long.
  case arriveWorking(Int, TimeSpan)
}

/// A load's changes in order of time.
///
/// Random courses depend on (seed, replication, the load's name) alone, never on what the cluster
/// does with them.
public struct LoadCourse: Sendable {
  private enum Source: Sendable {
    case list([(at: Instant, change: LoadChange)], next: Int)
    case arrivals(ArrivalProcess, until: Instant)
    case states(StateChain)
  }
  private var source: Source

  /// The course of a load.
  /// - Parameters:
  ///   - initial: the target's replicas by its manifest.
  ///   - horizon: the end of the run; courses that repeat for ever stop there.
  public init(_ load: LoadProfile, initial: Int, luck: RandomSource, horizon: Instant) {
    let stream = luck.stream("load")
    let subject = Subject(load.name).raw
    if load.drives == .requests {
      source = .list([], next: 0)
    } else if load.drives == .jobs {
      source = Self.jobs(load.shape, stream: stream, subject: subject, horizon: horizon)
    } else {
      source = Self.replicas(
        load.shape, initial: initial, stream: stream, subject: subject, horizon: horizon)
    }
  }

  /// The next change; nil if there is none before the horizon. Requests change nothing here: their
  /// course is a ``RequestCourse``.
  public mutating func next() -> (at: Instant, change: LoadChange)? {
    switch source {
    case .list(let changes, let next):
      guard next < changes.count else { return nil }
      source = .list(changes, next: next + 1)
      return changes[next]
    case .arrivals(var process, let until):
      let instant = process.next(after: .zero)
      source = .arrivals(process, until: until)
      guard let instant, instant <= until else { return nil }
      return (instant, .arrive(1))
    case .states(var chain):
      let change = chain.next()
      source = .states(chain)
      return change
    }
  }

  // MARK: Replicas

  private static func replicas(
    _ shape: LoadProfile.Shape, initial: Int, stream: KeyedStream, subject: UInt64,
    horizon: Instant
  ) -> Source {
    switch shape {
    case .step(let step):
      var changes: [(Instant, LoadChange)] = []
      if let from = step.from, from != initial { changes.append((.zero, .level(from))) }
      changes.append((.zero + step.at, .level(step.to)))
      return .list(changes, next: 0)
    case .ramp(let ramp):
      let from = ramp.from ?? initial
      return sampled(from: from, every: .seconds(1), start: ramp.at, horizon: horizon) { time in
        let part = min(1, time.seconds / max(1e-9, ramp.over.seconds))
        return Double(from) + Double(ramp.to - from) * part
      }
    case .flashCrowd(let crowd):
      let from = crowd.from ?? initial
      return sampled(from: from, every: .seconds(1), start: crowd.at, horizon: horizon) {
        crowd.level(after: $0, from: Double(from))
      }
    case .diurnal(let day):
      return sampled(from: initial, every: day.interval, start: .zero, horizon: horizon) {
        day.level(at: $0)
      }
    case .mmpp(let mmpp):
      return .states(
        StateChain(mmpp, stream: stream, subject: subject, horizon: horizon))
    case .trace(let trace):
      return .list(trace.levels, next: 0)
    case .batch, .arrivals, .series:
      return .list([], next: 0)
    }
  }

  /// Looks at a curve at equal distances and lists where its rounded value changes.
  private static func sampled(
    from: Int, every interval: TimeSpan, start: TimeSpan, horizon: Instant,
    _ level: (TimeSpan) -> Double
  ) -> Source {
    var changes: [(Instant, LoadChange)] = [(.zero, .level(from))]
    var last = from
    var time = TimeSpan.zero
    let end = (horizon - Instant.zero) - start
    while time <= end {
      let value = max(0, Int(level(time).rounded()))
      if value != last {
        changes.append((.zero + start + time, .level(value)))
        last = value
      }
      time += max(interval, .milliseconds(1))
    }
    return .list(changes, next: 0)
  }

  // MARK: Jobs

  private static func jobs(
    _ shape: LoadProfile.Shape, stream: KeyedStream, subject: UInt64, horizon: Instant
  ) -> Source {
    func poisson(_ knots: [RateFunction.Knot]) -> Source {
      .arrivals(
        ArrivalProcess(.poisson(.piecewise(knots)), stream: stream, subject: subject),
        until: horizon)
    }
    switch shape {
    case .series: return .list([], next: 0)
    case .trace(let trace): return .list(trace.arrivals, next: 0)
    case .step(let step): return .list([(.zero + step.at, .arrive(step.to))], next: 0)
    case .ramp(let ramp):
      let start = Instant.zero + ramp.at
      return poisson([
        RateFunction.Knot(at: start, rate: Double(ramp.from ?? 0) / 3600),
        RateFunction.Knot(at: start + ramp.over, rate: Double(ramp.to) / 3600),
      ])
    case .flashCrowd(let crowd):
      return poisson(
        knots(until: horizon - Instant.zero, from: crowd.at, every: .seconds(5)) {
          crowd.level(after: $0, from: Double(crowd.from ?? 0)) / 3600
        })
    case .diurnal(let day):
      let step = TimeSpan(nanoseconds: max(1, day.period.nanoseconds / 288))
      return poisson(
        knots(until: horizon - Instant.zero, from: .zero, every: step) { day.level(at: $0) / 3600 })
    case .mmpp(let mmpp):
      let law = ArrivalLaw.modulated(
        lowRate: mmpp.low / 3600, highRate: mmpp.high / 3600, lowDwell: mmpp.meanLow,
        highDwell: mmpp.meanHigh)
      return .arrivals(
        ArrivalProcess(law, stream: stream, subject: subject), until: horizon)
    case .batch(let batch): return .list(batches(batch, horizon: horizon), next: 0)
    case .arrivals(let arrivals):
      let process = ArrivalProcess(
        .renewal(arrivals.interarrival), stream: stream, subject: subject,
        start: .zero + arrivals.from)
      return .arrivals(process, until: arrivals.until.map { min(.zero + $0, horizon) } ?? horizon)
    }
  }

  private static func knots(
    until span: TimeSpan, from start: TimeSpan, every step: TimeSpan, _ rate: (TimeSpan) -> Double
  ) -> [RateFunction.Knot] {
    var knots: [RateFunction.Knot] = []
    var time = TimeSpan.zero
    while knots.isEmpty || start + time <= span {
      knots.append(RateFunction.Knot(at: .zero + start + time, rate: max(0, rate(time))))
      time += step
    }
    return knots
  }

  private static func batches(
    _ batch: LoadProfile.Batch, horizon: Instant
  ) -> [(Instant, LoadChange)] {
    var instants: [Instant] = []
    var offset = TimeSpan.zero
    repeat {
      for time in batch.at where Instant.zero + offset + time <= horizon {
        instants.append(Instant.zero + offset + time)
      }
      offset += batch.every ?? .zero
    } while batch.every.map { $0 > .zero } ?? false && Instant.zero + offset <= horizon
    // A time beyond the period comes after the first of the next one.
    instants.sort()
    return instants.map { ($0, .arrive(batch.jobs)) }
  }
}

/// The alternation of quiet and busy times.
struct StateChain: Sendable {
  private let mmpp: LoadProfile.MMPP
  private let stream: KeyedStream
  private let subject: UInt64
  private let horizon: Instant
  private var clock = Instant.zero
  private var isHigh: Bool
  private var number: UInt32 = 1

  init(_ mmpp: LoadProfile.MMPP, stream: KeyedStream, subject: UInt64, horizon: Instant) {
    self.mmpp = mmpp
    self.stream = stream
    self.subject = subject
    self.horizon = horizon
    let share = mmpp.meanHigh.seconds / (mmpp.meanHigh + mmpp.meanLow).seconds
    isHigh = stream.uniform(for: subject, number: 0) < share
  }

  mutating func next() -> (at: Instant, change: LoadChange)? {
    guard clock <= horizon else { return nil }
    let change = LoadChange.level(Int((isHigh ? mmpp.high : mmpp.low).rounded()))
    let at = clock
    let mean = isHigh ? mmpp.meanHigh : mmpp.meanLow
    clock =
      clock + stream.drawSpan(.exponential(mean: mean.seconds), for: subject, number: number)
    number += 1
    isHigh.toggle()
    return (at, change)
  }
}

extension LoadProfile.FlashCrowd {
  /// The level a span after the rise began: `from + 1` grows to `peak + 1` by equal factors, stays,
  /// and its excess halves every `decay`.
  func level(after time: TimeSpan, from: Double) -> Double {
    let top = Double(peak)
    if time < rise {
      let part = time.seconds / rise.seconds
      return (from + 1) * Probability.power((top + 1) / (from + 1), part) - 1
    }
    let past = time - rise - hold
    guard past > .zero else { return top }
    return from + (top - from) * Probability.power(0.5, past.seconds / decay.seconds)
  }
}

extension LoadProfile.Diurnal {
  /// The level at a time after the start.
  func level(at time: TimeSpan) -> Double {
    let angle = 2 * Double.pi * (time - phase).seconds / period.seconds
    return base * (1 + amplitude * Probability.sine(angle) + second * Probability.sine(2 * angle))
  }
}

extension LoadProfile {
  /// When the load first changes anything, and the levels around it: the default window of a claim.
  public var stepWindow: (at: TimeSpan, from: Int?, to: Int)? {
    switch shape {
    case .step(let step): (step.at, step.from, step.to)
    case .ramp(let ramp): (ramp.at, ramp.from, ramp.to)
    case .flashCrowd(let crowd): (crowd.at, crowd.from, crowd.peak)
    case .diurnal, .mmpp, .batch, .arrivals, .series, .trace: nil
    }
  }
}

extension LoadProfile.Trace {
  /// Each level that differs from the one before.
  fileprivate var levels: [(at: Instant, change: LoadChange)] {
    var changes: [(at: Instant, change: LoadChange)] = []
    var last: Int?
    for row in rows {
      let level = Int(min(max(0, row.value * scale), 1e7).rounded())
      if level != last { changes.append((.zero + row.at, .level(level))) }
      last = level
    }
    return changes
  }

  /// The Jobs as they were recorded; of a scale that is no whole number, as many as come nearest to
  /// it from the first row on.
  fileprivate var arrivals: [(at: Instant, change: LoadChange)] {
    var changes: [(at: Instant, change: LoadChange)] = []
    var due = 0
    for (number, row) in rows.enumerated() {
      let all = Int((Double(number + 1) * scale).rounded())
      if all > due {
        changes.append((.zero + row.at, .arriveWorking(all - due, .seconds(row.value))))
      }
      due = all
    }
    return changes
  }
}
