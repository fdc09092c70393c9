import ClusterModel
import Infrastructure
import Quantities

/// What is remembered about one place of a workload: the n-th Pod that it asked for.
struct PlaceRecord: BitwiseCopyable, Sendable {
  /// When it was first asked for; nil: before time zero.
  var asked: Instant?
  /// When a Pod of the place was first Ready.
  var ready: Instant?
  /// The site its Pod is bound to; negative while it is bound nowhere.
  var site: Int16 = -1
  /// When it was last asked for, again after a loss.
  var due: Instant = .zero
}

/// A workload at the top of its chain of owners, with its places.
struct RootRecord: Sendable {
  var key: String
  var places: [PlaceRecord] = []
  /// The load that brought it about, if it is a Job's copy; negative otherwise.
  var load: Int32 = -1

  subscript(_ ordinal: Int) -> PlaceRecord {
    mutating get {
      while places.count <= ordinal { places.append(PlaceRecord()) }
      return places[ordinal]
    }
    set {
      while places.count <= ordinal { places.append(PlaceRecord()) }
      places[ordinal] = newValue
    }
  }
}

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

/// Collects what reports need, so that memory follows the live Pods.
struct Recorder: Sendable {
  /// Durations by stage in nanoseconds, of stages that Pods passed on their way to Ready.
  var durations: [[Int64]] = Array(repeating: [], count: Stage.allCases.count)
  /// Ready Pods per bucket and site.
  var readyPerBucket: [[Int32]]
  /// Pods waiting (created or asked for, not yet Ready) at the end of each bucket.
  var waiting: [Int32] = []
  /// Pods running by site at the end of each bucket.
  var running: [[Int32]] = []
  /// The width of a bucket.
  let bucket: TimeSpan
  /// Rows for `stages.csv`, if wanted.
  var stageRecords: [(mark: StageMark, failed: Bool)] = []
  let keepsRecords: Bool

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
