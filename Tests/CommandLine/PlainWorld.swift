import Foundation
import TestSupport

/// A burst of sixty Pods in which every stage takes a constant time and nothing is limited, to be
/// spoilt by tests.
enum PlainWorld {
  static let pods = 60

  /// What the Pod that is Ready last takes if nothing makes it wait, in seconds: six writes and six
  /// watches of the control plane and a read (the Deployment, the ReplicaSet, a failed attempt with
  /// its mark, the toleration, the binding, the status), then call, boot, address, containers and
  /// application; images come at once over lines without limits.
  static let latency = 7 * 0.008 + 6 * 0.01 + 0.5 + 5 + 1 + 0.7 + 3

  static let scenario = """
    # Does each limit bind when it is the only one?
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata: {name: plain}
    spec:
      duration: 20m
      sites:
      - name: idc
      - name: cloud
        serverless:
          preset: tke-eks
          subnets: [10.8.0.0/20]
          quota: {podsPerCluster: unlimited, podsPerWorkload: unlimited, podsPerRegion: unlimited}
          podsPerSecurityGroup: unlimited
          createWorkers: unlimited
          createRate: unlimited
          createBurst: 1
          callLatency: 500ms
          boot: 5s
          address: 1s
          containerStart: 700ms
          images: {diskReuse: false, pullRate: unlimited}
          clientQPS: unlimited
          clientBurst: 1
      nodePools:
      - {name: rack, site: idc, count: 1, allocatable: {cpu: "1", memory: 4Gi, pods: "10"}}
      controlPlane:
        writeLatency: 8ms
        watchDelay: 10ms
        endpointPropagation: 1s
        slowStart: false
        replicaSet: {qps: unlimited, burst: 1}
        deployment: {qps: unlimited, burst: 1}
        scheduler: {qps: unlimited, burst: 1}
        admission: {qps: unlimited, burst: 1}
        admissionWorkers: unlimited
      scheduler: {cycleTime: 0s}
      links:
      - {name: line, between: [idc, cloud], bandwidth: unlimited, rtt: 0s}
      profiles:
      - {name: constant, imageBytes: 150MB, startup: 3s}
      load:
      - {name: jump, target: Deployment/web, step: {at: 10s, from: 0, to: 60}}
      claims:
      - {name: fast, metric: sustained, sites: [cloud], above: 15/min}
      - {name: soon, metric: absorb, sites: [cloud], below: 10m}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 0
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: web
            image: web:1
            resources: {requests: {cpu: "2", memory: 1Gi}}
    """

  /// Gives a test the scenario as a file in a folder of its own.
  static func withFile<Value>(
    _ text: String = scenario, _ body: (_ file: String, _ folder: String) throws -> Value
  ) throws -> Value {
    try withTemporaryFolder { folder in
      let file = "\(folder)/plain.yaml"
      try Data(text.utf8).write(to: URL(filePath: file))
      return try body(file, folder)
    }
  }

  /// The scenario with another list of levers.
  static func with(levers: [String]) -> String {
    let lines = levers.map { "  - \($0)\n" }.joined()
    return scenario.replacingOccurrences(
      of: "\n---\n", with: "\n  levers:\n\(lines)---\n")
  }
}
