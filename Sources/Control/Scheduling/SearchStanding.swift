/// What a search for nodes came to besides the node, as the path saw it that decided: so that
/// another path can be compared with it in more than the winner.
public struct SearchStanding: Hashable, Sendable {
  /// Slots of the feasible nodes that were kept, in the order of the search.
  public var nodes: [Int32]
  /// Their total scores, in the same order; empty unless several nodes were scored.
  public var totals: [Int64]

  /// What was found; of a single feasible node the score doesn't count.
  init(nodes: [Int32], totals: [Int64] = []) {
    self.nodes = nodes
    self.totals = nodes.count > 1 ? totals : []
  }

  /// How many feasible nodes were kept.
  public var kept: Int { nodes.count }
  /// The best total; nil unless several nodes were scored.
  public var best: Int64? { totals.max() }
  /// How many nodes have it; 0 unless several were scored.
  public var tied: Int {
    let most = best
    return totals.count { $0 == most }
  }
}
