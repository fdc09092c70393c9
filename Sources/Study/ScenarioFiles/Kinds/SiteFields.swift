import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities

extension Site: ScenarioKind {
  static let kind = "Site"
  static let shortForm: String? = "sites"
  static func blank(_ name: String) -> Site { Site(name: name) }
  static func add(_ object: Site, to scenario: inout Scenario) { scenario.sites.append(object) }

  static let fields = FieldTable<Site> { table in
    table.field(
      "nodes", \.nodes, Codec<LabelSelector>.selector.optional(written: nil),
      Note("Which nodes of the input stand here; otherwise those that no other site claims."))
    table.part(
      "machine", \.machine, MachineParameters.fields, Note("How its machines bring up Pods."))
    table.field(
      "coldCaches", \.coldCaches, .flag,
      Note("Whether its machines hold no images beyond what their status lists."))
    table.field(
      "preheating", \.preheating, Codec<Preheating>.preheating.list,
      Note("Images that its machines pull before anybody asks for them."))
    table.shortForm(
      "serverless", of: ServerlessPool.self, isList: false, "A serverless pool that stands here.")
  }
}

extension MachineParameters {
  static let fields = FieldTable<MachineParameters> { table in
    let split = "chosen; with its image a local Pod starts in about 2 s (E, Kubernetes' objective)"
    table.field(
      "sandbox", \.sandbox, .durationLaw,
      Note("Setting up the sandbox.").graded("A", split).range("200ms", "1s").used(.machine))
    table.field(
      "address", \.address, .durationLaw,
      Note("Wiring the network.").graded("A", split).range("100ms", "1s").used(.machine))
    table.field(
      "containerStart", \.containerStart, .durationLaw,
      Note("Starting a container.").graded("A", split).range("200ms", "2s").used(.machine))
    let pull = "50 to 100 MB/s: 413 MB in 57 s on Fargate, elasticscale"
    table.field(
      "pullRate", \.pullRate, .bandwidth,
      Note("How fast one pull can go, download and unpacking together.").graded("E", pull)
        .used(.machinePull))
    let kubelet = "the kubelet's default"
    table.field(
      "unpackRate", \.unpackRate, .bandwidth,
      Note("How fast an image is unpacked after it was downloaded, in bytes sent.")
        .graded("E", "within the rate above; gzip alone 50 to 100 MB/s")
        .limits(.rate, .image).used(.machinePull))
    table.part(
      "peers", \.orNoSharing, PeerSharing.fields,
      Note("How they hand images on to each other; otherwise they don't."),
      isPresent: { $0.sharing != nil })
    table.part("imageDisk", \.imageDisk, ImageDisk.fields, Note("The room for images."))
    table.field(
      "pullConnections", \.pullConnections, .integer(from: 1),
      Note(
        "Layers downloaded at once, each by a connection of its own; matters where packets are lost."
      )
      .graded("E", "containerd's default").used(.link))
    table.field(
      "pullQPS", \.pullQPS, .perSecond,
      Note("Image pulls that a kubelet begins per second: registryPullQPS.")
        .graded("E", kubelet).limits(.rate, .image).used(.machinePull))
    table.field(
      "pullBurst", \.pullBurst, .integer(from: 1),
      Note("Pulls it may begin at once after a pause: registryBurst.").graded("E", kubelet)
        .used(.machinePull))
    table.field(
      "serialisesPulls", \.serialisesPulls, .flag,
      Note("Whether a kubelet pulls one image at a time: serializeImagePulls.")
        .graded("E", kubelet).limits(.rate, .image, unlimited: "false").used(.machinePull))
    table.field(
      "clientQPS", \.clientQPS, .perSecond,
      Note("A kubelet's writes to the API server per second: kubeAPIQPS.")
        .graded("M", "the kubelet's default from 1.27").limits(.rate, .probe).used(.machine))
    table.field(
      "clientBurst", \.clientBurst, .integer(from: 1),
      Note("Its writes at once after a pause: kubeAPIBurst.")
        .graded("M", "the kubelet's default from 1.27").used(.machine))
    table.field(
      "shutdown", \.shutdown, .durationLaw,
      Note("From the request to stop until the Pod is gone, within its grace period.")
        .graded("A", "chosen").range("100ms", "30s").used(.shutdown))
    table.field(
      "corePrice", \.corePrice, .price,
      Note("What owning a core costs, everything together.")
        .graded("C", "64 cores for 60,000 CNY over 4 years, power and staff").used(.ownership))
    table.part(
      "ownership", \.orNoOwnership, Ownership.fields,
      Note("What owning machines costs part by part, in place of corePrice."),
      isPresent: { $0.ownership != nil })
  }
}

extension MachineParameters {
  /// The ownership; it begins when something is read into it.
  fileprivate var orNoOwnership: Ownership {
    get { ownership ?? Ownership() }
    set { ownership = newValue }
  }
}

extension MachineParameters {
  /// The sharing; it begins when something is read into it.
  fileprivate var orNoSharing: PeerSharing {
    get { sharing ?? PeerSharing() }
    set { sharing = newValue }
  }
}

extension NodePool: ScenarioKind {
  static let kind = "NodePool"
  static let shortForm: String? = "nodePools"
  static func blank(_ name: String) -> NodePool { NodePool(name: name) }
  static func add(_ object: NodePool, to scenario: inout Scenario) {
    scenario.nodePools.append(object)
  }

  static let fields = FieldTable<NodePool> { table in
    table.custom(
      "instanceType", Codec<String>.name.shape,
      Note("The provider's type, such as m5.large or n2-standard-4: what it offers and costs."),
      text: { $0.instance?.type }
    ) { value, pool, reader in
      guard let text = reader.scalar(value, expected: "an instance type") else { return }
      guard let type = InstanceType.named(text) else {
        reader.error(
          at: value.place, "wrong-value", "unknown instance type \"\(text)\"",
          expected: "one of EC2's or Google's that a catalogue has",
          suggestion: nearest(to: text, among: InstanceType.all.map(\.name)), width: text.count)
        return
      }
      pool.instance = (type.name, type.price)
      pool.allocatable = type.allocatable
    }
    table.field(
      "site", \.site, Codec<String>.name.optional(written: nil),
      Note("The site it stands in; otherwise the first."))
    table.field("count", \.count, .integer(to: 200_000), Note("How many machines."))
    table.field(
      "allocatable", \.allocatable, .roundedResources, Note("What each offers to Pods."))
    table.field("labels", \.labels, .labels, Note("Labels of each, beside the host name."))
    table.field("taints", \.taints, Codec<Taint>.taint.list, Note("Taints of each."))
    table.part(
      "autoscaling", \.orNoAutoscaling, NodePoolAutoscaling.fields,
      Note("How a node autoscaler changes its size; otherwise nobody does."),
      isPresent: { $0.autoscaling != nil })
  }

  /// The autoscaling; it begins when something is read into it.
  fileprivate var orNoAutoscaling: NodePoolAutoscaling {
    get { autoscaling ?? NodePoolAutoscaling() }
    set { autoscaling = newValue }
  }
}
