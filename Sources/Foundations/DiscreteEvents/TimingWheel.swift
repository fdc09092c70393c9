/// The entries of one slot of the wheel, in the order in which they came.
@frozen @usableFromInline
struct WheelSlot: BitwiseCopyable {
  /// The run that is being filled; those before it are full.
  @usableFromInline var newest: UnsafeMutableRawPointer?
  @usableFromInline var count: Int
  @inlinable init() {
    newest = nil
    count = 0
  }
}

/// Events too far away to be sorted yet, by the digits of their time in base 256.
///
/// The wheel knows a *limit*: all its events are later. An event lies on the level of the highest
/// digit in which its time differs from the limit, in the slot of that digit. So the lowest occupied
/// slot of the lowest occupied level holds the nearest events, whatever the delays are: nanoseconds
/// and hours need no tuning. (Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987;
/// Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem", 1990, for
/// the radix order.)
@frozen @usableFromInline
struct TimingWheel<Event: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline typealias Entry = EventEntry<Event>
  @usableFromInline typealias Run = EntryRun<Event>

  /// Bits of a digit.
  @inlinable static var bits: Int { 8 }
  @inlinable static var width: Int { 1 << bits }
  @inlinable static var levels: Int { 64 / bits }
  @inlinable static var wordsPerLevel: Int { width / 64 }
  /// A slot with more entries is spread over the level below before anything is sorted.
  @inlinable static var sortable: Int { 48 }
  /// Slots are gathered until so many entries are sorted.
  @inlinable static var batch: Int { 12 }

  @usableFromInline let slots: UnsafeMutablePointer<WheelSlot>
  /// One bit per slot, set while the slot has entries.
  @usableFromInline let occupied: UnsafeMutablePointer<UInt64>
  /// One bit per level, set while the level has entries.
  @usableFromInline var occupiedLevels: UInt64 = 0
  @usableFromInline var count = 0
  @usableFromInline var pool = EntryPool<Event>()

  @inlinable init() {
    slots = .allocate(capacity: Self.levels * Self.width)
    slots.initialize(repeating: WheelSlot(), count: Self.levels * Self.width)
    occupied = .allocate(capacity: Self.levels * Self.wordsPerLevel)
    occupied.initialize(repeating: 0, count: Self.levels * Self.wordsPerLevel)
  }

  @inlinable deinit {
    slots.deallocate()
    occupied.deallocate()
  }

  /// The time as an unsigned number of the same order.
  @inlinable @inline(__always)
  static func key(_ time: Int64) -> UInt64 { UInt64(bitPattern: time) ^ (1 << 63) }

  @inlinable @inline(__always)
  static func level(of time: Int64, above limit: Int64) -> Int {
    let difference = UInt64(bitPattern: time ^ limit) | 1
    return (63 - difference.leadingZeroBitCount) / bits
  }

  @inlinable @inline(__always)
  static func digit(of time: Int64, on level: Int) -> Int {
    Int(truncatingIfNeeded: key(time) >> UInt64(truncatingIfNeeded: level * bits)) & (width - 1)
  }

  /// Adds an event that is later than the limit.
  @inlinable @inline(__always)
  mutating func append(_ entry: Entry, above limit: Int64) {
    place(entry, on: Self.level(of: entry.time, above: limit))
    count += 1
  }

  @inlinable @inline(__always)
  mutating func place(_ entry: Entry, on level: Int) {
    let digit = Self.digit(of: entry.time, on: level)
    let slot = slots + (level * Self.width + digit)
    let filled = slot.pointee.count & (Run.length - 1)
    if filled == 0 {
      let run = pool.take()
      run.previous = slot.pointee.newest
      slot.pointee.newest = run.base
      occupied[level * Self.wordsPerLevel + digit >> 6] |= 1 << UInt64(digit & 63)
      occupiedLevels |= 1 << UInt64(level)
    }
    Run(base: slot.pointee.newest.unsafelyUnwrapped).entries[filled] = entry
    slot.pointee.count += 1
  }

  /// The lowest occupied slot of a level, or nil.
  @inlinable @inline(__always)
  func firstSlot(on level: Int) -> Int? {
    for word in 0..<Self.wordsPerLevel {
      let bits = occupied[level * Self.wordsPerLevel + word]
      if bits != 0 { return word * 64 + bits.trailingZeroBitCount }
    }
    return nil
  }

  /// Takes a slot's entries out of the wheel.
  /// - Returns: the slot as it was, and its oldest run, whose `previous` now leads to newer runs.
  @inlinable
  mutating func takeSlot(_ digit: Int, on level: Int) -> (slot: WheelSlot, oldest: Run) {
    let index = level * Self.width + digit
    let slot = slots[index]
    slots[index] = WheelSlot()
    let word = level * Self.wordsPerLevel + digit >> 6
    occupied[word] &= ~(1 << UInt64(digit & 63))
    if occupied[word] == 0, firstSlot(on: level) == nil {
      occupiedLevels &= ~(1 << UInt64(level))
    }
    var newer: UnsafeMutableRawPointer?
    var run = Run(base: slot.newest.unsafelyUnwrapped)
    while let older = run.previous {
      run.previous = newer
      newer = run.base
      run = Run(base: older)
    }
    run.previous = newer
    return (slot, run)
  }

  /// Moves the nearest events, sorted, into an empty bottom.
  /// - Returns: the new limit: the end of the last slot moved.
  @inlinable @inline(never)
  mutating func refill(_ bottom: inout SortedBottom<Event>) -> Int64 {
    bottom.reset()
    var level = occupiedLevels.trailingZeroBitCount
    var digit = firstSlot(on: level).unsafelyUnwrapped
    while level > 0, slots[level * Self.width + digit].count > Self.sortable {
      move(digit, on: level, to: level - 1)
      level -= 1
      digit = firstSlot(on: level).unsafelyUnwrapped
    }
    var end: Int64
    repeat {
      end = gather(digit, on: level, into: &bottom)
      guard bottom.count < Self.batch, let next = firstSlot(on: level) else { break }
      digit = next
    } while slots[level * Self.width + digit].count <= Self.sortable
    return end
  }

  /// Distributes a slot of one level over the slots of another.
  @inlinable
  mutating func move(_ digit: Int, on level: Int, to target: Int) {
    var (slot, run) = takeSlot(digit, on: level)
    while slot.count > 0 {
      let length = min(slot.count, Run.length)
      for index in 0..<length { place(run.entries[index], on: target) }
      slot.count -= length
      let newer = run.previous
      pool.putBack(run)
      guard let newer else { break }
      run = Run(base: newer)
    }
  }

  /// Appends a slot's entries to the bottom and sorts them.
  /// - Returns: the last instant that belongs to the slot.
  @inlinable
  mutating func gather(
    _ digit: Int, on level: Int, into bottom: inout SortedBottom<Event>
  ) -> Int64 {
    var (slot, run) = takeSlot(digit, on: level)
    let time = run.entries[0].time
    let start = bottom.tail
    count -= slot.count
    if bottom.tail + slot.count > bottom.capacity { bottom.makeRoom(for: slot.count) }
    while slot.count > 0 {
      let length = min(slot.count, Run.length)
      (bottom.entries + bottom.tail).update(from: run.entries, count: length)
      bottom.tail += length
      slot.count -= length
      let newer = run.previous
      pool.putBack(run)
      guard let newer else { break }
      run = Run(base: newer)
    }
    bottom.sort(from: start)
    return time | ((1 << Int64(level * Self.bits)) - 1)
  }

  /// Moves the events of the levels below `level` up to it, for a limit that differs from the old
  /// one on that level.
  @inlinable @inline(never)
  mutating func lift(to level: Int) {
    while occupiedLevels.trailingZeroBitCount < level {
      let low = occupiedLevels.trailingZeroBitCount
      move(firstSlot(on: low).unsafelyUnwrapped, on: low, to: level)
    }
  }

  /// The first instant of the nearest occupied slot: no event is earlier. Only if there are events.
  @inlinable var earliest: Int64 {
    let level = occupiedLevels.trailingZeroBitCount
    let digit = firstSlot(on: level).unsafelyUnwrapped
    let run = Run(base: slots[level * Self.width + digit].newest.unsafelyUnwrapped)
    return run.entries[0].time & ~((1 << Int64(level * Self.bits)) - 1)
  }

  @inlinable borrowing func copy() -> TimingWheel {
    var twin = TimingWheel()
    twin.count = count
    twin.occupiedLevels = occupiedLevels
    twin.occupied.update(from: occupied, count: Self.levels * Self.wordsPerLevel)
    for index in 0..<(Self.levels * Self.width) {
      var source = slots[index].newest
      var newer: Run?
      while let address = source {
        let run = twin.pool.take()
        run.base.copyMemory(from: address, byteCount: Run.byteCount)
        run.previous = nil
        if let newer { newer.previous = run.base } else { twin.slots[index].newest = run.base }
        newer = run
        source = Run(base: address).previous
      }
      twin.slots[index].count = slots[index].count
    }
    return twin
  }
}
