import ClusterModel
import Quantities
import Scheduling
import Testing

/// A scheduler with a cluster that a test plays the API server for.
struct Desk: ~Copyable {
  var cluster: ClusterState
  var scheduler: Scheduler
  var out = CommandBuffer()
  var outcomes: [CommandOutcome] = []
  var wake: Instant?

  init(
    _ objects: ClusterObjects,
    _ configuration: SchedulerConfiguration = SchedulerConfiguration(cost: .none)
  ) {
    cluster = ClusterState(objects)
    scheduler = Scheduler(configuration: configuration)
  }

  /// Calls the scheduler at an instant; applies what it asks for unless told not to.
  /// - Returns: what it asks for.
  mutating func pass(at seconds: Double, applying: Bool = true) -> [ClusterCommand] {
    out.clear()
    let pass = ControllerPass(
      now: .seconds(seconds), position: cluster.logEnd, outcomes: outcomes)
    outcomes = []
    wake = scheduler.reconcile(cluster, in: pass, into: &out)
    if applying {
      for issued in out.commands { apply(issued.command) }
    }
    return out.commands.map(\.command)
  }

  private mutating func apply(_ command: ClusterCommand) {
    switch command {
    case .bind(let pod, let node): cluster.bind(pod, to: node)
    case .markUnschedulable(let pod): cluster.setCondition(pod, .unschedulable, true)
    case .nominate(let pod, let node): cluster.nominate(pod, to: node)
    case .markPreempted(let pod): cluster.setCondition(pod, .preempted, true)
    case .deletePod(let pod, _): cluster.markTerminating(pod)
    default: break
    }
  }

  /// The Pod of a slot.
  func pod(_ slot: Int) -> PodID { cluster.pod(slot: slot)!.id }
  /// The node of a slot.
  func node(_ slot: Int) -> NodeID { cluster.nodeID(slot: slot)! }
}

enum Sample {
  static func node(_ name: String, cpu: Int64 = 1000) -> Node {
    Node(
      name: name, labels: ["kubernetes.io/hostname": name],
      allocatable: Resources(cpu: cpu, memory: 1 << 30, pods: 10))
  }

  static func pod(
    _ name: String, cpu: Int64 = 600, priority: Int32 = 0, on node: String? = nil
  ) -> PodObject {
    var pod = PodObject(
      name: name,
      template: PodTemplate(
        labels: ["app": "a"],
        containers: [Container(requests: ResourceList(cpuMilli: cpu, memory: nil))]))
    pod.template.priority = priority
    pod.nodeName = node
    if node != nil {
      pod.phase = .running
      pod.started = .zero
    }
    return pod
  }

  static func cluster(_ nodes: [Node], _ pods: [PodObject]) -> ClusterObjects {
    var objects = ClusterObjects()
    objects.nodes = nodes
    objects.pods = pods
    return objects
  }
}

@Suite("The scheduler as a control loop")
struct SchedulerFlowTests {
  @Test("A Pod it has decided about counts before the API server says so")
  func assumed() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a"), Sample.pod("b")]))
    let first = desk.pass(at: 1, applying: false)
    #expect(first == [.bind(desk.pod(0), desk.node(0)), .markUnschedulable(desk.pod(1))])
    let second = desk.pass(at: 2, applying: false)
    #expect(second.isEmpty)
    let message = desk.scheduler.lastMessage(for: desk.pod(1))
    #expect(message?.hasPrefix("0/1 nodes are available: 1 Insufficient cpu.") == true)
    #expect(desk.scheduler.lastMessage(for: desk.pod(0)) == nil)
  }

  @Test("A refused binding is forgotten, and the Pod tried again after its backoff")
  func refused() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a"), Sample.pod("b")]))
    let first = desk.pass(at: 1, applying: false)
    desk.outcomes = [CommandOutcome(ticket: 1, command: first[0], result: .conflict)]
    let second = desk.pass(at: 1.5, applying: false)
    #expect(second == [.bind(desk.pod(1), desk.node(0))], "the room is free again")
    let wake = desk.wake
    #expect(wake == .seconds(3))
    let third = desk.pass(at: 3, applying: false)
    #expect(third == [.markUnschedulable(desk.pod(0))])
  }

  @Test("A binding of a Pod that is gone is forgotten for good")
  func notFound() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a")]))
    let first = desk.pass(at: 1, applying: false)
    desk.outcomes = [CommandOutcome(ticket: 1, command: first[0], result: .notFound)]
    desk.cluster.deletePod(desk.pod(0))
    let second = desk.pass(at: 2)
    #expect(second.isEmpty)
    let wake = desk.wake
    #expect(wake == nil)
  }

  @Test("Events wake only Pods that the hint of a rejecting plugin says they may help")
  func hints() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a", cpu: 2000)]))
    _ = desk.pass(at: 1)
    desk.cluster.addNode(Sample.node("small", cpu: 1500))
    let small = desk.pass(at: 20)
    #expect(small.isEmpty, "an empty node of that size wouldn't do")
    var node = Sample.node("small", cpu: 1500)
    node.labels["disk"] = "ssd"
    desk.cluster.updateNode(desk.node(1), .labels, to: node)
    let relabelled = desk.pass(at: 40)
    #expect(relabelled.isEmpty)
    let large = desk.cluster.addNode(Sample.node("large", cpu: 2000))
    let bound = desk.pass(at: 60)
    #expect(bound == [.bind(desk.pod(0), large)])
  }

  @Test("Without hints every change of a node wakes every Pod")
  func noHints() {
    var desk = Desk(
      Sample.cluster([Sample.node("n0")], [Sample.pod("a", cpu: 2000)]),
      SchedulerConfiguration(behaviour: .tke120, cost: .none))
    _ = desk.pass(at: 1)
    desk.cluster.addNode(Sample.node("small", cpu: 1500))
    _ = desk.pass(at: 20)
    #expect(desk.out.attempts.count == 1)
  }

  @Test("A Pod that ends makes room for one that waits, at once and despite its backoff")
  func podGone() {
    let pods = [Sample.pod("a", on: "n0"), Sample.pod("b")]
    for behaviour in [BehaviourProfile.v136, .tke120] {
      var desk = Desk(
        Sample.cluster([Sample.node("n0")], pods),
        SchedulerConfiguration(behaviour: behaviour, cost: .none))
      _ = desk.pass(at: 1)
      desk.cluster.setPhase(desk.pod(0), to: .succeeded)
      let next = desk.pass(at: 1.2)
      #expect(next.isEmpty == !behaviour.popsFromBackoff)
      let later = desk.pass(at: 3)
      #expect(later.isEmpty == behaviour.popsFromBackoff)
    }
  }

  @Test("A Pod that gains a toleration is tried again")
  func toleration() {
    var node = Sample.node("virtual")
    node.taints = [Taint(key: "eklet", effect: .noSchedule)]
    var desk = Desk(Sample.cluster([node], [Sample.pod("a")]))
    _ = desk.pass(at: 1)
    let template = desk.cluster.pod(slot: 0)!.template
    let tolerant = desk.cluster.template(
      template, tolerating: Toleration(key: "eklet", comparison: .exists))
    desk.cluster.setTemplate(desk.pod(0), to: tolerant)
    let next = desk.pass(at: 1.5)
    #expect(next == [.bind(desk.pod(0), desk.node(0))])
  }

  @Test("A gated Pod waits until its gate is lifted; other schedulers' Pods are left alone")
  func gates() {
    var gated = Sample.pod("a")
    gated.template.schedulingGates = ["example.com/wait"]
    var foreign = Sample.pod("b")
    foreign.template.schedulerName = "other"
    var desk = Desk(Sample.cluster([Sample.node("n0")], [gated, foreign]))
    let first = desk.pass(at: 1)
    #expect(first.isEmpty)
    let open = desk.cluster.addTemplate(Sample.pod("a").template)
    desk.cluster.setTemplate(desk.pod(0), to: open)
    let second = desk.pass(at: 2)
    #expect(second == [.bind(desk.pod(0), desk.node(0))])
  }

  @Test("A DaemonSet's Pod goes to its node or nowhere")
  func pinned() {
    var desk = Desk(Sample.cluster([Sample.node("n0"), Sample.node("n1")], []))
    let template = desk.cluster.addTemplate(Sample.pod("a").template)
    let pinned = desk.node(1)
    for ordinal: Int32 in 0..<2 {
      desk.cluster.createPod(
        owner: nil, template: template, ordinal: ordinal, attempt: 0, at: .zero, pinned: pinned,
        name: "d\(ordinal)")
    }
    let commands = desk.pass(at: 1)
    #expect(commands == [.bind(desk.pod(0), pinned), .markUnschedulable(desk.pod(1))])
    let message = desk.scheduler.lastMessage(for: desk.pod(1))
    #expect(message?.contains("1 node(s) didn't satisfy plugin(s) [NodeAffinity]") == true)
  }

  @Test("Preemption nominates, evicts, waits for the victim and takes its place")
  func preemption() {
    let pods = [Sample.pod("low", on: "n0"), Sample.pod("high", priority: 100)]
    var desk = Desk(Sample.cluster([Sample.node("n0")], pods))
    let first = desk.pass(at: 1)
    #expect(
      first == [
        .markUnschedulable(desk.pod(1)), .markPreempted(desk.pod(0)),
        .deletePod(desk.pod(0), atOnce: false), .nominate(desk.pod(1), desk.node(0)),
      ])
    #expect(desk.out.events.map(\.reason) == [.failedScheduling, .preempted])
    let second = desk.pass(at: 20)
    #expect(second.isEmpty, "the victim stops gracefully")
    desk.cluster.deletePod(desk.pod(0))
    let third = desk.pass(at: 31)
    #expect(third == [.bind(desk.pod(1), desk.node(0))])
  }

  @Test("Cycles take the time that the cost model says, one cycle a call")
  func cost() {
    var desk = Desk(
      Sample.cluster([Sample.node("n0"), Sample.node("n1")], [Sample.pod("a"), Sample.pod("b")]),
      SchedulerConfiguration(cost: SchedulerCost(perCycle: .milliseconds(10))))
    let first = desk.pass(at: 1)
    #expect(first.count == 1)
    #expect(desk.out.busy == .milliseconds(10))
    #expect(desk.out.commands[0].offset == .milliseconds(10))
    #expect(desk.out.attempts[0].end == .milliseconds(10))
    let wake = desk.wake
    #expect(wake == .seconds(1.01))
    let second = desk.pass(at: 1.01)
    #expect(second.count == 1)
  }

  @Test("Pods bound to a node before it is known count when it comes")
  func orphans() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a", on: "n0")]))
    _ = desk.pass(at: 1)
    desk.cluster.removeNode(desk.node(0))
    let template = desk.cluster.pod(slot: 0)!.template
    desk.cluster.createPod(
      owner: nil, template: template, ordinal: 0, attempt: 0, at: .zero, name: "b")
    let first = desk.pass(at: 2)
    #expect(first == [.markUnschedulable(desk.pod(1))])
    let message = desk.scheduler.lastMessage(for: desk.pod(1))
    #expect(message == "no nodes available to schedule pods")
    let node = desk.cluster.addNode(Sample.node("n0"))
    let second = desk.pass(at: 3)
    #expect(second == [.bind(desk.pod(1), node)], "the old node's Pod isn't the new one's")
  }

  @Test("A required spread rule with an empty selector counts no Pod that runs")
  func emptySpreadSelector() {
    var pod = Sample.pod("new", cpu: 100)
    pod.template.topologySpread = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "kubernetes.io/hostname", isRequired: true,
        labelSelector: LabelSelector())
    ]
    let running = (0..<3).map { Sample.pod("r\($0)", cpu: 100, on: "n0") }
    var desk = Desk(
      Sample.cluster([Sample.node("n0"), Sample.node("n1", cpu: 50)], running + [pod]))
    let commands = desk.pass(at: 1)
    #expect(commands == [.bind(desk.pod(3), desk.node(0))])
  }

  @Test("A keyed choice among equal nodes is the same for the same Pod and differs between Pods")
  func keyedChoice() {
    func nodes(key: UInt64) -> [UInt32] {
      var objects = Sample.cluster((0..<8).map { Sample.node("n\($0)") }, [])
      objects.pods = (0..<6).map { Sample.pod("p\($0)", cpu: 600) }
      let cluster = ClusterState(objects)
      var scheduler = Scheduler(
        configuration: SchedulerConfiguration(tieRule: .arbitrary, cost: .none))
      var out = CommandBuffer()
      let pass = ControllerPass(
        now: .zero, position: cluster.logEnd, choices: Choices(key: key))
      _ = scheduler.reconcile(cluster, in: pass, into: &out)
      return out.attempts.compactMap { $0.node?.slot }
    }
    #expect(nodes(key: 1) == nodes(key: 1))
    #expect(nodes(key: 1) != nodes(key: 2))
    #expect(nodes(key: 1) != [0, 1, 2, 3, 4, 5])
  }
}
