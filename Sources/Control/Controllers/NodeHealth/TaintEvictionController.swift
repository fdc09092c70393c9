import ClusterModel
import Quantities

/// How a ``TaintEvictionController`` works.
public struct TaintEvictionConfiguration: Hashable, Sendable {
  /// How long Pods bear `not-ready` and `unreachable` that don't say so themselves, in seconds: the
  /// admission plugin DefaultTolerationSeconds gives them such tolerations. Default 300 (E, model
  /// card 1.1); nil: the plugin is off.
  public var defaultTolerationSeconds: Int64? = 300
  /// The defaults above.
  public init() {}
}

/// Deletes Pods whose node has taints NoExecute that they don't bear, or no longer.
///
/// > Source: kube-controller-manager's taint eviction controller, `processPodOnNode` and
/// > `getMinTolerationTime` (M). Its workers, which a simulated call doesn't keep busy, are left out.
public struct TaintEvictionController: Controller {
  private struct Plan: BitwiseCopyable, Sendable {
    var id: PodID
    var due: Instant
  }
  private struct Waiting: BitwiseCopyable, Sendable {
    var due: Instant
    var id: PodID
  }

  private let configuration: TaintEvictionConfiguration
  private var cursor = -1
  private var pods = PodsByNode()
  /// By Pod slot: when it is to be deleted.
  private var plans: [Plan?] = []
  /// Deletions planned, by time; those that no longer fit their plan are passed over.
  private var waiting: [Waiting] = []
  private var head = 0
  /// By node slot: whether it had taints that evict.
  private var tainted: [Bool] = []

  /// A controller that has read nothing yet.
  public init(configuration: TaintEvictionConfiguration = TaintEvictionConfiguration()) {
    self.configuration = configuration
  }

  /// Reads changes up to the pass's position, and issues the deletions that are due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    follow(cluster, in: pass, into: &out)
    while head < waiting.count, waiting[head].due <= pass.now {
      let entry = waiting[head]
      head += 1
      guard let plan = plan(entry.id), plan.due == entry.due else { continue }
      plans[entry.id.index] = nil
      evict(entry.id, cluster, into: &out)
    }
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
    }
    return head < waiting.count ? waiting[head].due : nil
  }

  private func plan(_ id: PodID) -> Plan? {
    guard id.index < plans.count, let plan = plans[id.index], plan.id == id else { return nil }
    return plan
  }

  // MARK: Reading

  private mutating func follow(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) {
    guard cursor < pass.position else { return }
    guard cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) else {
      cursor = cluster.logEnd
      pods.rebuild(from: cluster)
      for slot in 0..<cluster.nodeSlotCount {
        if let id = cluster.nodeID(slot: slot) { look(at: id, cluster, at: pass.now, into: &out) }
      }
      return
    }
    cursor = pass.position
    for change in changes {
      if change.fields.contains(.node) {
        if !change.fields.isDisjoint(with: [.taints, .created, .deleted]) {
          look(at: change.node, cluster, at: pass.now, into: &out)
        }
      } else if change.fields.contains(.pod) {
        pods.follow(change, cluster)
        guard let pod = cluster.pod(change.pod) else {
          if plan(change.pod) != nil { plans[change.pod.index] = nil }
          continue
        }
        if let node = pod.node, node.index < tainted.count, tainted[node.index],
          change.fields.contains(.bound)
        {
          judge(pod, cluster, at: pass.now, into: &out)
        }
      }
    }
  }

  private mutating func look(
    at id: NodeID, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    while tainted.count <= id.index { tainted.append(false) }
    let was = tainted[id.index]
    let isTainted = cluster.node(id)?.taints.contains { $0.effect == .noExecute } ?? false
    tainted[id.index] = isTainted
    guard isTainted || was else { return }
    for pod in pods.pods(ofNode: id.index) {
      if let pod = cluster.pod(pod) { judge(pod, cluster, at: now, into: &out) }
    }
  }

  // MARK: Judging

  private mutating func judge(
    _ pod: Pod, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    let id = pod.id
    guard let node = pod.node.flatMap({ cluster.node($0) }) else { return }
    let evicting = node.taints.filter { $0.effect == .noExecute }
    while plans.count <= id.index { plans.append(nil) }
    if plans[id.index]?.id != id { plans[id.index] = nil }
    switch Self.patience(
      of: cluster.template(of: pod).tolerations, with: evicting,
      byDefault: configuration.defaultTolerationSeconds)
    {
    case .forever: plans[id.index] = nil
    case .none:
      plans[id.index] = nil
      evict(id, cluster, into: &out)
    case .until(let span):
      // As in the original, a taint that comes later doesn't shorten what the first one began.
      guard plans[id.index] == nil else { return }
      let plan = Plan(id: id, due: now + span)
      plans[id.index] = plan
      insert(Waiting(due: plan.due, id: id))
    }
  }

  private mutating func insert(_ entry: Waiting) {
    var place = waiting.count
    while place > head, entry.due < waiting[place - 1].due { place -= 1 }
    waiting.insert(entry, at: place)
  }

  private func evict(
    _ id: PodID, _ cluster: borrowing ClusterState, into out: inout CommandBuffer
  ) {
    guard let pod = cluster.pod(id), !pod.isTerminating, !pod.phase.isFinished else { return }
    out.issue(.markDisrupted(id))
    out.issue(.deletePod(id, atOnce: false))
  }

  /// How long a Pod bears taints.
  enum Patience: Hashable, Sendable {
    /// It bears them not at all.
    case none
    /// It bears them for a time.
    case until(TimeSpan)
    /// It bears them for good.
    case forever
  }

  /// How long a Pod with such tolerations bears all of the taints together.
  ///
  /// - Parameter seconds: what admission adds for a node's health if the Pod tolerates neither.
  static func patience(
    of own: [Toleration], with taints: [Taint], byDefault seconds: Int64?
  ) -> Patience {
    guard !taints.isEmpty else { return .forever }
    var tolerations = own
    if let seconds {
      for key in [NodeHealthTaints.notReadyKey, NodeHealthTaints.unreachableKey]
      where !own.contains(where: { $0.concerns(key) }) {
        tolerations.append(
          Toleration(key: key, comparison: .exists, effect: .noExecute, seconds: seconds))
      }
    }
    var least: Int64?
    for taint in taints {
      guard let toleration = tolerations.first(where: { $0.tolerates(taint) }) else {
        return .none
      }
      if let seconds = toleration.seconds {
        if seconds <= 0 { return .none }
        least = min(least ?? seconds, seconds)
      }
    }
    return least.map { .until(.seconds(Int($0))) } ?? .forever
  }
}

extension Toleration {
  /// Whether the admission plugin takes it for one of a node's health with this key.
  ///
  /// > Source: DefaultTolerationSeconds (M): key or all keys, effect NoExecute or all effects.
  fileprivate func concerns(_ key: String) -> Bool {
    (self.key == key || self.key.isEmpty) && (effect == .noExecute || effect == nil)
  }
}
