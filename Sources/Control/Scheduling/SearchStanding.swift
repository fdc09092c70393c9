/// What a search for nodes came to besides the node: counted by the path that decided, so that
/// another can be compared with it in more than the winner.
public struct SearchStanding: Hashable, BitwiseCopyable, Sendable {
  /// How many feasible nodes were kept.
  public var kept: Int
  /// The best total; nil unless several nodes were scored.
  public var best: Int64?
  /// How many nodes have it; 0 unless several were scored.
  public var tied: Int

  /// What was counted; of a single feasible node the score doesn't count.
  init(kept: Int, best: Int64? = nil, tied: Int = 0) {
    self.kept = kept
    self.best = kept > 1 ? best : nil
    self.tied = kept > 1 ? tied : 0
  }

  /// What the totals of the nodes kept come to.
  init(totals: [Int64]) {
    let most = totals.max()
    self.init(kept: totals.count, best: most, tied: totals.count { $0 == most })
  }
}
