/// A plain 4-ary heap for the few entries that fit nowhere else cheaply.
@frozen @usableFromInline
struct SideHeap<Event: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline typealias Entry = EventEntry<Event>

  @usableFromInline var entries: UnsafeMutablePointer<Entry>
  @usableFromInline var capacity: Int
  @usableFromInline var count: Int

  @inlinable init(capacity: Int = 16) {
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
    count = 0
  }

  @inlinable deinit { entries.deallocate() }

  @inlinable var first: Entry { entries[0] }

  @inlinable @inline(never)
  mutating func insert(_ entry: Entry) {
    if count == capacity {
      let wider = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
      wider.update(from: entries, count: count)
      entries.deallocate()
      entries = wider
      capacity *= 2
    }
    var place = count
    count += 1
    while place > 0 {
      let parent = (place - 1) >> 2
      guard entry.precedes(entries[parent]) else { break }
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
  }

  @inlinable @inline(never)
  mutating func removeFirst() -> Entry {
    let top = entries[0]
    count -= 1
    let moved = entries[count]
    var place = 0
    while true {
      let child = 4 * place + 1
      guard child < count else { break }
      var least = child
      for other in (child + 1)..<max(child + 1, min(child + 4, count))
      where entries[other].precedes(entries[least]) {
        least = other
      }
      guard entries[least].precedes(moved) else { break }
      entries[place] = entries[least]
      place = least
    }
    entries[place] = moved
    return top
  }

  @inlinable borrowing func copy() -> SideHeap {
    var twin = SideHeap(capacity: max(16, count))
    twin.entries.update(from: entries, count: count)
    twin.count = count
    return twin
  }
}
