import Quantities

/// Which of several nodes with the best total score is taken.
public enum TieRule: String, Hashable, Sendable, CaseIterable {
  /// The lowest node name, bytewise: the golden vectors' rule.
  case lowestName
  /// The root of the heap that v1.36 builds over the feasible nodes in list order (S): what the
  /// original does at parallelism 1.
  case heapOrder
  /// Any of them, by a choice keyed by the Pod's identity.
  case arbitrary = "random"
}

/// What a version of the scheduler does differently from others.
public struct BehaviourProfile: Hashable, Sendable {
  /// The profile's name in scenarios and reports.
  public var name: String
  /// Whether the head of the backoff queue is tried at once when nothing else waits.
  public var popsFromBackoff: Bool
  /// How long a Pod stays unschedulable before it is tried again without an event.
  public var maxUnschedulable: TimeSpan
  /// Whether an event wakes only Pods that a plugin's hint says it may help; otherwise every
  /// change of a node and every deletion wakes all.
  public var usesQueueingHints: Bool

  /// A profile from its parts.
  public init(
    name: String, popsFromBackoff: Bool, maxUnschedulable: TimeSpan, usesQueueingHints: Bool
  ) {
    self.name = name
    self.popsFromBackoff = popsFromBackoff
    self.maxUnschedulable = maxUnschedulable
    self.usesQueueingHints = usesQueueingHints
  }

  /// kube-scheduler v1.36: early pop since 1.33, hints since 1.34, 5 minutes (S); proven by the
  /// golden vectors where they reach.
  public static let v136 = BehaviourProfile(
    name: "v1.36", popsFromBackoff: true, maxUnschedulable: .minutes(5), usesQueueingHints: true)

  /// TKE's scheduler of v1.20: no early pop, no hints (S), flush after 60 s (M, model card 1.1).
  /// Unproven: no recorded decisions of it exist.
  public static let tke120 = BehaviourProfile(
    name: "tke-1.20", popsFromBackoff: false, maxUnschedulable: .seconds(60),
    usesQueueingHints: false)
}

/// How much simulated time a scheduling cycle takes.
///
/// Workers are a cost model only: decisions are those of one worker.
public struct SchedulerCost: Hashable, Sendable {
  /// What a cycle costs whatever the number of nodes. Default 10 ms: 100 Pods/s, the low end of
  /// published throughputs (E, model card 1.1; range 5.5–10 ms).
  public var perCycle: TimeSpan
  /// What filtering one node costs a worker. Default 0: within ``perCycle`` (A).
  public var perNode: TimeSpan
  /// Workers that filter in parallel. Default 16 (S).
  public var workers: Int

  /// A cost model from its parts.
  public init(
    perCycle: TimeSpan = .milliseconds(10), perNode: TimeSpan = .zero, workers: Int = 16
  ) {
    self.perCycle = perCycle
    self.perNode = perNode
    self.workers = workers
  }

  /// Cycles that take no simulated time.
  public static let none = SchedulerCost(perCycle: .zero)

  /// The duration of a cycle that examines so many nodes.
  ///
  /// Workers take chunks of max(1, min(√n, n/workers + 1)) nodes (S: the parallelizer's rule, model
  /// card 1.1); the slowest worker decides.
  public func cycle(nodes: Int) -> TimeSpan {
    guard perNode > .zero, nodes > 0 else { return perCycle }
    let root = Int(Double(nodes).squareRoot())
    let chunk = max(1, min(root, nodes / workers + 1))
    let (rounds, left) = (nodes / chunk).quotientAndRemainder(dividingBy: workers)
    let longest = left > 0 ? (rounds + 1) * chunk : rounds * chunk + nodes % chunk
    return perCycle + perNode * longest
  }
}

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
  /// The default weights.
  public init() {}
}

/// How a scheduler is set up.
public struct SchedulerConfiguration: Hashable, Sendable {
  /// The `schedulerName` of the Pods it schedules.
  public var schedulerName: String
  /// What its version does differently.
  public var behaviour: BehaviourProfile
  /// Share of the nodes to find feasible, in percent; 0: max(5, 50 − n/125), and never fewer than
  /// 100 nodes (S). 100: all nodes.
  public var percentageOfNodesToScore: Int
  /// Which of several best nodes is taken. Default ``TieRule/heapOrder``, the original's.
  public var tieRule: TieRule
  /// Weights of the score plugins.
  public var weights: ScoreWeights
  /// The score of an existing Pod's required affinity term that matches. Default 1 (S).
  public var hardPodAffinityWeight: Int64
  /// The first backoff. Default 1 s (S).
  public var initialBackoff: TimeSpan
  /// The longest backoff. Default 10 s (S).
  public var maxBackoff: TimeSpan
  /// How GPUs are shared; nil: nobody looks at devices. Default nil.
  public var gpuSharing: GPUSharing?
  /// What cycles cost.
  public var cost: SchedulerCost
  /// Whether preemption examines every node it may help on; otherwise max(10 %, 100) from a keyed
  /// random start (S).
  public var examinesAllPreemptionCandidates: Bool
  /// Whether each decision recounts everything and scores every node afresh: the oracle that the
  /// incremental path is compared with.
  public var scan: Bool

  /// The default profile of v1.36.
  public init(
    schedulerName: String = "default-scheduler", behaviour: BehaviourProfile = .v136,
    percentageOfNodesToScore: Int = 0, tieRule: TieRule = .heapOrder,
    weights: ScoreWeights = ScoreWeights(), hardPodAffinityWeight: Int64 = 1,
    initialBackoff: TimeSpan = .seconds(1), maxBackoff: TimeSpan = .seconds(10),
    gpuSharing: GPUSharing? = nil, cost: SchedulerCost = SchedulerCost(),
    examinesAllPreemptionCandidates: Bool = false,
    scan: Bool = false
  ) {
    self.schedulerName = schedulerName
    self.behaviour = behaviour
    self.percentageOfNodesToScore = percentageOfNodesToScore
    self.tieRule = tieRule
    self.weights = weights
    self.hardPodAffinityWeight = hardPodAffinityWeight
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
    self.gpuSharing = gpuSharing
    self.cost = cost
    self.examinesAllPreemptionCandidates = examinesAllPreemptionCandidates
    self.scan = scan
  }

  /// How many feasible nodes are sought among so many.
  ///
  /// > Source: kube-scheduler v1.36 (S).
  public func feasibleNodesSought(of nodes: Int) -> Int {
    if nodes < 100 || percentageOfNodesToScore >= 100 { return nodes }
    var share = percentageOfNodesToScore
    if share == 0 { share = max(5, 50 - nodes / 125) }
    return max(100, nodes * share / 100)
  }
}
