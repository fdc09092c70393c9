/// All that matters about a Pod to whoever asks where it would fit.
public struct PodShape: Hashable, BitwiseCopyable, Sendable {
  /// What it shares with its equals.
  public var template: TemplateID
  /// The workload that asked for it.
  public var owner: WorkloadID?
  /// A shape from its parts.
  public init(template: TemplateID, owner: WorkloadID?) {
    self.template = template
    self.owner = owner
  }
  /// A Pod's shape.
  public init(_ pod: Pod) { self.init(template: pod.template, owner: pod.owner) }
}

/// A node in a supposition: the slot of one that exists, or the number of one that is made up.
public struct SupposedNode: Hashable, BitwiseCopyable, Sendable {
  /// Its place in the supposition's columns.
  public var slot: Int32
  /// The node in a slot.
  public init(slot: Int) { self.slot = Int32(slot) }
  /// The place as an array index.
  public var index: Int { Int(slot) }
}

/// So many Pods of a shape.
public struct PodDemand: Hashable, BitwiseCopyable, Sendable {
  /// What they are like.
  public var shape: PodShape
  /// How many.
  public var count: Int
  /// A demand from its parts.
  public init(shape: PodShape, count: Int) {
    self.shape = shape
    self.count = count
  }
}

/// Pods that found room on a node.
public struct PlacedPods: Hashable, BitwiseCopyable, Sendable {
  /// The node.
  public var node: SupposedNode
  /// How many.
  public var count: Int
  /// An answer from its parts.
  public init(node: SupposedNode, count: Int) {
    self.node = node
    self.count = count
  }
}

/// What packing Pods onto new nodes came to.
public struct Packing: Hashable, Sendable {
  /// New nodes that got a Pod at least.
  public var nodes: Int
  /// How many Pods of each demand found room.
  public var placed: [Int]
  /// An answer from its parts.
  public init(nodes: Int, placed: [Int]) {
    self.nodes = nodes
    self.placed = placed
  }
}
