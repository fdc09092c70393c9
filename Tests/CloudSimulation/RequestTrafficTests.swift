import ClusterModel
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

/// Requests at fixed times that take a fixed time each, so that all can be worked out by hand.
@Suite("Requests wait, are served, time out and are tried again")
struct RequestTrafficTests {
  /// Requests every `gap` seconds from `gap` on; each takes 1 s; one place in a Pod.
  private func traffic(
    gap: Double, pods: Int = 1, places: Int = 1, limit: Double = .infinity, until: Int = 10,
    _ change: (inout RequestParameters) -> Void = { _ in }
  ) -> RequestTraffic {
    var traffic = RequestTraffic(luck: RandomSource(seed: 5))
    var profile = WorkloadProfile(name: "web")
    profile.serviceTime = .constant(1)
    profile.concurrency = places
    profile.requests.cpu = .seconds(1)
    profile.requests.timeout = nil
    change(&profile.requests)
    traffic.services = [
      RequestService(
        name: "Deployment/web", profile: profile, share: 1,
        windows: [(.seconds(3), .seconds(5))])
    ]
    traffic.sources = [
      RequestSource(
        course: .renewal(.constant(gap), from: .zero, until: .seconds(Double(until))), service: 0,
        subject: 1, horizon: .seconds(1000), load: 0)
    ]
    for pod in 0..<pods { traffic.join(Self.pod(pod), service: 0, limit: limit, at: .zero) }
    traffic.begin()
    return traffic
  }

  private static func pod(_ slot: Int) -> PodID { PodID(slot: UInt32(slot), generation: 1) }

  private func result(
    _ traffic: inout RequestTraffic, at end: Double, window: Int = 0
  ) -> RequestResult {
    traffic.close(at: .seconds(end))
    let identity = traffic.services[0].ledger.identity(at: .seconds(end))
    #expect(abs(identity.integral - identity.stays) < 1e-6)
    let result = traffic.services[0].ledger.result(ofWindow: window)
    let whole = traffic.services[0].ledger.result(ofWindow: 0)
    #expect(
      whole.arrived
        == whole.served + whole.late + whole.failed + whole.dropped + whole.open)
    return result
  }

  @Test("A backlog carries over: the n-th of requests that come twice as fast waits n/2 s")
  func backlog() throws {
    var traffic = traffic(gap: 0.5)
    let found = result(&traffic, at: 100)
    #expect(found.arrived == 20)
    // The n-th arrives at n/2 and leaves at n + 1/2: its time inside is (n + 1)/2.
    #expect(found.served == 1)
    #expect(found.late == 19)
    #expect(found.latencies.mean == 5.75e9)
    #expect(found.sloMinutes == 1)
  }

  @Test("A window counts those that arrive in it, its start included and its end not")
  func window() {
    var traffic = traffic(gap: 1)
    let found = result(&traffic, at: 100, window: 1)
    #expect(found.arrived == 2)
  }

  @Test("What takes just the deadline isn't late")
  func deadline() {
    var onTime = traffic(gap: 2)
    let first = result(&onTime, at: 100)
    #expect(first.late == 0)
    var late = traffic(gap: 2) { $0.deadline = .seconds(1) - TimeSpan(nanoseconds: 1) }
    let second = result(&late, at: 100)
    #expect(second.late == 5)
  }

  @Test("A minute is lost if more than its budget is late, and one without requests isn't")
  func minutes() {
    for (budget, lost) in [(0.94, 1), (0.95, 0)] {
      var traffic = traffic(gap: 0.5) { $0.budget = budget }
      let found = result(&traffic, at: 600)
      #expect(found.sloMinutes == lost, "\(budget)")
    }
  }

  @Test("Who is inside at the end is late if his deadline has passed, else not counted")
  func openAtTheEnd() {
    // The n-th leaves at n + 1/2: at 10.4 s the 10th to the 20th are open, and those up to the 18th
    // came more than 1 s ago.
    var traffic = traffic(gap: 0.5)
    let found = result(&traffic, at: 10.4)
    #expect(found.open == 11)
    #expect(found.openLate == 9)
  }

  @Test("With a limit of one core, two requests of one core each take twice as long")
  func throttling() {
    var traffic = traffic(gap: 0.5, places: 2, limit: 1, until: 1) { $0.deadline = .seconds(2) }
    // The first runs alone from 0.5 to 1 s, then both at half speed: it is done at 2 s, when half of
    // the second is left, which is done at 2.5 s.
    traffic.advance(to: .seconds(1))
    let early = traffic.usedCPU(of: Self.pod(0))
    #expect(early == 0.5e9)
    let found = result(&traffic, at: 10)
    #expect(found.latencies.mean == (1.5e9 + 1.5e9) / 2)
    let used = traffic.usedCPU(of: Self.pod(0))
    #expect(used == 2e9)
  }

  @Test("Without a limit both run at full speed")
  func noThrottling() {
    var traffic = traffic(gap: 0.5, places: 2, until: 1)
    let found = result(&traffic, at: 10)
    #expect(found.latencies.mean == 1e9)
  }

  @Test("A full queue turns away")
  func bound() {
    var traffic = traffic(gap: 0.25, until: 1) { $0.queue = 2 }
    // At 0.25 s one begins, at 0.5 and 0.75 two wait, the fourth is turned away.
    let found = result(&traffic, at: 10)
    #expect(found.dropped == 1)
    #expect(found.served + found.late == 3)
  }

  @Test("Clients give up: who waits is forgotten, who is served is served for nobody")
  func timeouts() {
    var traffic = traffic(gap: 0.25, until: 1) { $0.timeout = .milliseconds(900) }
    // The first is given up at 1.15 s and served until 1.25 s; the others, given up at 1.4, 1.65 and
    // 1.9 s, would have begun at 1.25 s, when the second does, to be done at 2.25 s.
    let found = result(&traffic, at: 10)
    #expect(found.failed == 4)
    let used = traffic.usedCPU(of: Self.pod(0))
    #expect(used == 2e9)
  }

  @Test("Clients try again as often as they may, within their budget")
  func retries() {
    for (retries, budget, tries) in [(0, nil, 0), (3, nil, 12), (3, 0.0, 10)]
      as [(Int, Double?, Int64)]
    {
      var traffic = traffic(gap: 0.25, pods: 0, until: 1) {
        $0.retries = retries
        $0.retryBudget = budget
      }
      let found = result(&traffic, at: 100)
      #expect(found.failed == 4)
      #expect(found.retries == tries, "\(retries), \(String(describing: budget))")
    }
  }

  @Test("A second try that is answered counts from the first")
  func retryLatency() throws {
    var traffic = traffic(gap: 1, pods: 0, until: 1) {
      $0.retries = 1
      $0.backoff = .seconds(4)
      $0.deadline = .seconds(60)
    }
    traffic.advance(to: .seconds(1.5))
    traffic.join(Self.pod(0), service: 0, limit: .infinity, at: .seconds(1.5))
    let found = result(&traffic, at: 100)
    #expect(found.served == 1)
    let latency = try #require(found.latencies.mean)
    #expect(latency >= 3e9 && latency <= 7e9)
  }

  @Test("A Pod that leaves finishes what it has; one that is gone doesn't")
  func leaving() {
    var left = traffic(gap: 0.25, until: 1)
    left.leave(Self.pod(0), at: .seconds(0.6))
    var found = result(&left, at: 100)
    #expect(found.served + found.late == 2)
    #expect(found.failed == 2)
    var gone = traffic(gap: 0.25, until: 1)
    gone.end(Self.pod(0), at: .seconds(0.6))
    gone.end(Self.pod(0), at: .seconds(0.7))
    found = result(&gone, at: 100)
    #expect(found.failed == 4)
  }

  @Test("Requests are spread over Pods, and a Pod that joins takes its part")
  func spreading() throws {
    var traffic = traffic(gap: 0.01, pods: 2, places: 100, until: 100)
    traffic.join(Self.pod(2), service: 0, limit: .infinity, at: .seconds(50))
    traffic.advance(to: .seconds(110))
    var used: [Double] = []
    for slot in 0..<3 {
      if let nanoseconds = traffic.usedCPU(of: Self.pod(slot)) { used.append(nanoseconds / 1e9) }
    }
    // 5,000 over two, then 5,000 over three: 4,167, 4,167 and 1,667 with standard deviations below 58.
    #expect(used.count == 3)
    for (found, expected) in zip(used, [4166.7, 4166.7, 1666.7]) {
      #expect(abs(found - expected) < 300)
    }
  }

  @Test("A copy goes on by itself, and the same way")
  func copies() {
    var one = traffic(gap: 0.3) {
      $0.timeout = .seconds(2)
      $0.retries = 2
    }
    one.advance(to: .seconds(4))
    var other = one.copy()
    let first = result(&one, at: 60)
    let second = result(&other, at: 60)
    #expect(second == first)
    #expect(first.retries > 0)
  }

  @Test("When anybody looks doesn't matter")
  func looking() {
    func make() -> RequestTraffic {
      traffic(gap: 0.3, places: 2, limit: 1) {
        $0.timeout = .seconds(2)
        $0.retries = 2
      }
    }
    var seldom = make()
    var often = make()
    for step in 1..<600 {
      often.advance(to: .seconds(Double(step) / 10))
    }
    let first = result(&often, at: 60)
    let second = result(&seldom, at: 60)
    #expect(first == second)
  }
}
