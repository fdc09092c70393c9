import Quantities
import Testing

@testable import Scheduling

@Suite("The scheduling queue")
struct QueueTests {
  private func queue(_ behaviour: BehaviourProfile = .v136) -> SchedulingQueue {
    SchedulingQueue(SchedulerConfiguration(behaviour: behaviour))
  }

  private func at(_ seconds: Double) -> Instant { .seconds(seconds) }

  @Test("Priority first, then the time of entry, then creation, then the slot")
  func order() {
    var queue = queue()
    queue.add(0, priority: 0, created: at(2), gated: false, at: at(5))
    queue.add(1, priority: 0, created: at(1), gated: false, at: at(5))
    queue.add(2, priority: 0, created: at(9), gated: false, at: at(4))
    queue.add(3, priority: 7, created: at(9), gated: false, at: at(9))
    queue.add(4, priority: 9, created: at(0), gated: true, at: at(0))
    queue.add(5, priority: 0, created: at(1), gated: false, at: at(5))
    var popped: [Int] = []
    while let slot = queue.pop() { popped.append(slot) }
    #expect(popped == [3, 2, 1, 5, 0])
    #expect(queue.pods[4].place == .gated)
  }

  /// The whole second after which a Pod that failed so often at an instant is tried again.
  private func second(afterFailures count: Int, at instant: Double) -> Double? {
    var queue = queue(.tke120)
    queue.add(0, priority: 0, created: .zero, gated: false, at: .zero)
    for _ in 0..<count {
      _ = queue.pop()
      queue.addUnschedulable(
        0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(instant))
    }
    queue.wake(0, at: at(instant))
    return queue.nextInstant(after: at(instant))?.seconds
  }

  @Test("Backoff doubles from 1 s to 10 s and ends with a whole second that has passed")
  func backoff() {
    let ends = (1...6).map { second(afterFailures: $0, at: 100.3) }
    #expect(ends == [102, 103, 105, 109, 111, 111])
    #expect(second(afterFailures: 1, at: 100) == 102)
  }

  @Test("v1.36 takes the head of the backoff queue when nothing else waits; v1.20 waits")
  func earlyPop() {
    for behaviour in [BehaviourProfile.v136, .tke120] {
      var queue = queue(behaviour)
      queue.add(0, priority: 0, created: .zero, gated: false, at: .zero)
      _ = queue.pop()
      queue.addUnschedulable(0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(1))
      #expect(queue.pop() == nil)
      queue.wake(0, at: at(1.5))
      #expect(queue.pop() == (behaviour.popsFromBackoff ? 0 : nil))
      queue.flush(at: at(2.9)) { _ in true }
      #expect(queue.pop() == nil)
      queue.flush(at: at(3)) { _ in true }
      #expect(queue.pop() == (behaviour.popsFromBackoff ? nil : 0))
    }
  }

  @Test("A backoff that ends within the present second hasn't ended")
  func backoffWithinSecond() {
    var queue = queue(.tke120)
    queue.add(0, priority: 0, created: .zero, gated: false, at: .zero)
    _ = queue.pop()
    queue.addUnschedulable(0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(100.3))
    queue.wake(0, at: at(101.5))
    #expect(queue.pop() == nil)
    #expect(queue.nextInstant(after: at(101.5)) == at(102))
  }

  @Test("After an error a Pod always waits, and errors in a row double the wait")
  func errorBackoff() {
    var queue = queue()
    queue.add(0, priority: 0, created: .zero, gated: false, at: .zero)
    _ = queue.pop()
    queue.addAfterError(0, at: at(0.5))
    #expect(queue.pop() == nil)
    #expect(queue.nextInstant(after: at(0.5)) == at(2))
    queue.flush(at: at(1.9)) { _ in true }
    #expect(queue.pop() == nil)
    queue.flush(at: at(2)) { _ in true }
    #expect(queue.pop() == 0)
    queue.addAfterError(0, at: at(2))
    #expect(queue.nextInstant(after: at(2)) == at(5))
  }

  @Test("Every 30 s the Pods are moved on that were unschedulable for more than 5 minutes")
  func poolFlush() {
    var queue = queue()
    queue.add(0, priority: 0, created: .zero, gated: false, at: .zero)
    _ = queue.pop()
    queue.addUnschedulable(0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(31))
    #expect(queue.nextInstant(after: at(31)) == at(360))
    queue.flush(at: at(359)) { _ in true }
    #expect(queue.pop() == nil)
    queue.flush(at: at(360)) { _ in false }
    #expect(queue.pop() == nil, "a Pod that mayn't be tried stays")
    queue.flush(at: at(360)) { _ in true }
    #expect(queue.pop() == 0)
    queue.addUnschedulable(0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(600))
    #expect(queue.nextInstant(after: at(600)) == at(930), "exactly 5 minutes isn't more")
  }

  @Test("A Pod that leaves the queue is neither popped nor woken")
  func removal() {
    var queue = queue()
    for slot in 0..<3 {
      queue.add(slot, priority: 0, created: .zero, gated: false, at: .zero)
    }
    queue.remove(1)
    #expect(queue.pop() == 0)
    queue.addUnschedulable(0, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(1))
    #expect(queue.pop() == 2)
    queue.addUnschedulable(2, classIndex: 0, rejectors: 1, pinnedNode: nil, at: at(1))
    queue.remove(0)
    #expect(queue.unschedulableCount == 1)
    #expect(queue.buckets.map(\.members) == [[2]])
    queue.remove(2)
    #expect(queue.nextInstant(after: at(2)) == nil)
  }

  @Test("A cycle's cost: the slowest of sixteen workers, in chunks")
  func cost() {
    let cost = SchedulerCost(perCycle: .zero, perNode: .milliseconds(300))
    #expect(SchedulerCost().cycle(nodes: 5000) == .milliseconds(10))
    #expect(cost.cycle(nodes: 15) == .milliseconds(300))
    #expect(cost.cycle(nodes: 100) == .milliseconds(2100))
    #expect(cost.cycle(nodes: 500) == .milliseconds(13_200))
    #expect(cost.cycle(nodes: 1000) == .seconds(21))
    #expect(cost.cycle(nodes: 5000) == .seconds(105))
  }
}
