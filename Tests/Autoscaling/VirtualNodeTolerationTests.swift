import Autoscaling
import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct VirtualNodeTolerationTests {
  private func pending(_ count: Int, owner kind: WorkloadKind = .replicaSet) -> ClusterObjects {
    let web = Manifests.workload(kind, "web", replicas: Int32(count))
    var objects = Manifests.cluster(web)
    for number in 0..<count { objects.pods.append(Manifests.pod(of: web, number)) }
    return objects
  }

  private func api(
    _ objects: ClusterObjects, call: Int = 100, logCapacity: Int = 1 << 16,
    _ configuration: VirtualNodeTolerationConfiguration = .init()
  ) -> MemoryAPI {
    var delays = MemoryAPI.Delays()
    delays.call = .milliseconds(call)
    var api = MemoryAPI(objects, logCapacity: logCapacity, delays: delays)
    api.join(VirtualNodeTolerationController(configuration: configuration))
    return api
  }

  private func markAll(_ api: inout MemoryAPI) {
    for pod in api.pods(of: "web") { api.change { $0.setCondition(pod.id, .unschedulable, true) } }
  }

  private func tolerant(_ api: borrowing MemoryAPI) -> Int {
    api.pods(of: "web").filter { pod in
      api.state.template(of: pod).tolerations.contains(
        VirtualNodeTolerationConfiguration.toleration)
    }.count
  }

  @Test func `twelve Pods take three rounds of five workers with two calls each`() {
    var api = api(pending(12))
    api.run(until: .zero)
    markAll(&api)
    var counts: [Int] = []
    for tenth in 1...6 {
      api.run(until: .seconds(Double(tenth) * 0.1))
      counts.append(tolerant(api))
    }
    #expect(counts == [0, 5, 5, 10, 10, 12])
    let batches = api.batches()
    #expect(batches == [5, 5, 5, 5, 2, 2])
    let reads = api.commands().filter { if case .read = $0 { true } else { false } }.count
    #expect(reads == 12)
  }

  @Test func `without a limit on workers all go at once`() {
    var api = api(pending(12), VirtualNodeTolerationConfiguration(workers: nil, callsPerPod: 1))
    api.run(until: .zero)
    markAll(&api)
    api.run(until: .seconds(1))
    let batches = api.batches()
    #expect(batches == [12])
  }

  @Test(arguments: [WorkloadKind.replicaSet, .daemonSet])
  func `a DaemonSet's Pods never get it`(kind: WorkloadKind) {
    var api = api(pending(3, owner: kind))
    api.run(until: .zero)
    markAll(&api)
    api.run(until: .seconds(2))
    let tolerant = tolerant(api)
    #expect(tolerant == (kind == .daemonSet ? 0 : 3))
  }

  @Test func `a Pod that got a node in the meantime is read but not written`() {
    var api = api(pending(1))
    api.run(until: .zero)
    markAll(&api)
    api.run(until: .seconds(0.05))
    let id = api.pods(of: "web")[0].id
    api.change { $0.bind(id, to: $0.nodeID(slot: 0)!) }
    api.run(until: .seconds(2))
    let commands = api.commands()
    #expect(commands == [.read(id)])
  }

  @Test func `a refused write comes back after a back-off`() {
    var api = api(pending(1), call: 0)
    api.forbids = { state, command in
      if case .tolerateVirtualNodes = command { true } else { false }
    }
    api.run(until: .zero)
    markAll(&api)
    api.run(until: .seconds(0.05))
    let times = api.issued.map { $0.time.nanoseconds / 1_000_000 }
    #expect(times == [0, 0, 5, 5, 15, 15, 35, 35])
    api.forbids = nil
    api.run(until: .seconds(1))
    let tolerant = tolerant(api)
    #expect(tolerant == 1)
  }

  @Test func `a deleted Pod frees its worker`() {
    var api = api(pending(7))
    api.run(until: .zero)
    markAll(&api)
    api.run(until: .seconds(0.05))
    for pod in api.pods(of: "web").prefix(5) { api.change { $0.deletePod(pod.id) } }
    api.run(until: .seconds(2))
    let tolerant = tolerant(api)
    #expect(tolerant == 2)
  }

  @Test func `a change log of one entry leads to the same commands`() {
    var long = api(pending(12))
    var short = api(pending(12), logCapacity: 1)
    long.run(until: .zero)
    short.run(until: .zero)
    markAll(&long)
    markAll(&short)
    long.run(until: .seconds(3))
    short.run(until: .seconds(3))
    let expected = long.issued
    let got = short.issued
    #expect(expected.count == 24)
    #expect(got == expected)
  }

  @Test func `with everything in place it does nothing`() {
    var objects = pending(3)
    for index in objects.pods.indices {
      objects.pods[index].template.tolerations = [VirtualNodeTolerationConfiguration.toleration]
    }
    var api = api(objects)
    markAll(&api)
    api.run(until: .seconds(5))
    let commands = api.commands()
    #expect(commands.isEmpty)
  }
}
