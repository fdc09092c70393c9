import CloudSimulation
import ClusterModel
import Quantities
import Scheduling
import Testing

@testable import Autoscaling

@Suite("Drain rules, in their order")
struct DrainRulesTests {
  private struct Case: Sendable {
    var name: String
    var namespace = "default"
    var owner: WorkloadKind? = .replicaSet
    var annotations: Labels = [:]
    var volumes: [String] = []
    var budget: Int32?
    var flags: PodFlags = []
    var age = TimeSpan.hours(2)
    var expected: Drainability
  }

  private static let key = "cluster-autoscaler.kubernetes.io/safe-to-evict"
  private static let volumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

  private static let cases: [Case] = [
    Case(name: "plain", expected: .moves),
    Case(name: "bare", owner: nil, expected: .blocks(.notReplicated)),
    Case(name: "bare but safe", owner: nil, annotations: [key: "true"], expected: .moves),
    Case(name: "mirror", owner: nil, flags: [.mirror], expected: .skipped),
    Case(name: "stopping", owner: nil, flags: [.terminating], expected: .skipped),
    Case(name: "daemon", owner: .daemonSet, annotations: [key: "false"], expected: .skipped),
    Case(name: "job", owner: .job, expected: .moves),
    Case(name: "not safe", annotations: [key: "false"], expected: .blocks(.notSafeToEvict)),
    Case(
      name: "young system Pod", namespace: "kube-system", age: .minutes(59),
      expected: .blocks(.unmovableSystemPod)),
    Case(
      name: "system Pod of an hour", namespace: "kube-system", age: .hours(1), expected: .moves),
    Case(
      name: "young system Pod with a budget", namespace: "kube-system", budget: 1,
      age: .minutes(1), expected: .moves),
    Case(name: "disk", volumes: ["data"], expected: .blocks(.localStorage)),
    Case(
      name: "dispensable disk", annotations: [volumes: "cache,data"], volumes: ["data"],
      expected: .moves),
    Case(name: "no budget left", budget: 0, expected: .blocks(.notEnoughBudget)),
    Case(name: "a budget of one", budget: 1, expected: .moves),
    Case(
      name: "safe beats the budget", annotations: [key: "true"], budget: 0, expected: .moves),
  ]

  private func answer(
    _ one: Case, _ change: (inout NodeAutoscalerConfiguration) -> Void = { _ in }
  ) -> Drainability {
    var cluster = ClusterState()
    var template = PodTemplate(namespace: one.namespace, labels: ["app": "a"])
    template.annotations = one.annotations
    template.volumes.local = one.volumes
    let id = cluster.addTemplate(template)
    let owner = one.owner.map { kind in
      cluster.addWorkload(
        WorkloadObject(kind: kind, namespace: one.namespace, name: "w", template: template),
        template: id, owner: nil, at: .zero)
    }
    let now = Instant.zero + .hours(5)
    let pod = cluster.createPod(
      owner: owner, template: id, ordinal: 0, attempt: 0, at: now - one.age)
    if one.flags.contains(.mirror) { cluster.setCondition(pod, .mirror, true) }
    if one.flags.contains(.terminating) { cluster.markTerminating(pod) }
    var budgets: [PodDisruptionBudget] = []
    if let allowed = one.budget {
      budgets.append(
        PodDisruptionBudget(
          namespace: one.namespace, name: "b",
          selector: LabelSelector(matchLabels: ["app": "a"]), disruptionsAllowed: allowed))
    }
    var configuration = NodeAutoscalerConfiguration()
    change(&configuration)
    let autoscaler = ClusterAutoscaler(configuration: configuration, oracle: Supposition())
    guard let record = cluster.pod(pod) else { return .skipped }
    return autoscaler.drainability(of: record, cluster, BudgetTracker(budgets), at: now)
  }

  @Test("Each Pod has its answer")
  func answers() {
    for one in Self.cases { #expect(answer(one) == one.expected, "\(one.name)") }
  }

  @Test("A rule that is off lets its Pods go")
  func mutants() {
    func blocked(_ change: (inout NodeAutoscalerConfiguration) -> Void) -> [String] {
      Self.cases.filter { answer($0, change) != $0.expected }.map(\.name)
    }
    #expect(blocked { $0.skipsNodesWithSystemPods = false } == ["young system Pod"])
    #expect(blocked { $0.skipsNodesWithLocalStorage = false } == ["disk"])
    #expect(blocked { $0.systemPodProtection = .minutes(59) } == ["young system Pod"])
  }

  @Test("Budgets are used up from node to node")
  func budgets() {
    let template = PodTemplate(labels: ["app": "a"])
    var budgets = BudgetTracker([
      PodDisruptionBudget(
        namespace: "default", name: "b", selector: LabelSelector(matchLabels: ["app": "a"]),
        disruptionsAllowed: 1)
    ])
    #expect(budgets.allows(template))
    budgets.use(template)
    #expect(!budgets.allows(template))
    #expect(budgets.allows(PodTemplate(labels: ["app": "other"])))
  }
}
