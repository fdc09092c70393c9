import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Scheduling

extension Checks {
  /// Autoscaled pools whose sizes contradict each other, or whose machines take no Pod.
  mutating func checkNodeGroups(_ scenario: Scenario) {
    for (document, pool) in world.all(NodePool.self) {
      guard let autoscaling = pool.autoscaling else { continue }
      let keys = ["spec", "autoscaling"]
      if autoscaling.min > autoscaling.max {
        report(
          at: keys + ["min"], in: document, "wrong-value",
          "the fewest machines, \(autoscaling.min), are more than the most, \(autoscaling.max)",
          expected: "min up to max")
      } else if !(autoscaling.min...autoscaling.max).contains(pool.count) {
        report(
          at: ["spec", "count"], in: document, "wrong-value",
          "\(pool.count) machines at the start are outside of "
            + "\(autoscaling.min) to \(autoscaling.max)",
          expected: "a count from min to max")
      }
      if autoscaling.failureShare > 1 {
        report(
          at: keys + ["failureShare"], in: document, "out-of-range",
          "a share of \(plain(autoscaling.failureShare)) is more than all",
          expected: "a number from 0 to 1")
      }
      if !takesAnyPod(pool, of: scenario) {
        report(
          .warning, at: ["spec", "allocatable"], in: document, "never-fits",
          "no Pod of the input fits on a fresh machine of \(document.path()): the node autoscaler "
            + "will never ask for one")
      }
    }
    checkPriorities(scenario)
  }

  /// Whether a fresh machine takes a Pod of some workload, DaemonSets aside, or a Pod of its own.
  private func takesAnyPod(_ pool: NodePool, of scenario: Scenario) -> Bool {
    var templates = scenario.cluster.workloads.filter { $0.kind != .daemonSet }.map(\.template)
    templates += scenario.cluster.pods.filter { $0.owner == nil }.map(\.template)
    if templates.isEmpty { return true }
    var cluster = ClusterState()
    var shapes: [PodShape] = []
    for template in templates {
      shapes.append(PodShape(template: cluster.addTemplate(template), owner: nil))
    }
    var supposition = Supposition(profiles: scenario.scheduler.effectiveProfiles)
    supposition.begin(cluster, upTo: cluster.logEnd)
    let node = supposition.add(pool.node(0))
    for shape in shapes where supposition.refusals(shape, on: node, in: cluster).isEmpty {
      return true
    }
    return false
  }

  /// The expander `priority` without its ConfigMap keeps every group.
  private mutating func checkPriorities(_ scenario: Scenario) {
    let configuration = scenario.nodeAutoscaler
    guard configuration.expanders.contains(.priority), configuration.priorities.isEmpty,
      let document = world.own.first(where: { $0.kind == Scenario.kind })
    else { return }
    let name = "\(ExpanderPriority.configNamespace)/\(ExpanderPriority.configName)"
    report(
      .warning, at: ["spec", "nodeAutoscaler", "expander"], in: document, "missing-key",
      "the expander priority has nothing to go by",
      expected: "ConfigMap \(name) with the key \(ExpanderPriority.configKey): numbers, each with "
        + "a list of patterns on lines of their own")
  }
}
