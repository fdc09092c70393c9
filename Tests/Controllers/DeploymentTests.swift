import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct DeploymentTests {
  private func api(
    _ objects: ClusterObjects, logCapacity: Int = 1 << 16, watch: Int = 20
  ) -> MemoryAPI {
    var delays = MemoryAPI.Delays()
    delays.call = .milliseconds(10)
    delays.watch = .milliseconds(watch)
    delays.start = .seconds(2)
    delays.stop = .seconds(1)
    var api = MemoryAPI(objects, logCapacity: logCapacity, delays: delays)
    api.join(DeploymentController())
    api.join(ReplicaSetController())
    return api
  }

  private func deployment(_ replicas: Int32, _ edit: (inout RolloutStrategy) -> Void = { _ in })
    -> WorkloadObject
  {
    var object = Manifests.workload(.deployment, "shop", replicas: replicas)
    edit(&object.strategy)
    return object
  }

  private func update(_ api: inout MemoryAPI, image: String) {
    let id = api.workload("shop")
    api.change { state in
      let template = state.addTemplate(Manifests.template(app: "shop", image: image))
      state.setTemplate(id, to: template)
    }
  }

  /// Sizes of a Deployment's ReplicaSets, oldest first.
  private func sizes(_ api: borrowing MemoryAPI) -> [Int32] {
    let id = api.workload("shop")
    return (0..<api.state.workloadSlotCount).compactMap { api.state.workload(slot: $0) }
      .filter { $0.owner == id }.map(\.desired)
  }

  @Test func `a new Deployment gets one ReplicaSet of its size`() {
    var api = api(Manifests.cluster(deployment(7)))
    api.run(until: .seconds(10))
    let sizes = sizes(api)
    #expect(sizes == [7])
    let own = api.issued.filter { $0.client == 0 }.map(\.command)
    #expect(own == [.createReplicaSet(deployment: api.workload("shop"), replicas: 7)])
    let events = api.events.filter { $0.event.reason == .scalingReplicaSet }.count
    #expect(events == 1)
  }

  @Test func `a ReplicaSet of a dump is adopted, the template's hash aside`() {
    let shop = deployment(3)
    var set = Manifests.workload(.replicaSet, "shop-5d9f", replicas: 3)
    set.template = shop.template
    set.template.labels["pod-template-hash"] = "5d9f"
    set.owner = OwnerReference(kind: "Deployment", name: "shop")
    var objects = Manifests.cluster(shop, set)
    for number in 0..<3 { objects.pods.append(Manifests.pod(of: set, number, on: "node-0")) }
    var api = api(objects)
    api.run(until: .seconds(10))
    let commands = api.commands()
    #expect(commands.isEmpty)
    let id = api.workload("shop")
    api.change { $0.setDesired(id, 5) }
    api.run(until: .seconds(20))
    let sizes = sizes(api)
    #expect(sizes == [5])
  }

  @Test func `so is one whose Pods keep away from their own revision`() {
    var shop = deployment(2)
    var term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": "shop"]),
      topologyKey: "kubernetes.io/hostname")
    term.pendingKeys = [.init(key: "pod-template-hash", mustDiffer: false)]
    shop.template.affinity.requiredPodAntiAffinity = [term]
    var set = Manifests.workload(.replicaSet, "shop-5d9f", replicas: 2)
    set.template = shop.template
    set.template.add(label: "pod-template-hash", "5d9f")
    set.owner = OwnerReference(kind: "Deployment", name: "shop")
    let asked = set.template.affinity.requiredPodAntiAffinity[0]
    #expect(asked.pendingKeys.isEmpty)
    #expect(asked.labelSelector?.matchExpressions.map(\.values) == [["5d9f"]])
    var objects = Manifests.cluster(shop, set)
    for number in 0..<2 { objects.pods.append(Manifests.pod(of: set, number, on: "node-0")) }
    var api = api(objects)
    api.run(until: .seconds(10))
    let commands = api.commands()
    #expect(commands.isEmpty)
  }

  @Test(arguments: [(1, 0), (0, 1), (2, 2), (0, 0)])
  func `a rolling update keeps within its surge and its unavailability`(
    surge: Int32, unavailable: Int32
  ) {
    var api = api(
      Manifests.cluster(
        deployment(6) {
          $0.maxSurge = .count(surge)
          $0.maxUnavailable = .count(unavailable)
        }))
    api.run(until: .seconds(10))
    update(&api, image: "app:2")
    var fewest = Int32.max
    var most: Int32 = 0
    for tick in 0..<600 {
      api.run(until: .seconds(10 + Double(tick) * 0.1))
      var ready: Int32 = 0
      for slot in 0..<api.state.workloadSlotCount {
        ready += api.state.workload(slot: slot)!.status.ready
      }
      fewest = min(fewest, ready)
      let size = sizes(api).reduce(0, +)
      most = max(most, size)
    }
    let sizes = sizes(api)
    #expect(sizes == [0, 6])
    #expect(most <= 6 + surge)
    #expect(fewest >= 6 - max(unavailable, surge == 0 ? 1 : 0))
    #expect(fewest < 6 || surge > 0)
  }

  @Test func `Recreate waits until every old Pod is gone`() {
    var api = api(Manifests.cluster(deployment(4) { $0.recreates = true }))
    api.run(until: .seconds(10))
    update(&api, image: "app:2")
    var mixed = false
    for tick in 0..<200 {
      api.run(until: .seconds(10 + Double(tick) * 0.05))
      var kinds: [TemplateID] = []
      for slot in 0..<api.state.podSlotCount {
        if let pod = api.state.pod(slot: slot), !kinds.contains(pod.template) {
          kinds.append(pod.template)
        }
      }
      mixed = mixed || kinds.count > 1
    }
    let sizes = sizes(api)
    #expect(sizes == [0, 4])
    #expect(!mixed)
  }

  @Test func `a change of size during a rollout is shared in proportion`() {
    var api = api(
      Manifests.cluster(
        deployment(10) {
          $0.maxSurge = .count(3)
          $0.maxUnavailable = .count(2)
        }))
    api.run(until: .seconds(10))
    api.delays.start = nil
    update(&api, image: "app:2")
    api.run(until: .seconds(15))
    let stuck = sizes(api)
    #expect(stuck == [8, 5], "Kubernetes' documentation has this example")
    let id = api.workload("shop")
    api.change { $0.setDesired(id, 15) }
    api.run(until: .seconds(20))
    let resized = sizes(api)
    #expect(resized == [11, 7], "3 of the 5 go to the larger ReplicaSet")
  }

  @Test func `going back to an earlier template uses its ReplicaSet again`() {
    var api = api(Manifests.cluster(deployment(4)))
    api.run(until: .seconds(10))
    update(&api, image: "app:2")
    api.run(until: .seconds(60))
    update(&api, image: "app:1")
    api.run(until: .seconds(120))
    let sizes = sizes(api)
    #expect(sizes == [4, 0])
  }

  @Test func `a scale that meets a changed ReplicaSet conflicts and is tried again`() {
    var api = api(Manifests.cluster(deployment(4)), watch: 200)
    api.run(until: .seconds(10))
    let id = api.workload("shop")
    let set = (0..<api.state.workloadSlotCount).compactMap { api.state.workload(slot: $0) }
      .first { $0.owner == id }!.id
    api.change { $0.setDesired(id, 6) }
    api.run(until: .seconds(10.1))
    api.change { $0.setDesired(set, 1) }
    api.run(until: .seconds(10.25))
    let refused = sizes(api)
    #expect(refused == [1], "what was decided for another version isn't written")
    api.run(until: .seconds(20))
    let sizes = sizes(api)
    #expect(sizes == [6])
  }
}
