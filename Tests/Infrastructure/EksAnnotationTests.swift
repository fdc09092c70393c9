import ClusterModel
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
  }

  @Test("What can't be read is named")
  func problems() {
    let (_, problems) = read([
      ("cpu", "-1"), ("mem", "16G"), ("cpu-type", "arm"), ("gpu-count", "0"),
      ("duration-to-wait-service-rules", "soon"), ("retain-ip", "anything"),
    ])
    #expect(
      problems == ["cpu", "cpu-type", "duration-to-wait-service-rules", "gpu-count", "mem"])
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
}
