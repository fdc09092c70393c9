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

/// What a policy is shown of its workload's load: never how it is, always how the metrics pipeline
/// last served it.
///
/// With a kubelet's interval K, a resolution R, a delay d and independent phases, the first sample
/// of a Pod that ends after a change is served K/2 + R/2 + d after it on average.
@Suite struct BurstMetricsTests {
  /// Notes whatever it is shown; one run at a time.
  private final class Notebook: @unchecked Sendable { var sights: [BurstSight] = [] }
  private struct Noting: BurstPolicy {
    let notebook = Notebook()
    var readsMetrics = true
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      notebook.sights.append(sight)
      return .asWritten
    }
  }

  /// So many Pods of one core behind a Service whose requests take 100 ms of a core each: `from`, and
  /// from 300 s on `to` requests a second.
  private func scenario(
    _ policy: Noting, pods: Int32, from: Int, to: Int, isScaled: Bool = false
  ) -> Scenario {
    var scenario = PlainScenario.overflow(0, local: 12, at: .zero)
    scenario.profiles[0].serviceTime = .constant(0.1)
    scenario.profiles[0].concurrency = 4
    scenario.profiles[0].requests.cpu = .milliseconds(100)
    scenario.cluster.workloads[0].replicas = pods
    scenario.cluster.services = [
      Service(namespace: "default", name: "web", selector: ["app": "web"])
    ]
    var step = LoadProfile.Step()
    (step.at, step.from, step.to) = (.seconds(300), from, to)
    var load = LoadProfile(name: "visitors", target: "Service/web", shape: .step(step))
    load.drives = .requests
    scenario.loads = [load]
    let name = BurstPolicyName(rawValue: "noting")
    scenario.burst.policies.register(policy, as: name)
    scenario.burst.policy = name
    if isScaled {
      scenario.cluster.autoscalers = [
        HorizontalPodAutoscalerObject(
          name: "web",
          spec: HorizontalPodAutoscalerSpec(
            target: CrossVersionObjectReference(kind: "Deployment", name: "web"),
            minReplicas: pods, maxReplicas: 12,
            metrics: [.resource(name: "cpu", target: .averageUtilization(50))]))
      ]
    }
    return scenario
  }

  /// What the policy is shown after each event from 290 s to 350 s, and what the metrics API serves
  /// of the Pod at the same time.
  private func course(
    _ metrics: MetricsParameters, replication: Int
  ) -> [(sight: BurstSight, served: PodSample?, cores: Double)] {
    let policy = Noting()
    var scenario = scenario(policy, pods: 1, from: 2, to: 8)
    scenario.controlPlane.metrics = metrics
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(scenario, replication: replication, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    var course: [(sight: BurstSight, served: PodSample?, cores: Double)] = []
    while let event = agenda.next(notAfter: .seconds(350)) {
      cloud.handle(event, on: &agenda)
      guard agenda.now > .seconds(290), let pod = cloud.cluster.pod(slot: 0),
        let owner = pod.owner.flatMap({ cloud.cluster.workload($0) })
      else { continue }
      var burst = cloud.loops.burst
      policy.notebook.sights = []
      _ = burst.placement(forPod: 1, attempt: 0, of: owner, cloud.cluster, at: agenda.now)
      guard let sight = policy.notebook.sights.first else { continue }
      let sample = cloud.cluster.metrics.sample(of: pod.id)
      let nano = sample?.places.compactMap { cloud.cluster.metrics.usages[$0].cpuNano } ?? []
      course.append((sight, sample, Double(nano.reduce(0, +)) / 1e9))
    }
    return course
  }

  private func expectLaw(_ lags: [Double], _ metrics: MetricsParameters) {
    let k = metrics.kubeletInterval.seconds
    let r = metrics.resolution.seconds
    let d = metrics.delay.seconds
    let interval = ConfidenceInterval.mean(of: lags, confidence: 1 - 1e-6)
    #expect(interval?.contains(k / 2 + r / 2 + d) == true, "\(String(describing: interval))")
    #expect(lags.allSatisfy { $0 <= k + r + d + 0.5 && $0 >= d })
  }

  /// The lag's standard deviation is √(K² + R²)/√12 = 5.2 s, the mean of 40 runs one of 0.8 s: sights
  /// without the kubelet's interval or the resolution would be off by more than nine of them.
  @Test func `a step of the load shows by the pipeline's law, and not before`() {
    var metrics = MetricsParameters()
    metrics.delay = .seconds(2)
    var lags: [Double] = []
    for replication in 0..<40 {
      var hasShown = false
      for (sight, served, cores) in course(metrics, replication: replication) {
        guard let cpu = sight.metrics.cpuUtilization, let rate = sight.metrics.requestRate else {
          Issue.record("nothing served at \(sight.now.seconds) s")
          return
        }
        // What a HorizontalPodAutoscaler would read at the same instant, to the digit.
        #expect(cpu.value == cores && cpu.measuredAt == served?.timestamp)
        #expect(cpu.age(at: sight.now) >= metrics.delay)
        #expect(rate.age(at: sight.now) >= metrics.delay)
        // 2/s over a window of 30 s have a standard deviation of 0.26/s; the step is one of 6/s.
        if cpu.measuredAt <= .seconds(300) { #expect(cpu.value < 0.7) }
        if rate.measuredAt <= .seconds(300) { #expect(rate.value < 3.5) }
        if !hasShown, cpu.measuredAt > .seconds(300) {
          hasShown = true
          lags.append((sight.now - .seconds(300)).seconds)
        }
      }
    }
    #expect(lags.count == 40)
    expectLaw(lags, metrics)
    expectDetects("sights without the kubelets' interval") {
      var others = metrics
      others.kubeletInterval = .seconds(1)
      expectLaw(lags, others)
    }
    expectDetects("fresh sights") { expectLaw(lags.map { _ in 0.01 }, metrics) }
  }

  @Test func `in a whole run a policy is shown what has been served, as old as it is`() {
    let policy = Noting()
    let scenario = scenario(policy, pods: 2, from: 6, to: 36, isScaled: true)
    let metrics = scenario.controlPlane.metrics
    #expect(scenario.simulate().violation == nil)
    let sights = policy.notebook.sights
    let early = sights.filter { $0.now < .seconds(5) }
    #expect(!early.isEmpty && early.allSatisfy { $0.metrics == BurstMetrics() })
    let late = sights.filter { $0.now > .seconds(300) }
    #expect(!late.isEmpty)
    for sight in late {
      guard let cpu = sight.metrics.cpuUtilization, let rate = sight.metrics.requestRate,
        let latency = sight.metrics.latency
      else {
        Issue.record("nothing served at \(sight.now.seconds) s")
        continue
      }
      #expect(cpu.age(at: sight.now) >= metrics.delay)
      #expect(
        cpu.age(at: sight.now) <= metrics.kubeletInterval + metrics.resolution * 2 + metrics.delay)
      #expect(rate.age(at: sight.now) >= metrics.delay)
      #expect(rate.value > 3 && rate.value < 45 && latency.value >= 0.1)
    }
    // The autoscaler asks for more only where it has read that Pods are busy, and so has the policy.
    #expect(late.first?.metrics.cpuUtilization.map { $0.value > 0.5 } == true)
  }

  @Test func `a policy that reads no metrics makes none and is shown none`() {
    let reading = scenario(Noting(), pods: 2, from: 6, to: 36).simulate()
    let silent = Noting(readsMetrics: false)
    let without = scenario(silent, pods: 2, from: 6, to: 36).simulate()
    #expect(!silent.notebook.sights.isEmpty)
    #expect(silent.notebook.sights.allSatisfy { $0.metrics == BurstMetrics() })
    #expect(reading.usage.contains(.metrics) && !without.usage.contains(.metrics))
    #expect(reading.requests?.arrived == without.requests?.arrived)
  }
}
