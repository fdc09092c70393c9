import ClusterModel
import Quantities

/// Cluster Autoscaler: adds nodes of groups for Pods that fit nowhere, removes nodes that are hardly
/// used.
///
/// A loop every scan interval looks at the cluster through the scheduler's filters, asks the cloud
/// for more machines or drains nodes, and remembers what came of it.
///
/// > Source: Cluster Autoscaler at Kubernetes 1.36 (S, `autoscaler.md` §3), proven by the golden
/// > vectors. Where it leaves an order open, nodes, groups and Pods are taken in the order of the
/// > cluster's slots.
public struct ClusterAutoscaler: Controller {
  /// How it is set up.
  public let configuration: NodeAutoscalerConfiguration
  /// What the last loop decided.
  public internal(set) var report = NodeAutoscalerReport()
  /// Loops begun.
  public private(set) var loopCount = 0

  var oracle: any PlacementOracle
  var ledger = GroupLedger()
  var loop: ScanLoop?
  var lastAdd: Instant?
  var lastDelete: Instant?
  var lastFailure: Instant?
  var unneeded: [UnneededNode] = []
  var unremovable: [UnremovableNode] = []
  var deletions: [NodeDeletion] = []
  private var nextScan: Instant?

  /// An autoscaler that has seen nothing yet.
  /// - Parameter oracle: the scheduler's filters.
  public init(
    configuration: NodeAutoscalerConfiguration = NodeAutoscalerConfiguration(),
    oracle: any PlacementOracle
  ) {
    self.configuration = configuration
    self.oracle = oracle
  }

  /// Takes in what became of its requests, goes on with deletions, and begins a loop if one is due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    for outcome in pass.outcomes { take(outcome, at: pass.now) }
    advanceDeletions(cluster, at: pass.now, into: &out)
    if loop == nil, nextScan.map({ $0 <= pass.now }) ?? true {
      nextScan = pass.now + configuration.scanInterval
      loopCount += 1
      begin(cluster, in: pass, into: &out)
    }
    if let loop, loop.awaited.isEmpty {
      finish(loop, cluster, into: &out)
      self.loop = nil
    }
    var next = nextScan
    for deletion in deletions {
      guard let due = deletion.due else { continue }
      next = min(next ?? due, due)
    }
    return next
  }

  /// The first half of a loop, up to the request for more machines.
  private mutating func begin(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) {
    let now = pass.now
    report = NodeAutoscalerReport()
    ledger.forgetFailures(configuration, at: now)
    ledger.update(cluster, configuration, at: now)
    removeLongUnregistered(cluster, at: now, into: &out)
    guard ledger.isClusterHealthy(configuration) else {
      report.scaleUp = .notTried
      unneeded.removeAll()
      return
    }
    for place in ledger.readiness.indices {
      let change = ledger.correction(of: place, configuration, at: now)
      if change < 0 {
        let target = cluster.nodeGroups[place].targetSize
        out.issue(.setNodeGroupSize(NodeGroupID(index: place), target + change))
      }
    }
    var loop = ScanLoop(now: now)
    oracle.begin(cluster, upTo: pass.position)
    oracle.takeAwayAll(below: configuration.expendableBelow)
    loop.templates = templates(cluster)
    listNodes(cluster, &loop)
    let pending = unhelped(cluster, &loop)
    scaleUp(pending, cluster, pass.choices, &loop, into: &out)
    self.loop = loop
  }

  /// Machines that should have registered long ago are given up, as far as the group's least size
  /// allows.
  private func removeLongUnregistered(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    for place in cluster.nodeGroups.indices where ledger.readiness[place].longUnregistered > 0 {
      var spare = cluster.nodeGroups[place].targetSize - cluster.nodeGroups[place].minSize
      for instance in cluster.nodeGroups[place].instances
      where instance.node == nil && spare > 0 {
        guard instance.requested + configuration.maxNodeProvisionTime < now else { continue }
        out.issue(.deleteInstance(NodeGroupID(index: place), number: instance.number))
        spare -= 1
      }
    }
  }

  /// The nodes on which Pods may be put: those there are, then one for each that is coming.
  private mutating func listNodes(_ cluster: borrowing ClusterState, _ loop: inout ScanLoop) {
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id) else { continue }
      loop.nodes.append(SupposedNode(slot: slot))
      let isComing = node.group != nil && !node.isReady
        && loop.now < node.created + configuration.maxNodeStartupTime
      if !node.isVirtual && !isComing { loop.destinations.append(SupposedNode(slot: slot)) }
    }
    for place in loop.templates.indices {
      let template = loop.templates[place]
      for number in 0..<ledger.readiness[place].upcoming {
        var node = template.node
        node.name = "\(node.name)-upcoming-\(number)"
        node.labels["kubernetes.io/hostname"] = node.name
        let supposed = oracle.add(node)
        for pod in template.running {
          oracle.place(pod.shape, on: supposed, times: pod.count, in: cluster)
        }
        loop.nodes.append(supposed)
        loop.upcoming += 1
      }
    }
  }

  /// Learns what the cloud and the API server made of requests.
  private mutating func take(_ outcome: CommandOutcome, at now: Instant) {
    switch outcome.command {
    case .setNodeGroupSize(let group, _):
      guard var loop, let place = loop.awaited.firstIndex(where: { $0.ticket == outcome.ticket })
      else { return }
      let request = loop.awaited.remove(at: place)
      if outcome.result == .accepted {
        loop.hasGrown = true
      } else {
        loop.hasFailed = true
        ledger.refuse(request.increase, of: group.place, configuration, at: loop.now)
      }
      self.loop = loop
    case .evict, .deleteNode: takeDeletionOutcome(outcome, at: now)
    default: break
    }
  }

  /// The second half: what came of the request, then nodes that aren't needed.
  private mutating func finish(
    _ loop: ScanLoop, _ cluster: borrowing ClusterState, into out: inout CommandBuffer
  ) {
    var loop = loop
    if loop.hasFailed {
      report.scaleUp = .error
      report.resizes = []
    } else if loop.hasGrown {
      report.scaleUp = .successful
      lastAdd = loop.now
    }
    guard configuration.scalesDown else { return }
    scaleDown(&loop, cluster, into: &out)
  }
}

/// What a loop knows between its two halves.
struct ScanLoop: Sendable {
  /// A size asked for whose answer isn't there yet.
  struct Awaited: Sendable {
    var ticket: UInt32
    var increase: Int32
  }
  let now: Instant
  var templates: [GroupTemplate] = []
  /// Where Pods may be put: real nodes and coming ones.
  var nodes: [SupposedNode] = []
  /// Where drained Pods may go: real nodes that have been ready.
  var destinations: [SupposedNode] = []
  var upcoming = 0
  /// Pods put somewhere in this loop's supposition, by node slot.
  var guests: [[PodID]] = []
  var awaited: [Awaited] = []
  var hasGrown = false
  var hasFailed = false
  /// Whether the loop waits for more Pods to come, and doesn't remove nodes either.
  var isGathering = false

  init(now: Instant) { self.now = now }

  mutating func seat(_ pod: PodID, on node: SupposedNode) {
    while guests.count <= node.index { guests.append([]) }
    guests[node.index].append(pod)
  }

  func guests(on node: SupposedNode) -> [PodID] {
    node.index < guests.count ? guests[node.index] : []
  }
}
