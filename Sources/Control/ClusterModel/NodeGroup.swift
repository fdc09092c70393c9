import Quantities

/// The number of a node group in ``ClusterState/nodeGroups``; groups are never removed.
public struct NodeGroupID: Hashable, BitwiseCopyable, Sendable {
  /// The place in ``ClusterState/nodeGroups``.
  public let index: Int32
  /// The group at a place.
  @inlinable public init(index: Int) { self.index = Int32(index) }
  /// The place as an array index.
  @inlinable public var place: Int { Int(index) }
}

/// A machine that a cloud was asked for, whether or not it has become a node yet.
public struct CloudInstance: Hashable, BitwiseCopyable, Sendable {
  /// Which of its group's instances it is, counted from 0 and never used again.
  public var number: Int32
  /// When it was asked for.
  public var requested: Instant
  /// The node that it registered as.
  public var node: NodeID?
  /// An instance from its parts.
  public init(number: Int32, requested: Instant, node: NodeID? = nil) {
    self.number = number
    self.requested = requested
    self.node = node
  }
}

/// Machines of one shape whose number a cloud changes on demand.
///
/// A cloud isn't watched but asked: changes of groups aren't in the change log.
public struct NodeGroup: Sendable {
  /// Its name.
  public var name: String
  /// The fewest machines.
  public var minSize: Int32
  /// The most machines.
  public var maxSize: Int32
  /// What a fresh machine looks like; its name is the group's.
  public var template: Node
  /// What a machine costs per hour; nil: unknown.
  public var hourlyPrice: Money?
  /// How many machines the cloud is asked to keep.
  public internal(set) var targetSize: Int32 = 0
  /// The machines, in the order in which they were asked for.
  public internal(set) var instances: [CloudInstance] = []
  var nextNumber: Int32 = 0

  /// A group without machines.
  public init(
    name: String, minSize: Int32, maxSize: Int32, template: Node, hourlyPrice: Money? = nil
  ) {
    self.name = name
    self.minSize = minSize
    self.maxSize = maxSize
    self.template = template
    self.hourlyPrice = hourlyPrice
  }
}

extension ClusterState {
  /// Adds a node group; nodes that name it must be added afterwards.
  @discardableResult
  public mutating func addNodeGroup(_ group: NodeGroup) -> NodeGroupID {
    nodeGroups.append(group)
    return NodeGroupID(index: nodeGroups.count - 1)
  }

  /// Sets a group's target size.
  public mutating func setTargetSize(_ id: NodeGroupID, _ size: Int32) {
    nodeGroups[id.place].targetSize = max(0, size)
  }

  /// Adds an instance that the cloud was asked for, or that a node stands for already.
  /// - Returns: its number.
  @discardableResult
  public mutating func addInstance(
    _ id: NodeGroupID, at now: Instant, node: NodeID? = nil
  ) -> Int32 {
    let number = nodeGroups[id.place].nextNumber
    nodeGroups[id.place].nextNumber += 1
    nodeGroups[id.place].instances.append(
      CloudInstance(number: number, requested: now, node: node))
    return number
  }

  /// Notes which node an instance registered as.
  public mutating func register(_ number: Int32, of id: NodeGroupID, as node: NodeID) {
    guard let place = nodeGroups[id.place].instances.firstIndex(where: { $0.number == number })
    else { return }
    nodeGroups[id.place].instances[place].node = node
  }

  /// Forgets an instance.
  public mutating func removeInstance(_ number: Int32, of id: NodeGroupID) {
    nodeGroups[id.place].instances.removeAll { $0.number == number }
  }

  /// A group's instance by its number.
  public func instance(_ number: Int32, of id: NodeGroupID) -> CloudInstance? {
    nodeGroups[id.place].instances.first { $0.number == number }
  }
}

extension Taint {
  /// The mark of a node that is about to be deleted.
  ///
  /// > Source: Cluster Autoscaler's taint (S, `autoscaler.md` §3.4).
  public static let toBeDeleted = Taint(
    key: "ToBeDeletedByClusterAutoscaler", effect: .noSchedule)
}
