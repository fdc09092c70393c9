import ClusterModel
import Probability
import Quantities

/// How many Pods a provider runs for one customer.
public struct ServerlessQuota: Hashable, Sendable {
  /// Pods on the pool's virtual nodes per cluster; nil: no limit. 100 (D, model card 1.2).
  public var podsPerCluster: Int? = 100
  /// Pods of one workload; nil: no limit. 100 (D).
  public var podsPerWorkload: Int? = 100
  /// Container instances per region; nil: no limit. 500 (D).
  public var podsPerRegion: Int? = 500
  /// Instances that the customer's other clusters hold in the region. 0.
  public var regionInUse: Int = 0
  /// The provider's published defaults.
  public init() {}
}

/// A subnet whose free addresses serverless Pods take, one each; it appears as one virtual node.
public struct Subnet: Hashable, Sendable {
  /// The subnet in CIDR form, such as `10.8.0.0/22`.
  public var cidr: String
  /// The zone it lies in.
  public var zone: String
  /// A subnet in a zone.
  public init(cidr: String, zone: String = "zone-1") {
    self.cidr = cidr
    self.zone = zone
  }
  /// The length of the prefix, or nil if the text isn't in CIDR form.
  public var prefixLength: Int? {
    let parts = cidr.split(separator: "/")
    guard parts.count == 2, let length = Int(parts[1]), (0...32).contains(length) else {
      return nil
    }
    let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4, octets.allSatisfy({ UInt8($0) != nil }) else { return nil }
    return length
  }
  /// Addresses for Pods: all but three.
  ///
  /// > Source: Tencent's VPC keeps the first two and the last address of a subnet (D): a /24 has
  /// > 253, a /20 4,093 (model card 2.1).
  public var addresses: Int { prefixLength.map { max(0, (1 << (32 - $0)) - 3) } ?? 0 }
}

/// How a serverless Pod gets its image.
public struct ServerlessImages: Hashable, Sendable {
  /// Whether images are attached from a snapshot made before (`use-image-cache`). Default false.
  public var cache = false
  /// Attaching a snapshot, in seconds: 5–30 (D, model card 3.5).
  public var cacheMount: Law = .uniform(low: 5, high: 30)
  /// Whether a Pod takes the disk that one of its workload left within the window. Default true.
  public var diskReuse = true
  /// How long a disk is kept: 6 h (D).
  public var diskReuseWindow: TimeSpan = .hours(6)
  /// Taking over a kept disk, in seconds: 0–2 (D).
  public var diskReuseMount: Law = .uniform(low: 0, high: 2)
  /// How fast one pull can go, download and unpacking together. 75 MB/s (E, 50–100).
  public var pullRate = Bandwidth(bitsPerSecond: 600_000_000)
  /// How fast an image is unpacked after it was downloaded, measured in bytes sent; unlimited by
  /// default, for the rate above has it in (E: 50–100 MB/s for gzip, model card 3.9).
  public var unpackRate = Bandwidth.unlimited
  /// How instances hand images on to each other; nil: they don't.
  public var sharing: PeerSharing?
  /// How many layers of an image are downloaded at once, each by a connection of its own. 3 (E,
  /// containerd's default, model card 3.9); it matters where connections lose packets.
  public var pullConnections = 3
  /// The registry pulled from; nil: the only one, or one at the pool's own site.
  public var registry: String?
  /// The defaults above.
  public init() {}
}

/// Pods of a namespace, those with some labels.
public struct PodMatch: Hashable, Sendable {
  /// The namespace.
  public var namespace: String
  /// Labels that they have, all of these.
  public var labels: Labels = [:]
  /// All Pods of a namespace.
  public init(namespace: String) { self.namespace = namespace }
}

/// Serverless Pods behind virtual nodes: the provider's pipeline with its quotas and rates.
///
/// Stages (model cards 2.1 and 3.5): accept (quotas, security groups, addresses, stock), call (the
/// create API behind the virtual kubelet's workers), boot, address, image, start, probe.
public struct ServerlessPool: Hashable, Sendable {
  /// The pool's name.
  public var name: String
  /// The site it stands in; nil: a site of the pool's own name.
  public var site: String?
  /// The subnets, each a virtual node. Default one /22.
  public var subnets: [Subnet] = [Subnet(cidr: "10.0.0.0/22")]
  /// Pods that are admitted to it whatever else could take them, by any of these; as a Fargate
  /// profile is matched when a Pod is created.
  public var admits: [PodMatch] = []
  /// How many security groups its Pods are spread over. Default 1.
  public var securityGroups: Int = 1
  /// Pods per security group; nil: no limit. 2,000 (D, model card 1.2).
  public var podsPerSecurityGroup: Int? = 2000
  /// Quotas.
  public var quota = ServerlessQuota()
  /// Cores in stock for the pool's instance type; nil: no limit (the provider publishes none).
  public var stockCores: Int?
  /// Core sizes that are sold out, in thousandths of a core. None by default.
  public var soldOutSizes: [Int64] = []
  /// Which processors: `intel` or `amd`; decides the price. Default intel.
  public var cpuType: CPUType = .intel
  /// Creations that the virtual kubelet has under way at once; nil: no limit. 40 (A, 10–100).
  public var createWorkers: Int? = 40
  /// Creations that the provider's API accepts. 1,000/min (E: Alibaba's, Tencent publishes none;
  /// range 600–3,000, A).
  public var createRate = Rate(perMinute: 1000)
  /// Creations accepted at once after a pause. 20 (E: Fargate's on EKS; range 1–100, A).
  public var createBurst: Int = 20
  /// One create call, in seconds (A, model card 3.5).
  public var callLatency: Law = .lognormal(mean: 0.5, sigma: 0.5)
  /// MicroVMs that the hosts start. Unlimited: one host starts over 200 a second (E, RunD).
  public var bootRate = Rate.unlimited
  /// From the accepted call to a running agent, in seconds (A, 3–10 s).
  public var boot: Law = .lognormal(median: 5, sigma: 0.5)
  /// Network interfaces that the VPC attaches. Unlimited (nothing published).
  public var addressRate = Rate.unlimited
  /// Attaching address and interface, in seconds (A, 0.5–2 s).
  public var address: Law = .lognormal(median: 1, sigma: 0.35)
  /// How Pods get their images.
  public var images = ServerlessImages()
  /// Containers that may start. Unlimited: hosts are many.
  public var startRate = Rate.unlimited
  /// Starting the containers, in seconds (A).
  public var containerStart: Law = .lognormal(median: 0.7, sigma: 0.4)
  /// Status writes of the virtual kubelet to the API server. 50 per second (A, 20–500).
  public var clientQPS = Rate(perSecond: 50)
  /// Its burst. 100 (A).
  public var clientBurst: Int = 100
  /// The first wait after a refusal. 5 s (A, 1–30 s); doubles at every further one.
  public var retryInitial: TimeSpan = .seconds(5)
  /// The longest wait between tries. 300 s (A, 60–600 s).
  public var retryMax: TimeSpan = .minutes(5)
  /// How often its virtual nodes say anew what is in stock and how many addresses are free, where
  /// the scheduler looks at it. 60 s (A, 10–300 s).
  public var labelRefresh: TimeSpan = .seconds(60)
  /// From the request to stop until the Pod is gone, in seconds, never longer than its grace
  /// period (A).
  public var shutdown: Law = .constant(1)
  /// What is scripted about its spot Pods.
  public var spot = SpotScript()
  /// When the provider's API doesn't answer: creations fail and are tried again, what runs goes on.
  /// Never by default.
  public var outages: [Outage] = []
  /// A pool with a name and the defaults above.
  public init(name: String) { self.name = name }

  /// The makes of processor on sale.
  public enum CPUType: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
    case intel, amd
  }

  /// The taint that virtual nodes carry.
  ///
  /// > Source: tke-k8s-distro (S, model card 3.2).
  public static let taintKey = "eks.tke.cloud.tencent.com/eklet"
}
