import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("TKE's plugins for virtual nodes")
struct TKEPluginTests {
  /// A virtual node that says what it has.
  private static func virtual(
    _ name: String, stock: [String: Bool] = ["cpu": true], addresses: Int? = nil
  ) -> Node {
    var node = Sample.node(name, cpu: 1_000_000)
    node.labels["node.kubernetes.io/instance-type"] = "eklet"
    node.annotations = [VirtualNodeNames.zone: "zone-\(name)", VirtualNodeNames.subnet: "s"]
    for (type, isThere) in stock.sorted(by: { $0.key < $1.key }) {
      node.labels[VirtualNodeNames.stock(of: type)] = isThere ? "true" : "false"
    }
    if let addresses { node.labels[VirtualNodeNames.addresses] = "\(addresses)" }
    return node
  }

  private static func pod(_ name: String, _ annotations: Labels = [:]) -> PodObject {
    var pod = Sample.pod(name, cpu: 100)
    pod.template.annotations = annotations
    return pod
  }

  /// TKE's profile without Kubernetes' own scores.
  private static var configuration: SchedulerConfiguration {
    var profile = SchedulerProfile.tke()
    profile.weights = .none
    profile.weights.computeResource = 1
    return SchedulerConfiguration(profiles: [profile], tieRule: .lowestName, cost: .none)
  }

  @Test("What annotations ask for, as labels: any processor unless just one make is named")
  func wishes() {
    let table: [(Labels, [String])] = [
      ([:], ["cpu"]), ([VirtualNodeNames.cpuType: ""], ["cpu"]),
      ([VirtualNodeNames.cpuType: "amd"], ["amd"]),
      ([VirtualNodeNames.cpuType: "Intel"], ["intel"]),
      ([VirtualNodeNames.cpuType: "amd,intel"], ["amd", "intel", "cpu"]),
      ([VirtualNodeNames.cpuType: "cpu,amd"], ["cpu", "amd"]),
      ([VirtualNodeNames.gpuType: "T4,V100"], ["t4", "v100"]),
      ([VirtualNodeNames.gpuType: "1/4*V100"], ["1-4-v100"]),
      ([VirtualNodeNames.gpuType: "T4", VirtualNodeNames.cpuType: "amd"], ["t4"]),
    ]
    for (annotations, types) in table {
      let labels = types.map { "eks.tke.cloud.tencent.com/res-\($0)" }
      #expect(ComputeResource.wish(annotations).labels == labels, "\(annotations)")
    }
  }

  @Test("A type's score is the number of types left from it on; a single type scores nothing")
  func scores() {
    let node = Self.virtual("v", stock: ["cpu": true, "amd": false, "intel": true])
    let table: [(String?, ComputeResource.Answer, Int64)] = [
      (nil, .fits, 0), ("intel", .fits, 0), ("amd", .isSoldOut, 0), ("amd,intel", .fits, 2),
      ("intel,amd", .fits, 3), ("amd,cpu", .fits, 1),
    ]
    for (type, answer, score) in table {
      let wish = ComputeResource.wish(type.map { [VirtualNodeNames.cpuType: $0] } ?? [:])
      let judged = ComputeResource.judge(wish, node)
      #expect(judged.answer == answer && judged.score == score, "\(type ?? "none")")
    }
    var plain = node
    plain.annotations = [:]
    #expect(ComputeResource.judge(ComputeResource.wish([:]), plain).answer == .fits)
    let bare = Self.virtual("v", stock: [:])
    #expect(ComputeResource.judge(ComputeResource.wish([:]), bare).answer == .hasNoLabels)
    let own = Sample.node("own")
    #expect(ComputeResource.judge(ComputeResource.wish([:]), own).answer == .fits)
  }

  @Test("Pods go where the dearest type is in stock; sold-out nodes are told with their zones")
  func compute() {
    let nodes = [
      Self.virtual("a", stock: ["cpu": true, "amd": true]),
      Self.virtual("b", stock: ["cpu": true, "intel": true]),
      Self.virtual("c", stock: ["cpu": false]), Self.virtual("d", stock: [:]),
    ]
    var desk = Desk(
      Sample.cluster(nodes, [Self.pod("p", [VirtualNodeNames.cpuType: "intel,amd"])]),
      Self.configuration)
    let decision = desk.scheduler.decide(desk.pod(0), in: desk.cluster, at: .seconds(1))
    #expect(decision.node == desk.node(1))
    #expect(decision.scores.map(\.total) == [2, 3])
    #expect(decision.scorePlugins.last == "ComputeResource")
    #expect(decision.scores.map { $0.columns.last } == [2, 3])
    #expect(decision.rejections.map(\.plugin) == ["ComputeResource", "ComputeResource"])
    #expect(decision.rejections.allSatisfy { $0.isUnresolvable })
    #expect(
      decision.rejections.flatMap { $0.reasons } == [
        "insufficient resources for intel,amd in the zone-c",
        "node(d) didn't have the requested resource labels",
      ])
  }

  @Test("Pods sent to a subnet count against its label, confirmed or not, until the label changes")
  func addresses() {
    var desk = Desk(
      Sample.cluster([Self.virtual("v", addresses: 2)], (0..<4).map { Self.pod("p\($0)") }),
      Self.configuration)
    let first = desk.pass(at: 1)
    #expect(first.count { if case .bind = $0 { true } else { false } } == 2)
    let message = desk.scheduler.lastMessage(for: desk.pod(2))
    #expect(message?.contains("1 Insufficient ip resource") == true)
    let second = desk.pass(at: 30)
    #expect(second.isEmpty, "confirmed Pods still count")
    var node = Self.virtual("v", addresses: 2)
    node.labels["other"] = "x"
    desk.cluster.updateNode(desk.node(0), .labels, to: node)
    let third = desk.pass(at: 40)
    #expect(third.isEmpty, "the same number again says nothing new")
    node.labels[VirtualNodeNames.addresses] = "1"
    desk.cluster.updateNode(desk.node(0), .labels, to: node)
    let fourth = desk.pass(at: 50)
    #expect(fourth == [.bind(desk.pod(2), desk.node(0))], "the count begins anew")
  }

  @Test("A binding that failed gives its address back; a Pod that ends doesn't")
  func addressesOfFailedBindings() {
    var desk = Desk(
      Sample.cluster([Self.virtual("v", addresses: 1)], [Self.pod("p0"), Self.pod("p1")]),
      Self.configuration)
    _ = desk.pass(at: 1, applying: false)
    let bind = ClusterCommand.bind(desk.pod(0), desk.node(0))
    let ticket = desk.out.commands[0].ticket
    desk.outcomes = [CommandOutcome(ticket: ticket, command: bind, result: .conflict)]
    let second = desk.pass(at: 2)
    #expect(second == [.bind(desk.pod(1), desk.node(0))])
    desk.cluster.deletePod(desk.pod(1))
    let third = desk.pass(at: 20)
    #expect(third == [.markUnschedulable(desk.pod(0))], "the label hasn't said so yet")
  }

  @Test("Without a label nobody is kept off, nor from nodes that aren't virtual")
  func noLabel() {
    var own = Sample.node("own")
    own.labels[VirtualNodeNames.addresses] = "0"
    for node in [Self.virtual("v"), own] {
      var desk = Desk(Sample.cluster([node], [Self.pod("p")]), Self.configuration)
      let commands = desk.pass(at: 1)
      #expect(commands.count == 1)
    }
  }

  @Test("v1.36's profile looks at none of it")
  func off() {
    let node = Self.virtual("v", stock: ["cpu": false], addresses: 0)
    var desk = Desk(Sample.cluster([node], [Self.pod("p")]))
    let commands = desk.pass(at: 1)
    #expect(commands == [.bind(desk.pod(0), desk.node(0))])
  }

  @Test("The fast path decides as the oracle does", arguments: 0..<12)
  func scanEquality(seed: Int) {
    func run(scan: Bool) -> [[ClusterCommand]] {
      let types = ["intel", "amd", "cpu", "amd,intel", "intel,amd"]
      let nodes = (0..<8).map { number in
        Self.virtual(
          "v\(number)",
          stock: ["cpu": true, "amd": (number + seed) % 3 == 0, "intel": number % 2 == 0],
          addresses: 1 + (number * 7 + seed) % 4)
      }
      let pods = (0..<20).map {
        Self.pod("p\($0)", [VirtualNodeNames.cpuType: types[($0 * 3 + seed) % types.count]])
      }
      var configuration = Self.configuration
      configuration.scan = scan
      configuration.tieRule = TieRule.allCases[seed % 3]
      var desk = Desk(Sample.cluster(nodes, pods), configuration)
      var passes = [desk.pass(at: 1)]
      for number in 0..<4 {
        var node = nodes[number]
        node.labels[VirtualNodeNames.addresses] = "\(number)"
        node.labels[VirtualNodeNames.stock(of: "cpu")] = number % 2 == 0 ? "true" : "false"
        desk.cluster.updateNode(desk.node(number), .labels, to: node)
        passes.append(desk.pass(at: Double(20 + number * 20)))
      }
      return passes
    }
    let fast = run(scan: false)
    #expect(fast == run(scan: true))
    #expect(fast.reduce(0) { $0 + $1.count } > 15)
  }
}
