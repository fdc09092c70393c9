import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct ScaleInTests {
  /// A cluster of adopted Pods, one per description.
  private func cluster(_ pods: [(inout PodObject) -> Void], nodes: Int = 3) -> ClusterObjects {
    let web = Manifests.workload(.replicaSet, "web", replicas: Int32(pods.count))
    var objects = Manifests.cluster(nodes: nodes, web)
    for (number, edit) in pods.enumerated() {
      var pod = Manifests.pod(of: web, number, on: "node-\(number % nodes)")
      pod.created = .seconds(-1000)
      edit(&pod)
      objects.pods.append(pod)
    }
    return objects
  }

  /// The ordinals deleted, in order, when the workload shrinks by one again and again.
  private func order(
    _ objects: ClusterObjects, _ configuration: ReplicaSetConfiguration = ReplicaSetConfiguration()
  ) -> [Int32] {
    var api = MemoryAPI(objects)
    api.join(ReplicaSetController(configuration: configuration))
    var ordinals: [Int32] = []
    api.run(until: .seconds(1))
    for left in (0..<objects.pods.count).reversed() {
      let before = api.pods(of: "web")
      let owner = api.workload("web")
      api.change { $0.setDesired(owner, Int32(left)) }
      api.run(until: api.now + .seconds(1))
      let after = api.pods(of: "web").map(\.id)
      ordinals += before.filter { !after.contains($0.id) }.map(\.ordinal)
    }
    return ordinals
  }

  @Test func `without a node, then pending, then not ready, then ready`() {
    let objects = cluster([
      { _ in },
      { $0.flags = [] },
      {
        $0.phase = .pending
        $0.flags = []
      },
      {
        $0.nodeName = nil
        $0.phase = .pending
        $0.flags = []
      },
    ])
    let order = order(objects)
    #expect(order == [3, 2, 1, 0])
  }

  @Test func `a lower deletion cost goes first, whatever the node`() {
    let key = "controller.kubernetes.io/pod-deletion-cost"
    let objects = cluster([
      { $0.template.annotations[key] = "10" }, { $0.template.annotations[key] = "-5" }, { _ in },
    ])
    let order = order(objects)
    #expect(order == [1, 2, 0])
  }

  @Test func `Pods that share a node go before one that has its own`() {
    let objects = cluster([
      { $0.nodeName = "node-1" }, { $0.nodeName = "node-0" }, { $0.nodeName = "node-0" },
    ])
    let order = order(objects)
    #expect(Set(order.prefix(1)).isSubset(of: [1, 2]))
  }

  @Test func `younger Pods go first, by the logarithm of their age`() {
    let objects = cluster([
      { $0.created = .seconds(-4000) }, { $0.created = .seconds(-100) },
      { $0.created = .seconds(-20) },
    ])
    let order = order(objects)
    #expect(order == [2, 1, 0])
  }

  @Test(arguments: ScaleInOrder.allCases)
  func `the distribution's order takes Pods on virtual nodes first`(order scaleIn: ScaleInOrder) {
    // Old Pods on the virtual node: Kubernetes' own order takes the young one.
    var objects = cluster([
      { $0.created = .seconds(-4000) }, { $0.created = .seconds(-4000) },
      { $0.created = .seconds(-20) },
    ])
    objects.nodes[1].labels["node.kubernetes.io/instance-type"] = "eklet"
    let order = order(objects, ReplicaSetConfiguration(scaleIn: scaleIn))
    #expect(order.first == (scaleIn == .kubernetes ? 2 : 1))
  }

  @Test func `what isn't ready on an own machine goes before what is ready in the cloud`() {
    var objects = cluster([{ $0.flags = [] }, { _ in }, { _ in }])
    objects.nodes[1].labels["node.kubernetes.io/instance-type"] = "eklet"
    let order = order(objects, ReplicaSetConfiguration(scaleIn: .virtualNodesFirst))
    #expect(order == [0, 1, 2] || order == [0, 2, 1])
    #expect(order.prefix(2) == [0, 1])
  }
}
