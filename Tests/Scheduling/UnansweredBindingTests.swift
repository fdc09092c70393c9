import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("Bindings without an answer")
struct UnansweredBindingTests {
  private func expire(_ desk: inout Desk) {
    desk.outcomes = [
      CommandOutcome(
        ticket: desk.out.commands[0].ticket, command: desk.out.commands[0].command,
        result: .timedOut)
    ]
  }

  private func bindings(_ commands: [ClusterCommand]) -> [PodID] {
    commands.compactMap { if case .bind(let pod, _) = $0 { pod } else { nil } }
  }

  @Test("One that wasn't stored is tried again after its backoff")
  func lost() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a")]))
    let first = desk.pass(at: 1, applying: false)
    expire(&desk)
    let second = desk.pass(at: 61)
    let wake = desk.wake
    #expect(second.isEmpty && wake == .seconds(63))
    let third = desk.pass(at: 63)
    #expect(third == first)
    let fourth = desk.pass(at: 70)
    #expect(fourth.isEmpty)
  }

  @Test("One that was stored takes the Pod out of the queue, and its room counts again")
  func stored() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a"), Sample.pod("b")]))
    _ = desk.pass(at: 1, applying: false)
    expire(&desk)
    desk.cluster.bind(desk.pod(0), to: desk.node(0))
    for seconds in [61.0, 63, 75, 400] {
      let commands = desk.pass(at: seconds)
      #expect(bindings(commands).isEmpty, "at \(seconds) s")
    }
  }

  @Test("One whose Pod the watch has brought as bound before is no news")
  func confirmed() {
    var desk = Desk(Sample.cluster([Sample.node("n0")], [Sample.pod("a"), Sample.pod("b")]))
    _ = desk.pass(at: 1, applying: false)
    let sent = desk.out.commands[0]
    desk.cluster.bind(desk.pod(0), to: desk.node(0))
    _ = desk.pass(at: 2)
    desk.outcomes = [CommandOutcome(ticket: sent.ticket, command: sent.command, result: .timedOut)]
    let later = desk.pass(at: 61)
    #expect(bindings(later).isEmpty)
    #expect(desk.scheduler.cache.rows[0].podCount == 1)
  }

  @Test(
    "One stored after the second was sent wins; what the second took is free again, whether the watch or the answer comes first",
    arguments: [true, false])
  func storedLate(answerFirst: Bool) {
    var nodes = [Sample.node("v0"), Sample.node("v1")]
    for place in nodes.indices {
      nodes[place].labels["node.kubernetes.io/instance-type"] = "eklet"
      nodes[place].labels[VirtualNodeNames.addresses] = "1"
    }
    var profile = SchedulerProfile()
    profile.disabledFilters.remove(.fitIPResource)
    var desk = Desk(
      Sample.cluster(nodes, [Sample.pod("a"), Sample.pod("b"), Sample.pod("c")]),
      SchedulerConfiguration(profiles: [profile], tieRule: .lowestName, cost: .none))
    for slot in 1...2 { desk.cluster.deletePod(desk.pod(slot)) }
    let first = desk.pass(at: 1, applying: false)
    #expect(first == [.bind(desk.pod(0), desk.node(0))])
    expire(&desk)
    // By the time of the second try the first node takes nobody.
    var node = desk.cluster.node(desk.node(0))!
    node.isUnschedulable = true
    desk.cluster.updateNode(desk.node(0), .taints, to: node)
    _ = desk.pass(at: 61)
    let second = desk.pass(at: 63, applying: false)
    #expect(second == [.bind(desk.pod(0), desk.node(1))])
    let sent = desk.out.commands[0]
    desk.cluster.bind(desk.pod(0), to: desk.node(0))
    if !answerFirst { _ = desk.pass(at: 63.5) }
    desk.outcomes = [CommandOutcome(ticket: sent.ticket, command: sent.command, result: .conflict)]
    desk.cluster.createPod(
      owner: nil, template: desk.cluster.pod(desk.pod(0))!.template, ordinal: 0, attempt: 0,
      at: .seconds(64), name: "d")
    let third = desk.pass(at: 64)
    #expect(bindings(third).count == 1 && bindings(third)[0] != desk.pod(0))
    #expect(
      third.contains { if case .bind(_, let node) = $0 { node == desk.node(1) } else { false } })
    #expect(desk.scheduler.cache.rows[0].podCount == 1)
  }
}
