import ClusterModel
import Infrastructure
import Quantities
import Statistics

/// The burst that a claim is about, in one replication.
public struct BurstResult: Sendable {
  /// How many places the load asked for, without those bound to other sites.
  public var places = 0
  /// The first Ready instants of those that became ready, ascending, in nanoseconds.
  public var ready: [Int64] = []
  /// From being asked for to the first Ready, ascending, in nanoseconds.
  public var starts: [Int64] = []
  /// When the first of them was asked for.
  public var firstAsked: Instant?
  /// What serverless Pods cost in this replication.
  public var cost = Money.zero
  /// That and the share of what is owned.
  public var amortised = Money.zero
  /// What is paid for every completed Job of the replication, in units of the currency; nil without
  /// one.
  public var costPerJob: Double?
  /// Jobs of the whole run that weren't complete by their deadline; nil: none has one.
  public var lateJobs: Int?
  /// What became of the requests in its window, if its load drives requests.
  public var requests: RequestResult?
  /// What became of the jobs, if the claim is about a batch queue.
  public var batch: BatchResult?
  /// Where the load's Pods ran and how far they fell short; nil where nothing in the scenario makes
  /// that a question, or the load has Jobs arrive.
  public var levels: LevelMeasures?
  /// No burst.
  public init() {}
}

/// Durations of a stage over one replication's Pods.
public struct StageDurations: Hashable, Sendable {
  /// How often it was passed or tried.
  public var count = 0
  /// The sum, in nanoseconds.
  public var total: Int128 = 0
  /// The quantile of 50 %, in seconds; nil without a passage.
  public var p50: Double?
  /// The quantile of 95 %, in seconds.
  public var p95: Double?
  /// The quantile of 99 %, in seconds.
  public var p99: Double?
  /// No passage.
  public init() {}
}

/// What failures led to in one replication.
public struct FailureCounts: Hashable, BitwiseCopyable, Sendable {
  /// Parts of the world that failed.
  public var failed = 0
  /// How often a node was recorded as Unknown.
  public var unknown = 0
  /// Pods that a taint evicted.
  public var evicted = 0
  /// Image pulls that failed and were tried again.
  public var pulls = 0
  /// Bindings that their author gave up because no answer came.
  public var unanswered = 0
  /// Nothing failed.
  public init() {}
}

/// How far a predictive scaler was from what came, in one replication.
public struct ForecastQuality: Hashable, Sendable {
  /// The scaler's name.
  public var name: String
  /// The mean of |value − prediction| / |value|; nil without a value other than 0.
  public var meanAbsolutePercentage: Double?
  /// The median of value − prediction.
  public var median: Double?
  /// The 95th percentile of value − prediction.
  public var p95: Double?
}

/// Everything that one replication found out.
public struct ReplicationResult: Sendable {
  /// Its number, from 0.
  public var replication = 0
  /// One per claim, in the scenario's order; without claims, one for the first load with a step.
  public var bursts: [BurstResult] = []
  /// By ``Stage``.
  public var stages: [StageDurations] = []
  /// Ready Pods per bucket: `[site][bucket]`.
  public var readyPerBucket: [[Int32]] = []
  /// Pods asked for and not yet Ready, at each bucket's start.
  public var waiting: [Int32] = []
  /// Cores there, spot Pods, what links carry and what has been paid, by bucket.
  public var worldCurves: [WorldCurve] = []
  /// The width of a bucket.
  public var bucket = TimeSpan.zero
  /// Pods by their state at the end.
  public var pods = PodCounts()
  /// What is paid during the run.
  public var cash = Money.zero
  /// The share of what is owned.
  public var owned = Money.zero
  /// The bill.
  public var bill: [BillLine] = []
  /// Spot Pods that were announced to be taken back.
  public var reclaims = 0
  /// Work of Jobs' Pods that was lost with them.
  public var lostWork = TimeSpan.zero
  /// Billed seconds of spot Pods over those of all serverless Pods; nil without any.
  public var spotShare: Double?
  /// Which Jobs were completed.
  public var jobs = JobTally()
  /// Identities: quantity, left and right side.
  public var conservation: [(quantity: String, left: Double, right: Double)] = []
  /// What was at work.
  public var usage: Usage = []
  /// CPU and memory that Pods ready at the end use, over what own nodes have to give: for requests
  /// as it was on average since they were ready, else by the profiles.
  public var utilisation: (cpu: Double?, memory: Double?) = (nil, nil)
  /// Requests per second that the Pods ready at the end can serve: by the mean of their service
  /// time and their CPU limits.
  public var serviceCapacity = 0.0
  /// What crossed the links, in the scenario's order; empty where nothing but images, reports and
  /// traffic of others can.
  public var links: [LinkResult] = []
  /// Bytes pulled for images.
  public var pulledBytes = 0.0
  /// Tries to schedule that found no node, and refusals by providers.
  public var refusals = 0
  /// What became of all requests; nil if no load drives any.
  public var requests: RequestResult?
  /// The services' curves over time.
  public var requestCurves: [RequestCurves] = []
  /// What failures led to.
  public var failures = FailureCounts()
  /// How far each predictive scaler was from what came, in the scenario's order.
  public var forecasts: [ForecastQuality] = []
  /// What it would have cost and lost at least with all that was to come known in advance; nil where
  /// no load has a choice between own nodes and a cloud.
  public var clairvoyant: ClairvoyantBound?
  /// What became of the batch clusters' jobs, in the scenario's order.
  public var batches: [BatchResult] = []
  /// When the last event happened.
  public var end = Instant.zero
  /// How many events happened.
  public var events = 0
  /// Pods bound nowhere at the end, with the scheduler's message.
  public var unschedulable: [(pod: String, reason: String)] = []
  /// Rows for `scaling.csv`.
  public var scalings: [ScalingRecord] = []
  /// Rows for `conditions.csv`.
  public var conditions: [ConditionRecord] = []
  /// Syncs of HorizontalPodAutoscalers, if kept.
  public var autoscalerRecordings: [AutoscalerRecording] = []
  /// Samples of the own nodes, if records are kept.
  public var nodeBlocks: [WorldHistory.NodeBlock] = []
  /// The time from one of these samples to the next.
  public var nodeSampling = TimeSpan.zero
  /// Rows for `placements.csv`, if kept.
  public var placements: [PlacementRecord] = []
  /// Rows for `stages.csv`, if kept.
  public var stageRecords: [StageRecord] = []
  /// Nothing found out yet.
  public init() {}

  /// The first identity that doesn't hold, in words; nil if all do.
  public var violation: String? {
    for check in conservation {
      let scale = max(1, abs(check.left), abs(check.right))
      if abs(check.left - check.right) > scale * 1e-9 {
        return "\(check.quantity): \(check.left) ≠ \(check.right)"
      }
    }
    return nil
  }
}
