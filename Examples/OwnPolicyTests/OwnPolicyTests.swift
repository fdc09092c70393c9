import Autoscaling
import CloudSimulation
import Quantities
import ScenarioFiles
import Testing

@testable import OwnPolicy

@Suite("Policies of one's own")
struct OwnPolicyTests {
  @Test("keep the laws")
  func keepTheLaws() {
    #expect(BurstPolicyLaws.faults(of: Patient()).map(\.description) == [])
    #expect(BurstPolicyLaws.faults(of: Alternating()).map(\.description) == [])
  }

  @Test("use the cloud once Pods were measured to be busy")
  func useMetrics() {
    func placement(_ utilization: Double?, age: TimeSpan = .seconds(30)) -> BurstPlacement {
      var sight = BurstSight(now: .zero + .minutes(10), own: 10)
      sight.metrics.cpuUtilization = utilization.map {
        BurstReading($0, measuredAt: sight.now - age)
      }
      return Patient().placement(of: BurstCandidate(ordinal: 10), seeing: sight)
    }
    #expect(placement(0.9) == .asWritten)
    #expect(placement(0.3) == .ownNodes)
    #expect(placement(nil) == .asWritten)
    #expect(placement(0.3, age: .minutes(5)) == .asWritten)
  }

  @Test("are told which law they break, and with which Pod")
  func areToldTheLaw() {
    let faults = BurstPolicyLaws.faults(of: FirstCome())
    #expect(faults.map(\.law) == [.order])
    #expect(faults.first?.description.hasPrefix("law 'order': place ") == true)
  }

  @Test("are named in a scenario like the others, and turned away there if they break a law")
  func areNamedInScenarios() throws {
    let text = """
      # Does it hold?
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: own}
      spec: {burst: {policy: POLICY}, serverlessPools: [{name: cloud}]}
      """
    func load(_ policy: String) throws -> LoadedScenario {
      var policies = Main.policies
      policies.register(FirstCome(), as: BurstPolicyName(rawValue: "firstCome"))
      return try ScenarioLoader.load(
        text: text.replacing("POLICY", with: policy), called: "own.yaml", policies: policies)
    }
    #expect(try load("patient").scenario.burst.policy.rawValue == "patient")
    let unknown = #expect(throws: InvalidInput.self) { try load("patent") }
    #expect(unknown?.diagnostics.first?.suggestion == "patient")
    #expect(
      unknown?.diagnostics.first?.expected?.hasSuffix("patient, alternating, firstCome") == true)
    let bad = #expect(throws: InvalidInput.self) { try load("firstCome") }
    #expect(bad?.diagnostics.first?.code == "broken-law")
  }
}

/// Lets the first five that it is asked about stay.
struct FirstCome: BurstPolicy {
  var asked = 0
  mutating func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
    asked += 1
    return asked <= 5 ? .ownNodes : .virtualNodes
  }
}
