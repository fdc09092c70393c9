import Quantities

/// Which machines are taken when: what runs, until its requested end, and what is reserved.
struct BatchPlan: Sendable {
  /// A job's machines over a time.
  struct Span: Sendable {
    var id: Int
    var machines: MachineSet
    var start: Instant
    var end: Instant
  }
  private let all: MachineSet
  private(set) var spans: [Span] = []

  init(machines: Int) { all = MachineSet(first: machines) }

  /// When a job's machines are taken from; nil if it has none.
  func start(of id: Int) -> Instant? { spans.first { $0.id == id }?.start }

  /// A place for a job: machines and the time from which they are free for all of its length.
  struct Fit: Sendable {
    var start: Instant
    var machines: MachineSet
  }

  /// A job that asks for no time at all still occupies its machines until it completes.
  private static func length(of job: BatchJob) -> TimeSpan {
    max(job.requested, TimeSpan(nanoseconds: 1))
  }

  /// Takes machines for a job.
  mutating func add(_ job: BatchJob, at fit: Fit) {
    spans.append(
      Span(
        id: job.id, machines: fit.machines, start: fit.start, end: fit.start + Self.length(of: job))
    )
  }

  /// Gives the machines of a job back.
  mutating func remove(_ id: Int) { spans.removeAll { $0.id == id } }

  /// Lets what should have ended, but runs on, end just after `now`: nobody knows when.
  mutating func extendOverdue(at now: Instant) {
    for index in spans.indices where spans[index].start < now && spans[index].end <= now {
      spans[index].end = now + TimeSpan(nanoseconds: 1)
    }
  }

  /// The earliest place, at `now` or a planned end, on the machines with the lowest numbers.
  ///
  /// - Parameter onlyNow: whether no later time is tried.
  func fit(_ job: BatchJob, at now: Instant, onlyNow: Bool = false) -> Fit? {
    if let machines = free(from: now, for: Self.length(of: job)).lowest(job.machines) {
      return Fit(start: now, machines: machines)
    }
    if onlyNow { return nil }
    var ends = spans.map(\.end).filter { $0 > now }
    ends.sort()
    var last = now
    for end in ends where end > last {
      last = end
      if let machines = free(from: end, for: Self.length(of: job)).lowest(job.machines) {
        return Fit(start: end, machines: machines)
      }
    }
    return nil
  }

  /// The machines that nothing takes in a stretch of time.
  private func free(from start: Instant, for length: TimeSpan) -> MachineSet {
    var free = all
    let end = start + length
    for span in spans where span.start < end && span.end > start { free.subtract(span.machines) }
    return free
  }
}
