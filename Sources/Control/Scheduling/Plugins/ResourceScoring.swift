/// A resource with its weight in a score.
public struct WeightedResource: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its weight, 1 to 100.
  public var weight: Int64
  /// A resource from its parts; the default weight is 1 (S).
  public init(_ name: String, weight: Int64 = 1) {
    self.name = name
    self.weight = weight
  }
}

/// A corner of RequestedToCapacityRatio's shape.
public struct UtilizationPoint: Hashable, Sendable {
  /// The utilisation, in percent.
  public var utilization: Int64
  /// The score there, 0 to 10.
  public var score: Int64
  /// A corner from its parts.
  public init(utilization: Int64 = 0, score: Int64 = 0) {
    self.utilization = utilization
    self.score = score
  }
}

/// NodeResourcesFit's scoring strategy: what a node's utilisation is worth.
///
/// > Source: kube-scheduler v1.36, `resource_allocation.go` and its three strategies (M); only
/// > LeastAllocated over CPU and memory is proven by vectors.
public struct ResourceScoring: Hashable, Sendable {
  /// The strategies, by their names in the configuration.
  public enum Strategy: String, Hashable, Sendable, CaseIterable {
    case leastAllocated = "LeastAllocated"
    case mostAllocated = "MostAllocated"
    case requestedToCapacityRatio = "RequestedToCapacityRatio"
  }
  /// The strategy.
  public var strategy: Strategy
  /// The resources that count. Default CPU and memory, weight 1 (S).
  public var resources: [WeightedResource]
  /// RequestedToCapacityRatio's corners, by ascending utilisation.
  public var shape: [UtilizationPoint]

  /// A strategy from its parts.
  public init(
    strategy: Strategy = .leastAllocated,
    resources: [WeightedResource] = [WeightedResource("cpu"), WeightedResource("memory")],
    shape: [UtilizationPoint] = []
  ) {
    self.strategy = strategy
    self.resources = resources
    self.shape = shape
  }

  /// The score of one resource of which so much is requested, the incoming Pod included.
  func score(requested: Int64, of capacity: Int64) -> Int64 {
    switch strategy {
    case .leastAllocated:
      return requested > capacity ? 0 : Self.percent(capacity - requested, of: capacity)
    case .mostAllocated:
      return Self.percent(min(requested, capacity), of: capacity)
    case .requestedToCapacityRatio:
      return ratioScore(requested > capacity ? 100 : Self.percent(requested, of: capacity))
    }
  }

  private static func percent(_ part: Int64, of whole: Int64) -> Int64 {
    Int64(truncatingIfNeeded: Int128(part) * 100 / Int128(whole))
  }

  /// The shape's value at a utilisation, on the scale to 100, truncated between corners.
  private func ratioScore(_ utilization: Int64) -> Int64 {
    guard let first = shape.first, let last = shape.last else { return 0 }
    if utilization <= first.utilization { return first.score * 10 }
    for (low, high) in zip(shape, shape.dropFirst()) where utilization <= high.utilization {
      let rise = (high.score - low.score) * 10 * (utilization - low.utilization)
      return low.score * 10 + rise / (high.utilization - low.utilization)
    }
    return last.score * 10
  }

  /// The mean of the resources' scores by weight: truncated, but rounded for ratios, which leave
  /// out resources that score nothing.
  func mean(_ scores: [(score: Int64, weight: Int64)]) -> Int64 {
    var sum: Int64 = 0
    var weights: Int64 = 0
    for entry in scores where strategy != .requestedToCapacityRatio || entry.score > 0 {
      sum += entry.score * entry.weight
      weights += entry.weight
    }
    if weights == 0 { return 0 }
    guard strategy == .requestedToCapacityRatio else { return sum / weights }
    return Int64((Double(sum) / Double(weights)).rounded(.toNearestOrAwayFromZero))
  }
}

/// What one resource of a node comes to with a Pod on it.
private struct Utilization {
  var capacity: Int64
  /// What is requested without the Pod.
  var before: Int64
  /// What the Pod adds.
  var added: Int64
}

extension SchedulerCache {
  /// NodeResourcesFit's score of a node.
  @inline(__always)
  func fitScore(_ classIndex: Int, on row: NodeRow, slot: Int) -> Int64 {
    if hasPlainScores { return NodeResourcesFit.leastAllocated(footprints[classIndex], on: row) }
    return weighedFitScore(classIndex, on: row, slot: slot)
  }

  private func weighedFitScore(_ classIndex: Int, on row: NodeRow, slot: Int) -> Int64 {
    let rules = profiles[Int(classes[classIndex].profile)].fitScoring
    var scores: [(score: Int64, weight: Int64)] = []
    for resource in rules.resources {
      let use = utilization(of: resource.name, classIndex, on: row, slot: slot, isReal: false)
      if use.capacity == 0 { continue }
      scores.append(
        (rules.score(requested: use.before + use.added, of: use.capacity), resource.weight))
    }
    return rules.mean(scores)
  }

  /// Whether NodeResourcesBalancedAllocation scores a class at all.
  func isBalanced(_ classIndex: Int) -> Bool {
    if hasPlainScores { return BalancedAllocation.applies(to: footprints[classIndex]) }
    return profiles[Int(classes[classIndex].profile)].balancedResources.contains { name in
      switch name {
      case "cpu": footprints[classIndex].cpu != 0
      case "memory": footprints[classIndex].memory != 0
      case "ephemeral-storage": footprints[classIndex].storage != 0
      default: scalarAmount(name, of: classIndex) != 0
      }
    }
  }

  /// NodeResourcesBalancedAllocation's score of a node.
  @inline(__always)
  func balanceScore(_ classIndex: Int, on row: NodeRow, slot: Int) -> Int64 {
    if hasPlainScores { return BalancedAllocation.score(footprints[classIndex], on: row) }
    return weighedBalance(classIndex, on: row, slot: slot)
  }

  private func weighedBalance(_ classIndex: Int, on row: NodeRow, slot: Int) -> Int64 {
    var before: [Double] = []
    var after: [Double] = []
    for name in profiles[Int(classes[classIndex].profile)].balancedResources {
      let use = utilization(of: name, classIndex, on: row, slot: slot, isReal: true)
      if use.capacity == 0 { continue }
      before.append(min(Double(use.before) / Double(use.capacity), 1))
      after.append(min(Double(use.before + use.added) / Double(use.capacity), 1))
    }
    return 50 + (50 + BalancedAllocation.balance(after) - BalancedAllocation.balance(before)) / 2
  }

  /// - Parameter isReal: whether requests count as they are, instead of with the defaults for
  ///   containers that request nothing.
  private func utilization(
    of name: String, _ classIndex: Int, on row: NodeRow, slot: Int, isReal: Bool
  ) -> Utilization {
    let pod = footprints[classIndex]
    switch name {
    case "cpu":
      return isReal
        ? Utilization(capacity: row.cpu, before: row.requestedCPU, added: pod.cpu)
        : Utilization(capacity: row.cpu, before: row.nonZeroCPU, added: pod.scoredCPU)
    case "memory":
      return isReal
        ? Utilization(capacity: row.memory, before: row.requestedMemory, added: pod.memory)
        : Utilization(capacity: row.memory, before: row.nonZeroMemory, added: pod.scoredMemory)
    case "ephemeral-storage":
      return Utilization(capacity: row.storage, before: row.requestedStorage, added: pod.storage)
    default:
      // Extended resources count only for Pods that request them (M).
      let amount = scalarAmount(name, of: classIndex)
      guard amount != 0, let column = scalarNames.firstIndex(of: name) else {
        return Utilization(capacity: 0, before: 0, added: 0)
      }
      return Utilization(
        capacity: scalarAllocatable[column][slot], before: scalarRequested[column][slot],
        added: amount)
    }
  }

  private func scalarAmount(_ name: String, of classIndex: Int) -> Int64 {
    classes[classIndex].scalars.first { scalarNames[Int($0.column)] == name }?.amount ?? 0
  }
}
