import Autoscaling
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("HorizontalPodAutoscalers are synced as by Kubernetes v1.36's controller")
struct AutoscalerConformanceTests {
  /// The recorded cases that come with the package, stripped of texts, and the originals where they
  /// lie beside it.
  static let own = PackageFolder.path("Tests/Conformance/Golden/HorizontalPodAutoscaler")
  static let folders = [own, SharedFolder.path("golden/hpa/vectors")]
    .filter { FileManager.default.fileExists(atPath: $0) }

  @Test("Every recorded sync, field by field", arguments: folders)
  func syncs(folder: String) throws {
    let cases = try AutoscalerConformance.run(folder: folder)
    #expect(cases.count == (folder == Self.own ? 34 : 60))
    for one in cases {
      let failures = one.failures.prefix(5).joined(separator: "\n")
      #expect(one.failures.isEmpty, "\(one.name): \(failures)")
    }
  }

  /// Rules flipped one at a time. A bound moved by the smallest step turns a comparison that includes
  /// it into one that doesn't, or the other way round.
  static let flips: [(String, @Sendable (inout HorizontalPodAutoscalerConfiguration) -> Void)] = [
    ("the ends of the tolerance count", { $0.tolerance -= 1e-15 }),
    (
      "a recommendation as old as the window counts",
      { $0.downscaleStabilization = $0.downscaleStabilization - TimeSpan(nanoseconds: 1) }
    ),
    ("the tolerance", { $0.tolerance = 0.2 }),
    ("the downscale window", { $0.downscaleStabilization = .seconds(60) }),
    ("the initialisation period", { $0.cpuInitializationPeriod = .zero }),
    ("the delay of readiness", { $0.initialReadinessDelay = .zero }),
  ]

  @Test("A rule that is flipped shows", arguments: flips.indices)
  func flippedRule(index: Int) throws {
    let (name, flip) = Self.flips[index]
    let cases = try AutoscalerConformance.run(folder: Self.own, change: flip)
    #expect(cases.contains { !$0.failures.isEmpty }, "no case notices \(name)")
  }

  /// What is changed in a record, and the field that must differ for it.
  static let changes: [(from: String, to: String, field: String)] = [
    (#""rescaled":false"#, #""rescaled":true"#, "rescaled"),
    (#""reason":"ValidMetricFound""#, #""reason":"ScalingDisabled""#, "status.conditions"),
    (
      #""averageUtilization":50}}}],"conditions"#, #""averageUtilization":51}}}],"conditions"#,
      "status.currentMetrics"
    ),
    (#""currentReplicas":"#, #""currentReplicas":9"#, "status.currentReplicas"),
    (#""desiredReplicas":"#, #""desiredReplicas":9"#, "status.desiredReplicas"),
    (
      #""proposals":[{"metric":0,"replicas":"#, #""proposals":[{"metric":0,"replicas":9"#,
      "proposals"
    ),
    (#""reason":"SuccessfulRescale"}"#, #""reason":"FailedRescale"}"#, "events"),
    (#""lastScaleTime":"2026-"#, #""lastScaleTime":"2025-"#, "status.lastScaleTime"),
  ]

  @Test("Every field of a record is compared", arguments: changes.indices)
  func comparedFields(index: Int) throws {
    let change = Self.changes[index]
    let text =
      try String(
        contentsOfFile: "\(Self.own)/edge-tolerance-boundary.json", encoding: .utf8)
      + (try String(contentsOfFile: "\(Self.own)/edge-policy-periods.json", encoding: .utf8))
    let folder = NSTemporaryDirectory() + "spillway-records-\(index)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Steps hold what the user submitted before what is expected, so the last match is an
    // expectation.
    for (number, line) in text.split(separator: "\n").enumerated() {
      guard let range = line.range(of: change.from, options: .backwards) else { continue }
      try line.replacingCharacters(in: range, with: change.to)
        .write(toFile: "\(folder)/\(number).json", atomically: true, encoding: .utf8)
    }
    let cases = try AutoscalerConformance.run(folder: folder)
    #expect(!cases.isEmpty)
    for one in cases {
      #expect(one.failures.count == 1, "\(one.failures)")
      #expect(one.failures.first?.contains("].\(change.field):") ?? false, "\(one.failures)")
    }
  }

  @Test("A file that is no case is a failure with its reason")
  func unreadable() throws {
    let folder = NSTemporaryDirectory() + "spillway-no-records"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "{\"steps\": [}".write(toFile: "\(folder)/a.json", atomically: true, encoding: .utf8)
    try "{\"steps\": []}".write(toFile: "\(folder)/b.json", atomically: true, encoding: .utf8)
    let cases = try AutoscalerConformance.run(folder: folder)
    #expect(cases.map(\.failures.count) == [1, 1])
  }
}
