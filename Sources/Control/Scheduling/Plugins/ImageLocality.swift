import ClusterModel

/// ImageLocality: nodes that hold a Pod's images already.
enum ImageLocalityScore {
  /// The sum of sizes below which nothing counts: 23 MiB (S).
  static let lowThreshold: Int64 = 23 * 1024 * 1024
  /// The sum per container from which on more doesn't count: 1000 MiB (S).
  static let highThreshold: Int64 = 1000 * 1024 * 1024

  /// An image's name with its tag: `:latest` unless a colon follows the last slash.
  static func normalised(_ name: String) -> String {
    let last = name.utf8.lastIndex(of: UInt8(ascii: "/")) ?? name.startIndex
    return name.utf8[last...].contains(UInt8(ascii: ":")) ? name : name + ":latest"
  }

  /// An image's size times the share of nodes that have it: the share first, both in doubles, then
  /// truncated (S).
  static func share(of size: Int64, on nodes: Int, of all: Int) -> Int64 {
    Int64(Double(size) * (Double(nodes) / Double(all)))
  }

  /// 0 to 100 for the images of a set that a node holds, weighted by how many nodes hold them.
  static func score(
    _ set: ImageSet, on node: Node, of nodeCount: Int,
    state: (String) -> (size: Int64, nodes: Int)?
  ) -> Int64 {
    var sum: Int64 = 0
    for name in set.names {
      guard node.images.contains(where: { $0.names.contains(name) }), let known = state(name)
      else { continue }
      sum += share(of: known.size, on: known.nodes, of: nodeCount)
    }
    let high = highThreshold * set.containers
    let clamped = max(lowThreshold, min(sum, high))
    return 100 * (clamped - lowThreshold) / (high - lowThreshold)
  }
}
