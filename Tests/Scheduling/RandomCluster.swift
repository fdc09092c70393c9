import ClusterModel
import Quantities
import TestSupport

/// Makes up clusters with every feature that the scheduler looks at.
struct RandomCluster {
  var generator: SeededGenerator
  var temper = Temper()
  private static let applications = ["web", "db", "cache", "batch"]
  private static let namespaces = ["default", "team-a", "team-b"]

  /// How often templates have what, in percent, and what clusters consist of.
  struct Temper {
    var priorities: [Int32] = [0, 0, 0, 10, 100]
    var podTerms = 12
    var spread = 30
    var zones = 3
    var racks = 8
    /// Whether nodes are large and alike, so that Pods of many classes share them.
    var isRoomy = false
    /// Whether templates name another profile, volumes' images, sidecars and quotas of
    /// LocalReplicas.
    var isMixed = false
    var hasImages = true

    init() {}

    /// Some temper; half of them know no priorities and so no preemption.
    init(_ generator: inout SeededGenerator) {
      if generator.below(2) == 0 { priorities = [0] }
      podTerms = generator.pick([0, 5, 15, 40])
      spread = generator.pick([0, 10, 40, 80])
      zones = generator.pick([1, 2, 3, 20])
      racks = generator.pick([1, 4, 60])
      isRoomy = generator.below(3) == 0
      isMixed = generator.below(2) == 0
      hasImages = generator.below(2) == 0
    }
  }

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// A world whose features are more or less frequent by its seed.
  init(temperedSeed seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    temper = Temper(&generator)
  }

  private mutating func chance(_ percent: Int) -> Bool { generator.below(100) < percent }

  /// A cluster of so many nodes and Pods, some of which run.
  mutating func objects(nodes: Int, pods: Int) -> ClusterObjects {
    var objects = ClusterObjects()
    objects.namespaces = [
      Namespace(name: "default"), Namespace(name: "team-a", labels: ["team": "a"]),
      Namespace(name: "team-b", labels: ["team": "b"]),
    ]
    objects.services = [
      Service(namespace: "default", name: "web", selector: ["app": "web"]),
      Service(namespace: "team-a", name: "db", selector: ["app": "db"]),
    ]
    objects.disruptionBudgets = [
      PodDisruptionBudget(
        namespace: "default", name: "web",
        selector: LabelSelector(matchLabels: ["app": "web"]), disruptionsAllowed: 1)
    ]
    var set = WorkloadObject(
      kind: .replicaSet, namespace: "default", name: "cache",
      template: PodTemplate(labels: ["app": "cache"]))
    set.selector = LabelSelector(matchLabels: ["app": "cache"])
    objects.workloads = [set]
    for number in 0..<nodes { objects.nodes.append(node(number)) }
    let templates = (0..<max(4, pods / 5)).map { _ in template() }
    for number in 0..<pods {
      objects.pods.append(pod(number, generator.pick(templates), nodes: nodes))
    }
    return objects
  }

  mutating func node(_ number: Int) -> Node {
    let name = "n\((number * 7 + 3) % 1000)"
    var node = Node(name: name, labels: ["kubernetes.io/hostname": name])
    if chance(85) {
      node.labels["topology.kubernetes.io/zone"] = "z\(generator.below(temper.zones))"
    }
    if chance(70) { node.labels["rack"] = "r\(generator.below(temper.racks))" }
    if chance(50) { node.labels["disk"] = generator.pick(["ssd", "hdd"]) }
    node.allocatable = Resources(
      cpu: Int64(1 + generator.below(4)) * 1000, memory: Int64(1 + generator.below(4)) << 30,
      ephemeralStorage: 10 << 30, pods: Int64(4 + generator.below(12)))
    if temper.isMixed, chance(25) { makeVirtual(&node) }
    if temper.isRoomy {
      node.allocatable = Resources(
        cpu: 16_000, memory: 64 << 30, ephemeralStorage: 100 << 30, pods: 30)
    }
    if chance(25) { node.allocatable[scalar: "nvidia.com/gpu"] = 2 }
    if chance(15) { node.taints.append(Taint(key: "special", value: "yes", effect: .noSchedule)) }
    if chance(15) { node.taints.append(Taint(key: "slow", effect: .preferNoSchedule)) }
    if chance(5) { node.isUnschedulable = true }
    if temper.hasImages, chance(30) {
      node.images = [NodeImage(names: ["app:1"], size: 300 << 20)]
    }
    return node
  }

  /// Makes a node a virtual one that says what it has in stock, or doesn't.
  private mutating func makeVirtual(_ node: inout Node) {
    node.labels["node.kubernetes.io/instance-type"] = "eklet"
    if chance(80) {
      node.annotations = [VirtualNodeNames.zone: "zone-1", VirtualNodeNames.subnet: "s"]
    }
    for type in ["cpu", "amd", "intel"] where chance(80) {
      node.labels[VirtualNodeNames.stock(of: type)] = chance(60) ? "true" : "false"
    }
    if chance(60) { node.labels[VirtualNodeNames.addresses] = "\(generator.below(5))" }
  }

  private mutating func term(_ key: String? = nil) -> PodAffinityTerm {
    var term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": generator.pick(Self.applications)]),
      topologyKey: key
        ?? generator.pick(["kubernetes.io/hostname", "topology.kubernetes.io/zone", "rack"]))
    if chance(20) { term.namespaces = ["team-a"] }
    if chance(20) {
      term.namespaceSelector =
        chance(50) ? LabelSelector() : LabelSelector(matchLabels: ["team": "b"])
    }
    return term
  }

  mutating func template() -> PodTemplate {
    let application = generator.pick(Self.applications)
    var template = PodTemplate(
      namespace: generator.pick(Self.namespaces), labels: ["app": application],
      containers: [
        Container(
          name: "main", image: chance(50) ? "app:1" : "tool",
          requests: ResourceList(
            cpuMilli: chance(85) ? Int64(1 + generator.below(9)) * 100 : nil,
            memory: chance(85) ? Int64(1 + generator.below(6)) << 27 : nil))
      ])
    if chance(10) { template.containers[0].requests["nvidia.com/gpu"] = 1_000_000_000 }
    if chance(8) { template.containers[0].hostPorts = [HostPort(port: 8080)] }
    if chance(3) {
      template.containers[0].hostPorts = [HostPort(hostIP: "10.0.0.1", port: 8080)]
    }
    template.priority = generator.pick(temper.priorities)
    template.neverPreempts = chance(10)
    if chance(25) {
      template.tolerations = [Toleration(key: "special", comparison: .exists)]
    }
    addNodeTerms(&template)
    addPodTerms(&template)
    addSpread(&template, application)
    if temper.isMixed { addRarities(&template) }
    return template
  }

  private mutating func addNodeTerms(_ template: inout PodTemplate) {
    if chance(15) { template.nodeSelector = ["disk": "ssd"] }
    if chance(8) {
      template.affinity.requiredNodeTerms = [
        NodeSelectorTerm(matchExpressions: [
          SelectorRequirement(key: "disk", comparison: .notIn, values: ["hdd"])
        ])
      ]
    } else if chance(4) {
      template.affinity.requiredNodeTerms = [
        NodeSelectorTerm(matchFields: [
          SelectorRequirement(
            key: "metadata.name", comparison: .isIn, values: ["n\(generator.below(9) * 7 + 3)"])
        ])
      ]
    }
    for _ in 0..<(chance(15) ? 2 : 0) {
      template.affinity.preferredNodeTerms.append(
        PreferredNodeTerm(
          weight: Int32(1 + generator.below(30)),
          preference: NodeSelectorTerm(matchExpressions: [
            SelectorRequirement(
              key: generator.pick(["disk", "rack"]), comparison: .exists)
          ])))
    }
  }

  /// What few Pods have.
  private mutating func addRarities(_ template: inout PodTemplate) {
    if chance(30) { template.schedulerName = "other" }
    if chance(10) { template.volumes.images = ["app:1"] }
    if chance(10) {
      template.initContainers = [
        Container(
          name: "side", requests: ResourceList(cpuMilli: 50, memory: nil), isSidecar: chance(50))
      ]
    }
    if chance(30) {
      template.annotations = [
        VirtualNodeNames.cpuType: generator.pick(["amd", "amd,intel", "intel,amd", "cpu,amd"])
      ]
    }
    if chance(5) {
      template.annotations = ["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "\(generator.below(3))"]
    }
  }

  private mutating func addPodTerms(_ template: inout PodTemplate) {
    let share = temper.podTerms
    if chance(share / 2) { template.affinity.requiredPodAffinity = [term()] }
    if chance(share / 6) { template.affinity.requiredPodAffinity.append(term()) }
    for _ in 0..<2 where chance(share) { template.affinity.requiredPodAntiAffinity.append(term()) }
    for _ in 0..<2 where chance(share) {
      template.affinity.preferredPodAffinity.append(
        WeightedPodAffinityTerm(weight: Int32(1 + generator.below(100)), term: term()))
    }
    for _ in 0..<2 where chance(share) {
      template.affinity.preferredPodAntiAffinity.append(
        WeightedPodAffinityTerm(weight: Int32(1 + generator.below(100)), term: term()))
    }
  }

  private mutating func addSpread(_ template: inout PodTemplate, _ application: String) {
    guard chance(temper.spread) else { return }
    template.labels["version"] = generator.pick(["1", "2"])
    for key in ["topology.kubernetes.io/zone", "kubernetes.io/hostname", "rack"]
    where chance(50) {
      template.topologySpread.append(
        TopologySpreadConstraint(
          maxSkew: Int32(1 + generator.below(3)), topologyKey: key, isRequired: chance(50),
          labelSelector: chance(90)
            ? LabelSelector(matchLabels: ["app": chance(85) ? application : "db"])
            : chance(50) ? LabelSelector() : nil,
          minDomains: chance(20) ? 3 : 1,
          nodeAffinityPolicy: chance(30) ? .ignore : .honor,
          nodeTaintsPolicy: chance(30) ? .honor : .ignore,
          matchLabelKeys: chance(25) ? ["version"] : []))
    }
  }

  private mutating func pod(_ number: Int, _ template: PodTemplate, nodes: Int) -> PodObject {
    var pod = PodObject(name: "p\(number)", template: template)
    pod.created = .seconds(Double(generator.below(50)))
    if template.labels["app"] == "cache", template.namespace == "default" {
      pod.owner = OwnerReference(kind: "ReplicaSet", name: "cache")
    }
    if chance(35), nodes > 0 {
      pod.nodeName = "n\((generator.below(nodes) * 7 + 3) % 1000)"
      pod.phase = .running
      pod.started = .seconds(Double(generator.below(1000)))
      if chance(5) { pod.flags.insert(.terminating) }
    } else if chance(5) {
      pod.template.schedulingGates = ["example.com/wait"]
    }
    return pod
  }
}
