import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import ScenarioFiles
import Statistics
import TestSupport
import Testing

@Suite("Published manifests")
struct PublishedInputTests {
  @Test(
    "of k8s-sims are a bare dump of nodes and pending Pods",
    .enabled(if: SharedFolder.has("data/k8s-sims-big")),
    arguments: [(nodes: 100, pods: 1067), (500, 4774)])
  func readsKubernetesSimulators(size: (nodes: Int, pods: Int)) throws {
    let folder = SharedFolder.path("data/k8s-sims-big")
    let loaded = try ScenarioLoader.load(paths: [
      "\(folder)/nodes-\(size.nodes).yaml", "\(folder)/pods-\(size.nodes).yaml",
    ])
    let cluster = loaded.scenario.cluster
    #expect(loaded.scenario.isBareDump)
    #expect(cluster.nodes.count == size.nodes)
    #expect(cluster.pods.count == size.pods)
    #expect(cluster.nodes[0].allocatable.cpu == 64_000)
    #expect(cluster.pods[0].template.requests.cpu == 12_000)
    let pods = try #require(loaded.input.first { $0.kind == "Pod" })
    #expect(pods.objects == size.pods)
    #expect(pods.unsupported == 0)
  }

  @Test(
    "of the online boutique have their workloads and services",
    .enabled(if: SharedFolder.has("data/manifests-online-boutique")))
  func readsOnlineBoutique() throws {
    let file = SharedFolder.path("data/manifests-online-boutique/kubernetes-manifests.yaml")
    let loaded = try ScenarioLoader.load(paths: [file])
    let cluster = loaded.scenario.cluster
    #expect(cluster.workloads.count { $0.kind == .deployment } == 12)
    #expect(cluster.services.count >= 12)
    let frontend = try #require(cluster.workloads.first { $0.name == "frontend" })
    #expect(frontend.template.requests.cpu == 100)
    #expect(frontend.template.containers[0].readinessProbe?.initialDelaySeconds == 10)
  }

  @Test(
    "of open-simulator are read from folders",
    .enabled(if: SharedFolder.has("data/manifests-open-simulator")))
  func readsOpenSimulator() throws {
    let folder = SharedFolder.path("data/manifests-open-simulator")
    let nodes = ["master-1", "master-2", "master-3", "worker-1"].map {
      "\(folder)/cluster/demo_1/nodes/\($0).yaml"
    }
    let loaded = try ScenarioLoader.load(
      paths: nodes + [
        "\(folder)/application/simple", "\(folder)/cluster/demo_1/manifests",
        "\(folder)/cluster/demo_1/kube-proxy-worker.yaml",
      ])
    let cluster = loaded.scenario.cluster
    #expect(cluster.nodes.count == 4)
    #expect(Set(cluster.workloads.map(\.kind)).count >= 5)
    #expect(cluster.pods.contains { $0.name.hasPrefix("etcd") })
  }

  @Test(
    "of the scheduler's vectors are read object by object",
    .enabled(if: SharedFolder.has("golden/scheduler/vectors")))
  func readsVectors() throws {
    let folder = SharedFolder.path("golden/scheduler/vectors")
    let inputs = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".input.json") }.sorted()
    #expect(inputs.count == 61)
    for input in inputs {
      let cluster = try ManifestReader.clusterObjects(
        file: "\(folder)/\(input)", keepsTerminating: true)
      #expect(!cluster.pods.isEmpty, "\(input)")
    }
    let terminating = try ManifestReader.clusterObjects(
      file: "\(folder)/a36-preempt-terminating.input.json", keepsTerminating: true)
    #expect(terminating.pods.contains { $0.flags.contains(.terminating) })
  }

  @Test(
    "of Kubernetes' examples name the Pods that a claim touches",
    .enabled(if: SharedFolder.has("data/manifests-kubernetes-examples")))
  func readsExamples() throws {
    let loaded = try ScenarioLoader.load(paths: [
      SharedFolder.path("data/manifests-kubernetes-examples")
    ])
    let sets = try #require(loaded.input.first { $0.kind == "StatefulSet" })
    #expect(sets.podsTouched == ["StatefulSet/default/cassandra"])
    #expect(sets.unsupported == 1)
  }
}
