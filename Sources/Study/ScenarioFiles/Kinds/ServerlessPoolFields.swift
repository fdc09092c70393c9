import CloudSimulation
import Infrastructure
import Quantities

extension ServerlessPool: ScenarioKind {
  static let kind = "ServerlessPool"
  static let shortForm: String? = "serverlessPools"
  static func blank(_ name: String) -> ServerlessPool { ServerlessPool(name: name) }
  static func add(_ object: ServerlessPool, to scenario: inout Scenario) {
    scenario.serverlessPools.append(object)
  }

  static let fields = FieldTable<ServerlessPool> { table in
    addPreset(to: &table)
    table.field(
      "site", \.site, Codec<String>.name.optional(written: nil),
      Note("The site it stands in; otherwise the one of its own name."))
    addLevels(to: &table)
    addCreation(to: &table)
    table.part("images", \.images, ServerlessImages.fields, Note("How its Pods get images."))
    var short = Note("Short for images.cache.")
    short.alias = "images.cache"
    table.field("imageCache", \.images.cache, .words(yes: "on", no: "off", .flag), short)
    addEnd(to: &table)
  }

  private static func addPreset(to table: inout FieldTable<ServerlessPool>) {
    let names = PresetFiles.names
    table.custom("preset", .choice(names), Note("Whose defaults it has; tke-eks without.")) {
      value, pool, reader in
      guard let text = reader.scalar(value, expected: "a preset") else { return }
      guard let preset = PresetFiles.pool(text, named: pool.name) else {
        reader.error(
          at: value.place, "wrong-value", "unknown preset \"\(text)\"",
          expected: "one of \(names.joined(separator: ", "))",
          suggestion: nearest(to: text, among: names), width: text.count)
        return
      }
      pool = preset
    }
    table.field(
      "admits", \.admits, Codec<PodMatch>.podMatch.list,
      Note("Pods that start here whatever a burst policy says, as a Fargate profile has it."))
  }

  private static func addLevels(to table: inout FieldTable<ServerlessPool>) {
    table.field(
      "subnets", \.subnets, Codec<Subnet>.subnets,
      Note("Subnets whose free addresses its Pods take; each is a virtual node.")
        .limits(.level, .accept).used(.serverless))
    table.field(
      "securityGroups", \.securityGroups, .integer(from: 1),
      Note("How many security groups its Pods are spread over.").used(.serverless))
    table.field(
      "podsPerSecurityGroup", \.podsPerSecurityGroup,
      Codec<Int>.integer().optional(written: "unlimited"),
      Note("Pods per security group.").graded("D", "imroc's notes on EKS annotations")
        .limits(.level, .accept).used(.serverless))
    table.part("quota", \.quota, ServerlessQuota.fields, Note("How many Pods it runs."))
    table.field(
      "stockCores", \.stockCores, Codec<Int>.integer().optional(written: "unlimited"),
      Note("Cores in stock for its instance type; the provider publishes none.")
        .limits(.level, .accept).used(.serverless))
    table.field(
      "soldOutSizes", \.soldOutSizes, Codec<Int64>.cores.list,
      Note("Core sizes that are sold out; a Pod may have its size upgraded then."))
    table.field(
      "cpuType", \.cpuType, .choice, Note("Which processors; decides the price.").used(.billing))
  }

  private static func addCreation(to table: inout FieldTable<ServerlessPool>) {
    table.field(
      "createWorkers", \.createWorkers, Codec<Int>.integer(from: 1).optional(written: "unlimited"),
      Note("Creations that the virtual kubelet has under way at once.").graded("A", "chosen")
        .range("10", "100").limits(.rate, .call).used(.serverless))
    table.field(
      "createRate", \.createRate, .rate,
      Note("Creations that the provider's API accepts.")
        .graded("A", "Alibaba ECI's 1,000 a minute (D, aliyun 89138); Tencent publishes none")
        .range("600/min", "3000/min").limits(.rate, .call).used(.serverless))
    table.field(
      "createBurst", \.createBurst, .integer(from: 1),
      Note("Creations accepted at once after a pause.")
        .graded("A", "Fargate's on EKS (D, AWS ECS throttling)").range("1", "100")
        .used(.serverless))
    table.field(
      "callLatency", \.callLatency, .durationLaw,
      Note("One create call.").graded("A", "chosen").range("200ms", "1s").used(.serverless))
    table.field(
      "bootRate", \.bootRate, .rate,
      Note("MicroVMs that the hosts start.").graded("E", "over 200 a second on one host, RunD")
        .limits(.rate, .boot).used(.serverless))
    table.field(
      "boot", \.boot, .durationLaw,
      Note("From the accepted call to a running agent.").graded("A", "chosen")
        .range("3s", "10s").used(.serverless))
    table.field(
      "addressRate", \.addressRate, .rate,
      Note("Network interfaces that the VPC attaches.").graded("M", "nothing published")
        .limits(.rate, .address).used(.serverless))
    table.field(
      "address", \.address, .durationLaw,
      Note("Attaching address and interface.").graded("A", "chosen").range("500ms", "2s")
        .used(.serverless))
  }

  private static func addEnd(to table: inout FieldTable<ServerlessPool>) {
    table.field(
      "startRate", \.startRate, .rate,
      Note("Containers that may start.").graded("M", "hosts are many").limits(.rate, .start)
        .used(.serverless))
    table.field(
      "containerStart", \.containerStart, .durationLaw,
      Note("Starting the containers.").graded("A", "chosen").range("300ms", "2s")
        .used(.serverless))
    table.field(
      "clientQPS", \.clientQPS, .perSecond,
      Note("Status writes of the virtual kubelet per second.").graded("A", "chosen")
        .range("20", "500").limits(.rate, .probe).used(.serverless))
    table.field(
      "clientBurst", \.clientBurst, .integer(from: 1),
      Note("Its writes at once after a pause.").graded("A", "chosen").range("20", "1000")
        .used(.serverless))
    table.field(
      "retryInitial", \.retryInitial, .lastingDuration,
      Note("The first wait after a refusal; it doubles at every further one.")
        .graded("A", "chosen").range("1s", "30s").used(.refusal))
    table.field(
      "retryMax", \.retryMax, .lastingDuration,
      Note("The longest wait between tries.").graded("A", "chosen").range("60s", "600s")
        .used(.refusal))
    table.field(
      "labelRefresh", \.labelRefresh, .lastingDuration,
      Note("How often its virtual nodes say anew what is in stock and which addresses are free.")
        .graded("A", "chosen; the resource controller isn't published").range("10s", "300s")
        .used(.virtualNodeLabels))
    table.field(
      "shutdown", \.shutdown, .durationLaw,
      Note("From the request to stop until the Pod is gone, within its grace period.")
        .graded("A", "chosen").range("100ms", "30s").used(.shutdown))
    table.part("spot", \.spot, SpotScript.fields, Note("What is scripted about its spot Pods."))
    table.field(
      "outages", \.outages, Codec<Outage>.outage.list,
      Note("When the provider's API doesn't answer: creations fail and are tried again."))
  }
}

extension ServerlessQuota {
  static let fields = FieldTable<ServerlessQuota> { table in
    let count = Codec<Int>.integer().optional(written: "unlimited")
    let limits = "QCD, 购买弹性集群/购买限制.md"
    table.field(
      "podsPerCluster", \.podsPerCluster, count,
      Note("Pods on the pool's virtual nodes per cluster.")
        .graded("D", "QCD, 虚拟节点Pod调度说明.md").limits(.level, .accept).used(.serverless))
    table.field(
      "podsPerWorkload", \.podsPerWorkload, count,
      Note("Pods of one workload.").graded("D", limits).limits(.level, .accept)
        .used(.serverless))
    table.field(
      "podsPerRegion", \.podsPerRegion, count,
      Note("Container instances per region.").graded("D", limits).limits(.level, .accept)
        .used(.serverless))
    table.field(
      "regionInUse", \.regionInUse, .integer(),
      Note("Instances that the customer's other clusters hold in the region.").used(.serverless))
  }
}

extension ServerlessImages {
  /// The sharing; it begins when something is read into it.
  fileprivate var orNoSharing: PeerSharing {
    get { sharing ?? PeerSharing() }
    set { sharing = newValue }
  }

  static let fields = FieldTable<ServerlessImages> { table in
    table.field(
      "cache", \.cache, .words(yes: "on", no: "off", .flag),
      Note("Whether images are attached from a snapshot made before: use-image-cache.")
        .used(.serverless))
    table.field(
      "cacheMount", \.cacheMount, .durationLaw,
      Note("Attaching a snapshot.").graded("D", "5 to 30 s, tke-workshop's notes on super nodes")
        .used(.imageCache))
    table.field(
      "diskReuse", \.diskReuse, .flag,
      Note("Whether a Pod takes the disk that one of its workload left within the window.")
        .graded("D", "EKS annotation notes").used(.serverless))
    table.field(
      "diskReuseWindow", \.diskReuseWindow, .duration,
      Note("How long a disk is kept.").graded("D", "EKS annotation notes").used(.diskReuse))
    table.field(
      "diskReuseMount", \.diskReuseMount, .durationLaw,
      Note("Taking over a kept disk.").graded("D", "EKS annotation notes").used(.diskReuse))
    table.field(
      "unpackRate", \.unpackRate, .bandwidth,
      Note("How fast an image is unpacked after it was downloaded, in bytes sent.")
        .graded("E", "within the rate above; gzip alone 50 to 100 MB/s")
        .limits(.rate, .image).used(.serverlessPull))
    table.part(
      "peers", \.orNoSharing, PeerSharing.fields,
      Note("How instances hand images on to each other; otherwise they don't."),
      isPresent: { $0.sharing != nil })
    table.field(
      "pullConnections", \.pullConnections, .integer(from: 1),
      Note("Layers downloaded at once, each by a connection of its own.")
        .graded("E", "containerd's default").used(.link))
    table.field(
      "pullRate", \.pullRate, .bandwidth,
      Note("How fast one pull can go, download and unpacking together.")
        .graded("E", "50 to 100 MB/s: 413 MB in 57 s on Fargate, elasticscale")
        .limits(.rate, .image).used(.serverlessPull))
    table.field(
      "registry", \.registry, Codec<String>.name.optional(written: nil),
      Note("The registry pulled from; otherwise the only one, or one at the pool's own site."))
  }
}

extension Codec where Value == Subnet {
  private static let object = Codec.object(
    FieldTable<Subnet> { table in
      table.field("cidr", \.cidr, .cidr, Note("Such as 10.8.0.0/22.").required)
      table.field("zone", \.zone, .name, Note("The zone it lies in."))
    }
  ) { Subnet(cidr: "") }

  /// Subnets, each as its addresses alone or with its zone.
  static let subnets = {
    let zone = Subnet(cidr: "").zone
    let element = Codec(
      shape: .either(Codec<String>.cidr.shape, object.shape),
      decode: { value, reader in
        if case .mapping = value.content { return object.decode(value, &reader) }
        return Codec<String>.cidr.decode(value, &reader).map { Subnet(cidr: $0) }
      },
      encode: { $0.zone == zone ? $0.cidr : object.encode($0) })
    var codec = element.list
    let list = codec.decode
    codec.decode = { value, reader in
      guard let subnets = list(value, &reader) else { return nil }
      if subnets.isEmpty, value.elements.isEmpty {
        reader.error(
          at: value.place, "wrong-value", "a pool without a subnet", expected: "at least one subnet"
        )
      }
      return subnets
    }
    // As many virtual nodes as before, each with all of IPv4's addresses.
    codec.unlimited = { subnets in
      codecText(subnets.map { Subnet(cidr: "0.0.0.0/0", zone: $0.zone) })
    }
    @Sendable func codecText(_ subnets: [Subnet]) -> String {
      "[" + subnets.compactMap(element.encode).joined(separator: ", ") + "]"
    }
    return codec
  }()
}

extension Codec where Value == String {
  /// A range of IPv4 addresses.
  static let cidr = Codec.scalar(
    "subnet", expected: "a range of IPv4 addresses, such as 10.8.0.0/22",
    parse: { text throws(ScalarError) in
      guard Subnet(cidr: text).prefixLength != nil else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a subnet")
      }
      guard Subnet(cidr: text).addresses > 0 else {
        throw ScalarError(
          code: "out-of-range", message: "\"\(text)\" has no address for a Pod",
          expected: "a prefix of at most 29 bits")
      }
      return text
    }, encode: { $0.isEmpty ? nil : $0 })
}

extension Codec where Value == PodMatch {
  /// `namespace` and `labels`.
  static let podMatch = Codec.object(
    FieldTable<PodMatch> { table in
      table.field("namespace", \.namespace, .name, Note("The Pods' namespace.").required)
      table.field("labels", \.labels, .labels, Note("Labels that they have, all of these."))
    }
  ) { PodMatch(namespace: "") }
}
