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
  ///
  /// Written without a branch: in a queue the outcome is close to a coin toss.
  @inlinable @inline(__always)
  func precedes(_ other: EventEntry) -> Bool {
    let mine = UInt128(truncatingIfNeeded: UInt64(bitPattern: time) ^ (1 << 63)) << 64
    let others = UInt128(truncatingIfNeeded: UInt64(bitPattern: other.time) ^ (1 << 63)) << 64
    return (mine | UInt128(order)) < (others | UInt128(other.order))
  }
}
