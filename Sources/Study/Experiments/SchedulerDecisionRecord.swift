import ClusterModel
import Scheduling

extension SchedulerVector.Decision {
  /// Writes a decision as the vectors do.
  mutating func describe(_ decision: SchedulingDecision, in cluster: borrowing ClusterState) {
    let nodeNames = (0..<cluster.nodeSlotCount).map { slot in
      cluster.nodeID(slot: slot).flatMap { cluster.node($0)?.name } ?? ""
    }
    func name(_ node: NodeID) -> String { nodeNames[node.index] }
    let podNames = Self.victimNames(decision, in: cluster)
    func podName(_ pod: PodID) -> String { podNames[pod] ?? "" }
    node = decision.node.map(name)
    if decision.node != nil { outcome = "scheduled" }
    via = decision.foundBy?.rawValue
    // Counted by the path that decided; the list beside it comes from the general path.
    feasibleCount = decision.standing?.kept ?? decision.feasible.count
    feasibleNodes = decision.feasible.map(name).sorted()
    message = decision.message
    describeRejections(decision, name, nodeCount: nodeNames.count { !$0.isEmpty })
    describeScores(decision, name)
    guard let found = decision.preemption else { return }
    var entry = SchedulerVector.Preemption(
      status: found.status, candidateCount: found.candidates.count)
    if !found.message.isEmpty { entry.message = found.message }
    if !found.candidates.isEmpty {
      entry.candidates = found.candidates.map {
        SchedulerVector.Candidate(
          node: name($0.node), victims: $0.victims.map(podName), pdbViolations: $0.violations)
      }.sorted { $0.node < $1.node }
    }
    if let chosen = found.chosen {
      outcome = "nominated"
      entry.nominatedNode = name(chosen.node)
      entry.victims = chosen.victims.map(podName)
      entry.pdbViolations = chosen.violations
      entry.tiedNodes = found.tied.map(name).sorted()
    }
    if !found.cleared.isEmpty {
      entry.clearedNominations = found.cleared.map(podName).sorted()
    }
    preemption = entry
  }

  private mutating func describeRejections(
    _ decision: SchedulingDecision, _ name: (NodeID) -> String, nodeCount: Int
  ) {
    var groups: [SchedulerVector.Group] = []
    for rejection in decision.rejections {
      let code = rejection.isUnresolvable ? "UnschedulableAndUnresolvable" : "Unschedulable"
      let known = groups.firstIndex {
        $0.plugin == rejection.plugin && $0.code == code && $0.reasons == rejection.reasons
      }
      if let known {
        groups[known].count += 1
        groups[known].nodes?.append(name(rejection.node))
      } else {
        groups.append(
          SchedulerVector.Group(
            plugin: rejection.plugin, code: code, reasons: rejection.reasons, count: 1,
            nodes: [name(rejection.node)]))
      }
    }
    for place in groups.indices { groups[place].nodes?.sort() }
    groups.sort { $0.order.utf8.lexicographicallyPrecedes($1.order.utf8) }
    if !groups.isEmpty { infeasible = groups }
    if let early = decision.earlyRejection {
      preFilterRejection = SchedulerVector.Group(
        plugin: early.plugin, code: "UnschedulableAndUnresolvable", reasons: [early.reason],
        count: nodeCount, nodes: nil)
    }
  }

  private mutating func describeScores(
    _ decision: SchedulingDecision, _ name: (NodeID) -> String
  ) {
    if decision.scores.isEmpty { return }
    let sorted = decision.scores.map {
      SchedulerVector.Score(node: name($0.node), total: $0.total, plugins: $0.columns)
    }.sorted { $0.total != $1.total ? $0.total > $1.total : $0.node < $1.node }
    scores = sorted
    sumOfTotals = sorted.reduce(0) { $0 + $1.total }
    sumPerPlugin = decision.scorePlugins.indices.map { column in
      sorted.reduce(0) { $0 + ($1.plugins[column] ?? 0) }
    }
    tiedForBest = sorted.filter { $0.total == sorted[0].total }.map(\.node)
    tiedCount = decision.standing?.tied ?? tiedForBest?.count
  }

  /// The names of the Pods that a decision would move.
  private static func victimNames(
    _ decision: SchedulingDecision, in cluster: borrowing ClusterState
  ) -> [PodID: String] {
    var names: [PodID: String] = [:]
    guard let preemption = decision.preemption else { return names }
    let pods = preemption.candidates.flatMap(\.victims) + preemption.cleared
    for id in pods { names[id] = cluster.pod(id).map { cluster.qualifiedName(of: $0) } }
    return names
  }
}
