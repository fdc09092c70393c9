import Infrastructure
import Probability
import Quantities
import Workloads

/// What a replication would have cost and lost at least, had whoever placed its Pods known the whole
/// load, every start, refusal and price in advance.
///
/// A bound, not a plan: no policy does better on the same luck (decision record 0018 has the proof),
/// and none may come as near.
public struct ClairvoyantBound: Hashable, Sendable {
  /// The least that is paid for serving, at every time, as much of the load as the replication did:
  /// what own nodes can't hold, in Pods that are ready when they are needed and not a second longer,
  /// at the lowest price of the kind of capacity that it bought.
  public var cost = Money.zero
  /// Pods missing times minutes for want of room anywhere; nil without loads that drive replicas.
  public var shortPodMinutes: Double?
  /// The same of the replication, over its whole length.
  public var missedPodMinutes: Double?
  /// SLO minutes lost for want of room anywhere; nil without loads that drive requests.
  public var sloMinutes: Int?
  /// Nothing that anybody would have to pay or lose.
  public init() {}
}

extension HybridCloud {
  /// The bound for this replication; nil where no load has a choice between own nodes and a cloud.
  ///
  /// - Precondition: the bill and the requests' results are made.
  func clairvoyantBound(_ result: ReplicationResult, at end: Instant) -> ClairvoyantBound? {
    var bound = ClairvoyantBound()
    var picounits: Int128 = 0
    for (root, record) in levels.enumerated() {
      guard let limits = record.limits, !isServed(root: Int32(root)) else { continue }
      let total = record.service(at: end)
      picounits += limits.podHour.picounits * total.beyondOwn / Self.hour
      bound.shortPodMinutes = (bound.shortPodMinutes ?? 0) + Double(total.unavoidable) / 60e9
      bound.missedPodMinutes = (bound.missedPodMinutes ?? 0) + Double(total.missed) / 60e9
    }
    for service in traffic.services {
      guard let work = service.work else { continue }
      picounits += work.limits.podHour.picounits * work.cloudTime / Self.hour
      var lost = 0
      // Examples stand for others by weights, which a strict count can't rest on.
      if service.share == 1 {
        let shortest = TimeSpan(
          nanoseconds: Int64(max(0, service.serviceTime.support.lowerBound) * 1e9))
        lost = service.ledger.minutesLost(
          servingAtMost: work.mostServed(
            deadline: service.parameters.deadline, shortest: shortest))
      }
      bound.sloMinutes = (bound.sloMinutes ?? 0) + lost
    }
    guard bound.shortPodMinutes != nil || bound.sloMinutes != nil else { return nil }
    if result.usage.contains(.spot) { picounits = picounits * lowestSpotPermille / 1000 }
    // What is reserved is paid in any case, and takes its part of the list price off.
    let prices = layout.prices
    picounits -= prices.covered(of: pipeline.stays, until: end).picounits
    bound.cost = Money(picounits: max(0, picounits))
    bound.cost += prices.reservationFee(for: end - .zero)
    return bound
  }

  /// An hour in nanoseconds.
  private static var hour: Int128 { 3_600_000_000_000 }

  /// Whether a workload's Pods are the target of requests, which then say how much it serves.
  private func isServed(root: Int32) -> Bool {
    requestTargets.contains { target in
      if case .root(let own) = target { own == root } else { false }
    }
  }

  /// The lowest price of spot Pods against the list price at any time, in thousandths.
  private var lowestSpotPermille: Int128 {
    var factor = layout.prices.spotFactor
    for pool in layout.poolOfPlace {
      for price in pool?.spot.prices ?? [] { factor = min(factor, price.factor) }
    }
    return min(1000, Int128((factor * 1000).rounded(.down)))
  }
}
