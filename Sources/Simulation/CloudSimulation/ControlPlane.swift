import ClusterModel
import Controllers
import Probability
import Quantities
import Scheduling

/// A client's own limit on its calls to the API server, as client-go's `qps` and `burst` set it.
public struct ClientLimits: Hashable, Sendable {
  /// Calls per second in the long run.
  public var qps: Rate
  /// Calls at once after a pause.
  public var burst: Int
  /// Limits from their parts.
  public init(qps: Double, burst: Int) {
    self.qps = Rate(perSecond: qps)
    self.burst = burst
  }
}

/// The simulated API server and its clients.
public struct ControlPlaneParameters: Hashable, Sendable {
  /// One write, from the client's call until it is stored, in seconds (A, 5–20 ms; Kubernetes' SLO
  /// is 99 % under 1 s).
  public var writeLatency: Law = .lognormal(median: 0.008, sigma: 0.4)
  /// From a stored change until a watching client knows of it, in seconds (A, 2–50 ms).
  public var watchDelay: Law = .lognormal(median: 0.01, sigma: 0.4)
  /// From Ready until the endpoint is programmed everywhere, in seconds (D, 0–30 s by the sync
  /// period; A within it).
  public var endpointPropagation: Law = .lognormal(median: 1, sigma: 0.6)
  /// The ReplicaSet controller's client: 20 and 30 (E, model card 1.1).
  public var replicaSet = ClientLimits(qps: 20, burst: 30)
  /// The Deployment controller's client: 20 and 30 (E).
  public var deployment = ClientLimits(qps: 20, burst: 30)
  /// The StatefulSet controller's client: 20 and 30 (E).
  public var statefulSet = ClientLimits(qps: 20, burst: 30)
  /// The DaemonSet controller's client: 20 and 30 (E).
  public var daemonSet = ClientLimits(qps: 20, burst: 30)
  /// The Job controller's client: 20 and 30 (E).
  public var job = ClientLimits(qps: 20, burst: 30)
  /// The scheduler's client: 50 and 100 (S, model card 1.1).
  public var scheduler = ClientLimits(qps: 50, burst: 100)
  /// The toleration controller's client: 20 and 30 (M, model card 2.1).
  public var admission = ClientLimits(qps: 20, burst: 30)
  /// The toleration controller's concurrent reconciles; nil: no limit. 5 (S, model card 2.1).
  public var admissionWorkers: Int? = 5
  /// Which published truth table decides about bursting. v1.0.0 (S, model card 3.5).
  public var resilience: ResilienceProfile = .v1
  /// Which of a ReplicaSet's surplus Pods go first. Kubernetes' own order.
  public var scaleIn: ScaleInOrder = .kubernetes
  /// Whether the ReplicaSet controller begins with one Pod and doubles (M: it does).
  public var slowStart = true
  /// The cluster's Pod cap; nil: no limit. TKE's levels L5 … L5000 cap 600 … 200,000 (D, model
  /// card 1.2).
  public var podCap: Int?
  /// How many changes the API server's watch cache keeps. 65,536: more than any pass falls behind.
  public var watchCache = 65_536
  /// The defaults above.
  public init() {}
}

/// How the scheduler behaves and what its cycles cost.
public struct SchedulerParameters: Hashable, Sendable {
  /// Which version's behaviour. Default v1.36 (S, proven by vectors).
  public var profile: Profile = .v136
  /// Which of equally good nodes is taken. Default `lowestName`.
  public var ties: TieRule = .lowestName
  /// The share of nodes searched; 0: adaptive. Default 0 (S).
  public var percentageOfNodesToScore: Int = 0
  /// What one cycle costs, in seconds. 8 ms (E: 100–180 Pods/s, model card 1.1).
  public var cycleTime: TimeSpan = .milliseconds(8)
  /// Its profiles, as a KubeSchedulerConfiguration sets them; at least one.
  public var profiles = [SchedulerProfile()]
  /// How long a Pod waits after its first failed attempt. Default 1 s (S).
  public var initialBackoff: TimeSpan = .seconds(1)
  /// How long a Pod waits between attempts at most. Default 10 s (S).
  public var maxBackoff: TimeSpan = .seconds(10)
  /// The defaults above.
  public init() {}

  /// Behaviour profiles.
  public enum Profile: String, Hashable, Sendable, CaseIterable {
    case v136 = "v1.36"
    case tke120 = "tke-1.20"
  }
}
