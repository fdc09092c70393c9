import Autoscaling
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

@Suite("From what happens to requests to what autoscalers are told")
struct RequestMonitorTests {
  private static let seen = DescribedObject(namespace: "default", kind: "Service", name: "web")
  private static let rate = MetricIdentifier(name: RequestMetric.rate.rawValue)

  /// Four serverless Pods behind a Service that gets `from`, from 300 s on `to` requests a second,
  /// each of which takes 100 ms.
  private func scenario(
    _ metrics: [MetricSpec], from: Int = 40, to: Int = 40, replicas: Int32 = 4
  ) -> Scenario {
    var scenario = PlainScenario.serverless(0, at: .zero)
    scenario.duration = .minutes(10)
    scenario.profiles[0].serviceTime = .constant(0.1)
    scenario.profiles[0].requests.cpu = .milliseconds(50)
    scenario.cluster.workloads[0].replicas = replicas
    scenario.cluster.services = [
      Service(namespace: "default", name: "web", selector: ["app": "web"])
    ]
    var step = LoadProfile.Step()
    step.at = .seconds(300)
    step.from = from
    step.to = to
    var load = LoadProfile(name: "visitors", target: "Service/web", shape: .step(step))
    load.drives = .requests
    scenario.loads = [load]
    scenario.cluster.autoscalers = [
      HorizontalPodAutoscalerObject(
        name: "web",
        spec: HorizontalPodAutoscalerSpec(
          target: CrossVersionObjectReference(kind: "Deployment", name: "web"),
          minReplicas: replicas, maxReplicas: 10, metrics: metrics))
    ]
    return scenario
  }

  /// What is served at the end of five minutes, given to a closure.
  private func afterFiveMinutes<Result>(
    _ scenario: Scenario, _ look: (ServedMetrics, [PodID]) -> Result
  ) -> Result {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(scenario, replication: 0, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    while let event = agenda.next(notAfter: .seconds(300)) { cloud.handle(event, on: &agenda) }
    var pods: [PodID] = []
    for slot in 0..<cloud.cluster.podSlotCount {
      if let id = cloud.cluster.pod(slot: slot)?.id { pods.append(id) }
    }
    return look(cloud.cluster.metrics, pods)
  }

  /// At 10/s a Pod's count over 45 s has a standard deviation of 21, its rate one of 0.47/s, four
  /// Pods' mean one of 0.24/s: a rate that counted twice would be off by 40 of them.
  @Test("Each Pod's rate is its part of the load's, and the Service's is the sum")
  func rates() {
    let metrics: [MetricSpec] = [
      .pods(Self.rate, target: .averageValue(milli: 1_000_000)),
      .object(
        CrossVersionObjectReference(kind: "Service", name: "web"), Self.rate,
        target: .value(milli: 1_000_000)),
      .external(Self.rate, target: .value(milli: 1_000_000)),
    ]
    let (perPod, sum, external) = afterFiveMinutes(scenario(metrics)) { served, pods in
      let number = served.customNumber(of: Self.rate)!
      return (
        pods.compactMap { served.value(ofCustom: number, for: $0)?.milli },
        served.value(ofCustom: number, for: Self.seen)?.milli ?? 0,
        served.externalSeries(of: Self.rate)
      )
    }
    #expect(perPod.count == 4)
    #expect(perPod.allSatisfy { abs($0 - 10_000) < 3_000 })
    #expect(abs(perPod.reduce(0, +) - sum) <= 4)
    #expect(abs(sum - 40_000) < 5_000)
    #expect(external.map(\.labels) == [["namespace": "default", "service": "web"]])
    #expect(external.map(\.value.milli) == [sum])
  }

  @Test("A selector that no series matches finds none")
  func selectors() {
    let other = MetricIdentifier(
      name: "queue_length", selector: LabelSelector(matchLabels: ["service": "shop"]))
    let own = MetricIdentifier(
      name: "queue_length", selector: LabelSelector(matchLabels: ["service": "web"]))
    let metrics: [MetricSpec] = [
      .pods(other, target: .averageValue(milli: 1000)),
      .pods(own, target: .averageValue(milli: 1000)),
      .external(own, target: .averageValue(milli: 1000)),
    ]
    afterFiveMinutes(scenario(metrics)) { served, pods in
      #expect(served.customNumber(of: other) == nil)
      #expect(served.customNumber(of: own) != nil)
      #expect(served.externalSeries(of: other).isEmpty)
      #expect(served.externalSeries(of: own).count == 1)
    }
  }

  @Test("The 95th percentile of the latency is that of a Pod that nobody waits in")
  func latency() {
    let identifier = MetricIdentifier(name: RequestMetric.latency.rawValue)
    let metrics: [MetricSpec] = [.external(identifier, target: .value(milli: 1_000_000))]
    afterFiveMinutes(scenario(metrics)) { served, _ in
      // 100 ms in a bucket that is off by 0.8 %, rounded up to a thousandth.
      let milli = served.externalSeries(of: identifier).first?.value.milli ?? 0
      #expect((100...102).contains(milli))
    }
  }

  /// Seconds from the step until what the load asks for is served, by replication.
  private func lags(_ metrics: MetricsParameters) -> [Double] {
    let identifier = MetricIdentifier(name: RequestMetric.loadLevel.rawValue)
    var scenario = scenario(
      [.external(identifier, target: .value(milli: 1_000_000))], from: 1, to: 2, replicas: 1)
    scenario.controlPlane.metrics = metrics
    return (0..<60).compactMap { replication in
      var agenda = EventList<CloudEvent>()
      var cloud = HybridCloud(
        scenario, replication: replication, options: ReplicationOptions())
      cloud.begin(on: &agenda)
      while let event = agenda.next(notAfter: .seconds(600)) {
        cloud.handle(event, on: &agenda)
        guard case .serve = event else { continue }
        let series = cloud.cluster.metrics.externalSeries(of: identifier)
        if series.first?.value.milli == 2000 { return (agenda.now - .seconds(300)).seconds }
      }
      return nil
    }
  }

  private func expectLaw(_ lags: [Double], _ metrics: MetricsParameters) {
    let (r, d) = (metrics.resolution.seconds, metrics.delay.seconds)
    let interval = ConfidenceInterval.mean(of: lags, confidence: 1 - 1e-6)
    #expect(interval?.contains(r / 2 + d) == true, "\(String(describing: interval))")
    #expect(lags.allSatisfy { $0 <= r + d + 1e-9 && $0 >= d })
  }

  /// The mean of 60 lags, evenly distributed over R, has a standard deviation of R/27: a law that
  /// takes 15 s for 60 s is off by ten of them.
  @Test("What is served of a level is half a resolution and the delay old, on average")
  func lag() {
    var metrics = MetricsParameters()
    metrics.resolution = .seconds(60)
    let slow = lags(metrics)
    #expect(slow.count == 60)
    expectLaw(slow, metrics)
    expectDetects("a resolution of 15 s") { expectLaw(slow, MetricsParameters()) }
  }

  /// 75/s over 15 s have a standard deviation of 3 %, a third of the autoscaler's tolerance.
  @Test("An autoscaler that follows requests asks for what they need")
  func scales() {
    let metrics: [MetricSpec] = [.pods(Self.rate, target: .averageValue(milli: 10_000))]
    var scenario = scenario(metrics, from: 20, to: 75, replicas: 2)
    scenario.cluster.autoscalers[0].spec.maxReplicas = 20
    // Two looks, so that no Pod is taken for as busy as it was before others came.
    scenario.controlPlane.metrics.rateWindow = .seconds(15)
    let result = scenario.simulate()
    let last = result.scalings.last
    #expect(last.map { (7...9).contains($0.to) } == true, "\(String(describing: last))")
    #expect(result.scalings.first?.reason == "pods metric http_requests_per_second above target")
    #expect(result.usage.contains(.requestMetrics))
    let reasons = result.conditions.filter { $0.kind == .scalingActive }.map(\.reason)
    #expect(reasons == [.failedGetPodsMetric, .validMetricFound])
    #expect(
      result.conditions.first { $0.reason == .failedGetPodsMetric }?.message
        == "the HPA was unable to compute the replica count: no metrics returned from custom "
        + "metrics API")
  }

  @Test("A metric that nobody serves leaves scaling inactive for the whole run")
  func unknown() {
    let metrics: [MetricSpec] = [
      .external(MetricIdentifier(name: "nothere"), target: .value(milli: 1000))
    ]
    let result = scenario(metrics).simulate()
    #expect(result.scalings.isEmpty)
    let active = result.conditions.filter { $0.kind == .scalingActive }
    #expect(active.map(\.isTrue) == [false])
    #expect(active.map(\.reason) == [.failedGetExternalMetric])
  }

  @Test("Without autoscalers that follow requests nobody looks at them")
  func idle() {
    var scenario = scenario([.resource(name: "cpu", target: .averageUtilization(500))])
    let without = scenario.simulate()
    #expect(!without.usage.contains(.requestMetrics))
    scenario.controlPlane.metrics.rateWindow = .seconds(15)
    #expect(scenario.simulate().events == without.events)
  }

  @Test("A learner of a load of requests is told their rate")
  func learner() {
    var scenario = scenario([.resource(name: "cpu", target: .averageUtilization(500))])
    scenario.cluster.autoscalers = []
    scenario.predictiveScalers = [PredictiveScaler(name: "learner")]
    scenario.predictiveScalers[0].target = "Deployment/web"
    scenario.predictiveScalers[0].perReplica = 5
    let level = afterFiveMinutes(scenario) { served, _ in
      served.externalSeries(of: MetricIdentifier(name: "load")).map(\.value.milli)
    }
    #expect(level == [40_000])
  }
}
