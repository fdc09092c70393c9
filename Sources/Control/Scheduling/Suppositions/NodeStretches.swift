/// Nodes in a row, of which alike neighbours are counted instead of listed.
struct NodeStretches {
  private struct Stretch {
    var row: NodeRow
    var count: Int
    /// How many more Pods of the present kind fit on each.
    var room = 0
  }
  private var stretches: [Stretch] = []
  /// Where the next search for room begins.
  private var turn = 0
  /// How many nodes there are.
  private(set) var count = 0

  /// Puts Pods on nodes with room one by one, round and round from the turn on, until none is left
  /// or none has room.
  mutating func spread(_ left: inout Int, _ pod: PodFootprint) {
    guard left > 0, count > 0 else { return }
    cut(at: turn)
    for place in stretches.indices {
      stretches[place].room = NodeResourcesFit.room(pod, on: stretches[place].row)
    }
    while left > 0 {
      var open = 0
      var least = Int.max
      for stretch in stretches where stretch.room > 0 {
        open += stretch.count
        least = min(least, stretch.room)
      }
      if open == 0 { break }
      let rounds = min(left / open, least)
      if rounds == 0 {
        spreadLast(&left, pod)
        break
      }
      turn = endOfRound
      for place in stretches.indices where stretches[place].room > 0 {
        give(rounds, pod, to: place)
      }
      left -= rounds * open
    }
    merge()
  }

  /// Behind the last node with room that a whole round from the turn on comes to.
  private var endOfRound: Int {
    let begin = first(from: turn)
    let before = stretches[..<begin].lastIndex { $0.room > 0 }
    guard let last = before ?? stretches.lastIndex(where: { $0.room > 0 }) else { return turn }
    return (offset(of: last) + stretches[last].count) % count
  }

  /// A round that not every node gets a Pod in: the first from the turn on do.
  private mutating func spreadLast(_ left: inout Int, _ pod: PodFootprint) {
    var place = first(from: turn)
    while left > 0 {
      if place == stretches.count { place = 0 }
      if stretches[place].room > 0 {
        let taken = min(left, stretches[place].count)
        let start = offset(of: place)
        if taken < stretches[place].count {
          cut(at: start + taken)
        }
        give(1, pod, to: place)
        left -= taken
        turn = (start + taken) % count
      }
      place += 1
    }
  }

  /// Adds nodes like a fresh one for Pods, filling one after the other, up to a number of all.
  mutating func extend(
    for left: inout Int, _ pod: PodFootprint, like fresh: NodeRow, limit: Int
  ) {
    let each = left > 0 ? NodeResourcesFit.room(pod, on: fresh) : 0
    guard each > 0 else { return }
    let wanted = left / each + (left % each > 0 ? 1 : 0)
    let added = min(wanted, limit - count)
    guard added > 0 else { return }
    let full = min(added, left / each)
    for (nodes, pods) in [(full, each), (added - full, left - full * each)] where nodes > 0 {
      stretches.append(Stretch(row: fresh, count: nodes))
      give(pods, pod, to: stretches.count - 1)
      left -= nodes * pods
    }
    count += added
  }

  private mutating func give(_ pods: Int, _ pod: PodFootprint, to place: Int) {
    stretches[place].row.podCount += Int64(pods)
    stretches[place].row.requestedCPU += Int64(pods) * pod.cpu
    stretches[place].row.requestedMemory += Int64(pods) * pod.memory
    stretches[place].row.requestedStorage += Int64(pods) * pod.storage
    stretches[place].room -= pods
  }

  // MARK: Places

  /// Makes a stretch begin at a node.
  private mutating func cut(at node: Int) {
    let place = first(from: node)
    guard place > 0 else { return }
    let start = offset(of: place - 1)
    let head = node - start
    guard head > 0, head < stretches[place - 1].count else { return }
    var tail = stretches[place - 1]
    tail.count -= head
    stretches[place - 1].count = head
    stretches.insert(tail, at: place)
  }

  /// The first stretch that begins at a node or after it.
  private func first(from node: Int) -> Int {
    var start = 0
    for (place, stretch) in stretches.enumerated() {
      if start >= node { return place }
      start += stretch.count
    }
    return stretches.count
  }

  private func offset(of place: Int) -> Int { stretches[..<place].reduce(0) { $0 + $1.count } }

  private mutating func merge() {
    var merged: [Stretch] = []
    for stretch in stretches {
      if let last = merged.last, last.row.podCount == stretch.row.podCount,
        last.row.requestedCPU == stretch.row.requestedCPU,
        last.row.requestedMemory == stretch.row.requestedMemory,
        last.row.requestedStorage == stretch.row.requestedStorage
      {
        merged[merged.count - 1].count += stretch.count
      } else {
        merged.append(stretch)
      }
    }
    stretches = merged
  }
}
