import ClusterModel
import Quantities
import Scheduling
import Testing

/// Drives a scheduler as a real cluster would: by the machine's own clock, over an API in memory.
///
/// Nothing here is simulated; the scheduler is the one that simulations drive.
@Suite("The scheduler under a driver that isn't a simulation")
struct WallClockDriverTests {
  private struct Outcome {
    var bindings: [String: String] = [:]
    var passes = 0
    var messages: [String?] = []
  }

  private func cluster(nodes: Int, pods: Int) -> ClusterState {
    var objects = ClusterObjects()
    for n in 0..<nodes {
      objects.nodes.append(
        Node(name: "n\(n)", allocatable: Resources(cpu: 2000, memory: 8 << 30, pods: 110)))
    }
    for n in 0..<pods {
      let container = Container(
        name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
      objects.pods.append(PodObject(name: "p\(n)", template: PodTemplate(containers: [container])))
    }
    return ClusterState(objects)
  }

  /// Calls the scheduler whenever it wants or something has changed, until a deadline or until it
  /// wants nothing before it.
  private func drive(
    _ cluster: consuming ClusterState, for limit: Duration
  ) async throws -> Outcome {
    var scheduler = Scheduler(
      configuration: SchedulerConfiguration(
        tieRule: .lowestName, cost: SchedulerCost(perCycle: .milliseconds(2))))
    var outcome = Outcome()
    var buffer = CommandBuffer()
    var answers: [CommandOutcome] = []
    let begun = ContinuousClock.now
    while true {
      let elapsed = begun.duration(to: .now)
      if elapsed > limit { break }
      let now = Instant(
        nanoseconds: elapsed.components.seconds * 1_000_000_000
          + elapsed.components.attoseconds / 1_000_000_000)
      let pass = ControllerPass(now: now, position: cluster.logEnd, outcomes: answers)
      answers.removeAll()
      buffer.clear()
      let next = scheduler.reconcile(cluster, in: pass, into: &buffer)
      outcome.passes += 1
      // A real server takes its time, too: what the cycle costs is waited for.
      try await Task.sleep(for: .nanoseconds(buffer.busy.nanoseconds))
      for issued in buffer.commands {
        if case .bind(let pod, let node) = issued.command { cluster.bind(pod, to: node) }
        if case .markUnschedulable(let pod) = issued.command {
          cluster.setCondition(pod, .unschedulable, true)
        }
        answers.append(
          CommandOutcome(ticket: issued.ticket, command: issued.command, result: .accepted))
      }
      guard answers.isEmpty else { continue }
      // The queue's own flushes come seconds later; they change nothing here.
      guard let next, (next - now) < .milliseconds(500) else { break }
      let wait = max(0, (next - now).nanoseconds)
      try await Task.sleep(for: .nanoseconds(wait))
    }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      outcome.bindings[cluster.name(of: pod)] = pod.node.flatMap { cluster.node($0)?.name }
      outcome.messages.append(pod.node == nil ? scheduler.lastMessage(for: pod.id) : nil)
    }
    return outcome
  }

  @Test("It fills the nodes in real time and says why the rest must wait")
  func realTime() async throws {
    let begun = ContinuousClock.now
    let outcome = try await drive(cluster(nodes: 3, pods: 8), for: .seconds(120))
    #expect(begun.duration(to: .now) >= .milliseconds(16), "eight cycles of 2 ms take their time")
    #expect(outcome.bindings.count == 6)
    for node in ["n0", "n1", "n2"] {
      #expect(outcome.bindings.values.count { $0 == node } == 2)
    }
    let waiting = outcome.messages.compactMap { $0 }
    #expect(waiting.count == 2)
    #expect(waiting.allSatisfy { $0.hasPrefix("0/3 nodes are available: 3 Insufficient cpu.") })
  }
}
