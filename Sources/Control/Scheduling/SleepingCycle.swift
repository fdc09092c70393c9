import ClusterModel
import Quantities

/// A cycle that sleeps in LocalReplicas for the first time.
///
/// The filter sleeps *before* it counts, and what it counts is read from the watch. So the Pod is put
/// aside until the filter wakes up at the first node; only then the cycle goes on, with what has been
/// confirmed meanwhile. The other nodes' sleeps follow without another look: a binding that takes
/// longer than the first sleep isn't counted, so that more Pods than the quota stay local.
///
/// > Source: tke-k8s-distro's patch 0008 for v1.21 and 0010 for v1.20 (S). That the other filters see
/// > the cluster as of the waking rather than as of the cycle's start is simpler than the original (A).
struct SleepingCycle: BitwiseCopyable, Sendable {
  /// The Pod that is being scheduled.
  var pod: PodID
  /// When the cycle began.
  var began: Instant
  /// When the filter wakes up.
  var wakes: Instant
}

extension Scheduler {
  /// How long a Pod's cycle sleeps before LocalReplicas counts for the first time; nil: it doesn't,
  /// as the Pod or the profile doesn't ask for it, or no node gets as far.
  mutating func firstSleep(_ slot: Int, in cluster: borrowing ClusterState) -> TimeSpan? {
    let classIndex = Int(cache.pods[slot].classIndex)
    guard cache.classes[classIndex].localReplicas > 0 else { return nil }
    let delay = filterDelay(ofClass: classIndex)
    guard delay > .zero else { return nil }
    cache.refreshOrder()
    if configuration.scan { cache.recount(classIndex) }
    let state = cache.cycleState(for: classIndex)
    var nodes = cache.nodeOrder.slots
    if let pin = cache.pods[slot].pinnedNode { nodes = cache.knows(pin) ? [Int32(pin.slot)] : [] }
    let isReached = nodes.contains { node in
      let verdict = cache.filterWithNominations(
        slot, classIndex, on: Int(node), state, trial: Trial())
      return verdict.isFit || verdict.filter.comesWithLocalReplicas
    }
    return isReached ? delay : nil
  }

  /// Takes the cycle that has woken up, unless its Pod is gone or has a node by now.
  mutating func takeWoken() -> SleepingCycle? {
    guard let woken = asleep else { return nil }
    asleep = nil
    let entry = cache.pods[woken.pod.index]
    guard entry.exists, entry.id == woken.pod, entry.boundNode == nil, !entry.isTerminating else {
      return nil
    }
    return woken
  }

  /// How long the worker that has most to do goes on sleeping, node by node, after the first time.
  func furtherSleep(of attempt: Attempt, after woken: SleepingCycle) -> TimeSpan {
    let times = configuration.cost.longestShare(of: attempt.sleeps)
    guard times > 1 else { return .zero }
    return filterDelay(ofClass: Int(cache.pods[woken.pod.index].classIndex)) * (times - 1)
  }

  private func filterDelay(ofClass classIndex: Int) -> TimeSpan {
    cache.profiles[Int(cache.classes[classIndex].profile)].localReplicas.filterDelay
  }
}
