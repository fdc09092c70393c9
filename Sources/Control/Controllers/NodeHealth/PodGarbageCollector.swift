import ClusterModel
import Quantities

/// How a ``PodGarbageCollector`` works.
public struct PodGarbageConfiguration: Hashable, Sendable {
  /// How often it looks: 20 s (S, `gcCheckPeriod`).
  public var period: TimeSpan = .seconds(20)
  /// How long a node must be gone before its Pods are deleted: 40 s (S, `quarantineTime`).
  public var quarantine: TimeSpan = .seconds(40)
  /// How many ended Pods may stay: `--terminated-pod-gc-threshold`, 12,500 (M); 0: any number.
  public var finishedThreshold = 12_500
  /// The defaults above.
  public init() {}
}

/// Deletes Pods that nobody else will: those whose node is gone, those told to stop before they had
/// a node, and the oldest of too many that have ended.
///
/// > Source: kube-controller-manager's Pod garbage collector (M). Pods with `out-of-service` taints
/// > are left out, as nobody sets such taints here.
public struct PodGarbageCollector: Controller {
  private let configuration: PodGarbageConfiguration
  private var cursor = -1
  /// Slots of Pods whose node may be gone.
  private var suspects: [(pod: PodID, since: Instant)] = []
  private var finished: [PodID] = []
  private var pods = PodsByNode()
  private var nextLook: Instant?

  /// A collector that has read nothing yet.
  public init(configuration: PodGarbageConfiguration = PodGarbageConfiguration()) {
    precondition(configuration.period > .zero, "a collector looks now and then")
    self.configuration = configuration
  }

  /// Reads changes up to the pass's position, and issues the deletions that are due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    follow(cluster, in: pass)
    if let look = nextLook, look <= pass.now {
      nextLook = nil
      collect(cluster, at: pass.now, into: &out)
    }
    return nextLook
  }

  private func look(after now: Instant) -> Instant {
    let period = configuration.period.nanoseconds
    return Instant(nanoseconds: (max(0, now.nanoseconds) / period + 1) * period)
  }

  private mutating func suspect(_ pod: PodID, at now: Instant) {
    suspects.append((pod, now))
    nextLook = nextLook ?? look(after: now)
  }

  private mutating func follow(_ cluster: borrowing ClusterState, in pass: ControllerPass) {
    guard cursor < pass.position else { return }
    guard cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) else {
      cursor = cluster.logEnd
      pods.rebuild(from: cluster)
      suspects.removeAll(keepingCapacity: true)
      finished.removeAll(keepingCapacity: true)
      for slot in 0..<cluster.podSlotCount {
        if let pod = cluster.pod(slot: slot) { follow(pod, cluster, at: pass.now) }
      }
      return
    }
    cursor = pass.position
    for change in changes {
      if change.fields.contains(.node) {
        guard change.fields.contains(.deleted) else { continue }
        for pod in pods.pods(ofNode: change.node.index) where cluster.pod(pod)?.node == change.node
        {
          suspect(pod, at: pass.now)
        }
      } else if change.fields.contains(.pod) {
        pods.follow(change, cluster)
        if !change.fields.isDisjoint(with: [.phase, .terminating, .bound]),
          let pod = cluster.pod(change.pod)
        {
          follow(pod, cluster, at: pass.now)
        }
      }
    }
  }

  private mutating func follow(_ pod: Pod, _ cluster: borrowing ClusterState, at now: Instant) {
    if pod.phase.isFinished {
      finished.append(pod.id)
      if configuration.finishedThreshold > 0, finished.count > configuration.finishedThreshold {
        nextLook = nextLook ?? look(after: now)
      }
    } else if let node = pod.node {
      if cluster.node(node) == nil { suspect(pod.id, at: now) }
    } else if pod.isTerminating {
      suspect(pod.id, at: now)
    }
  }

  private mutating func collect(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    var left: [(pod: PodID, since: Instant)] = []
    for entry in suspects {
      guard let pod = cluster.pod(entry.pod), !pod.phase.isFinished else { continue }
      if let node = pod.node {
        guard cluster.node(node) == nil else { continue }
        if now - entry.since < configuration.quarantine {
          left.append(entry)
          continue
        }
      }
      out.issue(.deletePod(entry.pod, atOnce: true))
    }
    suspects = left
    finished.removeAll { cluster.pod($0)?.phase.isFinished != true }
    let surplus = finished.count - configuration.finishedThreshold
    if configuration.finishedThreshold > 0, surplus > 0 {
      for pod in finished.prefix(surplus) { out.issue(.deletePod(pod, atOnce: true)) }
      finished.removeFirst(surplus)
    }
    if !suspects.isEmpty { nextLook = look(after: now) }
  }
}
