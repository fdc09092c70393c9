import Quantities

/// What serverless Pods cost.
///
/// Per second from the moment resources are allocated and the first image is about to be pulled
/// until the Pod ends, for a size rounded up to the ladder (D, model card 1.2).
public struct PriceSheet: Hashable, Sendable {
  /// The sheet's name.
  public var name: String
  /// The currency's code.
  public var currency = "CNY"
  /// A core for a second. ¥0.00003334 (D, Intel on demand).
  public var coreSecond = Money(picounits: 33_340_000)
  /// A GiB for a second. ¥0.00001389 (D, Intel on demand).
  public var gibSecond = Money(picounits: 13_890_000)
  /// A core of AMD for a second. ¥0.00001528 (D).
  public var amdCoreSecond = Money(picounits: 15_280_000)
  /// A GiB beside AMD for a second. ¥0.00000889 (D).
  public var amdGibSecond = Money(picounits: 8_890_000)
  /// What a spot Pod's processors, memory and GPU cost against the list price. 0.2 (D).
  public var spotFactor = 0.2
  /// A card of V100 for an hour. ¥11.5 (D).
  public var v100Hour = Money(picounits: 11_500_000_000_000)
  /// A card of T4 for an hour. ¥5.21 (D).
  public var t4Hour = Money(picounits: 5_210_000_000_000)
  /// Mounting an image snapshot, per hour while the cache is on. ¥0 by default: it is billed as a
  /// disk, which differs by size (A).
  public var cacheHour = Money.zero
  /// Core sizes on sale, ascending, in thousandths of a core: 0.25 to 64 (D).
  public var coreLadder: [Int64] = [
    250, 500, 1000, 2000, 4000, 8000, 12_000, 16_000, 32_000, 64_000,
  ]
  /// The published list prices.
  public init(name: String = "tke-eks-intel") { self.name = name }
}
