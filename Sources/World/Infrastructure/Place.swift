import ClusterModel
import Probability
import Quantities

/// Where Pods start: a serverless pool, or the machines of one site.
///
/// Laws and limits are copied out of the configuration, so that a running replication touches
/// nothing that another one might.
struct Place: Sendable {
  let isServerless: Bool
  var levels: ProviderLevels?
  /// Which region a pool stands in; its quota counts the pools there together.
  var region = 0
  var workers: WorkerPool<PodID>
  var createBucket: TokenBucket
  let callLaw: Law
  var bootBucket: TokenBucket
  let bootLaw: Law
  var addressBucket: TokenBucket
  let addressLaw: Law
  var startBucket: TokenBucket
  let containerLaw: Law
  var clientBucket: TokenBucket
  let shutdownLaw: Law
  let images: ServerlessImages?
  let sharing: PeerSharing?
  /// By set of images: the number of its swarm; negative: none yet.
  var swarms: [Int32] = []
  let unpackRate: Double
  let machine: MachineParameters?
  var routes: PlaceRoutes
  let retryInitial: TimeSpan
  let retryMax: TimeSpan
  /// Whether the provider's API refuses calls.
  var isOut = false
  /// Subnets in whose zone nothing is in stock; empty if all have some.
  var soldOut: [Bool] = []
  /// When the provider's API doesn't answer.
  let outages: [Outage]
  /// The processors of a Pod that asks for none, whose stock is limited.
  let cpuType: ServerlessPool.CPUType
  let soldOutSizes: [Int64]
  let spot: SpotScript
  /// By subnet.
  let zones: [String]
  /// Kept disks: by ``StartOrder/diskNumber``, until when each one stays, in the order in which they
  /// were left.
  var disks: [[Instant]] = []
  /// Addresses kept for whoever has a Pod's place next, oldest first.
  var keptAddresses: [KeptAddress] = []

  struct KeptAddress: BitwiseCopyable, Sendable {
    var subject: UInt64
    var subnet: Int
    var until: Instant
  }

  init(_ pool: ServerlessPool, routes: PlaceRoutes) {
    isServerless = true
    levels = ProviderLevels(pool)
    workers = WorkerPool(size: pool.createWorkers)
    createBucket = TokenBucket(rate: pool.createRate, burst: pool.createBurst)
    callLaw = pool.callLatency
    bootBucket = TokenBucket(rate: pool.bootRate, burst: 1)
    bootLaw = pool.boot
    addressBucket = TokenBucket(rate: pool.addressRate, burst: 1)
    addressLaw = pool.address
    startBucket = TokenBucket(rate: pool.startRate, burst: 1)
    containerLaw = pool.containerStart
    clientBucket = TokenBucket(rate: pool.clientQPS, burst: pool.clientBurst)
    shutdownLaw = pool.shutdown
    images = pool.images
    sharing = pool.images.sharing
    unpackRate = Self.bytes(pool.images.unpackRate)
    machine = nil
    self.routes = routes
    retryInitial = pool.retryInitial
    retryMax = pool.retryMax
    outages = pool.outages
    cpuType = pool.cpuType
    soldOutSizes = pool.soldOutSizes
    spot = pool.spot
    zones = pool.subnets.map(\.zone)
  }

  init(_ machine: MachineParameters, routes: PlaceRoutes) {
    isServerless = false
    levels = nil
    workers = WorkerPool(size: nil)
    createBucket = TokenBucket(rate: .unlimited, burst: 1)
    callLaw = .constant(0)
    bootBucket = TokenBucket(rate: .unlimited, burst: 1)
    bootLaw = machine.sandbox
    addressBucket = TokenBucket(rate: .unlimited, burst: 1)
    addressLaw = machine.address
    startBucket = TokenBucket(rate: .unlimited, burst: 1)
    containerLaw = machine.containerStart
    clientBucket = TokenBucket(rate: .unlimited, burst: 1)
    shutdownLaw = machine.shutdown
    images = nil
    sharing = machine.sharing
    unpackRate = Self.bytes(machine.unpackRate)
    self.machine = machine
    self.routes = routes
    retryInitial = .zero
    retryMax = .zero
    outages = []
    cpuType = .intel
    soldOutSizes = []
    spot = SpotScript()
    zones = []
  }

  /// Takes over a pool's rates and quotas; what is under way and held stays.
  mutating func adopt(_ pool: ServerlessPool) {
    createBucket = createBucket.limited(to: pool.createRate, burst: pool.createBurst)
    bootBucket = bootBucket.limited(to: pool.bootRate, burst: 1)
    addressBucket = addressBucket.limited(to: pool.addressRate, burst: 1)
    startBucket = startBucket.limited(to: pool.startRate, burst: 1)
    clientBucket = clientBucket.limited(to: pool.clientQPS, burst: pool.clientBurst)
    levels?.quota = pool.quota
  }

  private static func bytes(_ rate: Bandwidth) -> Double {
    rate == .unlimited ? .infinity : rate.bytesPerSecond
  }

  /// How long a Pod waits that was refused so many times before: the wait doubles up to its maximum,
  /// and is never so short that a run without back-off does nothing but ask.
  func retryWait(afterRefusals refusals: UInt32) -> TimeSpan {
    var wait = retryInitial
    for _ in 0..<refusals where wait < retryMax {
      wait = TimeSpan(nanoseconds: min(wait.nanoseconds, retryMax.nanoseconds / 2 + 1) * 2)
    }
    return max(.milliseconds(100), min(wait, retryMax))
  }

  /// Takes the newest disk left by one of the same number that is still there.
  mutating func takeDisk(of workload: Int, at now: Instant) -> Bool {
    guard workload < disks.count, !disks[workload].isEmpty else { return false }
    guard let newest = disks[workload].lastIndex(where: { now <= $0 }) else {
      disks[workload].removeAll(keepingCapacity: true)
      return false
    }
    disks[workload].removeSubrange(newest...)
    return true
  }

  mutating func keepDisk(of workload: Int, until end: Instant) {
    while disks.count <= workload { disks.append([]) }
    disks[workload].append(end)
  }

  /// Gives back addresses that nobody came for in time.
  mutating func releaseAddresses(at now: Instant) {
    guard !keptAddresses.isEmpty else { return }
    for kept in keptAddresses where kept.until <= now {
      levels?.retainAddress(ofSubnet: kept.subnet, false)
    }
    keptAddresses.removeAll { $0.until <= now }
  }

  /// Keeps a Pod's address for whoever has its place next.
  mutating func keepAddress(_ kept: KeptAddress) {
    levels?.retainAddress(ofSubnet: kept.subnet, true)
    keptAddresses.append(kept)
  }

  /// Takes the address of a subnet that was kept for a Pod's place: it is free now, for this Pod.
  mutating func takeAddress(of subject: UInt64, subnet: Int) -> KeptAddress? {
    guard
      let index = keptAddresses.firstIndex(where: { $0.subject == subject && $0.subnet == subnet })
    else { return nil }
    levels?.retainAddress(ofSubnet: subnet, false)
    return keptAddresses.remove(at: index)
  }
}

/// What one machine's kubelet has of its own.
struct Kubelet: Sendable {
  var client: TokenBucket
  var pulls: TokenBucket
  var puller: WorkerPool<PodID>
  let place: Int
  var images = ImageStore()
  /// Sets that are being pulled ahead: what they take, and who waits for them.
  var preheating: [(set: Int, bytes: Double, waiting: [PodID])] = []

  init(_ machine: MachineParameters, place: Int) {
    self.place = place
    client = TokenBucket(rate: machine.clientQPS, burst: machine.clientBurst)
    pulls = TokenBucket(rate: machine.pullQPS, burst: machine.pullBurst)
    puller = WorkerPool(size: machine.serialisesPulls ? 1 : nil)
  }

  func isPreheating(_ set: Int) -> Bool { preheating.contains { $0.set == set } }

  /// Lets a Pod wait for images that are being pulled ahead, if they are.
  mutating func waitForPreheating(_ order: StartOrder) -> Bool {
    guard let index = preheating.firstIndex(where: { $0.set == order.imageSet }) else {
      return false
    }
    preheating[index].waiting.append(order.pod)
    return true
  }
}
