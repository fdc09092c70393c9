import ClusterModel
import Probability
import Quantities

/// How a machine's kubelet and container runtime bring up Pods.
public struct MachineParameters: Hashable, Sendable {
  /// Setting up the sandbox, in seconds. Model card 3.5: a local Pod with its image starts in about
  /// 2 s, 99 % under 5 s (E, Kubernetes' SLO); split here over sandbox, address and container (A).
  public var sandbox: Law = .lognormal(median: 0.5, sigma: 0.4)
  /// Wiring the network, in seconds (A).
  public var address: Law = .lognormal(median: 0.3, sigma: 0.4)
  /// Starting a container, in seconds (A).
  public var containerStart: Law = .lognormal(median: 0.7, sigma: 0.4)
  /// How fast one pull can go, download and unpacking together. 75 MB/s (E, 50–100, model card 3.5).
  public var pullRate = Bandwidth(bitsPerSecond: 600_000_000)
  /// How fast an image is unpacked after it was downloaded, measured in bytes sent; unlimited by
  /// default, for the rate above has it in (E: 50–100 MB/s for gzip, model card 3.9).
  public var unpackRate = Bandwidth.unlimited
  /// How machines hand images on to each other; nil: they don't.
  public var sharing: PeerSharing?
  /// The room for images.
  public var imageDisk = ImageDisk()
  /// How many layers of an image are downloaded at once, each by a connection of its own. 3 (E,
  /// containerd's default, model card 3.9); it matters where connections lose packets.
  public var pullConnections = 3
  /// How many image pulls a kubelet begins per second: `registryPullQPS`, 5 (E, model card 1.1).
  public var pullQPS = Rate(perSecond: 5)
  /// How many it may begin at once after a pause: `registryBurst`, 10 (E).
  public var pullBurst = 10
  /// Whether a kubelet pulls one image at a time: `serializeImagePulls`, true (E).
  public var serialisesPulls = true
  /// How fast a kubelet's client writes to the API server: `kubeAPIQPS`, 50 from 1.27 (M).
  public var clientQPS = Rate(perSecond: 50)
  /// Its burst: `kubeAPIBurst`, 100 from 1.27 (M).
  public var clientBurst = 100
  /// From the end of the containers' work or the request to stop until the Pod is gone, in seconds,
  /// never longer than its grace period (A).
  public var shutdown: Law = .constant(1)
  /// What owning a core costs per hour, depreciation, power, rack and staff together: ¥0.055
  /// (C, model card 3.6: 64 cores for ¥60,000 over 4 years).
  public var corePrice = Price(Money(picounits: 55_000_000_000), currency: "CNY", per: .hours(1))
  /// What owning machines costs part by part; nil: `corePrice` says it.
  public var ownership: Ownership?
  /// The defaults above.
  public init() {}
}

/// A data centre of one's own or a cloud region: a place with nodes, links and costs.
public struct Site: Hashable, Sendable {
  /// The site's name.
  public var name: String
  /// Which nodes of the input stand here; nil: those that no other site claims, if this is the
  /// first site without a selector.
  public var nodes: LabelSelector?
  /// How its machines bring up Pods.
  public var machine = MachineParameters()
  /// Whether its machines hold no images at the start beyond what their status lists. Default
  /// false: they hold every image of the Pods that run on them.
  public var coldCaches = false
  /// Images that its machines pull before anybody asks for them.
  public var preheating: [Preheating] = []
  /// A site with a name.
  public init(name: String) { self.name = name }
}

/// Machines alike, made by number instead of one manifest each.
public struct NodePool: Hashable, Sendable {
  /// The pool's name; its nodes are named after it, numbered from 0.
  public var name: String
  /// The site it stands in; nil: the first.
  public var site: String?
  /// How many machines. Default 1.
  public var count: Int = 1
  /// What each offers to Pods. Default 16 cores, 64 GiB, 110 Pods.
  public var allocatable = Resources(cpu: 16_000, memory: 64 << 30, pods: 110)
  /// The provider's type that they are of, and what one costs on demand; nil: of none.
  public var instance: (type: String, price: Price)? {
    get { instanceType.flatMap { type in instancePrice.map { (type, $0) } } }
    set {
      instanceType = newValue?.type
      instancePrice = newValue?.price
    }
  }
  private var instanceType: String?
  private var instancePrice: Price?
  /// Labels of each, beside the host name.
  public var labels: Labels = [:]
  /// Taints of each.
  public var taints: [Taint] = []
  /// How its size changes; nil: it doesn't.
  public var autoscaling: NodePoolAutoscaling?
  /// A pool with a name.
  public init(name: String) { self.name = name }

  /// The manifest of the pool's n-th machine.
  public func node(_ n: Int) -> Node {
    var node = Node(name: "\(name)-\(n)", labels: labels, allocatable: allocatable)
    node.labels["kubernetes.io/hostname"] = node.name
    node.taints = taints
    return node
  }
}
