import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct DaemonSetTests {
  private func objects(
    nodes: Int = 3, _ edit: (inout WorkloadObject) -> Void = { _ in }
  ) -> ClusterObjects {
    var agent = Manifests.workload(.daemonSet, "agent")
    edit(&agent)
    return Manifests.cluster(nodes: nodes, agent)
  }

  private func api(_ objects: ClusterObjects) -> MemoryAPI {
    var delays = MemoryAPI.Delays()
    delays.start = .milliseconds(100)
    delays.stop = .milliseconds(100)
    var api = MemoryAPI(objects, delays: delays)
    api.join(DaemonSetController())
    return api
  }

  private func nodeNames(_ api: borrowing MemoryAPI) -> [String] {
    api.activePods(of: "agent").map { pod in
      pod.node.flatMap { api.state.node($0)?.name } ?? "-"
    }
  }

  @Test func `each node gets one Pod, pinned to it`() {
    var api = api(objects())
    api.run(until: .seconds(1))
    let names = nodeNames(api)
    #expect(names == ["node-0", "node-1", "node-2"])
  }

  @Test func `a new node gets a Pod, a node that leaves loses it, and its name brings it back`() {
    var api = api(objects())
    api.run(until: .seconds(1))
    let added = api.change { $0.addNode(Node(name: "later")) }
    api.run(until: .seconds(2))
    let four = nodeNames(api)
    api.change { $0.removeNode(added) }
    api.run(until: .seconds(3))
    let three = nodeNames(api)
    api.change { _ = $0.addNode(Node(name: "another")) }
    api.change { _ = $0.addNode(Node(name: "later")) }
    api.run(until: .seconds(4))
    let places = api.activePods(of: "agent").map { [$0.ordinal, $0.attempt] }
    let five = nodeNames(api)
    #expect(four == ["node-0", "node-1", "node-2", "later"])
    #expect(three == ["node-0", "node-1", "node-2"])
    #expect(five == ["node-0", "node-1", "node-2", "later", "another"])
    #expect(places == [[0, 0], [1, 0], [2, 0], [3, 1], [4, 0]])
  }

  @Test func `Pods of a dump are adopted with their nodes, and only the missing one is created`() {
    var objects = objects()
    let agent = objects.workloads[0]
    objects.pods = [
      Manifests.pod(of: agent, 0, on: "node-2"), Manifests.pod(of: agent, 1, on: "node-0"),
    ]
    var api = api(objects)
    api.run(until: .seconds(1))
    let names = nodeNames(api)
    #expect(names == ["node-2", "node-0", "node-1"])
    let commands = api.commands().count
    #expect(commands == 1)
  }

  @Test func `a dump's Pod that waits for its node is found by its affinity`() {
    var objects = objects()
    let agent = objects.workloads[0]
    var waiting = Manifests.pod(of: agent, 0)
    waiting.template.affinity.requiredNodeTerms = [
      NodeSelectorTerm(matchFields: [
        SelectorRequirement(key: "metadata.name", comparison: .isIn, values: ["node-1"])
      ])
    ]
    objects.pods = [waiting]
    var delays = MemoryAPI.Delays()
    delays.start = nil
    var api = MemoryAPI(objects, delays: delays)
    api.join(DaemonSetController())
    api.run(until: .seconds(1))
    let pinned = api.pods(of: "agent").compactMap(\.pinnedNode?.slot)
    #expect(pinned == [0, 2])
  }

  @Test func `a node that stops matching loses its Pod`() {
    var objects = objects { $0.template.nodeSelector = ["disk": "ssd"] }
    for index in 0..<2 { objects.nodes[index].labels["disk"] = "ssd" }
    var api = api(objects)
    api.run(until: .seconds(1))
    let two = nodeNames(api)
    api.change { state in
      let id = state.nodeID(slot: 0)!
      var node = state.node(id)!
      node.labels["disk"] = "hdd"
      state.updateNode(id, .labels, to: node)
    }
    api.run(until: .seconds(2))
    let one = nodeNames(api)
    #expect(two == ["node-0", "node-1"])
    #expect(one == ["node-1"])
  }

  @Test func `a node gets another Pod only when the one before is gone`() {
    var api = api(objects(nodes: 1))
    api.run(until: .seconds(1))
    let first = api.pods(of: "agent")[0].id
    api.change { $0.setPhase(first, to: .failed) }
    api.run(until: .seconds(1.05))
    let during = api.pods(of: "agent").count
    api.run(until: .seconds(2))
    let places = api.activePods(of: "agent").map { [$0.ordinal, $0.attempt] }
    #expect(during == 1)
    #expect(places == [[0, 1]])
  }

  @Test func `which nodes a template's Pods belong on`() {
    var template = Manifests.template(app: "agent")
    var node = Node(name: "n")
    #expect(DaemonEligibility(of: template, on: node) == .wanted)
    node.isUnschedulable = true
    node.readiness = .notReady
    node.taints = [
      Taint(key: "node.kubernetes.io/not-ready", effect: .noExecute),
      Taint(key: "node.kubernetes.io/disk-pressure", effect: .noSchedule),
      Taint(key: "prefer", effect: .preferNoSchedule),
    ]
    #expect(DaemonEligibility(of: template, on: node) == .wanted)
    node.taints = [Taint(key: "node.kubernetes.io/network-unavailable", effect: .noSchedule)]
    #expect(DaemonEligibility(of: template, on: node) == .tolerated)
    template.hostNetwork = true
    #expect(DaemonEligibility(of: template, on: node) == .wanted)
    node.taints = [Taint(key: "dedicated", effect: .noSchedule)]
    #expect(DaemonEligibility(of: template, on: node) == .tolerated)
    node.taints.append(Taint(key: "broken", effect: .noExecute))
    #expect(DaemonEligibility(of: template, on: node) == .excluded)
    template.tolerations = [Toleration(comparison: .exists)]
    #expect(DaemonEligibility(of: template, on: node) == .wanted)
    node.labels = ["type": "virtual-kubelet"]
    #expect(DaemonEligibility(of: template, on: node) == .tolerated)
    template.affinity.requiredNodeTerms = []
    #expect(DaemonEligibility(of: template, on: node) == .excluded)
    template.affinity.requiredNodeTerms = [NodeSelectorTerm()]
    #expect(DaemonEligibility(of: template, on: node) == .excluded)
    #expect(DaemonEligibility.podTemplate(from: template).tolerations.count == 8)
  }

  @Test func `nodes that come together are taken in the order of their names`() {
    var objects = objects(nodes: 0)
    objects.nodes = [Node(name: "c"), Node(name: "a"), Node(name: "b")]
    var api = api(objects)
    api.run(until: .seconds(1))
    let names = nodeNames(api)
    #expect(names == ["a", "b", "c"])
  }
}
