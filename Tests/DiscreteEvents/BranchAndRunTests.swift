import DiscreteEvents
import Quantities
import TestSupport
import Testing

@Suite("Branches of an agenda")
struct BranchTests {
  @Test("A copy goes on like the original, and neither disturbs the other")
  func branches() {
    for law in DelayLaw.allCases {
      var random = SeededGenerator(seed: 7)
      var original = EventList<UInt32>()
      for number in 0..<2_000 {
        let priority = EventPriority.allCases[number % 5]
        original.schedule(UInt32(number), after: law.draw(&random), priority: priority)
      }
      for number in 0..<1_000 {
        _ = original.next()
        original.schedule(UInt32(number), after: number % 3 == 0 ? .zero : law.draw(&random))
      }
      var branch = original.copy()
      var control = original.copy()
      let first = goOn(&branch, law, &random)
      // The branch went on with its own luck; the original takes what it held at the fork.
      let left = goOn(&original, nil, &random)
      let expected = goOn(&control, nil, &random)
      #expect(left == expected)
      #expect(first != expected)
    }
  }

  private func goOn(
    _ agenda: inout EventList<UInt32>, _ law: DelayLaw?, _ random: inout SeededGenerator
  ) -> PopHash {
    var hash = PopHash()
    var extra: UInt32 = 100_000
    while let event = agenda.next() {
      hash.take(agenda.now, event)
      if let law, extra < 101_000 {
        agenda.schedule(extra, after: law.draw(&random))
        extra += 1
      }
    }
    return hash
  }
}

@Suite("Run loop")
struct RunLoopTests {
  /// Counts ticks, one a second.
  private struct Clockwork: ~Copyable, SimulationModel {
    enum Event: BitwiseCopyable, Sendable { case tick }
    var ticks = 0
    var most = Int.max
    var isFinished: Bool { ticks >= most }

    mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
      ticks += 1
      agenda.schedule(.tick, after: .seconds(1))
    }
  }

  @Test("A run includes its horizon and leaves the clock there")
  func horizon() {
    var agenda = EventList<Clockwork.Event>()
    agenda.schedule(.tick, at: .seconds(1))
    var model = Clockwork()
    let happened = run(&model, agenda: &agenda, until: .seconds(10))
    #expect(happened == 10)
    #expect(agenda.now == .seconds(10))
    run(&model, agenda: &agenda, until: .seconds(12.5))
    #expect(model.ticks == 12)
    #expect(agenda.now == .seconds(12.5))
    agenda.schedule(.tick, at: agenda.now, priority: .sampling)
    run(&model, agenda: &agenda, until: .seconds(12.75))
    #expect(model.ticks == 13)
  }

  @Test("A finished model stops the run at its last event")
  func finished() {
    var agenda = EventList<Clockwork.Event>()
    agenda.schedule(.tick, at: .seconds(1))
    var model = Clockwork(most: 3)
    let happened = run(&model, agenda: &agenda, until: .distantFuture)
    #expect(happened == 3)
    #expect(agenda.now == .seconds(3))
    #expect(agenda.count == 1)
  }
}
