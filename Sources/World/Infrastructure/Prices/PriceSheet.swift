import Quantities

/// What is paid for, and how much of one currency.
///
/// Serverless Pods are paid for per second from the moment resources are allocated and the first
/// image is about to be pulled until the Pod ends, for a size rounded up to the sizes on sale (D,
/// model card 1.2). What is owned is paid for whether it is used or not.
///
/// A price that is nil isn't on the list: what needs it can't be billed, and an input that needs it is
/// refused.
public struct PriceSheet: Hashable, Sendable {
  /// The sheet's name.
  public var name: String
  /// The currency's code.
  public var currency = "CNY"
  /// A core for a second. ¥0.00003334 (D, Intel on demand).
  public var coreSecond: Money? = Money(picounits: 33_340_000)
  /// A GiB for a second. ¥0.00001389 (D, Intel on demand).
  public var gibSecond: Money? = Money(picounits: 13_890_000)
  /// A core of AMD for a second. ¥0.00001528 (D).
  public var amdCoreSecond: Money? = Money(picounits: 15_280_000)
  /// A GiB beside AMD for a second. ¥0.00000889 (D).
  public var amdGibSecond: Money? = Money(picounits: 8_890_000)
  /// A core for an hour, where the list has it so; it takes the place of both prices per second.
  public var coreHour: Money?
  /// A GiB for an hour, likewise.
  public var gibHour: Money?
  /// What a spot Pod's processors, memory and GPU cost against the list price. 0.2 (D).
  public var spotFactor = 0.2
  /// A card of V100 for an hour. ¥11.5 (D).
  public var v100Hour: Money? = Money(picounits: 11_500_000_000_000)
  /// A card of T4 for an hour. ¥5.21 (D).
  public var t4Hour: Money? = Money(picounits: 5_210_000_000_000)
  /// Mounting an image snapshot, per hour while the cache is on. ¥0 by default: it is billed as a
  /// disk, which differs by size (A).
  public var cacheHour = Money.zero
  /// Core sizes on sale, ascending, in thousandths of a core: 0.25 to 64 (D).
  public var coreLadder: [Int64] = PodSize.tke.map(\.millicores)
  /// Memory on sale beside core sizes.
  public var sizes: [PodSize] = PodSize.tke
  /// Memory that the provider adds to a Pod's request for its own agents. 0; Fargate adds 256 MiB
  /// (D, its documentation of Pod configuration).
  public var addedMemory: Int64 = 0
  /// Time that an ended Pod is billed for at least. 0; Fargate has a minute (E, model card 1.2).
  public var minimum = TimeSpan.zero
  /// What billed time is rounded up to. 1 s (D).
  public var step = TimeSpan.seconds(1)
  /// Ephemeral storage that a Pod has without charge. 20 GiB (D, model card 1.2).
  public var freeDisk: Int64 = 20 << 30
  /// A GiB of a serverless Pod's ephemeral storage beyond that for an hour. ¥0.0005 (A: ¥0.35 per
  /// GiB and month of cloud disk).
  public var diskGibHour = Money(picounits: 500_000_000)
  /// The level of the managed cluster, which has a fee; nil: none is paid.
  public var clusterLevel: ClusterLevel?
  /// A reserved core of Intel for a month of 30 days, before the term's factor. ¥49 (D).
  public var reservedCoreMonth: Money? = Money(picounits: 49_000_000_000_000)
  /// A GiB beside it. ¥20 (D).
  public var reservedGibMonth: Money? = Money(picounits: 20_000_000_000_000)
  /// A reserved core of AMD for a month. ¥30.2 (D).
  public var reservedAmdCoreMonth: Money? = Money(picounits: 30_200_000_000_000)
  /// A GiB beside it. ¥16.5 (D).
  public var reservedAmdGibMonth: Money? = Money(picounits: 16_500_000_000_000)
  /// What is reserved: paid for whether it is used or not, and used before anything is bought on
  /// demand. Nothing by default.
  public var reserved: [Reservation] = []
  /// What other currencies are worth.
  public var rates: [CurrencyRate] = []
  /// The published list prices.
  public init(name: String = "tke-eks-intel") { self.name = name }

  /// What a core and a GiB of some processors cost for an hour on demand; nil where they aren't on
  /// the list.
  public func hour(of type: ServerlessPool.CPUType) -> (core: Money, gib: Money)? {
    let second = type == .amd ? (amdCoreSecond, amdGibSecond) : (coreSecond, gibSecond)
    guard let core = coreHour ?? second.0.map({ $0 * 3600 }),
      let gib = gibHour ?? second.1.map({ $0 * 3600 })
    else { return nil }
    return (core, gib)
  }

  /// The prices, by their fields' names, that Pods on some processors need and the list doesn't have.
  public func unpriced(for type: ServerlessPool.CPUType) -> [String] {
    let isAMD = type == .amd
    var names: [String] = []
    if coreHour == nil, (isAMD ? amdCoreSecond : coreSecond) == nil {
      names.append(isAMD ? "amdCoreSecond" : "coreSecond")
    }
    if gibHour == nil, (isAMD ? amdGibSecond : gibSecond) == nil {
      names.append(isAMD ? "amdGibSecond" : "gibSecond")
    }
    return names
  }

  /// What a core and a GiB of some processors cost for a month where they are reserved; nil where
  /// they aren't on the list.
  public func reservedMonth(of type: ServerlessPool.CPUType) -> (core: Money, gib: Money)? {
    let isAMD = type == .amd
    guard let core = isAMD ? reservedAmdCoreMonth : reservedCoreMonth,
      let gib = isAMD ? reservedAmdGibMonth : reservedGibMonth
    else { return nil }
    return (core, gib)
  }

  /// The models of cards that a list may have a price of.
  public static let cards = ["V100", "T4"]

  /// What one card of a model costs per hour; nil: it isn't on the sheet.
  public func cardHour(of model: String) -> Money? {
    switch model {
    case "V100": v100Hour
    case "T4": t4Hour
    default: nil
    }
  }

  /// How much of this sheet's currency an amount of another is, rounded to 10⁻¹², halves up; nil
  /// without a rate.
  public func converted(_ amount: Money, from other: String) -> Money? {
    if other == currency { return amount }
    guard let rate = rates.first(where: { $0.currency == other })?.rate else { return nil }
    let unit: Int128 = 1_000_000_000_000
    // In two parts, so that the product stays in range.
    let (whole, rest) = amount.picounits.quotientAndRemainder(dividingBy: unit)
    let part = (rest * rate.picounits * 2 + unit) / (2 * unit)
    return Money(picounits: whole * rate.picounits + part)
  }

  /// What a time costs at a price, in this sheet's currency; nil without a rate for the price's.
  public func cost(of time: TimeSpan, at price: Price) -> Money? {
    converted(price.cost(of: time), from: price.currency)
  }
}

/// What a unit of another currency is worth on a day.
public struct CurrencyRate: Hashable, Sendable {
  /// The other currency's code.
  public var currency: String
  /// How many units of the sheet's currency one unit of it is.
  public var rate: Money
  /// The day that the rate is of, such as `2026-11-10`.
  public var date: String
  /// A rate of a day.
  public init(currency: String, rate: Money, date: String) {
    self.currency = currency
    self.rate = rate
    self.date = date
  }
}

/// The levels of managed TKE clusters by their number of nodes.
public enum ClusterLevel: String, Hashable, Sendable, CaseIterable {
  case l5 = "L5"
  case l20 = "L20"
  case l50 = "L50"
  case l100 = "L100"
  case l200 = "L200"
  case l500 = "L500"
  case l1000 = "L1000"
  case l3000 = "L3000"
  case l5000 = "L5000"

  /// The fee in CNY.
  ///
  /// > Source: gocrane/fadvisor (S, which cites doc 457/68803; model card 1.2).
  public var fee: Price {
    let hundredths: Int128
    switch self {
    case .l5: hundredths = 13
    case .l20: hundredths = 40
    case .l50: hundredths = 73
    case .l100: hundredths = 122
    case .l200: hundredths = 255
    case .l500: hundredths = 511
    case .l1000: hundredths = 930
    case .l3000: hundredths = 1560
    case .l5000: hundredths = 2804
    }
    return Price(
      Money(picounits: hundredths * 10_000_000_000), currency: "CNY", per: .hours(1))
  }
}
