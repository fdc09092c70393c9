import ClusterModel
import Foundation
import ScenarioFiles
import Scheduling
import TestSupport
import Testing

@testable import Experiments

@Suite("The scheduler decides as the genuine kube-scheduler v1.36.2 did")
struct SchedulerConformanceTests {
  /// The recorded cases that come with the package, and the originals where they lie beside it.
  static let folders = [
    PackageFolder.path("Tests/Conformance/Golden/Scheduler"),
    SharedFolder.path("golden/scheduler/vectors"),
  ].filter { FileManager.default.fileExists(atPath: $0) }

  private static func read(_ file: String) throws -> ClusterObjects {
    try ManifestReader.clusterObjects(file: file, keepsTerminating: true)
  }

  @Test("Every recorded decision, field by field", arguments: folders, [false, true])
  func decisions(folder: String, scan: Bool) throws {
    let result = try SchedulerConformance.run(
      folder: folder, scan: scan, read: Self.read)
    #expect(result.cases.count == 61)
    #expect(result.summary == "61 passed, 0 failed, 0 skipped")
    for entry in result.cases {
      let failures = entry.failures.prefix(5).joined(separator: "\n")
      #expect(entry.failures.isEmpty, "\(entry.name): \(failures)")
    }
  }

  /// Exact rules flipped one at a time.
  static let flips: [(String, @Sendable (inout SchedulerConfiguration) -> Void)] = [
    ("TaintToleration's weight", { $0.profiles[0].weights.taintToleration = 1 }),
    ("NodeAffinity's weight", { $0.profiles[0].weights.nodeAffinity = 1 }),
    ("NodeResourcesFit's weight", { $0.profiles[0].weights.nodeResourcesFit = 2 }),
    ("PodTopologySpread's weight", { $0.profiles[0].weights.podTopologySpread = 1 }),
    ("InterPodAffinity's weight", { $0.profiles[0].weights.interPodAffinity = 1 }),
    ("BalancedAllocation's weight", { $0.profiles[0].weights.balancedAllocation = 2 }),
    ("ImageLocality's weight", { $0.profiles[0].weights.imageLocality = 2 }),
    ("the weight of required affinity", { $0.profiles[0].hardPodAffinityWeight = 2 }),
    ("the tie rule", { $0.tieRule = .heapOrder }),
  ]

  @Test("A rule that is flipped shows", arguments: flips.indices)
  func flippedRule(index: Int) throws {
    let (name, flip) = Self.flips[index]
    var configuration = SchedulerConformance.configuration(scan: false)
    flip(&configuration)
    let result = try SchedulerConformance.run(
      folder: Self.folders[0], configuration: configuration, read: Self.read)
    #expect(result.failed > 0, "no case notices \(name)")
  }

  @Test("A record or an input that can't be read fails its case, and the others are judged")
  func unreadable() throws {
    let folder = NSTemporaryDirectory() + "unreadable-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a", "b", "c"] {
      for part in ["input", "expected"] {
        try FileManager.default.copyItem(
          atPath: "\(Self.folders[0])/a30-preempt-criteria.\(part).json",
          toPath: "\(folder)/\(name).\(part).json")
      }
    }
    try Data("{\"decisions\": 7".utf8).write(to: URL(filePath: "\(folder)/a.expected.json"))
    try Data("{\"kind\": \"List\", \"items\": 7}".utf8)
      .write(to: URL(filePath: "\(folder)/b.input.json"))
    let result = try SchedulerConformance.run(folder: folder, scan: false, read: Self.read)
    #expect(result.summary == "1 passed, 2 failed, 0 skipped")
    #expect(result.cases[0].failures.first?.hasPrefix("a.expected.json can't be read") == true)
    #expect(result.cases[1].failures.first?.hasPrefix("b.input.json can't be read") == true)
  }

  @Test("Every field of a record is compared")
  func comparedFields() throws {
    let path = "\(Self.folders[0])/a30-preempt-criteria"
    let data = try Data(contentsOf: URL(filePath: "\(path).expected.json"))
    let vector = try JSONDecoder().decode(SchedulerVector.self, from: data)
    let objects = try Self.read("\(path).input.json")
    let configuration = SchedulerConformance.configuration(scan: false)
    let changes: [(inout SchedulerVector) -> Void] = [
      { $0.bindings["default/x"] = "n1" }, { $0.evicted.append("default/x") },
      { $0.pending.append("default/x") }, { $0.decisions.removeLast() },
      { $0.decisions[0].message = "" }, { $0.decisions[0].outcome = "gated" },
      { $0.decisions[0].infeasible?[0].count += 1 },
      { $0.decisions[0].preemption?.candidates?[0].victims = [] },
      { $0.decisions[0].preemption?.tiedNodes = [] },
      { $0.decisions[0].preemption?.status = "Error" },
      { $0.decisions[0].preemption?.candidateCount += 1 },
    ]
    for (place, change) in changes.enumerated() {
      var changed = vector
      change(&changed)
      let differences = SchedulerConformance.differences(of: objects, from: changed, configuration)
      #expect(differences.count == 1, "change \(place): \(differences)")
    }
  }
}
