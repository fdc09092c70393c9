import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing

@Suite("Bindings that are never or lately answered, in a run")
struct UnansweredBindingTests {
  private func scenario(_ change: (inout SchedulerParameters) -> Void = { _ in }) -> Scenario {
    var scenario = PlainScenario.overflow(20, local: 8)
    scenario.serverlessPools = []
    scenario.nodePools[0].count = 4
    scenario.scheduler.bindTimeout = .seconds(30)
    change(&scenario.scheduler)
    return scenario
  }

  /// Runs a scenario; twenty Pods run at its end, each bound once, whatever was tried.
  private func run(_ scenario: Scenario) -> ReplicationResult {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    #expect(result.pods.running == 20 && result.pods.created == 20)
    let bindings = result.stageRecords.filter { $0.stage == .bind }
    let stored = bindings.filter { $0.outcome == "ok" }.map(\.pod)
    #expect(stored.count == 20 && Set(stored).count == 20)
    #expect(bindings.allSatisfy { $0.outcome == "ok" || $0.outcome == "unanswered" })
    #expect(result.placements.allSatisfy { $0.ready != nil })
    return result
  }

  private func bound(_ result: ReplicationResult) -> [Double] {
    result.placements.map { $0.bound?.seconds ?? 0 }.sorted()
  }

  @Test("Stored ones change nothing but that the scheduler is told nothing")
  func stored() {
    let calm = run(scenario())
    #expect(calm.failures.unanswered == 0)
    let result = run(
      scenario {
        $0.unansweredBindings = 1
        $0.unansweredStored = 1
      })
    #expect(result.failures.unanswered == 20)
    #expect(bound(result) == bound(calm))
    #expect(result.usage.contains(.unansweredBindings))
    #expect(!calm.usage.contains(.unansweredBindings))
  }

  @Test("Lost ones are tried again when the scheduler has given them up, until one gets through")
  func lost() {
    let result = run(
      scenario {
        $0.unansweredBindings = 0.5
        $0.unansweredStored = 0
      })
    let lost = result.stageRecords.filter { $0.outcome == "unanswered" }
    #expect(lost.count == result.failures.unanswered && lost.count > 5)
    let first = bound(run(scenario()))[0]
    for pod in result.placements {
      let tries = lost.count { $0.pod == pod.pod }
      // Each costs the wait and a backoff of one to ten seconds with up to one more.
      let delay = (pod.bound?.seconds ?? 0) - first
      let least = Double(tries) * 31
      let most = Double(tries) * 41.1 + 0.1
      #expect(delay >= (tries == 0 ? 0 : least) && delay <= most, "\(tries): \(delay)")
    }
  }

  @Test("One that is late takes effect, and the second try meets a conflict", arguments: [2.0, 12])
  func late(seconds: Double) {
    var scenario = scenario { $0.bindTimeout = .seconds(1) }
    scenario.controlPlane.writeLatency = .constant(seconds)
    let result = run(scenario)
    #expect(result.failures.unanswered >= 20)
    if seconds == 2 { #expect(result.failures.unanswered == 20) }
    let calm = run(
      {
        var patient = scenario
        patient.scheduler.bindTimeout = .minutes(5)
        return patient
      }())
    #expect(calm.failures.unanswered == 0)
    #expect(bound(result) == bound(calm), "the first that was sent is stored")
  }

  @Test("What the API server got before it went down may be stored; what was sent later never is")
  func outage() throws {
    let calm = run(scenario())
    let chosen = try #require(calm.placements.first?.scheduled)
    for share in [0.0, 1] {
      var scenario = scenario { $0.unansweredStored = share }
      var fault = ScriptedFault(.apiServer)
      fault.at = chosen + .milliseconds(4) - .zero
      fault.lasting = .seconds(100)
      var plan = FaultPlan(name: "plan")
      plan.scripted = [fault]
      scenario.faults = [plan]
      let result = run(scenario)
      #expect(result.failures.unanswered >= 60, "given up every 30 s")
      let back = (chosen + .milliseconds(4)).seconds + 100
      #expect(bound(result).allSatisfy { $0 >= back && $0 < back + 0.001 })
      // The first binding of each, or the one that was waited for when the server came back.
      let sameNodes = zip(result.placements, calm.placements).count { $0.node == $1.node }
      #expect(share == 0 || sameNodes == 20)
    }
  }
}
