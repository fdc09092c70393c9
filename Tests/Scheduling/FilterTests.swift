import ClusterModel
import Quantities
import Testing

@testable import Scheduling

@Suite("Filters")
struct FilterTests {
  private let taint = Taint(key: "a", value: "1", effect: .noSchedule)

  @Test("Tolerations by effect, key and operator")
  func tolerations() {
    let cases: [(Toleration, Bool)] = [
      (Toleration(key: "a", value: "1"), true),
      (Toleration(key: "a", value: "2"), false),
      (Toleration(key: "a", comparison: .exists), true),
      (Toleration(comparison: .exists), true),
      (Toleration(key: "b", comparison: .exists), false),
      (Toleration(key: "a", comparison: .exists, effect: .noExecute), false),
      (Toleration(key: "a", comparison: .greaterThan, value: "0"), false),
    ]
    for (toleration, expected) in cases {
      #expect(TaintTolerationFilter.tolerates([toleration], [taint]) == expected)
    }
    let soft = Taint(key: "a", effect: .preferNoSchedule)
    #expect(TaintTolerationFilter.tolerates([], [soft]))
    #expect(TaintTolerationFilter.unwelcome([], [soft, soft]) == 2)
    let hard = Toleration(key: "a", comparison: .exists, effect: .noSchedule)
    #expect(TaintTolerationFilter.unwelcome([hard], [soft]) == 1)
  }

  @Test("A cordoned node takes Pods that tolerate its taint")
  func cordoned() {
    var node = Node(name: "n")
    node.isUnschedulable = true
    let toleration = Toleration(key: "node.kubernetes.io/unschedulable", comparison: .exists)
    #expect(!NodeUnschedulableFilter.admits([], node))
    #expect(NodeUnschedulableFilter.admits([toleration], node))
  }

  @Test("An empty node term matches nothing, an empty list of terms neither")
  func emptyTerms() {
    let node = Node(name: "n", labels: ["x": "5"])
    #expect(!NodeAffinityFilter.matches(NodeSelectorTerm(), node))
    var template = PodTemplate()
    template.affinity.requiredNodeTerms = []
    #expect(!NodeAffinityFilter.matches(PlacementRules(template, SchedulerProfile()), node))
    let malformed = SelectorRequirement(key: "x", comparison: .greaterThan, values: ["four"])
    #expect(!NodeAffinityFilter.matches(NodeSelectorTerm(matchExpressions: [malformed]), node))
  }

  @Test("Names restrict the search if every term names some")
  func restrictedNames() {
    func term(_ names: String...) -> NodeSelectorTerm {
      NodeSelectorTerm(
        matchFields: names.map {
          SelectorRequirement(key: "metadata.name", comparison: .isIn, values: [$0])
        })
    }
    #expect(NodeAffinityFilter.restrictedNames([term("a"), term("b")]) == ["a", "b"])
    #expect(NodeAffinityFilter.restrictedNames([term("a", "b")]) == [])
    let open = NodeSelectorTerm(
      matchExpressions: [SelectorRequirement(key: "x", comparison: .exists)])
    #expect(NodeAffinityFilter.restrictedNames([term("a"), open]) == nil)
    #expect(NodeAffinityFilter.restrictedNames(nil) == nil)
  }

  @Test("Host ports conflict by number, transport and address")
  func ports() {
    let all = HostPort(port: 80)
    let one = HostPort(hostIP: "10.0.0.1", port: 80)
    #expect(NodePortsFilter.conflict(all, one))
    #expect(NodePortsFilter.conflict(one, one))
    #expect(!NodePortsFilter.conflict(one, HostPort(hostIP: "10.0.0.2", port: 80)))
    #expect(!NodePortsFilter.conflict(all, HostPort(transport: "UDP", port: 80)))
    #expect(!NodePortsFilter.conflict(all, HostPort(port: 81)))
  }

  @Test("A request above what the node offers at all can't be resolved by removing Pods")
  func fit() {
    var row = NodeRow()
    row.cpu = 1000
    row.memory = 100
    row.allowedPods = 2
    row.podCount = 1
    row.requestedCPU = 900
    var pod = PodFootprint()
    pod.cpu = 100
    #expect(NodeResourcesFit.verdict(pod, on: row).isFit)
    pod.cpu = 101
    #expect(
      NodeResourcesFit.verdict(pod, on: row)
        == Verdict(.nodeResourcesFit, detail: NodeResourcesFit.cpu))
    pod.cpu = 1001
    #expect(
      NodeResourcesFit.verdict(pod, on: row)
        == Verdict(.nodeResourcesFit, unresolvable: true, detail: NodeResourcesFit.cpu))
    pod.memory = 101
    #expect(
      NodeResourcesFit.verdict(pod, on: row)
        == Verdict(
          .nodeResourcesFit, unresolvable: true,
          detail: NodeResourcesFit.cpu | NodeResourcesFit.memory))
    row.podCount = 2
    row.requestedCPU = 2000
    #expect(
      NodeResourcesFit.verdict(PodFootprint(), on: row)
        == Verdict(.nodeResourcesFit, detail: NodeResourcesFit.tooManyPods))
  }

  @Test("LeastAllocated counts 100 m and 200 MiB for containers that name nothing")
  func footprints() {
    var template = PodTemplate(containers: [
      Container(), Container(requests: ResourceList(cpuMilli: 0, memory: nil)),
    ])
    var pod = PodFootprint(template)
    #expect(pod.cpu == 0 && pod.memory == 0)
    #expect(pod.nonZeroCPU == 100 && pod.nonZeroMemory == 2 * 209_715_200)
    #expect(pod.scoredCPU == 100)
    template.podRequests = ResourceList(cpuMilli: 500, memory: nil)
    pod = PodFootprint(template)
    #expect(pod.cpu == 500)
    #expect(pod.nonZeroCPU == 500)
    #expect(pod.scoredCPU == 100, "the incoming Pod's own level is ignored")
    #expect(pod.nonZeroMemory == 2 * 209_715_200)
  }
}
