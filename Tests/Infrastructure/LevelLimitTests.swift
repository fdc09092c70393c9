import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

extension RefusalReason {
  /// Those that limit how many Pods there can be.
  fileprivate static let levels = allCases.filter { $0 != .outage }
}

@Suite("Limits on how many serverless Pods there can be")
struct LevelLimitTests {
  private func limited(_ reason: RefusalReason, to n: Int) -> ServerlessPool {
    var pool = PipelineDriver.plainPool
    pool.retryInitial = .seconds(2)
    pool.retryMax = .seconds(10)
    switch reason {
    case .clusterQuota: pool.quota.podsPerCluster = n
    case .workloadQuota: pool.quota.podsPerWorkload = n
    case .regionQuota:
      pool.quota.podsPerRegion = n + 40
      pool.quota.regionInUse = 40
    case .securityGroup:
      pool.podsPerSecurityGroup = 1
      pool.securityGroups = n
    case .addresses: pool.subnets = [Subnet(cidr: "10.0.0.0/29")]
    case .stock: pool.stockCores = n
    case .outage: break
    }
    return pool
  }

  @Test("The plateau is the limit, and the refused hold nothing", arguments: RefusalReason.levels)
  func plateau(_ reason: RefusalReason) {
    var driver = PipelineDriver(limited(reason, to: 5))
    for n in 0..<20 { driver.arrive(driver.order(n)) }
    driver.run(until: .seconds(300.0))
    #expect(driver.ready.count == 5)
    #expect(driver.pipeline.addressBalance == (5, 5))
    #expect(driver.pipeline.instances.level == 5)
    for n in 5..<20 { #expect(driver.pipeline.isRefused(driver.order(n).pod)) }
    let marks = driver.marks.filter { $0.refusal != nil }
    #expect(marks.allSatisfy { $0.refusal == reason && $0.stage == .accept })
  }

  @Test(
    "Pools share the cluster's, the workload's and, in one region, the region's quota",
    arguments: [
      (RefusalReason.clusterQuota, 1, 6), (.workloadQuota, 1, 6), (.regionQuota, 0, 6),
      (.regionQuota, 1, 12),
    ])
  func sharedQuota(_ reason: RefusalReason, region: Int, expected: Int) {
    let pool = limited(reason, to: 6)
    var driver = PipelineDriver(pool)
    _ = driver.pipeline.addPool(
      pool, region: region, from: ImageSource(registry: 0))
    for n in 0..<20 { driver.arrive(driver.order(n, place: n % 2)) }
    driver.run(until: .seconds(300.0))
    #expect(driver.ready.count == expected)
  }

  @Test("Of several limits the smallest holds", arguments: RefusalReason.levels)
  func smallest(_ reason: RefusalReason) {
    var pool = limited(.clusterQuota, to: 7)
    pool.quota.podsPerWorkload = 8
    pool.quota.podsPerRegion = 9
    pool.podsPerSecurityGroup = 5
    pool.securityGroups = 2
    pool.stockCores = 11
    pool.subnets = [Subnet(cidr: "10.0.0.0/28")]
    let tight = limited(reason, to: reason == .addresses ? 5 : 4)
    switch reason {
    case .clusterQuota: pool.quota.podsPerCluster = 4
    case .workloadQuota: pool.quota.podsPerWorkload = 4
    case .regionQuota: pool.quota = tight.quota
    case .securityGroup: (pool.podsPerSecurityGroup, pool.securityGroups) = (1, 4)
    case .addresses: pool.subnets = tight.subnets
    case .stock: pool.stockCores = 4
    case .outage: break
    }
    var driver = PipelineDriver(pool)
    for n in 0..<30 { driver.arrive(driver.order(n)) }
    driver.run(until: .seconds(100.0))
    #expect(driver.ready.count == (reason == .addresses ? 5 : 4))
  }

  @Test("Workloads and subnets have limits of their own")
  func ownLimits() {
    var pool = limited(.workloadQuota, to: 3)
    pool.subnets = [Subnet(cidr: "10.0.0.0/29"), Subnet(cidr: "10.0.1.0/28")]
    var driver = PipelineDriver(pool)
    for n in 0..<10 { driver.arrive(driver.order(n, workload: n % 2)) }
    for n in 10..<20 { driver.arrive(driver.order(n, workload: n, subnet: n % 2)) }
    driver.run(until: .seconds(100.0))
    // Three of each of two workloads would be six, but the first subnet has five addresses.
    #expect(driver.ready.keys.filter { $0.slot < 10 }.count == 5)
    #expect(driver.ready.keys.filter { $0.slot >= 10 }.count == 5)
    pool.quota.podsPerWorkload = 0
    var none = PipelineDriver(pool)
    none.arrive(none.order(0))
    #expect(none.refusals.count == 1)
  }

  @Test("A refused Pod asks again after waits that double up to their maximum")
  func backoff() {
    var driver = PipelineDriver(limited(.clusterQuota, to: 0))
    let order = driver.order(0)
    driver.arrive(order)
    driver.run(until: .seconds(50.0))
    #expect(driver.refusals[order.pod] == [0, 2, 6, 14, 24, 34, 44].map { Instant.seconds($0) })
  }

  @Test("Waits neither overflow nor vanish, however often a Pod is refused")
  func manyRefusals() {
    for (initial, longest) in [(TimeSpan.seconds(30), TimeSpan.seconds(40)), (.zero, .seconds(1))] {
      var pool = limited(.clusterQuota, to: 0)
      pool.retryInitial = initial
      pool.retryMax = longest
      var driver = PipelineDriver(pool)
      let order = driver.order(0)
      driver.arrive(order)
      driver.run(until: .seconds(initial == .zero ? 20.0 : 4000.0))
      let tries = driver.refusals[order.pod] ?? []
      let waits = zip(tries, tries.dropFirst()).map { $1 - $0 }.dropFirst(2)
      #expect(waits.count > 90)
      #expect(waits.allSatisfy { $0 == (initial == .zero ? .milliseconds(100) : longest) })
    }
  }

  @Test("A freed place goes to whoever asks again first", arguments: [0, 1])
  func earliest(_ winner: Int) {
    var driver = PipelineDriver(limited(.clusterQuota, to: 1))
    driver.arrive(driver.order(0))
    driver.run(until: .seconds(20.0))
    // The first to ask tries at 20, 22, 26, 34, the second a second later; both wait ten at most.
    driver.arrive(driver.order(1))
    driver.run(until: .seconds(21.0))
    driver.arrive(driver.order(2))
    driver.run(until: winner == 0 ? .seconds(25.5) : .seconds(26.5))
    driver.kill(driver.order(0).pod)
    driver.run(until: .seconds(200.0))
    #expect(driver.ready[driver.order(1 + winner).pod] != nil)
    #expect(driver.ready[driver.order(2 - winner).pod] == nil)
  }
}
