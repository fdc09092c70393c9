import ClusterModel

/// What one loop of a ``ClusterAutoscaler`` decided, for measurement and comparison.
public struct NodeAutoscalerReport: Sendable {
  /// What became of the scale-up.
  public enum ScaleUpResult: String, Sendable {
    case successful = "ScaleUpSuccessful"
    case error = "ScaleUpError"
    case noOptions = "ScaleUpNoOptionsAvailable"
    case notNeeded = "ScaleUpNotNeeded"
    case notTried = "ScaleUpNotTried"
    case inCooldown = "ScaleUpInCooldown"
    case limitedByMaxNodesTotal = "ScaleUpLimitedByMaxNodesTotal"
  }
  /// A way to grow.
  public struct Option: Sendable {
    /// The group.
    public var group: NodeGroupID
    /// New nodes estimated.
    public var nodeCount: Int
    /// Pods that they would take.
    public var pods: [PodID]
    /// Groups alike among which new nodes would be shared.
    public var similar: [NodeGroupID]
  }
  /// A size asked for.
  public struct Resize: Hashable, Sendable {
    /// The group.
    public var group: NodeGroupID
    /// The size before.
    public var from: Int32
    /// The size asked for.
    public var to: Int32
  }
  /// Pods that no group can help.
  public struct Helpless: Sendable {
    /// The Pods, alike.
    public var pods: [PodID]
    /// Groups whose fresh node wouldn't take them.
    public var rejected: [NodeGroupID]
    /// Groups that weren't considered.
    public var skipped: [NodeGroupID]
  }
  /// What became of the scale-down.
  public enum ScaleDownResult: String, Sendable {
    case notTried = "NotTried"
    case inCooldown = "InCooldown"
    case noCandidates = "NoCandidates"
    case noNodeDeleted = "NoNodeDeleted"
    case nodeDeleteStarted = "NodeDeleteStarted"
  }
  /// Why a node isn't removed.
  public enum Unremovable: String, Sendable {
    case notUnderutilized = "NotUnderutilized"
    case scaleDownDisabled = "ScaleDownDisabledAnnotation"
    case currentlyBeingDeleted = "CurrentlyBeingDeleted"
    case recentlyUnremovable = "RecentlyUnremovable"
    case blockedByPod = "BlockedByPod"
    case noPlaceToMovePods = "NoPlaceToMovePods"
    case notUnneededLongEnough = "NotUnneededLongEnough"
    case notUnreadyLongEnough = "NotUnreadyLongEnough"
    case nodeGroupMinSizeReached = "NodeGroupMinSizeReached"
    case minimalResourceLimitExceeded = "MinimalResourceLimitExceeded"
  }
  /// Why a Pod keeps its node.
  public enum Blocking: String, Hashable, Sendable {
    case notReplicated = "NotReplicated"
    case unmovableSystemPod = "UnmovableKubeSystemPod"
    case notSafeToEvict = "NotSafeToEvictAnnotation"
    case localStorage = "LocalStorageRequested"
    case notEnoughBudget = "NotEnoughPdb"
  }
  /// A node that stays.
  public struct Kept: Sendable {
    /// The node.
    public var node: NodeID
    /// Why.
    public var reason: Unremovable
    /// The Pod that keeps it, and why.
    public var blocking: (pod: PodID, reason: Blocking)?
    /// How much of it is used, where that was worked out.
    public var utilization: Double?
  }

  /// What became of the scale-up.
  public internal(set) var scaleUp = ScaleUpResult.notNeeded
  /// The ways to grow.
  public internal(set) var options: [Option] = []
  /// The place of the chosen one.
  public internal(set) var best: Int?
  /// Sizes asked for.
  public internal(set) var resizes: [Resize] = []
  /// Pods that another group could help in a later loop.
  public internal(set) var awaiting: [PodID] = []
  /// Pods that no group can help.
  public internal(set) var helpless: [Helpless] = []
  /// What became of the scale-down.
  public internal(set) var scaleDown = ScaleDownResult.notTried
  /// Nodes that aren't needed.
  public internal(set) var unneeded: [NodeID] = []
  /// Nodes that stay, with reasons.
  public internal(set) var kept: [Kept] = []
  /// Nodes whose deletion began.
  public internal(set) var removing: [NodeID] = []
  /// Those among them with Pods to move.
  public internal(set) var drained: [NodeID] = []
  init() {}
}
