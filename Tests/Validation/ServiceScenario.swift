import CloudSimulation
import Quantities
import ScenarioFiles
import Statistics

/// A scenario file with one service whose Pods are all the same, and what its requests come to.
struct ServiceScenario {
  var pods = 1
  /// A course of requests, as a file would write it.
  var course = "diurnal: {base: 1, amplitude: 0}"
  var serviceTime = "exponential(mean: 1s)"
  var concurrency = 1
  var cpu = "0s"
  var limit = "1"
  var timeout = "never"
  /// More of what requests do, as a file would write it.
  var requests = ""
  var followedRate = "1000000/s"
  var duration = 22_000
  /// Requests count that arrive from here on, in seconds.
  var from = 2000
  /// Until so long before the end, in seconds.
  var tail = 500

  private var text: String {
    """
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata: {name: service}
    spec:
      duration: \(duration)s
      nodePools:
      - {name: rack, count: 10, allocatable: {cpu: "64", memory: 256Gi, pods: "500"}}
      profiles:
      - name: web
        serviceTime: "\(serviceTime)"
        concurrency: \(concurrency)
        startup: 1s
        requests: {cpu: \(cpu), timeout: \(timeout)\(requests)}
      load:
      - {name: users, target: Deployment/web, drives: requests, followedRate: \(followedRate), \(course)}
      claims:
      - {name: c, metric: latencyP50, below: 1h, from: \(from)s, to: \(duration - tail)s}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: \(pods)
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: server
            image: web:1
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: "\(limit)"}}
    """
  }

  /// What became of the window's requests, by replication.
  func run(seed: UInt64 = 1, replications: Int = 30) throws -> [RequestResult] {
    var scenario = try ScenarioLoader.load(text: text, called: "service.yaml").scenario
    scenario.seed = seed
    return (0..<replications).compactMap { replication in
      let result = scenario.simulate(replication: replication)
      return result.violation == nil ? result.bursts.first?.requests : nil
    }
  }

  /// Mean seconds from a request to its answer, by replication.
  static func means(_ results: [RequestResult]) -> [Double] {
    results.compactMap { $0.latencies.mean.map { $0 / 1e9 } }
  }

  /// Whether a value lies in Student's interval, which misses the truth once in a million times.
  static func covers(_ values: [Double], _ truth: Double) -> Bool {
    ConfidenceInterval.mean(of: values, confidence: 1 - 1e-6)?.contains(truth) ?? false
  }
}
