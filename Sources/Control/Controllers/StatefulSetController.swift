import ClusterModel
import Quantities

/// Keeps one Pod per ordinal below each StatefulSet's size.
///
/// In order, a Pod is created when every one before it is ready, and surplus Pods go one by one from
/// the highest, each when the one above is gone. In parallel, neither waits. An ordinal is free
/// again only when its Pod is gone, so there are never two.
///
/// > Source: Kubernetes' StatefulSet controller, `updateStatefulSet` (M). Rolling updates,
/// > `minReadySeconds`, ordinals that start elsewhere than at 0, and volume claims are left out.
public struct StatefulSetController: Controller {
  private var loop: PodSyncLoop

  /// A controller that has read nothing yet.
  ///
  /// Slow start counts for parallel sets; there is no largest burst.
  public init(
    configuration: PodSyncConfiguration = PodSyncConfiguration(burstReplicas: .max)
  ) {
    loop = PodSyncLoop(
      configuration,
      following: PodLedger.Rules(
        kinds: [.statefulSet], holdsPlaceUntilGone: true, mindsReadiness: true))
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    loop.observe(cluster, in: pass, into: &out)
    while let slot = loop.next() {
      let isParallel = loop.ledger.workloads[slot]!.strategy.isParallel
      let plan = isParallel ? parallelPlan(for: slot) : orderedPlan(for: slot)
      loop.start(plan, for: slot, at: pass.now, into: &out)
    }
    return loop.queue.nextDue
  }

  private func creation(_ slot: Int, at ordinal: Int32) -> PodCreation {
    PodCreation(
      ordinal: ordinal, attempt: loop.ledger.workloads[slot]!.places.attempt(of: ordinal),
      pinned: nil)
  }

  // MARK: One after another

  private mutating func orderedPlan(for slot: Int) -> SyncPlan {
    var plan = SyncPlan()
    let desired = loop.ledger.workloads[slot]!.desired
    var ordinal = loop.ledger.workloads[slot]!.availableBelow
    while ordinal < desired {
      guard let holder = loop.ledger.workloads[slot]!.places.holder(of: ordinal),
        let pod = loop.ledger.pod(slot: holder)
      else {
        plan.creations.append(creation(slot, at: ordinal))
        break
      }
      if !pod.isAvailable {
        if pod.isOver { plan.deletions.append(pod.id) }
        break
      }
      ordinal += 1
    }
    loop.ledger.workloads[slot]!.availableBelow = min(ordinal, desired)
    guard ordinal >= desired else { return plan }
    let surplus = surplus(of: slot, held: Int(desired))
    guard let highest = surplus.first, !highest.facts.contains(.terminating) else { return plan }
    // Of several that aren't ready, only the lowest may go.
    let waits = !highest.isAvailable && surplus.dropFirst().contains { !$0.isAvailable }
    if !waits { plan.deletions.append(highest.id) }
    return plan
  }

  // MARK: All at once

  private mutating func parallelPlan(for slot: Int) -> SyncPlan {
    var plan = SyncPlan()
    let desired = loop.ledger.workloads[slot]!.desired
    var ordinal = loop.ledger.workloads[slot]!.places.nextFree(from: 0)
    while ordinal < desired {
      plan.creations.append(creation(slot, at: ordinal))
      ordinal = loop.ledger.workloads[slot]!.places.nextFree(from: ordinal + 1)
    }
    let hasEnded = loop.ledger.workloads[slot]!.succeeded + loop.ledger.workloads[slot]!.failed > 0
    if hasEnded {
      let ended = members(of: slot).filter { $0.isOver && $0.ordinal < desired }
      plan.deletions += ended.sorted { $0.ordinal < $1.ordinal }.map(\.id)
    }
    let surplus = surplus(of: slot, held: Int(desired) - plan.creations.count)
    plan.deletions += surplus.filter { !$0.facts.contains(.terminating) }.map(\.id)
    return plan
  }

  // MARK: Members

  private func members(of slot: Int) -> [FollowedPod] {
    loop.ledger.workloads[slot]!.members.compactMap { loop.ledger.pod(slot: Int($0)) }
  }

  /// Pods whose ordinals are too high, the highest first, given how many places below are held.
  private func surplus(of slot: Int, held: Int) -> [FollowedPod] {
    guard loop.ledger.workloads[slot]!.members.count > held else { return [] }
    let desired = loop.ledger.workloads[slot]!.desired
    return members(of: slot).filter { $0.ordinal >= desired }.sorted { $0.ordinal > $1.ordinal }
  }
}

extension FollowedPod {
  /// Whether it has ended and hasn't been told to go.
  fileprivate var isOver: Bool { phase.isFinished && !facts.contains(.terminating) }
}
