import ClusterModel
import Infrastructure
import Quantities

/// A Pod's row in `placements.csv`.
public struct PlacementRecord: Sendable {
  /// The Pod's namespace.
  public var namespace: String
  /// The Pod's name.
  public var pod: String
  /// The node it was bound to.
  public var node: String?
  /// The node's site.
  public var site: String?
  /// When it was created.
  public var created: Instant
  /// When the scheduling cycle ended that chose its node.
  public var scheduled: Instant?
  /// When its binding was stored.
  public var bound: Instant?
  /// When it was first Ready.
  public var ready: Instant?
  /// When it ended or was gone.
  public var end: Instant?
  /// Why it isn't further: the scheduler's or the provider's words.
  public var reason: String
}

/// A row in `stages.csv`.
public struct StageRecord: Sendable {
  /// The Pod's namespace.
  public var namespace: String
  /// The Pod's name.
  public var pod: String
  /// The stage.
  public var stage: Stage
  /// When it began.
  public var start: Instant
  /// When it ended.
  public var end: Instant
  /// `ok`, or why the Pod didn't go on.
  public var outcome: String
}

/// A row in `scaling.csv`: somebody set how many Pods a workload wants.
public struct ScalingRecord: Hashable, Sendable {
  /// When the API server stored it.
  public var at: Instant
  /// The workload's namespace.
  public var namespace: String
  /// Who did it, such as `HorizontalPodAutoscaler/web`.
  public var scaler: String
  /// The workload, such as `Deployment/web`.
  public var target: String
  /// Pods wanted before.
  public var from: Int32
  /// Pods wanted since.
  public var to: Int32
  /// Why, in Kubernetes' words.
  public var reason: String
}

/// A row in `conditions.csv`: a condition of a HorizontalPodAutoscaler came to say something else.
public struct ConditionRecord: Hashable, Sendable {
  /// When the API server stored it.
  public var at: Instant
  /// The autoscaler's namespace.
  public var namespace: String
  /// The autoscaler's name.
  public var autoscaler: String
  /// What is said.
  public var kind: HorizontalPodAutoscalerCondition.Kind
  /// Whether it is so.
  public var isTrue: Bool
  /// Why, as Kubernetes spells it.
  public var reason: HorizontalPodAutoscalerCondition.Reason
  /// What Kubernetes says about a metric that failed; empty otherwise.
  public var message: String
}

/// Collects what reports need, so that memory follows the live Pods.
struct Recorder: Sendable {
  /// Durations by stage in nanoseconds, of stages that Pods passed on their way to Ready.
  var durations: [[Int64]] = Array(repeating: [], count: Stage.allCases.count)
  /// Ready Pods per bucket and site.
  var readyPerBucket: [[Int32]]
  /// Pods waiting (created or asked for, not yet Ready) at the end of each bucket.
  var waiting: [Int32] = []
  /// The width of a bucket.
  let bucket: TimeSpan
  /// Rows for `stages.csv`, if wanted.
  var stageRecords: [(mark: StageMark, failed: Bool)] = []
  let keepsRecords: Bool
  /// Rows for `scaling.csv`.
  var scalings: [ScalingRecord] = []
  /// Rows for `conditions.csv`.
  var conditions: [ConditionRecord] = []
  /// What stood at each bucket's start.
  var samples = WorldSamples()
  /// Samples of the own nodes, if records are kept.
  var nodeHistory = NodeHistory()

  init(sites: Int, bucket: TimeSpan, keepsRecords: Bool) {
    readyPerBucket = Array(repeating: [], count: max(1, sites))
    self.bucket = bucket
    self.keepsRecords = keepsRecords
  }

  mutating func note(_ mark: StageMark, failed: Bool = false) {
    durations[Int(mark.stage.rawValue)].append((mark.end - mark.start).nanoseconds)
    if keepsRecords { stageRecords.append((mark, failed)) }
  }

  mutating func noteReady(site: Int, at now: Instant) {
    let index = Int(now.nanoseconds / bucket.nanoseconds)
    while readyPerBucket[site].count <= index { readyPerBucket[site].append(0) }
    readyPerBucket[site][index] += 1
  }
}
