import Quantities

/// Where a Pod is in its life.
public enum PodPhase: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  case pending, running, succeeded, failed
  /// Whether the Pod has ended and holds nothing.
  @inlinable public var isFinished: Bool { self == .succeeded || self == .failed }
}

/// Facts about a Pod that are either so or not.
public struct PodFlags: OptionSet, Hashable, BitwiseCopyable, Sendable {
  /// The flags as bits.
  public let rawValue: UInt8
  /// Flags from their bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The API server records the condition Ready=True.
  public static let ready = PodFlags(rawValue: 1)
  /// The Pod has a deletion timestamp.
  public static let terminating = PodFlags(rawValue: 2)
  /// The API server records the condition PodScheduled=False, reason Unschedulable.
  public static let unschedulable = PodFlags(rawValue: 4)
  /// A static Pod's mirror: it stays with its node and nobody replaces it.
  public static let mirror = PodFlags(rawValue: 8)
  /// Condition DisruptionTarget with reason PreemptionByScheduler.
  public static let preempted = PodFlags(rawValue: 16)
  /// `spec.nodeName` names a node that isn't there.
  public static let boundElsewhere = PodFlags(rawValue: 32)
  /// Its containers are started but not yet ready.
  public static let started = PodFlags(rawValue: 64)
  /// Its provider has announced that it takes it back: event SpotPodInterruption.
  public static let reclaimed = PodFlags(rawValue: 128)
}

/// A Pod as the API server holds it, without what it shares with others of its template.
public struct Pod: BitwiseCopyable, Sendable {
  /// Who it is.
  public let id: PodID
  /// What it shares with its equals.
  public var template: TemplateID
  /// The workload that asked for it; nil for a Pod of its own.
  public var owner: WorkloadID?
  /// Which of its workload's Pods it is, from 0: the same in every policy.
  public var ordinal: Int32
  /// How many Pods held this place before.
  public var attempt: Int32
  /// The node it is bound to.
  public var node: NodeID?
  /// The node it is nominated to after a preemption.
  public var nominatedNode: NodeID?
  /// The one node it may run on: the DaemonSet controller's required node affinity on
  /// `metadata.name`, kept out of the template so that a set's Pods share one.
  public var pinnedNode: NodeID?
  /// Where it is in its life.
  public var phase: PodPhase
  /// What else is so.
  public var flags: PodFlags
  /// Counts the changes of this object; a write that expects another value conflicts.
  public var version: UInt32
  /// When it was created.
  public var created: Instant
  /// When its node acknowledged it (`status.startTime`); nil before.
  public var started: Instant?
  /// When its condition Ready last became True or False; nil: it has no such condition.
  public var readyTransition: Instant?
  /// Its place in the list of given names; negative if its name follows from its owner.
  var nameIndex: Int32

  /// Whether the condition Ready is recorded.
  @inlinable public var isReady: Bool { flags.contains(.ready) }
  /// Whether it has a deletion timestamp.
  @inlinable public var isTerminating: Bool { flags.contains(.terminating) }
  /// Whether it waits for a node.
  @inlinable public var isUnbound: Bool {
    node == nil && !phase.isFinished && !flags.contains(.boundElsewhere)
  }
}

/// A Pod as a manifest gives it.
public struct PodObject: Sendable {
  /// Its name.
  public var name: String
  /// Its namespace, labels and specification.
  public var template: PodTemplate
  /// Kind and name of the controlling owner, if any.
  public var owner: OwnerReference?
  /// The node it is bound to.
  public var nodeName: String?
  /// The node it is nominated to.
  public var nominatedNodeName: String?
  /// Where it is in its life.
  public var phase: PodPhase
  /// What else is so.
  public var flags: PodFlags
  /// When it was created, relative to the scenario's start.
  public var created: Instant
  /// When its node acknowledged it.
  public var started: Instant?
  /// When its condition Ready last became True or False; nil: it has no such condition.
  public var readyTransition: Instant?

  /// A pending Pod.
  public init(name: String, template: PodTemplate) {
    self.name = name
    self.template = template
    owner = nil
    nodeName = nil
    nominatedNodeName = nil
    phase = .pending
    flags = []
    created = .zero
    started = nil
    readyTransition = nil
  }
}

/// A controlling owner by kind and name, in the owned object's namespace.
public struct OwnerReference: Hashable, Sendable {
  /// The owner's kind, such as `ReplicaSet`.
  public var kind: String
  /// The owner's name.
  public var name: String
  /// A reference from its parts.
  public init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }
}
