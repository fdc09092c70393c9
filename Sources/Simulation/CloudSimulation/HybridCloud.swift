import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// What is remembered about a live Pod beside the API server's record.
struct PodRun: BitwiseCopyable, Sendable {
  var generation: UInt16 = 0
  var root: Int32 = -1
  var owner: WorkloadKind?
  var subject: UInt64 = 0
  var number: UInt32 = 0
  /// How many calls of each purpose were made about this Pod, in four bits each, for their draws.
  var calls: UInt64 = 0
  /// When its present stage began.
  var since = Instant.zero
  var scheduled = Instant.distantFuture
  var bound = Instant.distantFuture
  var ready = Instant.distantFuture
  var refusal: RefusalReason?
  var wasEvicted = false
  /// When its agent last fell silent, if it runs at a provider.
  var silentSince = Instant.zero
  /// When its containers began to work, if it works to an end.
  var working = Instant.distantFuture
  /// When its provider announced to take it back.
  var announced = Instant.distantFuture
}

/// A hybrid cloud at an instant: the cluster, its control loops, its machines and providers.
///
/// A plain value that isn't copyable by accident; ``copy()`` branches a run.
struct HybridCloud: ~Copyable, Sendable {
  // Siblings, so that a component can be changed while the cluster is borrowed.
  var cluster: ClusterState
  var loops: ControlLoops
  var clients: [ClientState]
  var writes = PendingWrites()
  var pipeline: StartPipeline
  var outbox = PipelineOutbox()
  var recorder: Recorder
  var layout: WorldLayout
  var runs: [PodRun] = []
  var roots: [RootRecord] = []
  var rootOf: [Int32] = []  // by workload slot
  var levels: [LevelRecord] = []  // by root
  /// The fewest Pods that scalers leave, by root.
  var floors: [Int] = []
  /// By load.
  var loadNames: [String] = []
  var courses: [LoadTarget] = []
  /// What is scripted about links.
  var lineChanges: [LineChange] = []
  var losses: [LossCourse] = []
  var preheating: [PreheatingOrder] = []
  var cronJobs: [CronJobPattern] = []
  var counts = PodCountsAtEnd()
  var existence = Occupancy()
  var ownUse = OwnUse()
  /// Spot Pods that were announced to be taken back.
  var reclaims = 0
  /// Work of Jobs' Pods that was lost with them.
  var lostWork = TimeSpan.zero
  var placements: [PlacementRecord] = []
  /// Names of all Pods, also of those that are gone; filled only where records are kept.
  var nameOf: [PodID: (namespace: String, name: String)] = [:]  // name look-up
  var noted = 0
  var transferVersion: UInt32 = 0
  var lastNetworkChange: UInt64 = 0
  var lastChange = Instant.zero
  /// Timers of Pods' starts and work that are set, those of retries aside.
  var timersSet = 0
  var usage: Usage = []
  var recordings = AutoscalerRecordings()
  var traffic: RequestTraffic
  var requestTargets: [RequestTarget] = []
  /// By measured burst: the service and the number of its window, if it is about requests.
  var requestWindows: [(service: Int, window: Int)?] = []
  var siteTraffic = SiteTraffic()
  /// How far the endpoints have followed the cluster.
  var endpointsNoted = 0
  var metrics: MetricsPipeline
  var monitor: RequestMonitor
  var faults: FaultSchedule
  var faultChanges: [FaultChange] = []
  var contacts: NodeContacts
  var failures = FailureCounts()
  var fleet: NodeFleet
  let luck: CloudLuck
  let parameters: RunParameters

  /// An independent copy that goes on by itself.
  borrowing func copy() -> HybridCloud {
    HybridCloud(copying: self)
  }

  private init(copying other: borrowing HybridCloud) {
    cluster = other.cluster.copy()
    loops = other.loops
    clients = other.clients
    writes = other.writes
    pipeline = other.pipeline
    outbox = other.outbox
    recorder = other.recorder
    layout = other.layout
    runs = other.runs
    roots = other.roots
    rootOf = other.rootOf
    levels = other.levels
    floors = other.floors
    loadNames = other.loadNames
    courses = other.courses
    lineChanges = other.lineChanges
    losses = other.losses
    preheating = other.preheating
    cronJobs = other.cronJobs
    counts = other.counts
    existence = other.existence
    ownUse = other.ownUse
    reclaims = other.reclaims
    lostWork = other.lostWork
    placements = other.placements
    nameOf = other.nameOf
    noted = other.noted
    transferVersion = other.transferVersion
    lastNetworkChange = other.lastNetworkChange
    lastChange = other.lastChange
    timersSet = other.timersSet
    usage = other.usage
    recordings = other.recordings
    traffic = other.traffic.copy()
    requestTargets = other.requestTargets
    requestWindows = other.requestWindows
    siteTraffic = other.siteTraffic
    endpointsNoted = other.endpointsNoted
    metrics = other.metrics
    monitor = other.monitor
    faults = other.faults
    faultChanges = other.faultChanges
    contacts = other.contacts
    failures = other.failures
    fleet = other.fleet
    luck = other.luck
    parameters = other.parameters
  }

  init(
    cluster: consuming ClusterState, loops: ControlLoops, clients: [ClientState],
    pipeline: StartPipeline, recorder: Recorder, layout: WorldLayout, metrics: MetricsPipeline,
    monitor: RequestMonitor, luck: CloudLuck, parameters: RunParameters, faults: FaultSchedule,
    contacts: NodeContacts
  ) {
    traffic = RequestTraffic(luck: luck.source)
    self.metrics = metrics
    self.monitor = monitor
    self.cluster = cluster
    self.loops = loops
    self.clients = clients
    self.pipeline = pipeline
    self.recorder = recorder
    self.layout = layout
    self.luck = luck
    fleet = NodeFleet(luck.source)
    self.parameters = parameters
    self.faults = faults
    self.contacts = contacts
  }
}

/// How many Pods ended in which way.
struct PodCountsAtEnd: BitwiseCopyable, Sendable {
  var created = 0
  var succeeded = 0
  var failed = 0
  var deleted = 0
  var evicted = 0
}

/// The streams that the simulated API server draws from.
struct CloudLuck: BitwiseCopyable, Sendable {
  let source: RandomSource
  let write: KeyedStream
  let watch: KeyedStream
  let nodeWatch: KeyedStream
  let route: KeyedStream
  let used: KeyedStream
  let lease: KeyedStream
  let answer: KeyedStream
  let spot: KeyedStream
  let loss: KeyedStream
  let lifetime: KeyedStream
  let runTime: KeyedStream
  let choices: Choices

  init(_ source: RandomSource) {
    self.source = source
    write = source.stream("api/write")
    watch = source.stream("api/watch")
    nodeWatch = source.stream("api/node-watch")
    route = source.stream("route")
    used = source.stream("used")
    lease = source.stream("node/lease")
    answer = source.stream("api/answer")
    spot = source.stream("spot")
    loss = source.stream("link/loss")
    lifetime = source.stream("spot/lifetime")
    runTime = source.stream("run-time")
    choices = Choices(key: source.stream("choices").bits(for: 0))
  }
}

/// What the run must know of the scenario in its hot path, without strings.
struct RunParameters: Sendable {
  let writeLatency: Law
  let watchDelay: Law
  let endpointPropagation: Law
  let podCap: Int?
  let horizon: Instant
  /// Whether a burst policy is asked about new Pods.
  let asksPolicy: Bool
  /// Whether some pool admits Pods by itself.
  let hasMatches: Bool
  /// The clients whose loops run: a bit for each.
  let listeners: UInt32
  /// The windows of claims, where where Pods are is measured.
  let levelWindows: [BurstWindow]
  /// Whether some scaler reads what loads ask for.
  let servesLoads: Bool
  let isBareDump: Bool
  /// How long after it is asked for a Job has to be done; nil: none has a deadline.
  let deadline: TimeSpan?
  /// Whether the scheduler looks at what virtual nodes say they have left.
  let readsVirtualNodes: Bool
  let binding: BindingParameters
  let replication: Int
}

/// When a binding counts as failed, and what becomes of it then.
struct BindingParameters: BitwiseCopyable, Sendable {
  let timeout: TimeSpan
  /// The share that is never answered.
  let unanswered: Double
  /// The share of those that is stored.
  let stored: Double

  init(_ scheduler: SchedulerParameters) {
    timeout = scheduler.bindTimeout
    unanswered = scheduler.unansweredBindings
    stored = scheduler.unansweredStored
  }
}

/// A load with its target in the cluster.
struct LoadTarget: Sendable {
  var course: LoadCourse
  /// The change that is due next.
  var due: LoadChange?
  /// The workload whose replicas it sets; nil if it has Jobs arrive.
  var workload: WorkloadID?
  /// The Job that it has copies of arrive.
  var job: WorkloadObject?
  var jobTemplate: TemplateID?
  /// Replicas asked for, or Jobs that have arrived.
  var level: Int
}
