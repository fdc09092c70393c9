import Quantities

/// Cores and memory that are paid for by the month, whether serverless Pods use them or not.
public struct Reservation: Hashable, Sendable {
  /// For how long it was bought; the longer, the cheaper.
  public enum Term: String, Hashable, Sendable, CaseIterable {
    case month = "1 month"
    case halfYear = "6 months"
    case year = "1 year"
    case twoYears = "2 years"
    case threeYears = "3 years"

    /// The price against that of a single month, in hundredths.
    ///
    /// > Source: Tencent's reserved vouchers (D, model card 1.2): 0.88 from 6 months, 0.83 for a
    /// > year, 0.70 for two, 0.50 for three to five.
    var percent: Int128 {
      switch self {
      case .month: 100
      case .halfYear: 88
      case .year: 83
      case .twoYears: 70
      case .threeYears: 50
      }
    }
  }
  /// Of which processors.
  public var cpuType = ServerlessPool.CPUType.intel
  /// Thousandths of a core.
  public var millicores: Int64 = 0
  /// GiB.
  public var gib: Int64 = 0
  /// For how long. Default a month.
  public var term = Term.month
  /// Nothing reserved, of Intel, by the month.
  public init() {}
}

extension PriceSheet {
  /// What is paid in a time for what is reserved, by 30 days a month.
  ///
  /// - Precondition: the list has prices for what is reserved.
  public func reservationFee(for time: TimeSpan) -> Money {
    var fee = Money.zero
    for one in reserved {
      guard let price = reservedMonth(of: one.cpuType) else {
        preconditionFailure("\(name) has no price for what is reserved")
      }
      let cores = price.core.picounits * Int128(one.millicores) / 1000
      let month = (cores + price.gib.picounits * Int128(one.gib)) * one.term.percent / 100
      fee += Price(Money(picounits: month), currency: currency, per: .hours(720)).cost(of: time)
    }
    return fee
  }

  /// What stays would have cost on demand of what reservations cover: at every instant as many
  /// cores and as much memory as are in use, up to what is reserved of the same processors. Spot
  /// Pods are never covered, nor are cards.
  public func covered(of stays: [BilledStay], until end: Instant) -> Money {
    var sum = Money.zero
    for type in ServerlessPool.CPUType.allCases {
      let own = reserved.filter { $0.cpuType == type }
      guard !own.isEmpty else { continue }
      var edges: [(at: Int64, cores: Int64, halfGiB: Int64)] = []
      for stay in stays where stay.cpuType == type && !stay.isSpot {
        let start = stay.start.nanoseconds
        let stop = start + billedSeconds(of: stay, until: end) * 1_000_000_000
        edges.append((start, stay.millicores, stay.halfGiB))
        edges.append((stop, -stay.millicores, -stay.halfGiB))
      }
      edges.sort { $0.at < $1.at }
      let most = (
        cores: own.reduce(0) { $0 + $1.millicores }, halfGiB: own.reduce(0) { $0 + $1.gib } * 2
      )
      var use = (cores: Int64(0), halfGiB: Int64(0))
      var time = (core: Int128(0), halfGiB: Int128(0))
      var clock = edges.first?.at ?? 0
      for edge in edges {
        let span = Int128(edge.at - clock)
        time.core += span * Int128(min(use.cores, most.cores))
        time.halfGiB += span * Int128(min(use.halfGiB, most.halfGiB))
        clock = edge.at
        use.cores += edge.cores
        use.halfGiB += edge.halfGiB
      }
      guard let hour = hour(of: type) else { continue }
      // Down, so that never more is taken off than was put on.
      sum.picounits += product(hour.core.picounits, time.core, 3_600_000_000_000_000)
      sum.picounits += product(hour.gib.picounits, time.halfGiB, 7_200_000_000_000)
    }
    return sum
  }

  /// a × b / c, rounded down, without leaving the range where a × b would.
  private func product(_ a: Int128, _ b: Int128, _ c: Int128) -> Int128 {
    let (whole, rest) = b.quotientAndRemainder(dividingBy: c)
    return a * whole + a * rest / c
  }
}
