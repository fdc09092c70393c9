import ClusterModel
import Quantities

/// What a controller has read in the change log about one Pod of its workloads.
struct FollowedPod: BitwiseCopyable, Sendable {
  /// What is so, as far as was read.
  struct Facts: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8
    /// The entry is in use.
    static let followed = Facts(rawValue: 1)
    static let ready = Facts(rawValue: 2)
    static let terminating = Facts(rawValue: 4)
    /// This controller asked for its deletion and hasn't seen it begin.
    static let deletionExpected = Facts(rawValue: 8)
  }

  var id: PodID
  /// The slot of its workload.
  var owner: UInt32
  /// Its index among its workload's members.
  var member: Int32
  var ordinal: Int32
  var attempt: Int32
  var node: NodeID?
  /// The one node it may run on.
  var pinned: NodeID?
  var phase: PodPhase = .pending
  var facts: Facts = .followed
  var created: Instant
  /// When it was seen to become ready.
  var readySince: Instant = .zero

  /// Whether it has neither ended nor been told to.
  var isActive: Bool { !facts.contains(.terminating) && !phase.isFinished }
  /// Whether it is active and ready.
  var isAvailable: Bool { isActive && facts.contains(.ready) }
}

/// What a controller has read in the change log about one of its workloads.
struct FollowedWorkload: Sendable {
  let id: WorkloadID
  let kind: WorkloadKind
  /// The workload above it.
  let owner: WorkloadID?
  /// How it replaces and orders its Pods.
  let strategy: RolloutStrategy
  /// A Job's shape.
  let job: JobShape
  /// When it was created.
  let created: Instant
  /// A number that follows from namespace and name alone.
  let key: UInt64
  /// Pods wanted; at most ``Places/limit``.
  var desired: Int32
  var template: TemplateID
  /// The version read with the above.
  var version: UInt32
  /// Slots of followed workloads that it owns, in the order in which they were read.
  var children: [UInt32] = []
  /// Slots of its Pods that exist, in no order that means anything.
  var members: [UInt32] = []
  /// Who holds which place.
  var places = Places()
  /// Every place below was last seen held by an available Pod; whoever finds it so raises it.
  var availableBelow: Int32 = 0
  /// Active Pods.
  var active: Int32 = 0
  /// Active Pods that are ready.
  var available: Int32 = 0
  /// Pods that ended well, and still exist.
  var succeeded: Int32 = 0
  /// Pods that ended badly, and still exist.
  var failed: Int32 = 0
  /// Pods seen to end well, whether or not they still exist.
  var everSucceeded: Int32 = 0
  /// Pods seen to end badly, or to be told to stop by somebody else, whether or not they still
  /// exist.
  var everFailed: Int32 = 0
  /// Pods asked for and not yet seen.
  var expectedCreations: Int32 = 0
  /// Deletions asked for and not yet seen to begin.
  var expectedDeletions: Int32 = 0

  init(_ workload: Workload) {
    id = workload.id
    kind = workload.kind
    owner = workload.owner
    strategy = workload.strategy
    job = workload.job
    created = workload.created
    desired = min(workload.desired, Places.limit)
    template = workload.template
    version = workload.version
    key = Self.key(namespace: workload.namespace, name: workload.name)
  }

  /// Whether everything asked for has been seen.
  var isSettled: Bool { expectedCreations == 0 && expectedDeletions == 0 }

  /// FNV-1a of `namespace/name`.
  ///
  /// > Source: Fowler, Noll & Vo, 64-bit offset basis and prime (S).
  static func key(namespace: String, name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [namespace, "/", name] {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    return hash
  }
}
