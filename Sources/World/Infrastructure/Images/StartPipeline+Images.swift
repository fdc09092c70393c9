import ClusterModel
import Probability
import Quantities

extension StartPipeline {
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
      places[place].takeDisk(of: order.diskNumber, at: now)
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
      askRegistry(order, from: now, into: &out)
    }
  }

  private mutating func askRegistry(
    _ order: StartOrder, from instant: Instant, into out: inout PipelineOutbox
  ) {
    let way = places[order.place].routes.pullWay
    if !way.isEmpty { counts.linkPulls += 1 }
    let answered = answered(set: order.imageSet, place: order.place, from: instant)
    let span = roundTrips(way, of: order, streams.roundTrip, number: order.number)
    out.set(.pull, for: order.pod, at: answered + span)
  }

  mutating func fetchOnMachine(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    if let machine = places[order.place].machine {
      kubelets[order.spot]!.images.collect(machine.imageDisk, imageSets, at: now)
    }
    if kubelets[order.spot]!.images.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    if kubelets[order.spot]!.waitForPreheating(order) { return }
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
    if kubelets[order.spot]!.images.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    counts.machinePulls += 1
    let granted = kubelets[order.spot]!.pulls.take(at: now)
    askRegistry(order, from: granted, into: &out)
  }

  /// Begins a transfer, unless the Pod is told to stop meanwhile.
  mutating func pull(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    let place = order.place
    if leaves(order.pod, at: now, into: &out) { return }
    if isCut(place), !isSeeded(order.imageSet, place: place) {
      backOff(entry, at: now, into: &out)
      return
    }
    let whole: Double
    var bytes: Double
    if let layers = imageSets[order.imageSet].layers {
      whole = layers.reduce(0) { $0 + $1.bytes }
      bytes = whole
      if !places[place].isServerless { bytes = kubelets[order.spot]!.images.missing(layers) }
    } else {
      whole = streams.imageBytes.draw(
        profiles[order.profile].imageBytes, for: order.subject, number: order.number
      ).rounded()
      bytes = whole
    }
    entries[order.pod.index]!.pulledBytes = bytes
    let key = Transfer.pod(order.pod, .imaged).key
    if places[place].sharing != nil {
      counts.peerPulls += 1
      join(key, set: order.imageSet, place: place, bytes: bytes, wholeBytes: whole, at: now)
    } else {
      network.start(key, inClass: places[place].routes.pulls, bytes: bytes, at: now)
    }
  }

  /// A Pod's image is there, and must be unpacked unless that happens on the way.
  mutating func downloaded(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let entry = entry(pod) else { return }
    let place = entry.order.place
    if waitsForSeed(
      Transfer.pod(pod, .imaged).key, set: entry.order.imageSet, place: place)
    {
      return
    }
    guard places[place].unpackRate < .infinity else {
      imaged(entry, at: now, into: &out)
      return
    }
    out.set(
      .imaged, for: pod, at: now + .seconds(entry.pulledBytes / places[place].unpackRate))
  }

  mutating func imaged(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    finish(.image, of: entry, at: now, into: &out)
    if !places[order.place].isServerless {
      kubelets[order.spot]!.images.keep(
        order.imageSet, imageSets[order.imageSet], bytes: entry.pulledBytes, at: now)
      useImages(order, begins: true, at: now)
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

  /// A Pod on a machine begins or ceases to use its images.
  mutating func useImages(_ order: StartOrder, begins: Bool, at now: Instant) {
    guard let machine = places[order.place].machine, kubelets[order.spot] != nil,
      entries[order.pod.index]?.usesImages != begins
    else { return }
    entries[order.pod.index]?.usesImages = begins
    if !begins { kubelets[order.spot]!.images.collect(machine.imageDisk, imageSets, at: now) }
    kubelets[order.spot]!.images.use(order.imageSet, begins: begins, at: now)
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
