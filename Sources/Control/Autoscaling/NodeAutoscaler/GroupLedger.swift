import ClusterModel
import Quantities

/// What the autoscaler remembers of one node group.
struct GroupMemory: Sendable {
  /// A scale-up that isn't fulfilled yet.
  struct Request: BitwiseCopyable, Sendable {
    var increase: Int32
    var expected: Instant
  }
  /// A rest after a failure.
  struct Backoff: BitwiseCopyable, Sendable {
    var duration: TimeSpan
    var until: Instant
    var lastFailure: Instant
  }
  var request: Request?
  var backoff: Backoff?
  /// When its size was first seen to differ from its machines for no reason, and by how much.
  var wrongSize: (since: Instant, registered: Int32, target: Int32)?
}

/// How many of a group's machines are in which state in one loop.
struct GroupReadiness: BitwiseCopyable, Sendable {
  var registered: Int32 = 0
  var ready: Int32 = 0
  /// Registered and not ready, but young.
  var notStarted: Int32 = 0
  var unready: Int32 = 0
  /// Asked for so long ago that they should have registered.
  var longUnregistered: Int32 = 0
  var target: Int32 = 0
  /// The fewest registered machines that are no cause for worry.
  var fewest: Int32 = 0

  /// Machines asked for that aren't ready.
  var upcoming: Int { max(0, Int(target - ready - unready - longUnregistered)) }
}

/// The state of all groups: what came of requests, who rests after failures.
struct GroupLedger: Sendable {
  private(set) var memories: [GroupMemory] = []
  private(set) var readiness: [GroupReadiness] = []
  /// Nodes of the cluster that have failed to be ready, and all nodes.
  private(set) var unreadyNodes = 0
  private(set) var nodeCount = 0
  private(set) var readyNodes = 0

  /// Counts machines and nodes, and judges requests.
  mutating func update(
    _ cluster: borrowing ClusterState, _ configuration: NodeAutoscalerConfiguration,
    at now: Instant
  ) {
    while memories.count < cluster.nodeGroups.count { memories.append(GroupMemory()) }
    count(cluster, configuration, at: now)
    for place in memories.indices {
      guard let request = memories[place].request else { continue }
      let state = readiness[place]
      if state.registered - state.notStarted >= state.target {
        memories[place].request = nil
        memories[place].backoff = nil
      } else if request.expected < now {
        memories[place].request = nil
        fail(place, configuration, at: now)
      }
    }
    for place in readiness.indices {
      let increase = memories[place].request?.increase ?? 0
      readiness[place].fewest =
        readiness[place].target - readiness[place].longUnregistered - increase
      noteSize(place, at: now)
    }
  }

  private mutating func noteSize(_ place: Int, at now: Instant) {
    let state = readiness[place]
    guard state.registered > state.target || state.registered < state.fewest else {
      memories[place].wrongSize = nil
      return
    }
    if let known = memories[place].wrongSize, known.registered == state.registered,
      known.target == state.target
    {
      return
    }
    memories[place].wrongSize = (now, state.registered, state.target)
  }

  private mutating func count(
    _ cluster: borrowing ClusterState, _ configuration: NodeAutoscalerConfiguration,
    at now: Instant
  ) {
    readiness = [GroupReadiness](repeating: GroupReadiness(), count: memories.count)
    unreadyNodes = 0
    nodeCount = 0
    readyNodes = 0
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id), !node.isVirtual
      else { continue }
      nodeCount += 1
      if node.isReady { readyNodes += 1 }
      let isYoung = now < node.created + configuration.maxNodeStartupTime
      if !node.isReady && !isYoung { unreadyNodes += 1 }
      guard let group = node.group?.place else { continue }
      readiness[group].registered += 1
      if node.isReady {
        readiness[group].ready += 1
      } else if isYoung {
        readiness[group].notStarted += 1
      } else {
        readiness[group].unready += 1
      }
    }
    for place in readiness.indices {
      readiness[place].target = cluster.nodeGroups[place].targetSize
      for instance in cluster.nodeGroups[place].instances where instance.node == nil {
        if instance.requested + configuration.maxNodeProvisionTime < now {
          readiness[place].longUnregistered += 1
        }
      }
    }
  }

  /// Notes that a group was asked for more machines.
  mutating func request(
    _ increase: Int32, of place: Int, _ configuration: NodeAutoscalerConfiguration, at now: Instant
  ) {
    let before = memories[place].request?.increase ?? 0
    memories[place].request = GroupMemory.Request(
      increase: before + increase, expected: now + configuration.maxNodeProvisionTime)
  }

  /// Notes that the cloud refused more machines.
  mutating func refuse(
    _ increase: Int32, of place: Int, _ configuration: NodeAutoscalerConfiguration, at now: Instant
  ) {
    if var request = memories[place].request {
      request.increase -= increase
      memories[place].request = request.increase > 0 ? request : nil
    }
    fail(place, configuration, at: now)
  }

  /// A failure: the group rests, twice as long as the last time if that rest was over.
  private mutating func fail(
    _ place: Int, _ configuration: NodeAutoscalerConfiguration, at now: Instant
  ) {
    var duration = configuration.initialBackoff
    if let last = memories[place].backoff {
      duration = last.duration
      if last.until < now { duration = min(duration * 2, configuration.maxBackoff) }
    }
    memories[place].backoff = GroupMemory.Backoff(
      duration: duration, until: now + duration, lastFailure: now)
  }

  /// Whether a group still rests after a failure; at the very end it does.
  func isBackedOff(_ place: Int, at now: Instant) -> Bool {
    guard let backoff = memories[place].backoff else { return false }
    return now <= backoff.until
  }

  /// Forgets failures that lie back long enough.
  mutating func forgetFailures(_ configuration: NodeAutoscalerConfiguration, at now: Instant) {
    for place in memories.indices {
      guard let backoff = memories[place].backoff else { continue }
      if backoff.lastFailure + configuration.backoffReset < now { memories[place].backoff = nil }
    }
  }

  /// Whether a group has no trouble of its own with machines that don't get ready.
  func isHealthy(_ place: Int, _ configuration: NodeAutoscalerConfiguration) -> Bool {
    let state = readiness[place]
    let missing = Int(max(0, state.fewest - state.ready))
    let all = Double(state.ready + state.unready + state.notStarted)
    return missing <= configuration.okUnreadyCount
      || Double(missing) <= configuration.maxUnreadyShare * all
  }

  /// Whether so many nodes are unready that nothing should be done.
  func isClusterHealthy(_ configuration: NodeAutoscalerConfiguration) -> Bool {
    unreadyNodes <= configuration.okUnreadyCount
      || Double(unreadyNodes) <= configuration.maxUnreadyShare * Double(nodeCount)
  }

  /// By how much a group's size must be corrected: it has had fewer machines than its size says for
  /// longer than machines take to register.
  func correction(
    of place: Int, _ configuration: NodeAutoscalerConfiguration, at now: Instant
  ) -> Int32 {
    guard let wrong = memories[place].wrongSize, wrong.registered < wrong.target,
      wrong.since + configuration.maxNodeProvisionTime < now
    else { return 0 }
    return wrong.registered - wrong.target
  }
}
