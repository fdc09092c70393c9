/// Finds, for the ticket of a command, the workload it was issued for.
///
/// Tickets of one buffer count up by one, so a table with a moving start does.
struct TicketTable: Sendable {
  private var entries: [Int32] = []
  private var first: UInt32 = 0
  private var head = 0

  private static let answered: Int32 = -1

  /// Notes whose command a ticket belongs to.
  mutating func add(_ ticket: UInt32, slot: Int) {
    if head == entries.count {
      entries.removeAll(keepingCapacity: true)
      head = 0
      first = ticket
    }
    while first &+ UInt32(entries.count) != ticket { entries.append(Self.answered) }
    entries.append(Int32(slot))
  }

  /// The workload of a ticket that hasn't been answered before, or nil.
  mutating func take(_ ticket: UInt32) -> Int? {
    let place = Int(ticket &- first)
    guard place < entries.count, entries[place] != Self.answered else { return nil }
    let slot = Int(entries[place])
    entries[place] = Self.answered
    while head < entries.count, entries[head] == Self.answered { head += 1 }
    if head > 4096, head * 2 > entries.count {
      entries.removeFirst(head)
      first &+= UInt32(head)
      head = 0
    }
    return slot
  }
}
