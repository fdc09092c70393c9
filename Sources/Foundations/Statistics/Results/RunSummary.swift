/// What a run found out, as `summary.json` holds it and reports show it.
///
/// Filled by the study that ran the replications; reports see nothing else of the model.
public struct RunSummary: Sendable {
  /// The scenario's name.
  public var scenario = ""
  /// The question that the scenario answers: its file's first comment.
  public var question = ""
  /// The seed.
  public var seed: UInt64 = 0
  /// How many replications were run.
  public var replications = 0
  /// Windows of a trace that they were shared out among; 1: none.
  public var windows = 1
  /// Whether the run was cut short; its figures are then partial.
  public var isPartial = false
  /// Spillway's version.
  public var version = ""
  /// The digest of the scenario as read.
  public var digest = ""
  /// One entry per claim, in the order of the scenario.
  public var claims: [ClaimResult] = []
  /// What each cause cost, if that was asked for.
  public var causes: [CauseEffect] = []
  /// Metrics over the replications.
  public var metrics: [MetricSummary] = []
  /// Pods by their state at the end, summed over the replications.
  public var pods = PodCounts()
  /// How far the assumed values move a response, if that was asked for.
  public var sensitivity: SensitivitySummary?
  /// What it cost, mean per replication.
  public var money = MoneySummary()
  /// Identities that were checked.
  public var conservation: [ConservationCheck] = []
  /// Values that the run used and nobody has proved.
  public var assumptions: [Assumption] = []
  /// What was read, per kind.
  public var input: [InputSummary] = []
  /// How long each stage of a Pod's start took.
  public var stages: [StageSummary] = []
  /// Curves over time, such as Pods ready per minute and Pods waiting.
  public var series: [TimeSeries] = []
  /// What HorizontalPodAutoscalers did.
  public var autoscalers: [AutoscalerSummary] = []
  /// What stood where in the first replication, if its rows were kept.
  public var history = WorldHistory()
  /// Pods that no node can take, with the reason, at most the first hundred.
  public var unschedulable: [UnschedulablePod] = []
  /// What a reader must know before the verdict: defaults taken for what the input doesn't say,
  /// Pods treated as unconstrained.
  public var caveats: [String] = []
  /// The command that repeats the run.
  public var command = ""
  /// The command that shows the most telling replication event by event; empty if there is none.
  public var lookCloser = ""
  /// What the scenario is about in a few short phrases, such as `2,000 IDC nodes`.
  public var setting: [String] = []

  /// An empty summary.
  public init() {}
}

/// What a claim's check found.
public struct ClaimResult: Sendable {
  /// The three outcomes of a claim.
  public enum Verdict: String, Sendable { case holds, fails, undecided }
  /// Whether the binding limit is one on rate or on level.
  public enum LimitKind: String, Sendable { case rate, level }

  /// The claim's name.
  public var name = ""
  /// The row of the deck that it stands for, or nil.
  public var deckClaim: String?
  /// The metric.
  public var metric = ""
  /// The metric's unit.
  public var unit = ""
  /// What it is compared with.
  public var threshold = 0.0
  /// Whether the metric has to be above the threshold (or below).
  public var isAbove = true
  /// The share of replications that must meet it.
  public var share = 0.95
  /// The confidence of the verdict.
  public var confidence = 0.95
  /// Replications that met it.
  public var met = 0
  /// Replications run.
  public var of = 0
  /// The lower one-sided Clopper–Pearson bound of the share that meets it, at the confidence.
  public var shareAtLeast: Double?
  /// The upper one-sided Clopper–Pearson bound of the share that meets it, at the confidence.
  public var shareAtMost: Double?
  /// The metric's mean over the replications; nil if it doesn't exist.
  public var estimate: Double?
  /// The lower end of the mean's interval.
  public var low: Double?
  /// The upper end of the mean's interval.
  public var high: Double?
  /// The verdict.
  public var verdict = Verdict.undecided
  /// Whether windows of a trace were counted, not replications one by one.
  public var countsWindows = false
  /// The looks at the replications that were declared; empty: one at all of them.
  public var looks: [Int] = []
  /// About how many replications would decide, if undecided.
  public var replicationsToDecide: Int?
  /// Assumed values that flip the verdict.
  public var conditions: [Condition] = []
  /// The stage that binds; co-binding ones separated by commas; nil if none does.
  public var bindingStage: String?
  /// What kind of limit binds.
  public var limit: LimitKind?
  /// What each limit's relaxation alone does.
  public var counterfactuals: [Counterfactual] = []
  /// How many replications each counterfactual used.
  public var counterfactualReplications = 0
  /// What must change, rung by rung; the first rung is the scenario as it is.
  public var ladder: [Rung] = []
  /// `sustained`, `bestMinute` and `worstMinute`, always shown together, where they exist.
  public var rates: [MetricSummary] = []
  /// A sentence that says what happened.
  public var story = ""
  /// When what it is about was asked for or arrived, such as `from 5m to 30m`; empty: unknown.
  public var window = ""

  /// A claim not yet checked.
  public init() {}

  /// An assumed value that flips the verdict.
  public struct Condition: Sendable {
    /// The parameter's path.
    public var path: String
    /// The value at which the verdict flips, printed with its unit.
    public var flipsAt: String
    /// The range tried, printed with its unit.
    public var range: String
    /// The verdict at that end of the range.
    public var verdictThere: Verdict
    /// Whether it is the low end that flips, so that the verdict stands from `flipsAt` up.
    public var isLowEnd: Bool
    /// A condition from its parts.
    public init(
      path: String, flipsAt: String, range: String, verdictThere: Verdict, isLowEnd: Bool = true
    ) {
      self.path = path
      self.flipsAt = flipsAt
      self.range = range
      self.verdictThere = verdictThere
      self.isLowEnd = isLowEnd
    }
  }

  /// The effect of relaxing one limit, or several together, on the same luck.
  public struct Counterfactual: Sendable {
    /// The limit's path; several joined by `, `.
    public var path = ""
    /// The limit's stage.
    public var stage = ""
    /// The value as it is.
    public var from = ""
    /// The value tried.
    public var to = ""
    /// The metric compared; Pods ready at the end while `sustained` is zero.
    public var metric = ""
    /// The mean paired difference of the metric.
    public var estimate: Double?
    /// The lower end of the difference's interval.
    public var low: Double?
    /// The upper end of the difference's interval.
    public var high: Double?
    /// An effect not yet measured.
    public init() {}
  }

  /// One step of the ladder.
  public struct Rung: Sendable {
    /// The lever's path; empty for the scenario as it is.
    public var path = ""
    /// The value before.
    public var from = ""
    /// The value after.
    public var to = ""
    /// What it costs, as the lever says.
    public var price: String?
    /// How long it takes to get, as the lever says.
    public var leadTime: String?
    /// The metric's mean at this rung.
    public var estimate: Double?
    /// The lower end of the mean's interval at the claim's confidence.
    public var low: Double?
    /// The upper end of the mean's interval.
    public var high: Double?
    /// The 5th percentile over the replications.
    public var p5: Double?
    /// The 95th percentile over the replications.
    public var p95: Double?
    /// Replications that met the claim.
    public var met = 0
    /// Replications run.
    public var of = 0
    /// The verdict at this rung.
    public var verdict = Verdict.undecided
    /// The stage that binds at this rung.
    public var bindingStage: String?
    /// The limit's path that binds at this rung, with its value.
    public var bindingLimit: String?
    /// What kind of limit binds at this rung.
    public var limit: LimitKind?
    /// Assumed values that flip this rung's verdict; tried for the last rung only.
    public var conditions: [Condition] = []
    /// A rung not yet tried.
    public init() {}
  }
}

/// A metric over the replications.
public struct MetricSummary: Sendable {
  /// The metric's name.
  public var name: String
  /// The metric's unit.
  public var unit: String
  /// The mean over the replications.
  public var mean: Double?
  /// The lower end of the mean's interval.
  public var low: Double?
  /// The upper end of the mean's interval.
  public var high: Double?
  /// The median: over the replications, or the mean of the replications' own medians.
  public var p50: Double?
  /// The 95th percentile, likewise.
  public var p95: Double?
  /// The 99th percentile, likewise.
  public var p99: Double?
  /// How many replications gave a value.
  public var n: Int
  /// A metric without values.
  public init(name: String, unit: String) {
    self.name = name
    self.unit = unit
    n = 0
  }
}

/// Pods by their state at the horizon or at their end; each Pod is in exactly one.
public struct PodCounts: Hashable, Sendable {
  /// All of them, adopted ones included.
  public var created = 0
  /// Running and ready, or running without having been ready.
  public var running = 0
  /// Bound nowhere.
  public var pending = 0
  /// Bound, but refused resources.
  public var refused = 0
  /// Bound and on the way.
  public var starting = 0
  /// Ended well.
  public var succeeded = 0
  /// Ended badly.
  public var failed = 0
  /// Deleted on somebody's request.
  public var deleted = 0
  /// Taken off their node.
  public var evicted = 0
  /// No Pods.
  public init() {}
  /// The sum of the states.
  public var total: Int {
    running + pending + refused + starting + succeeded + failed + deleted + evicted
  }
}

/// An identity that must hold, summed over the replications.
public struct ConservationCheck: Sendable {
  /// What is conserved.
  public var quantity: String
  /// One side.
  public var left: Double
  /// The other side.
  public var right: Double
  /// A check from its parts.
  public init(quantity: String, left: Double, right: Double) {
    self.quantity = quantity
    self.left = left
    self.right = right
  }
}

/// A value that the run used and that isn't proved.
public struct Assumption: Sendable {
  /// The parameter's path.
  public var path: String
  /// The value used, printed with its unit.
  public var value: String
  /// The unit.
  public var unit: String
  /// The evidence grade: S, D, E, C, M or A.
  public var grade: String
  /// Where the value comes from.
  public var source: String
  /// The range to be tried, or nil.
  public var range: String?
  /// An assumption from its parts.
  public init(
    path: String, value: String, unit: String, grade: String, source: String, range: String?
  ) {
    self.path = path
    self.value = value
    self.unit = unit
    self.grade = grade
    self.source = source
    self.range = range
  }
}

/// What was read of one kind of object.
public struct InputSummary: Sendable {
  /// The kind.
  public var kind: String
  /// How many objects.
  public var objects = 0
  /// Fields read.
  public var read = 0
  /// Fields ignored because they don't matter to a simulation.
  public var ignored = 0
  /// Fields that matter but aren't modelled.
  public var unsupported = 0
  /// The unsupported fields' paths, sorted, each once.
  public var unsupportedFields: [String] = []
  /// Pods whose placement an unsupported field touches, sorted.
  public var podsTouched: [String] = []
  /// A kind of which nothing has been read yet.
  public init(kind: String) { self.kind = kind }
}

/// How long a stage took, over all Pods that passed it.
public struct StageSummary: Sendable {
  /// The stage.
  public var stage: String
  /// Attempts, mean per replication.
  public var attempts = 0.0
  /// Mean duration in seconds.
  public var mean: Double?
  /// Median in seconds: the mean of the replications' medians.
  public var p50: Double?
  /// 95th percentile in seconds, likewise.
  public var p95: Double?
  /// 99th percentile in seconds, likewise.
  public var p99: Double?
  /// Highest throughput possible at this stage in Pods per minute, if it has such a limit.
  public var limitPerMinute: Double?
  /// Where that limit comes from.
  public var limitPath: String?
  /// A stage not yet passed.
  public init(stage: String) { self.stage = stage }
}

/// A curve over time: the mean over the replications and a band.
public struct TimeSeries: Sendable {
  /// The name of the curves of Pods ready per minute.
  public static let throughput = "throughput"
  /// The name of the curves of Pods that wait to become ready.
  public static let backlog = "backlog"
  /// The name of the curves of requests that arrive per second.
  public static let requestRate = "requestRate"
  /// The name of the curves of requests that wait, are served, or will be tried again.
  public static let requestBacklog = "requestBacklog"
  /// The name of the curves of mean times from a request to its answer.
  public static let latency = "latency"
  /// The name of the curves of Pods that get requests.
  public static let servingPods = "servingPods"
  /// The name of the curves of what crosses links.
  public static let linkUse = "linkUse"
  /// The name of the curves of cores of Ready machines and of serverless Pods.
  public static let capacity = "capacity"
  /// The name of the curves of what has been paid so far, what is owned aside.
  public static let cost = "cost"
  /// The name of the curves of spot Pods, and of those announced to be taken back.
  public static let spot = "spot"
  /// The name of the curves of what links carry.
  public static let linkTraffic = "linkTraffic"

  /// What it shows.
  public var name: String
  /// Its unit.
  public var unit: String
  /// The place it is about, such as a site; empty for everything.
  public var place: String
  /// Seconds between points.
  public var step: Double
  /// The mean at each point, from time zero.
  public var mean: [Double]
  /// The 5th percentile at each point.
  public var low: [Double]
  /// The 95th percentile at each point.
  public var high: [Double]
  /// A curve from its parts.
  public init(
    name: String, unit: String, place: String = "", step: Double, mean: [Double], low: [Double],
    high: [Double]
  ) {
    self.name = name
    self.unit = unit
    self.place = place
    self.step = step
    self.mean = mean
    self.low = low
    self.high = high
  }
}

/// A Pod that no node can take.
public struct UnschedulablePod: Sendable {
  /// The Pod's `namespace/name`.
  public var pod: String
  /// The scheduler's message.
  public var reason: String
  /// A Pod with its reason.
  public init(pod: String, reason: String) {
    self.pod = pod
    self.reason = reason
  }
}
