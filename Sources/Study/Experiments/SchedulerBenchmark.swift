import ClusterModel
import Quantities
import Scheduling

/// The scheduler's benchmark: Pods of one shape arrive in an empty cluster all at once.
///
/// It starts at API objects and ends at bind commands. Nodes and Pods are those with which the
/// genuine scheduler was measured: nodes of 8 CPU, 32 GiB and 110 Pods in three zones, Pods of
/// 100 m and 256 MiB in twenty applications.
public struct SchedulerBenchmark: Hashable, Sendable {
  /// What the Pods ask for.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    /// Resources only.
    case plain
    /// Zone skew 1 required, hostname skew 1 preferred, over the Pod's own application.
    case spread
    /// Preferred anti-affinity by hostname to the Pod's own application, weight 100.
    case antiaffinity
    /// Resources only, and no two Pods alike.
    case distinct
  }
  /// How many nodes.
  public var nodes: Int
  /// How many Pods.
  public var pods: Int
  /// What the Pods ask for.
  public var shape: Shape
  /// How many applications, and so classes of Pods.
  public var classes: Int
  /// `percentageOfNodesToScore`.
  public var percentage: Int
  /// The seed of the Pods' sizes in the shape `distinct`, and of keyed choices.
  public var seed: UInt64
  /// Whether the oracle decides.
  public var scan: Bool

  /// A benchmark; by default the smallest of the published shapes.
  public init(
    nodes: Int = 500, pods: Int = 1000, shape: Shape = .plain, classes: Int = 20,
    percentage: Int = 0, seed: UInt64 = 1, scan: Bool = false
  ) {
    self.nodes = nodes
    self.pods = pods
    self.shape = shape
    self.classes = max(1, classes)
    self.percentage = percentage
    self.seed = seed
    self.scan = scan
  }

  /// What a run did.
  public struct Outcome: Hashable, Sendable {
    /// Pods that got a node.
    public var bound = 0
    /// Attempts that found none.
    public var failed = 0
    /// FNV-1a over every decision in order: the Pod's slot and its node's, or −1.
    public var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The outcome as benchmarks report theirs.
    public func result(of benchmark: SchedulerBenchmark) -> BenchmarkResult {
      var figures: [BenchmarkResult.Figure] = []
      if let rate = benchmark.genuinePodsPerSecond {
        figures.append(
          BenchmarkResult.Figure(name: "genuinePodsPerCPUSecond", value: rate))
      }
      return BenchmarkResult(
        name: "scheduler \(benchmark.shape.rawValue) \(benchmark.nodes) x \(benchmark.pods)",
        events: [
          BenchmarkResult.EventCount(kind: "bound", count: bound),
          BenchmarkResult.EventCount(kind: "failed", count: failed),
        ], digest: BenchmarkDigest.text(of: digest), figures: figures)
    }

    mutating func add(_ attempt: SchedulingAttempt) {
      if attempt.node == nil { failed += 1 } else { bound += 1 }
      mix(UInt64(attempt.pod.slot))
      mix(attempt.node.map { UInt64($0.slot) } ?? .max)
    }

    private mutating func mix(_ value: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        digest = (digest ^ (value >> shift & 0xFF)) &* 0x100_0000_01B3
      }
    }
  }

  /// Pods per CPU second that the genuine kube-scheduler v1.36.2 managed on a quiet machine of two
  /// cores, without API traffic; nil where it wasn't measured.
  ///
  /// > Source: measured, `performance.md` §9 of the project's notes (S).
  public var genuinePodsPerSecond: Double? {
    switch (shape, nodes, percentage) {
    case (.plain, 5000, 0): 563
    case (.spread, 5000, 0): 133
    case (.antiaffinity, 5000, 0): 126
    case (.plain, 5000, 100): 64
    case (.spread, 5000, 100): 44
    case (.plain, 500, 0): 1411
    default: nil
    }
  }

  /// The cluster that the benchmark starts from.
  public func cluster() -> ClusterState {
    var cluster = ClusterState()
    for number in 0..<nodes { cluster.addNode(Self.node(number)) }
    var templates: [TemplateID] = []
    if shape != .distinct {
      templates = (0..<classes).map { cluster.addTemplate(template(application: $0)) }
    }
    for number in 0..<pods {
      var id: TemplateID
      if shape == .distinct {
        var template = template(application: number % classes)
        template.containers[0].requests = distinctRequests(number)
        id = cluster.addTemplate(template)
      } else {
        id = templates[number % classes]
      }
      cluster.createPod(
        owner: nil, template: id, ordinal: Int32(number), attempt: 0,
        at: Instant(nanoseconds: Int64(number)))
    }
    return cluster
  }

  /// Schedules every Pod.
  public func run() -> Outcome {
    var cluster = cluster()
    return run(on: &cluster)
  }

  /// Schedules every Pod of a cluster made by ``cluster()``.
  public func run(on cluster: inout ClusterState) -> Outcome {
    var scheduler = Scheduler(
      configuration: SchedulerConfiguration(
        percentageOfNodesToScore: percentage, tieRule: .lowestName, cost: .none, scan: scan))
    var outcome = Outcome()
    var out = CommandBuffer()
    var hasMore = true
    while hasMore {
      out.clear()
      let pass = ControllerPass(
        now: .zero, position: cluster.logEnd, choices: Choices(key: seed))
      _ = scheduler.reconcile(cluster, in: pass, into: &out)
      for attempt in out.attempts { outcome.add(attempt) }
      for issued in out.commands {
        if case .bind(let pod, let node) = issued.command { cluster.bind(pod, to: node) }
      }
      hasMore = !out.commands.isEmpty
    }
    return outcome
  }

  private static func node(_ number: Int) -> Node {
    let digits = String(number)
    let name = "node-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return Node(
      name: name,
      labels: [
        "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": "zone-\(number % 3)",
      ],
      allocatable: Resources(
        cpu: 8000, memory: 32 << 30, ephemeralStorage: 100 << 30, pods: 110))
  }

  private func template(application: Int) -> PodTemplate {
    let labels: Labels = ["app": (application < 10 ? "app-0" : "app-") + String(application)]
    let own = LabelSelector(matchLabels: labels)
    var template = PodTemplate(
      labels: labels,
      containers: [
        Container(
          name: "main", image: "registry.example.com/app:1",
          requests: ResourceList(cpuMilli: 100, memory: 256 << 20))
      ])
    switch shape {
    case .plain, .distinct: break
    case .spread:
      template.topologySpread = [
        TopologySpreadConstraint(
          maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", isRequired: true,
          labelSelector: own),
        TopologySpreadConstraint(
          maxSkew: 1, topologyKey: "kubernetes.io/hostname", isRequired: false,
          labelSelector: own),
      ]
    case .antiaffinity:
      template.affinity.preferredPodAntiAffinity = [
        WeightedPodAffinityTerm(
          weight: 100,
          term: PodAffinityTerm(labelSelector: own, topologyKey: "kubernetes.io/hostname"))
      ]
    }
    return template
  }

  /// 50 m to 150 m and about 128 to 384 MiB, a different pair for every Pod.
  private func distinctRequests(_ number: Int) -> ResourceList {
    let bits = Choices(key: seed).bits(purpose: 0, subject: UInt64(number))
    let cpu = 50 + Int64(bits % 101)
    let memory = (128 << 20) + (Int64((bits >> 32) % 256) << 20)
    return ResourceList(cpuMilli: cpu, memory: memory + Int64(number))
  }
}
