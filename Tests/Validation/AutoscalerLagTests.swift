import Autoscaling
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

/// The first scale-up follows a step of the load after what is left of a kubelet's interval, of the
/// metrics server's, a delay, and what is left of a sync period: on average half of each.
@Suite("How late an autoscaler is")
struct AutoscalerLagTests {
  static let step = TimeSpan.seconds(300)

  /// A service whose four Pods are nearly idle until a step of the load makes them busy.
  static func scenario(resolution: TimeSpan, syncPeriod: TimeSpan) -> Scenario {
    var scenario = Scenario(name: "lag")
    scenario.duration = step + .minutes(4)
    scenario.seed = 11
    scenario.nodePools = [NodePool(name: "rack")]
    scenario.nodePools[0].count = 4
    let labels: Labels = ["app": "web"]
    let template = PodTemplate(
      labels: labels,
      containers: [
        Container(
          name: "main", requests: ResourceList(cpuMilli: 250, memory: 1 << 28),
          limits: ResourceList(cpuMilli: 4000, memory: nil))
      ])
    var workload = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web", template: template)
    workload.selector = LabelSelector(matchLabels: labels)
    workload.replicas = 4
    scenario.cluster.workloads = [workload]
    scenario.cluster.services = [
      Service(namespace: "default", name: "web", selector: labels)
    ]
    scenario.cluster.autoscalers = [
      HorizontalPodAutoscalerObject(
        name: "web",
        spec: HorizontalPodAutoscalerSpec(
          target: CrossVersionObjectReference(kind: "Deployment", name: "web"), minReplicas: 4,
          maxReplicas: 40, metrics: [.resource(name: "cpu", target: .averageUtilization(10))]))
    ]
    var course = LoadProfile.Step()
    course.at = step
    course.from = 1
    course.to = 3000
    var load = LoadProfile(name: "users", target: "Service/web", shape: .step(course))
    load.drives = .requests
    scenario.loads = [load]
    scenario.controlPlane.metrics.resolution = resolution
    scenario.controlPlane.autoscaling.syncPeriod = syncPeriod
    scenario.controlPlane.autoscaling.firstSync = .spread
    return scenario
  }

  /// From the step to the first scale-up, in seconds, of some replications.
  private func lags(resolution: TimeSpan, syncPeriod: TimeSpan, count: Int) -> [Double] {
    let scenario = Self.scenario(resolution: resolution, syncPeriod: syncPeriod)
    return (0..<count).compactMap { replication in
      scenario.simulate(replication: replication).scalings
        .first { $0.to > $0.from && $0.at >= .zero + Self.step }
        .map { ($0.at - (.zero + Self.step)).seconds }
    }
  }

  /// Whether a sample's mean agrees with an expectation, within four standard errors.
  private func agrees(_ lags: [Double], with expected: Double) -> Bool {
    let mean = lags.reduce(0, +) / Double(lags.count)
    let variance = lags.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(lags.count - 1)
    return abs(mean - expected) < 4 * (variance / Double(lags.count)).squareRoot()
  }

  @Test("A longer scrape interval shifts the first scale-up by half of what it is longer")
  func resolutionShifts() {
    let parameters = Self.scenario(resolution: .seconds(15), syncPeriod: .seconds(15)).controlPlane
    let fixed =
      (parameters.metrics.kubeletInterval.seconds + 15) / 2 + parameters.metrics.delay.seconds
    let short = lags(resolution: .seconds(15), syncPeriod: .seconds(15), count: 60)
    let long = lags(resolution: .seconds(60), syncPeriod: .seconds(15), count: 60)
    #expect(short.count == 60 && long.count == 60)
    #expect(agrees(short, with: fixed + 7.5), "\(short)")
    #expect(agrees(long, with: fixed + 30), "\(long)")
    expectDetects("a scrape interval without effect") {
      #expect(agrees(long, with: fixed + 7.5))
    }
  }
}
