import ClusterModel
import Quantities

/// A filter that keeps the best of several ways to grow.
public enum Expander: String, Hashable, Sendable, CaseIterable {
  /// The least wasted CPU and memory, as fractions of what is bought.
  case leastWaste = "least-waste"
  /// The most Pods helped.
  case mostPods = "most-pods"
  /// The fewest nodes.
  case leastNodes = "least-nodes"
  /// The lowest price for what the Pods are worth, on nodes of a fitting size.
  case price
  /// The highest number in the ConfigMap of priorities.
  case priority
  /// Any, by keyed choice.
  case random
}

/// Names of node groups that share a priority.
public struct ExpanderPriority: Hashable, Sendable {
  /// The higher, the better.
  public var number: Int
  /// Regular expressions, of which one at least is found in a group's name.
  public var patterns: [String]
  /// A rule from its parts.
  public init(number: Int, patterns: [String]) {
    self.number = number
    self.patterns = patterns
  }
}

/// What Pods are worth to the expander `price`, per hour.
public struct PodWorth: Hashable, Sendable {
  /// A requested core.
  public var core: Money
  /// A requested GiB.
  public var gib: Money
  /// A worth from its parts.
  public init(core: Money, gib: Money) {
    self.core = core
    self.gib = gib
  }
}

/// How a ``ClusterAutoscaler`` is set up; defaults are those of Cluster Autoscaler at Kubernetes 1.36
/// (S, `autoscaler.md` §3.6) unless said otherwise.
public struct NodeAutoscalerConfiguration: Hashable, Sendable {
  /// Between the starts of two loops. Default 10 s.
  public var scanInterval: TimeSpan = .seconds(10)
  /// Expanders, each applied to what the one before left; what then remains is a keyed choice.
  /// Default least-waste (older releases: random).
  public var expanders: [Expander] = [.leastWaste]
  /// What the expander `priority` reads.
  public var priorities: [ExpanderPriority] = []
  /// What the expander `price` thinks of Pods. Default: a core ¥0.12 and a GiB ¥0.05 an hour, the
  /// list prices of serverless Pods (D, model card 1.2).
  public var podWorth = PodWorth(
    core: Money(picounits: 120_024_000_000), gib: Money(picounits: 50_004_000_000))
  /// Whether new nodes are shared among groups alike. Default false.
  public var balancesSimilarGroups = false
  /// The most nodes in the cluster; 0: no limit. Default 0.
  public var maxNodesTotal = 0
  /// The fewest and most cores in the cluster. Default 0 to 320,000.
  public var cores: ClosedRange<Int64> = 0...320_000
  /// The least and most memory in the cluster, in bytes. Default 0 to 6,400,000 GiB.
  public var memory: ClosedRange<Int64> = 0...(6_400_000 << 30)
  /// The most nodes that one scale-up adds. Default 1000.
  public var maxNodesPerScaleUp = 1000
  /// How old a Pod must be before it counts. Default 0.
  public var newPodScaleUpDelay: TimeSpan = .zero
  /// While every Pod is younger than this, the loop waits for more to come. Default 2 s.
  public var podGatheringTime: TimeSpan = .seconds(2)
  /// How long a machine may take to register. Default 15 min.
  public var maxNodeProvisionTime: TimeSpan = .minutes(15)
  /// How long a registered node may take to be ready. Default 15 min.
  public var maxNodeStartupTime: TimeSpan = .minutes(15)
  /// How long a group rests after a failure. Default 5 min.
  public var initialBackoff: TimeSpan = .minutes(5)
  /// The longest rest. Default 30 min.
  public var maxBackoff: TimeSpan = .minutes(30)
  /// When failures are forgotten. Default 3 h.
  public var backoffReset: TimeSpan = .hours(3)
  /// Share of nodes that may be unready before nothing is done any more. Default 45 %.
  public var maxUnreadyShare = 0.45
  /// Unready nodes that are always borne. Default 3.
  public var okUnreadyCount = 3
  /// Pods of a lower priority are invisible. Default −10.
  public var expendableBelow: Int32 = -10
  /// Whether nodes are removed at all. Default true.
  public var scalesDown = true
  /// After a scale-up no node is removed for this long. Default 10 min.
  public var delayAfterAdd: TimeSpan = .minutes(10)
  /// After a deletion. Default 0.
  public var delayAfterDelete: TimeSpan = .zero
  /// After a deletion that failed. Default 3 min.
  public var delayAfterFailure: TimeSpan = .minutes(3)
  /// How long a node must be unneeded. Default 10 min.
  public var unneededTime: TimeSpan = .minutes(10)
  /// How long an unready node must be unneeded. Default 20 min.
  public var unreadyTime: TimeSpan = .minutes(20)
  /// The utilization above which a node is needed. Default 0.5.
  public var utilizationThreshold = 0.5
  /// Whether DaemonSets' Pods don't count as use. Default false.
  public var ignoresDaemonSetUtilization = false
  /// When a node that couldn't be removed is looked at again. Default 5 min.
  public var unremovableRecheck: TimeSpan = .minutes(5)
  /// Nodes removed at once. Default 10.
  public var maxParallelDeletions = 10
  /// Of which nodes with Pods to move. Default 1.
  public var maxParallelDrains = 1
  /// Whether Pods of kube-system without a budget keep their node. Default true.
  public var skipsNodesWithSystemPods = true
  /// How young such a Pod must be to do so. Default 1 h.
  public var systemPodProtection: TimeSpan = .hours(1)
  /// Whether Pods with volumes on the node's disk keep their node. Default true.
  public var skipsNodesWithLocalStorage = true
  /// Between the mark on a node and what follows. Default 5 s.
  public var delayAfterTaint: TimeSpan = .seconds(5)
  /// Between attempts to evict a Pod. Default 10 s.
  public var evictionRetry: TimeSpan = .seconds(10)
  /// How long evictions are tried. Default 2 min.
  public var maxEvictionTime: TimeSpan = .minutes(2)
  /// How long evicted Pods are waited for. Default 10 min.
  public var maxGracefulTermination: TimeSpan = .minutes(10)

  /// The defaults above.
  public init() {}
}
