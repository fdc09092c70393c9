import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("Kubernetes' objects")
struct NativeReadingTests {
  static func cluster(_ text: String, keepsTerminating: Bool = false) throws -> ClusterObjects {
    try ManifestReader.clusterObjects(
      text: text, called: "dump.yaml", keepsTerminating: keepsTerminating)
  }

  static func pod(_ name: String, metadata: String = "", spec: String = "", status: String = "")
    -> String
  {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: \(name)\(metadata)}
    spec: {containers: [{name: c, image: c}]\(spec)}
    status: {\(status)}
    ---

    """
  }

  @Test("that are finished or on their way out are left out, mirror Pods stay")
  func leavesOutFinished() throws {
    let text =
      Self.pod("done", status: "phase: Succeeded") + Self.pod("bad", status: "phase: Failed")
      + Self.pod("going", metadata: ", deletionTimestamp: 2026-01-01T00:00:00Z")
      + Self.pod(
        "mirror", metadata: ", annotations: {kubernetes.io/config.mirror: x}",
        spec: ", nodeName: n1", status: "phase: Running")
    #expect(try Self.cluster(text).pods.map(\.name) == ["mirror"])
    #expect(try Self.cluster(text).pods[0].flags == [.mirror])
    let kept = try Self.cluster(text, keepsTerminating: true)
    #expect(kept.pods.map(\.name) == ["going", "mirror"])
    #expect(kept.pods[0].flags == [.terminating])
  }

  @Test("hold the most of what is asked, set aside and in effect while they are resized")
  func resized() throws {
    func cpu(_ request: String, _ status: String, bound: Bool = true) throws -> Int64 {
      let text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          \(bound ? "nodeName: n" : "hostNetwork: false")
          containers: [{name: c, image: c, resources: {requests: {cpu: \(request)}}}]
        status: {\(status)}
        """
      return try Self.cluster(text).pods[0].template.requests.cpu
    }
    let larger = "containerStatuses: [{name: c, allocatedResources: {cpu: 3}}]"
    let actual = "containerStatuses: [{name: c, resources: {requests: {cpu: 1500m}}}]"
    let refused = ", conditions: [{type: PodResizePending, status: 'True', reason: Infeasible}]"
    #expect(try cpu("1", larger) == 3000)
    #expect(try cpu("1", actual) == 1500)
    #expect(try cpu("2", actual) == 2000)
    #expect(try cpu("3500m", actual + refused) == 1500)
    #expect(try cpu("3500m", "resize: Infeasible, " + actual) == 1500)
    #expect(try cpu("3500m", "containerStatuses: [{name: c}]" + refused) == 3500)
    #expect(try cpu("1", larger, bound: false) == 1000)
  }

  @Test("count time from the newest instant of a dump")
  func countsTime() throws {
    let text =
      Self.pod("old", metadata: ", creationTimestamp: 2026-01-01T00:00:00Z")
      + Self.pod(
        "new", metadata: ", creationTimestamp: 2026-01-01T00:01:00Z",
        status: "startTime: 2026-01-01T00:01:30Z")
    let pods = try Self.cluster(text).pods
    #expect(pods.map(\.created.seconds) == [-90, -30])
    #expect(pods[1].started == .zero)
  }

  @Test("get their requests from limits and from their namespace's ranges, if they are new")
  func getDefaults() throws {
    let range = """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: defaults}
      spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: 250m}}]}
      ---

      """
    func requests(_ metadata: String) throws -> Resources {
      let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p\(metadata)}
        spec: {containers: [{name: c, image: c, resources: {limits: {ephemeral-storage: 2Gi}}}]}
        """
      return try Self.cluster(range + pod).pods[0].template.requests
    }
    let new = try requests("")
    #expect(new.cpu == 250 && new.memory == 1 << 30 && new.ephemeralStorage == 2 << 30)
    let stored = try requests(", creationTimestamp: 2026-01-01T00:00:00Z")
    #expect(stored.cpu == 0 && stored.memory == 0 && stored.ephemeralStorage == 2 << 30)
  }

  @Test("get their priority from its class unless it is resolved already")
  func getPriority() throws {
    let classes = """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: high}
      value: 1000
      preemptionPolicy: Never
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: usual}
      value: 10
      globalDefault: true
      ---

      """
    let text =
      classes + Self.pod("a", spec: ", priorityClassName: high")
      + Self.pod("b", spec: ", priorityClassName: high, priority: 7") + Self.pod("c")
      + Self.pod("d", spec: ", priorityClassName: system-node-critical")
    let templates = try Self.cluster(text).pods.map(\.template)
    #expect(templates.map(\.priority) == [1000, 7, 10, 2_000_001_000])
    #expect(templates.map(\.neverPreempts) == [true, true, false, false])
  }

  @Test("have keys merged into their affinity as the API server does it")
  func mergesLabelKeys() throws {
    let text = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          spec:
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: zone
                  labelSelector: {matchLabels: {app: web}}
                  matchLabelKeys: [tier, absent]
                  mismatchLabelKeys: [tenant]
            containers: [{name: c, image: c}]
          metadata: {labels: {app: web, tier: front, tenant: a}}
      """
    let affinity = try Self.cluster(text).workloads[0].template.affinity
    #expect(
      affinity.requiredPodAntiAffinity[0].labelSelector?.matchExpressions == [
        SelectorRequirement(key: "tier", comparison: .isIn, values: ["front"]),
        SelectorRequirement(key: "tenant", comparison: .notIn, values: ["a"]),
      ])
  }

  @Test("claim ports of their node by hostPort, or all of them with the host's network")
  func claimsPorts() throws {
    let containers =
      "ports: [{containerPort: 80}, {containerPort: 53, hostPort: 5353, protocol: UDP}]"
    func ports(_ spec: String) throws -> [Int32] {
      let text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec: {containers: [{name: c, image: c, \(containers)}]\(spec)}
        """
      return try Self.cluster(text).pods[0].template.containers[0].hostPorts.map(\.port)
    }
    #expect(try ports("") == [5353])
    #expect(try ports(", hostNetwork: true") == [80, 5353])
  }

  @Test("that are Jobs go on where they stand, or are over")
  func continuesJobs() throws {
    func job(_ name: String, _ status: String) -> String {
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: \(name)}
      spec: {completions: 5, parallelism: 2, template: {spec: {containers: [{name: c, image: c}]}}}
      status: {\(status)}
      ---

      """
    }
    let text =
      job("half", "succeeded: 3")
      + job("over", "succeeded: 5, conditions: [{type: Complete, status: \"True\"}]")
    let jobs = try Self.cluster(text).workloads
    #expect(jobs.map(\.name) == ["half"])
    #expect(jobs[0].job.completions == 2)
  }

  @Test("without a status get the disruptions that the controller would allow")
  func allowsDisruptions() throws {
    let ready = "conditions: [{type: Ready, status: \"True\"}]"
    let pods = (0..<4).map {
      Self.pod("p\($0)", metadata: ", labels: {app: web}", status: $0 < 3 ? ready : "")
    }.joined()
    let budget = """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: b}
      spec: {selector: {matchLabels: {app: web}}, minAvailable: 50%}
      """
    #expect(try Self.cluster(pods + budget).disruptionBudgets[0].disruptionsAllowed == 1)
  }

  @Test("of kinds that nothing is known about are counted, and named in the caveats")
  func countsOthers() throws {
    let text = """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Secret, metadata: {name: a}}
      - {apiVersion: v1, kind: Secret, metadata: {name: b}}
      - {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: c}}
      """
    let loaded = try ScenarioLoader.load(text: text, called: "dump.yaml")
    #expect(loaded.caveats.contains { $0.contains("Secret (2), Service (1)") })
  }

  @Test("of several files and folders are one world, each file once")
  func readsFolders() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spillway-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: s}
      spec: {include: [b.yaml]}
      """
    try Self.pod("one").write(
      to: folder.appending(path: "b.yaml"), atomically: true, encoding: .utf8)
    try scenario.write(to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
    try "no manifest".write(
      to: folder.appending(path: "notes.txt"), atomically: true, encoding: .utf8)
    let path = folder.path(percentEncoded: false)
    let loaded = try ScenarioLoader.load(paths: [path, "\(path)/b.yaml"])
    #expect(loaded.scenario.cluster.pods.map(\.name) == ["one"])
    #expect(!loaded.scenario.isBareDump)
    try "spec: {include: [a.yaml]}".write(
      to: folder.appending(path: "b.yaml"), atomically: true, encoding: .utf8)
    let two = scenario.replacingOccurrences(of: "b.yaml", with: "a.yaml")
      .replacingOccurrences(of: "name: s", with: "name: t")
    try two.write(to: folder.appending(path: "b.yaml"), atomically: true, encoding: .utf8)
    let error = #expect(throws: InvalidInput.self) { try ScenarioLoader.load(paths: [path]) }
    let codes = error?.diagnostics.map(\.code) ?? []
    #expect(codes.contains("cyclic-include") && codes.contains("two-scenarios"))
    let cycle = error?.diagnostics.first { $0.code == "cyclic-include" }
    #expect(cycle?.message.contains("a.yaml → b.yaml → a.yaml") == true)
  }
}
