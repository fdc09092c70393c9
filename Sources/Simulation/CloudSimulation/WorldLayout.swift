import Autoscaling
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

/// What a template's Pods need on the way to Ready.
struct TemplateFacts: BitwiseCopyable, Sendable {
  var imageSet: Int32
  var probeDelay: TimeSpan?
  var probePeriod: TimeSpan
  var probeThreshold: Int32
  /// The size that a serverless pool gives, after rounding.
  var millicores: Int64
  var halfGiB: Int64
  var hasService: Bool
  var grace: TimeSpan
  /// What its annotations change.
  var options: SandboxOptions
  /// How long its start waits at most for Services' rules; nil: it doesn't.
  var ruleWait: TimeSpan?
  /// How long its address stays for its successor, if it has one of its name; nil: not at all.
  var addressRetention: TimeSpan?
  /// After what silence of its agent it is recreated; nil: never.
  var recreatedAfter: TimeSpan?
}

/// Where things stand and what follows from the scenario; grows with templates and workloads only.
struct WorldLayout: Sendable {
  /// What a node's slot stands for.
  struct Spot: BitwiseCopyable, Sendable {
    var site: Int16
    var place: Int16
    /// Serverless: the subnet's number; a machine: its own slot.
    var number: Int32
    /// A machine of a fixed number that are rented by the hour, instead of owned.
    var isRented = false
  }
  /// By node slot.
  var spots: [Spot] = []
  /// By node slot: the identity for draws.
  private(set) var nodeSubjects: [UInt64] = []
  /// By site.
  var siteNames: [String] = []
  /// By link: its number among the shared resources of the network.
  var linkResources: [Int] = []
  /// By place: the serverless pool, or nil for machines.
  var poolOfPlace: [ServerlessPool?] = []
  /// By root: which profile, and the identity for draws.
  private(set) var profileOfRoot: [Int32] = []
  private(set) var subjects: [UInt64] = []
  /// By template: the one that tolerates virtual nodes as well.
  var tolerantTemplates: [TemplateID?] = []
  /// By template: the one that a pool's admission makes of it, itself if none does.
  var matchedTemplates: [TemplateID?] = []
  /// Templates with what a burst policy writes into them.
  var placed: [(base: TemplateID, placement: BurstPlacement, made: TemplateID)] = []
  /// By template.
  private var facts: [TemplateFacts] = []
  private let profiles: [WorkloadProfile]
  private var imageSets: [String: Int32] = [:]  // name look-up
  /// By set of images: the names in it.
  private(set) var imageNames: [[String]] = []
  private var diskKeys: [String: Int32] = [:]  // name look-up
  private var securityGroups: [String] = []
  private let images: [Image]
  private var layerNumbers: [String: Int] = [:]  // name look-up
  /// What `eks-config` annotates Pods with.
  private let commonAnnotations: Labels
  let prices: PriceSheet

  init(
    profiles: [WorkloadProfile], prices: PriceSheet, images: [Image], annotations: Labels = [:]
  ) {
    self.profiles = profiles
    self.images = images
    commonAnnotations = annotations
    self.prices = prices
  }

  /// Opens the record of a root: its profile is the one that names it, else the one without target.
  mutating func open(root key: String, kind: String, namespace: String, name: String) {
    subjects.append(Subject(key).raw)
    let names = ["\(kind)/\(namespace)/\(name)", "\(kind)/\(name)"]
    let own = profiles.firstIndex { $0.target.map(names.contains) ?? false }
    let general = profiles.firstIndex { $0.target == nil } ?? 0
    profileOfRoot.append(Int32(own ?? general))
  }

  /// Gives every node its identity.
  mutating func identifyNodes(of cluster: borrowing ClusterState) {
    for slot in nodeSubjects.count..<cluster.nodeSlotCount {
      let name = cluster.nodeID(slot: slot).flatMap { cluster.node($0)?.name } ?? ""
      nodeSubjects.append(Subject("Node").child(name).raw)
    }
  }

  /// Notes where the node in a slot stands, which may be another one than before.
  mutating func place(_ slot: Int, _ spot: Spot, name: String) {
    while spots.count <= slot { spots.append(spot) }
    while nodeSubjects.count <= slot { nodeSubjects.append(0) }
    spots[slot] = spot
    nodeSubjects[slot] = Subject("Node").child(name).raw
  }

  /// Bytes of images of which nothing is known: the mean of the profile for everything.
  var usualImageBytes: Double {
    (profiles.first { $0.target == nil } ?? profiles[0]).imageBytes.mean.rounded()
  }

  /// Every profile, by the numbers in ``profileOfRoot``.
  var allProfiles: [WorkloadProfile] { profiles }

  func subject(root: Int, ordinal: Int) -> UInt64 {
    Subject(raw: subjects[root]).child(ordinal).raw
  }

  /// The template made before of another with what a policy writes into it.
  func placedTemplate(of base: TemplateID, _ placement: BurstPlacement) -> TemplateID? {
    placed.first { $0.base == base && $0.placement == placement }?.made
  }

  /// What a template's Pods need; worked out on first use.
  mutating func facts(of template: TemplateID, in cluster: borrowing ClusterState) -> TemplateFacts
  {
    while facts.count <= Int(template.index) {
      facts.append(makeFacts(cluster.templates[facts.count], services: cluster.services))
    }
    return facts[Int(template.index)]
  }

  private mutating func makeFacts(_ template: PodTemplate, services: [Service]) -> TemplateFacts {
    let requests = template.requests
    let asked = annotations(of: template)
    let size = prices.billedSize(
      millicores: max(250, asked.millicores ?? requests.cpu),
      memory: max(1 << 29, asked.memory ?? requests.memory))
    // The Pod is ready when its last container is.
    let probe = template.containers.compactMap(\.readinessProbe).max {
      ($0.initialDelaySeconds, $0.periodSeconds) < ($1.initialDelaySeconds, $1.periodSeconds)
    }
    let hasService = services.contains {
      $0.namespace == template.namespace && !$0.selector.isEmpty
        && LabelSelector(matchLabels: $0.selector).matches(template.labels)
    }
    return TemplateFacts(
      imageSet: imageSet(of: template),
      probeDelay: probe.map { .seconds(Int($0.initialDelaySeconds)) },
      probePeriod: .seconds(Int(probe?.periodSeconds ?? 10)),
      probeThreshold: max(1, probe?.successThreshold ?? 1), millicores: size.millicores,
      halfGiB: size.halfGiB, hasService: hasService,
      grace: .seconds(Int(template.terminationGracePeriodSeconds)),
      options: options(asked, size: size, of: template), ruleWait: asked.ruleWait,
      addressRetention: asked.addressRetention, recreatedAfter: asked.recreatedAfter)
  }

  /// What a template asks of the provider: its own annotations before those of `eks-config`.
  private func annotations(of template: PodTemplate) -> EksAnnotations {
    var all = commonAnnotations
    for entry in template.annotations.entries { all[entry.key] = entry.value }
    var problems: [EksAnnotations.Problem] = []
    return EksAnnotations(all, problems: &problems)
  }

  private mutating func options(
    _ asked: EksAnnotations, size: (millicores: Int64, halfGiB: Int64), of template: PodTemplate
  ) -> SandboxOptions {
    var options = SandboxOptions()
    options.cpuType = asked.cpuTypes.first
    options.otherCPUType = asked.cpuTypes.dropFirst().first
    if asked.upgrades {
      options.upgrade = prices.nextSize(after: size.millicores, halfGiB: size.halfGiB)
    }
    options.usesImageCache = asked.usesImageCache
    options.keptAfterSuccess = asked.keptAfterSuccess
    options.keptIfShorterThan = asked.keptIfShorterThan
    options.diskRetention = asked.diskRetention
    for name in asked.securityGroups {
      let number = securityGroups.firstIndex(of: name) ?? securityGroups.count
      if number == securityGroups.count { securityGroups.append(name) }
      options.securityGroups |= 1 << UInt64(number)
    }
    options.isSpot = asked.isSpot
    if let key = asked.diskKey {
      let number = diskKeys[key] ?? Int32(diskKeys.count)
      diskKeys[key] = number
      options.diskKey = number
    }
    let disk = max(asked.rootDisk ?? 0, template.requests.ephemeralStorage) - prices.freeDisk
    options.diskGiB = disk > 0 ? (disk + (1 << 30) - 1) >> 30 : 0
    let cards = asked.gpuCount ?? Int(template.requests[scalar: "nvidia.com/gpu"] ?? 0)
    if cards > 0, let hour = asked.gpuTypes.lazy.compactMap(prices.cardHour(of:)).first {
      options.gpuHour = Int64(clamping: hour.picounits * Int128(cards))
    }
    return options
  }

  /// The layers of a set of images; nil if one of the images isn't described.
  mutating func layers(ofSet set: Int) -> [(number: Int, bytes: Double)]? {
    var layers: [(number: Int, bytes: Double)] = []
    for name in imageNames[set] {
      guard let image = images.first(where: { $0.image == name }) else { return nil }
      for layer in image.layers {
        let number = layerNumbers[layer.digest] ?? layerNumbers.count
        layerNumbers[layer.digest] = number
        if !layers.contains(where: { $0.number == number }) {
          layers.append((number, Double(layer.size)))
        }
      }
    }
    return layers
  }

  private mutating func imageSet(of template: PodTemplate) -> Int32 {
    var names = (template.initContainers + template.containers).map(\.image)
    names.sort()
    let key = names.joined(separator: "\n")
    if let known = imageSets[key] { return known }
    imageSets[key] = Int32(imageNames.count)
    imageNames.append(names)
    return Int32(imageNames.count - 1)
  }
}
