import CloudSimulation
import ClusterModel
import Quantities
import Testing

@testable import Experiments

@Suite("What would make a Pod fit")
struct SchedulingRemedyTests {
  /// A world in which a Pod `p` waits, what is said, and the same change made by hand.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var node: @Sendable (inout Node) -> Void = { _ in }
    var pod: @Sendable (inout PodTemplate) -> Void = { _ in }
    /// A Pod that runs on the node.
    var running: (@Sendable (inout PodTemplate) -> Void)?
    var remedies: [String]
    /// What is changed; with it the Pod must fit.
    var cure: @Sendable (inout [Node], inout [PodObject]) -> Void
  }

  private static let hostname = "kubernetes.io/hostname"
  private static func term(_ app: String) -> PodAffinityTerm {
    PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": app]), topologyKey: hostname)
  }
  private static func spread(_ skew: Int32, _ key: String = hostname) -> TopologySpreadConstraint {
    var rule = TopologySpreadConstraint(
      maxSkew: skew, topologyKey: key, isRequired: true,
      labelSelector: LabelSelector(matchLabels: ["app": "a"]))
    rule.minDomains = 2
    return rule
  }

  static let rows: [Row] = [
    Row(
      testDescription: "uncordon", node: { $0.isUnschedulable = true }, remedies: ["n uncordoned"],
      cure: { nodes, _ in nodes[0].isUnschedulable = false }),
    Row(
      testDescription: "amounts",
      pod: { $0.containers[0].requests = ResourceList(cpuMilli: 5000, memory: 1 << 20) },
      remedies: ["cpu 1 more on n"], cure: { nodes, _ in nodes[0].allocatable.cpu = 5000 }),
    Row(
      testDescription: "selector", pod: { $0.nodeSelector = ["disk": "ssd", "gpu": "yes"] },
      remedies: ["the label disk=ssd and the label gpu=yes on n"],
      cure: { nodes, _ in
        nodes[0].labels["disk"] = "ssd"
        nodes[0].labels["gpu"] = "yes"
      }),
    Row(
      testDescription: "nearest term", node: { $0.labels["old"] = "1" },
      pod: {
        $0.affinity.requiredNodeTerms = [
          NodeSelectorTerm(matchExpressions: [
            SelectorRequirement(key: "a", comparison: .exists),
            SelectorRequirement(key: "b", comparison: .exists),
          ]),
          NodeSelectorTerm(matchExpressions: [
            SelectorRequirement(key: "old", comparison: .doesNotExist)
          ]),
        ]
      }, remedies: ["no label old on n"], cure: { nodes, _ in nodes[0].labels["old"] = nil }),
    Row(
      testDescription: "host port",
      pod: { $0.containers[0].hostPorts = [HostPort(port: 80)] },
      running: { $0.containers[0].hostPorts = [HostPort(hostIP: "10.0.0.1", port: 80)] },
      remedies: ["shop/r moved off n"], cure: { _, pods in pods.removeFirst() }),
    Row(
      testDescription: "own anti-affinity",
      pod: { $0.affinity.requiredPodAntiAffinity = [term("r")] },
      running: { $0.labels = ["app": "r"] }, remedies: ["shop/r moved away from n"],
      cure: { _, pods in pods.removeFirst() }),
    Row(
      testDescription: "another's anti-affinity", pod: { $0.labels = ["app": "a"] },
      running: { $0.affinity.requiredPodAntiAffinity = [term("a")] },
      remedies: ["shop/r moved away from n"], cure: { _, pods in pods.removeFirst() }),
    Row(
      testDescription: "affinity", pod: { $0.affinity.requiredPodAffinity = [term("db")] },
      running: { $0.labels = ["app": "r"] },
      remedies: ["a Pod labelled app=db in the kubernetes.io/hostname of n"],
      cure: { _, pods in pods[0].template.labels = ["app": "db"] }),
    Row(
      testDescription: "spread",
      pod: {
        $0.labels = ["app": "a"]
        $0.topologySpread = [spread(1)]
      }, running: { $0.labels = ["app": "a"] },
      remedies: ["maxSkew 2 for kubernetes.io/hostname"],
      cure: { _, pods in pods[1].template.topologySpread[0].maxSkew = 2 }),
    Row(
      testDescription: "a domain of its own",
      pod: {
        $0.labels = ["app": "a"]
        $0.topologySpread = [spread(1, "zone")]
      }, remedies: ["the label zone=n on n"], cure: { nodes, _ in nodes[0].labels["zone"] = "n" }),
    Row(
      testDescription: "several filters in a row",
      node: {
        $0.isUnschedulable = true
        $0.taints = [Taint(key: "t", value: "v", effect: .noSchedule)]
        $0.allocatable.cpu = 100
      },
      pod: {
        $0.nodeSelector = ["disk": "ssd"]
        $0.affinity.requiredPodAntiAffinity = [term("r")]
      },
      running: {
        $0.labels = ["app": "r"]
        $0.containers[0].requests = ResourceList(cpuMilli: 0, memory: 1 << 20)
      },
      remedies: [
        "n uncordoned and a toleration of t=v:NoSchedule and the label disk=ssd on n and "
          + "cpu 600m more on n and shop/r moved away from n"
      ],
      cure: { nodes, pods in
        nodes[0].isUnschedulable = false
        nodes[0].taints = []
        nodes[0].labels["disk"] = "ssd"
        nodes[0].allocatable.cpu = 700
        pods.removeFirst()
      }),
  ]

  private func explanation(_ nodes: [Node], _ pods: [PodObject]) throws -> SchedulingExplanation {
    var scenario = Scenario(name: "dump")
    scenario.isBareDump = true
    scenario.cluster.nodes = nodes
    scenario.cluster.pods = pods
    return try #require(SchedulingExplanation(of: "shop/p", in: scenario))
  }

  private func objects(_ row: Row) -> ([Node], [PodObject]) {
    var node = Node(
      name: "n", labels: [Self.hostname: "n"],
      allocatable: Resources(cpu: 4000, memory: 1 << 34, pods: 10))
    row.node(&node)
    func pod(_ name: String, _ change: (inout PodTemplate) -> Void) -> PodObject {
      var template = PodTemplate(namespace: "shop")
      template.containers = [
        Container(requests: ResourceList(cpuMilli: 700, memory: 1 << 20))
      ]
      change(&template)
      return PodObject(name: name, template: template)
    }
    var pods: [PodObject] = []
    if let change = row.running {
      var other = pod("r", change)
      other.nodeName = "n"
      other.phase = .running
      pods.append(other)
    }
    pods.append(pod("p", row.pod))
    return ([node], pods)
  }

  @Test("Each filter has its smallest change, and with it the Pod fits", arguments: rows)
  func smallest(row: Row) throws {
    var (nodes, pods) = objects(row)
    let before = try explanation(nodes, pods)
    #expect(before.remedies == row.remedies)
    #expect(before.untried.isEmpty)
    row.cure(&nodes, &pods)
    let after = try explanation(nodes, pods)
    #expect(after.record.node == "n")
    #expect(after.remedies.isEmpty)
  }

  @Test("The shortest way comes first, whatever rejects on the other nodes")
  func order() throws {
    var (nodes, pods) = objects(Row(testDescription: "", remedies: [], cure: { _, _ in }))
    nodes[0].taints = [Taint(key: "t", value: "", effect: .noSchedule)]
    nodes[0].isUnschedulable = true
    var other = nodes[0]
    other.name = "o"
    other.labels[Self.hostname] = "o"
    other.isUnschedulable = false
    nodes.append(other)
    pods[0].template.nodeSelector = [:]
    #expect(
      try explanation(nodes, pods).remedies == ["a toleration of t=:NoSchedule"],
      "the first node needs that and more")
    nodes[1].taints = [Taint(key: "u", value: "", effect: .noSchedule)]
    #expect(
      try explanation(nodes, pods).remedies == [
        "a toleration of u=:NoSchedule", "n uncordoned and a toleration of t=:NoSchedule",
      ])
  }

  @Test("An affinity that no Pod can meet is told as such, and nothing is promised")
  func untried() throws {
    let (nodes, pods) = objects(
      Row(
        testDescription: "",
        pod: {
          $0.affinity.requiredPodAffinity = [
            PodAffinityTerm(labelSelector: nil, topologyKey: Self.hostname)
          ]
        }, remedies: [], cure: { _, _ in }))
    let found = try explanation(nodes, pods)
    #expect(found.remedies.isEmpty)
    #expect(found.untried == ["InterPodAffinity content with n"])
    #expect(found.text.contains("it might fit with one of\n  InterPodAffinity content with n\n"))
  }
}
