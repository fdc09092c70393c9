import Quantities

/// The agenda of a simulation: the events to come, in the total order (time, priority, sequence),
/// and the clock.
///
/// ```swift
/// var agenda = EventList<StationEvent>()
/// agenda.schedule(.arrival, after: .seconds(2))
/// while let event = agenda.next() { … }        // agenda.now is the event's instant
/// ```
///
/// An entry takes 24 bytes, so an event has at most 8: what doesn't fit lives in a table of the
/// component that the event belongs to. Closures, classes and existentials are rejected by the
/// compiler. There is no cancelling: see ``LazyTimer``.
///
/// Inside: events of the present instant in a ring, the nearest others in a sorted array, the rest
/// in a timing wheel, and a small heap for entries that would move too many others. Scheduling and
/// taking an event cost amortised constant time, except that entries in the heap cost its logarithm.
@frozen
public struct EventList<Event: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  @usableFromInline typealias Entry = EventEntry<Event>

  /// Below so many entries all are kept sorted, without the wheel.
  @inlinable static var smallCount: Int { 24 }
  /// With so many sorted entries, the later ones go back to the wheel, and so many stay.
  @inlinable static var crowdedCount: Int { 96 }
  @inlinable static var keptCount: Int { 16 }
  /// Sequence numbers have 60 bits; the priority lies above.
  @inlinable static var sequenceBits: UInt64 { 60 }

  /// The present instant: that of the event taken last.
  public internal(set) var now: Instant {
    @inlinable @inline(__always) get { Instant(nanoseconds: clock) }
    @inlinable @inline(__always) set { clock = newValue.nanoseconds }
  }

  @usableFromInline var clock: Int64
  /// How many events were ever scheduled.
  @usableFromInline var sequence: UInt64 = 0
  /// Events in the wheel are later than this, those in the bottom aren't.
  @usableFromInline var limit: Int64
  /// Entries in the ring and the side heap.
  @usableFromInline var aside = 0
  @usableFromInline var bottom: SortedBottom<Event>
  @usableFromInline var ring: InstantRing<Event>
  @usableFromInline var side: SideHeap<Event>
  @usableFromInline var wheel: TimingWheel<Event>

  /// An empty agenda whose clock shows `start`.
  @inlinable public init(startingAt start: Instant = .zero) {
    self.init(
      clock: start.nanoseconds, bottom: SortedBottom(), ring: InstantRing(), side: SideHeap(),
      wheel: TimingWheel())
  }

  @inlinable
  init(
    clock: Int64, bottom: consuming SortedBottom<Event>, ring: consuming InstantRing<Event>,
    side: consuming SideHeap<Event>, wheel: consuming TimingWheel<Event>
  ) {
    precondition(
      MemoryLayout<Event>.size <= 8 && MemoryLayout<Event>.alignment <= 8,
      "An event has at most 8 bytes; keep the rest in a table of its component.")
    self.clock = clock
    self.limit = clock
    self.bottom = bottom
    self.ring = ring
    self.side = side
    self.wheel = wheel
  }

  /// How many events are scheduled.
  @inlinable public var count: Int { bottom.count + aside + wheel.count }
  /// Whether no event is scheduled.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Schedules an event at an instant that is not in the past.
  @inlinable
  public mutating func schedule(
    _ event: Event, at instant: Instant, priority: EventPriority = .normal
  ) {
    let time = instant.nanoseconds
    if time < clock { Self.refuse(instant, now: now) }
    let order = UInt64(priority.rawValue) << Self.sequenceBits | sequence
    sequence &+= 1
    let entry = Entry(time: time, order: order, event: event)
    if time > limit {
      if wheel.count == 0, bottom.count < Self.smallCount {
        bottom.append(entry)
        limit = time
      } else {
        wheel.append(entry, above: limit)
      }
    } else {
      insertNear(entry)
    }
  }

  /// Schedules an event a span from now, which is not negative.
  @inlinable
  public mutating func schedule(
    _ event: Event, after span: TimeSpan, priority: EventPriority = .normal
  ) {
    schedule(event, at: now + span, priority: priority)
  }

  /// Takes the next event and sets the clock to its instant; nil if there is none.
  @inlinable
  public mutating func next() -> Event? {
    if bottom.isEmpty || aside > 0 { return nextOfMany() }
    let entry = bottom.removeFirst()
    clock = entry.time
    return entry.event
  }

  /// Takes the next event if it isn't later than `horizon`; otherwise nothing changes.
  @inlinable
  public mutating func next(notAfter horizon: Instant) -> Event? {
    if bottom.isEmpty || aside > 0 {
      guard let time = nextTime(within: horizon.nanoseconds), time <= horizon.nanoseconds else {
        return nil
      }
      return next()
    }
    guard bottom.first.time <= horizon.nanoseconds else { return nil }
    let entry = bottom.removeFirst()
    clock = entry.time
    return entry.event
  }

  /// When the next event happens; nil if there is none.
  public var nextTime: Instant? {
    @inlinable mutating get { nextTime(within: .max).map { Instant(nanoseconds: $0) } }
  }

  /// An independent twin with the same events, order and clock, as for a branch of a run.
  @inlinable public borrowing func copy() -> EventList {
    var twin = EventList(
      clock: clock, bottom: bottom.copy(), ring: ring.copy(), side: side.copy(), wheel: wheel.copy()
    )
    twin.limit = limit
    twin.sequence = sequence
    twin.aside = aside
    return twin
  }

  /// Sets the clock forward over a time in which nothing happens.
  @inlinable
  public mutating func advance(to instant: Instant) {
    if clock < instant.nanoseconds { clock = instant.nanoseconds }
  }

  @inlinable @inline(never)
  static func refuse(_ instant: Instant, now: Instant) -> Never {
    fatalError(
      "An event can't be scheduled in the past: it is for \(instant.nanoseconds) ns,"
        + " and the clock shows \(now.nanoseconds) ns.")
  }
}

extension EventList {
  /// Puts an event that isn't later than the limit where it belongs.
  @inlinable
  mutating func insertNear(_ entry: Entry) {
    if entry.time == clock, ring.accepts(entry) {
      ring.append(entry)
      aside += 1
      return
    }
    if bottom.count >= Self.crowdedCount, thinOut(), entry.time > limit {
      wheel.append(entry, above: limit)
      return
    }
    if !bottom.insert(entry) {
      side.insert(entry)
      aside += 1
    }
  }

  /// Lowers the limit, so that only the nearest sorted entries stay, and moves the others back to
  /// the wheel.
  /// - Returns: whether any moved; none do if all after the nearest few are of one instant.
  @inlinable @inline(never)
  mutating func thinOut() -> Bool {
    let lower = bottom.entries[bottom.head + Self.keptCount - 1].time
    guard lower < bottom.last.time else { return false }
    if wheel.count > 0 { wheel.lift(to: TimingWheel<Event>.level(of: lower, above: limit)) }
    limit = lower
    var kept = bottom.head + Self.keptCount
    while bottom.entries[kept].time == lower { kept += 1 }
    for index in kept..<bottom.tail { wheel.append(bottom.entries[index], above: limit) }
    bottom.tail = kept
    return true
  }

  /// `next()` where the nearest event isn't simply the first of the bottom.
  @inlinable @inline(never)
  mutating func nextOfMany() -> Event? {
    if bottom.isEmpty, wheel.count > 0 { limit = wheel.refill(&bottom) }
    if aside == 0 {
      guard !bottom.isEmpty else { return nil }
      let entry = bottom.removeFirst()
      clock = entry.time
      return entry.event
    }
    let entry: Entry
    switch nearestStore {
    case .bottom: entry = bottom.removeFirst()
    case .ring:
      entry = ring.removeFirst()
      aside -= 1
    case .side:
      entry = side.removeFirst()
      aside -= 1
    }
    clock = entry.time
    return entry.event
  }

  /// The time of the next event. If that is certainly beyond `horizon`, a lower bound beyond it.
  @inlinable
  mutating func nextTime(within horizon: Int64) -> Int64? {
    if bottom.isEmpty, wheel.count > 0 {
      if aside == 0 {
        let bound = wheel.earliest
        if bound > horizon { return bound }
      }
      limit = wheel.refill(&bottom)
    }
    if aside == 0 { return bottom.isEmpty ? nil : bottom.first.time }
    switch nearestStore {
    case .bottom: return bottom.first.time
    case .ring: return ring.first.time
    case .side: return side.first.time
    }
  }

  /// Which store holds the nearest event, given that the ring or the side heap has one.
  @inlinable var nearestStore: EventStore {
    var store = EventStore.side
    var nearest: Entry?
    if side.count > 0 { nearest = side.first }
    if ring.count > 0, nearest.map({ ring.first.precedes($0) }) ?? true {
      nearest = ring.first
      store = .ring
    }
    if !bottom.isEmpty, nearest.map({ bottom.first.precedes($0) }) ?? true { store = .bottom }
    return store
  }
}

/// The sorted stores of an event list.
@frozen @usableFromInline
enum EventStore { case bottom, ring, side }
