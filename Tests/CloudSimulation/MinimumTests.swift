import Autoscaling
import ClusterModel
import Probability
import Quantities
import Testing
import Workloads

@testable import CloudSimulation

@Suite("A timetable above an autoscaler")
struct MinimumTests {
  /// An idle workload of two Pods whose timetable asks for `replicas` after five minutes, and for
  /// one after ten.
  private func scenario(_ replicas: Int32, max: Int32 = 10) throws -> Scenario {
    var scenario = PlainScenario.serverless(0, at: .zero)
    scenario.loads = []
    scenario.duration = .minutes(30)
    scenario.profiles[0].cpuUsed = .constant(0.8)
    scenario.cluster.workloads[0].replicas = 2
    scenario.cluster.autoscalers = [
      HorizontalPodAutoscalerObject(
        name: "web",
        spec: HorizontalPodAutoscalerSpec(
          target: CrossVersionObjectReference(kind: "Deployment", name: "web"), maxReplicas: max))
    ]
    scenario.cluster.cronScalers = [
      CronScaler(
        namespace: "default", name: "office",
        target: OwnerReference(kind: "Deployment", name: "web"),
        rules: [
          CronScaler.Rule(name: "up", schedule: try CronSchedule("5 0 * * *"), replicas: replicas),
          CronScaler.Rule(name: "down", schedule: try CronSchedule("10 0 * * *"), replicas: 1),
        ])
    ]
    // 2026-11-10 00:00.
    scenario.clockOrigin = 20_767 * 86_400
    return scenario
  }

  @Test("It raises the autoscaler's minimum, and the autoscaler scales to it")
  func raises() throws {
    let result = try scenario(6).simulate()
    let up = result.scalings.first
    #expect(up?.scaler == "HorizontalPodAutoscaler/web")
    #expect(up?.to == 6 && up?.from == 2)
    #expect(up?.reason == "Current number of replicas below Spec.MinReplicas")
    #expect(up.map { $0.at > .seconds(300) && $0.at < .seconds(316) } == true)
  }

  @Test("Below the minimum that was taken back it is the autoscaler again that decides")
  func takesBack() throws {
    // At 80 % of the requests, as every Pod uses, six stay six.
    let steady = try scenario(6).simulate()
    #expect(steady.scalings.count == 1)
    var idle = try scenario(6)
    idle.profiles[0].cpuUsed = .constant(0.1)
    let last = idle.simulate().scalings.last
    #expect(last?.to == 1)
    // Five minutes of stabilisation after the minimum was lowered.
    #expect(last.map { $0.at > .seconds(600) } == true)
  }

  @Test("A recording of the autoscaler tells its specification wherever it was changed")
  func recorded() throws {
    var options = ReplicationOptions()
    options.recordsAutoscalers = true
    let result = try scenario(6).simulate(replication: 0, options: options)
    let recording = try #require(result.autoscalerRecordings.first)
    #expect(recording.autoscaler.spec.minReplicas == 1)
    #expect(recording.steps.compactMap { $0.spec?.minReplicas } == [6, 1])
  }

  @Test("It can't raise the minimum above the maximum")
  func bounded() throws {
    #expect(try scenario(9, max: 4).simulate().scalings.first?.to == 4)
  }
}
