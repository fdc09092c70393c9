import Quantities

/// One write that a control module asks of the API server.
public enum ClusterCommand: Hashable, BitwiseCopyable, Sendable {
  /// Creates a Pod for a place of a workload; pinned to a node if a DaemonSet asks.
  case createPod(owner: WorkloadID, ordinal: Int32, attempt: Int32, pinned: NodeID?)
  /// Binds a Pod to a node.
  case bind(PodID, NodeID)
  /// Deletes a Pod; with `atOnce`, without its grace period.
  case deletePod(PodID, atOnce: Bool)
  /// Records PodScheduled=False, reason Unschedulable.
  case markUnschedulable(PodID)
  /// Records or clears the node that a Pod is nominated to.
  case nominate(PodID, NodeID?)
  /// Records that the scheduler evicts a Pod (condition DisruptionTarget).
  case markPreempted(PodID)
  /// Adds the toleration of virtual nodes' taint to a Pod's specification.
  case tolerateVirtualNodes(PodID)
  /// Creates the ReplicaSet of a Deployment's present template.
  case createReplicaSet(deployment: WorkloadID, replicas: Int32)
  /// Sets how many Pods a workload wants.
  case scale(WorkloadID, replicas: Int32)
  /// Records a node's condition Ready.
  case setReadiness(NodeID, NodeReadiness)
  /// Adds and removes taints that mark a node's health.
  case taint(NodeID, adding: NodeHealthTaints, removing: NodeHealthTaints)
  /// Records Ready=False of a Pod whose node doesn't answer.
  case markUnready(PodID)
  /// Records that a taint evicts a Pod (condition DisruptionTarget, reason DeletionByTaintManager).
  case markDisrupted(PodID)
  /// Asks for the eviction of a Pod: a deletion that a disruption budget may refuse.
  case evict(PodID)
  /// Marks a node as about to be deleted, so that no Pod is put there, or takes the mark off.
  case markDeleting(NodeID, Bool)
  /// Asks the cloud for another number of machines in a group.
  case setNodeGroupSize(NodeGroupID, Int32)
  /// Has the cloud delete a node's machine; its group wants one less.
  case deleteNode(NodeID)
  /// Has the cloud delete a machine that never became a node; its group wants one less.
  case deleteInstance(NodeGroupID, number: Int32)
  /// Records what an autoscaler's controller found: the status carried at a place of the buffer.
  case updateAutoscalerStatus(HorizontalPodAutoscalerID, payload: UInt32)
  /// Sets the fewest Pods that whoever scales a workload may leave it, as an autoscaler's
  /// `minReplicas`; where nobody scales it, how many it has.
  case setMinimum(WorkloadID, replicas: Int32)
  /// Reads a Pod from the API server rather than a cache: it costs a call and changes nothing.
  case read(PodID)
}

/// A command as issued: when it leaves the module, and what the author calls it.
public struct IssuedCommand: BitwiseCopyable, Sendable {
  /// What is asked.
  public var command: ClusterCommand
  /// How long after the pass's `now` it is sent.
  public var offset: TimeSpan
  /// The version of the object that the author saw; a different one is a conflict. Nil: any.
  public var expectedVersion: UInt32?
  /// A number under which the outcome comes back.
  public var ticket: UInt32
}

/// An Event object that a module records about something that happened.
///
/// Events about one object, with one reason, are what the client's correlator aggregates and
/// limits before they cost an API call.
public struct EventRecord: BitwiseCopyable, Sendable {
  /// The kinds of objects that events are about.
  public enum Subject: Hashable, BitwiseCopyable, Sendable {
    case pod(PodID)
    case workload(WorkloadID)
    case autoscaler(HorizontalPodAutoscalerID)
  }
  /// Reasons, as Kubernetes spells them.
  public enum Reason: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
    case scheduled, failedScheduling, preempted, successfulCreate, failedCreate
    case successfulDelete, scalingReplicaSet
    case successfulRescale, failedRescale, failedGetScale, failedComputeMetricsReplicas
    case failedGetResourceMetric, failedGetContainerResourceMetric, failedGetPodsMetric
    case failedGetObjectMetric, failedGetExternalMetric
    case selectorRequired, ambiguousSelector
  }
  /// What it is about.
  public var subject: Subject
  /// Why it was recorded.
  public var reason: Reason
  /// How long after the pass's `now`.
  public var offset: TimeSpan
}

/// One attempt to schedule a Pod, as the scheduler reports it for measurement.
public struct SchedulingAttempt: BitwiseCopyable, Sendable {
  /// The Pod tried.
  public var pod: PodID
  /// How long after the pass's `now` the cycle began.
  public var start: TimeSpan
  /// How long after the pass's `now` it ended.
  public var end: TimeSpan
  /// The node chosen, or nil.
  public var node: NodeID?
  /// An attempt from its parts.
  public init(pod: PodID, start: TimeSpan, end: TimeSpan, node: NodeID?) {
    self.pod = pod
    self.start = start
    self.end = end
    self.node = node
  }
}

/// What the API server made of a command.
public enum CommandResult: UInt8, Hashable, BitwiseCopyable, Sendable {
  /// It took effect.
  case accepted
  /// The object had changed since the author saw it.
  case conflict
  /// The object is gone.
  case notFound
  /// A quota or a cap forbids it.
  case forbidden
  /// No answer came while the author waited: it may have taken effect, may yet, or never does.
  case timedOut
}

/// The answer to one command, given to its author at its next call.
public struct CommandOutcome: BitwiseCopyable, Sendable {
  /// The author's number of the command.
  public var ticket: UInt32
  /// What was asked.
  public var command: ClusterCommand
  /// What became of it.
  public var result: CommandResult
  /// An outcome from its parts.
  public init(ticket: UInt32, command: ClusterCommand, result: CommandResult) {
    self.ticket = ticket
    self.command = command
    self.result = result
  }
}

/// Turns an occasion into bits, for control modules whose originals choose at random.
///
/// The same occasion always gives the same bits, and other occasions don't shift them.
public struct Choices: BitwiseCopyable, Sendable {
  private let key: UInt64

  /// Choices under a key, which holds the seed and the replication.
  public init(key: UInt64) { self.key = key }

  /// 64 bits for a purpose and an object, the same at every call.
  ///
  /// > Source: two rounds of the splitmix64 finaliser (Steele, Lea & Flood 2014).
  public func bits(purpose: UInt32, subject: UInt64, number: UInt32 = 0) -> UInt64 {
    let first = Self.mix(key ^ (UInt64(purpose) << 32 | UInt64(number)))
    return Self.mix(first ^ subject)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// What a control module's pass asks for; the driver keeps one per module and empties it.
public struct CommandBuffer: Sendable {
  /// Commands, in the order issued.
  public private(set) var commands: [IssuedCommand] = []
  /// Events recorded.
  public private(set) var events: [EventRecord] = []
  /// Scheduling attempts, for measurement only.
  public private(set) var attempts: [SchedulingAttempt] = []
  /// Statuses of autoscalers that commands carry, by their payload's number.
  public private(set) var autoscalerStatuses: [HorizontalPodAutoscalerStatus] = []
  /// How long the module was busy; it isn't called again before that has passed.
  public var busy: TimeSpan = .zero
  private var nextTicket: UInt32 = 0

  /// An empty buffer.
  public init() {}

  /// Issues a command.
  /// - Returns: the ticket under which its outcome comes back.
  @discardableResult
  public mutating func issue(
    _ command: ClusterCommand, after offset: TimeSpan = .zero, expecting version: UInt32? = nil
  ) -> UInt32 {
    nextTicket &+= 1
    commands.append(
      IssuedCommand(
        command: command, offset: offset, expectedVersion: version, ticket: nextTicket))
    return nextTicket
  }

  /// Takes a status for a command to carry.
  /// - Returns: its payload's number.
  public mutating func carry(_ status: HorizontalPodAutoscalerStatus) -> UInt32 {
    autoscalerStatuses.append(status)
    return UInt32(autoscalerStatuses.count - 1)
  }

  /// Records an event.
  public mutating func record(
    _ reason: EventRecord.Reason, about subject: EventRecord.Subject, after offset: TimeSpan = .zero
  ) {
    events.append(EventRecord(subject: subject, reason: reason, offset: offset))
  }

  /// Reports a scheduling attempt.
  public mutating func report(_ attempt: SchedulingAttempt) { attempts.append(attempt) }

  /// Forgets everything but the count of tickets.
  public mutating func clear() {
    commands.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    attempts.removeAll(keepingCapacity: true)
    autoscalerStatuses.removeAll(keepingCapacity: true)
    busy = .zero
  }
}

/// What a control module is told when it is called.
public struct ControllerPass: Sendable {
  /// The time; within a pass it doesn't move.
  public var now: Instant
  /// How far the module's watch has come: it reads no change from here on.
  public var position: Int
  /// What became of its earlier commands, in the order in which the answers came.
  public var outcomes: [CommandOutcome]
  /// Where choices come from that the original makes at random.
  public var choices: Choices

  /// A pass from its parts.
  public init(
    now: Instant, position: Int, outcomes: [CommandOutcome] = [], choices: Choices = Choices(key: 0)
  ) {
    self.now = now
    self.position = position
    self.outcomes = outcomes
    self.choices = choices
  }
}

/// A control loop: cluster changes in, commands out.
///
/// Conformers are values, so that a branched run copies them. They keep their own cursor in the
/// change log and count only what they have read there.
public protocol Controller: Sendable {
  /// Reads the changes since its last call up to `pass.position`, decides, and appends commands.
  /// - Returns: when it wants to be called again even if nothing changes.
  mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant?
}
