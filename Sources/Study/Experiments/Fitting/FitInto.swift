import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Scheduling

/// How many copies of an application fit into a cluster, and how many nodes more it takes, by the
/// scheduler's own decisions.
///
/// The cluster is settled first: what is pending in it is placed, and controllers create what its
/// manifests ask for. Then copies come one after another, every Pod of a copy before the next copy,
/// and no Pod is evicted for them. A copy is every Pod that the application's manifests ask for;
/// its DaemonSets come once, with one Pod on each node that they belong on.
public struct FitInto: Sendable {
  /// What was found.
  public struct Answer: Hashable, Sendable {
    /// How many copies fit.
    public var copies = 0
    /// How many Pods a copy has.
    public var podsPerCopy = 0
    /// How many nodes the cluster has.
    public var nodes = 0
    /// How many Pods of the cluster itself had no node before the first copy came.
    public var pending = 0
    /// The first Pod that no node takes, as a name.
    public var rejected = ""
    /// Why, in the scheduler's words.
    public var reason = ""
    /// The copies asked for.
    public var wanted = 1
    /// The fewest nodes to add for them; nil if no number up to ``FitInto/mostNodes`` is enough.
    public var newNodes: Int?
    /// The name of the node that the new ones are like; empty if the cluster has none.
    public var likeNode = ""
    /// Why not even ``FitInto/mostNodes`` are enough: the Pod, and the scheduler's words.
    public var shortfall = ""
    /// Nothing found yet.
    public init() {}
  }

  /// Why an answer can't be given.
  public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The application's manifests ask for no Pod.
    case noPods
    /// The cluster has no node of that name.
    case noNode(String)

    /// One sentence.
    public var description: String {
      switch self {
      case .noPods: "the application has no Pod, and no workload that asks for one"
      case .noNode(let name): "the cluster has no node named \"\(name)\""
      }
    }
  }

  /// The most nodes that are added.
  public static let mostNodes = 5_000
  /// The most Pods of an application that are tried.
  static let mostPods = 1_000_000

  private let world: Scenario
  private let app: [(template: PodTemplate, owner: WorkloadObject?, name: String)]
  private let like: Node?

  /// - Parameters:
  ///   - world: the cluster; a bare dump as a scenario.
  ///   - application: the application's objects.
  ///   - likeNode: the node that new ones are like; nil: of the commonest shape, one without taints
  ///     and of no control plane if there is any, the first by name.
  /// - Throws: ``Problem``.
  public init(
    _ world: Scenario, application: ClusterObjects, likeNode: String? = nil
  ) throws(Problem) {
    var world = world
    world.cluster.nodes =
      world.cluster.nodes
      + world.nodePools.flatMap { pool in
        (0..<pool.count).map { pool.node($0) }
      }
    world.nodePools = []
    if let likeNode {
      guard let found = world.cluster.nodes.first(where: { $0.name == likeNode }) else {
        throw .noNode(likeNode)
      }
      like = found
    } else {
      like = Self.commonest(of: world.cluster.nodes)
    }
    var app: [(template: PodTemplate, owner: WorkloadObject?, name: String)] = []
    for object in application.workloads where object.owner == nil {
      var object = object
      if object.kind == .daemonSet {
        world.cluster.workloads.append(object)
        continue
      }
      let count =
        object.kind == .job
        ? object.job.completions.map { min($0, object.job.parallelism) } ?? object.job.parallelism
        : object.replicas
      object.template.neverPreempts = true
      object.replicas = 0
      if object.kind != .job { world.cluster.workloads.append(object) }
      for _ in 0..<max(0, count) {
        app.append((object.template, object.kind == .job ? nil : object, object.name))
      }
    }
    for pod in application.pods {
      var template = pod.template
      template.neverPreempts = true
      app.append((template, nil, pod.name))
    }
    guard !app.isEmpty else { throw .noPods }
    self.app = app
    world.cluster.services += application.services
    world.cluster.priorityClasses += application.priorityClasses
    world.cluster.namespaces += application.namespaces
    world.cluster.configMaps += application.configMaps
    self.world = world
  }

  /// The node of the commonest shape that anything may run on.
  private static func commonest(of nodes: [Node]) -> Node? {
    let usable = nodes.filter { !$0.isUnschedulable && $0.isReady && !$0.isVirtual }
    let open = usable.filter { $0.taints.allSatisfy { $0.effect == .preferNoSchedule } }
    let roles = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"]
    let workers = open.filter { node in roles.allSatisfy { node.labels[$0] == nil } }
    let candidates = (workers.isEmpty ? open.isEmpty ? usable : open : workers).sorted {
      $0.name < $1.name
    }
    var shapes: [(node: Node, count: Int)] = []
    for node in candidates {
      if let index = shapes.firstIndex(where: { $0.node.allocatable == node.allocatable }) {
        shapes[index].count += 1
      } else {
        shapes.append((node, 1))
      }
    }
    return shapes.max { $0.count < $1.count }?.node
  }

  // MARK: Answers

  /// Finds both.
  ///
  /// - Parameter copies: how many copies the new nodes are for; nil: one more than fit.
  public func answer(copies: Int? = nil) -> Answer {
    var answer = Answer()
    answer.podsPerCopy = app.count
    answer.nodes = world.cluster.nodes.count
    answer.likeNode = like?.name ?? ""
    let found = most()
    answer.copies = found.copies
    answer.pending = found.pending
    answer.rejected = found.rejected
    answer.reason = found.reason
    answer.wanted = copies ?? found.copies + 1
    answer.newNodes = fewestNodes(
      for: answer.wanted, having: found.copies, shortfall: &answer.shortfall)
    return answer
  }

  private struct Outcome {
    var copies = 0
    var pending = 0
    var rejected = ""
    var reason = ""
  }

  /// As many copies as fit: twice as many are tried until some don't.
  private func most() -> Outcome {
    world.settled { cluster in
      var tried = 8
      while true {
        let found = place(tried, into: cluster)
        if found.copies < tried || tried * app.count >= Self.mostPods { return found }
        tried *= 4
      }
    }
  }

  /// The fewest nodes by halving: what some are enough for, more are, too.
  private func fewestNodes(for wanted: Int, having: Int, shortfall: inout String) -> Int? {
    guard having < wanted else { return 0 }
    guard like != nil else { return nil }
    var few = 0
    var many = 1
    while true {
      let outcome = placed(wanted, adding: many)
      if outcome.copies >= wanted { break }
      few = many
      if many >= Self.mostNodes {
        shortfall = "\(outcome.rejected): \(outcome.reason)"
        return nil
      }
      many = min(many * 2, Self.mostNodes)
    }
    while many - few > 1 {
      let middle = few + (many - few) / 2
      if placed(wanted, adding: middle).copies >= wanted { many = middle } else { few = middle }
    }
    return many
  }

  private func placed(_ copies: Int, adding count: Int) -> Outcome {
    guard let like else { return Outcome() }
    var world = world
    for number in 1...count {
      var node = like
      node.name = "\(like.name)-added-\(number)"
      node.labels["kubernetes.io/hostname"] = node.name
      node.images = []
      world.cluster.nodes.append(node)
    }
    return world.settled { place(copies, into: $0) }
  }

  // MARK: Placing

  /// Lets copies come into a settled cluster, one after another.
  private func place(_ copies: Int, into settled: borrowing ClusterState) -> Outcome {
    var cluster = settled.copy()
    var templates: [TemplateID] = []
    for (index, pod) in app.enumerated() {
      let known = app[..<index].firstIndex { $0.template == pod.template }
      templates.append(known.map { templates[$0] } ?? cluster.addTemplate(pod.template))
    }
    let owners = app.map { owner(of: $0.owner, in: cluster) }
    let before = (0..<cluster.podSlotCount).reduce(into: 0) { count, slot in
      if let pod = cluster.pod(slot: slot), pod.isUnbound, !pod.phase.isFinished { count += 1 }
    }
    var ids: [PodID] = []
    var names: [String] = []
    for copy in 0..<copies {
      for (index, pod) in app.enumerated() {
        let name = "\(pod.name)-copy-\(copy + 1)-\(index + 1)"
        names.append("\(pod.template.namespace)/\(name)")
        ids.append(
          cluster.createPod(
            owner: owners[index], template: templates[index], ordinal: Int32(clamping: ids.count),
            attempt: 0, at: Instant(nanoseconds: Int64(ids.count + 1)), name: name))
      }
    }
    var scheduler = scheduler(explaining: nil)
    let placed = Self.schedule(cluster, by: &scheduler)
    var outcome = Outcome()
    outcome.pending = before
    let firstLost = ids.firstIndex { !placed[$0.index] }
    outcome.copies = (firstLost ?? ids.count) / app.count
    if let firstLost {
      outcome.rejected = names[firstLost]
      // The same again, with an eye on that Pod.
      scheduler = self.scheduler(explaining: names[firstLost])
      _ = Self.schedule(cluster, by: &scheduler)
      outcome.reason = scheduler.explained?.decision.message ?? ""
    }
    return outcome
  }

  private func owner(
    of object: WorkloadObject?, in cluster: borrowing ClusterState
  ) -> WorkloadID? {
    guard let object else { return nil }
    for slot in 0..<cluster.workloadSlotCount {
      if let workload = cluster.workload(slot: slot), workload.kind == object.kind,
        workload.name == object.name, workload.namespace == object.namespace
      {
        return workload.id
      }
    }
    return nil
  }

  private func scheduler(explaining pod: String?) -> Scheduler {
    var configuration = world.schedulerConfiguration
    configuration.cost = .none
    configuration.percentageOfNodesToScore = 100
    var scheduler = Scheduler(configuration: configuration)
    scheduler.explains = pod
    return scheduler
  }

  /// Tries every Pod without a node once; by slot: whether it got one.
  private static func schedule(
    _ cluster: borrowing ClusterState, by scheduler: inout Scheduler
  ) -> [Bool] {
    var out = CommandBuffer()
    _ = scheduler.reconcile(
      cluster, in: ControllerPass(now: .zero, position: cluster.logEnd), into: &out)
    var placed = [Bool](repeating: false, count: cluster.podSlotCount)
    for attempt in out.attempts where attempt.node != nil { placed[attempt.pod.index] = true }
    return placed
  }
}
