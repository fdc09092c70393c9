import ClusterModel
import Quantities

/// A Pod as the scheduler knows it.
struct PodEntry: BitwiseCopyable, Sendable {
  var id = PodID(slot: 0, generation: 0)
  /// Whether the slot holds a Pod that the scheduler sees: it exists and hasn't ended.
  var exists = false
  var version: UInt32 = 0
  var classIndex: Int32 = -1
  /// The slot of the node that it is counted on; −1 if none.
  var node: Int32 = -1
  /// The node it is bound to or assumed on.
  var boundNode: NodeID?
  /// Whether it is counted because this scheduler decided so and the API server hasn't said so yet.
  var isAssumed = false
  /// Neighbours among its node's Pods, as slots.
  var next: Int32 = -1
  var previous: Int32 = -1
  /// The node it is nominated to as last read from the API server.
  var reportedNomination: NodeID?
  /// The slot of the node that it is nominated to; −1 if none.
  var nominatedNode: Int32 = -1
  var pinnedNode: NodeID?
  var created = Instant.zero
  var isTerminating = false
  var isPreempted = false
  var isSchedulable = false
  /// The last victim of its preemption: it isn't tried before that one stops.
  var awaitedVictim: PodID?
}

/// What the scheduler knows of the cluster, in columns by slot: its cache and snapshot in one.
struct SchedulerCache: Sendable {
  let profiles: [SchedulerProfile]
  /// Whether every profile scores resources as the default one does.
  let hasPlainScores: Bool
  /// Whether any profile has out-of-tree plugins, and what they read, by profile.
  let hasOutOfTreePlugins: Bool
  let outOfTreeReads: [PluginInputs]

  // Nodes, by slot.
  var rows: [NodeRow] = []
  var nodeIDs: [NodeID?] = []
  var nodes: [Node?] = []
  var firstPod: [Int32] = []
  var portUses: [[HostPort]] = []
  var scalarNames: [String] = []
  var scalarAllocatable: [[Int64]] = []
  var scalarRequested: [[Int64]] = []
  /// Free addresses of virtual nodes.
  var addresses: [AddressCount] = []
  var nodeOrder = NodeOrder()
  var columns = NodeColumns(count: 0)
  var topologies: [TopologyKey] = []
  var images = ImageTable()
  var gpu: GPUTable

  // Pods, by slot.
  var pods: [PodEntry] = []
  /// Slots of Pods that are nominated to a node.
  var nominated: [Int32] = []
  /// Pods nominated to each node.
  var nominatedOnNode: [Int32] = []
  /// Priorities of the placed Pods with their numbers, ascending.
  var priorities = PriorityCounts()
  /// Slots of bound Pods whose node isn't known yet.
  var orphans: [Int32] = []

  // Kinds, groups and classes of Pods.
  var namespaces: [Namespace] = []
  var services: [Service] = []
  var kinds: [PodKind] = []
  /// Numbers of kinds, for name look-up only.
  var kindNumbers: [PodKind: Int32] = [:]
  var groupsOfKind: [[Int32]] = []
  var carriedOfKind: [[Int32]] = []
  var groups: [PodGroup] = []
  /// Numbers of groups, for name look-up only.
  var groupNumbers: [[PodSelector]: Int32] = [:]
  var carriedTerms: [CarriedTerm] = []
  /// Numbers of terms, for name look-up only.
  var carriedNumbers: [CarriedIdentity: Int32] = [:]
  var placements: [Placement] = []
  /// Numbers of placement rules, for name look-up only.
  var placementNumbers: [PlacementRules: Int32] = [:]
  /// Numbers of classes, for name look-up only.
  var classNumbers: [ClassIdentity: Int32] = [:]
  /// The class of a template's Pods without an owner's selector, by template; −1 if it has none yet.
  var classOfTemplate: [Int32] = []
  /// Numbers of owners' selectors, for name look-up only.
  var selectorOfOwner: [WorkloadID: Int32] = [:]
  var ownerSelectors: [LabelSelector] = []
  var classes: [PodClass] = []
  var footprints: [PodFootprint] = []
  var kindOfClass: [Int32] = []
  /// The classes' templates, where out-of-tree plugins look at them; else empty.
  var templateOfClass: [PodTemplate] = []
  /// The Pod being tried, where out-of-tree plugins tell it from its equals.
  var incoming: PodView.Identity?
  /// Pods counted on nodes by supposition, where out-of-tree plugins look at nodes' Pods.
  var supposedMembers: [SupposedMembers] = []
  var indexOfClass: [Int32] = []
  var scoreIndexes: [ScoreIndex?] = []
  var usesOfIndex: [Int32] = []
  /// Numbers of indexes, for name look-up only.
  var indexNumbers: [IndexIdentity: Int32] = [:]
  var failures: [KnownFailure?] = []
  /// Nodes by what they are like for each class that looks beyond single nodes.
  var strata: [StratumIndex?] = []
  var tallies: [DomainTally] = []
  /// Numbers of tallies, for name look-up only.
  var tallyNumbers: [TallyIdentity: Int32] = [:]

  // What has changed, for the score indexes.
  var touched: [Int32] = []
  var touchedStart = 0
  /// Counts the changes that make every index stale.
  var structureVersion = 0
  /// Counts the changes of nominations.
  var nominationVersion = 0
  var indexEntries = 0
  var scratch = Scratch()

  init(profiles: [SchedulerProfile], gpuSharing: GPUSharing? = nil) {
    self.profiles = profiles
    gpu = GPUTable(gpuSharing)
    hasOutOfTreePlugins = profiles.contains(where: \.hasOutOfTree)
    outOfTreeReads = profiles.map(\.outOfTreeReads)
    let plain = SchedulerProfile()
    hasPlainScores = profiles.allSatisfy {
      $0.fitScoring == plain.fitScoring && $0.balancedResources == plain.balancedResources
    }
  }

  /// The profile that schedules Pods of a scheduler's name; nil: somebody else does.
  func profile(named name: String) -> Int? {
    profiles.firstIndex { $0.schedulerName == name }
  }

  /// The weights by which a class's nodes are scored.
  @inline(__always)
  func weights(of classIndex: Int) -> ScoreWeights {
    profiles[Int(classes[classIndex].profile)].weights
  }

  var touchedEnd: Int { touchedStart + touched.count }

  /// Notes that a node's amounts changed.
  mutating func touch(_ slot: Int32) {
    if touched.count >= max(1 << 16, 4 * rows.count) {
      touchedStart += touched.count
      touched.removeAll(keepingCapacity: true)
    }
    touched.append(slot)
  }

  /// The column of an extended resource, filled when it is first requested.
  mutating func scalarColumn(_ name: String) -> Int32 {
    if let known = scalarNames.firstIndex(of: name) { return Int32(known) }
    scalarNames.append(name)
    scalarAllocatable.append(nodes.map { $0?.allocatable[scalar: name] ?? 0 })
    scalarRequested.append([Int64](repeating: 0, count: nodes.count))
    return Int32(scalarNames.count - 1)
  }
}

/// Buffers that attempts use again and again.
struct Scratch: Sendable {
  var feasible: [Int32] = []
  var rejected: [Rejection] = []
  var totals: [Int64] = []
  /// Total scores by place of a sweep.
  var sweep: [Double] = []
}

/// A node with the verdict that rejected it.
struct Rejection: BitwiseCopyable, Sendable {
  var node: Int32
  var verdict: Verdict
}

/// Numbers of Pods by priority, few distinct ones.
struct PriorityCounts: Sendable {
  private var entries: [(priority: Int32, count: Int)] = []

  /// The lowest priority counted, or nil.
  var lowest: Int32? { entries.first { $0.count > 0 }?.priority }

  mutating func add(_ priority: Int32, _ change: Int) {
    let place = entries.firstIndex { $0.priority >= priority } ?? entries.count
    if place < entries.count, entries[place].priority == priority {
      entries[place].count += change
    } else {
      entries.insert((priority, change), at: place)
    }
  }

  mutating func clear() { entries.removeAll() }
}
