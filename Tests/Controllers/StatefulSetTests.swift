import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct StatefulSetTests {
  private func api(_ replicas: Int32, parallel: Bool = false) -> MemoryAPI {
    var set = Manifests.workload(.statefulSet, "db", replicas: replicas)
    set.strategy.isParallel = parallel
    var delays = MemoryAPI.Delays()
    delays.start = .seconds(1)
    delays.stop = .seconds(1)
    var api = MemoryAPI(Manifests.cluster(set), delays: delays)
    api.join(StatefulSetController())
    return api
  }

  private func scale(_ api: inout MemoryAPI, to replicas: Int32) {
    let id = api.workload("db")
    api.change { $0.setDesired(id, replicas) }
  }

  @Test func `in order, each Pod waits until the one before is ready`() {
    var api = api(4)
    api.run(until: .seconds(10))
    let times = api.issued.map(\.time.seconds)
    #expect(times == [0, 1, 2, 3])
    let names = api.pods(of: "db").map { api.state.name(of: $0) }
    #expect(names == ["db-0", "db-1", "db-2", "db-3"])
  }

  @Test func `in order, the highest goes first and the next when it is gone`() {
    var api = api(4)
    api.run(until: .seconds(10))
    let ids = api.pods(of: "db").map(\.id)
    scale(&api, to: 1)
    api.run(until: .seconds(20))
    let deletions = api.issued.suffix(3)
    #expect(deletions.map(\.time.seconds) == [10, 11, 12])
    #expect(deletions.map(\.command) == ids[1...].reversed().map { .deletePod($0, atOnce: false) })
  }

  @Test func `nothing is deleted while a Pod that stays isn't ready`() {
    var api = api(3)
    api.run(until: .seconds(10))
    let first = api.pods(of: "db")[0].id
    api.change { [now = api.now] in $0.setReady(first, false, at: now) }
    scale(&api, to: 2)
    api.run(until: .seconds(20))
    let before = api.pods(of: "db").count
    #expect(before == 3)
    api.change { [now = api.now] in $0.setReady(first, true, at: now) }
    api.run(until: .seconds(30))
    let after = api.pods(of: "db").map(\.ordinal)
    #expect(after == [0, 1])
  }

  @Test func `of surplus Pods that aren't ready the lowest has to go before the others`() {
    var api = api(4)
    api.run(until: .seconds(10))
    let pods = api.pods(of: "db")
    api.change { [now = api.now] in $0.setReady(pods[3].id, false, at: now) }
    api.change { [now = api.now] in $0.setReady(pods[2].id, false, at: now) }
    scale(&api, to: 2)
    api.run(until: .seconds(20))
    let blocked = api.pods(of: "db").count
    #expect(blocked == 4, "Kubernetes waits for the highest to become ready")
    api.change { [now = api.now] in $0.setReady(pods[3].id, true, at: now) }
    api.run(until: .seconds(30))
    let left = api.pods(of: "db").map(\.ordinal)
    #expect(left == [0, 1])
  }

  @Test(arguments: [false, true]) func `there are never two Pods of one ordinal`(parallel: Bool) {
    var api = api(3, parallel: parallel)
    api.run(until: .seconds(10))
    let second = api.pods(of: "db")[1].id
    api.change { $0.markTerminating(second) }
    api.run(until: .seconds(10.5))
    let during = api.pods(of: "db").map(\.ordinal)
    #expect(during == [0, 1, 2])
    api.run(until: .seconds(20))
    let places = api.activePods(of: "db").map { [$0.ordinal, $0.attempt] }
    #expect(places == [[0, 0], [1, 1], [2, 0]])
  }

  @Test(arguments: [false, true]) func `a Pod that failed is deleted and comes again`(
    parallel: Bool
  ) {
    var api = api(2, parallel: parallel)
    api.run(until: .seconds(10))
    let first = api.pods(of: "db")[0].id
    api.change { $0.setPhase(first, to: .failed) }
    api.run(until: .seconds(20))
    let places = api.activePods(of: "db").map { [$0.ordinal, $0.attempt] }
    #expect(places == [[0, 1], [1, 0]])
  }

  @Test func `in parallel nobody waits`() {
    var api = api(5, parallel: true)
    api.run(until: .seconds(0.5))
    let ordinals = api.pods(of: "db").map(\.ordinal)
    #expect(ordinals == [0, 1, 2, 3, 4])
    api.run(until: .seconds(5))
    scale(&api, to: 1)
    api.run(until: .seconds(5.5))
    let active = api.activePods(of: "db").map(\.ordinal)
    #expect(active == [0])
  }
}
