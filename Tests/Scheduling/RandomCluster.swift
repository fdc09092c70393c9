import ClusterModel
import Quantities
import TestSupport

/// Makes up clusters with every feature that the scheduler looks at.
struct RandomCluster {
  var generator: SeededGenerator
  private static let applications = ["web", "db", "cache", "batch"]
  private static let namespaces = ["default", "team-a", "team-b"]

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

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
    if chance(85) { node.labels["topology.kubernetes.io/zone"] = "z\(generator.below(3))" }
    if chance(50) { node.labels["disk"] = generator.pick(["ssd", "hdd"]) }
    node.allocatable = Resources(
      cpu: Int64(1 + generator.below(4)) * 1000, memory: Int64(1 + generator.below(4)) << 30,
      ephemeralStorage: 10 << 30, pods: Int64(4 + generator.below(12)))
    if chance(25) { node.allocatable[scalar: "nvidia.com/gpu"] = 2 }
    if chance(15) { node.taints.append(Taint(key: "special", value: "yes", effect: .noSchedule)) }
    if chance(15) { node.taints.append(Taint(key: "slow", effect: .preferNoSchedule)) }
    if chance(5) { node.isUnschedulable = true }
    if chance(30) {
      node.images = [NodeImage(names: ["app:1"], size: 300 << 20)]
    }
    return node
  }

  private mutating func term(_ key: String? = nil) -> PodAffinityTerm {
    var term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": generator.pick(Self.applications)]),
      topologyKey: key
        ?? generator.pick(["kubernetes.io/hostname", "topology.kubernetes.io/zone"]))
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
    template.priority = Int32(generator.pick([0, 0, 0, 10, 100]))
    if chance(25) {
      template.tolerations = [Toleration(key: "special", comparison: .exists)]
    }
    if chance(15) { template.nodeSelector = ["disk": "ssd"] }
    if chance(15) {
      template.affinity.preferredNodeTerms = [
        PreferredNodeTerm(
          weight: 10,
          preference: NodeSelectorTerm(matchExpressions: [
            SelectorRequirement(key: "disk", comparison: .exists)
          ]))
      ]
    }
    addPodTerms(&template)
    addSpread(&template, application)
    return template
  }

  private mutating func addPodTerms(_ template: inout PodTemplate) {
    if chance(8) { template.affinity.requiredPodAffinity = [term()] }
    if chance(12) { template.affinity.requiredPodAntiAffinity = [term()] }
    if chance(12) {
      template.affinity.preferredPodAffinity = [WeightedPodAffinityTerm(weight: 30, term: term())]
    }
    if chance(12) {
      template.affinity.preferredPodAntiAffinity = [
        WeightedPodAffinityTerm(weight: 70, term: term())
      ]
    }
  }

  private mutating func addSpread(_ template: inout PodTemplate, _ application: String) {
    guard chance(30) else { return }
    for key in ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] where chance(60) {
      template.topologySpread.append(
        TopologySpreadConstraint(
          maxSkew: Int32(1 + generator.below(2)), topologyKey: key, isRequired: chance(50),
          labelSelector: chance(90)
            ? LabelSelector(matchLabels: ["app": application]) : LabelSelector(),
          minDomains: chance(20) ? 3 : 1,
          nodeTaintsPolicy: chance(30) ? .honor : .ignore))
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
