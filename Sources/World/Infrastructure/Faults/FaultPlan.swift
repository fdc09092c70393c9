import Probability
import Quantities

/// What can fail.
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
  /// A machine loses power: its Pods die, and start again on it when it is back.
  case node
  /// A machine's kubelet hangs: its Pods go on, and nobody hears of them. So do, where a serverless
  /// pool or one of its virtual nodes is named, the agents of the Pods there.
  case kubelet
  /// Every machine of a zone loses power, and no serverless Pod can be created in the zone.
  case zone
  /// A link carries nothing: what only it joins to the API server's site is cut off.
  case link
  /// A provider's control plane refuses calls: nothing is created or deleted, and what runs goes on.
  case cloudAPI
  /// A registry sends nothing: pulls fail and are tried again.
  case registry
  /// The API server stores and tells nothing.
  case apiServer
  /// A provider's stock is gone: creations are refused, and what runs goes on.
  case stock
}

/// A failure at a given time.
public struct ScriptedFault: Hashable, Sendable {
  /// What fails.
  public var kind: FaultKind
  /// Which: the name of a node, a node pool, a zone, a link, a serverless pool or a registry; nil:
  /// all of them. The API server has no name.
  public var target: String?
  /// When it fails.
  public var at: TimeSpan
  /// How long it stays so; nil: to the end.
  public var lasting: TimeSpan?
  /// A failure at the start that lasts to the end.
  public init(_ kind: FaultKind = .node, target: String? = nil) {
    self.kind = kind
    self.target = target
    at = .zero
    lasting = nil
  }
}

/// Failures that come by chance: each target by itself works and fails in turn.
public struct RandomFault: Hashable, Sendable {
  /// What fails.
  public var kind: FaultKind
  /// Which, as in ``ScriptedFault/target``; nil: each of them.
  public var target: String?
  /// How long it works, in seconds; nil: for ever. Default: Weibull of shape 0.7, whose hazard falls
  /// (E for the form, M for the shape: Schroeder & Gibson, DSN 2006), and a mean of 4.3 months (M:
  /// Ford et al., OSDI 2010).
  public var up: Law? = .weibull(shape: 0.7, scale: 8_926_000)
  /// How long it stays failed, in seconds. Default: lognormal with a median of 5 min and a σ of 1.3,
  /// by which 20 % last over 15 min (A; Ford et al.: fewer than 10 % of unplanned ones, M).
  public var down: Law = .lognormal(median: 300, sigma: 1.3)
  /// Failures of nodes with the laws above.
  public init(_ kind: FaultKind = .node, target: String? = nil) {
    self.kind = kind
    self.target = target
  }
}

/// Failures that strike several machines of a rack, or of another group, at almost the same time:
/// a compound Poisson process for each group.
public struct FaultBurst: Hashable, Sendable {
  /// The node label whose equal values make a group: a rack or a power domain.
  public var group: String
  /// The mean time between bursts in one group; nil: there are none. Default 3,652 days (M: a rack's
  /// mean time to failure is 10 years, Ford et al., OSDI 2010).
  public var meanInterval: TimeSpan? = .hours(24 * 3652)
  /// The probability with which each machine of the group is struck. Default 0.5 (A, 0.1–1).
  public var share = 0.5
  /// The time within which they fail one after another. Default 120 s (M: the window by which
  /// Ford et al. tell bursts).
  public var window: TimeSpan = .seconds(120)
  /// How long each stays failed, in seconds. Default: as single machines (A).
  public var down: Law = .lognormal(median: 300, sigma: 1.3)
  /// Bursts in the groups that a label makes.
  public init(group: String) { self.group = group }
}

/// A failure that somebody recorded.
public struct TracedFault: Hashable, BitwiseCopyable, Sendable {
  /// The number of its machine in the trace, by first appearance.
  public var machine: Int32
  /// When it failed.
  public var at: TimeSpan
  /// How long it stayed so; nil: the trace doesn't say.
  public var lasting: TimeSpan?
  /// A failure from its parts.
  public init(machine: Int32, at: TimeSpan, lasting: TimeSpan?) {
    self.machine = machine
    self.at = at
    self.lasting = lasting
  }
}

/// Failures of machines as they were recorded, brought to the scenario's machines.
public struct FaultTrace: Hashable, Sendable {
  /// The file, relative to the scenario's.
  public var file: String
  /// The names of its machines, by number.
  public var machines: [String] = []
  /// Its failures, by time.
  public var faults: [TracedFault] = []
  /// Shortens (below 1) or stretches the trace's time. Default 1.
  public var timeScale = 1.0
  /// How long a machine stays failed of which the trace doesn't say, in seconds (A).
  public var down: Law = .lognormal(median: 300, sigma: 1.3)
  /// A trace without failures yet.
  public init(file: String) { self.file = file }
}

/// Everything that shall fail: scripted, by chance, in bursts, and as recorded.
///
/// Without any, a run is the same to the byte as one without the plan, and costs the same.
public struct FaultPlan: Hashable, Sendable {
  /// Its name; draws are keyed by it.
  public var name: String
  /// Failures at given times.
  public var scripted: [ScriptedFault] = []
  /// Failures by chance.
  public var random: [RandomFault] = []
  /// Correlated failures.
  public var bursts: [FaultBurst] = []
  /// Recorded failures.
  public var traces: [FaultTrace] = []
  /// A plan with a name and nothing in it.
  public init(name: String) { self.name = name }

  /// Whether anything can fail.
  public var canFail: Bool {
    !scripted.isEmpty || random.contains { $0.up != nil }
      || bursts.contains { $0.meanInterval != nil && $0.share > 0 }
      || traces.contains { !$0.faults.isEmpty }
  }
}
