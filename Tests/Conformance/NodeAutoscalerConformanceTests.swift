import Autoscaling
import ClusterModel
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@testable import Experiments

@Suite("The node autoscaler decides as the genuine Cluster Autoscaler did")
struct NodeAutoscalerConformanceTests {
  /// The recorded cases that come with the package, and the originals where they lie beside it.
  static let folders = [
    PackageFolder.path("Tests/Conformance/Golden/NodeAutoscaler"),
    SharedFolder.path("golden/cluster-autoscaler/vectors"),
  ].filter { FileManager.default.fileExists(atPath: $0) }

  @Sendable private static func read(_ text: String, _ start: String) throws -> ClusterObjects {
    try ManifestReader.clusterObjects(text: text, called: "set", start: start)
  }

  @Test("Every recorded loop, field by field", arguments: folders)
  func loops(folder: String) throws {
    let result = try NodeAutoscalerConformance.run(folder: folder, read: Self.read)
    #expect(result.summary == "27 passed, 0 failed, 0 skipped")
    for entry in result.cases {
      let failures = entry.failures.prefix(5).joined(separator: "\n")
      #expect(entry.failures.isEmpty, "\(entry.name): \(failures)")
    }
  }

  /// Exact rules flipped one at a time, each with a case that must notice.
  static let flips: [(String, String, @Sendable (inout NodeAutoscalerConfiguration) -> Void)] = [
    ("unneeded a second too short", "scaledown-00", { $0.unneededTime = .seconds(599) }),
    ("unneeded a second too long", "scaledown-00", { $0.unneededTime = .seconds(610) }),
    ("recheck", "scaledown-01", { $0.unremovableRecheck = .seconds(10) }),
    ("the delay after a scale-up", "lifecycle-00", { $0.delayAfterAdd = .seconds(601) }),
    ("drain parallelism", "scaledown-00", { $0.maxParallelDrains = 1 }),
    ("parallelism", "scaledown-05", { $0.maxParallelDeletions = 1 }),
    ("the threshold", "scaledown-00", { $0.utilizationThreshold = 0.2 }),
    ("DaemonSets' use", "scaledown-03", { $0.ignoresDaemonSetUtilization = false }),
    ("local storage", "scaledown-05", { $0.skipsNodesWithLocalStorage = false }),
    ("system Pods", "scaledown-03", { $0.skipsNodesWithSystemPods = false }),
    ("the time to register", "lifecycle-01", { $0.maxNodeProvisionTime = .seconds(890) }),
    ("the rest after a refusal", "lifecycle-02", { $0.initialBackoff = .zero }),
    ("the age of Pods", "lifecycle-03", { $0.newPodScaleUpDelay = .zero }),
    ("the expander", "scaleup-00", { $0.expanders = [.leastNodes, .leastWaste] }),
    ("the price of Pods", "scaleup-09", { $0.expanders = [.leastNodes, .leastWaste] }),
    ("priorities", "scaleup-04", { $0.priorities = [] }),
    ("balancing", "scaleup-11", { $0.balancesSimilarGroups = false }),
    ("the most nodes", "scaleup-11", { $0.maxNodesTotal = 0 }),
    ("the most cores", "scaleup-12", { $0.cores = 0...1000 }),
  ]

  @Test("A rule that is flipped shows", arguments: flips.indices)
  func flippedRule(index: Int) throws {
    let (name, vector, flip) = Self.flips[index]
    let path = "\(Self.folders[0])/\(vector).json"
    let data = try #require(FileManager.default.contents(atPath: path))
    let failures = try NodeAutoscalerConformance.differences(
      of: data, changing: flip, read: Self.read)
    #expect(!failures.isEmpty, "\(vector) doesn't notice \(name)")
  }
}

@Suite("The estimator needs as many nodes as the genuine one")
struct EstimatorBenchmarkTests {
  /// Measured with the genuine estimator; ±3 by run.
  static let nodes: [(pods: Int, limit: Int, expected: [Int])] = [
    (1000, .max, [475, 214, 104, 52, 480, 214, 107, 54, 467, 214]),
    (10_000, .max, [4750, 2134, 1033, 515, 4792, 2141, 1070, 552, 4667, 2134]),
  ]

  @Test("The published numbers of nodes", arguments: nodes.indices)
  func publishedNodes(index: Int) {
    let (pods, limit, expected) = Self.nodes[index]
    let outcomes = EstimatorBenchmark(pods: pods, limit: limit).run()
    for (outcome, wanted) in zip(outcomes, expected) {
      #expect(abs(outcome.nodes - wanted) <= 6, "\(outcome.shape): \(outcome.nodes)")
      #expect(outcome.pods == pods)
    }
  }

  @Test("The published numbers of Pods helped with at most 1000 nodes")
  func publishedPods() {
    let expected = [2000, 3500, 9000, 10_000, 2000, 3503, 8447, 10_000, 2000, 3000]
    for (outcome, wanted) in zip(EstimatorBenchmark().run(), expected) {
      #expect(abs(outcome.pods - wanted) <= 20, "\(outcome.shape): \(outcome.pods)")
    }
  }

  @Test("Amounts alone answer as every filter does", arguments: [7, 20, 33])
  func plainPath(controllers: Int) {
    let fast = EstimatorBenchmark(pods: 400, controllers: controllers, limit: 60)
    var plain = fast
    plain.scan = true
    let answers = fast.run()
    #expect(answers == plain.run())
  }
}
