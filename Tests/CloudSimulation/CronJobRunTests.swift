import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@Suite("CronJobs in a run")
struct CronJobRunTests {
  /// A CronJob of one Pod that works for 30 s, every minute, on machines with room for all.
  private func scenario(_ edit: (inout CronJob) -> Void = { _ in }) throws -> Scenario {
    var scenario = PlainScenario.overflow(0, local: 40)
    scenario.serverlessPools = []
    scenario.loads = []
    scenario.profiles[0].runTime = .constant(30)
    var job = WorkloadObject(
      kind: .job, namespace: "default", name: "tick", template: PlainScenario.template())
    job.job.completions = 1
    var cron = CronJob(namespace: "default", name: "tick", job: job)
    cron.schedule = try CronSchedule("* * * * *")
    edit(&cron)
    scenario.cluster.cronJobs = [cron]
    return scenario
  }

  @Test("Every minute a Job runs to its end, and old ones are deleted with their Pods")
  func everyMinute() throws {
    let result = try scenario().simulate()
    #expect(result.violation == nil)
    // Ten minutes: the tenth Job starts 100 ms after the end.
    #expect(result.pods.created == 9)
    #expect(result.pods.succeeded == 9)
    let longer = try scenario { $0.schedule = try! CronSchedule("*/2 * * * *") }.simulate()
    #expect(longer.pods.succeeded == 4)
  }

  @Test("A run that takes longer than a minute is replaced, or holds the next one back")
  func overlapping() throws {
    for (policy, created, succeeded) in [
      (CronJob.ConcurrencyPolicy.replace, 9, 0), (.forbid, 7, 6), (.allow, 9, 8),
    ] {
      var world = try scenario { $0.concurrency = policy }
      world.profiles[0].runTime = .constant(85)
      let result = world.simulate()
      #expect(result.violation == nil)
      #expect(result.pods.created == created, "\(policy)")
      #expect(result.pods.succeeded == succeeded, "\(policy)")
    }
  }
}
