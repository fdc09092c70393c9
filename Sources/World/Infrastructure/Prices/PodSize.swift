/// A core size that a provider sells, and the memory it may have.
public struct PodSize: Hashable, Sendable {
  /// Thousandths of a core.
  public var millicores: Int64
  /// Memory on sale beside it, ascending, in halves of a GiB.
  public var halfGiB: [Int64]

  /// A size from its parts.
  public init(_ millicores: Int64, halfGiB: [Int64]) {
    self.millicores = millicores
    self.halfGiB = halfGiB
  }

  /// A size whose memory runs in steps of whole GiB.
  init(_ millicores: Int64, gib range: ClosedRange<Int64>, by step: Int64 = 1) {
    let values = stride(from: range.lowerBound, through: range.upperBound, by: Int(step))
    self.init(millicores, halfGiB: values.map { $0 * 2 })
  }

  /// What Pods on TKE's super nodes are sold as.
  ///
  /// > Source: the table of pay-as-you-go specifications (D, docs 457/74015 and 457/39808).
  public static let tke = [
    PodSize(250, halfGiB: [1, 2, 4]), PodSize(500, gib: 1...4), PodSize(1000, gib: 1...8),
    PodSize(2000, gib: 4...16), PodSize(4000, gib: 8...32), PodSize(8000, gib: 16...32),
    PodSize(12_000, gib: 24...48), PodSize(16_000, gib: 32...64),
    PodSize(32_000, halfGiB: [128, 256, 512]), PodSize(64_000, halfGiB: [256, 384, 512, 1024]),
  ]

  /// A size that no table names: whole GiB, 2 to 8 per core below 8 cores and 2 to 4 from there on.
  static func plain(_ millicores: Int64) -> PodSize {
    let cores = Swift.max(1, millicores / 1000)
    return PodSize(
      millicores, gib: Swift.max(1, cores * 2)...(cores * (millicores >= 8000 ? 4 : 8)))
  }
}
