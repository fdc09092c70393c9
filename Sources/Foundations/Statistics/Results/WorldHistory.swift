/// What stood where and when in one replication, condensed so that its size doesn't grow with the
/// number of nodes and Pods.
public struct WorldHistory: Sendable {
  /// The replication that it is about.
  public var replication = 0
  /// Seconds between samples of the nodes.
  public var step = 0.0
  /// Own nodes, in blocks of neighbours.
  public var nodes: [NodeBlock] = []
  /// Pods, in groups of those created one after the other.
  public var pods: [PodGroup] = []
  /// Nothing noted.
  public init() {}

  /// Whether there is nothing to show.
  public var isEmpty: Bool { nodes.isEmpty && pods.isEmpty }

  /// Nodes of one site that stand beside one another.
  public struct NodeBlock: Sendable {
    /// The first node's name, and the last one's where there are several.
    public var name: String
    /// The site.
    public var site: String
    /// Nodes that exist, by sample.
    public var present: [Int] = []
    /// Nodes of which Ready is True, by sample.
    public var ready: [Int] = []
    /// The share of their allocatable CPU that Pods request, from 0 to 1, by sample.
    public var requested: [Double] = []
    /// A block not yet sampled.
    public init(name: String, site: String) {
      self.name = name
      self.site = site
    }
  }

  /// Pods at one site, created one after the other.
  public struct PodGroup: Sendable {
    /// The site; empty for Pods that were bound nowhere.
    public var site: String
    /// How many Pods there are.
    public var count: Int
    /// The median instants, in seconds, of those that came so far; nil where under half did:
    /// creation, the end of the scheduling cycle, binding, Ready, and end.
    public var instants: [Double?]
    /// A group from its parts.
    public init(site: String, count: Int, instants: [Double?]) {
      self.site = site
      self.count = count
      self.instants = instants
    }

    /// What a Pod does from each instant to the next.
    public static let phases = ["waits", "is bound", "starts", "runs"]
  }
}
