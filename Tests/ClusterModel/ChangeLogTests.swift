import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct ChangeLogTests {
  private func state(capacity: Int, changes: Int) -> ClusterState {
    var state = ClusterState(logCapacity: capacity)
    for number in 0..<changes { state.addNode(Node(name: "node-\(number)")) }
    return state
  }

  @Test(arguments: [1, 2, 7, 64]) func `it holds the newest changes up to its capacity`(
    capacity: Int
  ) {
    for count in 0...(3 * capacity + 1) {
      let state = state(capacity: capacity, changes: count)
      let end = state.logEnd
      #expect(end == count)
      for cursor in -1...count {
        let changes = state.changes(since: cursor, upTo: end).map { $0.map(\.slot) }
        let isHeld = cursor >= max(0, count - capacity)
        #expect(changes == (isHeld ? Array(UInt32(cursor)..<UInt32(count)) : nil))
      }
    }
  }

  @Test func `a reader sees nothing beyond its watch's position`() {
    let state = state(capacity: 100, changes: 10)
    let slots = state.changes(since: 3, upTo: 6)!.map(\.slot)
    let none = state.changes(since: 6, upTo: 6)!.count
    let ahead = state.changes(since: 8, upTo: 6)!.count
    let beyond = state.changes(since: 8, upTo: 99)!.map(\.slot)
    #expect(slots == [3, 4, 5])
    #expect(none == 0)
    #expect(ahead == 0)
    #expect(beyond == [8, 9])
  }

  @Test func `a change takes eight bytes`() {
    #expect(MemoryLayout<Change>.size == 8)
  }

  @Test func `every write says what changed, and one that changes nothing says nothing`() {
    var state = ClusterState(
      Manifests.cluster(nodes: 1, Manifests.workload(.replicaSet, "web")))
    let owner = state.workload(slot: 0)!
    let node = state.nodeID(slot: 0)!
    let start = state.logEnd
    let pod = state.createPod(
      owner: owner.id, template: owner.template, ordinal: 0, attempt: 0, at: .zero)
    state.setCondition(pod, .unschedulable, true)
    state.setCondition(pod, .unschedulable, true)
    state.nominate(pod, to: node)
    state.nominate(pod, to: node)
    let tolerant = state.template(owner.template, tolerating: Toleration(comparison: .exists))
    state.setTemplate(pod, to: tolerant)
    state.setTemplate(pod, to: tolerant)
    state.bind(pod, to: node)
    state.setPhase(pod, to: .running)
    state.setPhase(pod, to: .running)
    state.setReady(pod, true, at: .zero)
    state.setReady(pod, true, at: .zero)
    state.setTemplate(pod, to: owner.template)
    state.markTerminating(pod)
    state.markTerminating(pod)
    state.deletePod(pod)
    state.deletePod(pod)
    state.setDesired(owner.id, 4)
    state.setDesired(owner.id, 4)
    state.setTemplate(owner.id, to: tolerant)
    state.setTemplate(owner.id, to: tolerant)
    state.removeWorkload(owner.id)
    state.setDesired(owner.id, 5)
    let fields = state.changes(since: start, upTo: state.logEnd)!.map(\.fields)
    #expect(
      fields == [
        [.pod, .created], [.pod, .condition], [.pod, .nomination], [.pod, .spec], [.pod, .bound],
        [.pod, .phase], [.pod, .ready], [.pod, .terminating], [.pod, .deleted],
        [.workload, .spec], [.workload, .spec], [.workload, .deleted],
      ])
  }

  @Test func `binding ends a nomination and the condition Unschedulable`() {
    var state = ClusterState(
      Manifests.cluster(nodes: 1, Manifests.workload(.replicaSet, "web")))
    let owner = state.workload(slot: 0)!
    let node = state.nodeID(slot: 0)!
    let id = state.createPod(
      owner: owner.id, template: owner.template, ordinal: 0, attempt: 0, at: .zero)
    state.setCondition(id, .unschedulable, true)
    state.nominate(id, to: node)
    state.bind(id, to: node)
    let pod = state.pod(id)!
    #expect(pod.nominatedNode == nil)
    #expect(!pod.flags.contains(.unschedulable))
    #expect(pod.version == 4)
  }
}
