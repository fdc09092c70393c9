import Quantities

/// What owning machines costs, part by part, in place of a price per core.
///
/// All per machine, straight line: (price × (1 − residual) / life + power × PUE × electricity +
/// rack + staff) / cores.
///
/// > Source: model card 3.6 (C), whose example comes to ¥0.055 per core and hour.
public struct Ownership: Hashable, Sendable {
  /// What a machine is bought for. ¥60,000 (A, 40,000–80,000 for 64 cores and 256 GiB).
  public var price = Price(Money(picounits: 60_000_000_000_000_000), currency: "CNY")
  /// Its cores. 64.
  public var cores: Int64 = 64
  /// How long it is in use. 4 years of 8,760 h (A, 4–5).
  public var life = TimeSpan.hours(4 * 8760)
  /// What it is still worth then, as a share of its price. 0.05 (A).
  public var residual = 0.05
  /// What it draws, in watts. 500 (A, 400–600).
  public var watts: Int64 = 500
  /// What the data centre draws for every watt of it. 1.5 (A, 1.3–1.6).
  public var pue = 1.5
  /// A kilowatt-hour. ¥0.7 (A, 0.6–0.8).
  public var electricity = Price(Money(picounits: 700_000_000_000), currency: "CNY")
  /// Its share of a rack for a month of 30 days. ¥500 (A, ¥4,000–6,000 for 10–12 machines).
  public var rack = Price(Money(picounits: 500_000_000_000_000), currency: "CNY")
  /// Its share of the staff for a month. ¥432 (A; model card 3.6 has ¥0.6 an hour).
  public var staff = Price(Money(picounits: 432_000_000_000_000), currency: "CNY")
  /// The defaults above.
  public init() {}

  /// The currencies of its prices.
  public var currencies: [String] {
    [price.currency, electricity.currency, rack.currency, staff.currency]
  }

  /// What a core costs for an hour, in a sheet's currency; nil where a rate is missing.
  public func coreHour(on sheet: PriceSheet) -> Money? {
    guard let bought = sheet.converted(price.amount, from: price.currency),
      let kilowattHour = sheet.converted(electricity.amount, from: electricity.currency),
      let rackMonth = sheet.converted(rack.amount, from: rack.currency),
      let staffMonth = sheet.converted(staff.amount, from: staff.currency)
    else { return nil }
    let kept = Int128(((1 - residual) * 1_000_000).rounded())
    let lost = Money(picounits: bought.picounits * kept / 1_000_000)
    var hour = Price(lost, currency: sheet.currency, per: life).cost(of: .hours(1)).picounits
    let milliwatts = Int128((Double(watts) * pue * 1000).rounded())
    hour += kilowattHour.picounits * milliwatts / 1_000_000
    hour += (rackMonth.picounits + staffMonth.picounits) / 720
    return Money(picounits: hour / Int128(max(1, cores)))
  }
}

extension MachineParameters {
  /// What owning a core costs for an hour, in a sheet's currency; nil where a rate is missing.
  public func coreHour(on sheet: PriceSheet) -> Money? {
    if let ownership { return ownership.coreHour(on: sheet) }
    return sheet.cost(of: .hours(1), at: corePrice)
  }
}
