/// The order in which nodes are examined: round-robin over zones in order of first appearance, one
/// node of each at a time (S: the cache's node tree).
struct NodeOrder: Sendable {
  private struct Zone: Sendable {
    var name: String
    var nodes: [Int32]
  }
  private var zones: [Zone] = []
  private var zoneOf: [String?] = []
  private var isStale = false
  /// The nodes' slots in order.
  private(set) var slots: [Int32] = []
  /// Each slot's place in the order; −1 for empty slots.
  private(set) var place: [Int32] = []
  /// Each slot's rank by name, bytewise.
  private(set) var rank: [UInt32] = []
  /// The slots in the order of their names.
  private(set) var byRank: [Int32] = []

  /// The node of a key of ``ScoreIndex``.
  func node(ofKey key: UInt64) -> Int32 {
    byRank[Int(UInt32.max - UInt32(truncatingIfNeeded: key))]
  }

  /// Adds a node, or moves it if its zone changed.
  mutating func add(_ slot: Int, zone: String) {
    while zoneOf.count <= slot { zoneOf.append(nil) }
    if zoneOf[slot] == zone { return }
    remove(slot)
    zoneOf[slot] = zone
    if let known = zones.firstIndex(where: { $0.name == zone }) {
      zones[known].nodes.append(Int32(slot))
    } else {
      zones.append(Zone(name: zone, nodes: [Int32(slot)]))
    }
    isStale = true
  }

  /// Removes a node.
  mutating func remove(_ slot: Int) {
    guard slot < zoneOf.count, let zone = zoneOf[slot],
      let known = zones.firstIndex(where: { $0.name == zone })
    else { return }
    zones[known].nodes.removeAll { $0 == Int32(slot) }
    if zones[known].nodes.isEmpty { zones.remove(at: known) }
    zoneOf[slot] = nil
    isStale = true
  }

  /// Works the order out again if nodes came or went.
  mutating func refresh(slotCount: Int, name: (Int) -> String) {
    guard isStale || place.count != slotCount else { return }
    isStale = false
    slots.removeAll(keepingCapacity: true)
    var turn = 0
    var total = 0
    for zone in zones { total += zone.nodes.count }
    while slots.count < total {
      for zone in zones where turn < zone.nodes.count { slots.append(zone.nodes[turn]) }
      turn += 1
    }
    place = [Int32](repeating: -1, count: slotCount)
    for (position, slot) in slots.enumerated() { place[Int(slot)] = Int32(position) }
    rank = [UInt32](repeating: 0, count: slotCount)
    let named = slots.map { (slot: $0, name: name(Int($0))) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    byRank = named.map(\.slot)
    for (position, slot) in byRank.enumerated() { rank[Int(slot)] = UInt32(position) }
  }
}
