import ClusterModel
import Quantities
import Scheduling
import Testing

@Suite("Profiles")
struct SchedulerProfileTests {
  private func nodes() -> [Node] {
    var full = Sample.node("full", cpu: 1000)
    full.taints = [Taint(key: "a", effect: .noSchedule)]
    return [full, Sample.node("wide", cpu: 4000)]
  }

  private func pod(_ name: String, cpu: Int64 = 500, scheduler: String? = nil) -> PodObject {
    var template = PodTemplate()
    template.containers = [Container(requests: ResourceList(cpuMilli: cpu, memory: 1 << 20))]
    if let scheduler { template.schedulerName = scheduler }
    return PodObject(name: name, template: template)
  }

  private func decisions(
    _ pods: [PodObject], _ profiles: [SchedulerProfile], nodes: [Node]
  ) -> [SchedulingDecision] {
    var cluster = ClusterState(Sample.cluster(nodes, pods))
    var scheduler = Scheduler(
      configuration: SchedulerConfiguration(
        profiles: profiles, percentageOfNodesToScore: 100, tieRule: .lowestName))
    var decisions: [SchedulingDecision] = []
    for slot in pods.indices {
      guard let pod = cluster.pod(slot: slot) else { continue }
      let decision = scheduler.decide(pod.id, in: cluster, at: .seconds(1))
      if let node = decision.node { cluster.bind(pod.id, to: node) }
      decisions.append(decision)
    }
    return decisions
  }

  @Test(
    "A filter that is disabled rejects nothing",
    arguments: FilterPlugin.allCases.filter { !FilterSet.tke.contains($0) })
  func disabledFilters(plugin: FilterPlugin) {
    var node = Sample.node("n", cpu: 1000)
    var template = PodTemplate()
    template.labels = ["app": "a"]
    var container = Container(requests: ResourceList(cpuMilli: 10, memory: 1))
    var nodes = [node]
    var existing: [PodObject] = []
    switch plugin {
    case .nodeUnschedulable: node.isUnschedulable = true
    case .taintToleration: node.taints = [Taint(key: "a", effect: .noSchedule)]
    case .nodeAffinity: template.nodeSelector = ["x": "y"]
    case .nodePorts:
      container.hostPorts = [HostPort(port: 80)]
      var other = PodTemplate()
      other.containers = [Container(hostPorts: [HostPort(port: 80)])]
      existing = [PodObject(name: "other", template: other)]
      existing[0].nodeName = "n"
    case .nodeResourcesFit: container.requests = ResourceList(cpuMilli: 2000, memory: 1)
    case .localReplicas, .computeResource, .fitIPResource: break
    case .podTopologySpread:
      template.topologySpread = [
        TopologySpreadConstraint(
          maxSkew: 1, topologyKey: "missing", isRequired: true, labelSelector: LabelSelector())
      ]
    case .interPodAffinity:
      template.affinity.requiredPodAffinity = [
        PodAffinityTerm(
          labelSelector: LabelSelector(matchLabels: ["app": "b"]),
          topologyKey: "kubernetes.io/hostname")
      ]
    }
    nodes = [node]
    template.containers = [container]
    let pods = existing + [PodObject(name: "p", template: template)]
    let plain = decisions(pods, [SchedulerProfile()], nodes: nodes).last
    #expect(plain?.node == nil)
    #expect(plain?.rejections.map(\.plugin) == [plugin.rawValue])
    var profile = SchedulerProfile()
    profile.disabledFilters.insert(plugin)
    #expect(decisions(pods, [profile], nodes: nodes).last?.node != nil)
  }

  @Test("A score of weight 0 has no column", arguments: ScorePlugin.standard)
  func disabledScores(plugin: ScorePlugin) {
    var profile = SchedulerProfile()
    profile.weights[plugin] = 0
    let nodes = [Sample.node("a"), Sample.node("b")]
    let decision = decisions([pod("p")], [profile], nodes: nodes)[0]
    #expect(decision.scores.count == 2)
    for score in decision.scores {
      #expect(score.columns[plugin.rawValue] == nil)
      #expect(score.total == score.columns.reduce(0) { $0 + ($1 ?? 0) })
    }
  }

  @Test("Each Pod goes by the profile that it names; nobody's Pods stay")
  func severalProfiles() {
    var packing = SchedulerProfile(schedulerName: "packing")
    packing.fitScoring.strategy = .mostAllocated
    packing.weights.balancedAllocation = 0
    var blind = SchedulerProfile(schedulerName: "blind")
    blind.disabledFilters.insert(.taintToleration)
    blind.fitScoring.strategy = .mostAllocated
    blind.weights.taintToleration = 0
    let nodes = nodes() + [Sample.node("x-small", cpu: 1000)]
    let pods = [
      pod("spread"), pod("packed", scheduler: "packing"), pod("bold", cpu: 600, scheduler: "blind"),
    ]
    let found = decisions(pods, [SchedulerProfile(), packing, blind], nodes: nodes)
    let names = found.map { $0.node.map { nodes[$0.index].name } }
    #expect(names == ["wide", "x-small", "full"])
  }

  @Test("Without DefaultPreemption nobody is evicted and nothing is said about it")
  func withoutPreemption() {
    var rich = pod("rich", cpu: 800)
    rich.template.priority = 10
    var poor = pod("poor", cpu: 800)
    poor.nodeName = "n"
    let nodes = [Sample.node("n", cpu: 1000)]
    #expect(decisions([poor, rich], [SchedulerProfile()], nodes: nodes)[1].preemption != nil)
    var profile = SchedulerProfile()
    profile.preempts = false
    let decision = decisions([poor, rich], [profile], nodes: nodes)[1]
    #expect(decision.preemption == nil)
    #expect(decision.message == "0/1 nodes are available: 1 Insufficient cpu.")
  }

  @Test("Default constraints of a list hold for Pods that a Service selects")
  func listedConstraints() {
    var nodes = [Sample.node("a"), Sample.node("b")]
    for place in nodes.indices { nodes[place].labels["rack"] = nodes[place].name }
    var pods = (0..<2).map { pod("p\($0)", cpu: 10) }
    for place in pods.indices { pods[place].template.labels = ["app": "a"] }
    pods[0].nodeName = "a"
    var objects = Sample.cluster(nodes, pods)
    objects.services = [Service(namespace: "default", name: "s", selector: ["app": "a"])]
    var profile = SchedulerProfile()
    profile.defaultSpread = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "rack", isRequired: true, labelSelector: nil)
    ]
    let cluster = ClusterState(objects)
    var scheduler = Scheduler(configuration: SchedulerConfiguration(profiles: [profile]))
    let decision = scheduler.decide(cluster.pod(slot: 1)!.id, in: cluster, at: .seconds(1))
    #expect(decision.rejections.map(\.plugin) == ["PodTopologySpread"])
    #expect(decision.node?.index == 1)
  }
}
