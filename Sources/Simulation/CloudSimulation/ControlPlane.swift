import Autoscaling
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
  /// The bytes of a kubelet's report about a Pod that cross the links to the API server, with all
  /// that goes with them. 4 KiB (C: a Pod's status of about 2 KiB in a patch, its answer, headers).
  public var callSize: Int = 4096
  /// The bytes of a call to create a serverless Pod, with its answer, that cross the links from the
  /// API server's site to the pool's; with it goes a round trip, and a call fails while no way leads
  /// there. Default 0: it is answered beside the API server (C: a few KiB take nothing of a line).
  public var createSize: Int = 0
  /// The bytes of a renewal of a node's lease, with its answer, that cross the links to the API
  /// server. Default 0 (C: 2 KiB from 1,000 nodes every 10 s are 1.6 Mbit/s).
  public var leaseSize: Int = 0
  /// The bytes of an event that a node's watch brings across the links: of its own Pods, and of all
  /// endpoints. With them it hears of its Pods half a round trip later. Default 0 (C: about 4 KiB for
  /// each change of a Pod at its own node; endpoints count once for every node).
  public var watchSize: Int = 0
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
  /// The node autoscaler's client: 5 and 10 (M, its flags' defaults).
  public var nodeAutoscaler = ClientLimits(qps: 5, burst: 10)
  /// The client of HorizontalPodAutoscalers' controller: 20 and 30 (E).
  public var horizontalPodAutoscaler = ClientLimits(qps: 20, burst: 30)
  /// How that controller works: the flags' defaults (S).
  public var autoscaling = HorizontalPodAutoscalerConfiguration()
  /// The toleration controller's concurrent reconciles; nil: no limit. 5 (S, model card 2.1).
  public var admissionWorkers: Int? = 5
  /// How nodes that aren't heard of are treated.
  public var nodeLifecycle = NodeLifecycleParameters()
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
  /// How what Pods use comes to be known.
  public var metrics = MetricsParameters()
  /// The defaults above.
  public init() {}
}

/// The way from what happens in Pods to what the metrics APIs serve.
public struct MetricsParameters: Hashable, Sendable {
  /// How often a kubelet looks at its Pods' use. Default 10 s (E, 10–15 s).
  public var kubeletInterval: TimeSpan = .seconds(10)
  /// How often the metrics server asks the kubelets, and the monitoring system the Pods. Default 15 s (S, its `metric-resolution`).
  public var resolution: TimeSpan = .seconds(15)
  /// From asking until the answer is served. Default 1 s (A).
  public var delay: TimeSpan = .seconds(1)
  /// How far back a rate of requests looks, among the looks that the monitoring system takes every
  /// ``resolution``. Default 1 min (A).
  public var rateWindow: TimeSpan = .minutes(1)
  /// The defaults above.
  public init() {}
}

/// How kube-controller-manager treats nodes that aren't heard of; without a ``FaultPlan`` nothing of
/// it is at work.
public struct NodeLifecycleParameters: Hashable, Sendable {
  /// The clients of its three controllers, each: 20 and 30 (E, model card 1.1).
  public var client = ClientLimits(qps: 20, burst: 30)
  /// How often a kubelet renews its lease. 10 s (M: a quarter of 40 s, model card 1.1).
  public var leasePeriod: TimeSpan = .seconds(10)
  /// How long a lease that isn't renewed is borne; nil: 50 s in v1.36 (M), 40 s in tke-1.20 (E).
  public var gracePeriod: TimeSpan?
  /// How often nodes are looked at. 5 s (E).
  public var monitorPeriod: TimeSpan = .seconds(5)
  /// Nodes per second that are emptied in a zone. 0.1 (M).
  public var evictionRate = Rate(perSecond: 0.1)
  /// The same in a large zone of which many nodes are unhealthy. 0.01 (M).
  public var secondaryEvictionRate = Rate(perSecond: 0.01)
  /// The share of unhealthy nodes from which on a zone counts as disrupted. 0.55 (M).
  public var unhealthyZoneThreshold = 0.55
  /// Zones with more nodes than this are large. 50 (M).
  public var largeClusterSize = 50
  /// How long Pods bear an unhealthy node that don't say so; nil: for ever. 300 s (E).
  public var toleration: TimeSpan? = .seconds(300)
  /// Whether virtual nodes' Pods are left alone. True (S, tke-k8s-distro patch 0007).
  public var exemptsVirtualNodes = true
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
  /// What filtering one node costs one of the ``parallelism`` workers, besides ``cycleTime``. Default 0:
  /// measured cycles include it (E).
  public var filterTime: TimeSpan = .zero
  /// Its profiles, as a KubeSchedulerConfiguration sets them; none: the behaviour's default one.
  public var profiles: [SchedulerProfile] = []
  /// Which LocalReplicas takes part, if it does; nil: as the profiles say.
  public var localReplicas: LocalReplicasVariant?
  /// How GPUs are shared and who decides about them; nil: nobody looks at devices.
  public var gpuPolicy: GPUPolicy?
  /// Workers that filter nodes; a matter of cost. Default 16 (S).
  public var parallelism: Int = 16
  /// How long a Pod waits after its first failed attempt. Default 1 s (S).
  public var initialBackoff: TimeSpan = .seconds(1)
  /// How long a Pod waits between attempts at most. Default 10 s (S).
  public var maxBackoff: TimeSpan = .seconds(10)
  /// How long it waits for the answer to a binding. Default 60 s (M: the API server's
  /// `request-timeout`).
  public var bindTimeout: TimeSpan = .seconds(60)
  /// The share of bindings that are never answered. Default 0 (A).
  public var unansweredBindings = 0.0
  /// The share of unanswered bindings that are stored all the same, where it isn't clear from what
  /// held them up. Default 0.5 (A).
  public var unansweredStored = 0.5
  /// The defaults above.
  public init() {}

  /// Behaviour profiles.
  public enum Profile: String, Hashable, Sendable, CaseIterable {
    case v136 = "v1.36"
    case tke120 = "tke-1.20"
  }

  /// Variants of the plugin LocalReplicas.
  public enum LocalReplicasVariant: String, Hashable, Sendable, CaseIterable {
    /// As published: it sleeps 300 ms at each node and counts confirmed Pods.
    case published
    /// Without the sleep: it counts what it has decided about itself.
    case fixed
  }

  /// What the chosen version does differently from others.
  public var behaviour: BehaviourProfile { profile == .v136 ? .v136 : .tke120 }

  /// The profiles with every choice of the scenario applied.
  public var effectiveProfiles: [SchedulerProfile] {
    let standard = profile == .v136 ? SchedulerProfile() : SchedulerProfile.tke()
    return (profiles.isEmpty ? [standard] : profiles).map { profile in
      var profile = profile
      switch localReplicas {
      case .published: profile.localReplicas = LocalReplicasSettings()
      case .fixed: profile.localReplicas = .fixed
      case nil: break
      }
      return profile
    }
  }

  /// Whether any profile looks at what virtual nodes say they have left.
  var readsVirtualNodes: Bool {
    effectiveProfiles.contains {
      !$0.disabledFilters.contains(.computeResource) || $0.weights.computeResource != 0
        || !$0.disabledFilters.contains(.fitIPResource)
    }
  }
}
