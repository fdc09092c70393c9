import DiscreteEvents
import Quantities
import TestSupport
import Testing

/// Delays between an event and the one it causes, in nanoseconds.
enum DelayLaw: String, CaseIterable, Sendable {
  case exponential, bimodal, kubernetes, ties, tiny, constant

  func draw(_ random: inout SeededGenerator) -> TimeSpan {
    switch self {
    case .exponential:
      return .seconds(-mathLog(random.unit()))
    case .bimodal:
      return random.below(10) == 0
        ? .seconds(9.1 + random.unit()) : .seconds(-0.1 * mathLog(random.unit()))
    case .kubernetes:
      switch random.below(100) {
      case ..<40:
        let shortest = 1_000_000 << random.below(8)
        return TimeSpan(nanoseconds: Int64(shortest + random.below(99_999)))
      case ..<70: return .seconds(0.5 + 4 * random.unit())
      case ..<90: return .seconds(10)
      case ..<98: return .seconds(300)
      default: return .seconds(3600 * random.unit())
      }
    case .ties:
      return random.below(10) < 3 ? .zero : .seconds(1 + random.below(4))
    case .tiny:
      return TimeSpan(nanoseconds: Int64(random.below(40)))
    case .constant:
      return .seconds(1)
    }
  }

  /// A logarithm good enough for test data, without a mathematical library: the series of
  /// 2 artanh((m - 1) / (m + 1)) for the significand m.
  private func mathLog(_ x: Double) -> Double {
    let z = (x.significand - 1) / (x.significand + 1)
    var term = z
    var sum = 0.0
    for k in 0..<12 {
      sum += term / Double(2 * k + 1)
      term *= z * z
    }
    return 2 * sum + Double(x.exponent) * 0.6931471805599453
  }
}

@Suite("Event list against a heap")
struct DifferentialTests {
  /// Takes and schedules in turn over a steady number of events, then takes all.
  private func hold<A: Agenda & ~Copyable>(
    _ agenda: inout A, law: DelayLaw, size: Int, holds: Int, priorities: [EventPriority]
  ) -> PopHash where A.Event == UInt32 {
    var random = SeededGenerator(seed: 42)
    var hash = PopHash()
    var number: UInt32 = 0
    func schedule(_ agenda: inout A) {
      let priority = priorities[random.below(priorities.count)]
      agenda.schedule(number, at: agenda.now + law.draw(&random), priority: priority)
      number += 1
    }
    for _ in 0..<size { schedule(&agenda) }
    for _ in 0..<holds {
      guard let event = agenda.next() else { break }
      hash.take(agenda.now, event)
      schedule(&agenda)
    }
    while let event = agenda.next() { hash.take(agenda.now, event) }
    return hash
  }

  @Test(
    "Both take the same events at the same instants",
    arguments: DelayLaw.allCases, [1, 10, 30, 100, 3_000])
  func sameOrder(law: DelayLaw, size: Int) {
    for priorities in [[EventPriority.normal], EventPriority.allCases] {
      var list = EventList<UInt32>()
      var heap = HeapEventList<UInt32>()
      let actual = hold(&list, law: law, size: size, holds: 5_000, priorities: priorities)
      let expected = hold(&heap, law: law, size: size, holds: 5_000, priorities: priorities)
      #expect(actual == expected)
    }
  }

  /// The textbook ladder shifts half of all tied events for each new one: minutes here, not a second.
  @Test("Ties don't make it quadratic", .timeLimit(.minutes(1)))
  func tiePathology() {
    var random = SeededGenerator(seed: 3)
    var list = EventList<UInt32>()
    var number: UInt32 = 0
    for _ in 0..<60_000 {
      list.schedule(number, after: DelayLaw.ties.draw(&random))
      number += 1
    }
    var last = (time: Int64.min, event: UInt32(0))
    var inOrder = true
    while let event = list.next() {
      let taken = (time: list.now.nanoseconds, event: event)
      inOrder = inOrder && last < taken
      last = taken
      if number < 120_000 {
        list.schedule(number, after: DelayLaw.ties.draw(&random))
        number += 1
      }
    }
    #expect(inOrder)
    let left = list.count
    #expect(left == 0)
  }

  @Test("Ties of mixed priorities don't make it quadratic either", .timeLimit(.minutes(1)))
  func mixedTies() {
    var random = SeededGenerator(seed: 4)
    var list = EventList<UInt32>()
    for number in 0..<60_000 {
      list.schedule(
        UInt32(number % 5), at: .seconds(1), priority: EventPriority.allCases[number % 5])
    }
    var added = 0
    var last = UInt32(0)
    while let event = list.next() {
      #expect(event >= last)
      last = event
      let priority = Int(last) + random.below(5 - Int(last))
      if added < 60_000 {
        list.schedule(UInt32(priority), after: .zero, priority: EventPriority.allCases[priority])
        added += 1
      }
    }
  }

  @Test("A list that breaks ties the other way is noticed")
  func mutant() {
    var heap = HeapEventList<UInt32>()
    var reversed = Reversed()
    let expected = hold(&heap, law: .ties, size: 100, holds: 500, priorities: [.normal])
    let actual = hold(&reversed, law: .ties, size: 100, holds: 500, priorities: [.normal])
    #expect(actual != expected)
  }

  @Test("Random bursts of scheduling and taking agree", arguments: 0..<24)
  func interleavings(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var list = EventList<UInt32>()
    var heap = HeapEventList<UInt32>()
    var number: UInt32 = 0
    for _ in 0..<60 {
      let law = DelayLaw.allCases[random.below(DelayLaw.allCases.count)]
      // Far first and then near is what a limit set too high must survive.
      let base = TimeSpan(nanoseconds: Int64(1) << random.below(50))
      for _ in 0..<random.below(300) {
        let priority = EventPriority.allCases[random.below(5)]
        let delay = random.below(3) == 0 ? base + law.draw(&random) : law.draw(&random)
        list.schedule(number, at: list.now + delay, priority: priority)
        heap.schedule(number, at: heap.now + delay, priority: priority)
        number += 1
      }
      for _ in 0..<random.below(300) {
        if random.below(4) == 0 {
          let ahead = list.nextTime
          #expect(ahead == nil || ahead! >= list.now)
        }
        let actual = list.next()
        let expected = heap.next()
        let instants = [list.now, heap.now]
        #expect(actual == expected)
        #expect(instants[0] == instants[1])
      }
      let counts = [list.count, heap.count]
      #expect(counts[0] == counts[1])
    }
  }

  @Test("Descending times, each nearer than all before, agree")
  func descending() {
    var list = EventList<UInt32>()
    var heap = HeapEventList<UInt32>()
    for number in 0..<20_000 {
      let instant = Instant(nanoseconds: Int64(20_000 - number) * 10_007)
      list.schedule(UInt32(number), at: instant)
      heap.schedule(UInt32(number), at: instant, priority: .normal)
    }
    var same = true
    while let expected = heap.next() { same = list.next() == expected && same }
    #expect(same)
    let left = list.count
    #expect(left == 0)
  }

  /// The oracle with the last of equal events first.
  private struct Reversed: ~Copyable, Agenda {
    var entries: [(time: Int64, event: UInt32)] = []
    var now = Instant.zero
    var count: Int { entries.count }

    mutating func schedule(_ event: UInt32, at instant: Instant, priority: EventPriority) {
      entries.append((instant.nanoseconds, event))
    }

    mutating func next() -> UInt32? {
      guard let time = entries.map(\.time).min() else { return nil }
      now = Instant(nanoseconds: time)
      return entries.remove(at: entries.lastIndex { $0.time == time }!).event
    }
  }
}
