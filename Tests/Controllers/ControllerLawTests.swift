import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

/// A controller of each kind.
private enum Kind: String, CaseIterable, Sendable {
  case replicaSet, deployment, statefulSet, daemonSet, job

  var controllers: [any Controller] {
    switch self {
    case .replicaSet: [ReplicaSetController()]
    case .deployment: [DeploymentController(), ReplicaSetController()]
    case .statefulSet: [StatefulSetController()]
    case .daemonSet: [DaemonSetController()]
    case .job: [JobController()]
    }
  }
}

/// What every controller keeps to.
@Suite struct ControllerLawTests {
  private static func objects() -> ClusterObjects {
    var objects = Manifests.cluster(
      nodes: 6,
      Manifests.workload(.deployment, "shop", replicas: 9),
      Manifests.workload(.replicaSet, "web", replicas: 12),
      Manifests.workload(.replicationController, "old", replicas: 3),
      Manifests.workload(.statefulSet, "db", replicas: 4),
      Manifests.workload(.daemonSet, "agent"))
    var job = Manifests.workload(.job, "batch")
    job.job.completions = 9
    job.job.parallelism = 3
    objects.workloads.append(job)
    return objects
  }

  private static func api(_ kind: Kind, logCapacity: Int = 1 << 16, watch: Int = 0) -> MemoryAPI {
    var delays = MemoryAPI.Delays()
    delays.call = .milliseconds(7)
    delays.watch = .milliseconds(watch)
    delays.start = .milliseconds(300)
    delays.stop = .milliseconds(200)
    var api = MemoryAPI(objects(), logCapacity: logCapacity, delays: delays)
    for controller in kind.controllers { api.join(controller) }
    return api
  }

  /// A course of events: sizes, templates, nodes and Pods change.
  private static func play(_ api: inout MemoryAPI) {
    api.run(until: .seconds(2))
    for name in ["old", "web", "shop", "db", "batch"] {
      let id = api.workload(name)
      api.change { $0.setDesired(id, 5) }
    }
    api.run(until: .seconds(3))
    for slot in stride(from: 0, to: api.state.podSlotCount, by: 3) {
      guard let pod = api.state.pod(slot: slot) else { continue }
      let phases: [PodPhase] = [.failed, .succeeded]
      api.change { $0.setPhase(pod.id, to: phases[slot / 3 % 2]) }
    }
    api.run(until: .seconds(4))
    let shop = api.workload("shop")
    api.change { state in
      let template = state.addTemplate(Manifests.template(app: "shop", image: "app:2"))
      state.setTemplate(shop, to: template)
    }
    api.change { state in state.removeNode(state.nodeID(slot: 1)!) }
    api.change { state in _ = state.addNode(Node(name: "new")) }
    api.run(until: .seconds(20))
    for name in ["shop", "web", "db"] {
      let id = api.workload(name)
      api.change { $0.setDesired(id, 8) }
    }
    api.run(until: .seconds(400))
  }

  @Test(arguments: Kind.allCases) fileprivate func `the same input gives the same commands`(
    kind: Kind
  ) {
    var first = Self.api(kind, watch: 30)
    var second = Self.api(kind, watch: 30)
    Self.play(&first)
    Self.play(&second)
    let one = first.issued
    let two = second.issued
    #expect(one == two)
    #expect(one.count > 6)
  }

  @Test(arguments: Kind.allCases)
  fileprivate func `a change log of one entry leads to the same commands`(kind: Kind) {
    var long = Self.api(kind)
    var short = Self.api(kind, logCapacity: 1)
    Self.play(&long)
    Self.play(&short)
    let expected = long.issued
    let got = short.issued
    #expect(got == expected)
  }

  @Test(arguments: Kind.allCases, [0, 30, 400])
  fileprivate func `a cluster that has settled gets no more commands, also from a newcomer`(
    kind: Kind, watch: Int
  ) {
    var api = Self.api(kind, watch: watch)
    Self.play(&api)
    let settled = api.issued.count
    for controller in kind.controllers { api.join(controller) }
    api.run(until: .seconds(1000))
    let later = api.issued.count
    #expect(later == settled)
  }

  @Test(arguments: Kind.allCases, [0, 30, 400])
  fileprivate func `no command names an object that never was`(kind: Kind, watch: Int) {
    var api = Self.api(kind, watch: watch)
    Self.play(&api)
    let strangers = api.strangers
    #expect(strangers.isEmpty)
  }

  @Test func `the workloads end as they should, whatever the delay of the watch`() {
    for watch in [0, 30, 400] {
      var active: [Int] = []
      for (kind, name) in [
        (Kind.replicaSet, "web"), (.replicaSet, "old"), (.statefulSet, "db"), (.daemonSet, "agent"),
      ] {
        var api = Self.api(kind, watch: watch)
        Self.play(&api)
        active.append(api.activePods(of: name).count)
      }
      #expect(active == [8, 5, 8, 6])
    }
  }

  @Test func `a workload that goes away leaves its controller at peace, also if its slot is used`()
  {
    var api = Self.api(.replicaSet, watch: 30)
    api.run(until: .seconds(0.01))
    let id = api.workload("web")
    api.change { $0.removeWorkload(id) }
    var object = Manifests.workload(.replicaSet, "next", replicas: 2)
    object.template = Manifests.template(app: "next")
    api.change { state in
      let template = state.addTemplate(object.template)
      state.addWorkload(object, template: template, owner: nil, at: .zero)
    }
    api.run(until: .seconds(10))
    let slots = [api.workload("next").slot, id.slot]
    let active = api.activePods(of: "next").count
    #expect(slots[0] == slots[1])
    #expect(active == 2)
  }
}
