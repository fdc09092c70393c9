import ClusterModel
import Infrastructure
import Quantities
import TestSupport
import Testing

@testable import CloudSimulation

/// A control loop that binds Pods to one node up to a limit, counting what it has read.
private struct Binder: Controller {
  let limit: Int
  let pods: [PodID]
  let node: NodeID
  private var cursor = 0
  private var bound = 0
  private var next = 0
  private var isUnderWay = false

  init(limit: Int, pods: [PodID], node: NodeID, from position: Int) {
    self.limit = limit
    self.pods = pods
    self.node = node
    cursor = position
  }

  mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    for change in cluster.changes(since: cursor, upTo: pass.position) ?? [] {
      if change.fields.contains(.bound) { bound += 1 }
      if change.fields.contains(.bound), pods.contains(change.pod) { isUnderWay = false }
    }
    cursor = pass.position
    guard !isUnderWay, bound < limit, next < pods.count else { return nil }
    out.issue(.bind(pods[next], node))
    next += 1
    isUnderWay = true
    return nil
  }
}

@Suite("What clients of the API server know, and when")
struct WatchTests {
  /// Two binders, each with Pods of its own, on one node: how many Pods end up on it.
  private func boundByTwo(limit: Int, delay: TimeSpan) -> Int {
    var state = ClusterState()
    let node = state.addNode(Node(name: "n"))
    let template = state.addTemplate(Manifests.template(app: "a"))
    let pods = (0..<8).map { n in
      state.createPod(
        owner: nil, template: template, ordinal: Int32(n), attempt: 0, at: .zero, name: "p\(n)")
    }
    let begin = state.logEnd
    var binders = [0, 1].map { half in
      Binder(
        limit: limit, pods: (0..<4).map { pods[2 * $0 + half] }, node: node, from: begin)
    }
    var watches = [WatchQueue(position: begin), WatchQueue(position: begin)]
    var buffer = CommandBuffer()
    for millisecond in 0..<200 {
      // One after the other, a millisecond apart; writes take no time.
      let now = Instant.zero + .milliseconds(millisecond)
      let turn = millisecond % 2
      watches[turn].advance(to: now)
      buffer.clear()
      _ = binders[turn].reconcile(
        state, in: ControllerPass(now: now, position: watches[turn].position), into: &buffer)
      for issued in buffer.commands {
        guard case .bind(let pod, let node) = issued.command else { continue }
        state.bind(pod, to: node)
        for index in watches.indices {
          _ = watches[index].append(position: state.logEnd, visible: now + delay)
        }
      }
    }
    return (0..<state.podSlotCount).count { state.pod(slot: $0)?.node != nil }
  }

  @Test("Two binds inside the watch delay overshoot a limit that one of them would have respected")
  func overshoot() {
    #expect(boundByTwo(limit: 1, delay: .zero) == 1)
    #expect(boundByTwo(limit: 3, delay: .zero) == 3)
    #expect(boundByTwo(limit: 1, delay: .milliseconds(10)) == 2)
    #expect(boundByTwo(limit: 3, delay: .milliseconds(10)) == 4)
  }

  @Test("A watch delivers in order: a change that would overtake another comes with it")
  func order() {
    var watch = WatchQueue(position: 3)
    let visible = [
      watch.append(position: 4, visible: .seconds(2.0)),
      watch.append(position: 5, visible: .seconds(1.0)),
      watch.append(position: 6, visible: .seconds(4.0)),
    ]
    #expect(visible == [.seconds(2.0), .seconds(2.0), .seconds(4.0)])
    #expect(watch.next == .seconds(2.0))
    watch.advance(to: .seconds(1.9))
    #expect(watch.position == 3)
    watch.advance(to: .seconds(2.0))
    #expect(watch.position == 5)
    watch.advance(to: .seconds(9.0))
    #expect(watch.position == 6)
    #expect(watch.next == nil)
    for n in 7..<3000 { _ = watch.append(position: n, visible: .seconds(Double(n))) }
    for n in 7..<3000 {
      watch.advance(to: .seconds(Double(n)))
      if watch.position != n { Issue.record("position \(watch.position) at \(n) s") }
    }
  }

  @Test("Of alike events on one object twenty-five pass at once, and one every five minutes")
  func correlator() {
    var correlator = EventCorrelator()
    let object = EventRecord.Subject.workload(WorkloadID(slot: 4, generation: 0))
    let other = EventRecord.Subject.pod(PodID(slot: 4, generation: 0))
    let first = (0..<100).filter { _ in correlator.passes(object, at: .seconds(1.0)) }
    #expect(first.count == 25)
    let second = (0..<100).filter { _ in correlator.passes(other, at: .seconds(1.0)) }
    #expect(second.count == 25)
    let later = stride(from: 2.0, through: 3012.0, by: 10).filter {
      correlator.passes(object, at: .seconds($0))
    }
    #expect(later.count == 10)
    let reborn = EventRecord.Subject.pod(PodID(slot: 4, generation: 1))
    let isNew = correlator.passes(reborn, at: .seconds(1.0))
    #expect(isNew)
  }

  @Test("A busy loop isn't called again before it is done, and each loop knows what concerns it")
  func concerns() {
    func audience(
      _ fields: ChangeFields, _ owner: WorkloadKind?, hasEnded: Bool = false,
      failures: Bool = false
    ) -> [Client] {
      let bits = ControlLoops.audience(of: fields, owner: owner, hasEnded: hasEnded)
      return Client.allCases.filter {
        bits >> $0.rawValue & 1 != 0 && $0.mindsFailures == failures
      }
    }
    #expect(
      audience([.pod, .created], .replicaSet) == [
        .replicaSet, .scheduler, .burst, .horizontalPodAutoscaler,
      ])
    #expect(
      audience([.pod, .created], .job) == [
        .job, .scheduler, .burst, .cronJob, .horizontalPodAutoscaler,
      ])
    #expect(audience([.pod, .ready], .replicaSet) == [.deployment])
    #expect(audience([.pod, .ready], .statefulSet) == [.statefulSet])
    #expect(audience([.pod, .condition], .replicaSet) == [.admission, .burst])
    #expect(audience([.pod, .bound], .replicaSet) == [.scheduler, .burst])
    #expect(audience([.pod, .phase], .job) == [.burst])
    #expect(
      audience([.pod, .phase], .job, hasEnded: true) == [.job, .scheduler, .burst, .cronJob])
    #expect(audience([.node, .created], nil) == [.daemonSet, .scheduler])
    #expect(!audience([.workload, .spec], nil).contains(.admission))
    #expect(audience([.policy], nil) == [.scheduler])
    #expect(audience([.node, .condition], nil).isEmpty)
    #expect(audience([.node, .condition], nil, failures: true) == [.nodeLifecycle])
    #expect(
      audience([.node, .taints], nil, failures: true)
        == [.nodeLifecycle, .taintEviction, .podGarbage])
    #expect(audience([.pod, .bound], .job, failures: true) == [.taintEviction, .podGarbage])
    #expect(audience([.workload, .spec], nil, failures: true).isEmpty)
  }

  @Test("The three quantiles of a summary are those of the sorted values")
  func selection() {
    var generator = SeededGenerator(seed: 9)
    for count in [1, 2, 3, 10, 101, 1000] {
      for spread in [2, 1_000_000] {
        let values = (0..<count).map { _ in Int64(generator.below(spread)) }
        let sorted = values.sorted()
        var placed = values
        for rank in [count / 2, count * 9 / 10, count - 1] {
          placed.place(rank: rank, from: 0)
          #expect(placed[rank] == sorted[rank])
          #expect(placed[..<rank].allSatisfy { $0 <= sorted[rank] })
        }
      }
    }
  }
}
