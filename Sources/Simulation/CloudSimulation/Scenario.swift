import Autoscaling
import ClusterModel
import Infrastructure
import Quantities
import Workloads

/// A world and what is to be found out about it.
///
/// A plain value: files are one way to make it, code is another.
public struct Scenario: Sendable {
  /// Its name.
  public var name: String
  /// The question it answers: its file's first comment.
  public var question = ""
  /// The row of the deck it stands for, if any.
  public var deckClaim: String?
  /// The date and time of instant zero, as written (RFC 3339); nil: unknown.
  public var startAt: String?
  /// How long it runs. Default 30 min.
  public var duration: TimeSpan = .minutes(30)
  /// The seed of all chance. Default 42.
  public var seed: UInt64 = 42
  /// How many replications; nil: the fewest that can settle every claim, at least 1.
  public var replications: Int?
  /// Numbers of replications at which it is looked whether every claim is decided, ascending; the
  /// last is the most that are run. Empty: all replications are run, and looked at once.
  public var looks: [Int] = []
  /// Whether serverless Pods find kept disks and images at the start. Default false: cold.
  public var warmCloudCaches = false
  /// Whether this is a bare dump: no `Scenario` among the input. Pods without a node are pending at
  /// time zero, all nodes are scored, and the run ends when nothing changes any more.
  public var isBareDump = false

  /// What the API server holds at time zero.
  public var cluster = ClusterObjects()
  /// Sites, at least one.
  public var sites: [Site] = [Site(name: "idc")]
  /// Machines by number.
  public var nodePools: [NodePool] = []
  /// Serverless pools.
  public var serverlessPools: [ServerlessPool] = []
  /// Links between sites.
  public var links: [Link] = []
  /// Registries.
  public var registries: [Registry] = []
  /// Images whose layers are known.
  public var images: [Image] = []
  /// What manifests don't say about Pods.
  public var profiles: [WorkloadProfile] = []
  /// Demands.
  public var loads: [LoadProfile] = []
  /// What fails.
  public var faults: [FaultPlan] = []
  /// Prices.
  public var prices = PriceSheet()
  /// The API server and its clients.
  public var controlPlane = ControlPlaneParameters()
  /// The scheduler.
  public var scheduler = SchedulerParameters()
  /// The node autoscaler, which works where a pool is autoscaled.
  public var nodeAutoscaler = NodeAutoscalerConfiguration()
  /// Scalers that act ahead of a metric.
  public var predictiveScalers: [PredictiveScaler] = []
  /// Instant zero on the clock of ``startAt``, in seconds since 1970; 0: unknown.
  public var clockOrigin: Int64 = 0
  /// Which Pods go to the cloud.
  public var burst = BurstParameters()
  /// Statements to be checked.
  public var claims: [Claim] = []
  /// Batch systems beside the cluster.
  public var batchClusters: [BatchCluster] = []
  /// What a sweep moves.
  public var experiments: [Experiment] = []
  /// What `plan` looks for.
  public var plans: [Plan] = []
  /// Limits that may be moved.
  public var levers: [Lever] = []

  /// A scenario with a name and nothing in it.
  public init(name: String) { self.name = name }
}
