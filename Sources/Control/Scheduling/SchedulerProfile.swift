import ClusterModel

/// Weights of the score plugins, as in v1.36's default profile (S).
public struct ScoreWeights: Hashable, Sendable {
  /// TaintToleration's weight. Default 3.
  public var taintToleration: Int64 = 3
  /// NodeAffinity's weight. Default 2.
  public var nodeAffinity: Int64 = 2
  /// NodeResourcesFit's weight. Default 1.
  public var nodeResourcesFit: Int64 = 1
  /// PodTopologySpread's weight. Default 2.
  public var podTopologySpread: Int64 = 2
  /// InterPodAffinity's weight. Default 2.
  public var interPodAffinity: Int64 = 2
  /// NodeResourcesBalancedAllocation's weight. Default 1.
  public var balancedAllocation: Int64 = 1
  /// ImageLocality's weight. Default 1.
  public var imageLocality: Int64 = 1
  /// ComputeResource's weight. Default 0: it isn't Kubernetes' own.
  public var computeResource: Int64 = 0
  /// The default weights.
  public init() {}

  /// The weight of a plugin; 0: it doesn't score.
  public subscript(plugin: ScorePlugin) -> Int64 {
    get { self[keyPath: Self.place(of: plugin)] }
    set { self[keyPath: Self.place(of: plugin)] = newValue }
  }

  private static func place(of plugin: ScorePlugin) -> WritableKeyPath<ScoreWeights, Int64> {
    switch plugin {
    case .taintToleration: \.taintToleration
    case .nodeAffinity: \.nodeAffinity
    case .nodeResourcesFit: \.nodeResourcesFit
    case .podTopologySpread: \.podTopologySpread
    case .interPodAffinity: \.interPodAffinity
    case .balancedAllocation: \.balancedAllocation
    case .imageLocality: \.imageLocality
    case .computeResource: \.computeResource
    }
  }
}

/// One profile of a scheduler: which plugins take part in decisions about its Pods, and how.
public struct SchedulerProfile: Hashable, Sendable {
  /// The `schedulerName` of its Pods.
  public var schedulerName: String
  /// Weights of the score plugins; 0: the plugin doesn't score.
  public var weights = ScoreWeights()
  /// Filters that don't take part: by default those that aren't Kubernetes' own.
  public var disabledFilters = FilterSet.tke
  /// The weight of the GPU policy's score, where GPUs are shared. Default 1.
  public var gpuWeight: Int64 = 1
  /// How NodeResourcesFit scores. Default LeastAllocated over CPU and memory (S).
  public var fitScoring = ResourceScoring()
  /// Extended resources that needn't fit: their names. Default none (S).
  public var ignoredResources: [String] = []
  /// Extended resources that needn't fit: what stands before the slash. Default none (S).
  public var ignoredResourceGroups: [String] = []
  /// Affinity to nodes besides each Pod's own: `addedAffinity` of NodeAffinity. Default none (S).
  public var addedAffinity = Affinity()
  /// The resources that NodeResourcesBalancedAllocation balances. Default CPU and memory (S).
  public var balancedResources = ["cpu", "memory"]
  /// The spread rules of Pods that bring none; nil: the built-in ones (S).
  public var defaultSpread: [TopologySpreadConstraint]?
  /// The score of an existing Pod's required affinity term that matches. Default 1 (S).
  public var hardPodAffinityWeight: Int64 = 1
  /// Whether InterPodAffinity ignores existing Pods' preferences for Pods without any. Default
  /// false (S).
  public var ignoresPreferredTermsOfExistingPods = false
  /// How many candidates preemption looks for, in percent of those there are. Default 10 (S).
  public var minCandidatePercentage = 10
  /// How many it looks for at least. Default 100 (S).
  public var minCandidates = 100
  /// Share of the nodes to find feasible, in percent; nil: as the scheduler's other profiles.
  public var percentageOfNodesToScore: Int?
  /// How LocalReplicas works, if it takes part.
  public var localReplicas = LocalReplicasSettings()
  /// Filters of one's own, which run after Kubernetes' in this order (S: the default plugins stand
  /// first). Default none.
  public var outOfTreeFilters: [EnabledFilter] = []
  /// Scores of one's own. Default none.
  public var outOfTreeScores: [EnabledScore] = []
  /// Whether DefaultPreemption runs where no node is feasible. Default true (S).
  public var preempts = true

  /// The default profile of v1.36 under a name, with other weights if given.
  public init(
    schedulerName: String = "default-scheduler", weights: ScoreWeights = ScoreWeights()
  ) {
    self.schedulerName = schedulerName
    self.weights = weights
  }

  /// The default profile of TKE's scheduler: v1.36's with TKE's three plugins.
  ///
  /// > Source: tke-k8s-distro 1.20, patches 0010 and 0016, `registry.go` (S).
  public static func tke(schedulerName: String = "default-scheduler") -> SchedulerProfile {
    var profile = SchedulerProfile(schedulerName: schedulerName)
    profile.disabledFilters = []
    profile.weights.computeResource = 1
    return profile
  }

  /// The name that `tke-resilience` gives to the scheduler that it installs besides the default one
  /// (S, model card 3.5).
  public static let tkeSchedulerName = "tke-scheduler"

  /// Whether an extended resource needn't fit.
  func ignoresFit(of resource: String) -> Bool {
    if ignoredResources.contains(resource) { return true }
    return ignoredResourceGroups.contains { resource.hasPrefix($0 + "/") }
  }
}

/// The filter plugins, in the order in which they run.
public enum FilterPlugin: String, Hashable, Sendable, CaseIterable {
  case nodeUnschedulable = "NodeUnschedulable"
  case taintToleration = "TaintToleration"
  case nodeAffinity = "NodeAffinity"
  case nodePorts = "NodePorts"
  case nodeResourcesFit = "NodeResourcesFit"
  case podTopologySpread = "PodTopologySpread"
  case interPodAffinity = "InterPodAffinity"
  case computeResource = "ComputeResource"
  case localReplicas = "LocalReplicas"
  case fitIPResource = "FitIPResource"
}

/// A set of filter plugins.
public struct FilterSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  private var bits: UInt32 = 0

  /// TKE's plugins, which aren't Kubernetes' own.
  public static let tke: FilterSet = [.computeResource, .localReplicas, .fitIPResource]

  /// A set of some plugins.
  public init(arrayLiteral plugins: FilterPlugin...) {
    for plugin in plugins { insert(plugin) }
  }

  /// Whether a plugin is in the set.
  public func contains(_ plugin: FilterPlugin) -> Bool { bits & Self.bit(plugin) != 0 }
  /// Adds a plugin.
  public mutating func insert(_ plugin: FilterPlugin) { bits |= Self.bit(plugin) }
  /// Removes a plugin.
  public mutating func remove(_ plugin: FilterPlugin) { bits &= ~Self.bit(plugin) }

  private static func bit(_ plugin: FilterPlugin) -> UInt32 {
    1 << UInt32(FilterPlugin.allCases.firstIndex(of: plugin) ?? 0)
  }
}

extension ScorePlugin {
  /// The plugin's name in Kubernetes.
  public var name: String {
    switch self {
    case .taintToleration: "TaintToleration"
    case .nodeAffinity: "NodeAffinity"
    case .nodeResourcesFit: "NodeResourcesFit"
    case .podTopologySpread: "PodTopologySpread"
    case .interPodAffinity: "InterPodAffinity"
    case .balancedAllocation: "NodeResourcesBalancedAllocation"
    case .imageLocality: "ImageLocality"
    case .computeResource: "ComputeResource"
    }
  }

  /// The default profile's, which the golden vectors have columns for.
  public static let standard = Array(allCases.prefix { $0 != .computeResource })
}
