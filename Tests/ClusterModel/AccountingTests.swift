import ClusterModel
import Quantities
import TestSupport
import Testing

/// A small generator for random courses (splitmix64).
private struct Course {
  var state: UInt64
  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}

@Suite struct AccountingTests {
  private func cluster(cpuMilli: Int64 = 500) -> ClusterState {
    var web = Manifests.workload(.replicaSet, "web", replicas: 3)
    web.template.containers[0].requests = ResourceList(cpuMilli: cpuMilli, memory: 1 << 20)
    return ClusterState(Manifests.cluster(nodes: 3, web))
  }

  private func add(_ state: inout ClusterState, _ ordinal: Int32 = 0) -> PodID {
    let owner = state.workload(slot: 0)!
    return state.createPod(
      owner: owner.id, template: owner.template, ordinal: ordinal, attempt: 0, at: .zero)
  }

  @Test func `a bound Pod counts on its node until it ends`() {
    var state = cluster()
    let node = state.nodeID(slot: 1)!
    let pod = add(&state)
    let before = state.usage(of: node)
    state.bind(pod, to: node)
    let bound = state.usage(of: node)
    state.setPhase(pod, to: .succeeded)
    let ended = state.usage(of: node)
    state.deletePod(pod)
    let gone = state.usage(of: node)
    #expect(before == NodeUsage())
    #expect([bound.cpu, bound.memory, Int64(bound.pods)] == [500, 1 << 20, 1])
    #expect(ended == NodeUsage())
    #expect(gone == NodeUsage())
  }

  @Test func `a terminating Pod still holds its node, but is no longer active`() {
    var state = cluster()
    let node = state.nodeID(slot: 0)!
    let pod = add(&state)
    state.bind(pod, to: node)
    state.setReady(pod, true, at: .zero)
    state.markTerminating(pod)
    let usage = state.usage(of: node)
    let status = state.workload(slot: 0)!.status
    #expect(usage.pods == 1)
    #expect([status.active, status.ready] == [0, 0])
  }

  @Test func `a second binding changes nothing`() {
    var state = cluster()
    let first = state.nodeID(slot: 0)!
    let second = state.nodeID(slot: 1)!
    let pod = add(&state)
    state.bind(pod, to: first)
    let end = state.logEnd
    state.bind(pod, to: second)
    let node = state.pod(pod)!.node
    let usages = [state.usage(of: first).pods, state.usage(of: second).pods]
    let later = state.logEnd
    #expect(node == first)
    #expect(usages == [1, 0])
    #expect(later == end)
  }

  @Test func `a Pod whose node is gone leaves the next node in the slot alone`() {
    var state = cluster()
    let node = state.nodeID(slot: 0)!
    let pod = add(&state)
    state.bind(pod, to: node)
    state.removeNode(node)
    let heir = state.addNode(Node(name: "heir"))
    state.deletePod(pod)
    let usage = state.usage(of: heir)
    #expect(heir.slot == node.slot)
    #expect(heir.generation == node.generation + 1)
    #expect(usage == NodeUsage())
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `counts agree with a recount after any course of changes`(seed: UInt64) {
    var state = cluster()
    var course = Course(state: seed)
    var pods: [PodID] = []
    for step in 0..<2000 {
      if pods.isEmpty || course.next(4) == 0 { pods.append(add(&state, Int32(step))) }
      let pod = pods[course.next(pods.count)]
      switch course.next(8) {
      case 0: state.bind(pod, to: state.nodeID(slot: course.next(3))!)
      case 1: state.setPhase(pod, to: .running)
      case 2: state.setPhase(pod, to: course.next(2) == 0 ? .succeeded : .failed)
      case 3: state.setReady(pod, true, at: .zero)
      case 4: state.setReady(pod, false, at: .zero)
      case 5: state.markTerminating(pod)
      case 6: state.deletePod(pod)
      default: state.setCondition(pod, .unschedulable, true)
      }
    }
    var usages = [NodeUsage](repeating: NodeUsage(), count: 3)
    var active: Int32 = 0
    var ready: Int32 = 0
    var live = 0
    for slot in 0..<state.podSlotCount {
      guard let pod = state.pod(slot: slot), !pod.phase.isFinished else { continue }
      live += 1
      if let node = pod.node {
        usages[node.index].cpu += 500
        usages[node.index].memory += 1 << 20
        usages[node.index].pods += 1
      }
      if !pod.isTerminating {
        active += 1
        if pod.isReady { ready += 1 }
      }
    }
    let counted = (0..<3).map { state.usage(of: state.nodeID(slot: $0)!) }
    let status = state.workload(slot: 0)!.status
    let liveCount = state.livePodCount
    #expect(counted == usages)
    #expect([status.active, status.ready] == [active, ready])
    #expect(liveCount == live)
    #expect(live > 20)
  }

  @Test func `slots are used again, those released first first`() {
    var state = cluster()
    let pods = (0..<4).map { add(&state, $0) }
    for index in [2, 0, 3] { state.deletePod(pods[index]) }
    let next = (4..<8).map { add(&state, $0) }
    #expect(next.map(\.slot) == [pods[2].slot, pods[0].slot, pods[3].slot, 4])
    #expect(next.map(\.generation) == [1, 1, 1, 0])
    let former = state.pod(pods[2])
    #expect(former == nil)
  }

  @Test func `a copy and its original go their own ways`() {
    var state = cluster()
    let pod = add(&state)
    var copy = state.copy()
    let node = state.nodeID(slot: 0)!
    copy.bind(pod, to: node)
    copy.removeNode(copy.nodeID(slot: 2)!)
    let other = add(&copy, 1)
    state.setDesired(state.workload(slot: 0)!.id, 9)
    let original = [
      state.pod(pod)!.node != nil, state.nodeID(slot: 2) != nil, state.pod(other) != nil,
      state.usage(of: node).pods == 1, state.workload(slot: 0)!.desired == 9,
    ]
    let copied = [
      copy.pod(pod)!.node != nil, copy.nodeID(slot: 2) != nil, copy.pod(other) != nil,
      copy.usage(of: node).pods == 1, copy.workload(slot: 0)!.desired == 9,
    ]
    #expect(original == [false, true, false, false, true])
    #expect(copied == [true, false, true, true, false])
  }

  @Test func `a template with another toleration is made once per toleration`() {
    var state = cluster()
    let plain = state.workload(slot: 0)!.template
    let one = Toleration(key: "one", comparison: .exists)
    let two = Toleration(key: "two", comparison: .exists)
    let ids = [
      state.template(plain, tolerating: one), state.template(plain, tolerating: two),
      state.template(plain, tolerating: one), state.template(plain, tolerating: two),
    ]
    let again = state.template(ids[0], tolerating: one)
    let both = state.template(ids[0], tolerating: two)
    #expect(ids[0] == ids[2] && ids[1] == ids[3] && ids[0] != ids[1])
    #expect(again == ids[0])
    let tolerations = state.templates[Int(both.index)].tolerations
    #expect(tolerations == [one, two])
  }

  @Test func `a Pod outlives its workload without taking the name of the next one`() {
    var state = cluster()
    let pod = add(&state, 3)
    state.removeWorkload(state.workload(slot: 0)!.id)
    let other = Manifests.workload(.replicaSet, "other")
    let template = state.addTemplate(other.template)
    let heir = state.addWorkload(other, template: template, owner: nil, at: .zero)
    let name = state.name(of: state.pod(pod)!)
    #expect(heir.slot == 0)
    #expect(!name.hasPrefix("other"))
  }
}
