import ClusterModel
import Probability
import Quantities

/// How often each part of the pipeline was at work.
public struct PipelineCounts: Hashable, BitwiseCopyable, Sendable {
  /// Refusals by providers.
  public var refusals = 0
  /// Serverless Pods accepted.
  public var serverlessStarts = 0
  /// Pods that machines began to start.
  public var machineStarts = 0
  /// Images pulled for serverless Pods.
  public var serverlessPulls = 0
  /// Pulls that crossed a link between sites.
  public var linkPulls = 0
  /// Images pulled by machines.
  public var machinePulls = 0
  /// Snapshots attached.
  public var cacheMounts = 0
  /// Kept disks taken over.
  public var diskReuses = 0
  /// Pods that worked to their end.
  public var worked = 0
  /// Pods stopped on request.
  public var stopped = 0
  /// Nothing yet.
  public init() {}
}

/// From binding to Ready and to the end: what machines and providers do with Pods.
///
/// One token per Pod passes the stages accept, call, boot, address, image, start, probe; each has a
/// limit (levels, workers, token buckets, shared links) and a law. The driver delivers timers and
/// finished transfers, and carries marks and reports further.
public struct StartPipeline: Sendable {
  struct Entry: BitwiseCopyable, Sendable {
    var order: StartOrder
    var since: Instant
    var acceptedAt = Instant.distantFuture
    var billedFrom = Instant.distantFuture
    var containersUp = Instant.distantFuture
    var refusals: UInt32 = 0
    var holds = false
    var isStopping = false
    var isRefused = false
    var isServing = false
    var waitsForWorker = false
    var holdsWorker = false
    var holdsPuller = false
  }

  let streams: PipelineStreams
  let writeLaw: Law
  let profiles: [PipelineProfile]
  var places: [Place] = []
  var kubelets: [Kubelet?] = []
  var entries: [Entry?] = []
  /// Image transfers under way.
  public var network: FluidNetwork<PodID>
  /// How often each part was at work.
  public private(set) var counts = PipelineCounts()
  /// Serverless instances over time.
  public private(set) var instances = Occupancy()
  /// What ended stays are billed for.
  public private(set) var stays: [BilledStay] = []

  /// A pipeline without places.
  ///
  /// - Parameters:
  ///   - writeLatency: the law of one status write, in seconds.
  ///   - capacities: of each shared resource (registries' egress, links), in bytes per second.
  public init(
    luck: RandomSource, writeLatency: Law, profiles: [PipelineProfile], capacities: [Double]
  ) {
    streams = PipelineStreams(luck)
    writeLaw = writeLatency
    self.profiles = profiles
    network = FluidNetwork(capacities: capacities)
  }

  /// Adds a serverless pool whose pulls cross the given resources.
  /// - Returns: the place's number.
  public mutating func addPool(
    _ pool: ServerlessPool, crossing resources: [Int], roundTrip: Law, crossesLink: Bool,
    warmDisks: [Int]
  ) -> Int {
    let flowClass = network.addClass(
      crossing: resources, ownLimit: pool.images.pullRate.bytesPerSecond)
    var place = Place(
      pool, flowClass: flowClass, roundTrip: roundTrip, crossesLink: crossesLink)
    for (workload, disks) in warmDisks.enumerated() {
      for _ in 0..<disks { place.keepDisk(of: workload, at: .zero) }
    }
    places.append(place)
    return places.count - 1
  }

  /// Adds the machines of a site, whose pulls cross the given resources.
  /// - Returns: the place's number.
  public mutating func addMachines(
    _ machine: MachineParameters, crossing resources: [Int], roundTrip: Law, crossesLink: Bool
  ) -> Int {
    let flowClass = network.addClass(
      crossing: resources, ownLimit: machine.pullRate.bytesPerSecond)
    places.append(
      Place(machine, flowClass: flowClass, roundTrip: roundTrip, crossesLink: crossesLink))
    return places.count - 1
  }

  /// Notes that a machine holds a set of images.
  public mutating func keepImages(_ set: Int, onMachine slot: Int, place: Int) {
    prepareKubelet(slot, place: place)
    kubelets[slot]?.keep(set)
  }

  private mutating func prepareKubelet(_ slot: Int, place: Int) {
    while kubelets.count <= slot { kubelets.append(nil) }
    if kubelets[slot] == nil, let machine = places[place].machine {
      kubelets[slot] = Kubelet(machine)
    }
  }

  /// Whether a Pod is on its way or running here.
  public func knows(_ pod: PodID) -> Bool { entry(pod) != nil }

  func entry(_ pod: PodID) -> Entry? {
    guard pod.index < entries.count, let entry = entries[pod.index], entry.order.pod == pod else {
      return nil
    }
    return entry
  }

  /// Takes over a Pod that was running before time zero: it holds what running Pods hold.
  public mutating func adopt(_ order: StartOrder, at now: Instant) {
    insert(Entry(order: order, since: now, containersUp: now, isServing: true))
    if places[order.place].isServerless {
      hold(order, at: now)
      entries[order.pod.index]!.billedFrom = now
    } else {
      prepareKubelet(order.spot, place: order.place)
    }
  }

  private mutating func insert(_ entry: Entry) {
    while entries.count <= entry.order.pod.index { entries.append(nil) }
    entries[entry.order.pod.index] = entry
  }

  private mutating func hold(_ order: StartOrder, at now: Instant) {
    places[order.place].levels?.take(
      workload: order.workload, subnet: order.spot, millicores: order.millicores)
    entries[order.pod.index]!.holds = true
    entries[order.pod.index]!.acceptedAt = now
    instances.enter(at: now)
  }

  /// A node has learnt that a Pod is bound to it.
  public mutating func arrive(_ order: StartOrder, at now: Instant, into out: inout PipelineOutbox)
  {
    insert(Entry(order: order, since: now))
    if places[order.place].isServerless {
      accept(order.pod, at: now, into: &out)
    } else {
      counts.machineStarts += 1
      prepareKubelet(order.spot, place: order.place)
      boot(order.pod, at: now, into: &out)
    }
  }

  private mutating func accept(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let entry = entry(pod), let levels = places[entry.order.place].levels else { return }
    let order = entry.order
    let refusal = levels.refusal(
      workload: order.workload, subnet: order.spot, millicores: order.millicores)
    out.mark(pod, .accept, from: entry.since, to: now, refusal: refusal)
    entries[pod.index]!.since = now
    if let refusal {
      counts.refusals += 1
      entries[pod.index]!.refusals += 1
      entries[pod.index]!.isRefused = true
      let place = places[order.place]
      let doublings = min(entry.refusals, 30)
      let wait = min(place.retryInitial.nanoseconds << Int64(doublings), place.retryMax.nanoseconds)
      out.set(.retry, for: pod, at: now + TimeSpan(nanoseconds: max(1, wait)))
      out.report(.refused(pod, refusal))
      return
    }
    counts.serverlessStarts += 1
    entries[pod.index]!.isRefused = false
    hold(order, at: now)
    out.report(.accepted(pod))
    if places[order.place].workers.offer(pod) {
      call(pod, at: now, into: &out)
    } else {
      entries[pod.index]!.waitsForWorker = true
    }
  }

  private mutating func call(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let entry = entry(pod) else { return }
    let order = entry.order
    entries[pod.index]!.waitsForWorker = false
    entries[pod.index]!.holdsWorker = true
    let granted = places[order.place].createBucket.take(at: now)
    let span = streams.call.drawSpan(
      places[order.place].callLaw, for: order.subject, number: order.number)
    out.set(.called, for: pod, at: granted + span)
  }

  private mutating func releaseWorker(
    _ place: Int, at now: Instant, into out: inout PipelineOutbox
  ) {
    while let next = places[place].workers.release() {
      guard let waiting = entry(next), waiting.waitsForWorker else { continue }
      call(next, at: now, into: &out)
      return
    }
  }

  private mutating func boot(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let order = entry(pod)?.order else { return }
    let granted = places[order.place].bootBucket.take(at: now)
    let span = streams.boot.drawSpan(
      places[order.place].bootLaw, for: order.subject, number: order.number)
    out.set(.booted, for: pod, at: granted + span)
  }

  // MARK: Timers

  /// A timer came up.
  public mutating func step(
    _ step: PipelineStep, of pod: PodID, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard let entry = entry(pod) else { return }
    let order = entry.order
    switch step {
    case .retry: if entry.isRefused { accept(pod, at: now, into: &out) }
    case .called:
      finish(.call, of: entry, at: now, into: &out)
      entries[pod.index]!.holdsWorker = false
      releaseWorker(order.place, at: now, into: &out)
      if !leaves(pod, at: now, into: &out) { boot(pod, at: now, into: &out) }
    case .booted:
      finish(.boot, of: entry, at: now, into: &out)
      if leaves(pod, at: now, into: &out) { return }
      let granted = places[order.place].addressBucket.take(at: now)
      let span = streams.address.drawSpan(
        places[order.place].addressLaw, for: order.subject, number: order.number)
      out.set(.addressed, for: pod, at: granted + span)
    case .addressed:
      finish(.address, of: entry, at: now, into: &out)
      if !leaves(pod, at: now, into: &out) { fetchImages(pod, at: now, into: &out) }
    case .pull: beginTransfer(pod, at: now)
    case .imaged: imaged(entry, at: now, into: &out)
    case .containersUp: containersUp(entry, at: now, into: &out)
    case .serving: serving(entry, at: now, into: &out)
    case .probed: out.set(.readyStored, for: pod, at: write(for: order, number: 1, at: now))
    case .runningStored: out.report(.running(pod))
    case .readyStored: readyStored(entry, at: now, into: &out)
    case .worked:
      counts.worked += 1
      out.set(.endStored, for: pod, at: write(for: order, number: 2, at: now))
    case .endStored:
      guard !entry.isStopping else { return }
      remove(pod, at: now)
      out.report(.succeeded(pod))
    case .stopped: leave(pod, at: now, into: &out)
    }
  }

  private mutating func finish(
    _ stage: Stage, of entry: Entry, at now: Instant, into out: inout PipelineOutbox
  ) {
    out.mark(entry.order.pod, stage, from: entry.since, to: now)
    entries[entry.order.pod.index]!.since = now
  }

  // MARK: Images

  private mutating func fetchImages(
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
      places[place].takeDisk(of: order.workload, window: images.diskReuseWindow, at: now)
    {
      counts.diskReuses += 1
      let span = streams.diskReuse.drawSpan(
        images.diskReuseMount, for: order.subject, number: order.number)
      out.set(.imaged, for: pod, at: now + span)
    } else if images.cache {
      counts.cacheMounts += 1
      let span = streams.cacheMount.drawSpan(
        images.cacheMount, for: order.subject, number: order.number)
      out.set(.imaged, for: pod, at: now + span)
    } else {
      counts.serverlessPulls += 1
      out.set(.pull, for: pod, at: now + roundTrip(order))
    }
  }

  private mutating func roundTrip(_ order: StartOrder) -> TimeSpan {
    if places[order.place].crossesLink { counts.linkPulls += 1 }
    return streams.roundTrip.drawSpan(
      places[order.place].roundTrip, for: order.subject, number: order.number)
  }

  private mutating func fetchOnMachine(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    if kubelets[order.spot]!.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    if kubelets[order.spot]!.puller.offer(order.pod) {
      pullOnMachine(order, at: now, into: &out)
    }
  }

  private mutating func pullOnMachine(
    _ order: StartOrder, at now: Instant, into out: inout PipelineOutbox
  ) {
    entries[order.pod.index]!.holdsPuller = true
    if kubelets[order.spot]!.holds(order.imageSet) {
      out.set(.imaged, for: order.pod, at: now)
      return
    }
    counts.machinePulls += 1
    let granted = kubelets[order.spot]!.pulls.take(at: now)
    out.set(.pull, for: order.pod, at: granted + roundTrip(order))
  }

  private mutating func beginTransfer(_ pod: PodID, at now: Instant) {
    guard let order = entry(pod)?.order else { return }
    let bytes = streams.imageBytes.draw(
      profiles[order.profile].imageBytes, for: order.subject, number: order.number)
    network.start(
      pod, inClass: places[order.place].flowClass, bytes: bytes.rounded(), at: now)
  }

  private mutating func imaged(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
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
    out.set(.containersUp, for: order.pod, at: granted + span)
  }

  private mutating func releasePuller(
    _ slot: Int, at now: Instant, into out: inout PipelineOutbox
  ) {
    while let next = kubelets[slot]!.puller.release() {
      guard let waiting = entry(next) else { continue }
      pullOnMachine(waiting.order, at: now, into: &out)
      return
    }
  }

  // MARK: Start and readiness

  private mutating func containersUp(
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

  private mutating func serving(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    finish(.start, of: entry, at: now, into: &out)
    guard !entry.isStopping else { return }
    entries[order.pod.index]!.isServing = true
    if order.runsToCompletion {
      let span = streams.runTime.drawSpan(
        profiles[order.profile].runTime, for: order.subject, number: order.number)
      out.set(.worked, for: order.pod, at: now + span)
    }
    guard let delay = order.probeDelay else {
      out.set(.probed, for: order.pod, at: now)
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

  private mutating func readyStored(
    _ entry: Entry, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard !entry.isStopping else { return }
    finish(.probe, of: entry, at: now, into: &out)
    out.report(.ready(entry.order.pod))
  }

  /// When a status write of the node's client is stored.
  private mutating func write(
    for order: StartOrder, number: UInt32, at now: Instant
  ) -> Instant {
    let granted: Instant
    if places[order.place].isServerless {
      granted = places[order.place].clientBucket.take(at: now)
    } else {
      granted = kubelets[order.spot]!.client.take(at: now)
    }
    return granted
      + streams.write.drawSpan(writeLaw, for: order.subject, number: order.number &* 4 &+ number)
  }

  // MARK: Ends

  /// A Pod is told to stop; it is gone after its shutdown, at most its grace period.
  public mutating func stop(
    _ pod: PodID, grace: TimeSpan, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard let entry = entry(pod), !entry.isStopping else { return }
    entries[pod.index]!.isStopping = true
    counts.stopped += 1
    if entry.containersUp != .distantFuture {
      let order = entry.order
      let span = streams.shutdown.drawSpan(
        places[order.place].shutdownLaw, for: order.subject, number: order.number)
      out.set(.stopped, for: pod, at: now + min(span, grace))
    } else if entry.isRefused || entry.waitsForWorker {
      out.set(.stopped, for: pod, at: now)
    }
    // Otherwise a creation is under way; the Pod leaves when its present stage ends.
  }

  /// Lets a stopping Pod go whose stage has just ended.
  private mutating func leaves(
    _ pod: PodID, at now: Instant, into out: inout PipelineOutbox
  ) -> Bool {
    guard let entry = entry(pod), entry.isStopping else { return false }
    leave(pod, at: now, into: &out)
    return true
  }

  private mutating func leave(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard entry(pod) != nil else { return }
    remove(pod, at: now)
    out.report(.gone(pod))
  }

  private mutating func remove(_ pod: PodID, at now: Instant) {
    guard let entry = entry(pod) else { return }
    let order = entry.order
    if entry.holds {
      places[order.place].levels?.give(
        workload: order.workload, subnet: order.spot, millicores: order.millicores)
      instances.leave(enteredAt: entry.acceptedAt, at: now)
      if entry.isServing, places[order.place].images?.diskReuse == true {
        places[order.place].keepDisk(of: order.workload, at: now)
      }
    }
    bill(entry, until: now)
    entries[pod.index] = nil
  }

  private mutating func bill(_ entry: Entry, until end: Instant) {
    guard entry.billedFrom < end else { return }
    stays.append(
      BilledStay(
        place: entry.order.place, millicores: entry.order.millicores, pod: entry.order.pod,
        start: entry.billedFrom, end: end))
  }

  /// Bills those still here, at the end of a run.
  public mutating func settle(at end: Instant) {
    for case let entry? in entries { bill(entry, until: end) }
  }

  /// Whether a Pod is bound here but refused what it needs.
  public func isRefused(_ pod: PodID) -> Bool { entry(pod)?.isRefused ?? false }

  /// Serverless Pods refused at present, and in all.
  public var refusedNow: Int {
    var count = 0
    for case let entry? in entries where entry.isRefused { count += 1 }
    return count
  }
}

/// The laws of a workload's Pods that the pipeline draws from.
public struct PipelineProfile: Sendable {
  /// Bytes of all images together.
  public var imageBytes: Law
  /// Seconds from the containers' start until the application serves.
  public var startup: Law
  /// Seconds that a Job's Pod works.
  public var runTime: Law
  /// Laws from their parts.
  public init(imageBytes: Law, startup: Law, runTime: Law) {
    self.imageBytes = imageBytes
    self.startup = startup
    self.runTime = runTime
  }
}
