/// The events of the present instant in order: a ring, first in, first out.
@frozen @usableFromInline
struct InstantRing<Event: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline typealias Entry = EventEntry<Event>

  @usableFromInline var entries: UnsafeMutablePointer<Entry>
  /// Number of places less one; the number is a power of two.
  @usableFromInline var mask: Int
  @usableFromInline var start: Int
  @usableFromInline var count: Int

  @inlinable init(capacity: Int = 16) {
    entries = .allocate(capacity: capacity)
    mask = capacity - 1
    start = 0
    count = 0
  }

  @inlinable deinit { entries.deallocate() }

  @inlinable var first: Entry { entries[start & mask] }

  /// Whether an entry of the present instant comes after all that are here.
  @inlinable func accepts(_ entry: Entry) -> Bool {
    count == 0 || entries[(start + count - 1) & mask].precedes(entry)
  }

  @inlinable
  mutating func append(_ entry: Entry) {
    if count > mask { grow() }
    entries[(start + count) & mask] = entry
    count += 1
  }

  @inlinable
  mutating func removeFirst() -> Entry {
    let entry = entries[start & mask]
    start = (start + 1) & mask
    count -= 1
    return entry
  }

  @inlinable @inline(never)
  mutating func grow() {
    let capacity = mask + 1
    let wider = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
    for index in 0..<count { wider[index] = entries[(start + index) & mask] }
    entries.deallocate()
    entries = wider
    mask = 2 * capacity - 1
    start = 0
  }

  @inlinable borrowing func copy() -> InstantRing {
    let twin = InstantRing(capacity: mask + 1, start: start, count: count)
    twin.entries.update(from: entries, count: mask + 1)
    return twin
  }

  @inlinable init(capacity: Int, start: Int, count: Int) {
    self.init(capacity: capacity)
    self.start = start
    self.count = count
  }
}
