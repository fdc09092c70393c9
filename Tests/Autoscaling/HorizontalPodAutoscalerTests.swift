import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Autoscaling

@Suite("HorizontalPodAutoscalers")
struct HorizontalPodAutoscalerTests {
  static let labels: Labels = ["app": "web"]

  /// A Deployment of four running Pods of 100 m each, two hours old.
  static func objects(
    autoscalers: [String] = ["web"], maxReplicas: Int32 = 20
  ) -> ClusterObjects {
    var objects = ClusterObjects()
    let template = PodTemplate(
      labels: labels,
      containers: [
        Container(name: "main", requests: ResourceList(cpuMilli: 100, memory: 1 << 30))
      ])
    var workload = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web", template: template)
    workload.selector = LabelSelector(matchLabels: labels)
    workload.replicas = 4
    objects.workloads = [workload]
    for number in 0..<4 {
      var pod = PodObject(name: "web-\(number)", template: template)
      pod.phase = .running
      pod.flags = [.ready]
      pod.created = .zero - .hours(2)
      pod.started = .zero - .hours(2)
      objects.pods.append(pod)
    }
    objects.autoscalers = autoscalers.map { name in
      HorizontalPodAutoscalerObject(
        name: name,
        spec: HorizontalPodAutoscalerSpec(
          target: CrossVersionObjectReference(kind: "Deployment", name: "web"),
          maxReplicas: maxReplicas,
          metrics: [.resource(name: "cpu", target: .averageUtilization(50))]))
    }
    return objects
  }

  /// Lets every Pod be served with so many thousandths of a core.
  static func serve(_ milli: Int64, in state: inout ClusterState, at now: Instant) {
    let container = state.metrics.containerNumber(of: "main")
    for slot in 0..<state.podSlotCount {
      guard let pod = state.pod(slot: slot) else { continue }
      state.metrics.setSample(
        of: pod.id, timestamp: now, window: .seconds(15),
        usages: [
          ContainerUsage(container: container, cpuNano: milli * 1_000_000, memory: 1 << 20)
        ])
    }
  }

  static func replicas(_ state: borrowing ClusterState) -> Int32 {
    state.workload(slot: 0)?.desired ?? -1
  }

  private func run(
    _ milli: Int64, objects: ClusterObjects = objects(), logCapacity: Int = 1 << 16,
    configuration: HorizontalPodAutoscalerConfiguration = HorizontalPodAutoscalerConfiguration(),
    until end: TimeSpan = .seconds(16)
  ) -> (replicas: Int32, issued: [MemoryAPI.Entry], reasons: [EventRecord.Reason]) {
    var api = MemoryAPI(objects, logCapacity: logCapacity)
    api.join(HorizontalPodAutoscalerController(configuration: configuration))
    api.change { Self.serve(milli, in: &$0, at: .zero) }
    api.run(until: .zero + end)
    let replicas = Self.replicas(api.state)
    return (replicas, api.issued, api.events.map(\.event.reason))
  }

  @Test("A ratio at an end of the tolerance changes nothing, one beyond it does")
  func tolerance() {
    #expect(run(55).replicas == 4)
    #expect(run(56).replicas == 5)
    #expect(run(45).replicas == 4)
    // Tolerances as a mutant would have them: without their ends.
    var exclusive = HorizontalPodAutoscalerConfiguration()
    exclusive.tolerance -= 1e-15
    expectDetects("a tolerance without its ends") {
      #expect(run(55, configuration: exclusive).replicas == 4)
    }
  }

  @Test("A percentage is cut off before it is compared")
  func truncatedPercentage() {
    // 55.75 % of the requests count as 55 %.
    var objects = Self.objects()
    for index in objects.pods.indices {
      objects.pods[index].template.containers[0].requests = ResourceList(
        cpuMilli: 400, memory: 1 << 30)
    }
    #expect(run(223, objects: objects).replicas == 4)
    #expect(run(224, objects: objects).replicas == 5)
  }

  @Test("The first sync comes a period after the start, the next a period after the last")
  func cadence() {
    var api = MemoryAPI(Self.objects())
    api.join(HorizontalPodAutoscalerController())
    api.change { Self.serve(100, in: &$0, at: .zero) }
    api.run(until: .zero + .seconds(15) - TimeSpan(nanoseconds: 1))
    var replicas = Self.replicas(api.state)
    #expect(replicas == 4)
    api.run(until: .zero + .seconds(15))
    replicas = Self.replicas(api.state)
    #expect(replicas == 8)
    let times = Set(api.issued.map(\.time))
    #expect(times == [.zero + .seconds(15)])
  }

  @Test("Autoscalers of a controller that has run for long are looked at all over the first period")
  func spread() {
    var objects = Self.objects()
    for number in 1..<40 {
      var other = objects.autoscalers[0]
      other.name = "other-\(number)"
      other.spec.target.name = "gone"
      objects.autoscalers.append(other)
    }
    var configuration = HorizontalPodAutoscalerConfiguration()
    configuration.firstSync = .spread
    let times = run(50, objects: objects, configuration: configuration, until: .seconds(15))
      .issued.map(\.time)
    #expect(Set(times).count >= 39)
    #expect(times.allSatisfy { $0 > .zero && $0 <= .zero + .seconds(15) })
  }

  @Test("Two autoscalers of the same Pods don't scale once both are known")
  func ambiguity() {
    let both = run(100, objects: Self.objects(autoscalers: ["a", "b"]), until: .seconds(31))
    #expect(both.reasons.contains(.ambiguousSelector))
    #expect(!run(100, until: .seconds(31)).reasons.contains(.ambiguousSelector))
  }

  @Test("Decisions are the same with a change log of one entry")
  func shortLog() {
    let long = run(100, until: .minutes(2))
    let short = run(100, logCapacity: 1, until: .minutes(2))
    #expect(long.issued == short.issued)
    #expect(long.issued.count >= 3)
  }

  @Test("A scale that changed in between is left alone, and the next sync tries again")
  func conflict() {
    var api = MemoryAPI(Self.objects())
    api.delays.call = .milliseconds(10)
    api.join(HorizontalPodAutoscalerController())
    api.change { Self.serve(100, in: &$0, at: .zero) }
    api.run(until: .zero + .seconds(15) + .milliseconds(5))
    api.change { state in
      if let id = state.workload(slot: 0)?.id { state.setDesired(id, 5) }
    }
    api.run(until: .zero + .seconds(16))
    var replicas = Self.replicas(api.state)
    #expect(replicas == 5)
    let conditions = api.state.autoscaler(slot: 0)?.status.conditions ?? []
    #expect(conditions.contains { $0.kind == .ableToScale && $0.reason == .failedUpdateScale })
    api.run(until: .zero + .seconds(32))
    replicas = Self.replicas(api.state)
    #expect(replicas == 8)
  }

  @Test("A Pod's CPU counts by its age, its readiness and its sample's, to the nanosecond")
  func readiness() throws {
    let calculator = ReplicaCalculator(configuration: HorizontalPodAutoscalerConfiguration())
    let tick = TimeSpan(nanoseconds: 1)
    func isUnready(
      age: TimeSpan, ready: Bool, since: TimeSpan, sampled: TimeSpan = .seconds(1000)
    ) throws -> Bool {
      var state = ClusterState()
      let id = state.add(PodObject(name: "web", template: PodTemplate()))
      let now = Instant.zero + .hours(1)
      state.setStarted(id, at: now - age)
      state.setReady(id, true, at: now - age + since)
      if !ready { state.setReady(id, false, at: now - age + since) }
      let record = state.pod(id)
      let pod = try #require(record)
      return calculator.isUnreadyForCPU(
        pod, timestamp: now - age + since + sampled, window: .seconds(15), at: now)
    }
    // Exactly five minutes old is old: its sample counts whatever its time.
    #expect(try !isUnready(age: .minutes(5), ready: true, since: .seconds(60), sampled: .zero))
    #expect(
      try isUnready(age: .minutes(5) - tick, ready: true, since: .seconds(60), sampled: .zero))
    // A sample that ends exactly a window after the Pod became ready counts.
    #expect(
      try !isUnready(age: .minutes(4), ready: true, since: .zero, sampled: .seconds(15)))
    #expect(
      try isUnready(age: .minutes(4), ready: true, since: .zero, sampled: .seconds(15) - tick))
    // One that lost its readiness exactly 30 s after its start has been ready.
    #expect(try !isUnready(age: .minutes(6), ready: false, since: .seconds(30)))
    #expect(try isUnready(age: .minutes(6), ready: false, since: .seconds(30) - tick))
  }
}
