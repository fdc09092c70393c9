import Quantities
import TestSupport
import Testing

@Suite("Money and prices as text")
struct MoneyTests {
  @Test(
    "Decimal amounts are exact and print without trailing zeros",
    arguments: [
      ("0.073344", 73_344_000_000, "0.073344"), ("0.80", 800_000_000_000, "0.8"),
      ("12", 12_000_000_000_000, "12"),
      ("0", 0, "0"), ("-0", 0, "0"), ("-1.5", -1_500_000_000_000, "-1.5"),
      ("+2.", 2_000_000_000_000, "2"),
      (".000000000001", 1, "0.000000000001"), ("-0.000000000001", -1, "-0.000000000001"),
      ("1000000.10", 1_000_000_100_000_000_000, "1000000.1"),
      ("0.1000000000000000", 100_000_000_000, "0.1"),
    ] as [(String, Int128, String)])
  func readsMoney(text: String, picounits: Int128, printed: String) throws {
    let money = try Money.parse(text)
    #expect(money.picounits == picounits)
    #expect(money.decimal == printed)
  }

  @Test(
    "What isn't an amount is refused, never rounded",
    arguments: [
      ("", .empty), ("0.0000000000001", .tooPrecise), ("1.1234567890123", .tooPrecise),
      ("1,5", .malformed),
      ("¥5", .malformed), ("5 CNY", .malformed), ("1e3", .malformed), (".", .malformed),
      ("1000000000000000000000000000", .outOfRange),
      ("1" + String(repeating: "0", count: 60), .outOfRange),
    ] as [(String, QuantityError.Reason)])
  func refusesMoney(text: String, reason: QuantityError.Reason) {
    let error = #expect(throws: QuantityError.self) { try Money.parse(text) }
    #expect(error?.reason == reason)
  }

  @Test("Whatever is printed is read back")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<1000 {
      let money = Money(
        picounits: Int128(Int64(bitPattern: random.next())) << Int128(random.below(40)))
      #expect(try Money.parse(money.decimal) == money)
    }
  }

  @Test(
    "A price has an amount, a currency and perhaps a period",
    arguments: [
      ("0.80 CNY/h", "0.8 CNY/h", 3600), ("12 USD", "12 USD", nil),
      ("0.0001 EUR/s", "0.0001 EUR/s", 1),
      ("2 CNY/min", "2 CNY/min", 60), ("19.2 CNY/d", "19.2 CNY/d", 86_400), ("0 CNY", "0 CNY", nil),
    ] as [(String, String, Int?)])
  func readsPrices(text: String, printed: String, seconds: Int?) throws {
    let price = try Price.parse(text)
    #expect(price.description == printed)
    #expect(price.period == seconds.map { .seconds($0) })
    #expect(try Price.parse(printed) == price)
  }

  @Test(
    "What isn't a price is refused",
    arguments: [
      ("", .empty), ("0.80", .missingUnit), ("CNY 0.80", .malformed), ("0.80 yuan", .malformed),
      ("1  CNY", .malformed),
      ("1 CNY/week", .unknownUnit), ("1 CNY/h/h", .malformed), ("-1 CNY", .negative),
      ("1 CN¥", .malformed),
      ("1 CNY /h", .malformed), ("1 cny", .malformed), (" 1 CNY", .malformed),
    ] as [(String, QuantityError.Reason)])
  func refusesPrices(text: String, reason: QuantityError.Reason) {
    let error = #expect(throws: QuantityError.self) { try Price.parse(text) }
    #expect(error?.reason == reason)
  }

  @Test("A time costs its part of the period's price, to the nearest 10^-12")
  func costs() throws {
    let hourly = try Price.parse("0.80 CNY/h")
    #expect(hourly.cost(of: .hours(2)).decimal == "1.6")
    #expect(hourly.cost(of: .seconds(300)).decimal == "0.066666666667")
    #expect(hourly.cost(of: .zero) == .zero)
    #expect(try Price.parse("12 USD").cost(of: .hours(5)).decimal == "12")
    let tiny = Price(Money(picounits: 1), currency: "CNY", per: .seconds(2))
    #expect(tiny.cost(of: .seconds(1)).picounits == 1)
    #expect(tiny.cost(of: TimeSpan(nanoseconds: 999_999_999)).picounits == 0)
    #expect(tiny.cost(of: .seconds(3)).picounits == 2)
    #expect(
      Price(Money(picounits: -1), currency: "CNY", per: .seconds(2)).cost(of: .seconds(3)).picounits
        == -1)
  }
}
