import ClusterModel
import Quantities

extension ClusterAutoscaler {
  /// Labels in which groups alike may differ.
  ///
  /// > Source: Cluster Autoscaler's basic ignored labels (S, `autoscaler.md` §3.2).
  private static let ignoredLabels = [
    "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
  ]

  /// Groups among which new nodes of a group may be shared: alike, safe, and taking the same Pods.
  func similarGroups(
    to place: Int, _ valid: [Int], _ pending: [PendingGroup], _ cluster: borrowing ClusterState,
    _ loop: ScanLoop
  ) -> [Int] {
    guard configuration.balancesSimilarGroups else { return [] }
    return valid.filter { other in
      other != place && Self.areAlike(loop.templates[place], loop.templates[other])
        && pending.allSatisfy { !$0.takenBy.contains(place) || $0.takenBy.contains(other) }
    }
  }

  /// Whether nodes of two groups are alike: labels, what machines have (memory within 1.5 %), what
  /// Pods may use and what DaemonSets leave of it (within 5 %).
  ///
  /// A group without nodes isn't taken to be like one with nodes, as the vectors have it (S).
  static func areAlike(_ a: GroupTemplate, _ b: GroupTemplate) -> Bool {
    guard a.isFromNode == b.isFromNode, labels(of: a.node) == labels(of: b.node),
      a.capacity.cpu == b.capacity.cpu, a.capacity.pods == b.capacity.pods,
      a.capacity.ephemeralStorage == b.capacity.ephemeralStorage,
      a.capacity.scalars == b.capacity.scalars,
      isWithin(0.015, a.capacity.memory, b.capacity.memory)
    else { return false }
    let left = a.node.allocatable
    let right = b.node.allocatable
    return isWithin(0.05, left.cpu, right.cpu) && isWithin(0.05, left.memory, right.memory)
      && isWithin(0.05, left.pods, right.pods)
      && isWithin(0.05, left.cpu - a.overheadCPU, right.cpu - b.overheadCPU)
      && isWithin(0.05, left.memory - a.overheadMemory, right.memory - b.overheadMemory)
  }

  private static func labels(of node: Node) -> [Labels.Entry] {
    node.labels.entries.filter { !ignoredLabels.contains($0.key) }
  }

  private static func isWithin(_ ratio: Double, _ a: Int64, _ b: Int64) -> Bool {
    let larger = max(a, b)
    return Double(larger - min(a, b)) <= Double(larger) * ratio
  }

  /// The sizes of groups after nodes are dealt one by one to the smallest; unchanged ones are left
  /// out. The first of equally small ones gets the node.
  func balanced(
    _ count: Int, among groups: [Int], _ cluster: borrowing ClusterState
  ) -> [(place: Int, size: Int32)] {
    var sizes = groups.map { cluster.nodeGroups[$0].targetSize }
    for _ in 0..<count {
      var smallest: Int?
      for (index, group) in groups.enumerated() where sizes[index] < cluster.nodeGroups[group].maxSize {
        if smallest.map({ sizes[index] < sizes[$0] }) ?? true { smallest = index }
      }
      guard let smallest else { break }
      sizes[smallest] += 1
    }
    return zip(groups, sizes).filter { cluster.nodeGroups[$0.0].targetSize != $0.1 }
      .map { ($0.0, $0.1) }
  }
}
