import ClusterModel
import Probability
import Quantities

extension StartPipeline {
  // A driver goes through these rather than to the network, which the compiler specialises only
  // where it is at home: that is forty times faster.

  /// Counts the starts and ends of image transfers.
  public var transferChanges: UInt64 { network.changes }
  /// When the next image transfer ends if nothing changes before.
  public var nextTransferEnd: Instant? { network.nextCompletion }
  /// Lets a shared resource carry so many bytes per second from now on.
  public mutating func setCapacity(_ resource: Int, to capacity: Double, at now: Instant) {
    network.setCapacity(capacity, of: resource, at: now)
  }
  /// Takes out the transfers that have ended by an instant.
  public mutating func endTransfers(at now: Instant, into ended: inout [PodID]) {
    network.completions(at: now, into: &ended)
  }

  mutating func fetchImages(
    _ pod: PodID, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard let order = entry(pod)?.order else { return }
    let place = order.place
    guard let images = places[place].images else {
      fetchOnMachine(order, at: now, into: &out)
      return
    }
    entries[pod.index]!.billedFrom = now
    if images.diskReuse,
      places[place].takeDisk(of: order.diskNumber, window: images.diskReuseWindow, at: now)
    {
      counts.diskReuses += 1
      let span = streams.diskReuse.drawSpan(
        images.diskReuseMount, for: order.subject, number: order.number)
      out.set(.imaged, for: pod, at: now + span)
    } else if order.options.usesImageCache ?? images.cache {
      counts.cacheMounts += 1
      let span = streams.cacheMount.drawSpan(
        images.cacheMount, for: order.subject, number: order.number)
      out.set(.imaged, for: pod, at: now + span)
    } else {
      counts.serverlessPulls += 1
      out.set(.pull, for: pod, at: now + roundTrip(order))
    }
  }

  mutating func roundTrip(_ order: StartOrder) -> TimeSpan {
    if places[order.place].crossesLink { counts.linkPulls += 1 }
    return streams.roundTrip.drawSpan(
      places[order.place].roundTrip, for: order.subject, number: order.number)
  }

  mutating func fetchOnMachine(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    if kubelets[order.spot]!.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    if kubelets[order.spot]!.puller.offer(order.pod) {
      pullOnMachine(order, at: now, into: &out)
    } else {
      entries[order.pod.index]!.waitsForPuller = true
    }
  }

  mutating func pullOnMachine(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    entries[order.pod.index]!.waitsForPuller = false
    entries[order.pod.index]!.holdsPuller = true
    if kubelets[order.spot]!.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    counts.machinePulls += 1
    let granted = kubelets[order.spot]!.pulls.take(at: now)
    out.set(.pull, for: order.pod, at: granted + roundTrip(order))
  }

  /// Begins a transfer, unless the Pod is told to stop meanwhile.
  mutating func pull(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    if leaves(order.pod, at: now, into: &out) { return }
    if isCut(places[order.place].source) {
      backOff(entry, at: now, into: &out)
      return
    }
    let bytes = streams.imageBytes.draw(
      profiles[order.profile].imageBytes, for: order.subject, number: order.number)
    network.start(
      order.pod, inClass: places[order.place].flowClass, bytes: bytes.rounded(), at: now)
  }

  mutating func imaged(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    finish(.image, of: entry, at: now, into: &out)
    if !places[order.place].isServerless {
      kubelets[order.spot]!.keep(order.imageSet)
      if entry.holdsPuller {
        entries[order.pod.index]!.holdsPuller = false
        releasePuller(order.spot, at: now, into: &out)
      }
    }
    if leaves(order.pod, at: now, into: &out) { return }
    let granted = places[order.place].startBucket.take(at: now)
    let span = streams.container.drawSpan(
      places[order.place].containerLaw, for: order.subject, number: order.number)
    out.set(.containersUp, for: order.pod, at: granted + span + order.options.ruleWait)
  }

  mutating func releasePuller(
    _ slot: Int, at now: Instant, into out: inout PipelineOutbox
  ) {
    while let next = kubelets[slot]!.puller.release() {
      guard let waiting = entry(next), waiting.waitsForPuller else { continue }
      pullOnMachine(waiting.order, at: now, into: &out)
      return
    }
  }
}
