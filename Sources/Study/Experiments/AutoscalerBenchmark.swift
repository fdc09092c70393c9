import Autoscaling
import ClusterModel
import Quantities

/// The benchmark of HorizontalPodAutoscalers: many of them, each with a Deployment of its own, all
/// due at once.
///
/// It starts at API objects and ends at the writes of scales and statuses, whose answers come at
/// once. Each Deployment has Pods of 100 m whose use alternates, so that some are scaled.
public struct AutoscalerBenchmark: Hashable, Sendable {
  /// How many autoscalers.
  public var targets: Int
  /// How many Pods each target has.
  public var podsPerTarget: Int
  /// How many times each is looked at.
  public var rounds: Int

  /// A benchmark from its parts.
  public init(targets: Int = 10_000, podsPerTarget: Int = 4, rounds: Int = 10) {
    self.targets = max(1, targets)
    self.podsPerTarget = max(1, podsPerTarget)
    self.rounds = max(1, rounds)
  }

  /// What a run did.
  public struct Outcome: Hashable, Sendable {
    /// Scales written.
    public var scales = 0
    /// Statuses written.
    public var statuses = 0
    /// FNV-1a over every scale in order: the workload's slot and its replicas.
    public var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The outcome as benchmarks report theirs.
    /// - Parameter seconds: what the controller took in all, in seconds of CPU.
    public func result(of benchmark: AutoscalerBenchmark, seconds: Double) -> BenchmarkResult {
      BenchmarkResult(
        name: "hpa \(benchmark.targets) x \(benchmark.podsPerTarget)",
        events: [
          BenchmarkResult.EventCount(kind: "syncs", count: benchmark.targets * benchmark.rounds),
          BenchmarkResult.EventCount(kind: "scales", count: scales),
          BenchmarkResult.EventCount(kind: "statuses", count: statuses),
        ],
        digest: BenchmarkDigest.text(of: digest),
        figures: [
          BenchmarkResult.Figure(
            name: "controllerSecondsPerRound", value: seconds / Double(benchmark.rounds))
        ])
    }
  }

  /// The cluster before the first round.
  public func cluster() -> ClusterState {
    var objects = ClusterObjects()
    for number in 0..<targets {
      let labels: Labels = ["app": "web-\(number)"]
      let template = PodTemplate(
        labels: labels,
        containers: [
          Container(name: "main", requests: ResourceList(cpuMilli: 100, memory: 128 << 20))
        ])
      var workload = WorkloadObject(
        kind: .deployment, namespace: "default", name: "web-\(number)", template: template)
      workload.selector = LabelSelector(matchLabels: labels)
      workload.replicas = Int32(podsPerTarget)
      objects.workloads.append(workload)
      for pod in 0..<podsPerTarget {
        var object = PodObject(name: "web-\(number)-\(pod)", template: template)
        object.phase = .running
        object.flags = [.ready]
        object.created = .zero - .hours(2)
        object.started = .zero - .hours(2)
        objects.pods.append(object)
      }
      objects.autoscalers.append(
        HorizontalPodAutoscalerObject(
          name: "web-\(number)",
          spec: HorizontalPodAutoscalerSpec(
            target: CrossVersionObjectReference(kind: "Deployment", name: "web-\(number)"),
            minReplicas: 1, maxReplicas: 100,
            metrics: [.resource(name: "cpu", target: .averageUtilization(50))],
            behavior: number % 2 == 0 ? nil : HorizontalPodAutoscalerBehavior())))
    }
    return ClusterState(objects)
  }

  /// Serves a use that rises and falls from round to round, other for each target.
  private func serve(_ round: Int, in cluster: inout ClusterState) {
    let container = cluster.metrics.containerNumber(of: "main")
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      let level = Int64((slot / podsPerTarget + round * 7) % 11)
      cluster.metrics.setSample(
        of: pod.id, timestamp: .zero + .seconds(15 * round), window: .seconds(15),
        usages: [
          ContainerUsage(container: container, cpuNano: level * 10_000_000, memory: 64 << 20)
        ])
    }
  }

  /// Looks at every autoscaler ``rounds`` times.
  ///
  /// - Parameter measure: called with each round's work, so that a caller can time it.
  public func run(
    on cluster: inout ClusterState, measure: (() -> Void) -> Void = { $0() }
  ) -> Outcome {
    var outcome = Outcome()
    var controller = HorizontalPodAutoscalerController(
      configuration: HorizontalPodAutoscalerConfiguration(concurrentSyncs: nil))
    var out = CommandBuffer()
    var outcomes: [CommandOutcome] = []
    let first = ControllerPass(now: .zero, position: cluster.logEnd)
    _ = controller.reconcile(cluster, in: first, into: &out)
    for round in 1...rounds {
      serve(round, in: &cluster)
      let now = Instant.zero + .seconds(15 * round)
      repeat {
        out.clear()
        let pass = ControllerPass(now: now, position: cluster.logEnd, outcomes: outcomes)
        Self.timed(&controller, cluster, pass, &out, measure)
        outcomes.removeAll(keepingCapacity: true)
        for issued in out.commands {
          apply(issued, out, to: &cluster, &outcome)
          outcomes.append(
            CommandOutcome(ticket: issued.ticket, command: issued.command, result: .accepted))
        }
      } while !outcomes.isEmpty
    }
    return outcome
  }

  private static func timed(
    _ controller: inout HorizontalPodAutoscalerController, _ cluster: borrowing ClusterState,
    _ pass: ControllerPass, _ out: inout CommandBuffer, _ measure: (() -> Void) -> Void
  ) {
    measure { _ = controller.reconcile(cluster, in: pass, into: &out) }
  }

  private func apply(
    _ issued: IssuedCommand, _ out: CommandBuffer, to cluster: inout ClusterState,
    _ outcome: inout Outcome
  ) {
    switch issued.command {
    case .scale(let id, let replicas):
      outcome.scales += 1
      for word in [UInt64(id.slot), UInt64(UInt32(bitPattern: replicas))] {
        outcome.digest = (outcome.digest ^ word) &* 0x0000_0100_0000_01B3
      }
      cluster.setDesired(id, replicas)
    case .updateAutoscalerStatus(let id, let payload):
      outcome.statuses += 1
      cluster.setStatus(id, to: out.autoscalerStatuses[Int(payload)])
    default: break
    }
  }
}
