/// A run of entries in a slot of the wheel, linked to the run that was filled before it.
@frozen @usableFromInline
struct EntryRun<Event: BitwiseCopyable & Sendable>: BitwiseCopyable {
  /// Entries in a full run; a power of two.
  @inlinable static var length: Int { 16 }
  @inlinable static var byteCount: Int {
    MemoryLayout<Int>.stride + length * MemoryLayout<EventEntry<Event>>.stride
  }

  @usableFromInline let base: UnsafeMutableRawPointer

  @inlinable init(base: UnsafeMutableRawPointer) { self.base = base }

  /// The address of the run filled before this one, or nil.
  @inlinable @inline(__always)
  var previous: UnsafeMutableRawPointer? {
    get { base.load(as: UnsafeMutableRawPointer?.self) }
    nonmutating set { base.storeBytes(of: newValue, as: UnsafeMutableRawPointer?.self) }
  }

  @inlinable @inline(__always)
  var entries: UnsafeMutablePointer<EventEntry<Event>> {
    (base + MemoryLayout<Int>.stride).assumingMemoryBound(to: EventEntry<Event>.self)
  }
}

/// Owns the memory of all runs; freed runs are used again, the last freed first.
@frozen @usableFromInline
struct EntryPool<Event: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline typealias Run = EntryRun<Event>

  @usableFromInline var free: UnsafeMutableRawPointer?
  /// The part of the newest block that was never used.
  @usableFromInline var fresh: UnsafeMutableRawPointer?
  @usableFromInline var freshCount = 0
  /// The newest block; each begins with the address of the one before.
  @usableFromInline var blocks: UnsafeMutableRawPointer?
  @usableFromInline var nextBlock = 32

  @inlinable init() {}

  @inlinable deinit {
    var block = blocks
    while let address = block {
      block = address.load(as: UnsafeMutableRawPointer?.self)
      address.deallocate()
    }
  }

  @inlinable @inline(__always)
  mutating func take() -> Run {
    if let address = free {
      let run = Run(base: address)
      free = run.previous
      return run
    }
    return takeFresh()
  }

  @inlinable @inline(__always)
  mutating func putBack(_ run: Run) {
    run.previous = free
    free = run.base
  }

  @inlinable @inline(never)
  mutating func takeFresh() -> Run {
    if freshCount == 0 {
      let link = MemoryLayout<Int>.stride
      let block = UnsafeMutableRawPointer.allocate(
        byteCount: link + nextBlock * Run.byteCount, alignment: link)
      block.storeBytes(of: blocks, as: UnsafeMutableRawPointer?.self)
      blocks = block
      fresh = block + link
      freshCount = nextBlock
      nextBlock = min(nextBlock * 2, 4096)
    }
    let run = Run(base: fresh!)
    fresh = fresh! + Run.byteCount
    freshCount -= 1
    return run
  }
}
