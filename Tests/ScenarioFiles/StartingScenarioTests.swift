import CloudSimulation
import ClusterModel
import Foundation
import Infrastructure
import ScenarioFiles
import TestSupport
import Testing
import Workloads

@Suite("A scenario to start from")
struct StartingScenarioTests {
  private static let dump = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
    status: {allocatable: {cpu: "8", memory: 32Gi, pods: "110"}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: small, namespace: shop}
    spec:
      replicas: 2
      selector: {matchLabels: {app: small}}
      template: &template
        metadata: {labels: {app: small}}
        spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: scaled, namespace: shop}
    spec:
      replicas: 9
      selector: {matchLabels: {app: scaled}}
      template:
        metadata: {labels: {app: scaled}}
        spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: scaled, namespace: shop}
    spec:
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
      maxReplicas: 12
    """

  /// What is made for a dump, and that read together with it.
  private static func start(_ dump: String) throws -> (text: String, read: LoadedScenario) {
    try withTemporaryFolder { folder in
      let file = "\(folder)/dump.yaml"
      try Data(dump.utf8).write(to: URL(filePath: file))
      let made = try StartingScenario(
        ScenarioLoader.load(paths: [file]), includes: ["dump.yaml"])
      try Data(made.text.utf8).write(to: URL(filePath: "\(folder)/scenario.yaml"))
      return (made.text, try ScenarioLoader.load(paths: ["\(folder)/scenario.yaml"]))
    }
  }

  @Test("is read without a complaint, and doubles the largest workload that nothing scales")
  func isRead() throws {
    let (text, read) = try Self.start(Self.dump)
    #expect(read.warnings.isEmpty)
    #expect(read.scenario.cluster.nodes.count == 1 && read.scenario.cluster.workloads.count == 2)
    #expect(read.scenario.loads.map(\.target) == ["Deployment/shop/small"])
    #expect(read.scenario.claims.count == 1)
    #expect(text.contains("      to: 4\n"))
    #expect(text.contains("# 1 nodes of 8 cores, 32 GiB\n"))
    #expect(text.contains("Grade A: chosen, 1s–30s."), "comments come from the field tables")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("has machines where the dump has none, and no load where it has no workload")
  func isWhole() throws {
    let deployments = Self.dump.components(separatedBy: "\n---\n").dropFirst()
    let without = try Self.start(deployments.joined(separator: "\n---\n"))
    #expect(without.read.scenario.nodePools.map(\.count) == [3])
    let node = try Self.start(Self.dump.components(separatedBy: "\n---\n")[0])
    #expect(node.read.scenario.loads.isEmpty && node.read.scenario.claims.isEmpty)
  }

  @Test("isn't made of a scenario, or of nothing")
  func refuses() throws {
    let scenario = "apiVersion: spillway.sim/v1alpha1\nkind: Scenario\nmetadata: {name: x}\n"
    #expect(throws: StartingScenario.Problem.self) { try Self.start(scenario) }
    let nothing = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
    #expect(throws: StartingScenario.Problem.self) { try Self.start(nothing) }
  }
}
