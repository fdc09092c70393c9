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
  /// How long a node may be silent before the cluster's node controller takes it for lost: read by
  /// that controller, not by the scheduler.
  public var nodeMonitorGracePeriod: TimeSpan
  /// What no recorded decision of the genuine scheduler proves, a sentence each.
  public var unproven: [String]

  /// A profile from its parts.
  public init(
    name: String, popsFromBackoff: Bool, maxUnschedulable: TimeSpan, usesQueueingHints: Bool,
    nodeMonitorGracePeriod: TimeSpan, unproven: [String] = []
  ) {
    self.name = name
    self.popsFromBackoff = popsFromBackoff
    self.maxUnschedulable = maxUnschedulable
    self.usesQueueingHints = usesQueueingHints
    self.nodeMonitorGracePeriod = nodeMonitorGracePeriod
    self.unproven = unproven
  }

  /// kube-scheduler v1.36: early pop since 1.33, hints since 1.34, 5 minutes (S), 50 s of grace
  /// since 1.32 (M, model card 1.1); proven by the golden vectors where they reach.
  public static let v136 = BehaviourProfile(
    name: "v1.36", popsFromBackoff: true, maxUnschedulable: .minutes(5), usesQueueingHints: true,
    nodeMonitorGracePeriod: .seconds(50),
    unproven: [
      "no recorded decision of the genuine scheduler reaches queue timing, queueing hints, the "
        + "adaptive percentage of nodes, ties other than by name, or failed bindings: these follow "
        + "its source"
    ])

  /// TKE's scheduler of v1.20: no early pop, no hints (S), flush after 60 s (M, model card 1.1), 40 s
  /// of grace (E). No recorded decisions of it exist.
  public static let tke120 = BehaviourProfile(
    name: "tke-1.20", popsFromBackoff: false, maxUnschedulable: .seconds(60),
    usesQueueingHints: false, nodeMonitorGracePeriod: .seconds(40),
    unproven: [
      "filters, scores and weights are those of v1.36, proven by its recorded decisions; where "
        + "v1.20 weighs or rounds differently isn't modelled",
      "which of several equally good nodes v1.20 takes isn't recorded: it draws one, here the "
        + "scenario's rule for ties decides",
      "no early pop from backoff, no queueing hints and a flush after 60 s are taken from sources "
        + "and memory, not from recorded decisions",
      "messages of failed attempts are v1.36's",
      "ComputeResource, LocalReplicas and FitIPResource follow the published patches; no decision of "
        + "theirs was recorded",
    ])
}

/// How much simulated time a scheduling cycle takes.
///
/// Workers are a cost model only: decisions are those of one worker.
public struct SchedulerCost: Hashable, Sendable {
  /// What a cycle costs whatever the number of nodes. Default 10 ms: 100 Pods/s, the low end of
  /// published throughputs (E, model card 1.1; range 5.5–10 ms).
  public var perCycle: TimeSpan
  /// What filtering one node costs a worker. Default 0: published throughputs, and so ``perCycle``,
  /// include it (E).
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
    guard perNode > .zero else { return perCycle }
    return perCycle + perNode * longestShare(of: nodes)
  }

  /// How many of some nodes the worker filters that has most to do.
  func longestShare(of nodes: Int) -> Int {
    if nodes == 0 { return 0 }
    let root = Int(Double(nodes).squareRoot())
    let chunk = max(1, min(root, nodes / workers + 1))
    let (rounds, left) = (nodes / chunk).quotientAndRemainder(dividingBy: workers)
    let longest = left > 0 ? (rounds + 1) * chunk : rounds * chunk + nodes % chunk
    return longest
  }
}

/// How a scheduler is set up.
public struct SchedulerConfiguration: Hashable, Sendable {
  /// Its profiles, at least one; a Pod is scheduled by the one that its `schedulerName` names.
  public var profiles: [SchedulerProfile]
  /// What its version does differently.
  public var behaviour: BehaviourProfile
  /// Share of the nodes to find feasible, in percent; 0: max(5, 50 − n/125), and never fewer than
  /// 100 nodes (S). 100: all nodes.
  public var percentageOfNodesToScore: Int
  /// Which of several best nodes is taken. Default ``TieRule/heapOrder``, the original's.
  public var tieRule: TieRule
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

  /// The default profile of v1.36 alone.
  public init(
    profiles: [SchedulerProfile] = [SchedulerProfile()], behaviour: BehaviourProfile = .v136,
    percentageOfNodesToScore: Int = 0, tieRule: TieRule = .heapOrder,
    initialBackoff: TimeSpan = .seconds(1), maxBackoff: TimeSpan = .seconds(10),
    gpuSharing: GPUSharing? = nil, cost: SchedulerCost = SchedulerCost(),
    examinesAllPreemptionCandidates: Bool = false,
    scan: Bool = false
  ) {
    self.profiles = profiles
    self.behaviour = behaviour
    self.percentageOfNodesToScore = percentageOfNodesToScore
    self.tieRule = tieRule
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
  /// - Parameter profile: the number of the profile, whose own percentage goes first.
  public func feasibleNodesSought(of nodes: Int, profile: Int = 0) -> Int {
    let percentage = profiles[profile].percentageOfNodesToScore ?? percentageOfNodesToScore
    if nodes < 100 || percentage >= 100 { return nodes }
    var share = percentage
    if share == 0 { share = max(5, 50 - nodes / 125) }
    return max(100, nodes * share / 100)
  }
}
