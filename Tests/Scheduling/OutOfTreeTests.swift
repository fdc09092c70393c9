import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("Plugins of one's own")
struct OutOfTreeTests {
  private static func profile(
    _ filters: [any OutOfTreeFilter], _ scores: [EnabledScore] = []
  ) -> SchedulerProfile {
    var profile = SchedulerProfile()
    profile.outOfTreeFilters = filters.map { EnabledFilter($0) }
    profile.outOfTreeScores = scores
    return profile
  }

  private static func decide(
    _ objects: ClusterObjects, _ profile: SchedulerProfile, pod: Int, scan: Bool = false
  ) -> SchedulingDecision {
    let cluster = ClusterState(objects)
    var scheduler = Scheduler(
      configuration: SchedulerConfiguration(
        profiles: [profile], percentageOfNodesToScore: 100, tieRule: .lowestName, scan: scan))
    return scheduler.decide(cluster.pod(slot: pod)!.id, in: cluster, at: .seconds(100))
  }

  private static func node(_ name: String, disk: String?) -> Node {
    var node = Sample.node(name, cpu: 4000)
    node.labels["disk"] = disk
    return node
  }

  @Test(
    "A score adds its points times its weight, in a column of its own", arguments: [true, false])
  func scores(scan: Bool) {
    let nodes = [
      Self.node("a", disk: nil), Self.node("b", disk: "hdd"), Self.node("c", disk: "ssd"),
    ]
    let decision = Self.decide(
      Sample.cluster(nodes, [Sample.pod("p", cpu: 10)]),
      Self.profile([], [EnabledScore(Disk(), weight: 3)]), pod: 0, scan: scan)
    let column = decision.scorePlugins.firstIndex(of: "Disk")
    #expect(decision.scores.map { $0.columns[column ?? 0] } == [0, 111, 300])
    #expect(decision.node == decision.scores[2].node)
    #expect(decision.standing?.totals == decision.scores.map(\.total))
    let plain = Self.decide(
      Sample.cluster(nodes, [Sample.pod("p", cpu: 10)]), Self.profile([]), pod: 0)
    #expect(zip(decision.scores, plain.scores).map { $0.total - $1.total } == [0, 111, 300])
  }

  @Test("A filter rejects by its name and reason, after Kubernetes' own", arguments: [true, false])
  func filters(scan: Bool) {
    var cordoned = Self.node("b", disk: nil)
    cordoned.isUnschedulable = true
    var pod = Sample.pod("p", cpu: 10)
    pod.template.labels = ["version": "1"]
    let decision = Self.decide(
      Sample.cluster([Self.node("a", disk: nil), cordoned], [pod]), Self.profile([Disk()]), pod: 0,
      scan: scan)
    #expect(decision.node == nil)
    #expect(decision.rejections.map(\.plugin) == ["Disk", "NodeUnschedulable"])
    #expect(decision.rejections[0].reasons == ["node(s) had no disk"])
    #expect(
      decision.message?.hasPrefix(
        "0/2 nodes are available: 1 node(s) had no disk, 1 node(s) were unschedulable.") == true)
    #expect(decision.standing?.kept == 0)
  }

  @Test("Where eviction may help, preemption asks the filter without the victims")
  func preempts() {
    var running = (0..<3).map { Sample.pod("r\($0)", cpu: 10, on: "a") }
    running[1].template.priority = 5
    var pod = Sample.pod("p", cpu: 10)
    pod.template.priority = 10
    let decision = Self.decide(
      Sample.cluster([Self.node("a", disk: nil)], running + [pod]),
      Self.profile([CrowdFilter(most: 3)]), pod: 3)
    #expect(decision.preemption?.chosen?.victims.count == 1)
    let stubborn = Self.decide(
      Sample.cluster([Self.node("a", disk: nil)], running + [pod]),
      Self.profile([CrowdFilter(most: 0)]), pod: 3)
    #expect(stubborn.preemption?.chosen == nil)
  }

  @Test("Which of its equals a Pod is decides only for those that read it")
  func identity() {
    let nodes = (0..<6).map { Self.node("n\($0)", disk: nil) }
    let pods = (0..<4).map { Sample.pod("p\($0)", cpu: 10) }
    let found = pods.indices.map {
      Self.decide(Sample.cluster(nodes, pods), Self.profile([ParityFilter()]), pod: $0)
        .rejections.map(\.node)
    }
    #expect(Set(found).count > 1)
  }

  @Test("Its hint decides whether an event wakes a Pod", arguments: [true, false])
  func hints(heedsHint: Bool) {
    var desk = Desk(
      Sample.cluster(
        [Sample.node("n0", cpu: 3000)],
        [Sample.pod("r", cpu: 1, on: "n0"), Sample.pod("p", cpu: 1)]),
      SchedulerConfiguration(
        profiles: [Self.profile([CrowdFilter(most: 1, heedsHint: heedsHint)])], cost: .none))
    _ = desk.pass(at: 1)
    #expect(desk.out.attempts.count == 1)
    var node = Sample.node("n0", cpu: 3000)
    node.labels["other"] = "x"
    desk.cluster.updateNode(desk.node(0), .labels, to: node)
    _ = desk.pass(at: 20)
    #expect(desk.out.attempts.count == (heedsHint ? 0 : 1))
    desk.cluster.deletePod(desk.pod(0))
    _ = desk.pass(at: 40)
    #expect(desk.out.attempts.count == 1)
  }

  @Test("Suppositions ask them too, with the Pods that are only supposed")
  func suppositions() {
    var cluster = ClusterState()
    cluster.addNode(Sample.node("n0", cpu: 8000))
    let shape = PodShape(
      template: cluster.addTemplate(Sample.pod("p", cpu: 10).template), owner: nil)
    var supposition = Supposition(profiles: [Self.profile([CrowdFilter(most: 3)])])
    supposition.begin(cluster, upTo: cluster.logEnd)
    let demand = PodDemand(shape: shape, count: 9)
    let placed = supposition.fill(demand, on: [SupposedNode(slot: 0)], in: cluster)
    #expect(placed.map(\.count) == [3])
    let refusals = supposition.refusals(shape, on: SupposedNode(slot: 0), in: cluster)
    #expect(refusals == ["node(s) were crowded"])
    let packing = supposition.pack(
      [demand], on: Sample.node("new", cpu: 8000), running: [], limit: 10, in: cluster)
    #expect(packing.nodes == 3)
  }

  @Test("The law checker passes what is lawful and names the law that isn't kept")
  func laws() {
    let laws = PluginLaws(
      pods: ["a", "b", "c"].map {
        PodView(PodTemplate(labels: ["app": $0]), identity: .init(name: "default/\($0)"))
      },
      nodes: (0..<5).map { number in
        NodeView(
          Self.node("n\(number)", disk: number % 2 == 0 ? "ssd" : nil),
          requested: Resources(pods: Int64(number)),
          pods: (0..<number).map { _ in PodTemplate(labels: ["app": "a"]) })
      })
    let lawful = PluginRegistry([CrowdFilter(), ParityFilter(), NeighbourScore(), Disk()])
    #expect(lawful.violations(laws).map(\.description) == [])

    struct Liar: OutOfTreeFilter {
      let name = "Liar"
      let reasons: [String] = []
      let reads: PluginInputs = .pods
      func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
        node.requested.pods > 2 || pod.identity?.ordinal == 7 ? .rejected() : .fits
      }
    }
    let found = laws.violations(of: Liar())
    #expect(found.map(\.law) == [.declared])
    #expect(
      found.first?.description
        == "Liar, Pod 0 on node n0: fits, but rejected, \"reason 0\" with other Pods of its kind, "
        + "which it doesn't read (law: nothing decides that the plugin doesn't say it reads)")

    struct Nameless: OutOfTreeFilter {
      let name = "Nameless"
      let reasons: [String] = []
      func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer { .rejected() }
    }
    #expect(laws.violations(of: Nameless()).map(\.law) == [.inRange])
  }
}
