import Autoscaling
import Quantities
import TestSupport
import Testing

@Suite("Policies for jobs with a deadline")
struct DeadlinePolicyTests {
  private let task = DeadlineTask(
    begun: .zero, deadline: .zero + .hours(20), work: .hours(10), changeover: .minutes(6))

  private func sight(
    _ hours: Double, done: Double, saved: Double? = nil, _ mode: DeadlineMode = .wait,
    spot: Bool
  ) -> DeadlineSight {
    DeadlineSight(
      now: .zero + .seconds(hours * 3600), tick: .minutes(5), done: .seconds(done * 3600),
      saved: .seconds((saved ?? done) * 3600), mode: mode, offersSpot: spot)
  }

  @Test("An even spread is by the share of time that has passed")
  func evenly() {
    #expect(task.evenly(by: .zero) == .zero)
    #expect(task.evenly(by: .zero + .hours(5)) == .minutes(150))
    #expect(task.evenly(by: .zero + .hours(30)) == .hours(10))
  }

  @Test("Greedy takes spot, or waits")
  func greedy() {
    #expect(DeadlinePolicy.greedy.mode(of: task, seeing: sight(1, done: 0, spot: true)) == .spot)
    #expect(DeadlinePolicy.greedy.mode(of: task, seeing: sight(1, done: 0, spot: false)) == .wait)
  }

  @Test("Uniform Progress works on demand where it lags, until it is ahead by two changeovers")
  func uniform() {
    let policy = DeadlinePolicy.uniformProgress
    // At 4 h an even spread has done 2 h, and 12 min later 2.1 h.
    #expect(policy.mode(of: task, seeing: sight(4, done: 1.9, spot: true)) == .spot)
    #expect(policy.mode(of: task, seeing: sight(4, done: 1.9, spot: false)) == .onDemand)
    #expect(policy.mode(of: task, seeing: sight(4, done: 2.05, spot: false)) == .wait)
    #expect(
      policy.mode(of: task, seeing: sight(4, done: 2.05, .onDemand, spot: false)) == .onDemand)
    #expect(policy.mode(of: task, seeing: sight(4, done: 2.2, .onDemand, spot: false)) == .wait)
    #expect(policy.mode(of: task, seeing: sight(4, done: 2.05, .onDemand, spot: true)) == .spot)
    expectDetects("no hysteresis") {
      #expect(
        policy.mode(
          of: task, seeing: sight(4, done: 2.05, .onDemand, spot: false), hysteresis: 0)
          == .onDemand)
    }
  }

  @Test(
    "The net: on demand once the next look would be too late", arguments: DeadlinePolicy.allCases)
  func net(_ policy: DeadlinePolicy) {
    // 10 h of work, 6 min of changeover and 5 min until the next look: at the latest at 9 h 49 min.
    let last = 9.0 + 49.0 / 60
    #expect(policy.mode(of: task, seeing: sight(last + 0.01, done: 0, spot: true)) == .onDemand)
    if policy != .onDemand {
      #expect(policy.mode(of: task, seeing: sight(last - 0.01, done: 0, spot: true)) == .spot)
      // What isn't saved counts for nothing.
      #expect(
        policy.mode(of: task, seeing: sight(last + 0.01, done: 3, saved: 0, .spot, spot: true))
          == .onDemand)
    }
  }
}
