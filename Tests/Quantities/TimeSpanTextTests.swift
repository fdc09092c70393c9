import Quantities
import TestSupport
import Testing

@Suite("Durations as text")
struct TimeSpanTextTests {
  @Test(
    "Durations are read as Go reads them, and days",
    arguments: [
      ("0", 0), ("+0", 0), ("-0", 0), ("0s", 0), ("5s", 5_000_000_000), ("90s", 90_000_000_000),
      ("300ms", 300_000_000), ("1h30m", 5_400_000_000_000), ("2m", 120_000_000_000),
      ("1.5h", 5_400_000_000_000),
      ("5d", 432_000_000_000_000), ("1d12h", 129_600_000_000_000), ("10us", 10_000),
      ("10µs", 10_000),
      ("10μs", 10_000), ("7ns", 7), ("-1m30s", -90_000_000_000), ("+5s", 5_000_000_000),
      (".5s", 500_000_000),
      ("5.s", 5_000_000_000), ("1s1h", 3_601_000_000_000), ("1m1m", 120_000_000_000),
      ("9007199254.740993ms", 9_007_199_254_740_993), ("0.3333333333333333333h", 1_200_000_000_000),
      ("0.100000000000000000000h", 360_000_000_000), ("1.9ns", 2), ("1.4ns", 1), ("1.5ns", 2),
      ("0.4ns", 0),
      ("0.4999999999ns", 0), ("0.5000000000ns", 1),
      ("9223372036854775807ns", .max), ("-9223372036854775808ns", .min),
      ("106751d", 9_223_286_400_000_000_000),
    ] as [(String, Int64)])
  func reads(text: String, nanoseconds: Int64) throws {
    #expect(try TimeSpan.parse(text).nanoseconds == nanoseconds)
  }

  @Test(
    "What isn't a duration is refused, with the likeliest correction",
    arguments: [
      ("", .empty, nil), ("90", .missingUnit, "90s"), ("1h30", .missingUnit, "1h30s"),
      ("-5", .missingUnit, "-5s"),
      ("5min", .unknownUnit, "5m"), ("5 s", .unknownUnit, "5s"), ("3 hours", .unknownUnit, "3h"),
      ("2days", .unknownUnit, "2d"), ("5S", .unknownUnit, "5s"), ("5w", .unknownUnit, nil),
      ("s", .malformed, nil),
      ("+", .malformed, nil), ("--5s", .malformed, nil), ("-", .malformed, nil),
      (".s", .malformed, nil),
      ("1h-30m", .unknownUnit, nil),
      ("00", .missingUnit, "00s"), ("1:30", .unknownUnit, nil), ("106752d", .outOfRange, nil),
      ("9223372036854775808ns", .outOfRange, nil), ("-9223372036854775809ns", .outOfRange, nil),
      ("100000d100000d", .outOfRange, nil),
      ("99999999999999999999999999999999999999999999d", .outOfRange, nil),
    ] as [(String, QuantityError.Reason, String?)])
  func refuses(text: String, reason: QuantityError.Reason, suggestion: String?) {
    let error = #expect(throws: QuantityError.self) { try TimeSpan.parse(text) }
    #expect(error?.reason == reason)
    #expect(error?.suggestion == suggestion)
    #expect(error?.expected.contains("1h30m") == true)
  }

  @Test(
    "Durations print in the units people use",
    arguments: [
      (0, "0s"), (1, "1ns"), (1500, "1.5us"), (999, "999ns"), (1000, "1us"), (999_999, "999.999us"),
      (1_000_000, "1ms"), (250_000_000, "250ms"), (1_500_000, "1.5ms"),
      (999_999_999, "999.999999ms"),
      (1_000_000_000, "1s"), (90_500_000_000, "1m30.5s"), (5_400_000_000_000, "1h30m"),
      (86_400_000_000_000, "1d"),
      (129_600_000_000_000, "1d12h"), (3_600_000_000_001, "1h0.000000001s"),
      (-90_000_000_000, "-1m30s"),
      (.max, "106751d23h47m16.854775807s"), (.min, "-106751d23h47m16.854775808s"),
    ] as [(Int64, String)])
  func prints(nanoseconds: Int64, text: String) {
    #expect(TimeSpan(nanoseconds: nanoseconds).formatted == text)
  }

  @Test("Whatever is printed is read back")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2000 {
      let bits = Int64(bitPattern: random.next()) >> Int64(random.below(64))
      let unit: Int64 = random.pick([1, 1000, 1_000_000_000, 60_000_000_000])
      let span = TimeSpan(nanoseconds: bits / unit * unit)
      #expect(try TimeSpan.parse(span.formatted) == span)
    }
  }
}
