import Quantities

/// Sizes and amounts of serverless Pods.
extension PriceSheet {
  /// The size that a request is rounded up to, in thousandths of a core and in halves of a GiB of
  /// memory: the least core size on sale that covers the request and is sold with enough memory,
  /// with the least such memory. A request beyond every size is billed as it is, in whole GiB.
  ///
  /// > Source: the provider's table of specifications (D, ``PodSize``).
  public func billedSize(millicores: Int64, memory: Int64) -> (millicores: Int64, halfGiB: Int64) {
    let halfGiB = max(1, (memory + addedMemory + (1 << 29) - 1) >> 29)
    for core in coreLadder where core >= millicores {
      let size = sizes.first { $0.millicores == core } ?? .plain(core)
      if let least = size.halfGiB.first(where: { $0 >= halfGiB }) { return (core, least) }
    }
    return (max(millicores, coreLadder.last ?? 1), (halfGiB + 1) / 2 * 2)
  }

  /// The next larger core size on sale with its least memory, for the same memory; nil: none.
  public func nextSize(
    after millicores: Int64, halfGiB: Int64
  ) -> (millicores: Int64, halfGiB: Int64)? {
    guard let next = coreLadder.first(where: { $0 > millicores }) else { return nil }
    return billedSize(millicores: next, memory: halfGiB << 29 - addedMemory)
  }

  /// How many seconds a stay is billed for: every started step, and at least the minimum if it has
  /// ended by then.
  public func billedSeconds(of stay: BilledStay, until end: Instant) -> Int64 {
    let lasted = (stay.end - stay.start).nanoseconds
    let unit = max(1, step.nanoseconds)
    let billed = (lasted + unit - 1) / unit * unit
    let least = stay.end < end ? minimum.nanoseconds : 0
    return (max(billed, least) + 999_999_999) / 1_000_000_000
  }

  /// What a stay costs until an instant, disks aside, less at the spot price.
  /// - Parameter spot: what is scripted about spot prices.
  public func amount(
    of stay: BilledStay, until end: Instant, _ spot: SpotScript = SpotScript()
  ) -> Money {
    let seconds = billedSeconds(of: stay, until: end)
    guard stay.isSpot else {
      return amount(
        millicores: stay.millicores, halfGiB: stay.halfGiB, seconds: seconds,
        cpuType: stay.cpuType, gpuHour: stay.gpuHour)
    }
    return amount(
      millicores: stay.millicores, halfGiB: stay.halfGiB,
      weighted: spot.weighted(from: stay.start, seconds: seconds, sheet: spotFactor),
      cpuType: stay.cpuType, gpuHour: stay.gpuHour)
  }

  /// What a stay's ephemeral storage beyond the free one costs until an instant.
  public func diskAmount(of stay: BilledStay, until end: Instant) -> Money {
    guard stay.diskGiB > 0 else { return .zero }
    return Price(diskGibHour, currency: currency, per: .hours(1)).cost(
      of: .seconds(Int(billedSeconds(of: stay, until: end)))) * stay.diskGiB
  }

  /// What a Pod of a billed size costs for so many seconds on demand.
  ///
  /// - Parameter gpuHour: what its cards cost together per hour, in 10⁻¹².
  /// - Precondition: the list has prices for such processors.
  public func amount(
    millicores: Int64, halfGiB: Int64, seconds: Int64, cpuType: ServerlessPool.CPUType,
    gpuHour: Int64 = 0
  ) -> Money {
    amount(
      millicores: millicores, halfGiB: halfGiB, weighted: Int128(seconds) * 1_000_000_000,
      cpuType: cpuType, gpuHour: gpuHour)
  }

  /// What a Pod of a billed size costs, rounded once, to 10⁻¹², halves up.
  ///
  /// - Parameters:
  ///   - weighted: its seconds times the price against the list, in 10⁻⁹ s.
  ///   - gpuHour: what its cards cost together per hour, in 10⁻¹².
  /// - Precondition: the list has prices for such processors.
  public func amount(
    millicores: Int64, halfGiB: Int64, weighted: Int128, cpuType: ServerlessPool.CPUType,
    gpuHour: Int64 = 0
  ) -> Money {
    guard let hour = hour(of: cpuType) else {
      preconditionFailure("\(name) has no price for cores of \(cpuType.rawValue)")
    }
    let perHour =
      hour.core.picounits * Int128(millicores) * 2 + hour.gib.picounits * Int128(halfGiB) * 1000
    // In 1/2000 for sizes, 1/3600 for hours, 10⁻⁹ for the share of the list price.
    let parts = (perHour + Int128(gpuHour) * 2000) * weighted
    let whole: Int128 = 2000 * 3600 * 1_000_000_000
    return Money(picounits: (parts * 2 + whole) / (whole * 2))
  }
}
