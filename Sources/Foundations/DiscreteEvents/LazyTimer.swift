import Quantities

/// A deadline that moves often and passes rarely: a lease, a timeout.
///
/// The agenda holds at most one live entry per timer. Moving the deadline later only stores it; when
/// the entry comes up, the timer says whether the deadline has passed or where to post it again.
/// Against cancelled entries this keeps the agenda as small as the number of timers.
///
/// ```swift
/// lease.arm(at: agenda.now + .seconds(40), posting: .leaseCheck(node), on: &agenda)
/// …
/// case .leaseCheck(let node):                    // the entry came up
///   if leases[node].expired(posting: event, on: &agenda) { markUnreachable(node) }
/// ```
public struct LazyTimer: BitwiseCopyable, Hashable, Sendable {
  /// When it expires; `distantFuture` while it isn't armed.
  public private(set) var deadline = Instant.distantFuture
  /// When its live entry comes up; `distantFuture` while it has none.
  private var posted = Instant.distantFuture

  /// A timer that isn't armed.
  public init() {}

  /// Whether a deadline is set.
  public var isArmed: Bool { deadline != .distantFuture }
  /// Whether the agenda holds its entry.
  public var isPosted: Bool { posted != .distantFuture }

  /// Sets or moves the deadline.
  /// - Returns: whether the caller must post an entry at the deadline.
  public mutating func arm(at deadline: Instant) -> Bool {
    self.deadline = deadline
    guard deadline < posted else { return false }
    posted = deadline
    return true
  }

  /// Forgets the deadline; the entry stays on the agenda until it comes up.
  public mutating func cancel() { deadline = .distantFuture }

  /// What an entry that came up at `now` means.
  public mutating func comeUp(at now: Instant) -> Verdict {
    // An entry left behind when the deadline moved earlier, or one that came up already.
    guard posted == now else { return .stale }
    posted = .distantFuture
    guard isArmed else { return .stale }
    if deadline <= now {
      deadline = .distantFuture
      return .expired
    }
    posted = deadline
    return .post(deadline)
  }

  /// What to do about an entry that came up.
  public enum Verdict: Hashable, Sendable {
    /// The deadline has passed; the timer is no longer armed.
    case expired
    /// The deadline has moved: the caller must post an entry there.
    case post(Instant)
    /// The entry means nothing any more.
    case stale
  }

  /// Sets or moves the deadline and posts `event` there if no entry comes up before.
  public mutating func arm<Event>(
    at deadline: Instant, posting event: Event, on agenda: inout EventList<Event>,
    priority: EventPriority = .normal
  ) {
    if arm(at: deadline) { agenda.schedule(event, at: deadline, priority: priority) }
  }

  /// Whether the timer expired with the entry that just came up; if its deadline has moved, `event`
  /// is posted there.
  public mutating func expired<Event>(
    posting event: Event, on agenda: inout EventList<Event>, priority: EventPriority = .normal
  ) -> Bool {
    switch comeUp(at: agenda.now) {
    case .expired: return true
    case .stale: return false
    case .post(let instant):
      agenda.schedule(event, at: instant, priority: priority)
      return false
    }
  }
}
