import Quantities
import Testing

@testable import DiscreteEvents

@Suite("Event list")
struct EventListTests {
  @Test("An entry takes 24 bytes, whatever the event is")
  func entrySize() {
    enum Small: BitwiseCopyable { case one, two }
    #expect(MemoryLayout<EventEntry<UInt64>>.stride == 24)
    #expect(MemoryLayout<EventEntry<UInt8>>.stride == 24)
    #expect(MemoryLayout<EventEntry<Small>>.stride == 24)
  }

  @Test("An event of more than 8 bytes is refused")
  func largeEvent() async {
    await #expect(processExitsWith: .failure) {
      struct Large: BitwiseCopyable { var a = 0, b = 0 }
      let agenda = EventList<Large>()
      _ = agenda.count
    }
  }

  @Test("Scheduling in the past is refused")
  func past() async {
    await #expect(processExitsWith: .failure) {
      var agenda = EventList<Int>()
      agenda.schedule(1, at: Instant(nanoseconds: 5))
      _ = agenda.next()
      agenda.schedule(2, at: Instant(nanoseconds: 4))
    }
  }

  @Test("Events of one instant happen by priority, then in the order of scheduling")
  func totalOrder() {
    var agenda = EventList<Int>()
    let second = Instant.seconds(1)
    agenda.schedule(7, at: second, priority: .sampling)
    agenda.schedule(3, at: second)
    agenda.schedule(4, at: second, priority: .arrivals)
    agenda.schedule(1, at: second, priority: .faults)
    agenda.schedule(5, at: second, priority: .control)
    agenda.schedule(6, at: second, priority: .control)
    agenda.schedule(2, at: second, priority: .completions)
    agenda.schedule(0, at: Instant(nanoseconds: 999_999_999), priority: .sampling)
    #expect(taken(&agenda) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(EventPriority.allCases.allSatisfy { $0.rawValue < 16 })
  }

  @Test("An event without delay keeps its place by priority among those of its instant")
  func zeroDelay() {
    var agenda = EventList<Int>()
    for event in 10..<14 { agenda.schedule(event, at: .seconds(1), priority: .control) }
    #expect(agenda.next() == 10)
    agenda.schedule(20, after: .zero, priority: .control)
    agenda.schedule(30, after: .zero, priority: .sampling)
    agenda.schedule(21, after: .zero, priority: .control)
    agenda.schedule(1, after: .zero, priority: .faults)
    agenda.schedule(31, after: .zero, priority: .sampling)
    agenda.schedule(2, after: .zero, priority: .completions)
    #expect(taken(&agenda) == [1, 2, 11, 12, 13, 20, 21, 30, 31])
  }

  @Test("The clock moves with the events, and a look ahead doesn't move it")
  func clock() {
    var agenda = EventList<Int>(startingAt: .seconds(-5))
    agenda.schedule(1, after: .seconds(2))
    agenda.schedule(2, at: .seconds(3600))
    let ahead = agenda.nextTime
    #expect(ahead == .seconds(-3))
    #expect(agenda.now == .seconds(-5))
    let tooEarly = agenda.next(notAfter: .seconds(-4))
    #expect(tooEarly == nil)
    #expect(agenda.next() == 1)
    #expect(agenda.now == .seconds(-3))
    #expect(agenda.count == 1)
    let inTime = agenda.next(notAfter: .seconds(3600))
    #expect(inTime == 2)
    let none = agenda.nextTime
    #expect(none == nil)
    let left = agenda.count
    #expect(left == 0)
  }

  @Test("Instants at both ends of the range are ordered")
  func extremes() {
    var agenda = EventList<Int>(startingAt: Instant(nanoseconds: .min))
    agenda.schedule(4, at: .distantFuture)
    agenda.schedule(2, at: .zero)
    agenda.schedule(1, at: Instant(nanoseconds: -1))
    agenda.schedule(0, at: Instant(nanoseconds: .min))
    agenda.schedule(3, at: Instant(nanoseconds: .max - 1))
    for event in 5..<200 { agenda.schedule(event, at: .distantFuture) }
    #expect(taken(&agenda) == Array(0..<200))
  }

  private func taken(_ agenda: inout EventList<Int>) -> [Int] {
    var events: [Int] = []
    while let event = agenda.next() { events.append(event) }
    return events
  }
}
