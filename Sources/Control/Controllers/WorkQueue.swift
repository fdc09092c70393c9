import Quantities

/// A controller's rate-limited work queue of workloads, by their slots.
///
/// A workload is in it at most once; what failed comes back after an exponential back-off.
///
/// > Source: client-go's work queue, default item rate limiter `baseDelay·2^failures` (S).
struct WorkQueue: Sendable {
  private struct Item: BitwiseCopyable, Sendable {
    var isQueued = false
    var failures: UInt8 = 0
  }
  private struct Delayed: BitwiseCopyable, Sendable {
    var due: Instant
    var slot: UInt32
  }

  private let initialBackoff: TimeSpan
  private let maxBackoff: TimeSpan
  private var items: [Item] = []
  private var arrivals: [UInt32] = []
  private var line: [UInt32] = []
  private var head = 0
  private var delayed: [Delayed] = []
  /// When the next delayed workload comes back; nil if none waits.
  private(set) var nextDue: Instant?

  init(initialBackoff: TimeSpan, maxBackoff: TimeSpan) {
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
  }

  private mutating func reach(_ slot: UInt32) {
    while items.count <= Int(slot) { items.append(Item()) }
  }

  /// Marks a workload as to be looked at.
  mutating func mark(_ slot: UInt32) {
    reach(slot)
    guard !items[Int(slot)].isQueued else { return }
    items[Int(slot)].isQueued = true
    arrivals.append(slot)
  }

  /// Marks a workload as to be looked at later; of two instants the earlier one counts.
  mutating func mark(_ slot: UInt32, at due: Instant) {
    reach(slot)
    if let place = delayed.firstIndex(where: { $0.slot == slot }) {
      delayed[place].due = min(delayed[place].due, due)
    } else {
      delayed.append(Delayed(due: due, slot: slot))
    }
    nextDue = min(nextDue ?? due, due)
  }

  /// Puts what arrived, and what was delayed until now, at the end of the line.
  ///
  /// Arrivals of one pass are put in order of slot, so that it doesn't matter whether they were
  /// read in the change log or found by a rebuild.
  mutating func lineUp(at now: Instant) {
    if let nextDue, nextDue <= now {
      let due = delayed.filter { $0.due <= now }.sorted { ($0.due, $0.slot) < ($1.due, $1.slot) }
      delayed.removeAll { $0.due <= now }
      self.nextDue = delayed.map(\.due).min()
      for entry in due where !items[Int(entry.slot)].isQueued {
        items[Int(entry.slot)].isQueued = true
        line.append(entry.slot)
      }
    }
    guard !arrivals.isEmpty else { return }
    if arrivals.count > 1 { arrivals.sort() }
    line.append(contentsOf: arrivals)
    arrivals.removeAll(keepingCapacity: true)
  }

  /// Takes the first workload in line.
  mutating func pop() -> UInt32? {
    guard head < line.count else {
      if head > 0 {
        line.removeAll(keepingCapacity: true)
        head = 0
      }
      return nil
    }
    let slot = line[head]
    head += 1
    items[Int(slot)].isQueued = false
    return slot
  }

  /// Brings a workload whose sync failed back after its back-off.
  mutating func fail(_ slot: UInt32, at now: Instant) {
    reach(slot)
    let delay = Self.backoff(
      initial: initialBackoff, maximum: maxBackoff, failures: Int(items[Int(slot)].failures))
    if items[Int(slot)].failures < .max { items[Int(slot)].failures += 1 }
    mark(slot, at: now + delay)
  }

  /// Forgets a workload's failures.
  mutating func succeed(_ slot: UInt32) {
    reach(slot)
    items[Int(slot)].failures = 0
  }

  /// `initial · 2^failures`, at most `maximum`.
  static func backoff(initial: TimeSpan, maximum: TimeSpan, failures: Int) -> TimeSpan {
    var delay = initial
    for _ in 0..<failures {
      if delay >= maximum { break }
      delay = delay.nanoseconds > maximum.nanoseconds / 2 ? maximum : delay * 2
    }
    return min(delay, maximum)
  }
}
