import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@testable import CloudSimulation

/// The lag between what Pods use and what is served, as an outcome of a run.
///
/// With a kubelet's interval K, a resolution R, a delay d and independent phases, the first sample
/// that ends after a change is served K/2 + R/2 + d after it on average, at most K + R + d.
@Suite("The lag of a metric")
struct MetricsLagTests {
  /// Seconds from 300 s on, when the Pod has long been running, until a sample is served that ends
  /// after that instant; by replication.
  private func lags(_ metrics: MetricsParameters, replications: Int = 60) -> [Double] {
    var scenario = PlainScenario.serverless(1, at: .seconds(200))
    scenario.controlPlane.metrics = metrics
    scenario.loads = []
    scenario.cluster.workloads[0].replicas = 1
    scenario.cluster.autoscalers = [
      HorizontalPodAutoscalerObject(
        namespace: "default", name: "web",
        spec: HorizontalPodAutoscalerSpec(
          target: CrossVersionObjectReference(kind: "Deployment", name: "web"), maxReplicas: 10))
    ]
    var lags: [Double] = []
    for replication in 0..<replications {
      var agenda = EventList<CloudEvent>()
      var cloud = HybridCloud(
        scenario, replication: replication, options: ReplicationOptions())
      cloud.begin(on: &agenda)
      while let event = agenda.next(notAfter: .seconds(600)) {
        cloud.handle(event, on: &agenda)
        guard case .serve = event, let pod = cloud.cluster.pod(slot: 0), pod.isReady,
          let sample = cloud.cluster.metrics.sample(of: pod.id)
        else { continue }
        guard sample.timestamp > .seconds(300) else { continue }
        lags.append((agenda.now - .seconds(300)).seconds)
        break
      }
    }
    return lags
  }

  private func expectLaw(_ lags: [Double], _ metrics: MetricsParameters) {
    let k = metrics.kubeletInterval.seconds
    let r = metrics.resolution.seconds
    let d = metrics.delay.seconds
    let interval = ConfidenceInterval.mean(of: lags, confidence: 1 - 1e-6)
    #expect(interval?.contains(k / 2 + r / 2 + d) == true, "\(String(describing: interval))")
    #expect(lags.allSatisfy { $0 <= k + r + d + 1e-9 && $0 >= d })
  }

  /// The lag of a run has a standard deviation of √(K² + R²)/√12: 5.2 s at 15 s, 17.6 s at 60 s, the
  /// mean of 60 runs 0.67 and 2.3 s. A law that forgets half of R = 60 s is off by 13 of the latter.
  @Test("It is half a kubelet's interval, half a resolution and the delay, on average")
  func law() {
    var metrics = MetricsParameters()
    let lags15 = lags(metrics)
    #expect(lags15.count == 60)
    expectLaw(lags15, metrics)
    metrics.resolution = .seconds(60)
    let lags60 = lags(metrics)
    expectLaw(lags60, metrics)
    expectDetects("a resolution of 15 s") { expectLaw(lags60, MetricsParameters()) }
    metrics.delay = .seconds(10)
    metrics.kubeletInterval = .seconds(30)
    expectLaw(lags(metrics), metrics)
  }

  @Test("Where nobody reads metrics none are made")
  func idle() {
    var scenario = PlainScenario.serverless(1)
    let without = scenario.simulate()
    scenario.controlPlane.metrics.resolution = .seconds(1)
    #expect(scenario.simulate().events == without.events)
  }
}
