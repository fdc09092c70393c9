/// The identity of a node while it exists: a slot, and how often the slot has been used before.
public struct NodeID: Hashable, BitwiseCopyable, Sendable {
  /// The place in every node column.
  public let slot: UInt32
  /// Tells successive nodes in one slot apart.
  public let generation: UInt16
  /// An identity from its parts.
  @inlinable public init(slot: UInt32, generation: UInt16) {
    self.slot = slot
    self.generation = generation
  }
  /// The slot as an array index.
  @inlinable public var index: Int { Int(slot) }
}

/// The identity of a Pod while it exists: a slot, and how often the slot has been used before.
public struct PodID: Hashable, BitwiseCopyable, Sendable {
  /// The place in every Pod column.
  public let slot: UInt32
  /// Tells successive Pods in one slot apart.
  public let generation: UInt16
  /// An identity from its parts.
  @inlinable public init(slot: UInt32, generation: UInt16) {
    self.slot = slot
    self.generation = generation
  }
  /// The slot as an array index.
  @inlinable public var index: Int { Int(slot) }
}

/// The identity of a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job while it exists.
public struct WorkloadID: Hashable, BitwiseCopyable, Sendable {
  /// The place in every workload column.
  public let slot: UInt32
  /// Tells successive workloads in one slot apart.
  public let generation: UInt16
  /// An identity from its parts.
  @inlinable public init(slot: UInt32, generation: UInt16) {
    self.slot = slot
    self.generation = generation
  }
  /// The slot as an array index.
  @inlinable public var index: Int { Int(slot) }
}

/// The number of a Pod template in ``ClusterState/templates``; templates are never removed.
public struct TemplateID: Hashable, BitwiseCopyable, Sendable {
  /// The place in ``ClusterState/templates``.
  public let index: Int32
  /// The template at a place.
  @inlinable public init(index: Int) { self.index = Int32(index) }
}

/// Hands out slots; those that were released are used again, first released first.
struct SlotAllocator: Sendable {
  private(set) var generations: [UInt16] = []
  private var free: [UInt32] = []
  private var freeHead = 0

  mutating func allocate() -> (slot: UInt32, generation: UInt16) {
    if freeHead < free.count {
      let slot = free[freeHead]
      freeHead += 1
      if freeHead > 1024 && freeHead * 2 > free.count {
        free.removeFirst(freeHead)
        freeHead = 0
      }
      return (slot, generations[Int(slot)])
    }
    generations.append(0)
    return (UInt32(generations.count - 1), 0)
  }

  mutating func release(_ slot: UInt32) {
    generations[Int(slot)] &+= 1
    free.append(slot)
  }
}
