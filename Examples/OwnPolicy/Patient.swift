import Autoscaling

/// Own nodes first, and the cloud only for so many Pods at once: as many as the quota lets start, so
/// that none waits there for others to end.
struct Patient: BurstPolicy {
  /// Pods of a workload in the cloud at most.
  var most = 100

  func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    sight.cloudFailedAt == nil && sight.cloud < most ? .asWritten : .ownNodes
  }
}
