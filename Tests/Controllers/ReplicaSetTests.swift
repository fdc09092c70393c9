import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct ReplicaSetTests {
  private func quick() -> MemoryAPI.Delays {
    var delays = MemoryAPI.Delays()
    delays.call = .milliseconds(10)
    delays.start = .milliseconds(50)
    return delays
  }

  @Test func `missing Pods are created in batches of 1, 2, 4 … and 500 per sync`() {
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 530)), delays: quick())
    api.join(ReplicaSetController())
    api.run(until: .seconds(10))
    let batches = api.batches()
    #expect(batches == [1, 2, 4, 8, 16, 32, 64, 128, 245, 1, 2, 4, 8, 15])
    let ordinals = api.pods(of: "web").map(\.ordinal)
    #expect(ordinals == Array(0..<530))
    let events = api.events.filter { $0.event.reason == .successfulCreate }.count
    #expect(events == 530)
  }

  @Test func `without slow start the whole difference is asked for at once`() {
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 700)), delays: quick())
    api.join(ReplicaSetController(configuration: ReplicaSetConfiguration(slowStart: false)))
    api.run(until: .seconds(10))
    let batches = api.batches()
    #expect(batches == [700])
  }

  @Test(arguments: [0, 5, 500]) func `a slow watch never makes it create twice`(watch: Int) {
    var delays = quick()
    delays.watch = .milliseconds(watch)
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 40)), delays: delays)
    api.join(ReplicaSetController())
    api.run(until: .seconds(20))
    let created = api.commands().count
    let peak = api.peaks[0]
    #expect(created == 40)
    #expect(peak == 40)
  }

  @Test func `a Pod created by somebody else inside the watch delay overshoots, and one goes`() {
    var delays = quick()
    delays.watch = .milliseconds(100)
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 1)), delays: delays)
    api.join(ReplicaSetController())
    api.run(until: .zero)
    let owner = api.workload("web")
    api.change { state in
      let template = state.workload(owner)!.template
      state.createPod(owner: owner, template: template, ordinal: 0, attempt: 0, at: .zero)
    }
    api.run(until: .seconds(5))
    let peak = api.peaks[0]
    let left = api.activePods(of: "web").count
    #expect(peak == 2, "each of the two would have respected the limit of one alone")
    #expect(left == 1)
  }

  @Test func `a replacement takes the lowest free place, with a further attempt`() {
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 5)), delays: quick())
    api.join(ReplicaSetController())
    api.run(until: .seconds(5))
    let pods = api.pods(of: "web")
    api.change { $0.markTerminating(pods[3].id) }
    api.change { $0.setPhase(pods[1].id, to: .failed) }
    api.run(until: .seconds(10))
    let places = api.activePods(of: "web").map { [$0.ordinal, $0.attempt] }
    #expect(places == [[0, 0], [1, 1], [2, 0], [3, 1], [4, 0]])
  }

  @Test func `a Pod that comes and goes between two looks is asked for again`() {
    var delays = quick()
    delays.start = nil
    delays.watch = .seconds(1)
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 1)), delays: delays)
    api.join(ReplicaSetController())
    api.run(until: .seconds(0.5))
    let first = api.pods(of: "web")
    api.change { $0.deletePod(first[0].id) }
    api.run(until: .seconds(10))
    let places = api.activePods(of: "web").map { [$0.ordinal, $0.attempt] }
    #expect(places == [[0, 1]])
  }

  @Test func `a refused batch stops the sync and comes back after a back-off that doubles`() {
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 4)))
    api.forbids = { state, _ in state.livePodCount >= 2 }
    api.join(ReplicaSetController())
    api.run(until: .seconds(1))
    let attempts = api.issued.map { $0.time.nanoseconds / 1_000_000 }
    // The Pods that did come make it try once more at once; the earlier back-off then counts.
    #expect(attempts == [0, 0, 0, 0, 5, 25, 65, 145, 305, 625])
    let failures = api.events.filter { $0.event.reason == .failedCreate }.count
    #expect(failures == 8)
    api.forbids = nil
    api.run(until: .seconds(3))
    let places = api.pods(of: "web").map { [$0.ordinal, $0.attempt] }
    #expect(places == [[0, 0], [1, 0], [2, 0], [3, 0]])
  }

  @Test func `only five workloads are synced at once`() {
    var objects = ClusterObjects()
    for number in 0..<8 {
      objects.workloads.append(Manifests.workload(.replicaSet, "web-\(number)", replicas: 1))
    }
    var api = MemoryAPI(objects, delays: quick())
    api.join(ReplicaSetController())
    api.run(until: .seconds(1))
    let batches = api.batches()
    #expect(batches == [5, 3])
  }

  @Test func `a deletion has been seen once the Pod is told to stop, long before it is gone`() {
    var delays = quick()
    delays.stop = .seconds(30)
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 5)), delays: delays)
    api.join(ReplicaSetController())
    api.run(until: .seconds(5))
    let owner = api.workload("web")
    api.change { $0.setDesired(owner, 2) }
    api.run(until: .seconds(6))
    api.change { $0.setDesired(owner, 4) }
    api.run(until: .seconds(7))
    let active = api.activePods(of: "web").count
    let all = api.pods(of: "web").count
    #expect(active == 4)
    #expect(all == 7)
  }

  @Test func `a Pod that is gone before its deletion arrives is no failure`() {
    var api = MemoryAPI(
      Manifests.cluster(Manifests.workload(.replicaSet, "web", replicas: 3)), delays: quick())
    api.join(ReplicaSetController())
    api.run(until: .seconds(5))
    let owner = api.workload("web")
    api.change { $0.setDesired(owner, 1) }
    api.run(until: api.now)
    for pod in api.pods(of: "web") { api.change { $0.deletePod(pod.id) } }
    api.run(until: .seconds(5.015))
    let creations = api.issued.filter { $0.command.pod == nil && $0.time >= .seconds(5) }
    #expect(creations.map(\.time) == [.seconds(5.01)], "at once, without a back-off")
  }
}
