import ClusterModel
import Quantities

/// How a ``ReplicaSetController`` works.
public struct ReplicaSetConfiguration: Hashable, Sendable {
  /// How it paces itself.
  public var sync: PodSyncConfiguration
  /// Which Pods go first.
  public var scaleIn: ScaleInOrder

  /// Kubernetes' defaults: see ``PodSyncConfiguration`` for units and sources.
  public init(
    slowStart: Bool = true, burstReplicas: Int = 500,
    initialBackoff: TimeSpan = .milliseconds(5), maxBackoff: TimeSpan = .seconds(1000),
    concurrentSyncs: Int = 5, scaleIn: ScaleInOrder = .kubernetes
  ) {
    sync = PodSyncConfiguration(
      slowStart: slowStart, burstReplicas: burstReplicas, initialBackoff: initialBackoff,
      maxBackoff: maxBackoff, concurrentSyncs: concurrentSyncs)
    self.scaleIn = scaleIn
  }
}

/// Keeps as many Pods of each ReplicaSet and ReplicationController as it wants.
///
/// Missing Pods fill the lowest free places below the number wanted; surplus ones go by
/// ``ScaleInOrder``. A Pod that has ended, or is about to, no longer counts.
///
/// > Source: Kubernetes' ReplicaSet controller, `manageReplicas` (M). Its own status updates, and the
/// > calls they cost, are left out.
public struct ReplicaSetController: Controller {
  private let scaleIn: ScaleInOrder
  private var loop: PodSyncLoop

  /// A controller that has read nothing yet.
  public init(configuration: ReplicaSetConfiguration = ReplicaSetConfiguration()) {
    scaleIn = configuration.scaleIn
    loop = PodSyncLoop(
      configuration.sync,
      following: PodLedger.Rules(kinds: [.replicaSet, .replicationController]))
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    loop.observe(cluster, in: pass, into: &out)
    while let slot = loop.next() {
      let plan = plan(for: slot, cluster, in: pass)
      loop.start(plan, for: slot, at: pass.now, into: &out)
    }
    return loop.queue.nextDue
  }

  private mutating func plan(
    for slot: Int, _ cluster: borrowing ClusterState, in pass: ControllerPass
  ) -> SyncPlan {
    var plan = SyncPlan()
    let active = loop.ledger.workloads[slot]!.active
    let desired = loop.ledger.workloads[slot]!.desired
    if active < desired {
      let missing = loop.configuration.creations(of: Int(desired - active))
      plan.creations.reserveCapacity(missing)
      var place = loop.ledger.workloads[slot]!.places.nextFree(from: 0)
      for _ in 0..<missing {
        plan.creations.append(
          PodCreation(
            ordinal: place, attempt: loop.ledger.workloads[slot]!.places.attempt(of: place),
            pinned: nil))
        place = loop.ledger.workloads[slot]!.places.nextFree(from: place + 1)
      }
    } else if active > desired {
      let surplus = min(Int(active - desired), loop.configuration.burstReplicas)
      plan.deletions = scaleIn.first(
        surplus, of: slot, in: loop.ledger, cluster, at: pass.now, choices: pass.choices)
    }
    return plan
  }
}
