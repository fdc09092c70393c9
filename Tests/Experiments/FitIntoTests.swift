import CloudSimulation
import ClusterModel
import Experiments
import Quantities
import Testing

@Suite("Fitting into a cluster")
struct FitIntoTests {
  private static func world(nodes: Int, cores: Int64 = 4) -> Scenario {
    var scenario = Scenario(name: "dump")
    scenario.isBareDump = true
    for number in 0..<nodes {
      let name = "n\(number)"
      scenario.cluster.nodes.append(
        Node(
          name: name, labels: ["kubernetes.io/hostname": name],
          allocatable: Resources(cpu: cores * 1000, memory: 16 << 30, pods: 110)))
    }
    return scenario
  }

  private static func app(
    milli: Int64, replicas: Int32 = 1, spread: Bool = false
  ) -> ClusterObjects {
    var template = PodTemplate(
      namespace: "default", labels: ["app": "web"],
      containers: [
        Container(
          name: "c", image: "i", requests: ResourceList(cpuMilli: milli, memory: 1 << 20))
      ])
    if spread {
      template.affinity.requiredPodAntiAffinity = [
        PodAffinityTerm(
          labelSelector: LabelSelector(matchLabels: ["app": "web"]),
          topologyKey: "kubernetes.io/hostname")
      ]
    }
    var workload = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web", template: template)
    workload.selector = LabelSelector(matchLabels: ["app": "web"])
    workload.replicas = replicas
    var objects = ClusterObjects()
    objects.workloads = [workload]
    return objects
  }

  private static func answer(
    _ world: Scenario, _ app: ClusterObjects, copies: Int? = nil
  ) throws -> FitInto.Answer {
    try FitInto(world, application: app).answer(copies: copies)
  }

  @Test("Copies are whole: what fits of the next one counts nothing")
  func copies() throws {
    // Two Pods of 1.5 cores to a node of four: six in three nodes, three copies of two, and a
    // copy of five fits once.
    let three = try Self.answer(Self.world(nodes: 3), Self.app(milli: 1500, replicas: 2))
    #expect(three.copies == 3 && three.podsPerCopy == 2)
    #expect(three.reason.contains("Insufficient cpu") && three.rejected.contains("web-copy-4-1"))
    #expect(three.wanted == 4 && three.newNodes == 1)
    let five = try Self.answer(Self.world(nodes: 3), Self.app(milli: 1500, replicas: 5))
    #expect(five.copies == 1 && five.newNodes == 2)
  }

  @Test("The fewest nodes are the fewest: one less doesn't do")
  func fewest() throws {
    let world = Self.world(nodes: 3)
    let app = Self.app(milli: 1500)
    // Six fit; forty take 17 nodes more.
    let found = try Self.answer(world, app, copies: 40)
    #expect(found.copies == 6 && found.newNodes == 17)
    let grown = try Self.answer(Self.world(nodes: 19), app)
    #expect(grown.copies == 38)
    #expect(try Self.answer(world, app, copies: 6).newNodes == 0)
  }

  @Test("The scheduler's rules decide, not arithmetic")
  func rules() throws {
    let found = try Self.answer(
      Self.world(nodes: 5), Self.app(milli: 100, spread: true), copies: 8)
    #expect(found.copies == 5 && found.newNodes == 3)
    #expect(found.reason.contains("anti-affinity"))
    var tainted = Self.world(nodes: 2)
    tainted.cluster.nodes[0].taints = [Taint(key: "busy", effect: .noSchedule)]
    #expect(try Self.answer(tainted, Self.app(milli: 1000)).copies == 4)
  }

  @Test("What never fits on such a node is said so; what is there already counts")
  func never() throws {
    #expect(try Self.answer(Self.world(nodes: 1), Self.app(milli: 5000)).newNodes == nil)
    #expect(throws: FitInto.Problem.noPods) {
      try FitInto(Self.world(nodes: 1), application: ClusterObjects())
    }
    #expect(throws: FitInto.Problem.noNode("x")) {
      try FitInto(Self.world(nodes: 1), application: Self.app(milli: 1), likeNode: "x")
    }
    var used = Self.world(nodes: 1)
    used.cluster.pods = [
      PodObject(name: "old", template: Self.app(milli: 3000).workloads[0].template)
    ]
    used.cluster.pods[0].nodeName = "n0"
    used.cluster.pods[0].phase = .running
    #expect(try Self.answer(used, Self.app(milli: 500)).copies == 2)
  }
}
