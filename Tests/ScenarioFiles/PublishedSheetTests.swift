import CloudSimulation
import Infrastructure
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("Published price lists")
struct PublishedSheetTests {
  private func scenario(
    _ prices: String, pools: String, cloud: String = ""
  ) throws -> Scenario {
    let text = """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: bill}
      spec:
        duration: 2h
        replications: 1
        sites:
        - {name: idc, machine: {corePrice: 0 USD/h}}
        \(cloud)
        nodePools: [\(pools)]
        prices: {name: list, \(prices)}
        load:
        - {name: step, target: Deployment/web, step: {at: 1m, from: 0, to: 1}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 0
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            tolerations: [{operator: Exists}]
            containers:
            - {name: c, image: c, resources: {requests: {cpu: 900m, memory: 3Gi}}}
      """
    return try ScenarioLoader.load(text: text, called: "bill.yaml").scenario
  }

  private func amount(_ name: String, _ scenario: Scenario) -> Money? {
    let result = scenario.simulate()
    #expect(result.violation == nil)
    let sum = result.bill.reduce(Money.zero) { $0 + $1.amount }
    #expect(sum == result.cash + result.owned)
    return result.bill.first { $0.name == name }?.amount
  }

  @Test(
    "Machines of EC2 and of Google are billed by their types' prices, whether their number moves")
  func machines() throws {
    for (list, type, hour) in [
      ("aws-ec2", "m5.xlarge", "0.192"), ("gce", "n2-standard-4", "0.1942"),
    ] {
      let price = try Money.parse(hour)
      let fixed = try scenario(
        "preset: \(list)", pools: "{name: rack, site: idc, instanceType: \(type), count: 3}")
      #expect(amount("machines of rack", fixed) == price * 6)
      let scaled = try scenario(
        "preset: \(list)",
        pools: "{name: rack, site: idc, instanceType: \(type), count: 3, "
          + "autoscaling: {min: 3, max: 3}}")
      #expect(amount("machines of rack", scaled) == price * 6)
      let owned = try scenario("preset: \(list)", pools: "{name: rack, site: idc, count: 3}")
      expectDetects("machines of one's own") {
        #expect(amount("machines of rack", owned) == price * 6)
      }
    }
  }

  @Test("A Pod on ECI or Fargate is billed by the provider's list")
  func pods() throws {
    // 900m and 3 GiB are sold as 1 core with 4 GiB; Fargate's agents need the fourth as well.
    for (preset, core, gib) in [
      ("aliyun-eci", "0.02772", "0.003456"), ("aws-fargate", "0.04048", "0.004445"),
      ("aws-fargate-arm", "0.03238", "0.00356"),
    ] {
      let pool = preset == "aws-fargate-arm" ? "aws-fargate" : preset
      let run = try scenario(
        "preset: \(preset)", pools: "",
        cloud: "- {name: cloud, serverless: {preset: \(pool), admits: [{namespace: default}]}}")
      let result = run.simulate()
      let line = try #require(result.bill.first { $0.name == "serverless Pods" })
      let hour = try Money.parse(core) + Money.parse(gib) * 4
      let expected = (hour.picounits * Int128(line.quantity) * 2 + 3600) / 7200
      #expect(line.quantity > 6900)
      #expect(line.amount == Money(picounits: expected))
    }
  }

  @Test("Prices by the hour stay exact, and a minute is the least on Fargate")
  func fargate() throws {
    let sheet = try #require(PublishedSheet.named("aws-fargate")).sheet
    let size = sheet.billedSize(millicores: 1000, memory: (2 << 30) - (256 << 20))
    #expect(size == (1000, 4))
    // 256 MiB for the agents push a request of 2 GiB to the next size.
    #expect(sheet.billedSize(millicores: 1000, memory: 2 << 30).halfGiB == 6)
    func amount(_ seconds: Double, _ sheet: PriceSheet) -> Money {
      sheet.amount(of: stay(seconds), until: .distantFuture)
    }
    #expect(amount(3600, sheet) == Money(picounits: 40_480_000_000 + 2 * 4_445_000_000))
    #expect(amount(3, sheet) == amount(60, sheet))
    #expect(sheet.billedSeconds(of: stay(3), until: .seconds(3.0)) == 3)
    var free = sheet
    free.minimum = .zero
    expectDetects("no minimum") { #expect(amount(3, free) == amount(60, free)) }
  }

  private func stay(_ seconds: Double) -> BilledStay {
    BilledStay(
      place: 0, millicores: 1000, halfGiB: 4, start: .zero, end: .seconds(seconds),
      cpuType: .intel, isSpot: false, gpuHour: 0)
  }

  @Test("What a list doesn't have is told where it is needed, with what to add")
  func missing() throws {
    func codes(_ prices: String, _ cloud: String) -> String {
      do {
        _ = try scenario(
          prices, pools: "", cloud: "- {name: cloud, serverless: {\(cloud)}}")
        return ""
      } catch {
        return "\(error)"
      }
    }
    let text = codes("preset: aws-ec2", "cpuType: amd")
    #expect(text.contains("list has no amdCoreSecond and amdGibSecond"))
    #expect(text.contains("PriceSheet:spec.amdCoreSecond and PriceSheet:spec.amdGibSecond"))
    #expect(text.contains("bill.yaml:9:"))
    #expect(codes("preset: aws-ec2, coreHour: 1, gibHour: 1", "cpuType: amd").isEmpty)
    #expect(codes("preset: aws-fargate", "preset: aws-fargate").isEmpty)
    #expect(
      codes("preset: aws-fargate, reserved: [{cores: 1, gib: 2}]", "preset: aws-fargate")
        .contains("no price for what is reserved"))
  }
}
