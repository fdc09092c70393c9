import ClusterModel
import Probability
import Quantities
import TestSupport
import Testing

@testable import Infrastructure

@Suite("What TKE's annotations ask for")
struct EksAnnotationTests {
  private func read(_ pairs: [(String, String)]) -> (EksAnnotations, [String]) {
    var labels = Labels()
    for (key, value) in pairs { labels[EksAnnotations.prefix + key] = value }
    var problems: [EksAnnotations.Problem] = []
    let annotations = EksAnnotations(labels, problems: &problems)
    return (annotations, problems.map { String($0.key.dropFirst(EksAnnotations.prefix.count)) })
  }

  @Test("Those with an effect are read")
  func reading() {
    let (all, problems) = read([
      ("cpu", "8"), ("mem", "16Gi"), ("spec-auto-upgrade", "true"), ("cpu-type", "amd, intel"),
      ("gpu-type", "T4,V100"), ("gpu-count", "2"), ("spot-pod", "true"),
      ("use-image-cache", "auto"),
      ("cbs-reuse-key", "web"), ("reserve-sandbox-duration", "1m"),
      ("reserve-succeeded-sandbox", "true"), ("duration-to-wait-service-rules", "30s"),
    ])
    #expect(problems.isEmpty)
    #expect(all.millicores == 8000 && all.memory == 16 << 30 && all.upgrades && all.isSpot)
    #expect(all.cpuTypes == [.amd, .intel] && all.gpuTypes == ["T4", "V100"] && all.gpuCount == 2)
    #expect(all.usesImageCache == true && all.diskKey == "web")
    #expect(all.keptAfterSuccess == .minutes(1) && all.ruleWait == .seconds(30))
    let (failedOnly, _) = read([("reserve-sandbox-duration", "1m")])
    #expect(failedOnly.keptAfterSuccess == .zero)
    let (short, _) = read([
      ("reserve-sandbox-duration", "1m"), ("reserve-task-shorter-than", "5s"),
    ])
    #expect(short.keptAfterSuccess == .minutes(1) && short.keptIfShorterThan == .seconds(5))
  }

  @Test("Those of disks, addresses, security groups and silent agents are read")
  func furtherReading() {
    let (plain, _) = read([])
    #expect(plain.recreatedAfter == .minutes(5) && plain.addressRetention == nil)
    let (all, problems) = read([
      ("root-cbs-size", "50"), ("image-cache-disk-retain-minute", "10"),
      ("security-group-id", "sg-a, sg-b"), ("retain-ip", "true"), ("retain-ip-hours", "48"),
      ("heartbeat-lost-period", "1m"), ("recreate-node-lost-pod", "true"),
    ])
    #expect(problems.isEmpty)
    #expect(all.rootDisk == 50 << 30 && all.diskRetention == .minutes(10))
    #expect(all.securityGroups == ["sg-a", "sg-b"])
    #expect(all.addressRetention == .hours(48) && all.recreatedAfter == .minutes(1))
    let (kept, _) = read([("recreate-node-lost-pod", "false"), ("static-ip", "true")])
    #expect(kept.recreatedAfter == nil && kept.addressRetention == .hours(24))
    let (hoursOnly, _) = read([("retain-ip-hours", "48")])
    #expect(hoursOnly.addressRetention == nil)
  }

  @Test("Each of the card's is read, or named with why it changes nothing")
  func card() {
    let card = [
      "cpu", "mem", "spec-auto-upgrade", "cpu-type", "gpu-type", "gpu-count", "spot-pod",
      "use-image-cache", "image-cache-disk-type", "image-cache-disk-retain-minute",
      "cbs-reuse-key", "root-cbs-size", "security-group-id", "retain-ip", "retain-ip-hours",
      "static-ip", "eip-attributes", "eip-id-list", "eip-claim-delete-policy", "role-name",
      "host-sysctls", "resolv-conf", "recreate-node-lost-pod", "heartbeat-lost-period",
      "reserve-sandbox-duration", "reserve-succeeded-sandbox", "reserve-task-shorter-than",
      "duration-to-wait-service-rules", "cluster-ip-switch", "ipvs-scheduler",
      "cri-stats-interval", "metrics-port", "registry-insecure-skip-verify",
      "registry-http-endpoint", "image-gc-high-threshold", "pod-eviction-threshold",
    ]
    let idle = EksAnnotations.withoutEffect.map(\.key)
    #expect(idle.count == 15 && Set(idle).isSubset(of: card))
    // A key with an effect refuses nonsense; `cbs-reuse-key` takes any text.
    for key in card where !idle.contains(key) && key != "cbs-reuse-key" {
      #expect(read([(key, "?")]).1 == [key])
    }
    for key in idle { #expect(read([(key, "?")]).1.isEmpty) }
  }

  @Test("What can't be read is named")
  func problems() {
    let (_, problems) = read([
      ("cpu", "-1"), ("mem", "16G"), ("cpu-type", "arm"), ("gpu-count", "0"),
      ("duration-to-wait-service-rules", "soon"), ("retain-ip", "anything"),
      ("spot-pod", "yes"), ("use-image-cache", "imc"), ("gpu-type", "fast"), ("role-name", "?"),
    ])
    #expect(
      problems == [
        "cpu", "cpu-type", "duration-to-wait-service-rules", "gpu-count", "gpu-type", "mem",
        "retain-ip", "spot-pod", "use-image-cache",
      ])
  }

  @Test("A sold-out size is upgraded once, and only if the Pod may")
  func upgrade() {
    var pool = PipelineDriver.plainPool
    pool.soldOutSizes = [1000, 4000]
    func ready(_ upgrade: (Int64, Int64)?) -> Int {
      var driver = PipelineDriver(pool)
      var order = driver.order(0)
      order.options.upgrade = upgrade.map { ($0.0, $0.1) }
      driver.arrive(order)
      driver.run(until: .seconds(60))
      return driver.ready.count
    }
    #expect(ready(nil) == 0)
    #expect(ready((2000, 8)) == 1)
    #expect(ready((4000, 16)) == 0)
  }

  @Test("The second choice of processors is taken where the first is out of stock")
  func processors() {
    var pool = PipelineDriver.plainPool
    pool.stockCores = 1
    func ready(_ change: (inout SandboxOptions) -> Void) -> Int {
      var driver = PipelineDriver(pool)
      for n in 0..<3 {
        var order = driver.order(n)
        change(&order.options)
        driver.arrive(order)
      }
      driver.run(until: .seconds(60))
      return driver.ready.count
    }
    #expect(ready { _ in } == 1)
    #expect(ready { ($0.cpuType, $0.otherCPUType) = (.intel, .amd) } == 3)
    #expect(ready { $0.cpuType = .intel } == 1)
  }

  @Test("Spot costs the sheet's share, or the script's while it says so")
  func spot() {
    let sheet = PriceSheet()
    func cost(_ isSpot: Bool, gpuHour: Int64 = 0, _ script: SpotScript = SpotScript()) -> Money {
      sheet.amount(
        of: BilledStay(
          place: 0, millicores: 2000, halfGiB: 8, start: .seconds(100), end: .seconds(300),
          cpuType: .intel, isSpot: isSpot, gpuHour: gpuHour),
        until: .distantFuture, script)
    }
    #expect(cost(true) * 5 == cost(false))
    #expect(cost(false, gpuHour: 3600) == cost(false) + Money(picounits: 200))
    var script = SpotScript()
    var price = SpotScript.Price()
    (price.at, price.factor) = (.seconds(250), 0.6)
    script.prices = [price]
    // Three quarters at 0.2, one at 0.6: 0.3.
    #expect(cost(true, script) * 10 == cost(false) * 3)
    expectDetects("the price at the end") { #expect(cost(true, script) * 10 == cost(false) * 6) }
  }

  @Test("A kept disk is there for as long as its Pod asked, or as the pool has it")
  func diskRetention() {
    var pool = PipelineDriver.plainPool
    pool.images.diskReuse = true
    pool.images.diskReuseWindow = .minutes(10)
    func reuses(_ retention: TimeSpan?, after pause: Double) -> Int {
      var driver = PipelineDriver(pool)
      var order = driver.order(0)
      order.options.diskRetention = retention
      driver.arrive(order)
      driver.run(until: .seconds(60))
      driver.kill(order.pod)
      driver.run(until: .seconds(60 + pause))
      driver.arrive(driver.order(1))
      driver.run(until: .seconds(60 + pause + 60))
      return driver.pipeline.counts.diskReuses
    }
    // A Pod comes for a disk 6.5 s after it arrived.
    #expect(reuses(nil, after: 590) == 1 && reuses(nil, after: 601) == 0)
    #expect(reuses(.minutes(1), after: 50) == 1 && reuses(.minutes(1), after: 61) == 0)
    #expect(reuses(.minutes(20), after: 1100) == 1)
  }

  @Test("A sandbox stays after success if its Pod worked for a shorter time than asked")
  func shortTasks() {
    func end(_ limit: TimeSpan?) -> Int {
      var driver = PipelineDriver(PipelineDriver.plainPool, runTime: .constant(20))
      var order = driver.order(0, isJob: true)
      order.options.keptAfterSuccess = .minutes(5)
      order.options.keptIfShorterThan = limit
      driver.arrive(order)
      driver.run(until: .seconds(100))
      #expect(driver.succeeded.count == 1)
      return driver.pipeline.instances.level
    }
    #expect(end(nil) == 1)
    #expect(end(.seconds(60)) == 1)
    #expect(end(.seconds(5)) == 0)
  }

  @Test("A security group that Pods name fills up by itself")
  func securityGroups() {
    var pool = PipelineDriver.plainPool
    pool.podsPerSecurityGroup = 2
    pool.securityGroups = 1
    func ready(_ groups: [UInt64]) -> Int {
      var driver = PipelineDriver(pool)
      for (n, groups) in groups.enumerated() {
        var order = driver.order(n)
        order.options.securityGroups = groups
        driver.arrive(order)
      }
      driver.run(until: .seconds(60))
      return driver.ready.count
    }
    #expect(ready([0, 0, 0]) == 2)
    #expect(ready([0, 0, 1, 1, 1]) == 4)
    #expect(ready([1, 1, 3, 2, 2, 2]) == 4)
    // What ends makes room where it was, and nowhere else.
    var driver = PipelineDriver(pool)
    for n in 0..<3 {
      var order = driver.order(n)
      order.options.securityGroups = 1
      driver.arrive(order)
    }
    driver.run(until: .seconds(60))
    driver.kill(PodID(slot: 0, generation: 0))
    driver.run(until: .seconds(1200))
    #expect(driver.ready.count == 3)
  }

  @Test("A kept address is its successor's, and everybody's when its time is over")
  func keptAddresses() {
    var pool = PipelineDriver.plainPool
    pool.subnets = [Subnet(cidr: "10.0.0.0/29")]
    let room = PipelineDriver(pool).free
    func ready(keeping retention: TimeSpan?, successor: Int, after pause: Double) -> Bool {
      var driver = PipelineDriver(pool)
      for n in 0..<room {
        var order = driver.order(n)
        if n == 0 { order.options.addressRetention = retention }
        driver.arrive(order)
      }
      driver.run(until: .seconds(60))
      #expect(driver.ready.count == room)
      driver.kill(PodID(slot: 0, generation: 0))
      driver.run(until: .seconds(60 + pause))
      let next = driver.order(successor, generation: 1)
      driver.arrive(next)
      driver.run(until: .seconds(60 + pause + 20))
      return driver.ready[next.pod] != nil
    }
    #expect(ready(keeping: nil, successor: 50, after: 1))
    #expect(!ready(keeping: .hours(1), successor: 50, after: 1))
    #expect(ready(keeping: .hours(1), successor: 0, after: 1))
    #expect(ready(keeping: .minutes(10), successor: 50, after: 601))
    #expect(!ready(keeping: .minutes(10), successor: 50, after: 500))
  }
}
