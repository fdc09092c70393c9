import ClusterModel
import Quantities
import Scheduling

/// The node estimator's benchmark: Pods of some controllers onto ten shapes of empty nodes.
///
/// > Source: the input with which the genuine estimator was measured (S, `autoscaler.md`, "Speed
/// > anchor").
public struct EstimatorBenchmark: Hashable, Sendable {
  /// How many Pods.
  public var pods: Int
  /// How many controllers, and so shapes of Pods.
  public var controllers: Int
  /// The most nodes that an estimate adds.
  public var limit: Int
  /// Whether nodes are listed one by one and every filter is asked, instead of counted.
  public var scan: Bool

  /// A benchmark; by default the published one.
  public init(
    pods: Int = 10_000, controllers: Int = 20, limit: Int = 1000, scan: Bool = false
  ) {
    self.pods = pods
    self.controllers = controllers
    self.limit = limit
    self.scan = scan
  }

  /// Cores, GiB and Pods of each shape.
  static let shapes: [(cores: Int64, gib: Int64, pods: Int64)] = [
    (2, 8, 29), (4, 16, 58), (8, 32, 58), (16, 64, 234), (2, 4, 29), (4, 8, 58), (8, 16, 58),
    (16, 32, 234), (2, 16, 29), (4, 32, 58),
  ]

  /// What an estimate per shape found.
  public struct Outcome: Hashable, Sendable {
    /// The shape, as cores and GiB.
    public var shape: String
    /// New nodes.
    public var nodes: Int
    /// Pods that they take.
    public var pods: Int
  }

  /// A node of a shape: what Pods may use is less than what it has.
  static func node(_ shape: (cores: Int64, gib: Int64, pods: Int64)) -> Node {
    var node = Node(
      name: "\(shape.cores)-\(shape.gib)",
      allocatable: Resources(
        cpu: 1000 * shape.cores - 70 - 5 * shape.cores,
        memory: shape.gib << 30 - (355 + 11 * shape.pods) << 20, pods: shape.pods))
    node.capacity = Resources(
      cpu: 1000 * shape.cores, memory: shape.gib << 30, pods: shape.pods)
    return node
  }

  /// Every controller's Pods, the largest for a node first.
  func demands(
    _ templates: [TemplateID], on node: Node, in cluster: borrowing ClusterState
  ) -> [PodDemand] {
    var demands: [(demand: PodDemand, weight: Double)] = []
    for (number, template) in templates.enumerated() {
      let count = pods / controllers + (number < pods % controllers ? 1 : 0)
      let footprint = cluster.footprints[Int(template.index)]
      demands.append(
        (
          PodDemand(shape: PodShape(template: template, owner: nil), count: count),
          Double(footprint.cpu) / Double(node.allocatable.cpu)
            + Double(footprint.memory) / Double(node.allocatable.memory)
        ))
    }
    return demands.enumerated().sorted {
      $0.element.weight != $1.element.weight
        ? $0.element.weight > $1.element.weight : $0.offset < $1.offset
    }.map(\.element.demand)
  }

  /// Estimates for every shape; the cluster is made inside, as cheaply as its objects allow.
  public func run() -> [Outcome] {
    var cluster = ClusterState()
    let cpu: [Int64] = [250, 500, 750, 1000, 1500]
    let memory: [Int64] = [256 << 20, 512 << 20, 1 << 30, 2 << 30]
    var templates: [TemplateID] = []
    for number in 0..<controllers {
      templates.append(
        cluster.addTemplate(
          PodTemplate(
            labels: ["app": "w\(number)"],
            containers: [
              Container(
                name: "main",
                requests: ResourceList(
                  cpuMilli: cpu[number % cpu.count], memory: memory[number % memory.count]))
            ])))
    }
    var supposition = Supposition()
    supposition.begin(cluster, upTo: cluster.logEnd)
    return Self.shapes.map { shape in
      let node = Self.node(shape)
      let demands = demands(templates, on: node, in: cluster)
      let packing = supposition.pack(
        demands, on: node, running: [], limit: limit, byAmounts: !scan, in: cluster)
      return Outcome(
        shape: "\(shape.cores)/\(shape.gib)", nodes: packing.nodes,
        pods: packing.placed.reduce(0, +))
    }
  }

  /// A benchmark's figures in the form that all have.
  public func result(_ outcomes: [Outcome]) -> BenchmarkResult {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    var figures: [BenchmarkResult.Figure] = []
    var nodes = 0
    for outcome in outcomes {
      nodes += outcome.nodes
      for value in [outcome.nodes, outcome.pods] {
        digest = (digest ^ UInt64(value)) &* 0x100_0000_01B3
      }
      figures.append(
        BenchmarkResult.Figure(name: "nodes \(outcome.shape)", value: Double(outcome.nodes)))
      figures.append(
        BenchmarkResult.Figure(name: "pods \(outcome.shape)", value: Double(outcome.pods)))
    }
    return BenchmarkResult(
      name: "estimator \(pods) Pods, \(controllers) controllers, at most \(limit) nodes",
      events: [
        BenchmarkResult.EventCount(kind: "estimates", count: outcomes.count),
        BenchmarkResult.EventCount(kind: "nodes", count: nodes),
      ], digest: BenchmarkDigest.text(of: digest), figures: figures)
  }
}
