import DiscreteEvents
import Quantities
import TestSupport

/// What the event list and its oracle have in common.
protocol Agenda<Event>: ~Copyable {
  associatedtype Event: BitwiseCopyable & Sendable
  var now: Instant { get }
  var count: Int { get }
  mutating func schedule(_ event: Event, at instant: Instant, priority: EventPriority)
  mutating func next() -> Event?
}

extension EventList: Agenda {}

/// The oracle: a 4-ary heap over an array, with nothing clever in it.
struct HeapEventList<Event: BitwiseCopyable & Sendable>: ~Copyable, Agenda {
  private typealias Entry = (time: Int64, priority: UInt8, sequence: Int, event: Event)
  private var entries: [Entry] = []
  private var scheduled = 0
  private(set) var now = Instant.zero

  var count: Int { entries.count }

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    (a.time, a.priority, a.sequence) < (b.time, b.priority, b.sequence)
  }

  mutating func schedule(_ event: Event, at instant: Instant, priority: EventPriority) {
    entries.append((instant.nanoseconds, priority.rawValue, scheduled, event))
    scheduled += 1
    var place = entries.count - 1
    while place > 0, Self.precedes(entries[place], entries[(place - 1) / 4]) {
      entries.swapAt(place, (place - 1) / 4)
      place = (place - 1) / 4
    }
  }

  mutating func next() -> Event? {
    guard let top = entries.first else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var place = 0
    while 4 * place + 1 < entries.count {
      let children = (4 * place + 1)..<min(4 * place + 5, entries.count)
      let least = children.min { Self.precedes(entries[$0], entries[$1]) }!
      guard Self.precedes(entries[least], entries[place]) else { break }
      entries.swapAt(least, place)
      place = least
    }
    now = Instant(nanoseconds: top.time)
    return top.event
  }
}

extension SeededGenerator {
  /// A number in (0, 1].
  mutating func unit() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }
}

/// A hash over everything that was taken from an agenda, in order.
struct PopHash: Equatable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func take(_ time: Instant, _ event: UInt32) {
    for word in [UInt64(bitPattern: time.nanoseconds), UInt64(event)] {
      value = (value ^ word) &* 0x0000_0100_0000_01b3
      value ^= value >> 29
    }
  }
}
