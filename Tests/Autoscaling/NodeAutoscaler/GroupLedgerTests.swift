import ClusterModel
import Quantities
import Testing

@testable import Autoscaling

@Suite("Groups rest after failures, longer each time")
struct GroupLedgerTests {
  private let configuration = NodeAutoscalerConfiguration()

  private func cluster(target: Int32) -> ClusterState {
    var cluster = ClusterState()
    let group = cluster.addNodeGroup(
      NodeGroup(name: "pool", minSize: 0, maxSize: 10, template: Node(name: "pool")))
    cluster.setTargetSize(group, target)
    return cluster
  }

  @Test("At the very end of its rest a group still rests")
  func strictEnd() {
    var ledger = GroupLedger()
    let cluster = cluster(target: 1)
    ledger.update(cluster, configuration, at: .zero)
    ledger.request(1, of: 0, configuration, at: .zero)
    ledger.refuse(1, of: 0, configuration, at: .zero)
    #expect(ledger.isBackedOff(0, at: .zero + .minutes(5)))
    #expect(!ledger.isBackedOff(0, at: .zero + .minutes(5) + TimeSpan(nanoseconds: 1)))
  }

  @Test("A failure after a rest doubles it up to 30 minutes, one during it doesn't")
  func doubling() {
    var ledger = GroupLedger()
    let cluster = cluster(target: 1)
    ledger.update(cluster, configuration, at: .zero)
    var now = Instant.zero
    var rests: [Int64] = []
    for _ in 0..<5 {
      ledger.refuse(1, of: 0, configuration, at: now)
      ledger.refuse(1, of: 0, configuration, at: now)
      let duration = ledger.memories[0].backoff?.duration ?? .zero
      rests.append(duration.nanoseconds / 60_000_000_000)
      now = now + duration + .seconds(1)
    }
    #expect(rests == [5, 10, 20, 30, 30])
    ledger.forgetFailures(configuration, at: now + .hours(3))
    #expect(ledger.memories[0].backoff == nil)
  }

  @Test("A request fails when its time is over, not at its last instant")
  func timeOut() {
    let cluster = cluster(target: 1)
    var ledger = GroupLedger()
    ledger.update(cluster, configuration, at: .zero)
    ledger.request(1, of: 0, configuration, at: .zero)
    ledger.update(cluster, configuration, at: .zero + .minutes(15))
    #expect(ledger.memories[0].request != nil)
    ledger.update(cluster, configuration, at: .zero + .minutes(15) + .seconds(1))
    #expect(ledger.memories[0].request == nil)
    #expect(ledger.isBackedOff(0, at: .zero + .minutes(16)))
  }

  @Test("More than 45 % of the nodes and more than three unready stop everything")
  func unhealthy() {
    var cluster = ClusterState()
    for number in 0..<8 {
      var node = Node(name: "node-\(number)")
      node.readiness = number >= 4 ? .ready : .notReady
      node.created = Instant(nanoseconds: -3_600_000_000_000)
      cluster.addNode(node)
    }
    var ledger = GroupLedger()
    ledger.update(cluster, configuration, at: .zero)
    #expect(!ledger.isClusterHealthy(configuration))
    var patient = configuration
    patient.okUnreadyCount = 4
    #expect(ledger.isClusterHealthy(patient))
    patient = configuration
    patient.maxUnreadyShare = 0.5
    #expect(ledger.isClusterHealthy(patient))
  }
}

@Suite("Expanders choose by their rule")
struct ExpanderTests {
  private func template(cpu: Int64, gib: Int64) -> GroupTemplate {
    GroupTemplate(
      node: Node(name: "t", allocatable: Resources(cpu: cpu, memory: gib << 30, pods: 10)),
      running: [], overheadCPU: 0, overheadMemory: 0, isFromNode: false)
  }

  private func option(_ group: Int, nodes: Int, pods: Int, cpu: Int64, gib: Int64)
    -> ExpansionOption
  {
    ExpansionOption(
      group: group, nodeCount: nodes, placed: [], similar: [], podCount: pods, cpu: cpu,
      memory: gib << 30)
  }

  private func context(_ configuration: NodeAutoscalerConfiguration) -> ExpansionContext {
    ExpansionContext(
      configuration: configuration,
      templates: [template(cpu: 4000, gib: 16), template(cpu: 16_000, gib: 64)],
      names: ["small", "large"],
      prices: [Money(picounits: 1_000_000_000_000), Money(picounits: 3_000_000_000_000)],
      clusterNodes: 3)
  }

  @Test("Each rule has its winner, and ties keep both")
  func winners() {
    var configuration = NodeAutoscalerConfiguration()
    configuration.priorities = [
      ExpanderPriority(number: 10, patterns: [".*"]),
      ExpanderPriority(number: 50, patterns: ["^larg"]),
    ]
    let context = context(configuration)
    let options = [
      option(0, nodes: 3, pods: 9, cpu: 9000, gib: 18),
      option(1, nodes: 1, pods: 10, cpu: 10_000, gib: 20),
    ]
    func best(_ expander: Expander) -> [Int] {
      expander.best(of: options, context).map(\.group)
    }
    #expect(best(.leastWaste) == [0])
    #expect(best(.mostPods) == [1])
    #expect(best(.leastNodes) == [1])
    #expect(best(.priority) == [1])
    #expect(best(.random) == [0, 1])
    #expect(best(.price) == [0])
    let same = [options[0], option(1, nodes: 3, pods: 9, cpu: 9000, gib: 18)]
    #expect(Expander.mostPods.best(of: same, context).count == 2)
  }

  @Test("The hyperbolic tangent that fades unfitness out")
  func tangent() {
    for (x, value) in [(0.0, 0.0), (0.5, 0.46211715726000975), (3, 0.9950547536867305), (30, 1)] {
      #expect(abs(Expander.hyperbolicTangent(x) - value) < 1e-15)
    }
  }

  @Test("The ConfigMap's text is numbers with lists of patterns, or nothing")
  func priorities() {
    let rules = ExpanderPriority.parse("10:\n  - .*\n50: # first\n  - 'pool-a'\n  - \"b\"\n")
    #expect(rules?.map(\.number) == [10, 50])
    #expect(rules?[1].patterns == ["pool-a", "b"])
    #expect(ExpanderPriority.parse("- x") == nil)
    #expect(ExpanderPriority.parse("ten:\n- x") == nil)
    #expect(!ExpanderPriority(number: 1, patterns: ["("]).matches("("))
  }
}
