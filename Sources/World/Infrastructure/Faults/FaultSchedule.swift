import Probability
import Quantities

/// The parts of the world that a driver must know to have failed.
public enum FaultPart: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  case node, kubelet, link, cloudAPI, registry, apiServer, stock
}

/// One part of the world: a kind, and a number among its kind.
public struct FaultSubject: Hashable, BitwiseCopyable, Sendable {
  /// Its kind.
  public var part: FaultPart
  /// A node's slot, a link's, registry's or pool's number; of stock, the number of the virtual node
  /// whose zone it is in.
  public var index: Int32
  /// A part from its kind and number.
  public init(_ part: FaultPart, _ index: Int) {
    self.part = part
    self.index = Int32(index)
  }
}

/// A part of the world fails or works again.
public struct FaultChange: Hashable, BitwiseCopyable, Sendable {
  /// What it is about.
  public var subject: FaultSubject
  /// Whether it fails now.
  public var fails: Bool
}

/// When which part of the world fails and works again, whatever is done with it meanwhile.
///
/// Every process is an alternating renewal process, a compound Poisson process of bursts, or a
/// script, and draws by its plan's name and its target's. A part that several processes strike works
/// again when the last of them lets go.
public struct FaultSchedule: Sendable {
  struct Process: BitwiseCopyable, Sendable {
    var firstMember: Int32
    var memberCount: Int32
    var laws: Int32
    var subject: UInt64
    var number: UInt32 = 0
    var isDown = false
  }
  struct Laws: Sendable {
    var up: Law
    var down: Law
    /// Of bursts: the share struck, and the window.
    var share = 1.0
    var window = TimeSpan.zero
    var isBurst = false
  }
  private struct Entry: BitwiseCopyable, Sendable {
    var at: Instant
    var order: Int64
    /// The process whose turn it is; negative for a single change of a part.
    var process: Int32
    var change: FaultChange
    func precedes(_ other: Entry) -> Bool {
      at < other.at || (at == other.at && order < other.order)
    }
  }

  private var processes: [Process] = []
  private var laws: [Laws] = []
  private var members: [FaultSubject] = []
  private var memberKeys: [UInt64] = []
  private var heap: [Entry] = []
  private var order: Int64 = 0
  /// How many processes hold a part down, by kind and number.
  private var depths: [[Int16]] = Array(repeating: [], count: FaultPart.allCases.count)
  /// The least time between two changes of a process, so that laws of nothing come to an end.
  private static var shortest: TimeSpan { .milliseconds(1) }
  private let lives: KeyedStream
  private let repairs: KeyedStream
  private let strikes: KeyedStream
  private let horizon: Instant

  /// A schedule without failures.
  ///
  /// - Parameter horizon: what would happen later is left out.
  public init(luck: RandomSource, horizon: Instant) {
    lives = luck.stream("fault/up")
    repairs = luck.stream("fault/down")
    strikes = luck.stream("fault/burst")
    self.horizon = horizon
  }

  /// Whether nothing will fail any more.
  public var isEmpty: Bool { heap.isEmpty }
  /// When something fails or works again next; nil: never.
  public var next: Instant? { heap.first?.at }
  /// Whether a part has failed.
  public func isDown(_ subject: FaultSubject) -> Bool {
    let column = depths[Int(subject.part.rawValue)]
    return Int(subject.index) < column.count && column[Int(subject.index)] > 0
  }

  // MARK: Filling

  /// Has parts fail at an instant and work again later, if ever.
  public mutating func add(_ subjects: [FaultSubject], from: Instant, until: Instant?) {
    for subject in subjects {
      push(from, FaultChange(subject: subject, fails: true))
      if let until { push(until, FaultChange(subject: subject, fails: false)) }
    }
  }

  /// Adds laws for processes to follow.
  /// - Returns: their number.
  mutating func addLaws(_ laws: Laws) -> Int32 {
    self.laws.append(laws)
    return Int32(self.laws.count - 1)
  }

  /// Adds a process that strikes parts together, or in bursts some of them.
  ///
  /// - Parameter keys: of bursts, what each part's draws are keyed by.
  mutating func addProcess(
    _ subjects: [FaultSubject], keys: [UInt64] = [], laws index: Int32, subject: UInt64
  ) {
    guard !subjects.isEmpty else { return }
    let first = Int32(members.count)
    members += subjects
    memberKeys += keys.isEmpty ? Array(repeating: subject, count: subjects.count) : keys
    processes.append(
      Process(
        firstMember: first, memberCount: Int32(subjects.count), laws: index, subject: subject))
    let span = lives.drawSpan(laws[Int(index)].up, for: subject, number: 0)
    push(.zero + span, process: Int32(processes.count - 1))
  }

  // MARK: Running

  /// Moves to an instant and appends what changes by then, in order.
  public mutating func advance(to now: Instant, into changes: inout [FaultChange]) {
    while let entry = heap.first, entry.at <= now {
      popFirst()
      if entry.process >= 0 {
        turn(Int(entry.process), at: entry.at, &changes)
      } else {
        note(entry.change, &changes)
      }
    }
  }

  private func memberRange(of index: Int) -> Range<Int> {
    let first = Int(processes[index].firstMember)
    return first..<first + Int(processes[index].memberCount)
  }

  private mutating func turn(_ index: Int, at now: Instant, _ changes: inout [FaultChange]) {
    let laws = laws[Int(processes[index].laws)]
    if laws.isBurst {
      burst(index, laws, at: now)
      return
    }
    let fails = !processes[index].isDown
    processes[index].isDown = fails
    for member in memberRange(of: index) {
      note(FaultChange(subject: members[member], fails: fails), &changes)
    }
    let subject = processes[index].subject
    let number = processes[index].number
    if fails {
      let span = repairs.drawSpan(laws.down, for: subject, number: number)
      push(now + max(span, Self.shortest), process: Int32(index))
    } else {
      processes[index].number = number &+ 1
      let span = lives.drawSpan(laws.up, for: subject, number: number &+ 1)
      push(now + max(span, Self.shortest), process: Int32(index))
    }
  }

  private mutating func burst(_ index: Int, _ laws: Laws, at now: Instant) {
    let number = processes[index].number
    for member in memberRange(of: index) {
      let key = memberKeys[member]
      let (chance, place) = strikes.uniformPair(for: key, number: number)
      guard chance < laws.share else { continue }
      let start = now + .seconds(laws.window.seconds * place)
      let span = repairs.drawSpan(laws.down, for: key, number: number | 0x8000_0000)
      push(start, FaultChange(subject: members[member], fails: true))
      push(start + span, FaultChange(subject: members[member], fails: false))
    }
    processes[index].number = number &+ 1
    let gap = lives.drawSpan(laws.up, for: processes[index].subject, number: number &+ 1)
    push(now + max(gap, Self.shortest), process: Int32(index))
  }

  private mutating func note(_ change: FaultChange, _ changes: inout [FaultChange]) {
    let part = Int(change.subject.part.rawValue)
    let index = Int(change.subject.index)
    while depths[part].count <= index { depths[part].append(0) }
    depths[part][index] += change.fails ? 1 : -1
    if depths[part][index] == (change.fails ? 1 : 0) { changes.append(change) }
  }

  // MARK: The heap

  private mutating func push(_ at: Instant, process: Int32) {
    push(
      Entry(
        at: at, order: 0, process: process,
        change: FaultChange(subject: FaultSubject(.node, 0), fails: true)))
  }

  private mutating func push(_ at: Instant, _ change: FaultChange) {
    push(Entry(at: at, order: 0, process: -1, change: change))
  }

  private mutating func push(_ entry: Entry) {
    guard entry.at <= horizon else { return }
    var entry = entry
    entry.order = order
    order += 1
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func popFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
  }
}
