import ClusterModel
import Infrastructure
import Probability
import Quantities

/// Runs a start pipeline by itself.
struct PipelineDriver {
  var pipeline: StartPipeline
  var now = Instant.zero
  var marks: [StageMark] = []
  var ready: [PodID: Instant] = [:]
  var gone: [PodID: Instant] = [:]
  var succeeded: [PodID: Instant] = [:]
  var refusals: [PodID: [Instant]] = [:]
  private var outbox = PipelineOutbox()
  private var timers: [PipelineOutbox.Timer] = []

  /// A pipeline with one serverless pool as place 0.
  init(
    _ pool: ServerlessPool, imageBytes: Law = .constant(1000),
    startup: Law = .constant(1), runTime: Law = .constant(50), capacity: Double = .infinity
  ) {
    pipeline = StartPipeline(
      luck: RandomSource(seed: 1), writeLatency: .constant(0.01),
      profiles: [PipelineProfile(imageBytes: imageBytes, startup: startup, runTime: runTime)],
      capacities: [capacity])
    pipeline.addImageSet(nil)
    _ = pipeline.addPool(pool, from: ImageSource(registry: 0))
  }

  /// A pool in which everything takes a constant time and nothing is limited.
  static var plainPool: ServerlessPool {
    var pool = ServerlessPool(name: "cloud")
    pool.quota.podsPerCluster = nil
    pool.quota.podsPerWorkload = nil
    pool.quota.podsPerRegion = nil
    pool.podsPerSecurityGroup = nil
    pool.createWorkers = nil
    pool.createRate = .unlimited
    pool.callLatency = .constant(0.5)
    pool.boot = .constant(5)
    pool.address = .constant(1)
    pool.images.diskReuse = false
    pool.containerStart = .constant(0.7)
    pool.clientQPS = .unlimited
    return pool
  }

  /// Free addresses of the first subnet.
  var free: Int {
    var pipeline = pipeline
    return pipeline.leftovers(place: 0, subnet: 0, at: now)?.addresses ?? 0
  }

  func order(
    _ n: Int, generation: UInt16 = 0, workload: Int = 0, subnet: Int = 0, place: Int = 0,
    millicores: Int64 = 1000, isJob: Bool = false
  ) -> StartOrder {
    StartOrder(
      pod: PodID(slot: UInt32(n), generation: generation), subject: UInt64(n), number: 0,
      place: place, spot: subnet, workload: workload, profile: 0, millicores: millicores,
      halfGiB: 4, imageSet: 0, probeDelay: nil, probePeriod: .seconds(10), probeThreshold: 1,
      runsToCompletion: isJob)
  }

  mutating func arrive(_ order: StartOrder) {
    pipeline.arrive(order, since: now, at: now, into: &outbox)
    deliver()
  }

  mutating func stop(_ pod: PodID, grace: TimeSpan = .seconds(30)) {
    pipeline.stop(pod, grace: grace, at: now, into: &outbox)
    deliver()
  }

  mutating func kill(_ pod: PodID) {
    pipeline.kill(pod, at: now, into: &outbox)
    deliver()
  }

  /// Lets everything happen up to an instant.
  mutating func run(until end: Instant) {
    while true {
      let timer = timers.indices.min { timers[$0].instant < timers[$1].instant }
      let transfer = pipeline.nextTransferEnd ?? .distantFuture
      let next = min(transfer, timer.map { timers[$0].instant } ?? .distantFuture)
      guard next <= end, next < .distantFuture else { break }
      now = max(now, next)
      if transfer == next {
        pipeline.endTransfers(at: now, into: &outbox)
      } else if let timer {
        let due = timers.remove(at: timer)
        pipeline.step(due.step, of: due.pod, at: now, into: &outbox)
      }
      deliver()
    }
    now = end
  }

  private mutating func deliver() {
    timers += outbox.timers
    marks += outbox.marks
    for report in outbox.reports {
      switch report {
      case .ready(let pod): ready[pod] = now
      case .gone(let pod): gone[pod] = now
      case .succeeded(let pod): succeeded[pod] = now
      case .refused(let pod, _): refusals[pod, default: []].append(now)
      case .accepted, .working, .running: break
      }
    }
    outbox.clear()
  }
}
