import ClusterModel
import Quantities

/// The nodes that a controller has read of, each with a rank that stays with its name.
///
/// Ranks count nodes in the order in which they were first read of, those of one pass by name; a
/// node that comes back under its name has its rank again.
struct NodeRoll: Sendable {
  /// Nodes by rank; nil while there is none of that name.
  private(set) var nodes: [NodeID?] = []
  private var ranks: [String: Int32] = [:]  // name look-up
  private var rankBySlot: [Int32] = []
  private var cursor = -1

  /// The rank of a node that is there, or nil.
  func rank(of id: NodeID) -> Int? {
    guard id.index < rankBySlot.count, rankBySlot[id.index] >= 0 else { return nil }
    let rank = Int(rankBySlot[id.index])
    return nodes[rank] == id ? rank : nil
  }

  /// The rank of a name that was read of, or nil.
  func rank(ofName name: String) -> Int? { ranks[name].map { Int($0) } }

  /// Reads the changes up to the pass's position.
  /// - Returns: the ranks of nodes that came, went or may have changed what they accept.
  mutating func follow(_ cluster: borrowing ClusterState, in pass: ControllerPass) -> [Int] {
    guard cursor < pass.position else { return [] }
    var changed: [Int] = []
    var newcomers: [NodeID] = []
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) {
      cursor = pass.position
      for change in changes where change.fields.contains(.node) {
        note(change, cluster, &changed, &newcomers)
      }
    } else {
      cursor = cluster.logEnd
      for rank in nodes.indices {
        guard let id = nodes[rank] else { continue }
        if cluster.node(id) == nil { nodes[rank] = nil }
        changed.append(rank)
      }
      for slot in 0..<cluster.nodeSlotCount {
        if let id = cluster.nodeID(slot: slot), rank(of: id) == nil { newcomers.append(id) }
      }
    }
    if !newcomers.isEmpty { enrol(newcomers, cluster, &changed) }
    return changed
  }

  private mutating func note(
    _ change: Change, _ cluster: borrowing ClusterState, _ changed: inout [Int],
    _ newcomers: inout [NodeID]
  ) {
    let id = change.node
    if change.fields.contains(.created) {
      newcomers.append(id)
    } else if change.fields.contains(.deleted) {
      newcomers.removeAll { $0 == id }
      if let rank = rank(of: id) {
        nodes[rank] = nil
        changed.append(rank)
      }
    } else if !change.fields.isDisjoint(with: [.labels, .taints, .spec]), let rank = rank(of: id) {
      changed.append(rank)
    }
  }

  private mutating func enrol(
    _ newcomers: [NodeID], _ cluster: borrowing ClusterState, _ changed: inout [Int]
  ) {
    var named: [(name: String, id: NodeID)] = []
    for id in newcomers {
      if let node = cluster.node(id) { named.append((node.name, id)) }
    }
    named.sort { $0.name < $1.name }
    for (name, id) in named {
      let rank = ranks[name].map { Int($0) } ?? nodes.count
      if rank == nodes.count {
        nodes.append(nil)
        ranks[name] = Int32(rank)
      }
      nodes[rank] = id
      while rankBySlot.count <= id.index { rankBySlot.append(-1) }
      rankBySlot[id.index] = Int32(rank)
      changed.append(rank)
    }
  }
}
