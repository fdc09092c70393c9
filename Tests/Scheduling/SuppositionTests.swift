import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Scheduling

@Suite("Suppositions are answered by the filters and taken back without a trace")
struct SuppositionTests {
  private static func template(_ app: String, cpu: Int64, apart: Bool = false) -> PodTemplate {
    var template = PodTemplate(
      labels: ["app": app],
      containers: [Container(name: "c", requests: ResourceList(cpuMilli: cpu, memory: 1 << 28))])
    if apart {
      template.affinity.requiredPodAntiAffinity = [
        PodAffinityTerm(
          labelSelector: LabelSelector(matchLabels: ["app": app]),
          topologyKey: "kubernetes.io/hostname")
      ]
    }
    return template
  }

  private static func node(_ name: String) -> Node {
    Node(
      name: name, labels: ["kubernetes.io/hostname": name],
      allocatable: Resources(cpu: 4000, memory: 8 << 30, pods: 20))
  }

  private struct World: ~Copyable {
    var cluster = ClusterState()
    var plain: PodShape
    var apart: PodShape
    var pod: PodID
    var supposition = Supposition()

    init() {
      let first = cluster.addNode(SuppositionTests.node("real-0"))
      cluster.addNode(SuppositionTests.node("real-1"))
      plain = PodShape(
        template: cluster.addTemplate(SuppositionTests.template("plain", cpu: 1500)), owner: nil)
      apart = PodShape(
        template: cluster.addTemplate(
          SuppositionTests.template("apart", cpu: 500, apart: true)), owner: nil)
      pod = cluster.createPod(
        owner: nil, template: plain.template, ordinal: 0, attempt: 0, at: .zero)
      cluster.bind(pod, to: first)
      supposition.begin(cluster, upTo: cluster.logEnd)
    }
  }

  private let nodes = [SupposedNode(slot: 0), SupposedNode(slot: 1)]

  @Test("Pods fill the first node with room, then the next, until one fits nowhere")
  func fill() {
    var world = World()
    let placed = world.supposition.fill(
      PodDemand(shape: world.plain, count: 9), on: nodes, in: world.cluster)
    #expect(placed.map(\.count) == [1, 2])
    #expect(world.supposition.requested(on: nodes[1]).cpu == 3000)
    world.supposition.rollback(to: 0)
    #expect(world.supposition.requested(on: nodes[0]).cpu == 1500)
    #expect(world.supposition.requested(on: nodes[1]).cpu == 0)
  }

  @Test("What is supposed counts for Pods that keep apart, and no longer once it is taken back")
  func affinity() {
    var world = World()
    let made = world.supposition.add(Self.node("made"))
    let all = nodes + [made]
    let demand = PodDemand(shape: world.apart, count: 5)
    #expect(world.supposition.fill(demand, on: all, in: world.cluster).map(\.count) == [1, 1, 1])
    let refusals = world.supposition.refusals(world.apart, on: made, in: world.cluster)
    #expect(refusals == ["node(s) didn't match pod anti-affinity rules"])
    world.supposition.rollback(to: 0)
    let again = world.supposition.fill(demand, on: nodes, in: world.cluster)
    #expect(again.map(\.count) == [1, 1])
  }

  @Test("A Pod that is taken away leaves its room, and comes back to it")
  func takeAway() {
    var world = World()
    let mark = world.supposition.mark
    world.supposition.takeAway(world.pod)
    #expect(world.supposition.pods(on: nodes[0]).isEmpty)
    #expect(world.supposition.requested(on: nodes[0]).cpu == 0)
    world.supposition.rollback(to: mark)
    #expect(world.supposition.pods(on: nodes[0]) == [world.pod])
    #expect(world.supposition.requested(on: nodes[0]).cpu == 1500)
  }

  @Test("Pods that keep apart get a node each, up to the limit")
  func packing() {
    var world = World()
    let demands = [
      PodDemand(shape: world.apart, count: 4), PodDemand(shape: world.plain, count: 6),
    ]
    let packing = world.supposition.pack(
      demands, on: Self.node("new"), running: [], limit: 3, in: world.cluster)
    #expect(packing.nodes == 3)
    #expect(packing.placed == [3, 6])
    let more = world.supposition.pack(
      demands, on: Self.node("new"), running: [PodDemand(shape: world.plain, count: 1)],
      limit: 10, in: world.cluster)
    #expect(more.nodes == 6)
    #expect(more.placed == [4, 6])
    #expect(world.supposition.mark == 0)
  }
}
