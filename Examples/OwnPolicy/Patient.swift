import Autoscaling
import Quantities

/// Own nodes first, and the cloud only while the workload's Pods were busy when they were last
/// measured, and for so many Pods at once: as many as the quota lets start, so that none waits there
/// for others to end.
///
/// What it knows of the load is as old as its metrics are. Without any, or with old ones, it takes
/// the Pods for busy.
struct Patient: BurstPolicy {
  /// Pods of a workload in the cloud at most.
  var most = 100
  /// The CPU in use of what is requested from which on Pods are busy.
  var busyFrom = 0.6
  /// From what age on a measurement says nothing any more.
  var outdatedAfter = TimeSpan.minutes(2)

  func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    let isOpen = sight.cloudFailedAt == nil && sight.cloud < most && isBusy(sight)
    return isOpen ? .asWritten : .ownNodes
  }

  private func isBusy(_ sight: BurstSight) -> Bool {
    guard let measured = sight.metrics.cpuUtilization,
      measured.age(at: sight.now) < outdatedAfter
    else { return true }
    return measured.value >= busyFrom
  }
}
