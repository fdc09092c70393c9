import Quantities

/// Sizes and amounts of serverless Pods.
extension PriceSheet {
  /// The size that a request is rounded up to, in thousandths of a core and in GiB of memory.
  ///
  /// The least core size on sale that covers the request and leaves at most 8 GiB per core (4 GiB
  /// from 8 cores on); memory rounds up to whole GiB, to at least 2 GiB per core from 2 cores on
  /// and to half a GiB for a quarter of a core.
  ///
  /// > Source: the provider's table of specifications (D, docs 457/74015 and 457/39808).
  public func billedSize(millicores: Int64, memory: Int64) -> (millicores: Int64, halfGiB: Int64) {
    let halfGiB = max(1, (memory + (1 << 29) - 1) >> 29)
    var core = coreLadder.last ?? max(1, millicores)
    for size in coreLadder where size >= millicores && halfGiB * 1000 <= Self.mostHalfGiB(size) {
      core = size
      break
    }
    core = max(core, millicores)
    if core < 500 { return (core, halfGiB) }
    let whole = (halfGiB + 1) / 2 * 2
    let least = core >= 2000 ? core * 4 / 1000 : 2
    return (core, max(whole, least))
  }

  /// The most memory beside a core size, in thousandths of half a GiB.
  private static func mostHalfGiB(_ millicores: Int64) -> Int64 {
    millicores * (millicores >= 8000 ? 8 : 16)
  }

  /// What a stay costs: every started second of its size and cards, less at the spot price.
  /// - Parameter spot: what is scripted about spot prices.
  public func amount(of stay: BilledStay, _ spot: SpotScript = SpotScript()) -> Money {
    let seconds = ((stay.end - stay.start).nanoseconds + 999_999_999) / 1_000_000_000
    var amount = self.amount(
      millicores: stay.millicores, halfGiB: stay.halfGiB, seconds: seconds, cpuType: stay.cpuType)
    amount += Money(picounits: Int128(stay.gpuHour) * Int128(seconds) / 3600)
    guard stay.isSpot else { return amount }
    let permille = spot.permille(from: stay.start, to: stay.end, sheet: spotFactor)
    return Money(picounits: amount.picounits * permille / 1000)
  }

  /// What one card of a model costs per hour; nil: it isn't on the sheet.
  public func cardHour(of model: String) -> Money? {
    switch model {
    case "V100": v100Hour
    case "T4": t4Hour
    default: nil
    }
  }

  /// The next larger core size on sale with its least memory, for the same memory; nil: none.
  public func nextSize(
    after millicores: Int64, halfGiB: Int64
  ) -> (millicores: Int64, halfGiB: Int64)? {
    guard let next = coreLadder.first(where: { $0 > millicores }) else { return nil }
    return billedSize(millicores: next, memory: halfGiB << 29)
  }

  /// What a Pod of a billed size costs for so many started seconds.
  public func amount(
    millicores: Int64, halfGiB: Int64, seconds: Int64, cpuType: ServerlessPool.CPUType
  ) -> Money {
    let core = cpuType == .amd ? amdCoreSecond : coreSecond
    let gib = cpuType == .amd ? amdGibSecond : gibSecond
    let perSecond =
      core.picounits * Int128(millicores) / 1000 + gib.picounits * Int128(halfGiB) / 2
    return Money(picounits: perSecond * Int128(seconds))
  }
}
