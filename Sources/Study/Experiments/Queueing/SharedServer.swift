import Quantities

/// One server under processor sharing, by the service that everyone present has attained.
///
/// With n present, each is served at 1/n of the speed, so all share one clock of attained service;
/// a customer leaves when that clock has moved on by its service time.
struct SharedServer: Sendable {
  struct Job: Sendable {
    /// The attained service at which it leaves, in nanoseconds.
    var finish: Double
    var number: Int
    var arrived: Instant
  }

  /// Jobs present, the last one to leave first.
  private(set) var jobs: [Job] = []
  private var attained = 0.0
  private var updated = Instant.zero

  private mutating func advance(to now: Instant) {
    if !jobs.isEmpty { attained += Double((now - updated).nanoseconds) / Double(jobs.count) }
    updated = now
  }

  mutating func add(_ number: Int, needing service: TimeSpan, at now: Instant) {
    advance(to: now)
    let job = Job(
      finish: attained + Double(service.nanoseconds), number: number, arrived: now)
    var low = 0
    var high = jobs.count
    while low < high {
      let middle = (low + high) / 2
      if jobs[middle].finish > job.finish { low = middle + 1 } else { high = middle }
    }
    jobs.insert(job, at: low)
  }

  /// Takes the job that leaves next; it leaves now.
  mutating func removeNext(at now: Instant) -> Job {
    advance(to: now)
    let job = jobs.removeLast()
    // What rounding to whole nanoseconds left: the clock of attained service stands where it must.
    attained = jobs.isEmpty ? 0 : job.finish
    return job
  }

  /// When the next job leaves if nobody arrives before; nil if nobody is present.
  var nextDeparture: Instant? {
    guard let job = jobs.last else { return nil }
    let remaining = max(0, job.finish - attained) * Double(jobs.count)
    return updated + TimeSpan(nanoseconds: Int64(remaining.rounded(.up)))
  }
}
