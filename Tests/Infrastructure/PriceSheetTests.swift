import Infrastructure
import Quantities
import TestSupport
import Testing

@Suite("Price sheets, reservations and what is owned")
struct PriceSheetTests {
  private func stay(
    from start: Double, to end: Double, millicores: Int64 = 1000, halfGiB: Int64 = 4,
    isSpot: Bool = false, gpuHour: Int64 = 0, diskGiB: Int64 = 0
  ) -> BilledStay {
    BilledStay(
      place: 0, millicores: millicores, halfGiB: halfGiB, start: .seconds(start),
      end: .seconds(end), cpuType: .intel, isSpot: isSpot, gpuHour: gpuHour, diskGiB: diskGiB)
  }

  @Test("Every started step is billed, and an amount is rounded once")
  func rounding() {
    var sheet = PriceSheet()
    #expect(sheet.billedSeconds(of: stay(from: 1.5, to: 2.5001), until: .distantFuture) == 2)
    sheet.step = .minutes(1)
    #expect(sheet.billedSeconds(of: stay(from: 0, to: 61), until: .distantFuture) == 120)
    // A third of a V100's hour, 3.8333…, to the nearest 10⁻¹².
    let card = sheet.amount(
      millicores: 0, halfGiB: 0, seconds: 1200, cpuType: .intel, gpuHour: 11_500_000_000_000)
    #expect(card == Money(picounits: 3_833_333_333_333))
    #expect(
      sheet.diskAmount(of: stay(from: 0, to: 3600, diskGiB: 10), until: .distantFuture)
        == Money(picounits: 5_000_000_000))
  }

  @Test("A rate converts exactly, and without one nothing is converted")
  func currencies() throws {
    var sheet = PriceSheet()
    let dollar = Price(Money(picounits: 123_456_789_012), currency: "USD", per: .hours(1))
    #expect(sheet.cost(of: .hours(1), at: dollar) == nil)
    sheet.rates = [
      CurrencyRate(currency: "USD", rate: try Money.parse("7.1"), date: "2026-11-10")
    ]
    // 0.123456789012 × 7.1 = 0.8765432019852
    #expect(sheet.cost(of: .hours(1), at: dollar) == Money(picounits: 876_543_201_985))
    let much = Money(picounits: 1_000_000_000_000_000_000_000_001)
    #expect(
      sheet.converted(much, from: "USD") == Money(picounits: 7_100_000_000_000_000_000_000_007))
  }

  @Test("Reservations cover what is in use at the same time, up to what is reserved")
  func reservations() {
    var sheet = PriceSheet()
    var reserved = Reservation()
    reserved.millicores = 1000
    reserved.gib = 2
    sheet.reserved = [reserved]
    let hour = sheet.amount(millicores: 1000, halfGiB: 4, seconds: 3600, cpuType: .intel)
    func covered(_ stays: [BilledStay]) -> Money { sheet.covered(of: stays, until: .distantFuture) }
    let one = stay(from: 0, to: 3600)
    #expect(covered([one]) == hour)
    #expect(covered([one, one]) == hour)
    #expect(covered([one, stay(from: 1800, to: 5400)]).picounits * 2 == hour.picounits * 3)
    #expect(covered([stay(from: 0, to: 3600, isSpot: true)]) == .zero)
    expectDetects("Pods that run together covered one by one") {
      #expect(covered([one, one]) == hour * 2)
    }
    // ¥49 a core and ¥20 a GiB for 30 days.
    #expect(sheet.reservationFee(for: .hours(720)) == Money(picounits: 89_000_000_000_000))
    sheet.reserved[0].term = .threeYears
    #expect(sheet.reservationFee(for: .hours(720)) == Money(picounits: 44_500_000_000_000))
  }

  @Test("Owning comes to the model card's price for its example")
  func ownership() throws {
    var machine = MachineParameters()
    var parts = Ownership()
    parts.residual = 0
    machine.ownership = parts
    let hour = try #require(machine.coreHour(on: PriceSheet())).units
    // (60000 / 35040 + 0.75 × 0.7 + 932 / 720) / 64
    #expect(abs(hour - 0.055184) < 1e-6)
    machine.ownership?.residual = 0.05
    let kept = try #require(machine.coreHour(on: PriceSheet())).units
    #expect(abs(hour - kept - 3000 / 35040.0 / 64) < 1e-9)
    machine.ownership?.rack.currency = "USD"
    #expect(machine.coreHour(on: PriceSheet()) == nil)
  }

  @Test("The sheets' fees ascend with the cluster's level")
  func levels() {
    let fees = ClusterLevel.allCases.map(\.fee.amount)
    #expect(zip(fees, fees.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ClusterLevel.l3000.fee.cost(of: .hours(1)) == Money(picounits: 15_600_000_000_000))
  }
}
