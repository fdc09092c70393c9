import Infrastructure
import Quantities
import TestSupport
import Testing

@Suite("What serverless Pods cost")
struct BillingTests {
  private let sheet = PriceSheet()

  private func amount(
    _ cpu: Int64, _ gib: Int64, seconds: Int64, pods: Int64 = 1,
    type: ServerlessPool.CPUType = .intel
  ) -> Money {
    let size = sheet.billedSize(millicores: cpu, memory: gib << 30)
    return sheet.amount(
      millicores: size.millicores, halfGiB: size.halfGiB, seconds: seconds, cpuType: type)
      * pods
  }

  @Test("Published examples come out to the last digit")
  func examples() {
    let two = Money(picounits: 73_344_000_000)
    #expect(amount(2000, 4, seconds: 300, pods: 2) == two)
    #expect(amount(4000, 8, seconds: 600, pods: 20) == Money(picounits: 2_933_760_000_000))
    #expect(amount(1000, 2, seconds: 1, type: .amd) == Money(picounits: 33_060_000))
    expectDetects("a second less") { #expect(amount(2000, 4, seconds: 299, pods: 2) == two) }
  }

  @Test(
    "Sizes are rounded up to the ladder",
    arguments: [
      (cpu: 100, mem: 100 << 20, core: 250, half: 1), (250, 512 << 20, 250, 1),
      (250, 3 << 30, 500, 6), (500, 600 << 20, 500, 2), (501, 1 << 30, 1000, 2),
      (1000, 8 << 30, 1000, 16), (1000, (8 << 30) + 1, 2000, 18), (1500, 2 << 30, 2000, 8),
      (4001, 8 << 30, 8000, 32), (8000, 33 << 30, 12_000, 66), (64_000, 128 << 30, 64_000, 256),
      (32_000, 65 << 30, 32_000, 256), (40_000, 129 << 30, 64_000, 384),
      (70_000, 128 << 30, 70_000, 256),
    ] as [(cpu: Int64, mem: Int64, core: Int64, half: Int64)])
  func ladder(cpu: Int64, mem: Int64, core: Int64, half: Int64) {
    let size = sheet.billedSize(millicores: cpu, memory: mem)
    #expect(size.millicores == core)
    #expect(size.halfGiB == half)
  }

  @Test("A larger request never gets a smaller size or a smaller bill")
  func monotone() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let cpu = Int64(1 + generator.below(64_000))
      let mem = Int64(1 + generator.below(100)) << 29
      let size = sheet.billedSize(millicores: cpu, memory: mem)
      #expect(size.millicores >= cpu)
      #expect(size.halfGiB << 29 >= mem)
      let more = sheet.billedSize(
        millicores: cpu + Int64(generator.below(2000)), memory: mem)
      #expect(more.millicores >= size.millicores)
    }
  }

  @Test("Subnets hold all addresses but three")
  func subnets() {
    #expect(Subnet(cidr: "10.0.0.0/24").addresses == 253)
    #expect(Subnet(cidr: "10.0.0.0/20").addresses == 4093)
    #expect(Subnet(cidr: "10.0.0.0/31").addresses == 0)
    #expect(Subnet(cidr: "10.0.0.0").prefixLength == nil)
    #expect(Subnet(cidr: "10.0.300.0/24").prefixLength == nil)
  }

  @Test("The identity ∫N dt = Σ time inside holds, and fails for who left unnoticed")
  func occupancy() {
    func sides(_ plan: (inout Occupancy) -> [Instant]) -> (Int128, Int128) {
      var occupancy = Occupancy()
      let inside = plan(&occupancy)
      let identity = occupancy.identity(at: .seconds(10.0), inside: inside)
      return (identity.integral, identity.stays)
    }
    func check(_ plan: (inout Occupancy) -> [Instant]) {
      let (integral, stays) = sides(plan)
      #expect(integral == stays)
    }
    check { occupancy in
      occupancy.enter(at: .seconds(1.0))
      occupancy.enter(at: .seconds(2.0))
      occupancy.leave(enteredAt: .seconds(1.0), at: .seconds(4.0))
      return [.seconds(2.0)]
    }
    expectDetects("a departure that nobody noted") {
      check { occupancy in
        occupancy.enter(at: .seconds(1.0))
        return []
      }
    }
    expectDetects("a wrong time of entry") {
      check { occupancy in
        occupancy.enter(at: .seconds(1.0))
        occupancy.leave(enteredAt: .seconds(1.5), at: .seconds(4.0))
        return []
      }
    }
  }
}
