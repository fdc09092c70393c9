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
  /// Pulls that failed and were tried again.
  public var failedPulls = 0
  /// Images that machines pulled ahead.
  public var preheatedPulls = 0
  /// Images pulled from peers.
  public var peerPulls = 0
  /// Reports that crossed a link on their way to the API server.
  public var remoteReports = 0
  /// Calls to create Pods that crossed a link.
  public var remoteCreates = 0
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
    /// What it holds of the stock, in thousandths of a core.
    var stock: Int64 = 0
    var cpuType = ServerlessPool.CPUType.intel
    var holds = false
    var isStopping = false
    var isRefused = false
    var isServing = false
    var isReady = false
    var failedPulls: UInt8 = 0
    /// Whether the Pod has succeeded and its sandbox stays for a while.
    var isReserved = false
    var waitsForWorker = false
    var holdsWorker = false
    var waitsForPuller = false
    var holdsPuller = false
    /// Reports that have crossed the links to the API server, a bit for each step.
    var arrivedReports: UInt8 = 0
    /// Bytes that its image takes on the way, and whether it uses it.
    var pulledBytes = 0.0
    var usesImages = false
  }

  let streams: PipelineStreams
  let writeLaw: Law
  let profiles: [PipelineProfile]
  var places: [Place] = []
  var kubelets: [Kubelet?] = []
  var entries: [Entry?] = []
  var cutRegistries: [Bool] = []
  /// Transfers under way.
  public internal(set) var network: FluidNetwork
  var topology: Topology
  var imageSets: [ImageSet] = []
  var registryBuckets: [TokenBucket] = []
  var swarms: [Swarm] = []
  /// The size of a report to the API server.
  let callBytes: Double
  var traffic: [(kind: Int, connections: Int)] = []
  var siteStreams: [SiteStream] = []
  /// By place: what calls to create Pods cross, and their size.
  var creates: [(stream: Int, bytes: Double)?] = []
  var meter: LinkMeter
  var endedTransfers: [FluidNetwork.Key] = []
  /// How often each part was at work.
  public internal(set) var counts = PipelineCounts()
  /// Serverless instances over time.
  public internal(set) var instances = Occupancy()
  /// What ended stays are billed for.
  public internal(set) var stays: [BilledStay] = []

  /// Takes over a pool's rates and quotas at its place.
  public mutating func adopt(_ pool: ServerlessPool, at place: Int) { places[place].adopt(pool) }

  /// A pipeline without places.
  ///
  /// - Parameters:
  ///   - writeLatency: the law of one status write, in seconds.
  ///   - capacities: of each shared resource (registries' egress, links), in bytes per second.
  ///   - topology: the links between sites; the API server stands at the first site.
  ///   - callBytes: the size of a report to the API server.
  public init(
    luck: RandomSource, writeLatency: Law, profiles: [PipelineProfile], capacities: [Double],
    topology: Topology = Topology(), callBytes: Double = 0
  ) {
    self.topology = topology
    self.callBytes = callBytes
    streams = PipelineStreams(luck)
    writeLaw = writeLatency
    self.profiles = profiles
    network = FluidNetwork(capacities: capacities)
    meter = LinkMeter(links: topology.lines.count)
  }

  /// Adds a serverless pool of a region.
  /// - Returns: the place's number.
  public mutating func addPool(
    _ pool: ServerlessPool, region: Int = 0, from source: ImageSource
  ) -> Int {
    let routes = openRoutes(
      source, pullLimit: pool.images.pullRate, connections: pool.images.pullConnections,
      sharing: pool.images.sharing)
    var place = Place(pool, routes: routes)
    place.region = region
    places.append(place)
    return places.count - 1
  }

  /// Notes that every pool keeps so many disks of a workload's Pods from before time zero.
  public mutating func keepDisks(of workload: Int, count: Int) {
    for place in places.indices where places[place].isServerless {
      let window = places[place].images?.diskReuseWindow ?? .zero
      for _ in 0..<count { places[place].keepDisk(of: workload * 2, until: .zero + window) }
    }
  }

  /// Adds the machines of a site.
  /// - Returns: the place's number.
  public mutating func addMachines(_ machine: MachineParameters, from source: ImageSource) -> Int {
    let routes = openRoutes(
      source, pullLimit: machine.pullRate, connections: machine.pullConnections,
      sharing: machine.sharing)
    places.append(Place(machine, routes: routes))
    return places.count - 1
  }

  /// Notes that a machine holds a set of images; where its layers aren't known, it takes so many
  /// bytes.
  public mutating func keepImages(
    _ set: Int, onMachine slot: Int, place: Int, bytes: Double = 0, at now: Instant = .zero
  ) {
    prepareKubelet(slot, place: place)
    kubelets[slot]?.images.keep(set, imageSets[set], bytes: bytes, at: now)
  }

  /// Forgets what another machine in a slot held: a new one stands there.
  public mutating func renewMachine(_ slot: Int) {
    if slot < kubelets.count { kubelets[slot] = nil }
  }

  mutating func prepareKubelet(_ slot: Int, place: Int) {
    while kubelets.count <= slot { kubelets.append(nil) }
    if kubelets[slot] == nil, let machine = places[place].machine {
      kubelets[slot] = Kubelet(machine, place: place)
    }
  }

  /// What is left for Pods of a virtual node; nil for machines.
  public mutating func leftovers(place: Int, subnet: Int, at now: Instant) -> Leftovers? {
    places[place].releaseAddresses(at: now)
    return places[place].levels?.left(inSubnet: subnet)
  }

  /// What a provider has given out at a place, in thousandths of a core; 0 at machines.
  public func coresHeld(atPlace place: Int) -> Int64 { places[place].levels?.coresUsed ?? 0 }

  /// Whether a Pod may be taken back by its provider, and of which zone and make of processor it is.
  public func spotCapacity(of pod: PodID) -> (zone: String, type: ServerlessPool.CPUType)? {
    guard let entry = entry(pod), case let order = entry.order, order.options.isSpot,
      places[order.place].isServerless
    else { return nil }
    return (places[order.place].zones[order.spot], entry.cpuType)
  }

  /// The place of a Pod that is on its way or running here.
  public func place(of pod: PodID) -> Int? { entry(pod)?.order.place }

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
    insert(Entry(order: order, since: now, containersUp: now, isServing: true, isReady: true))
    if places[order.place].isServerless {
      hold(order, at: now)
      entries[order.pod.index]!.billedFrom = now
    } else {
      prepareKubelet(order.spot, place: order.place)
      useImages(order, begins: true, at: now)
    }
  }

  /// Lets a Pod that was taken over and works to its end begin to work.
  public mutating func resume(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let order = entry(pod)?.order, order.runsToCompletion else { return }
    beginWork(order, at: now, into: &out)
  }

  private mutating func insert(_ entry: Entry) {
    while entries.count <= entry.order.pod.index { entries.append(nil) }
    entries[entry.order.pod.index] = entry
  }

  private mutating func hold(_ order: StartOrder, at now: Instant) {
    let type = entries[order.pod.index]!.cpuType
    let stock = type == places[order.place].cpuType ? order.millicores : 0
    places[order.place].levels?.take(
      workload: order.workload, subnet: order.spot, millicores: stock,
      groups: order.options.securityGroups)
    entries[order.pod.index]!.stock = stock
    entries[order.pod.index]!.holds = true
    entries[order.pod.index]!.acceptedAt = now
    instances.enter(at: now)
  }

  /// A node has learnt that a Pod is bound to it, which it has been since an instant.
  public mutating func arrive(
    _ order: StartOrder, since: Instant, at now: Instant, into out: inout PipelineOutbox
  ) {
    insert(Entry(order: order, since: since))
    if places[order.place].isServerless {
      accept(order.pod, at: now, into: &out)
    } else {
      counts.machineStarts += 1
      prepareKubelet(order.spot, place: order.place)
      boot(order.pod, at: now, into: &out)
    }
  }

  /// What the customer's other pools hold.
  private func heldElsewhere(than place: Int, by workload: Int) -> HeldElsewhere {
    var held = HeldElsewhere()
    for other in places.indices where other != place {
      guard let levels = places[other].levels else { continue }
      held.inCluster += levels.instances
      if places[other].region == places[place].region { held.inRegion += levels.instances }
      held.ofWorkload += levels.held(by: workload)
    }
    return held
  }

  /// The size and processors that the provider gives a Pod now, or why it gives none: where the
  /// stock is out, its second choice of processors is tried, and then the next larger size.
  private func offer(
    for order: StartOrder, at now: Instant
  ) -> (offer: (order: StartOrder, cpuType: ServerlessPool.CPUType), refusal: RefusalReason?) {
    let place = places[order.place]
    let first = order.options.cpuType ?? place.cpuType
    let refusal = refusal(of: order, on: first, at: now)
    guard refusal == .stock else { return ((order, first), refusal) }
    if let other = order.options.otherCPUType, self.refusal(of: order, on: other, at: now) == nil {
      return ((order, other), nil)
    }
    if let upgrade = order.options.upgrade {
      var larger = order
      (larger.millicores, larger.halfGiB) = upgrade
      if self.refusal(of: larger, on: first, at: now) == nil { return ((larger, first), nil) }
    }
    return ((order, first), refusal)
  }

  /// Why the provider doesn't take a Pod on some processors now, or nil.
  private func refusal(
    of order: StartOrder, on cpuType: ServerlessPool.CPUType, at now: Instant
  ) -> RefusalReason? {
    if places[order.place].outages.cover(now) { return .outage }
    if let refusal = places[order.place].refusalByFailure(subnet: order.spot) { return refusal }
    if order.options.isSpot,
      places[order.place].spot.refuses(
        zone: places[order.place].zones[order.spot], type: cpuType, at: now)
    {
      return .stock
    }
    let isOwnStock = cpuType == places[order.place].cpuType
    if let refusal = places[order.place].levels?.refusal(
      workload: order.workload, subnet: order.spot,
      millicores: isOwnStock ? order.millicores : 0, groups: order.options.securityGroups,
      elsewhere: heldElsewhere(than: order.place, by: order.workload))
    {
      return refusal
    }
    return isOwnStock && places[order.place].soldOutSizes.contains(order.millicores) ? .stock : nil
  }

  /// A create call comes back: it has failed if the provider doesn't answer now, and what was set
  /// aside for the Pod is free again.
  private mutating func called(_ entry: Entry, at now: Instant, into out: inout PipelineOutbox) {
    let order = entry.order
    let pod = order.pod
    let isOut = places[order.place].isOut || places[order.place].outages.cover(now)
    let failed = isOut || creates(ofPlace: order.place).map { isDown($0.stream) } ?? false
    out.mark(pod, .call, from: entry.since, to: now, refusal: failed ? .outage : nil)
    entries[pod.index]!.since = now
    entries[pod.index]!.holdsWorker = false
    releaseWorker(order.place, at: now, into: &out)
    if leaves(pod, at: now, into: &out) { return }
    guard failed else {
      boot(pod, at: now, into: &out)
      return
    }
    giveBack(entry, at: now)
    entries[pod.index]!.acceptedAt = .distantFuture
    refuse(pod, .outage, at: now, into: &out)
  }

  private mutating func accept(_ pod: PodID, at now: Instant, into out: inout PipelineOutbox) {
    guard let entry = entry(pod) else { return }
    places[entry.order.place].releaseAddresses(at: now)
    let kept = places[entry.order.place].takeAddress(
      of: entry.order.subject, subnet: entry.order.spot)
    let (offer, refusal) = offer(for: entry.order, at: now)
    let order = offer.order
    entries[pod.index]!.order = order
    entries[pod.index]!.cpuType = offer.cpuType
    out.mark(pod, .accept, from: entry.since, to: now, refusal: refusal)
    entries[pod.index]!.since = now
    if let refusal {
      if let kept { places[order.place].keepAddress(kept) }
      refuse(pod, refusal, at: now, into: &out)
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
    var span = streams.call.drawSpan(
      places[order.place].callLaw, for: order.subject, number: order.number)
    if let (stream, bytes) = creates(ofPlace: order.place) {
      counts.remoteCreates += 1
      offer(bytes, toStream: stream)
      span =
        span
        + (crossing(
          ofStream: stream, bytes: bytes, trips: 1, streams.call, subject: order.subject,
          draw: order.number) ?? .zero)
    }
    out.set(.called, for: pod, at: granted + span)
  }

  mutating func releaseWorker(
    _ place: Int, at now: Instant, into out: inout PipelineOutbox
  ) {
    while let next = places[place].workers.release() {
      // Those that have left meanwhile are still in line.
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
    case .called: called(entry, at: now, into: &out)
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
    case .pull: pull(entry, at: now, into: &out)
    case .imaged: imaged(entry, at: now, into: &out)
    case .containersUp: containersUp(entry, at: now, into: &out)
    case .serving: serving(entry, at: now, into: &out)
    case .probed: probed(entry, at: now, into: &out)
    case .runningStored: out.report(.running(pod))
    case .readyStored:
      if !sends(step, of: entry, at: now) { readyStored(entry, at: now, into: &out) }
    case .worked:
      guard !entry.isStopping else { return }
      counts.worked += 1
      out.set(.endStored, for: pod, at: write(for: order, number: 2, at: now))
    case .endStored:
      guard !entry.isStopping, !sends(step, of: entry, at: now) else { return }
      out.report(.succeeded(pod))
      if order.options.keptAfterSuccess > .zero, entry.holds, staysAfterSuccess(entry, at: now) {
        entries[pod.index]!.isReserved = true
        out.set(.sandboxEnded, for: pod, at: now + order.options.keptAfterSuccess)
      } else {
        remove(pod, at: now, into: &out)
      }
    case .sandboxEnded: remove(pod, at: now, into: &out)
    case .stopped: leave(pod, at: now, into: &out)
    }
  }

  /// Whether a Pod that has succeeded worked for so short a time that its sandbox stays.
  private func staysAfterSuccess(_ entry: Entry, at now: Instant) -> Bool {
    entry.order.options.keptIfShorterThan.map { now - entry.containersUp < $0 } ?? true
  }

  mutating func finish(
    _ stage: Stage, of entry: Entry, at now: Instant, into out: inout PipelineOutbox
  ) {
    out.mark(entry.order.pod, stage, from: entry.since, to: now)
    entries[entry.order.pod.index]!.since = now
  }
}
