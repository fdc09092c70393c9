import Autoscaling
import CloudSimulation
import ClusterModel
import Foundation
import Probability
import Quantities
import ScenarioFiles
import TestSupport
import Testing
import Workloads

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

  @Test("A refused write is recorded, and what comes after it as well")
  func refusals() throws {
    let folder = NSTemporaryDirectory() + "spillway-refused-syncs"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var scenario = try ScenarioLoader.load(
      paths: [PackageFolder.path("Scenarios/hpa-lag.yaml")]
    ).scenario
    // Somebody else sets the scale every few seconds, while writes are slow.
    scenario.controlPlane.writeLatency = .constant(4)
    var crowd = LoadProfile.FlashCrowd()
    (crowd.at, crowd.from, crowd.peak) = (.minutes(1), 5, 60)
    (crowd.rise, crowd.hold, crowd.decay) = (.minutes(3), .seconds(1), .minutes(3))
    scenario.loads.append(
      LoadProfile(name: "hand", target: "Deployment/checkout", shape: .flashCrowd(crowd)))
    let syncs = try record(scenario, replications: 1, to: folder)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    let refused = text.ranges(of: "FailedRescale").count
    #expect(refused > 0 && syncs > refused)
    #expect(text.ranges(of: "\"scale\": \"the API server refused the write\"").count == refused)
    let cases = try AutoscalerConformance.run(folder: folder)
    for one in cases { #expect(one.failures.isEmpty, "\(one.name): \(one.failures.prefix(3))") }
    expectDetects("an API server that takes every write") {
      let taken = text.replacing("\"scale\": \"the API server", with: "\"x\": \"the API server")
      try? taken.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      let others = try AutoscalerConformance.run(folder: folder)
      for one in others { #expect(one.failures.isEmpty) }
    }
  }

  /// What each path of a JSON value holds: `controller.tolerance` a number, `steps[].time` a text.
  private func shape(_ value: Any, _ path: String = "") -> Set<String> {
    switch value {
    case let members as [String: Any]:
      members.reduce(into: []) { $0.formUnion(shape($1.value, "\(path).\($1.key)")) }
    case let elements as [Any]:
      elements.reduce(into: ["\(path) list"]) { $0.formUnion(shape($1, "\(path)[]")) }
    case is String: ["\(path) text"]
    case is NSNumber: ["\(path) number"]
    default: []
    }
  }

  @Test("A recording has the fields and types of the genuine controller's cases")
  func types() throws {
    let folder = NSTemporaryDirectory() + "spillway-sync-types"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loaded = try ScenarioLoader.load(paths: [PackageFolder.path("Scenarios/hpa-lag.yaml")])
    _ = try record(loaded.scenario, replications: 1, to: folder)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
    let found = shape(try JSONSerialization.jsonObject(with: data))
    let status = ".steps[].expected.status"
    let wanted: Set = [
      ".controller.tolerance number", ".controller.syncPeriodSeconds number",
      ".controller.downscaleStabilizationSeconds number",
      ".controller.cpuInitializationPeriodSeconds number",
      ".controller.initialReadinessDelaySeconds number", ".steps[].scale.spec.replicas number",
      ".steps[].expected.proposals[].replicas number", ".steps[].expected.proposals[].name text",
      "\(status).currentMetrics[].resource.name text",
      "\(status).currentMetrics[].resource.current.averageUtilization number",
      "\(status).currentMetrics[].resource.current.averageValue text",
      "\(status).conditions[].lastTransitionTime text", "\(status).lastScaleTime text",
    ]
    #expect(found.isSuperset(of: wanted), "\(wanted.subtracting(found))")
    #expect(!found.contains(".controller.tolerance text"))
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
