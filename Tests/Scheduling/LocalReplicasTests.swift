import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("LocalReplicas")
struct LocalReplicasTests {
  @Test("What annotations ask for")
  func quotas() {
    let table: [(Labels, Int?)] = [
      ([:], nil), (["LOCAL_REPLICAS": "3"], nil), (["AUTO_SCALE_EKS": "false"], nil),
      (["AUTO_SCALE_EKS": "true"], 0), (["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "3"], 3),
      (["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "x"], 0),
      (["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "-1"], 0),
    ]
    for (annotations, quota) in table { #expect(LocalReplicas.quota(annotations) == quota) }
  }

  @Test("Sixteen workers in chunks sleep as long as published")
  func sleeps() {
    let cost = SchedulerCost.none
    let table: [(Int, Int)] = [
      (0, 0), (1, 300), (15, 300), (16, 600), (100, 2100), (500, 13_200), (1000, 21_000),
      (5000, 105_000),
    ]
    for (nodes, milliseconds) in table {
      let slept = TimeSpan.milliseconds(300) * cost.longestShare(of: nodes)
      #expect(slept == .milliseconds(milliseconds), "\(nodes)")
    }
  }

  /// A desk with local nodes and a virtual one, and a ReplicaSet's Pods.
  private func desk(
    local: Int, pods: Int, quota: String?, countsAssumed: Bool = false, isOwned: Bool = true
  ) -> Desk {
    var nodes = (0..<local).map { Sample.node("n\(100 + $0)", cpu: 10_000) }
    var cloud = Sample.node("z-eklet", cpu: 1_000_000)
    cloud.labels["node.kubernetes.io/instance-type"] = "eklet"
    nodes.append(cloud)
    var objects = Sample.cluster(nodes, [])
    var template = Sample.pod("p", cpu: 100).template
    template.annotations = ["AUTO_SCALE_EKS": "true"]
    if let quota { template.annotations["LOCAL_REPLICAS"] = quota }
    objects.workloads = [
      WorkloadObject(kind: .replicaSet, namespace: "default", name: "web", template: template)
    ]
    for number in 0..<pods {
      var pod = PodObject(name: "web-\(number)", template: template)
      if isOwned { pod.owner = OwnerReference(kind: "ReplicaSet", name: "web") }
      objects.pods.append(pod)
    }
    var profile = SchedulerProfile()
    profile.disabledFilters = []
    profile.weights.balancedAllocation = 0
    profile.weights.nodeResourcesFit = 0
    profile.localReplicas.countsAssumed = countsAssumed
    if countsAssumed { profile.localReplicas.filterDelay = .zero }
    return Desk(
      objects,
      SchedulerConfiguration(profiles: [profile], tieRule: .lowestName, cost: .none))
  }

  /// How many of the commands bind Pods to nodes of one's own, and how many to the virtual one.
  private func bindings(_ commands: [ClusterCommand], local: Int) -> [Int] {
    var counts = [0, 0]
    for case .bind(_, let node) in commands { counts[node.index < local ? 0 : 1] += 1 }
    return counts
  }

  @Test("A quota keeps as many local once bindings are confirmed; without one all go to the cloud")
  func quotaIsKept() {
    let table: [(quota: String?, countsAssumed: Bool, isOwned: Bool, expected: [Int])] = [
      ("2", true, true, [2, 3]), (nil, true, true, [0, 5]), ("0", false, true, [0, 5]),
      ("9", true, true, [5, 0]), ("2", true, false, [5, 0]),
    ]
    for row in table {
      var desk = desk(
        local: 3, pods: 5, quota: row.quota, countsAssumed: row.countsAssumed,
        isOwned: row.isOwned)
      let commands = desk.pass(at: 1)
      #expect(bindings(commands, local: 3) == row.expected, "\(row)")
    }
  }

  @Test(
    "The published plugin sleeps, then counts what is confirmed, then sleeps at the other nodes")
  func published() {
    var desk = desk(local: 100, pods: 4, quota: "1")
    let asleep = desk.pass(at: 1, applying: false)
    #expect(asleep.isEmpty && desk.out.busy == .milliseconds(300))
    let early = desk.pass(at: 1.1, applying: false)
    let wake = desk.wake
    #expect(early.isEmpty && desk.out.busy == .milliseconds(200) && wake == .seconds(1.3))
    let first = desk.pass(at: 1.3, applying: false)
    #expect(bindings(first, local: 100) == [1, 0])
    #expect(desk.out.busy == .milliseconds(1800))
    #expect(desk.out.attempts.map(\.start) == [.milliseconds(-300)])
    #expect(desk.out.attempts.map(\.end) == [.milliseconds(1800)])
    _ = desk.pass(at: 3.1)
    let second = desk.pass(at: 3.4, applying: false)
    #expect(bindings(second, local: 100) == [1, 0], "the first isn't confirmed: one too many")
    _ = desk.pass(at: 5.2)
    for case .bind(let pod, let node) in first + second { desk.cluster.bind(pod, to: node) }
    let third = desk.pass(at: 5.5)
    #expect(bindings(third, local: 100) == [0, 1], "what was confirmed during the sleep counts")
    #expect(desk.out.busy == .milliseconds(1800))
  }

  @Test("A Pod that goes, or gets a node, while its cycle sleeps isn't tried further")
  func goneMeanwhile() {
    for isDeleted in [true, false] {
      var desk = desk(local: 2, pods: 2, quota: "1")
      _ = desk.pass(at: 1)
      if isDeleted {
        desk.cluster.deletePod(desk.pod(0))
      } else {
        desk.cluster.bind(desk.pod(0), to: desk.node(0))
      }
      _ = desk.pass(at: 1.3)
      #expect(desk.out.attempts.isEmpty)
      let next = desk.pass(at: 1.6)
      #expect(bindings(next, local: 2) == (isDeleted ? [1, 0] : [0, 1]))
      #expect(desk.out.attempts.map(\.pod) == [desk.pod(1)])
    }
  }

  @Test("A cycle whose Pod no node takes before LocalReplicas is asked doesn't sleep")
  func notReached() {
    var desk = desk(local: 2, pods: 1, quota: "1")
    for slot in 0..<3 {
      var node = desk.cluster.node(desk.node(slot))!
      node.isUnschedulable = true
      desk.cluster.updateNode(desk.node(slot), .taints, to: node)
    }
    _ = desk.pass(at: 1)
    #expect(desk.out.attempts.count == 1 && desk.out.busy == .zero)
  }

  @Test("Rejected nodes are told with the plugin's name")
  func explained() {
    var desk = desk(local: 2, pods: 1, quota: "0")
    let decision = desk.scheduler.decide(desk.pod(0), in: desk.cluster, at: .seconds(1))
    #expect(decision.rejections.map(\.plugin) == ["LocalReplicas", "LocalReplicas"])
    #expect(decision.rejections.allSatisfy { $0.isUnresolvable })
    #expect(decision.rejections[0].reasons == ["node(s) didn't match local replicas"])
  }

  @Test("With the cluster's switch off, a Pod that tolerates virtual nodes stays off them until N")
  func clusterSwitch() {
    let eklet = "eks.tke.cloud.tencent.com/eklet"
    let table: [(written: String?, toleration: Toleration?, expected: [Int])] = [
      (nil, LocalReplicas.toleration, [0, 3]), ("true", LocalReplicas.toleration, [0, 3]),
      ("false", LocalReplicas.toleration, [2, 1]), ("false", nil, [0, 3]),
      ("false", Toleration(key: eklet, comparison: .exists), [0, 3]),
    ]
    for row in table {
      var objects = ClusterObjects()
      // The virtual node comes first, so that ties lead there.
      var cloud = Sample.node("a-eklet", cpu: 1_000_000)
      cloud.labels["node.kubernetes.io/instance-type"] = "eklet"
      objects.nodes = [cloud, Sample.node("own", cpu: 10_000)]
      if let written = row.written {
        objects.configMaps = [
          ConfigMap(
            namespace: EksConfig.namespace, name: EksConfig.name,
            data: [EksConfig.switchKey: written])
        ]
      }
      var template = Sample.pod("p", cpu: 100).template
      template.annotations = ["AUTO_SCALE_EKS": "true", "LOCAL_REPLICAS": "2"]
      template.tolerations = [row.toleration].compactMap { $0 }
      objects.workloads = [
        WorkloadObject(kind: .replicaSet, namespace: "default", name: "web", template: template)
      ]
      for number in 0..<3 {
        var pod = PodObject(name: "web-\(number)", template: template)
        pod.owner = OwnerReference(kind: "ReplicaSet", name: "web")
        objects.pods.append(pod)
      }
      var profile = SchedulerProfile.tke()
      profile.weights = .none
      profile.localReplicas = .fixed
      var desk = Desk(
        objects,
        SchedulerConfiguration(profiles: [profile], tieRule: .lowestName, cost: .none))
      var counts = [0, 0]
      for case .bind(_, let node) in desk.pass(at: 1) { counts[node.index == 0 ? 1 : 0] += 1 }
      #expect(counts == row.expected, "\(row)")
    }
  }
}
