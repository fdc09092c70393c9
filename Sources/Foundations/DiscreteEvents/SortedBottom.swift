/// The nearest events in order: an array with room at both ends.
///
/// Insertion moves the shorter side, and at most ``reach`` entries: what would move more is refused
/// and belongs into the side heap. Without that bound, many events of one instant cost a square.
@frozen @usableFromInline
struct SortedBottom<Event: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline typealias Entry = EventEntry<Event>

  /// The most entries that one insertion moves.
  @inlinable static var reach: Int { 32 }
  /// Free places kept in front, for events before the first.
  @inlinable static var margin: Int { 64 }

  @usableFromInline var entries: UnsafeMutablePointer<Entry>
  @usableFromInline var capacity: Int
  @usableFromInline var head: Int
  @usableFromInline var tail: Int

  @inlinable init(capacity: Int = 256) {
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
    head = Self.margin
    tail = Self.margin
  }

  @inlinable deinit { entries.deallocate() }

  @inlinable @inline(__always) var count: Int { tail - head }
  @inlinable @inline(__always) var isEmpty: Bool { head == tail }
  @inlinable @inline(__always) var first: Entry { entries[head] }
  @inlinable @inline(__always) var last: Entry { entries[tail - 1] }

  @inlinable @inline(__always)
  mutating func removeFirst() -> Entry {
    let entry = entries[head]
    head += 1
    return entry
  }

  /// Adds an entry that comes after all others.
  @inlinable @inline(__always)
  mutating func append(_ entry: Entry) {
    if tail == capacity { makeRoom(for: 1) }
    entries[tail] = entry
    tail += 1
  }

  /// Puts an entry in its place, unless that moves too many.
  /// - Returns: whether it was inserted.
  @inlinable @inline(__always)
  mutating func insert(_ entry: Entry) -> Bool {
    if isEmpty {
      append(entry)
      return true
    }
    let half = count >> 1
    if entry.precedes(entries[head + half]) {
      if half > Self.reach, !entry.precedes(entries[head + Self.reach]) { return false }
      if head == 0 { makeRoom(for: 1) }
      var place = head
      while entries[place].precedes(entry) {
        entries[place - 1] = entries[place]
        place += 1
      }
      entries[place - 1] = entry
      head -= 1
    } else {
      if half > Self.reach, !entries[tail - 1 - Self.reach].precedes(entry) { return false }
      if tail == capacity { makeRoom(for: 1) }
      var place = tail
      while entry.precedes(entries[place - 1]) {
        entries[place] = entries[place - 1]
        place -= 1
      }
      entries[place] = entry
      tail += 1
    }
    return true
  }

  /// Sorts the entries from `start` on, which all come after those before `start`.
  @inlinable
  mutating func sort(from start: Int) {
    if tail - start > 48 {
      var unsorted = UnsafeMutableBufferPointer(start: entries + start, count: tail - start)
      unsorted.sort { $0.precedes($1) }
      return
    }
    var next = start + 1
    while next < tail {
      let entry = entries[next]
      var place = next
      while place > start, entry.precedes(entries[place - 1]) {
        entries[place] = entries[place - 1]
        place -= 1
      }
      entries[place] = entry
      next += 1
    }
  }

  /// Makes free places at both ends: in front for the margin, at the end for `additional` entries.
  @inlinable @inline(never)
  mutating func makeRoom(for additional: Int) {
    let needed = Self.margin + count + max(additional, Self.margin)
    if needed > capacity {
      let wider = max(needed, capacity * 2)
      let moved = UnsafeMutablePointer<Entry>.allocate(capacity: wider)
      (moved + Self.margin).update(from: entries + head, count: count)
      entries.deallocate()
      entries = moved
      capacity = wider
    } else {
      (entries + Self.margin).update(from: entries + head, count: count)
    }
    tail = Self.margin + count
    head = Self.margin
  }

  /// Starts anew; only for an empty one.
  @inlinable @inline(__always)
  mutating func reset() {
    head = Self.margin
    tail = Self.margin
  }

  @inlinable borrowing func copy() -> SortedBottom {
    var twin = SortedBottom(capacity: max(256, count + 2 * Self.margin))
    (twin.entries + twin.head).update(from: entries + head, count: count)
    twin.tail += count
    return twin
  }
}
