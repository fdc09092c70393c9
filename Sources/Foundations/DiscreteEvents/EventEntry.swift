/// What the event list stores for one event: 24 bytes.
@frozen @usableFromInline
struct EventEntry<Event: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
  /// When it happens, in nanoseconds on the simulation clock.
  @usableFromInline let time: Int64
  /// Priority in the upper 4 bits, number of the scheduling call in the lower 60.
  @usableFromInline let order: UInt64
  @usableFromInline let event: Event

  @inlinable init(time: Int64, order: UInt64, event: Event) {
    self.time = time
    self.order = order
    self.event = event
  }

  /// The total order (time, priority, sequence); no two entries are equal in it.
  @inlinable @inline(__always)
  func precedes(_ other: EventEntry) -> Bool {
    time != other.time ? time < other.time : order < other.order
  }
}
