import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct AdoptionTests {
  @Test func `Pods find their owners, nodes and ordinals in a dump`() {
    let shop = Manifests.workload(.deployment, "shop", replicas: 2)
    var set = Manifests.workload(.replicaSet, "shop-1", replicas: 2)
    set.owner = OwnerReference(kind: "Deployment", name: "shop")
    var objects = Manifests.cluster(nodes: 2)
    objects.workloads = [set, shop]
    objects.pods = [
      Manifests.pod(of: set, 7, on: "node-1"), Manifests.pod(of: set, 3),
      Manifests.pod(of: set, 5, on: "gone"),
    ]
    var stranger = PodObject(name: "alone", template: Manifests.template(app: "alone"))
    stranger.owner = OwnerReference(kind: "ReplicaSet", name: "unknown")
    objects.pods.append(stranger)
    let state = ClusterState(objects)
    let pods = (0..<4).map { state.pod(slot: $0)! }
    let owners = pods.map { $0.owner.map { state.workload($0)!.name } }
    #expect(owners == ["shop-1", "shop-1", "shop-1", nil])
    #expect(pods.map(\.ordinal) == [0, 1, 2, 0])
    #expect(pods.map { $0.node?.slot } == [1, nil, nil, nil])
    #expect(pods.map(\.isUnbound) == [false, true, false, true])
    let names = pods.map { state.qualifiedName(of: $0) }
    #expect(
      names == ["default/shop-1-7", "default/shop-1-3", "default/shop-1-5", "default/alone"])
    let root = state.workload(state.rootWorkload(of: pods[0].owner!))!.name
    #expect(root == "shop")
    let status = state.workload(pods[0].owner!)!.status
    #expect([status.active, status.ready] == [3, 2])
    let usage = state.usage(of: state.nodeID(slot: 1)!)
    #expect(usage.pods == 1)
  }

  @Test func `a StatefulSet's Pod has its ordinal in its name`() {
    let db = Manifests.workload(.statefulSet, "db", replicas: 3)
    var objects = Manifests.cluster(db)
    for name in ["db-4", "db-1", "db--2", "db-x", "db-2147483647"] {
      var pod = Manifests.pod(of: db, 0)
      pod.name = name
      objects.pods.append(pod)
    }
    let state = ClusterState(objects)
    let ordinals = (0..<5).map { state.pod(slot: $0)!.ordinal }
    #expect(ordinals == [4, 1, 5, 6, .max])
  }

  @Test func `an indexed Job's Pod has its index in an annotation`() {
    var job = Manifests.workload(.job, "batch")
    job.job.isIndexed = true
    job.job.parallelism = 4
    var objects = Manifests.cluster(job)
    var pod = Manifests.pod(of: job, 0)
    pod.template.annotations["batch.kubernetes.io/job-completion-index"] = "3"
    objects.pods = [pod]
    let state = ClusterState(objects)
    let ordinal = state.pod(slot: 0)!.ordinal
    let desired = state.workload(slot: 0)!.desired
    #expect(ordinal == 3)
    #expect(desired == 4)
  }

  @Test func `equal templates are stored once`() {
    let web = Manifests.workload(.replicaSet, "web", replicas: 50)
    var objects = Manifests.cluster(web)
    for number in 0..<50 { objects.pods.append(Manifests.pod(of: web, number, on: "node-0")) }
    objects.pods[9].template.labels["extra"] = "yes"
    let state = ClusterState(objects)
    let count = state.templates.count
    #expect(count == 2)
  }

  @Test func `flags, phases and times come over`() {
    let web = Manifests.workload(.replicaSet, "web")
    var pod = Manifests.pod(of: web, 0, on: "node-0")
    pod.flags = [.ready, .terminating, .mirror]
    pod.created = .seconds(-60)
    pod.started = .seconds(-50)
    var nominated = Manifests.pod(of: web, 1)
    nominated.nominatedNodeName = "node-2"
    var objects = Manifests.cluster(web)
    objects.pods = [pod, nominated]
    let state = ClusterState(objects)
    let first = state.pod(slot: 0)!
    #expect(first.flags == [.ready, .terminating, .mirror])
    #expect(first.phase == .running)
    #expect(first.created == .seconds(-60))
    #expect(first.started == .seconds(-50))
    let second = state.pod(slot: 1)!.nominatedNode
    #expect(second?.slot == 2)
    let status = state.workload(slot: 0)!.status
    #expect([status.active, status.ready] == [1, 0])
  }
}
