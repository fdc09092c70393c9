import Autoscaling
import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("What a run records of its autoscalers is what they do when it is played again")
struct AutoscalerRecordingTests {
  private func record(_ scenario: Scenario, replications: Int, to folder: String) throws -> Int {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var options = ReplicationOptions()
    options.recordsAutoscalers = true
    var syncs = 0
    for replication in 0..<replications {
      let result = scenario.simulate(replication: replication, options: options)
      for recording in result.autoscalerRecordings {
        syncs += recording.steps.count
        try AutoscalerVectorText.json(recording, start: scenario.startAt).write(
          toFile: "\(folder)/\(AutoscalerVectorText.fileName(recording))", atomically: true,
          encoding: .utf8)
      }
    }
    return syncs
  }

  @Test("Every sync of hpa-lag, by the controller that ran and by others")
  func replays() throws {
    let folder = NSTemporaryDirectory() + "spillway-syncs"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loaded = try ScenarioLoader.load(paths: [PackageFolder.path("Scenarios/hpa-lag.yaml")])
    let syncs = try record(loaded.scenario, replications: 3, to: folder)
    #expect(syncs > 120)
    let cases = try AutoscalerConformance.run(folder: folder)
    #expect(cases.count == 3)
    for one in cases { #expect(one.failures.isEmpty, "\(one.name): \(one.failures.prefix(3))") }
    expectDetects("another initialisation period") {
      let others = try AutoscalerConformance.run(folder: folder) {
        $0.cpuInitializationPeriod = .zero
      }
      for one in others { #expect(one.failures.isEmpty) }
    }
  }

  @Test("Every sync of an autoscaler that follows requests, by Pods, Service and load")
  func requests() throws {
    let folder = NSTemporaryDirectory() + "spillway-request-syncs"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = PackageFolder.path("Scenarios/scaling-on-requests.yaml")
    var scenario = try ScenarioLoader.load(paths: [path]).scenario
    let selector = LabelSelector(matchLabels: ["namespace": "default", "service": "front"])
    let queue = MetricIdentifier(name: "queue_length", selector: selector)
    let service = CrossVersionObjectReference(apiVersion: "v1", kind: "Service", name: "front")
    scenario.cluster.autoscalers[0].spec.metrics += [
      .external(queue, target: .averageValue(milli: 8000)),
      .object(service, queue, target: .value(milli: 60_000)),
      .pods(queue, target: .averageValue(milli: 9000)),
      .external(MetricIdentifier(name: "load_level"), target: .averageValue(milli: 10_000)),
    ]
    let syncs = try record(scenario, replications: 2, to: folder)
    #expect(syncs > 80)
    let cases = try AutoscalerConformance.run(folder: folder)
    for one in cases { #expect(one.failures.isEmpty, "\(one.name): \(one.failures.prefix(3))") }
    expectDetects("another tolerance") {
      let others = try AutoscalerConformance.run(folder: folder) { $0.tolerance = 0.5 }
      for one in others { #expect(one.failures.isEmpty) }
    }
  }

  @Test("Recording changes nothing")
  func isSilent() throws {
    let loaded = try ScenarioLoader.load(paths: [PackageFolder.path("Scenarios/hpa-lag.yaml")])
    var options = ReplicationOptions()
    options.recordsAutoscalers = true
    let with = loaded.scenario.simulate(replication: 0, options: options)
    let without = loaded.scenario.simulate(replication: 0)
    #expect(with.events == without.events)
    #expect(with.scalings == without.scalings)
    #expect(without.autoscalerRecordings.isEmpty)
  }
}
