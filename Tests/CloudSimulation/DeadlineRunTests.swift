import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@Suite("Jobs with a deadline in a run")
struct DeadlineRunTests {
  /// A Job of ten hours that has sixteen, on spot capacity that isn't there in some hours.
  private func scenario(
    _ policy: DeadlinePolicy, closed: [(from: Int, to: Int)], within: Int = 16
  ) -> Scenario {
    var scenario = PlainScenario.serverless(0)
    scenario.duration = .hours(40)
    scenario.profiles[0].runTime = .constant(9.5 * 3600)
    scenario.profiles[0].startup = .constant(5)
    scenario.profiles[0].imageBytes = .constant(0)
    var saving = Checkpointing()
    saving.every = .minutes(10)
    saving.cost = .seconds(5)
    saving.restart = .minutes(1)
    scenario.profiles[0].checkpoint = saving
    for (from, to) in closed {
      var refusal = SpotScript.Refusal()
      refusal.from = .hours(from)
      refusal.to = .hours(to)
      scenario.serverlessPools[0].spot.refusals.append(refusal)
      var reclaim = SpotScript.Reclaim()
      reclaim.at = .hours(from)
      scenario.serverlessPools[0].spot.reclaims.append(reclaim)
    }
    var terms = DeadlineConfiguration()
    terms.policy = policy
    terms.within = .hours(within)
    terms.work = .hours(10)
    scenario.burst.deadline = terms
    var job = WorkloadObject(
      kind: .job, namespace: "default", name: "work", template: PlainScenario.template())
    job.job.completions = 1
    job.job.backoffLimit = .max
    scenario.cluster.workloads = [job]
    return scenario
  }

  private func hours(_ result: ReplicationResult, _ name: String) -> Double {
    result.bill.filter { $0.name == name }.reduce(0) { $0 + $1.quantity } / 3600
  }

  @Test("With spot all the time it costs a fifth, and nobody touches it")
  func calm() {
    let result = scenario(.uniformProgress, closed: []).simulate()
    #expect(result.violation == nil)
    #expect(result.jobs.finished == 1 && result.jobs.late == 0 && result.reclaims == 0)
    #expect(abs(hours(result, "spot Pods") - 9.6) < 0.1)
    #expect(hours(result, "Pods on demand") == 0)
    let dear = scenario(.onDemand, closed: []).simulate()
    let ratio = result.cash.units / dear.cash.units
    #expect(abs(ratio - 0.2) < 0.001 && dear.jobs.late == 0)
  }

  @Test("Greedy waits for spot, then runs on demand; Uniform Progress is in between; none is late")
  func gaps() {
    // Spot in the hours 0–2, 4–5 and 12–13 only.
    let closed = [(from: 2, to: 4), (from: 5, to: 12), (from: 13, to: 40)]
    for policy in DeadlinePolicy.allCases {
      let result = scenario(policy, closed: closed).simulate()
      #expect(result.violation == nil, "\(policy)")
      #expect(result.jobs.finished == 1 && result.jobs.late == 0, "\(policy)")
      #expect((hours(result, "spot Pods") > 2.5) == (policy != .onDemand), "\(policy)")
    }
    let late = scenario(.greedy, closed: closed, within: 9).simulate()
    expectDetects("a deadline that can't be kept") { #expect(late.jobs.late == 0) }
  }

  @Test("Without a deadline in the scenario, Jobs are left alone")
  func alone() {
    var plain = scenario(.greedy, closed: [])
    plain.burst.deadline = nil
    let result = plain.simulate()
    #expect(hours(result, "spot Pods") == 0 && result.jobs.late == 0)
  }
}
