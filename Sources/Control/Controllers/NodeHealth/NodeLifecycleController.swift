import ClusterModel
import Quantities

/// Watches nodes' leases, records what it thinks of their health, and marks the unhealthy ones.
///
/// At every look (once a monitor period) a node whose newest lease renewal was seen the grace period
/// ago or longer is recorded as Unknown, and its Pods as not ready. Nodes that aren't ready are
/// marked at once with a taint NoSchedule, and one after another, at a rate by zone, with a taint
/// NoExecute, by which ``TaintEvictionController`` evicts their Pods. While no node of any zone is
/// healthy, nobody is evicted: then it is more likely the controller that is cut off.
///
/// Looks at which nothing can change are left out, so that healthy nodes cost nothing.
///
/// > Source: kube-controller-manager's node lifecycle controller, `monitorNodeHealth`,
/// > `processTaintBaseEviction`, `handleDisruption`, `doNoScheduleTaintingPass` and
/// > `doNoExecuteTaintingPass` (M). Real looks drift by the time that they take, so that the look a
/// > grace period after another finds it over; pressures and `exclude-disruption` are left out.
public struct NodeLifecycleController: Controller {
  struct Record: BitwiseCopyable, Sendable {
    var id: NodeID
    var zone: Int32
    /// Whether it is never tainted for eviction.
    var isExempt: Bool
    /// The condition as of the last look.
    var readiness: NodeReadiness
    /// The taints by which it is marked, as far as was asked for.
    var taints: NodeHealthTaints
    /// The look at which its newest renewal was seen, while it isn't renewed.
    var probe: Instant?
    var isQueued = false
    var isListed = false
  }
  struct Zone: Sendable {
    let key: String
    var count = ZoneCount()
    var state = ZoneState.initial
    var limiter: EvictionLimiter
    /// Nodes to be tainted, first come first.
    var queue: [NodeID] = []
    var head = 0
  }

  /// How it works.
  public let configuration: NodeLifecycleConfiguration
  var records: [Record?] = []
  var zones: [Zone] = []
  private var zoneNumbers: [String: Int32] = [:]  // name look-up
  private var cursor = -1
  private var pods = PodsByNode()
  /// Slots of nodes whose leases aren't renewed and that aren't recorded as Unknown yet.
  var watched: [UInt32] = []
  /// Slots of nodes that aren't ready, or whose condition has changed since the last look.
  private var unsettled: [UInt32] = []
  /// When the controller began to look.
  private var start: Instant?
  /// The next look that is needed.
  var nextLook: Instant?

  /// A controller that has read nothing yet.
  public init(configuration: NodeLifecycleConfiguration = NodeLifecycleConfiguration()) {
    precondition(configuration.monitorPeriod > .zero, "nodes are looked at now and then")
    self.configuration = configuration
  }

  /// Reads changes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    if start == nil { start = pass.now }
    follow(cluster, in: pass, into: &out)
    if let look = nextLook, look <= pass.now {
      self.look(cluster, at: pass.now, into: &out)
    }
    let nextTaint = taintQueued(cluster, at: pass.now, into: &out)
    guard let look = nextLook else { return nextTaint }
    return min(look, nextTaint ?? .distantFuture)
  }

  // MARK: Reading

  private mutating func follow(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) {
    guard cursor < pass.position else { return }
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) {
      cursor = pass.position
      for change in changes {
        if change.fields.contains(.node) {
          follow(node: change.node, cluster, at: pass.now, into: &out)
        } else if change.fields.contains(.pod) {
          pods.follow(change, cluster)
        }
      }
    } else {
      cursor = cluster.logEnd
      pods.rebuild(from: cluster)
      for slot in records.indices {
        if let record = records[slot] { follow(node: record.id, cluster, at: pass.now, into: &out) }
      }
      for slot in 0..<cluster.nodeSlotCount {
        guard let id = cluster.nodeID(slot: slot) else { continue }
        follow(node: id, cluster, at: pass.now, into: &out)
      }
    }
  }

  private mutating func follow(
    node id: NodeID, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) {
    while records.count <= id.index { records.append(nil) }
    guard let node = cluster.node(id) else {
      if records[id.index]?.id == id { drop(id.index) }
      return
    }
    if records[id.index] == nil || records[id.index]!.id != id { enrol(id, node) }
    guard let record = records[id.index] else { return }
    if !cluster.renewsLease(id) {
      watch(id, cluster, from: now)
    } else if record.probe != nil {
      // Whether it was renewed in time shows at the next look.
      need(lookFrom: now)
    }
    markNoSchedule(id.index, node.readiness, into: &out)
    if node.readiness != record.readiness || node.readiness != .ready {
      list(id.slot)
      need(lookFrom: now)
    }
  }

  private mutating func enrol(_ id: NodeID, _ node: Node) {
    if records[id.index] != nil { drop(id.index) }
    let region = node.labels["topology.kubernetes.io/region"] ?? ""
    let key = "\(region):\(node.labels["topology.kubernetes.io/zone"] ?? "")"
    let zone = zoneNumbers[key] ?? Int32(zones.count)
    if Int(zone) == zones.count {
      zoneNumbers[key] = zone
      zones.append(
        Zone(key: key, limiter: EvictionLimiter(rate: configuration.evictionRate, from: .zero)))
    }
    records[id.index] = Record(
      id: id, zone: zone, isExempt: configuration.exemptsVirtualNodes && node.isVirtual,
      readiness: .ready, taints: NodeHealthTaints(among: node.taints))
    zones[Int(zone)].count.ready += 1
  }

  private mutating func drop(_ slot: Int) {
    guard let record = records[slot] else { return }
    if record.readiness == .ready {
      zones[Int(record.zone)].count.ready -= 1
    } else {
      zones[Int(record.zone)].count.notReady -= 1
    }
    records[slot] = nil
    watched.removeAll { $0 == UInt32(slot) }
    unsettled.removeAll { $0 == UInt32(slot) }
  }

  private mutating func list(_ slot: UInt32) {
    guard records[Int(slot)]?.isListed == false else { return }
    records[Int(slot)]!.isListed = true
    unsettled.append(slot)
  }

  /// The first look at or after an instant.
  func look(from now: Instant) -> Instant {
    let period = configuration.monitorPeriod.nanoseconds
    let first = (Instant.zero + configuration.firstMonitor).nanoseconds
    let earliest = max(now, start ?? now).nanoseconds
    guard earliest > first else { return Instant(nanoseconds: first) }
    let count = (earliest - first + period - 1) / period
    return Instant(nanoseconds: first + count * period)
  }

  private mutating func need(lookFrom now: Instant) {
    let look = look(from: now)
    nextLook = min(nextLook ?? look, look)
  }

  private mutating func watch(
    _ id: NodeID, _ cluster: borrowing ClusterState, from now: Instant
  ) {
    let slot = id.index
    guard records[slot]!.readiness != .unknown else { return }
    if records[slot]!.probe == nil { watched.append(id.slot) }
    // A controller that began later saw the lease at its first look.
    let probe = look(from: cluster.leaseRenewal(of: id, at: now) ?? .zero)
    records[slot]!.probe = probe
    let due = look(from: probe + configuration.gracePeriod)
    nextLook = min(nextLook ?? due, due)
  }

  // MARK: A look

  private mutating func look(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    nextLook = nil
    watched.sort()
    var stillWatched: [UInt32] = []
    for slot in watched {
      guard let record = records[Int(slot)], let probe = record.probe else { continue }
      if cluster.renewsLease(record.id) {
        records[Int(slot)]!.probe = nil
      } else if now - probe >= configuration.gracePeriod {
        records[Int(slot)]!.probe = nil
        out.issue(.setReadiness(record.id, .unknown))
        settle(Int(slot), as: .unknown, cluster, into: &out)
        markNoSchedule(Int(slot), .unknown, into: &out)
        list(slot)
      } else {
        let due = look(from: probe + configuration.gracePeriod)
        nextLook = min(nextLook ?? due, due)
        stillWatched.append(slot)
      }
    }
    watched = stillWatched
    unsettled.sort()
    var stillUnsettled: [UInt32] = []
    for slot in unsettled {
      guard let record = records[Int(slot)] else { continue }
      if let node = cluster.node(record.id) {
        // What this controller has just decided is newer than what is stored.
        let decided = record.readiness == .unknown && !cluster.renewsLease(record.id)
        settle(Int(slot), as: decided ? .unknown : node.readiness, cluster, into: &out)
      }
      markForEviction(Int(slot), into: &out)
      let isSettled = records[Int(slot)]!.readiness == .ready
      records[Int(slot)]!.isListed = !isSettled
      if !isSettled { stillUnsettled.append(slot) }
    }
    unsettled = stillUnsettled
    judgeZones(cluster, at: now, into: &out)
  }

  /// Takes a node's condition for what it is from now on; where it stops being ready, so do its Pods.
  private mutating func settle(
    _ slot: Int, as readiness: NodeReadiness, _ cluster: borrowing ClusterState,
    into out: inout CommandBuffer
  ) {
    let record = records[slot]!
    guard record.readiness != readiness else { return }
    let zone = Int(record.zone)
    if record.readiness == .ready {
      zones[zone].count.ready -= 1
      zones[zone].count.notReady += 1
      if !record.isExempt {
        for pod in pods.pods(ofNode: slot) where cluster.pod(pod)?.isReady ?? false {
          out.issue(.markUnready(pod))
        }
      }
    } else if readiness == .ready {
      zones[zone].count.ready += 1
      zones[zone].count.notReady -= 1
    }
    records[slot]!.readiness = readiness
  }
}
