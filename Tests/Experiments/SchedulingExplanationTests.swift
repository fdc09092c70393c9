import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import Statistics
import Testing

@testable import Experiments

@Suite("Why a Pod is where it is")
struct SchedulingExplanationTests {
  private func scenario(_ nodes: [Node], _ pods: [PodObject]) -> Scenario {
    var scenario = Scenario(name: "dump")
    scenario.isBareDump = true
    scenario.cluster.nodes = nodes
    scenario.cluster.pods = pods
    return scenario
  }

  private func node(_ name: String, cpu: Int64) -> Node {
    Node(name: name, allocatable: Resources(cpu: cpu, memory: 1 << 30, pods: 10))
  }

  private func pod(_ name: String, cpu: Int64, on node: String? = nil) -> PodObject {
    var template = PodTemplate(namespace: "shop")
    template.containers = [Container(requests: ResourceList(cpuMilli: cpu, memory: 1 << 20))]
    var pod = PodObject(name: name, template: template)
    pod.nodeName = node
    if node != nil { pod.phase = .running }
    return pod
  }

  @Test("Each rejected node has its plugin and reason, and the least that is missing is said")
  func unschedulable() throws {
    var tainted = node("tainted", cpu: 4000)
    tainted.taints = [Taint(key: "gpu", value: "yes", effect: .noSchedule)]
    let nodes = [node("small", cpu: 500), tainted, node("wide", cpu: 2000)]
    let pods = [pod("old", cpu: 1500, on: "wide"), pod("p", cpu: 700)]
    let found = SchedulingExplanation(of: "shop/p", in: scenario(nodes, pods))
    let explanation = try #require(found)
    let text = explanation.text
    #expect(text.contains("\n  small, wide  NodeResourcesFit: Insufficient cpu\n"))
    #expect(text.contains("  tainted  TaintToleration: node(s) had untolerated taint(s)"))
    #expect(
      explanation.remedies == ["cpu 200m more on small", "a toleration of gpu=yes:NoSchedule"])
    let byName = SchedulingExplanation(of: "p", in: scenario(nodes, pods))
    #expect(byName?.text == text)
  }

  @Test("Many nodes of one reason are a line; the table has every one")
  func grouped() throws {
    let nodes = (0..<40).map { node("n\($0)", cpu: 500) }
    let found = SchedulingExplanation(of: "p", in: scenario(nodes, [pod("p", cpu: 700)]))
    let explanation = try #require(found)
    let line = "\n  40 nodes, such as n0, n1, n10  NodeResourcesFit: Insufficient cpu\n"
    #expect(explanation.text.contains(line + "  (-o wide lists every node)\n"))
    #expect(explanation.table.rows.count == 40)
  }

  @Test("Pods are found by what their names begin with")
  func names() {
    let pods = [pod("web-1", cpu: 100), pod("web-0", cpu: 100), pod("db", cpu: 100)]
    let world = scenario([node("a", cpu: 4000)], pods)
    #expect(world.podNames(like: "web") == ["shop/web-0", "shop/web-1"])
    #expect(world.podNames(like: "shop/db") == ["shop/db"])
    #expect(world.podNames(like: "cache").isEmpty)
  }

  @Test("What a node lacks besides what it rejects first is part of the remedy")
  func remedyBesides() throws {
    var tainted = node("tainted", cpu: 400)
    tainted.taints = [
      Taint(key: "gpu", value: "yes", effect: .noSchedule),
      Taint(key: "old", value: "", effect: .noExecute),
    ]
    let found = SchedulingExplanation(
      of: "shop/p", in: scenario([tainted], [pod("p", cpu: 700)]))
    let explanation = try #require(found)
    #expect(
      explanation.remedies == [
        "a toleration of gpu=yes:NoSchedule and of old=:NoExecute and cpu 300m more on tainted"
      ])
  }

  @Test("Pods that the scheduler leaves alone are told, with the reason, as in the list of a run")
  func leftAlone() throws {
    var gated = pod("gated", cpu: 100)
    gated.template.schedulingGates = ["example.com/a", "example.com/b"]
    var foreign = pod("foreign", cpu: 100)
    foreign.template.schedulerName = "volcano"
    let world = scenario([node("n", cpu: 4000)], [gated, foreign, pod("p", cpu: 100)])
    let gates = "never tried: scheduling gates [example.com/a example.com/b]"
    let explanation = try #require(SchedulingExplanation(of: "gated", in: world))
    #expect(explanation.text == "shop/gated: \(gates)\n")
    #expect(explanation.record.outcome == "gated")
    let other = SchedulingExplanation(of: "shop/foreign", in: world)?.text
    #expect(other == "shop/foreign: never tried: no scheduler named volcano\n")
    #expect(SchedulingExplanation(of: "nobody", in: world) == nil)
    let listed = world.simulate().unschedulable
    #expect(listed.map(\.pod) == ["shop/gated", "shop/foreign"])
    #expect(listed.map(\.reason) == [gates, "never tried: no scheduler named volcano"])
  }

  @Test("With each remedy the Pod fits")
  func remediesHelp() throws {
    var tainted = node("tainted", cpu: 4000)
    tainted.taints = [Taint(key: "gpu", value: "yes", effect: .noSchedule)]
    let wider = SchedulingExplanation(
      of: "p", in: scenario([node("small", cpu: 700), tainted], [pod("p", cpu: 700)]))
    #expect(wider?.record.node == "small")
    #expect(wider?.remedies.isEmpty == true)
    var bold = pod("p", cpu: 700)
    bold.template.tolerations = [Toleration(key: "gpu", comparison: .exists)]
    let tolerant = SchedulingExplanation(
      of: "p", in: scenario([node("small", cpu: 500), tainted], [bold]))
    #expect(tolerant?.record.node == "tainted")
  }

  @Test("The JSON has the vectors' keys: rejections in groups, scores with columns")
  func json() throws {
    let nodes = [node("a", cpu: 4000), node("b", cpu: 2000), node("c", cpu: 100)]
    let found = SchedulingExplanation(of: "p", in: scenario(nodes, [pod("p", cpu: 1000)]))
    let explanation = try #require(found)
    let data = Data(try explanation.json().utf8)
    let decision = try JSONDecoder().decode(SchedulerVector.Decision.self, from: data)
    #expect(decision.node == "a")
    #expect(decision.infeasible?.map(\.plugin) == ["NodeResourcesFit"])
    #expect(decision.infeasible?.first?.nodes == ["c"])
    let scores = try #require(decision.scores)
    #expect(scores.map(\.node) == ["a", "b"])
    for score in scores {
      #expect(score.total == score.plugins.reduce(0) { $0 + ($1 ?? 0) })
    }
    #expect(explanation.text.contains("  a  \(scores[0].total) = TaintToleration 300 + "))
  }

  @Test("A rollout's Pods are spread by the new revision alone, as its hash is in the selector")
  func revisions() throws {
    func template(_ image: String) -> PodTemplate {
      var template = PodTemplate(labels: ["app": "d"])
      template.containers = [
        Container(image: image, requests: ResourceList(cpuMilli: 10, memory: 1 << 20))
      ]
      return template
    }
    var deployment = WorkloadObject(
      kind: .deployment, namespace: "default", name: "d", template: template("x:2"))
    deployment.replicas = 2
    deployment.selector = LabelSelector(matchLabels: ["app": "d"])
    var old = WorkloadObject(
      kind: .replicaSet, namespace: "default", name: "d-old", template: template("x:1"))
    old.template.labels["pod-template-hash"] = "h1"
    old.replicas = 2
    old.selector = LabelSelector(matchLabels: ["app": "d", "pod-template-hash": "h1"])
    old.owner = OwnerReference(kind: "Deployment", name: "d")
    let pods = (0..<2).map { number in
      var pod = PodObject(name: "d-old-\(number)", template: old.template)
      pod.owner = OwnerReference(kind: "ReplicaSet", name: "d-old")
      pod.nodeName = "a"
      pod.phase = .running
      return pod
    }
    var world = scenario([node("a", cpu: 8000), node("b", cpu: 8000)], pods)
    world.cluster.workloads = [deployment, old]
    for place in world.cluster.nodes.indices {
      let name = world.cluster.nodes[place].name
      world.cluster.nodes[place].labels["kubernetes.io/hostname"] = name
    }
    let found = try #require(SchedulingExplanation(of: "d-9tjbkcsg54-0", in: world))
    #expect(found.text.components(separatedBy: "PodTopologySpread 200").count == 3)
  }

  @Test("A Pod that came bound was never tried, and the explanation says where it is")
  func bound() throws {
    let running = pod("there", cpu: 1, on: "a")
    let found = try #require(
      SchedulingExplanation(of: "there", in: scenario([node("a", cpu: 4)], [running])))
    #expect(found.text == "shop/there: never tried: it came bound to node a\n")
  }

  @Test("A Pod that was never tried has no explanation")
  func unknown() {
    #expect(SchedulingExplanation(of: "nobody", in: scenario([node("a", cpu: 1)], [])) == nil)
  }
}
