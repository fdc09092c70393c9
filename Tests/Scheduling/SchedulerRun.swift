import ClusterModel
import Quantities
import TestSupport

@testable import Scheduling

/// Runs a scheduler on a made-up cluster that keeps changing, and keeps what it asked for.
struct SchedulerRun {
  private(set) var commands: [ClusterCommand] = []
  private(set) var messages: [String] = []
  /// The node of each attempt; nil where none was found.
  private(set) var nodes: [NodeID?] = []
  /// The filters that each waiting Pod was rejected by, after each pass.
  private(set) var rejectors: [UInt32] = []
  /// What each attempt's search came to.
  private(set) var standings: [SearchStanding?] = []
  /// Whether nodes were grouped in strata, and whether some were judged in one sweep.
  private(set) var usedStrata = false
  private(set) var usedSweeps = false
  /// Whether a class of a large cluster was judged by a sweep instead of an index.
  private(set) var swept = false

  init(
    seed: UInt64, nodes: Int, pods: Int, configuration: SchedulerConfiguration,
    logCapacity: Int = 1 << 16, passes: Int = 12, isTempered: Bool = false
  ) {
    var world = isTempered ? RandomCluster(temperedSeed: seed) : RandomCluster(seed: seed)
    var cluster = ClusterState(
      world.objects(nodes: nodes, pods: pods), logCapacity: logCapacity)
    var scheduler = Scheduler(configuration: configuration)
    scheduler.keepsStandings = true
    var out = CommandBuffer()
    var outcomes: [CommandOutcome] = []
    for number in 0..<passes {
      out.clear()
      let now = Instant.seconds(100 + Double(number) * 7.5)
      let pass = ControllerPass(
        now: now, position: cluster.logEnd, outcomes: outcomes, choices: Choices(key: seed))
      _ = scheduler.reconcile(cluster, in: pass, into: &out)
      outcomes = []
      self.nodes += out.attempts.map(\.node)
      for issued in out.commands {
        commands.append(issued.command)
        let result = Self.apply(issued.command, to: &cluster, at: now, &world.generator)
        outcomes.append(
          CommandOutcome(ticket: issued.ticket, command: issued.command, result: result))
      }
      rejectors += scheduler.queue.pods.map(\.rejectors)
      usedStrata = usedStrata || scheduler.cache.strata.contains { $0 != nil }
      usedSweeps = usedSweeps || scheduler.cache.columns.count > 0
      for slot in 0..<cluster.podSlotCount {
        guard let pod = cluster.pod(slot: slot) else { continue }
        if let message = scheduler.lastMessage(for: pod.id) { messages.append(message) }
      }
      Self.disturb(&cluster, &world, nodes: nodes + number, at: now)
    }
    standings = scheduler.standings
    let cache = scheduler.cache
    swept =
      cache.columns.count > SchedulerCache.smallCluster
      && zip(cache.usesOfIndex, cache.scoreIndexes).contains { $0 == 1 && $1 == nil }
  }

  /// Applies a command; one binding in twenty is refused.
  private static func apply(
    _ command: ClusterCommand, to cluster: inout ClusterState, at now: Instant,
    _ generator: inout SeededGenerator
  ) -> CommandResult {
    switch command {
    case .bind(let pod, let node):
      if generator.below(20) == 0 { return .conflict }
      cluster.bind(pod, to: node)
      cluster.setStarted(pod, at: now)
      cluster.setPhase(pod, to: .running)
    case .markUnschedulable(let pod): cluster.setCondition(pod, .unschedulable, true)
    case .nominate(let pod, let node): cluster.nominate(pod, to: node)
    case .markPreempted(let pod): cluster.setCondition(pod, .preempted, true)
    case .deletePod(let pod, _): cluster.markTerminating(pod)
    default: break
    }
    return .accepted
  }

  /// Lets Pods end and go, nodes come, change and go, and Pods gain tolerations.
  private static func disturb(
    _ cluster: inout ClusterState, _ world: inout RandomCluster, nodes: Int, at now: Instant
  ) {
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      let draw = world.generator.below(100)
      if pod.isTerminating, draw < 60 {
        cluster.deletePod(pod.id)
      } else if pod.node != nil, draw < 4 {
        cluster.setPhase(pod.id, to: .succeeded)
      } else if pod.node == nil, draw < 6 {
        let toleration = Toleration(key: "special", comparison: .exists)
        cluster.setTemplate(
          pod.id, to: cluster.template(pod.template, tolerating: toleration))
      }
    }
    if world.generator.below(3) == 0 { cluster.addNode(world.node(nodes + 1)) }
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), var node = cluster.node(id) else { continue }
      switch world.generator.below(40) {
      case 0: cluster.removeNode(id)
      case 1:
        node.taints = []
        node.isUnschedulable = false
        cluster.updateNode(id, .taints, to: node)
      case 2:
        node.labels["topology.kubernetes.io/zone"] = "z1"
        cluster.updateNode(id, .labels, to: node)
      default: break
      }
    }
    let pending = cluster.addTemplate(world.template())
    for number in 0..<2 {
      cluster.createPod(
        owner: nil, template: pending, ordinal: Int32(number), attempt: 0, at: now,
        name: "late-\(cluster.logEnd)")
    }
  }
}
