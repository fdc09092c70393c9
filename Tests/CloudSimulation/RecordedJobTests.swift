import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Statistics
import Testing
import Workloads

@Suite("Jobs as a trace recorded them")
struct RecordedJobTests {
  /// One Job after another on a machine for one, each so many seconds long.
  private func succeeded(_ seconds: [Double], within duration: TimeSpan) -> Int {
    var scenario = PlainScenario.overflow(1, local: 1)
    scenario.serverlessPools = []
    scenario.duration = duration
    var job = WorkloadObject(
      kind: .job, namespace: "default", name: "work", template: PlainScenario.template())
    job.replicas = 1
    scenario.cluster.workloads = [job]
    var trace = LoadProfile.Trace()
    trace.rows = seconds.map { LoadProfile.Trace.Row(at: .seconds(1), value: $0) }
    var load = LoadProfile(name: "jobs", target: "Job/work", shape: .trace(trace))
    load.drives = .jobs
    scenario.loads = [load]
    let result = scenario.simulate()
    #expect(result.violation == nil)
    return result.pods.succeeded
  }

  @Test("Each Pod works as long as its row says, whatever its profile says")
  func works() {
    // Starts cost a few seconds each; a profile's minute would let one of four end.
    #expect(succeeded([5, 5, 5, 5], within: .seconds(80)) == 4)
    #expect(succeeded([5, 300, 5, 5], within: .seconds(80)) == 1)
    #expect(succeeded([100], within: .seconds(90)) == 0)
    #expect(succeeded([80], within: .seconds(100)) == 1)
  }
}
