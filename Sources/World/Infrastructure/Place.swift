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
  let machine: MachineParameters?
  let flowClass: Int
  let roundTrip: Law
  let crossesLink: Bool
  let retryInitial: TimeSpan
  let retryMax: TimeSpan
  /// Whether the provider's API refuses calls.
  var isOut = false
  /// Subnets in whose zone nothing is in stock; empty if all have some.
  var soldOut: [Bool] = []
  /// The registry that images come from, and the link that they cross, if any.
  let source: ImageSource
  /// When the provider's API doesn't answer.
  let outages: [Outage]
  /// The processors of a Pod that asks for none, whose stock is limited.
  let cpuType: ServerlessPool.CPUType
  let soldOutSizes: [Int64]
  let spot: SpotScript
  /// By subnet.
  let zones: [String]
  /// Kept disks: by ``StartOrder/diskNumber``, when each one was left, oldest first.
  var disks: [[Instant]] = []

  init(_ pool: ServerlessPool, flowClass: Int, roundTrip: Law, source: ImageSource) {
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
    machine = nil
    self.flowClass = flowClass
    self.roundTrip = roundTrip
    crossesLink = source.link != nil
    self.source = source
    retryInitial = pool.retryInitial
    retryMax = pool.retryMax
    outages = pool.outages
    cpuType = pool.cpuType
    soldOutSizes = pool.soldOutSizes
    spot = pool.spot
    zones = pool.subnets.map(\.zone)
  }

  init(_ machine: MachineParameters, flowClass: Int, roundTrip: Law, source: ImageSource) {
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
    self.machine = machine
    self.flowClass = flowClass
    self.roundTrip = roundTrip
    crossesLink = source.link != nil
    self.source = source
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

  /// How long a Pod waits that was refused so many times before: the wait doubles up to its maximum,
  /// and is never so short that a run without back-off does nothing but ask.
  func retryWait(afterRefusals refusals: UInt32) -> TimeSpan {
    var wait = retryInitial
    for _ in 0..<refusals where wait < retryMax {
      wait = TimeSpan(nanoseconds: min(wait.nanoseconds, retryMax.nanoseconds / 2 + 1) * 2)
    }
    return max(.milliseconds(100), min(wait, retryMax))
  }

  /// Takes the newest disk that one of the same number left within the window.
  mutating func takeDisk(of workload: Int, window: TimeSpan, at now: Instant) -> Bool {
    guard workload < disks.count, let newest = disks[workload].last else { return false }
    guard now - newest <= window else {
      disks[workload].removeAll(keepingCapacity: true)
      return false
    }
    disks[workload].removeLast()
    return true
  }

  mutating func keepDisk(of workload: Int, at now: Instant) {
    while disks.count <= workload { disks.append([]) }
    disks[workload].append(now)
  }
}

/// What one machine's kubelet has of its own.
struct Kubelet: Sendable {
  var client: TokenBucket
  var pulls: TokenBucket
  var puller: WorkerPool<PodID>
  /// Sets of images that the machine holds, by number.
  var images: [Bool] = []

  init(_ machine: MachineParameters) {
    client = TokenBucket(rate: machine.clientQPS, burst: machine.clientBurst)
    pulls = TokenBucket(rate: machine.pullQPS, burst: machine.pullBurst)
    puller = WorkerPool(size: machine.serialisesPulls ? 1 : nil)
  }

  func holds(_ set: Int) -> Bool { set < images.count && images[set] }

  mutating func keep(_ set: Int) {
    while images.count <= set { images.append(false) }
    images[set] = true
  }
}
