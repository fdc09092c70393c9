/// The filters that can reject a node, and the two answers that preemption adds.
enum Filter: UInt8, Sendable {
  case none, nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts
  case nodeResourcesFit, podTopologySpread, interPodAffinity, localReplicas
  /// Left out because required node affinity on `metadata.name` restricted the search.
  case leftOut
  /// A candidate without Pods of lower priority.
  case noVictims
  /// A node on which removing Pods can't help.
  case notHelpful
  /// A node with too few devices, or of models that won't do.
  case gpuShare
  case computeResource, fitIPResource
  /// A plugin of one's own; the verdict's detail says which.
  case outOfTree

  /// The plugin's name in Kubernetes; empty for what no plugin's filter said.
  var name: String {
    switch self {
    case .none, .leftOut, .noVictims, .notHelpful, .outOfTree: ""
    case .nodeUnschedulable: "NodeUnschedulable"
    case .nodeName: "NodeName"
    case .taintToleration: "TaintToleration"
    case .nodeAffinity: "NodeAffinity"
    case .nodePorts: "NodePorts"
    case .nodeResourcesFit: "NodeResourcesFit"
    case .podTopologySpread: "PodTopologySpread"
    case .interPodAffinity: "InterPodAffinity"
    case .gpuShare: GPUSharing.pluginName
    case .localReplicas: "LocalReplicas"
    case .computeResource: "ComputeResource"
    case .fitIPResource: "FitIPResource"
    }
  }

  /// Plugins that don't say which events may help.
  static let withoutHints =
    Filter.localReplicas.bit | Filter.computeResource.bit | Filter.fitIPResource.bit

  /// The filter's bit in a set of rejecting plugins; out-of-tree ones have a bit each.
  var bit: UInt32 {
    self == .leftOut ? Filter.nodeAffinity.bit : self == .none ? 0 : 1 << UInt32(rawValue)
  }

  /// Whether a node that it rejects has got as far as LocalReplicas.
  var comesWithLocalReplicas: Bool {
    self == .localReplicas || self == .fitIPResource || self == .outOfTree
  }

  /// The bit of the first out-of-tree filter of a profile.
  static let firstOutOfTreeBit = UInt32(Filter.outOfTree.rawValue)
  /// The bit of an out-of-tree filter by its number in its profile; beyond 16 they share the last,
  /// which costs attempts, not decisions.
  static func outOfTreeBit(_ number: Int) -> UInt32 {
    1 << min(firstOutOfTreeBit + UInt32(number), 31)
  }
}

/// What the filters say about one node: nothing, or the first rejection.
struct Verdict: Hashable, BitwiseCopyable, Sendable {
  var filter: Filter
  /// Whether removing Pods can't help (`UnschedulableAndUnresolvable`).
  var isUnresolvable: Bool
  /// Which of the filter's reasons; for NodeResourcesFit a set of bits.
  var detail: UInt32

  init(_ filter: Filter, unresolvable: Bool = false, detail: UInt32 = 0) {
    self.filter = filter
    isUnresolvable = unresolvable
    self.detail = detail
  }

  static let fits = Verdict(.none)
  /// The bit of the plugin that says it in a set of rejecting plugins.
  var bit: UInt32 {
    filter == .outOfTree ? Filter.outOfTreeBit(Int(detail >> 16)) : filter.bit
  }
  var isFit: Bool { filter == .none }

  /// The verdict as a number, to sort and count by.
  var code: UInt64 {
    UInt64(filter.rawValue) << 40 | (isUnresolvable ? 1 << 32 : 0) | UInt64(detail)
  }
}

/// How many nodes got a verdict.
struct VerdictCount: Hashable, BitwiseCopyable, Sendable {
  var verdict: Verdict
  var count: Int32
}

/// Counts of verdicts, few in number, kept sorted.
struct VerdictCounts: Hashable, Sendable {
  private(set) var entries: [VerdictCount] = []

  mutating func add(_ verdict: Verdict, times: Int32 = 1) {
    let code = verdict.code
    var place = 0
    while place < entries.count, entries[place].verdict.code < code { place += 1 }
    if place < entries.count, entries[place].verdict == verdict {
      entries[place].count += times
    } else {
      entries.insert(VerdictCount(verdict: verdict, count: times), at: place)
    }
  }

  /// The filters among them as a set of bits.
  var rejectors: UInt32 { entries.reduce(0) { $0 | $1.verdict.bit } }
}

/// Why an attempt failed, compact enough to keep per Pod; its message is made when asked for.
struct FailureSummary: Hashable, Sendable {
  /// What preemption answered.
  enum Preemption: Hashable, Sendable {
    /// It didn't run.
    case none
    /// It found a node.
    case success
    /// The Pod's policy forbids it.
    case never
    /// A victim of an earlier preemption is still stopping.
    case awaitingVictim
    /// The state it needs doesn't exist, as the search was given up before.
    case notFound
    /// No candidate: what became of the nodes.
    case noCandidate(VerdictCounts)
  }
  var classIndex: Int32
  var nodeCount: Int32
  /// The Pod's own terms on node names contradict each other.
  var termsConflict = false
  var verdicts = VerdictCounts()
  var preemption = Preemption.none
}
