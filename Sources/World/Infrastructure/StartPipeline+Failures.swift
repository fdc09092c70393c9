import ClusterModel
import Quantities

extension Place {
  /// Why a failure keeps a Pod from being created in a subnet; nil if none does.
  func refusalByFailure(subnet: Int) -> RefusalReason? {
    if isOut { return .outage }
    return subnet < soldOut.count && soldOut[subnet] ? .stock : nil
  }
}

/// What failures do to Pods' starts.
extension StartPipeline {
  // MARK: Providers

  /// Whether the API of a pool's provider refuses calls from now on. What is created already goes on.
  public mutating func setOutage(_ isOut: Bool, ofPlace place: Int) { places[place].isOut = isOut }

  /// Whether the API of the provider that a Pod runs at refuses calls: it can't be stopped either.
  public func isOut(_ pod: PodID) -> Bool {
    entry(pod).map { places[$0.order.place].isOut } ?? false
  }

  /// Whether the zone of a pool's subnet is sold out from now on.
  public mutating func setSoldOut(_ isSoldOut: Bool, subnet: Int, ofPlace place: Int) {
    while places[place].soldOut.count <= subnet { places[place].soldOut.append(false) }
    places[place].soldOut[subnet] = isSoldOut
  }

  mutating func refuse(
    _ pod: PodID, _ refusal: RefusalReason, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard let entry = entry(pod) else { return }
    counts.refusals += 1
    entries[pod.index]!.refusals += 1
    entries[pod.index]!.isRefused = true
    let wait = places[entry.order.place].retryWait(afterRefusals: entry.refusals)
    out.set(.retry, for: pod, at: now + wait)
    out.report(.refused(pod, refusal))
  }

  /// Gives back the levels that an instance holds.
  mutating func giveBack(_ entry: Entry, at now: Instant) {
    let order = entry.order
    places[order.place].levels?.give(
      workload: order.workload, subnet: order.spot, millicores: entry.stock,
      groups: order.options.securityGroups)
    instances.leave(enteredAt: entry.acceptedAt, at: now)
    entries[order.pod.index]!.holds = false
  }

  // MARK: Pulls

  /// A pull failed: the kubelet tries again after 10 s, and doubles the wait up to 5 min.
  ///
  /// > Source: the kubelet's `imageBackOff` (S, `MaxContainerBackOff` and `backOffPeriod`).
  mutating func backOff(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let pod = entry.order.pod
    counts.failedPulls += 1
    var wait = TimeSpan.seconds(10)
    for _ in 0..<entry.failedPulls where wait < .minutes(5) { wait = wait * 2 }
    if entry.failedPulls < .max { entries[pod.index]!.failedPulls += 1 }
    out.set(.pull, for: pod, at: now + min(wait, .minutes(5)))
  }

  // MARK: Machines

  /// A machine lost power: what it did for a Pod is lost, and the images on its disk are kept.
  ///
  /// The Pod stays bound; when the machine is back, it arrives there anew.
  public mutating func crash(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let order = entry(pod)?.order else { return }
    let routes = places[order.place].routes
    for kind in [pullClass(of: order), routes.calls ?? routes.pulls] {
      network.cancel(inClass: kind, at: now) { key in
        if case .pod(pod, _) = Transfer(key) { true } else { false }
      }
    }
    remove(pod, at: now, into: &out)
  }

  /// Whether a Pod's containers serve and its kubelet, if asked, says that it is ready.
  public func isReady(_ pod: PodID) -> Bool {
    entry(pod).map { $0.isReady && !$0.isStopping } ?? false
  }
}
