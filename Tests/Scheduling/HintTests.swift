import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("Queueing hints, plugin by plugin")
struct HintTests {
  /// A Pod that a plugin rejects, an event that can't help it and one that may.
  struct Row: Sendable, CustomTestStringConvertible {
    var plugin: FilterPlugin
    var template: @Sendable (inout PodTemplate) -> Void = { _ in }
    var node: @Sendable (inout Node) -> Void = { _ in }
    /// Pods that run on the node: their labels, and a host port or 0.
    var running: [(app: String, port: Int32)] = []
    var useless: @Sendable (borrowing Handle, inout ClusterState) -> Void
    var helpful: @Sendable (borrowing Handle, inout ClusterState) -> Void
    var testDescription: String { plugin.rawValue }
  }

  /// What the events change.
  struct Handle: ~Copyable {
    var node: NodeID
    var running: [PodID]

    func change(_ cluster: inout ClusterState, _ fields: ChangeFields, _ body: (inout Node) -> Void)
    {
      guard var node = cluster.node(node) else { return }
      body(&node)
      cluster.updateNode(self.node, fields, to: node)
    }

    func bindNew(_ app: String, in namespace: String = "default", _ cluster: inout ClusterState) {
      var template = Sample.pod("x", cpu: 1).template
      template.namespace = namespace
      template.labels = ["app": app]
      let id = cluster.createPod(
        owner: nil, template: cluster.addTemplate(template), ordinal: 0, attempt: 0, at: .zero,
        name: "new-\(app)-\(namespace)")
      cluster.bind(id, to: node)
    }
  }

  private static let spread: @Sendable (inout PodTemplate) -> Void = {
    $0.topologySpread = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "kubernetes.io/hostname", isRequired: true,
        labelSelector: LabelSelector(matchLabels: ["app": "a"]))
    ]
    $0.topologySpread[0].minDomains = 2
  }

  private static func term(_ app: String) -> PodAffinityTerm {
    PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": app]),
      topologyKey: "kubernetes.io/hostname")
  }

  private static let relabel: @Sendable (borrowing Handle, inout ClusterState) -> Void = {
    $0.change(&$1, .labels) { $0.labels["other"] = "x" }
  }

  static let rows: [Row] = [
    Row(
      plugin: .nodeUnschedulable, node: { $0.isUnschedulable = true }, useless: relabel,
      helpful: { $0.change(&$1, .taints) { $0.isUnschedulable = false } }),
    Row(
      plugin: .taintToleration, node: { $0.taints = [Taint(key: "t", effect: .noSchedule)] },
      useless: {
        $0.change(&$1, .taints) { $0.taints.append(Taint(key: "u", effect: .noSchedule)) }
      },
      helpful: { $0.change(&$1, .taints) { $0.taints = [] } }),
    Row(
      plugin: .nodeAffinity, template: { $0.nodeSelector = ["disk": "ssd"] }, useless: relabel,
      helpful: { $0.change(&$1, .labels) { $0.labels["disk"] = "ssd" } }),
    Row(
      plugin: .nodePorts, template: { $0.containers[0].hostPorts = [HostPort(port: 80)] },
      running: [("b", 80), ("c", 81)], useless: { $1.deletePod($0.running[1]) },
      helpful: { $1.deletePod($0.running[0]) }),
    Row(
      plugin: .nodeResourcesFit,
      template: { $0.containers[0].requests = ResourceList(cpuMilli: 5000, memory: nil) },
      useless: { $0.change(&$1, .allocatable) { $0.allocatable.cpu = 4000 } },
      helpful: { $0.change(&$1, .allocatable) { $0.allocatable.cpu = 6000 } }),
    Row(
      plugin: .podTopologySpread, template: spread, running: [("a", 0), ("b", 0)],
      useless: { $1.deletePod($0.running[1]) }, helpful: { $1.deletePod($0.running[0]) }),
    Row(
      plugin: .interPodAffinity,
      template: { $0.affinity.requiredPodAffinity = [term("b")] },
      useless: { $0.bindNew("c", &$1) }, helpful: { $0.bindNew("b", &$1) }),
    Row(
      plugin: .interPodAffinity,
      template: { $0.affinity.requiredPodAntiAffinity = [term("b")] },
      running: [("b", 0), ("c", 0)],
      useless: { $1.deletePod($0.running[1]) }, helpful: { $1.deletePod($0.running[0]) }),
  ]

  @Test("Only the event that may help leads to another attempt", arguments: rows)
  func hints(row: Row) {
    var node = Sample.node("n0", cpu: 3000)
    row.node(&node)
    var pods: [PodObject] = []
    for (number, entry) in row.running.enumerated() {
      var pod = Sample.pod("r\(number)", cpu: 1, on: "n0")
      pod.template.labels = ["app": entry.app]
      if entry.port > 0 { pod.template.containers[0].hostPorts = [HostPort(port: entry.port)] }
      pods.append(pod)
    }
    var waiting = Sample.pod("p", cpu: 10)
    row.template(&waiting.template)
    pods.append(waiting)
    var desk = Desk(Sample.cluster([node], pods))
    _ = desk.pass(at: 1)
    let handle = Handle(node: desk.node(0), running: row.running.indices.map { desk.pod($0) })
    let rejector = desk.scheduler.queue.buckets.first?.rejectors
    let expected = Filter.allNamed.first { $0.name == row.plugin.rawValue }?.bit
    #expect(rejector == expected)
    row.useless(handle, &desk.cluster)
    _ = desk.pass(at: 20)
    #expect(desk.out.attempts.isEmpty)
    row.helpful(handle, &desk.cluster)
    _ = desk.pass(at: 40)
    #expect(desk.out.attempts.count == 1)
  }

  @Test("Without hints a bound Pod wakes only those that look for its like")
  func boundWithoutHints() {
    var desk = Desk(
      Sample.cluster([Sample.node("n0", cpu: 3000)], [Sample.pod("p", cpu: 5000)]),
      SchedulerConfiguration(profiles: [.tke()], behaviour: .tke120, cost: .none))
    _ = desk.pass(at: 1)
    Handle(node: desk.node(0), running: []).bindNew("b", &desk.cluster)
    _ = desk.pass(at: 20)
    #expect(desk.out.attempts.isEmpty)
  }

  @Test("A pool's flush comes after 60 s in v1.20 and after 5 min in v1.36; so does the grace")
  func profiles() {
    for (behaviour, flush, grace) in [(BehaviourProfile.v136, 330, 50), (.tke120, 90, 40)] {
      var desk = Desk(
        Sample.cluster([Sample.node("n0")], [Sample.pod("p", cpu: 5000)]),
        SchedulerConfiguration(behaviour: behaviour, cost: .none))
      _ = desk.pass(at: 1)
      let wake = desk.wake
      #expect(wake == .seconds(Double(flush)), "\(behaviour.name)")
      #expect(behaviour.nodeMonitorGracePeriod == .seconds(grace))
      #expect(!behaviour.unproven.isEmpty, "each says what no recorded decision proves")
    }
  }

  @Test("The search starts where the last one ended and seeks 100 of 200 nodes")
  func rotatingStart() {
    let nodes = (0..<200).map { Sample.node("n\(1000 + $0)", cpu: 100_000) }
    let pods = (0..<3).map { Sample.pod("p\($0)", cpu: 100) }
    for scan in [false, true] {
      var desk = Desk(
        Sample.cluster(nodes, pods),
        SchedulerConfiguration(tieRule: .lowestName, cost: .none, scan: scan))
      _ = desk.pass(at: 1)
      // The third search begins anew at the first node, where a Pod runs already.
      let chosen = desk.out.attempts.map { Int($0.node?.slot ?? 0) }
      #expect(chosen == [0, 100, 1], "scan: \(scan)")
      #expect(desk.scheduler.start == 100)
    }
  }

  @Test(
    "A binding that is refused, for whatever reason, is forgotten",
    arguments: [
      CommandResult.conflict, .forbidden, .timedOut,
    ])
  func forgotten(result: CommandResult) {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a"), Sample.pod("b")]))
    let first = desk.pass(at: 1, applying: false)
    #expect(first.first == .bind(desk.pod(0), desk.node(0)))
    let ticket = desk.out.commands[0].ticket
    let command = desk.out.commands[0].command
    desk.outcomes = [CommandOutcome(ticket: ticket, command: command, result: result)]
    let second = desk.pass(at: 1.5)
    #expect(second == [.bind(desk.pod(1), desk.node(0))], "the other takes the room")
  }
}

extension Filter {
  /// Every filter, to be looked up by name.
  static let allNamed: [Filter] = (0...15).compactMap { Filter(rawValue: $0) }
}
