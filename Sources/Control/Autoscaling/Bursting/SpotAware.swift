import ClusterModel
import Quantities

/// A base of Pods as they are written, the others in part on spot capacity, spread over zones and makes
/// of processor.
///
/// Capacity of which a spot Pod was announced to be taken back, or wasn't started in time, is left
/// alone for a while, and so is a zone where spot has become dearer than it is worth; where all of it
/// is, Pods go to the cloud on demand.
public struct SpotAware: BurstPolicy {
  /// Pods of a workload that never are spot. Default 2 (A).
  public var base = 2
  /// The share of the others that is spot. Default 1.
  public var share = 1.0
  /// The zones that spot Pods are spread over, each as often as the next.
  public var zones: [String] = []
  /// The makes of processor that spot Pods are spread over in each zone; empty: the pool's own.
  public var types: [String] = []
  /// The highest price against the list price at which spot is taken. Default 1.
  public var highestFactor = 1.0
  /// It doesn't.
  public var readsMetrics: Bool { false }
  /// A policy with the defaults above.
  public init() {}

  /// Nothing for the base, a zone's spot capacity for the share, the cloud on demand instead.
  public func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    let place = Int(pod.ordinal) - base
    guard place >= 0 else { return .asWritten }
    let before = (Double(place) * share).rounded(.down)
    let after = (Double(place + 1) * share).rounded(.down)
    guard after > before else { return .asWritten }
    let open = capacities.filter { capacity in
      let priced = sight.spotZones.first { $0.zone == capacity.zone }
      return (priced?.factor ?? sight.spotFactor) <= highestFactor
        && !sight.troubled.contains(capacity)
    }
    guard !open.isEmpty else { return .virtualNodes }
    return .spot(open[Int(before) % open.count])
  }

  /// Zone after zone of the first make, then of the next.
  private var capacities: [SpotCapacity] {
    guard !types.isEmpty else { return zones.map { SpotCapacity(zone: $0) } }
    return types.flatMap { type in zones.map { SpotCapacity(zone: $0, type: type) } }
  }
}
