import Quantities

/// The status of a node's condition Ready.
public enum NodeReadiness: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  /// `True`: the kubelet says that it works.
  case ready
  /// `False`: the kubelet says that it doesn't.
  case notReady
  /// `Unknown`: nothing has been heard of the kubelet for the grace period.
  case unknown
}

/// The taints by which the node lifecycle controller marks a node.
///
/// > Source: Kubernetes' `node.kubernetes.io/not-ready` and `node.kubernetes.io/unreachable`, each
/// > with effects NoSchedule and NoExecute (D, "Taints and Tolerations").
public struct NodeHealthTaints: OptionSet, Hashable, BitwiseCopyable, Sendable {
  /// The taints as bits.
  public let rawValue: UInt8
  /// Taints from their bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// `not-ready:NoSchedule`.
  public static let notReadyNoSchedule = NodeHealthTaints(rawValue: 1)
  /// `unreachable:NoSchedule`.
  public static let unreachableNoSchedule = NodeHealthTaints(rawValue: 2)
  /// `not-ready:NoExecute`.
  public static let notReadyNoExecute = NodeHealthTaints(rawValue: 4)
  /// `unreachable:NoExecute`.
  public static let unreachableNoExecute = NodeHealthTaints(rawValue: 8)
  /// Those that repel new Pods.
  public static let noSchedule: NodeHealthTaints = [.notReadyNoSchedule, .unreachableNoSchedule]
  /// Those that evict Pods.
  public static let noExecute: NodeHealthTaints = [.notReadyNoExecute, .unreachableNoExecute]

  /// The key of the taints of nodes whose kubelet says that it doesn't work.
  public static let notReadyKey = "node.kubernetes.io/not-ready"
  /// The key of the taints of nodes that nothing is heard of.
  public static let unreachableKey = "node.kubernetes.io/unreachable"

  /// The taints in the set, as a node carries them, in the order of the bits.
  public func taints(added: Instant?) -> [Taint] {
    var result: [Taint] = []
    func add(_ member: NodeHealthTaints, _ key: String, _ effect: TaintEffect) {
      guard contains(member) else { return }
      var taint = Taint(key: key, effect: effect)
      taint.added = added
      result.append(taint)
    }
    add(.notReadyNoSchedule, Self.notReadyKey, .noSchedule)
    add(.unreachableNoSchedule, Self.unreachableKey, .noSchedule)
    add(.notReadyNoExecute, Self.notReadyKey, .noExecute)
    add(.unreachableNoExecute, Self.unreachableKey, .noExecute)
    return result
  }

  /// Those of the four that are among a node's taints.
  public init(among taints: [Taint]) {
    var found: NodeHealthTaints = []
    for taint in taints {
      switch (taint.key, taint.effect) {
      case (Self.notReadyKey, .noSchedule): found.insert(.notReadyNoSchedule)
      case (Self.unreachableKey, .noSchedule): found.insert(.unreachableNoSchedule)
      case (Self.notReadyKey, .noExecute): found.insert(.notReadyNoExecute)
      case (Self.unreachableKey, .noExecute): found.insert(.unreachableNoExecute)
      default: break
      }
    }
    self = found
  }
}

/// The course of a node's lease: renewed at `first` and then once a period, but not after `stopped`.
///
/// A real API server would get a write for each renewal. While a course goes on as foreseen nothing
/// needs to be written: the newest renewal follows from the time.
struct LeaseCourse: BitwiseCopyable, Sendable {
  var first: Instant
  var period: TimeSpan
  var stopped: Instant?

  /// The newest renewal at or before an instant; nil before the first.
  func renewal(at now: Instant) -> Instant? {
    let end = stopped.map { min($0, now) } ?? now
    guard end >= first else { return nil }
    let count = (end - first).nanoseconds / period.nanoseconds
    return first + TimeSpan(nanoseconds: count * period.nanoseconds)
  }
}

extension ClusterState {
  /// Gives a node a lease that its kubelet renews at an instant and then once a period.
  public mutating func keepLease(of id: NodeID, from first: Instant, every period: TimeSpan) {
    precondition(period > .zero, "a lease is renewed now and then")
    guard node(id) != nil else { return }
    while leases.count <= id.index { leases.append(nil) }
    leases[id.index] = LeaseCourse(first: first, period: period, stopped: nil)
  }

  /// Notes that a node's lease isn't renewed after an instant.
  public mutating func stopLease(of id: NodeID, at now: Instant) {
    guard node(id) != nil, id.index < leases.count, leases[id.index]?.stopped == nil else { return }
    leases[id.index]?.stopped = now
    noteNode(id, .condition)
  }

  /// Notes that a node's lease is renewed again, in its old rhythm.
  public mutating func resumeLease(of id: NodeID) {
    guard node(id) != nil, id.index < leases.count, leases[id.index]?.stopped != nil else { return }
    leases[id.index]?.stopped = nil
    noteNode(id, .condition)
  }

  /// When a node's lease was last renewed, as of an instant; nil: it has none, or never was.
  public func leaseRenewal(of id: NodeID, at now: Instant) -> Instant? {
    guard id.index < leases.count else { return nil }
    return leases[id.index]?.renewal(at: now)
  }

  /// The first instant from `now` on at which a node's rhythm has it renew its lease.
  public func nextLeaseRenewal(of id: NodeID, from now: Instant) -> Instant? {
    guard id.index < leases.count, var lease = leases[id.index] else { return nil }
    lease.stopped = nil
    guard let last = lease.renewal(at: now) else { return lease.first }
    return last == now ? now : last + lease.period
  }

  /// Whether a node's lease is renewed; without a lease nobody would notice if it weren't.
  public func renewsLease(_ id: NodeID) -> Bool {
    id.index >= leases.count || leases[id.index]?.stopped == nil
  }

  /// Records the condition Ready of a node.
  public mutating func setReadiness(of id: NodeID, _ readiness: NodeReadiness) {
    guard var node = node(id), node.readiness != readiness else { return }
    node.readiness = readiness
    updateNode(id, .ready, to: node)
  }

  /// Adds and removes taints by which a node's health is marked.
  public mutating func setTaints(
    of id: NodeID, adding: NodeHealthTaints, removing: NodeHealthTaints, at now: Instant
  ) {
    guard var node = node(id) else { return }
    let present = NodeHealthTaints(among: node.taints)
    let leaving = removing.subtracting(adding).intersection(present)
    let coming = adding.subtracting(present)
    guard !leaving.isEmpty || !coming.isEmpty else { return }
    node.taints.removeAll { !NodeHealthTaints(among: [$0]).isDisjoint(with: leaving) }
    node.taints += coming.taints(added: now)
    updateNode(id, .taints, to: node)
  }
}
