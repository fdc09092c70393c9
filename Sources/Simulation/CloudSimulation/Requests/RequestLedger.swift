import Quantities
import Statistics

/// How a request ended for whoever sent it.
enum RequestOutcome: BitwiseCopyable, Sendable {
  /// Answered; in time or late.
  case answered
  /// Given up after timeouts, or because no Pod was there.
  case failed
  /// Turned away because too many waited.
  case dropped
}

/// Requests that arrived between two instants, and what became of them.
struct RequestTally: Sendable {
  let from: Instant
  let to: Instant
  var counts = RequestResult()
  var latencies = LogarithmicHistogram()

  init(from: Instant, to: Instant) {
    self.from = from
    self.to = to
  }
}

/// What a service's requests came to: whoever counts, counts here.
struct RequestLedger: Sendable {
  private struct Minute: BitwiseCopyable, Sendable {
    var arrived: Int64 = 0
    var lost: Int64 = 0
  }
  /// A point of the curves over time.
  struct Bucket: BitwiseCopyable, Sendable {
    var arrived: Int64 = 0
    var answered: Int64 = 0
    /// Nanoseconds.
    var latency: Int128 = 0
    var inside: Int64 = 0
    var pods: Int32 = 0
  }

  let deadline: TimeSpan
  let budget: Double
  /// The whole run first, then windows that somebody asks about.
  private(set) var tallies: [RequestTally]
  private(set) var buckets: [Bucket] = []
  private var minutes: [Minute] = []
  private var present = Bucket()
  private var inside: Int64 = 0
  private var area: Int128 = 0
  private var stays: Int128 = 0
  private var since = Instant.zero

  init(
    deadline: TimeSpan, budget: Double, windows: [(from: Instant, to: Instant)]
  ) {
    self.deadline = deadline
    self.budget = budget
    tallies = [RequestTally(from: .zero, to: .distantFuture)]
    tallies += windows.map { RequestTally(from: $0.from, to: $0.to) }
  }

  private mutating func advance(to now: Instant) {
    area += Int128(inside) * Int128((now - since).nanoseconds)
    since = now
  }

  private mutating func each(of first: Instant, _ change: (inout RequestTally) -> Void) {
    change(&tallies[0])
    guard tallies.count > 1 else { return }
    for index in 1..<tallies.count
    where tallies[index].from <= first && first < tallies[index].to { change(&tallies[index]) }
  }

  /// So many requests arrive.
  mutating func arrive(_ weight: Int64, at now: Instant) {
    advance(to: now)
    inside += weight
    present.arrived += weight
    each(of: now) { $0.counts.arrived += weight }
    let minute = Int(now.nanoseconds / 60_000_000_000)
    while minutes.count <= minute { minutes.append(Minute()) }
    minutes[minute].arrived += weight
  }

  /// One more try of them.
  mutating func retry(_ weight: Int64, of first: Instant) {
    each(of: first) { $0.counts.retries += weight }
  }

  /// Requests that first arrived at an instant have ended.
  mutating func end(
    _ weight: Int64, arrivedAt first: Instant, as outcome: RequestOutcome, at now: Instant
  ) {
    advance(to: now)
    inside -= weight
    let latency = now - first
    stays += Int128(weight) * Int128(latency.nanoseconds)
    let isLate = latency > deadline
    if outcome != .answered || isLate { lose(weight, arrivedAt: first) }
    switch outcome {
    case .answered:
      present.answered += weight
      present.latency += Int128(weight) * Int128(latency.nanoseconds)
      each(of: first) { tally in
        if isLate { tally.counts.late += weight } else { tally.counts.served += weight }
        tally.latencies.add(latency.nanoseconds, times: weight)
      }
    case .failed: each(of: first) { $0.counts.failed += weight }
    case .dropped: each(of: first) { $0.counts.dropped += weight }
    }
  }

  private mutating func lose(_ weight: Int64, arrivedAt first: Instant) {
    minutes[Int(first.nanoseconds / 60_000_000_000)].lost += weight
  }

  /// Requests are still open at the end: late if their deadline has passed, else not counted.
  mutating func leaveOpen(_ weight: Int64, arrivedAt first: Instant, at end: Instant) {
    stays += Int128(weight) * Int128((end - first).nanoseconds)
    if end - first > deadline {
      lose(weight, arrivedAt: first)
      each(of: first) {
        $0.counts.open += weight
        $0.counts.openLate += weight
      }
    } else {
      minutes[Int(first.nanoseconds / 60_000_000_000)].arrived -= weight
      each(of: first) { $0.counts.open += weight }
    }
  }

  /// The end of a bucket of the curves over time.
  mutating func closeBucket(pods: Int32) {
    present.inside = inside
    present.pods = pods
    buckets.append(present)
    present = Bucket()
  }

  /// Both sides of ∫N dt = Σ time inside, in request seconds, once those still open are counted.
  mutating func identity(at end: Instant) -> (integral: Double, stays: Double) {
    advance(to: end)
    return (Double(area) / 1e9, Double(stays) / 1e9)
  }

  /// Minutes that are lost if no more than so many of a minute's requests are served in time.
  func minutesLost(servingAtMost most: Double) -> Int {
    minutes.count { Double($0.arrived) - most > budget * Double($0.arrived) }
  }

  /// What became of the requests of a window, by its number; 0: of all.
  func result(ofWindow window: Int) -> RequestResult {
    let tally = tallies[window]
    var result = tally.counts
    result.latencies = tally.latencies
    for (number, minute) in minutes.enumerated() where minute.arrived > 0 {
      let start = Instant.zero + .minutes(number)
      guard start >= tally.from, start < tally.to else { continue }
      if Double(minute.lost) > budget * Double(minute.arrived) { result.sloMinutes += 1 }
    }
    return result
  }
}
