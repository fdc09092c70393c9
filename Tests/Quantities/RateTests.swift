import Quantities
import TestSupport
import Testing

@Suite("Rates, bandwidths and shares")
struct RateTests {
  @Test(
    "A rate is a number per time",
    arguments: [
      ("20/s", 20), ("1000/min", 1000 / 60.0), ("60/min", 1), ("7200/h", 2), ("86400/d", 1),
      ("0.5/s", 0.5),
      ("0/s", 0), (".5/min", 0.5 / 60), ("50/second", 50), ("10/sec", 10), ("30/minute", 0.5),
      ("unlimited", .infinity),
    ] as [(String, Double)])
  func readsRates(text: String, perSecond: Double) throws {
    let rate = try Rate.parse(text)
    #expect(rate.perSecond == perSecond)
    #expect(rate.text == text)
    #expect(rate.description == text)
  }

  @Test(
    "What isn't a rate is refused",
    arguments: [
      ("", .empty), ("20", .missingUnit), ("20 per s", .malformed), ("/s", .malformed),
      ("20/", .unknownUnit),
      ("20/fortnight", .unknownUnit), ("20/S", .unknownUnit), ("-1/s", .negative),
      ("1e3/s", .malformed),
      ("inf/s", .malformed), ("20/s ", .unknownUnit),
      ("1" + String(repeating: "0", count: 400) + "/s", .outOfRange),
    ] as [(String, QuantityError.Reason)])
  func refusesRates(text: String, reason: QuantityError.Reason) {
    let error = #expect(throws: QuantityError.self) { try Rate.parse(text) }
    #expect(error?.reason == reason)
    #expect(error?.expected.contains("1000/min") == true)
  }

  @Test("Rates compare by events per second and know the time between two events")
  func usesRates() throws {
    #expect(Rate(perMinute: 1500).text == "1500/min")
    #expect(Rate(perMinute: 1500).perSecond == 25)
    #expect(Rate(perSecond: 0.25).text == "0.25/s")
    #expect(try Rate.parse("60/min") == Rate(perSecond: 1))
    #expect(try Rate.parse("60/min").hashValue == Rate(perSecond: 1).hashValue)
    #expect(!(Rate(perSecond: 1) < Rate(perMinute: 60)))
    #expect(Rate(perSecond: 1) < .unlimited)
    #expect(Rate(perSecond: 2) > Rate(perMinute: 60))
    #expect(try Rate.parse("1000/min").interval == .milliseconds(60))
    #expect(try Rate.parse("1000/min").perMinute == 1000)
    #expect(try Rate.parse("0/s").interval == .infinite)
    #expect(Rate.unlimited.interval == .zero)
    #expect(try Rate.parse(Rate(perMinute: 1020).text) == Rate(perMinute: 1020))
  }

  @Test(
    "A bandwidth is exact in bits per second and prints itself",
    arguments: [
      ("10Gbps", 10_000_000_000, "10Gbps"), ("100Mbps", 100_000_000, "100Mbps"),
      ("1.25GBps", 10_000_000_000, "10Gbps"),
      ("1.25GB/s", 10_000_000_000, "10Gbps"), ("1MiB/s", 8_388_608, "8388608bps"),
      ("64kbps", 64_000, "64kbps"),
      ("64Kbps", 64_000, "64kbps"), ("1.5Tb/s", 1_500_000_000_000, "1500Gbps"),
      ("9bit/s", 9, "9bps"),
      ("1Kibps", 1024, "1024bps"),
      ("1Gib/s", 1 << 30, "1073741824bps"), ("1Tib/s", 1 << 40, "1099511627776bps"),
      ("unlimited", .max, "unlimited"),
      ("2TiB/s", 16 << 40, "17592186044416bps"),
    ] as [(String, Int64, String)])
  func readsBandwidths(text: String, bits: Int64, printed: String) throws {
    let bandwidth = try Bandwidth.parse(text)
    #expect(bandwidth.bitsPerSecond == bits)
    #expect(bandwidth.description == printed)
    #expect(try Bandwidth.parse(printed) == bandwidth)
  }

  @Test(
    "What isn't a bandwidth is refused",
    arguments: [
      ("", .empty), ("10", .missingUnit), ("10G", .unknownUnit), ("10GBPS", .unknownUnit),
      ("Gbps", .malformed),
      ("-1Gbps", .negative), ("0Gbps", .outOfRange), ("10000000Tbps", .outOfRange),
      ("10 Gbps", .unknownUnit),
      ("0.1bps", .outOfRange),
    ] as [(String, QuantityError.Reason)])
  func refusesBandwidths(text: String, reason: QuantityError.Reason) {
    #expect(throws: QuantityError.self) { try Bandwidth.parse(text) }
    #expect((try? Bandwidth.parse(text)) == nil)
    do throws(QuantityError) { _ = try Bandwidth.parse(text) } catch {
      #expect(error.reason == reason)
    }
  }

  @Test("A link needs its time for an amount, rounded up")
  func transfers() {
    let link = Bandwidth(bitsPerSecond: 1_000_000_000)
    #expect(link.duration(of: Bytes(125_000_000)) == .seconds(1))
    #expect(link.duration(of: Bytes(1)).nanoseconds == 8)
    #expect(Bandwidth(bitsPerSecond: 3).duration(of: Bytes(1)).nanoseconds == 2_666_666_667)
    #expect(Bandwidth(bitsPerSecond: 3).duration(of: Bytes(2)).nanoseconds == 5_333_333_334)
    #expect(Bandwidth(bitsPerSecond: 3).duration(of: Bytes(3)).nanoseconds == 8_000_000_000)
    #expect(link.duration(of: Bytes(0)) == .zero)
    #expect(Bandwidth.unlimited.duration(of: Bytes(.max)) == .zero)
    #expect(Bandwidth(bitsPerSecond: 1).duration(of: Bytes(.max)) == .infinite)
    #expect(link < Bandwidth(bitsPerSecond: 2_000_000_000))
    #expect(link.bytesPerSecond == 125e6)
  }

  @Test(
    "A share is the same number as a fraction and as a percentage",
    arguments: [
      ("0.95", "95%"), ("0.999", "99.9%"), ("1", "100%"), ("0", "0%"), ("0.07", "7%"),
      ("0.5", "50.0%"),
      ("1.0", "100.00%"), (".29", "29%"), ("0.5750", "57.5%"),
    ])
  func readsShares(fraction: String, percentage: String) throws {
    let share = try Share.parse(fraction)
    #expect(share == (try Share.parse(percentage)))
    #expect(share.fraction == Double(fraction))
    #expect(try Share.parse(share.description) == share)
  }

  @Test(
    "What isn't a share is refused",
    arguments: [
      ("", .empty, nil), ("95", .outOfRange, "95%"), ("101%", .outOfRange, nil),
      ("1.0001", .outOfRange, "1.0001%"),
      ("-5%", .negative, nil), ("5 %", .unknownUnit, nil), ("%", .malformed, nil),
      ("half", .malformed, nil),
      ("5%%", .unknownUnit, nil),
    ] as [(String, QuantityError.Reason, String?)])
  func refusesShares(text: String, reason: QuantityError.Reason, suggestion: String?) {
    let error = #expect(throws: QuantityError.self) { try Share.parse(text) }
    #expect(error?.reason == reason)
    #expect(error?.suggestion == suggestion)
  }

  @Test("Shares compare by size")
  func comparesShares() {
    #expect(Share(0.9) < Share(0.95))
    #expect(!(Share(0.9) < Share(0.9)))
  }
}
