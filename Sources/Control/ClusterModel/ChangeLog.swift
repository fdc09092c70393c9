/// What changed about an object, and which kind of object it is.
public struct ChangeFields: OptionSet, Hashable, BitwiseCopyable, Sendable {
  /// The fields as bits.
  public let rawValue: UInt16
  /// Fields from their bits.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The object is a Pod.
  public static let pod = ChangeFields(rawValue: 1 << 0)
  /// The object is a node.
  public static let node = ChangeFields(rawValue: 1 << 1)
  /// The object is a workload.
  public static let workload = ChangeFields(rawValue: 1 << 2)
  /// A Service, namespace, budget, quota or other object without a slot changed.
  public static let policy = ChangeFields(rawValue: 1 << 3)

  /// It came into being.
  public static let created = ChangeFields(rawValue: 1 << 4)
  /// It is gone.
  public static let deleted = ChangeFields(rawValue: 1 << 5)
  /// A Pod was bound to a node.
  public static let bound = ChangeFields(rawValue: 1 << 6)
  /// A Pod's phase changed.
  public static let phase = ChangeFields(rawValue: 1 << 7)
  /// A Pod's or node's condition Ready changed.
  public static let ready = ChangeFields(rawValue: 1 << 8)
  /// A Pod got a deletion timestamp.
  public static let terminating = ChangeFields(rawValue: 1 << 9)
  /// A Pod's nomination changed.
  public static let nomination = ChangeFields(rawValue: 1 << 10)
  /// A Pod's other status, such as PodScheduled=False, changed.
  public static let condition = ChangeFields(rawValue: 1 << 11)
  /// A Pod's or workload's specification changed: tolerations, template, replicas.
  public static let spec = ChangeFields(rawValue: 1 << 12)
  /// A node's or Pod's labels changed.
  public static let labels = ChangeFields(rawValue: 1 << 13)
  /// A node's taints, or whether it is cordoned, changed.
  public static let taints = ChangeFields(rawValue: 1 << 14)
  /// A node's allocatable amounts changed.
  public static let allocatable = ChangeFields(rawValue: 1 << 15)
  /// The object is a HorizontalPodAutoscaler: a policy with a slot. The sixteen bits are taken, and
  /// no policy is ever nominated.
  public static let autoscaler: ChangeFields = [.policy, .nomination]

  /// Whether the object is a HorizontalPodAutoscaler.
  @inlinable public var isAutoscaler: Bool { isSuperset(of: .autoscaler) }
  /// Whether the object is a policy without a slot.
  @inlinable public var isPolicy: Bool { contains(.policy) && !isAutoscaler }
}

/// One change of one object: what a watch delivers.
public struct Change: Hashable, BitwiseCopyable, Sendable {
  /// The object's slot.
  public let slot: UInt32
  /// The slot's generation when the object changed.
  public let generation: UInt16
  /// What changed.
  public let fields: ChangeFields

  /// A change from its parts.
  @inlinable public init(slot: UInt32, generation: UInt16, fields: ChangeFields) {
    self.slot = slot
    self.generation = generation
    self.fields = fields
  }
  /// The Pod that changed; only where `fields` contains `.pod`.
  @inlinable public var pod: PodID { PodID(slot: slot, generation: generation) }
  /// The node that changed; only where `fields` contains `.node`.
  @inlinable public var node: NodeID { NodeID(slot: slot, generation: generation) }
  /// The workload that changed; only where `fields` contains `.workload`.
  @inlinable public var workload: WorkloadID { WorkloadID(slot: slot, generation: generation) }
}

/// The most recent changes, in order, numbered from the first ever.
///
/// Bounded like a real watch cache: a reader that falls behind gets nil, as a watch answers
/// `410 Gone`, and has to rebuild from the state.
struct ChangeLog: Sendable {
  private(set) var entries: [Change] = []
  private var start = 0
  let capacity: Int

  init(capacity: Int) {
    precondition(capacity > 0, "a change log holds at least one change")
    self.capacity = capacity
  }

  var end: Int { start + entries.count }

  mutating func append(_ change: Change) {
    if entries.count >= 2 * capacity {
      let surplus = entries.count - capacity + 1
      entries.removeFirst(surplus)
      start += surplus
    }
    entries.append(change)
  }

  func changes(from cursor: Int, to position: Int) -> ArraySlice<Change>? {
    guard cursor >= max(start, end - capacity) else { return nil }
    let upper = min(position, end)
    return cursor >= upper ? [] : entries[(cursor - start)..<(upper - start)]
  }
}
