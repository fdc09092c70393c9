import ClusterModel
import Quantities

/// A plugin of the scheduler that isn't Kubernetes' own: a value with its arguments in it, which
/// answers the same whenever it is asked the same.
///
/// It is an ``OutOfTreeFilter``, an ``OutOfTreeScore`` or both. What it is shown is all that it may
/// look at: the scheduler keeps its answers as long as nothing of that has changed. Whether a
/// plugin keeps to it is what ``PluginLaws`` checks.
public protocol OutOfTreePlugin: Hashable, Sendable {
  /// What configurations and explanations call it.
  var name: String { get }
  /// What its answers depend on besides the Pod's template and the node's own description.
  /// Default: everything, so that it is asked afresh about every Pod and node.
  var reads: PluginInputs { get }
}

extension OutOfTreePlugin {
  /// Everything that there is to read.
  public var reads: PluginInputs { .everything }
}

/// What a plugin's answers depend on besides the Pod's template and the node's own description.
///
/// What a plugin doesn't name it isn't shown.
public struct PluginInputs: OptionSet, Hashable, Sendable {
  /// The inputs as bits.
  public let rawValue: UInt8
  /// Inputs from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// How much the Pods of the node request, and how many there are: ``NodeView/requested``.
  public static let requested = PluginInputs(rawValue: 1)
  /// Which Pods are on the node: ``NodeView/pods``.
  public static let pods = PluginInputs(rawValue: 2)
  /// Which of its equals the Pod is: ``PodView/identity``. Answers that depend on it aren't kept.
  public static let identity = PluginInputs(rawValue: 4)
  /// All of them.
  public static let everything: PluginInputs = [.requested, .pods, .identity]
}

/// What a plugin is shown of the Pod that is to be scheduled.
public struct PodView: Sendable {
  /// Which of its equals a Pod is.
  public struct Identity: Hashable, Sendable {
    /// The Pod's `namespace/name`.
    public var name: String
    /// Which of its workload's Pods it is, from 0.
    public var ordinal: Int
    /// How many Pods held its place before.
    public var attempt: Int
    /// An identity from its parts.
    public init(name: String, ordinal: Int = 0, attempt: Int = 0) {
      self.name = name
      self.ordinal = ordinal
      self.attempt = attempt
    }
  }
  /// Its namespace, labels, annotations and specification.
  public var template: PodTemplate
  /// Which of its equals it is; nil where the plugin doesn't read it, or the Pod is only supposed.
  public var identity: Identity?

  /// A Pod of a template.
  public init(_ template: PodTemplate, identity: Identity? = nil) {
    self.template = template
    self.identity = identity
  }
}

/// What a plugin is shown of a node.
public struct NodeView: Sendable {
  /// Its name, labels, annotations, taints, amounts and images.
  public var node: Node
  /// What its Pods request, assumed ones included, and how many they are; of extended resources
  /// those that some Pod requests. Zero where the plugin doesn't read it.
  public var requested: Resources
  /// The templates of its Pods, assumed ones included; empty where the plugin doesn't read it.
  public var pods: [PodTemplate]

  /// A node from its parts.
  public init(_ node: Node, requested: Resources = .zero, pods: [PodTemplate] = []) {
    self.node = node
    self.requested = requested
    self.pods = pods
  }
}

/// What a filter says of a Pod on a node.
public enum FilterAnswer: Hashable, BitwiseCopyable, Sendable {
  /// The node will do.
  case fits
  /// It won't: the number of one of the filter's reasons, and whether evicting Pods may change
  /// that, so that preemption looks at the node.
  case rejected(reason: Int = 0, evictionMayHelp: Bool = false)
}

/// A filter: it says which nodes won't do.
public protocol OutOfTreeFilter: OutOfTreePlugin {
  /// What messages say of nodes that it rejects, at least one, such as `node(s) had no licence`.
  var reasons: [String] { get }
  /// Whether a Pod may run on a node.
  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer
  /// Whether a Pod that the filter rejected everywhere is worth another attempt after an event: its
  /// queueing hint. Default: always.
  func mayHelp(_ event: PluginEvent, _ pod: PodView) -> Bool
}

extension OutOfTreeFilter {
  /// Any event may help.
  public func mayHelp(_ event: PluginEvent, _ pod: PodView) -> Bool { true }
}

/// Something that may make an unschedulable Pod schedulable.
public enum PluginEvent: Sendable {
  /// A node came (before: nil), changed, or went (after: nil).
  case node(before: Node?, after: Node?)
  /// A Pod of a template was bound to some node.
  case podBound(PodTemplate)
  /// A Pod of a template left its node, or isn't nominated to one any more.
  case podGone(PodTemplate)
}

/// A score: it says how good a node is.
public protocol OutOfTreeScore: OutOfTreePlugin {
  /// What a node is worth to a Pod, from 0 to 100, before the plugin's weight.
  func score(_ pod: PodView, on node: NodeView) -> Int64
}

/// A filter in a profile.
public struct EnabledFilter: Hashable, Sendable {
  /// The filter.
  public let plugin: any OutOfTreeFilter
  /// A filter that takes part.
  public init(_ plugin: any OutOfTreeFilter) { self.plugin = plugin }

  /// Whether both are equal values of one type.
  public static func == (a: EnabledFilter, b: EnabledFilter) -> Bool {
    AnyHashable(a.plugin) == AnyHashable(b.plugin)
  }
  /// Hashes the plugin.
  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(plugin)) }
}

/// A score in a profile.
public struct EnabledScore: Hashable, Sendable {
  /// The score.
  public let plugin: any OutOfTreeScore
  /// What its points are multiplied by, from 1. Default 1 (S).
  public var weight: Int64
  /// A score that takes part.
  public init(_ plugin: any OutOfTreeScore, weight: Int64 = 1) {
    self.plugin = plugin
    self.weight = weight
  }

  /// Whether both are equal values of one type, with one weight.
  public static func == (a: EnabledScore, b: EnabledScore) -> Bool {
    a.weight == b.weight && AnyHashable(a.plugin) == AnyHashable(b.plugin)
  }
  /// Hashes plugin and weight.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(AnyHashable(plugin))
    hasher.combine(weight)
  }
}
