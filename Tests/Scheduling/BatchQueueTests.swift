import Quantities
import Scheduling
import TestSupport
import Testing

/// Batch queues on four machines, by hand, and laws over made-up jobs.
@Suite("Batch queues")
struct BatchQueueTests {
  struct Line: Sendable {
    var submitted: Int
    var machines: Int
    var requested: Int
    /// How long it really runs; nil: as requested.
    var runs: Int?
  }

  /// Lets jobs pass through a queue; returns the second at which each starts.
  private func starts(
    _ lines: [Line], machines: Int, _ policy: BatchPolicy,
    check: (BatchStart, Int) -> Void = { _, _ in }, completed: (Int) -> Void = { _ in }
  ) -> [Int] {
    var queue = BatchQueue(machines: machines, policy: policy)
    var starts = [Int](repeating: -1, count: lines.count)
    var ends: [(time: Int, id: Int)] = []
    var arriving = 0
    while arriving < lines.count || !ends.isEmpty {
      ends.sort { ($0.time, $0.id) < ($1.time, $1.id) }
      let arrival = arriving < lines.count ? lines[arriving].submitted : Int.max
      let now = min(arrival, ends.first?.time ?? Int.max)
      func decide() {
        for start in queue.decide(at: Instant.seconds(Double(now))) {
          let id = start.job.id
          check(start, now)
          starts[id] = now
          ends.append((now + (lines[id].runs ?? lines[id].requested), id))
        }
      }
      func arrive() {
        let line = lines[arriving]
        queue.submit(
          BatchJob(
            id: arriving, submitted: Instant.seconds(Double(line.submitted)),
            machines: line.machines, requested: .seconds(line.requested)))
        arriving += 1
      }
      func complete() {
        let id = ends.removeFirst().id
        completed(id)
        queue.complete(id)
      }
      if queue.policy.decidesAfterEveryEvent {
        if arrival == now { arrive() } else { complete() }
      } else {
        while let first = ends.first, first.time == now { complete() }
        while arriving < lines.count, lines[arriving].submitted == now { arrive() }
      }
      decide()
    }
    return starts
  }

  private static let narrow = [
    Line(submitted: 0, machines: 3, requested: 10), Line(submitted: 1, machines: 4, requested: 5),
    Line(submitted: 2, machines: 1, requested: 8), Line(submitted: 3, machines: 1, requested: 20),
    Line(submitted: 4, machines: 2, requested: 4), Line(submitted: 5, machines: 1, requested: 3),
  ]
  private static let wide = [
    Line(submitted: 0, machines: 3, requested: 10), Line(submitted: 1, machines: 2, requested: 5),
    Line(submitted: 2, machines: 4, requested: 5), Line(submitted: 3, machines: 1, requested: 30),
  ]

  @Test("Each policy starts what its rules say")
  func byHand() {
    func narrow(_ policy: BatchPolicy) -> [Int] { starts(Self.narrow, machines: 4, policy) }
    #expect(narrow(.strict(.firstComeFirstServed)) == [0, 10, 15, 15, 15, 19])
    #expect(narrow(.selecting(.firstComeFirstServed)) == [0, 10, 15, 15, 15, 5])
    #expect(narrow(.easy) == [0, 10, 2, 15, 15, 15])
    #expect(narrow(.easyOnMachines) == [0, 10, 2, 15, 15, 15])
    #expect(narrow(.conservativeOnMachines) == [0, 10, 2, 15, 15, 15])
    expectDetects("jobs may end at the selected one's reservation") {
      #expect(narrow(.selecting(.firstComeFirstServed)) == narrow(.easy))
    }
  }

  @Test("EASY protects the oldest job alone, conservative backfilling every one")
  func protection() {
    func wide(_ policy: BatchPolicy) -> [Int] { starts(Self.wide, machines: 4, policy) }
    #expect(wide(.easy) == [0, 10, 33, 3])
    #expect(wide(.easyOnMachines) == [0, 10, 33, 3])
    #expect(wide(.conservativeOnMachines) == [0, 10, 15, 20])
  }

  @Test("Reservations are fitted anew only when something completed")
  func refitting() {
    // Job 0 ends at 4 instead of 10: everything moves up in the order of submission.
    var lines = Self.wide
    lines[0].runs = 4
    #expect(starts(lines, machines: 4, .conservativeOnMachines) == [0, 4, 9, 14])
  }

  @Test("Short jobs first, and F1, change who is served next")
  func orders() {
    let lines = [
      Line(submitted: 1, machines: 4, requested: 10),
      Line(submitted: 2, machines: 4, requested: 30),
      Line(submitted: 3, machines: 4, requested: 5),
    ]
    #expect(starts(lines, machines: 4, .strict(.firstComeFirstServed)) == [1, 11, 41])
    // Job 1 was selected when it came; nothing overtakes it.
    #expect(starts(lines, machines: 4, .strict(.shortestJobFirst)) == [1, 11, 41])
    let later = [
      Line(submitted: 1, machines: 4, requested: 10), Line(submitted: 1, machines: 4, requested: 9),
      Line(submitted: 2, machines: 4, requested: 30), Line(submitted: 3, machines: 4, requested: 5),
    ]
    #expect(starts(later, machines: 4, .strict(.shortestJobFirst)) == [1, 11, 25, 20])
    #expect(starts(later, machines: 4, .strict(.f1)) == [1, 11, 20, 50])
  }

  /// Made-up jobs that end early, on time or late.
  @Test("No policy gives a machine twice, and every job starts once", arguments: 1...6)
  func law(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var clock = 0
    let lines = (0..<200).map { _ in
      clock += generator.below(6)
      let requested = generator.below(40)
      return Line(
        submitted: clock, machines: 1 + generator.below(9), requested: requested,
        runs: max(0, requested + generator.below(20) - 14))
    }
    let policies: [BatchPolicy] =
      [.easy, .easyOnMachines, .conservativeOnMachines]
      + BatchOrder.allCases.flatMap { [.strict($0), .selecting($0)] }
    for policy in policies {
      var taken: [Int: [Int]] = [:]
      let found = starts(
        lines, machines: 10, policy,
        check: { start, _ in
          let machines = start.machines.numbers
          #expect(machines.count == start.job.machines)
          #expect(taken.values.allSatisfy { Set($0).isDisjoint(with: machines) }, "\(policy)")
          #expect(taken[start.job.id] == nil)
          taken[start.job.id] = machines
        }, completed: { taken[$0] = nil })
      #expect(found.allSatisfy { $0 >= 0 }, "\(policy)")
      #expect(zip(found, lines).allSatisfy { $0 >= $1.submitted })
    }
  }

  @Test("A set of machines gives the lowest numbers")
  func machineSets() {
    var set = MachineSet(first: 130)
    #expect(set.count == 130)
    set.subtract(MachineSet(first: 130).lowest(65)!)
    #expect(set.lowest(3)?.numbers == [65, 66, 67])
    #expect(set.lowest(66) == nil)
    #expect(set.lowest(65)?.count == 65)
    #expect(set.lowest(0)?.numbers == [])
  }
}
