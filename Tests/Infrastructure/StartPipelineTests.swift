import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

@Suite("The way of a Pod from binding to Ready")
struct StartPipelineTests {
  /// Accept at once, call 0.5, boot 5, address 1, pull 1000 B at 1000 B/s 1, container 0.7,
  /// application 1, write 0.01.
  private func plain() -> ServerlessPool {
    var pool = PipelineDriver.plainPool
    pool.images.pullRate = Bandwidth(bitsPerSecond: 8000)
    return pool
  }
  private static let sum = 9.21

  @Test("With constant laws the stages add up, each between the one before and the one after")
  func sum() {
    var driver = PipelineDriver(plain())
    let order = driver.order(0)
    driver.arrive(order)
    driver.run(until: .seconds(100.0))
    #expect(driver.ready[order.pod] == .seconds(Self.sum))
    let spans = driver.marks.map { ($0.end - $0.start).seconds }
    #expect(driver.marks.map(\.stage) == [.accept, .call, .boot, .address, .image, .start, .probe])
    #expect(spans == [0, 0.5, 5, 1, 1, 1.7, 0.01])
    for (before, after) in zip(driver.marks, driver.marks.dropFirst()) {
      #expect(before.end == after.start)
    }
  }

  @Test("A probe is first made after its delay, then every period, until it has succeeded enough")
  func probes() {
    func ready(delay: TimeSpan, period: TimeSpan, threshold: Int) -> Instant? {
      var driver = PipelineDriver(plain())
      var order = driver.order(0)
      order.probeDelay = delay
      order.probePeriod = period
      order.probeThreshold = threshold
      driver.arrive(order)
      driver.run(until: .seconds(100.0))
      return driver.ready[order.pod]
    }
    // The containers are up at 8.2, the application serves at 9.2, the write takes 0.01.
    #expect(ready(delay: .zero, period: .seconds(10), threshold: 1) == .seconds(18.21))
    #expect(
      ready(delay: .milliseconds(300), period: .milliseconds(500), threshold: 1) == .seconds(9.51))
    #expect(ready(delay: .seconds(5), period: .seconds(10), threshold: 1) == .seconds(13.21))
    #expect(ready(delay: .seconds(1), period: .seconds(2), threshold: 3) == .seconds(13.21))
  }

  @Test("An image comes by pull, by snapshot, or on a kept disk, the newest within its window")
  func images() {
    var pool = plain()
    pool.images.diskReuse = true
    pool.images.diskReuseWindow = .seconds(1000)
    pool.images.diskReuseMount = .constant(2)
    pool.images.cache = true
    pool.images.cacheMount = .constant(20)
    var driver = PipelineDriver(pool)
    driver.arrive(driver.order(0))
    driver.run(until: .seconds(100.0))
    #expect(driver.ready[driver.order(0).pod] == .seconds(Self.sum - 1 + 20))
    driver.stop(driver.order(0).pod)
    driver.run(until: .seconds(200.0))
    #expect(driver.gone[driver.order(0).pod] == .seconds(101.0))
    for n in 1...2 { driver.arrive(driver.order(n)) }
    driver.arrive(driver.order(3, workload: 1))
    driver.run(until: .seconds(300.0))
    #expect(driver.ready[driver.order(1).pod] == .seconds(200 + Self.sum - 1 + 2))
    #expect(driver.ready[driver.order(2).pod] == .seconds(200 + Self.sum - 1 + 20))
    #expect(driver.ready[driver.order(3).pod] == .seconds(200 + Self.sum - 1 + 20))
    driver.stop(driver.order(1).pod)
    driver.run(until: .seconds(1400.0))
    driver.arrive(driver.order(4))
    driver.run(until: .seconds(1500.0))
    #expect(driver.ready[driver.order(4).pod] == .seconds(1400 + Self.sum - 1 + 20))
    #expect(driver.pipeline.counts.diskReuses == 1)
  }

  @Test("Serverless Pods are billed from the pull of their image until they end")
  func billing() {
    var driver = PipelineDriver(plain())
    let order = driver.order(0)
    driver.arrive(order)
    driver.run(until: .seconds(50.0))
    driver.stop(order.pod, grace: .milliseconds(500))
    driver.run(until: .seconds(60.0))
    let stay = driver.pipeline.stays.first
    #expect(stay?.start == .seconds(6.5))
    #expect(stay?.end == .seconds(50.5))
    #expect(driver.pipeline.stays.count == 1)
  }

  @Test("A Job's Pod works and ends by itself; one taken over goes on working")
  func jobs() {
    var driver = PipelineDriver(plain())
    let order = driver.order(0, isJob: true)
    driver.arrive(order)
    driver.run(until: .seconds(100.0))
    #expect(driver.succeeded[order.pod] == .seconds(9.2 + 50 + 0.01))
    #expect(driver.pipeline.addressBalance.taken == 0)
    var other = PipelineDriver(plain())
    var outbox = PipelineOutbox()
    other.pipeline.adopt(order, at: .zero)
    other.pipeline.resume(order.pod, at: .zero, into: &outbox)
    #expect(outbox.timers.map(\.instant) == [.seconds(50.0)])
  }

  @Test(
    "Whenever a Pod is told to stop or killed, nothing it held is lost", arguments: [false, true])
  func stopping(isKilled: Bool) {
    // Two workers, so that a third Pod waits; ten addresses' worth of time points in every stage.
    for tenth in stride(from: 0, through: 120, by: 4) {
      var pool = plain()
      pool.createWorkers = 2
      pool.createRate = Rate(perSecond: 2)
      pool.createBurst = 1
      pool.quota.podsPerCluster = 4
      pool.retryInitial = .seconds(1)
      var driver = PipelineDriver(pool)
      for n in 0..<6 { driver.arrive(driver.order(n)) }
      driver.run(until: .seconds(Double(tenth) / 10))
      for n in [0, 2, 3, 5] {
        if isKilled {
          driver.kill(driver.order(n).pod)
        } else {
          driver.stop(driver.order(n).pod)
        }
      }
      driver.run(until: .seconds(400.0))
      for n in [1, 4] { #expect(driver.ready[driver.order(n).pod] != nil) }
      #expect(driver.pipeline.addressBalance == (2, 2))
      #expect(driver.pipeline.instances.level == 2)
      for n in 6..<8 { driver.arrive(driver.order(n)) }
      driver.run(until: .seconds(800.0))
      for n in 6..<8 { #expect(driver.ready[driver.order(n).pod] != nil) }
      #expect(driver.refusals[driver.order(6).pod] == nil)
      let identity = driver.pipeline.instances.identity(
        at: driver.now, inside: driver.pipeline.acceptances)
      #expect(identity.integral == identity.stays)
    }
  }

  @Test("A machine pulls an image once, one pull at a time, whoever stops meanwhile")
  func machines() {
    for tenth in stride(from: 0, through: 60, by: 5) {
      var driver = PipelineDriver(plain())
      var machine = MachineParameters()
      machine.sandbox = .constant(0.5)
      machine.address = .constant(0.5)
      machine.containerStart = .constant(1)
      machine.pullRate = Bandwidth(bitsPerSecond: 4000)
      let place = driver.pipeline.addMachines(
        machine, from: ImageSource())
      for n in 0..<4 { driver.arrive(driver.order(n, subnet: 9, place: place)) }
      driver.run(until: .seconds(Double(tenth) / 10))
      for n in 0..<2 { driver.stop(driver.order(n).pod) }
      driver.run(until: .seconds(60.0))
      for n in 2..<4 {
        let ready = driver.ready[driver.order(n).pod] ?? .distantFuture
        // Whoever pulls, it takes two seconds from one second on; stopping may cost one more pull.
        #expect(ready <= .seconds(1 + 2 + 2 + 1 + 1 + 0.01))
      }
      for n in 0..<2 { #expect(driver.gone[driver.order(n).pod] != nil) }
      driver.arrive(driver.order(7, subnet: 9, place: place))
      driver.run(until: .seconds(100.0))
      #expect(driver.ready[driver.order(7).pod] == .seconds(60 + 0.5 + 0.5 + 1 + 1 + 0.01))
    }
  }
}
