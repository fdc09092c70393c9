import Autoscaling
import Quantities

/// Every second place in the cloud where that costs less than so many times an own core, all of them on
/// own nodes else and while the cloud fails.
struct Alternating: BurstPolicy {
  /// What a core and 2 GiB in the cloud may cost against an own core.
  var dearest = 5.0

  /// Prices and places are all that it looks at.
  var readsMetrics: Bool { false }

  func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    guard sight.cloudFailedAt == nil, sight.cloudPrice.units <= sight.ownPrice.units * dearest
    else {
      return .ownNodes
    }
    return pod.ordinal % 2 == 1 ? .virtualNodes : .asWritten
  }
}
