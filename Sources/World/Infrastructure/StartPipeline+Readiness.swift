import ClusterModel
import Probability
import Quantities

extension StartPipeline {
  mutating func containersUp(
    _ entry: Entry, at now: Instant, into out: inout PipelineOutbox
  ) {
    let order = entry.order
    if leaves(order.pod, at: now, into: &out) { return }
    entries[order.pod.index]!.containersUp = now
    out.set(.runningStored, for: order.pod, at: write(for: order, number: 0, at: now))
    let span = streams.startup.drawSpan(
      profiles[order.profile].startup, for: order.subject, number: order.number)
    out.set(.serving, for: order.pod, at: now + span)
  }

  mutating func serving(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    finish(.start, of: entry, at: now, into: &out)
    guard !entry.isStopping else { return }
    entries[order.pod.index]!.isServing = true
    if order.runsToCompletion { beginWork(order, at: now, into: &out) }
    guard let delay = order.probeDelay else {
      probed(entry, at: now, into: &out)
      return
    }
    // The first probe that finds the application serving, and as many more as it takes.
    let first = entry.containersUp + delay
    var probe = first
    if probe < now {
      let period = max(1, order.probePeriod.nanoseconds)
      let missed = ((now - first).nanoseconds + period - 1) / period
      probe = first + TimeSpan(nanoseconds: missed * period)
    }
    out.set(.probed, for: order.pod, at: probe + order.probePeriod * (order.probeThreshold - 1))
  }

  mutating func probed(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    guard !entry.isStopping else { return }
    let order = entry.order
    out.set(.readyStored, for: order.pod, at: write(for: order, number: 1, at: now))
  }

  mutating func beginWork(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    let span =
      order.work
      ?? streams.runTime.drawSpan(
        profiles[order.profile].runTime, for: order.subject, number: order.number)
    out.report(.working(order.pod))
    out.set(.worked, for: order.pod, at: now + span)
  }

  mutating func readyStored(
    _ entry: Entry, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard !entry.isStopping else { return }
    finish(.probe, of: entry, at: now, into: &out)
    entries[entry.order.pod.index]!.isReady = true
    out.report(.ready(entry.order.pod))
  }

  /// When a status write of the node's client is stored.
  ///
  /// A status manager sends only a Pod's newest status, so that under a limit the write that would
  /// say Running is the one that says Ready: the one before costs no call of its own.
  mutating func write(
    for order: StartOrder, number: UInt32, at now: Instant
  ) -> Instant {
    let granted: Instant
    if number == 0 {
      granted = now
    } else if places[order.place].isServerless {
      granted = places[order.place].clientBucket.take(at: now)
    } else {
      granted = kubelets[order.spot]!.client.take(at: now)
    }
    let draw = order.number &* 4 &+ number
    let way = places[order.place].routes.callWay
    return granted + streams.write.drawSpan(writeLaw, for: order.subject, number: draw)
      + roundTrips(way, of: order, streams.callRoundTrip, number: draw)
  }

  // MARK: Ends

  /// A Pod is told to stop; it is gone after its shutdown, at most its grace period.
  public mutating func stop(
    _ pod: PodID, grace: TimeSpan, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard let entry = entry(pod), !entry.isStopping else { return }
    entries[pod.index]!.isStopping = true
    let order = entry.order
    if entry.containersUp != .distantFuture {
      let span = streams.shutdown.drawSpan(
        places[order.place].shutdownLaw, for: order.subject, number: order.number)
      out.set(.stopped, for: pod, at: now + min(span, grace))
    } else if entry.isRefused || entry.waitsForWorker || entry.waitsForPuller {
      leave(pod, at: now, into: &out)
    }
    // Otherwise a creation is under way; the Pod leaves when its present stage ends.
  }

  /// A Pod is gone from the API server without waiting for its node: it lets go of everything.
  public mutating func kill(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    remove(pod, at: now, into: &out)
  }

  /// Lets a stopping Pod go whose stage has just ended.
  mutating func leaves(
    _ pod: PodID, at now: Instant, into out: inout PipelineOutbox
  ) -> Bool {
    guard let entry = entry(pod), entry.isStopping else { return false }
    leave(pod, at: now, into: &out)
    return true
  }

  mutating func leave(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard entry(pod) != nil else { return }
    remove(pod, at: now, into: &out)
    out.report(.gone(pod))
  }

  mutating func remove(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let entry = entry(pod) else { return }
    let order = entry.order
    if entry.holds {
      giveBack(entry, at: now)
      if entry.isServing, let images = places[order.place].images, images.diskReuse {
        let window = order.options.diskRetention ?? images.diskReuseWindow
        places[order.place].keepDisk(of: order.diskNumber, until: now + window)
      }
      if let retention = order.options.addressRetention {
        places[order.place].keepAddress(
          Place.KeptAddress(subject: order.subject, subnet: order.spot, until: now + retention))
      }
    }
    bill(entry, until: now)
    if entry.usesImages { useImages(order, begins: false, at: now) }
    entries[pod.index] = nil
    if entry.holdsWorker { releaseWorker(order.place, at: now, into: &out) }
    if entry.holdsPuller { releasePuller(order.spot, at: now, into: &out) }
  }

  mutating func bill(_ entry: Entry, until end: Instant) {
    guard entry.billedFrom < end else { return }
    stays.append(
      BilledStay(
        place: entry.order.place, millicores: entry.order.millicores,
        halfGiB: entry.order.halfGiB, start: entry.billedFrom, end: end, cpuType: entry.cpuType,
        isSpot: entry.order.options.isSpot, gpuHour: entry.order.options.gpuHour,
        diskGiB: entry.order.options.diskGiB))
  }

  /// Bills those still here, at the end of a run.
  public mutating func settle(at end: Instant) {
    for case let entry? in entries { bill(entry, until: end) }
    network.advance(to: end)
  }

  /// Whether a Pod is bound here but refused what it needs.
  public func isRefused(_ pod: PodID) -> Bool { entry(pod)?.isRefused ?? false }

  /// When the instances that still hold resources were accepted.
  public var acceptances: [Instant] {
    entries.compactMap { entry in entry.flatMap { $0.holds ? $0.acceptedAt : nil } }
  }

  /// Addresses that subnets have given out, and instances that hold one.
  public var addressBalance: (taken: Int, held: Int) {
    var taken = 0
    var held = 0
    for place in places {
      taken += (place.levels?.addressesTaken ?? 0) - place.keptAddresses.count
    }
    for case let entry? in entries where entry.holds { held += 1 }
    return (taken, held)
  }
}
