import Autoscaling
import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct BurstControllerTests {
  /// Three Pods of a ReplicaSet and a virtual node as `node-1`.
  private func objects() -> ClusterObjects {
    let web = Manifests.workload(.replicaSet, "web", replicas: 3)
    var objects = Manifests.cluster(web)
    objects.nodes[1].labels["node.kubernetes.io/instance-type"] = "eklet"
    objects.nodes[1].labels["topology.kubernetes.io/zone"] = "a"
    for number in 0..<3 { objects.pods.append(Manifests.pod(of: web, number)) }
    return objects
  }

  private func configuration(
    _ change: (inout BurstConfiguration) -> Void = { _ in }
  ) -> BurstConfiguration {
    var configuration = BurstConfiguration()
    configuration.policy = .cloudFirst
    configuration.fallbackAfter = .seconds(60)
    configuration.fallbackHold = .seconds(300)
    change(&configuration)
    return configuration
  }

  /// The instants at which Pods were given up.
  private func deletions(_ api: borrowing MemoryAPI) -> [Instant] {
    api.issued.filter { if case .deletePod = $0.command { true } else { false } }.map(\.time)
  }

  private func bind(_ number: Int, to node: Int, in api: inout MemoryAPI) {
    let id = api.pods(of: "web")[number].id
    api.change { $0.bind(id, to: $0.nodeID(slot: node)!) }
  }

  @Test func `what the cloud doesn't start in time is given up, each after its own patience`() {
    var api = MemoryAPI(objects())
    api.join(BurstController(configuration: configuration()))
    api.run(until: .seconds(10))
    bind(0, to: 1, in: &api)
    bind(1, to: 0, in: &api)
    api.run(until: .seconds(13))
    bind(2, to: 1, in: &api)
    api.run(until: .seconds(500))
    let deleted = deletions(api)
    #expect(deleted == [.seconds(70), .seconds(73)])
  }

  @Test
  func `a Pod that runs isn't given up, and one bound after a failure has until the hold ends`() {
    var api = MemoryAPI(objects())
    api.join(BurstController(configuration: configuration()))
    api.run(until: .seconds(10))
    bind(0, to: 1, in: &api)
    bind(1, to: 1, in: &api)
    api.run(until: .seconds(20))
    let running = api.pods(of: "web")[1].id
    api.change { $0.setPhase(running, to: .running) }
    api.run(until: .seconds(100))
    bind(1, to: 1, in: &api)
    api.run(until: .seconds(1000))
    let deleted = deletions(api)
    #expect(deleted == [.seconds(70), .seconds(370)])
  }

  @Test func `without a time for it nothing is given up`() {
    var api = MemoryAPI(objects())
    api.join(BurstController(configuration: configuration { $0.fallbackAfter = nil }))
    api.run(until: .seconds(10))
    bind(0, to: 1, in: &api)
    api.run(until: .seconds(5000))
    let deleted = deletions(api)
    #expect(deleted.isEmpty)
  }

  @Test func `a spot Pod that is to be taken back is stopped at once and its zone left alone`() {
    var objects = objects()
    objects.pods[0].template.annotations["eks.tke.cloud.tencent.com/spot-pod"] = "true"
    let state = ClusterState(objects)
    var controller = BurstController(
      configuration: configuration {
        $0.spot.zones = ["a", "b"]
        $0.spot.base = 0
        $0.policy = .spotAware
      })
    var cluster = state.copy()
    let pod = cluster.pod(slot: 0)!
    let workload = cluster.workload(pod.owner!)!
    func placement(at second: Double) -> BurstPlacement {
      controller.placement(
        forPod: 0, attempt: 0, of: workload, cluster, at: .seconds(second))
    }
    var out = CommandBuffer()
    cluster.bind(pod.id, to: cluster.nodeID(slot: 1)!)
    _ = controller.reconcile(
      cluster, in: ControllerPass(now: .seconds(1), position: cluster.logEnd), into: &out)
    #expect(placement(at: 2) == .spot(SpotCapacity(zone: "a")))
    cluster.setCondition(pod.id, .reclaimed, true)
    _ = controller.reconcile(
      cluster, in: ControllerPass(now: .seconds(3), position: cluster.logEnd), into: &out)
    #expect(out.commands.map(\.command) == [.deletePod(pod.id, atOnce: false)])
    #expect(placement(at: 4) == .spot(SpotCapacity(zone: "b")))
    #expect(placement(at: 303) == .spot(SpotCapacity(zone: "a")))
  }

  @Test func `the cloud fails a workload, not those whose Pods it starts`() {
    var objects = objects()
    objects.workloads.append(Manifests.workload(.replicaSet, "db"))
    var cluster = ClusterState(objects)
    var controller = BurstController(configuration: configuration())
    func placements(at second: Double) -> [BurstPlacement] {
      (0..<2).map { slot in
        controller.placement(
          forPod: 0, attempt: 0, of: cluster.workload(slot: slot)!, cluster, at: .seconds(second))
      }
    }
    cluster.bind(cluster.pod(slot: 0)!.id, to: cluster.nodeID(slot: 1)!)
    var out = CommandBuffer()
    for second in [1.0, 61] {
      _ = controller.reconcile(
        cluster, in: ControllerPass(now: .seconds(second), position: cluster.logEnd), into: &out)
    }
    #expect(out.commands.count == 1)
    #expect(placements(at: 62) == [.ownNodes, .virtualNodesPreferred])
    #expect(placements(at: 361) == [.virtualNodesPreferred, .virtualNodesPreferred])
  }

  @Test func `every pool's spot price counts, in its own zones`() {
    let cluster = ClusterState(objects())
    var controller = BurstController(
      configuration: configuration {
        $0.spot.zones = ["a", "b"]
        $0.spot.base = 0
        $0.spot.highestFactor = 0.5
        $0.policy = .spotAware
        $0.spotPrices = [
          SpotPriceCourse(
            zones: ["a"],
            changes: [.init(at: .zero, factor: 0.2), .init(at: .seconds(10), factor: 0.9)]),
          SpotPriceCourse(
            zones: ["b", "b"],
            changes: [.init(at: .zero, factor: 0.9), .init(at: .seconds(5), factor: 0.3)]),
          SpotPriceCourse(
            zones: ["a"],
            changes: [.init(at: .zero, factor: 1), .init(at: .seconds(20), factor: 0.1)]),
        ]
      })
    func placements(at second: Double) -> [BurstPlacement] {
      (0..<2).map { ordinal in
        controller.placement(
          forPod: ordinal, attempt: 0, of: cluster.workload(slot: 0)!, cluster,
          at: .seconds(second))
      }
    }
    #expect(placements(at: 1) == [.spot(SpotCapacity(zone: "a")), .spot(SpotCapacity(zone: "a"))])
    #expect(placements(at: 6) == [.spot(SpotCapacity(zone: "a")), .spot(SpotCapacity(zone: "b"))])
    #expect(placements(at: 11) == [.spot(SpotCapacity(zone: "b")), .spot(SpotCapacity(zone: "b"))])
    #expect(placements(at: 21) == [.spot(SpotCapacity(zone: "a")), .spot(SpotCapacity(zone: "b"))])
  }

  @Test func `annotations choose, and what is bound to stay is left alone`() {
    func placement(
      _ config: [String: String] = [:], _ change: (inout PodTemplate) -> Void
    ) -> BurstPlacement {
      var objects = objects()
      change(&objects.workloads[0].template)
      var data = Labels()
      for key in config.keys.sorted() { data[key] = config[key] }
      objects.configMaps = [ConfigMap(namespace: "kube-system", name: "eks-config", data: data)]
      let cluster = ClusterState(objects)
      var controller = BurstController(configuration: configuration())
      return controller.placement(
        forPod: 0, attempt: 0, of: cluster.workload(slot: 0)!, cluster, at: .zero)
    }
    #expect(placement { _ in } == .virtualNodesPreferred)
    #expect(
      placement { $0.annotations["spillway.sim/burst-policy"] = "cloudOnly" } == .virtualNodes)
    #expect(
      placement {
        $0.annotations["spillway.sim/burst-policy"] = "weighted"
        $0.annotations["spillway.sim/burst-share"] = "1"
      } == .virtualNodes)
    #expect(placement { $0.annotations["AUTO_SCALE_EKS"] = "true" } == .asWritten)
    #expect(placement { $0.namespace = "kube-system" } == .asWritten)
    #expect(placement { $0.containers[0].containerPorts = [61000] } == .asWritten)
    #expect(placement { $0.localPorts = 32768...61000 } == .asWritten)
    #expect(placement { $0.localPorts = 32768...60999 } == .virtualNodesPreferred)
    #expect(
      placement { $0.annotations["tke.cloud.tencent.com/vpc-ip-claim-delete-policy"] = "Never" }
        == .asWritten)
    #expect(
      placement { $0.nodeSelector["node.kubernetes.io/instance-type"] = "S5.LARGE" } == .asWritten)
    let switches = ["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "4"]
    #expect(placement(switches) { _ in } == .localReplicas(4))
  }
}
