import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

@Suite("What Pods use and can serve at the end")
struct UseTests {
  /// Two Pods on machines of ten cores that get 20 requests a second of 50 ms CPU each.
  private func scenario(limit: Int64?) -> Scenario {
    var scenario = PlainScenario.overflow(0, local: 10)
    scenario.duration = .minutes(20)
    scenario.profiles[0].serviceTime = .exponential(mean: 0.1)
    scenario.profiles[0].concurrency = 8
    scenario.profiles[0].requests.cpu = .milliseconds(50)
    scenario.cluster.workloads[0].replicas = 2
    if let limit {
      scenario.cluster.workloads[0].template.containers[0].limits = ResourceList(
        cpuMilli: limit, memory: 1 << 30)
    }
    var step = LoadProfile.Step()
    step.from = 20
    step.to = 20
    var load = LoadProfile(name: "visitors", target: "Deployment/web", shape: .step(step))
    load.drives = .requests
    scenario.loads = [load]
    return scenario
  }

  /// One core of ten is used. 24,000 requests of exponential length spread that by √2/√24,000, 1 %:
  /// the profile's 0.3 of two requested cores, 0.06, is off by 40 of these.
  @Test("CPU is what requests took, not what the profile says of Pods without any")
  func ledger() {
    let used = scenario(limit: nil).simulate().utilisation.cpu ?? 0
    #expect(abs(used - 0.1) < 0.006, "\(used)")
    var quiet = scenario(limit: nil)
    quiet.loads = []
    #expect(quiet.simulate().utilisation.cpu == 0.06)
  }

  @Test("Capacity is the mean's, and the CPU limit's where that is less")
  func capacity() {
    #expect(scenario(limit: nil).simulate().serviceCapacity == 160)
    #expect(scenario(limit: 8000).simulate().serviceCapacity == 160)
    #expect(scenario(limit: 1000).simulate().serviceCapacity == 40)
  }
}
