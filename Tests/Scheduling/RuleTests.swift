import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("Rules of the default profile, each by one small decision")
struct RuleTests {
  @Test("The weights of v1.36")
  func weights() {
    let weights = ScorePlugin.allCases.map { ScoreWeights()[$0] }
    #expect(weights == [3, 2, 1, 2, 2, 1, 1, 0])
    let tke = ScorePlugin.allCases.map { SchedulerProfile.tke().weights[$0] }
    #expect(tke == [3, 2, 1, 2, 2, 1, 1, 1])
  }

  /// What a scheduler that examines everything decides about the last Pod.
  private func decide(
    _ nodes: [Node], _ pods: [PodObject], budgets: [PodDisruptionBudget] = [],
    _ tieRule: TieRule = .lowestName, profile: SchedulerProfile = SchedulerProfile()
  ) -> SchedulingDecision {
    var objects = Sample.cluster(nodes, pods)
    objects.disruptionBudgets = budgets
    var desk = Desk(
      objects,
      SchedulerConfiguration(
        profiles: [profile], percentageOfNodesToScore: 100, tieRule: tieRule, cost: .none,
        examinesAllPreemptionCandidates: true))
    return desk.scheduler.decide(desk.pod(pods.count - 1), in: desk.cluster, at: .seconds(1000))
  }

  @Test("The first filter in order is the one that is told")
  func order() {
    var node = Sample.node("n", cpu: 1)
    var pod = Sample.pod("p", cpu: 5)
    pod.template.nodeSelector = ["disk": "ssd"]
    pod.template.containers[0].hostPorts = [HostPort(port: 80)]
    pod.template.topologySpread = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "missing", isRequired: true, labelSelector: LabelSelector())
    ]
    pod.template.affinity.requiredPodAffinity = [
      PodAffinityTerm(
        labelSelector: LabelSelector(matchLabels: ["app": "b"]), topologyKey: "missing")
    ]
    var taken = Sample.pod("t", cpu: 0, on: "n")
    taken.template.containers[0].hostPorts = [HostPort(port: 80)]
    node.isUnschedulable = true
    node.taints = [Taint(key: "t", effect: .noSchedule)]
    var told: [String] = []
    let repairs: [() -> Void] = [
      { node.isUnschedulable = false }, { node.taints = [] },
      { node.labels["disk"] = "ssd" }, { pod.template.containers[0].hostPorts = [] },
      { node.allocatable.cpu = 1000 }, { pod.template.topologySpread = [] },
      { pod.template.affinity.requiredPodAffinity = [] },
    ]
    for repair in repairs {
      told += decide([node], [taken, pod]).rejections.map(\.plugin)
      repair()
    }
    #expect(
      told == [
        "NodeUnschedulable", "TaintToleration", "NodeAffinity", "NodePorts", "NodeResourcesFit",
        "PodTopologySpread", "InterPodAffinity",
      ])
    #expect(decide([node], [taken, pod]).node != nil)
  }

  @Test("A node takes as many Pods as it says and no more")
  func podCount() {
    var node = Sample.node("n")
    node.allocatable.pods = 2
    let running = [Sample.pod("a", cpu: 1, on: "n")]
    let pod = Sample.pod("p", cpu: 1)
    #expect(decide([node], running + [pod]).node != nil)
    let full = decide([node], running + [Sample.pod("b", cpu: 1, on: "n"), pod])
    #expect(full.rejections.map(\.reasons) == [["Too many pods"]])
  }

  @Test("A soft rule's counts weigh by the logarithm of the domains and are rounded half away")
  func softSpread() {
    let zones = ["z1", "z1", "z2"]
    let nodes = zones.enumerated().map { number, zone in
      var node = Sample.node("n\(number)")
      node.labels["zone"] = zone
      return node
    }
    var pod = Sample.pod("p", cpu: 1)
    pod.template.topologySpread = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "zone", isRequired: false,
        labelSelector: LabelSelector(matchLabels: ["app": "a"]))
    ]
    let running = ["n0", "n1", "n2"].map { (name: String) in
      Sample.pod("r-\(name)", cpu: 1, on: name)
    }
    let decision = decide(nodes, running + [pod])
    // ln 4 × 2 = 2.77 and ln 4 = 1.39: 3 and 1; 100 × (3 + 1 − 3) / 3 = 33, and 100; times 2.
    let column = decision.scores.map { $0.columns[ScorePlugin.podTopologySpread.rawValue] }
    #expect(column == [66, 66, 200])
  }

  @Test("Ties: the lowest name, the root of the heap, or any of them by the Pod's own choice")
  func ties() {
    let nodes = ["c", "b", "a", "d"].map { Sample.node($0) }
    let pod = Sample.pod("p", cpu: 100)
    func chosen(_ rule: TieRule) -> UInt32? { decide(nodes, [pod], rule).node?.slot }
    #expect(chosen(.lowestName) == 2)
    #expect(chosen(.heapOrder) == 0)
    let any = (0..<12).compactMap { number in
      decide(nodes, [Sample.pod("p\(number)", cpu: 100)], .arbitrary).node?.slot
    }
    #expect(Set(any).count > 2)
  }

  /// A victim: its priority, when it started, how much CPU it has, and whether a budget protects it.
  private typealias Victim = (priority: Int32, started: Double, cpu: Int64, isProtected: Bool)

  @Test("Among preemption's candidates each criterion decides where those before it are equal")
  func preemptionCriteria() {
    let table: [(rule: String, first: [Victim], second: [Victim], chosen: UInt32)] = [
      ("fewest violations", [(1, 9, 1000, true)], [(2, 9, 1000, false)], 1),
      ("lowest top priority", [(5, 9, 1000, false)], [(4, 9, 500, false), (4, 9, 500, false)], 1),
      (
        "smallest sum", [(5, 9, 500, false), (5, 9, 500, false)],
        [(5, 9, 500, false), (3, 9, 500, false)], 1
      ),
      ("latest start", [(5, 9, 1000, false)], [(5, 20, 1000, false)], 1),
      ("lowest name", [(5, 9, 1000, false)], [(5, 9, 1000, false)], 0),
    ]
    for row in table {
      var pods: [PodObject] = []
      for (node, victims) in [row.first, row.second].enumerated() {
        for (number, victim) in victims.enumerated() {
          var pod = Sample.pod(
            "v\(node)\(number)", cpu: victim.cpu, priority: victim.priority, on: "n\(node)")
          pod.started = .seconds(victim.started)
          pod.template.labels = ["app": victim.isProtected ? "guarded" : "free"]
          pods.append(pod)
        }
      }
      pods.append(Sample.pod("p", cpu: 1000, priority: 100))
      let budget = PodDisruptionBudget(
        namespace: "default", name: "b", selector: LabelSelector(matchLabels: ["app": "guarded"]),
        disruptionsAllowed: 0, disruptedPods: [])
      let decision = decide(
        [Sample.node("n0"), Sample.node("n1")], pods, budgets: [budget])
      #expect(decision.preemption?.candidates.count == 2, "\(row.rule)")
      #expect(decision.preemption?.chosen?.node.slot == row.chosen, "\(row.rule)")
    }
  }

  @Test("Arguments of plugins change what they say")
  func arguments() {
    var profile = SchedulerProfile()
    profile.addedAffinity.requiredNodeTerms = [
      NodeSelectorTerm(
        matchExpressions: [SelectorRequirement(key: "pool", comparison: .isIn, values: ["own"])])
    ]
    var own = Sample.node("own")
    own.labels["pool"] = "own"
    let pod = Sample.pod("p", cpu: 1)
    let added = decide([Sample.node("other"), own], [pod], profile: profile)
    #expect(added.node?.slot == 1)
    #expect(
      added.rejections.map(\.reasons) == [["node(s) didn't match scheduler-enforced node affinity"]]
    )
    var greedy = Sample.pod("g", cpu: 1)
    greedy.template.containers[0].requests["example.com/a"] = 1_000_000_000
    greedy.template.containers[0].requests["vendor.io/b"] = 1_000_000_000
    let plain = decide([own], [greedy])
    #expect(
      plain.rejections.map(\.reasons) == [
        ["Insufficient example.com/a", "Insufficient vendor.io/b"]
      ])
    var lenient = SchedulerProfile()
    lenient.ignoredResources = ["example.com/a"]
    lenient.ignoredResourceGroups = ["vendor.io"]
    #expect(decide([own], [greedy], profile: lenient).node != nil)
  }

  @Test("A required affinity of others scores as the profile weighs it, 1 by default")
  func hardAffinity() {
    func term(_ app: String) -> PodAffinityTerm {
      PodAffinityTerm(
        labelSelector: LabelSelector(matchLabels: ["app": app]),
        topologyKey: "kubernetes.io/hostname")
    }
    var bound = Sample.pod("bound", cpu: 1, on: "b")
    bound.template.affinity.requiredPodAffinity = [term("a")]
    var fond = Sample.pod("fond", cpu: 1, on: "c")
    fond.template.affinity.preferredPodAffinity = [
      WeightedPodAffinityTerm(weight: 4, term: term("a"))
    ]
    var shy = Sample.pod("shy", cpu: 1, on: "a")
    shy.template.affinity.preferredPodAntiAffinity = [
      WeightedPodAffinityTerm(weight: 1, term: term("a"))
    ]
    let nodes = ["a", "b", "c"].map { Sample.node($0) }
    let column = ScorePlugin.interPodAffinity.rawValue
    func columns(_ profile: SchedulerProfile) -> [Int64?] {
      decide(nodes, [bound, fond, shy, Sample.pod("p", cpu: 1)], profile: profile).scores
        .map { $0.columns[column] }
    }
    // Sums of −1, 1 and 4 span five; then −1, 6 and 4 seven.
    #expect(columns(SchedulerProfile()) == [0, 80, 200])
    var heavy = SchedulerProfile()
    heavy.hardPodAffinityWeight = 6
    #expect(columns(heavy) == [0, 200, 142])
  }

  @Test("A required rule lets a domain have maxSkew more than the emptiest, the Pod itself counted")
  func hardSpread() {
    let nodes = ["z1", "z2"].map { zone in
      var node = Sample.node(zone)
      node.labels["zone"] = zone
      return node
    }
    func rejected(_ skew: Int32, itself: Bool) -> [UInt32] {
      var pod = Sample.pod("p", cpu: 1)
      pod.template.labels = ["app": itself ? "a" : "b"]
      pod.template.topologySpread = [
        TopologySpreadConstraint(
          maxSkew: skew, topologyKey: "zone", isRequired: true,
          labelSelector: LabelSelector(matchLabels: ["app": "a"]))
      ]
      let running = ["r1", "r2"].map { Sample.pod($0, cpu: 1, on: "z1") }
      return decide(nodes, running + [pod]).rejections.map(\.node.slot)
    }
    #expect(rejected(1, itself: false) == [0])
    #expect(rejected(2, itself: false) == [])
    #expect(rejected(2, itself: true) == [0])
    #expect(rejected(3, itself: true) == [])
  }

  @Test("Others' preferences count for Pods without any, unless the profile says they don't")
  func othersPreferences() {
    var friendly = Sample.pod("f", cpu: 1, on: "b")
    friendly.template.affinity.preferredPodAffinity = [
      WeightedPodAffinityTerm(
        weight: 100,
        term: PodAffinityTerm(
          labelSelector: LabelSelector(matchLabels: ["app": "a"]),
          topologyKey: "kubernetes.io/hostname"))
    ]
    let nodes = [Sample.node("a"), Sample.node("b")]
    let pods = [friendly, Sample.pod("p", cpu: 1)]
    var profile = SchedulerProfile()
    let column = ScorePlugin.interPodAffinity.rawValue
    #expect(decide(nodes, pods).scores.map { $0.columns[column] } == [0, 200])
    profile.ignoresPreferredTermsOfExistingPods = true
    #expect(decide(nodes, pods, profile: profile).scores.map { $0.columns[column] } == [nil, nil])
  }
}
