import ClusterModel

/// FitIPResource: keeps Pods off virtual nodes whose subnet has no address left for them.
///
/// A node says in a label how many addresses are free. What this scheduler has sent there since
/// counts against that number, confirmed or not; at another number the count begins anew. Pods that
/// end give nothing back before that.
///
/// > Source: tke-k8s-distro 1.20, patch 0016 (S).
struct AddressCount: BitwiseCopyable, Sendable {
  /// The number in the label; −1 where there is none, so that nobody is kept off.
  private(set) var free: Int32 = -1
  /// Pods sent there since the number changed.
  private(set) var taken: Int32 = 0

  static let reason = "Insufficient ip resource"

  /// Whether no address is left.
  var isExhausted: Bool { free >= 0 && taken >= free }

  /// Reads a node's label; nil: there is no node.
  mutating func observe(_ node: Node?) {
    let label = node.flatMap { $0.isVirtual ? $0.labels[VirtualNodeNames.addresses] : nil }
    let now = label.flatMap { Int32($0) } ?? -1
    if now != free || node == nil { taken = 0 }
    free = now
  }

  /// Counts a Pod that is assumed there (1), or one whose binding failed (−1).
  mutating func count(_ change: Int32) { taken = max(0, taken + change) }
}
