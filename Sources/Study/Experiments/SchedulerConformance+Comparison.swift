import Scheduling

/// Compares decisions with recorded ones, field by field: the strong comparison.
enum SchedulerVectorComparison {
  static func differences(
    _ actual: [SchedulerVector.Decision], _ vector: SchedulerVector
  ) -> [String] {
    var failures: [String] = []
    if actual.count != vector.decisions.count {
      failures.append(
        "decisions: expected \(vector.decisions.count), got \(actual.count)")
    }
    let isFull = vector.detail == "full"
    for (place, (got, wanted)) in zip(actual, vector.decisions).enumerated() {
      var comparison = FieldComparison(path: "decisions[\(place)]")
      comparison.compare(got, wanted, isFull: isFull)
      failures += comparison.failures
    }
    return failures
  }

  static func differences(
    atEndOf player: SchedulerVectorPlayer, _ vector: SchedulerVector
  ) -> [String] {
    var comparison = FieldComparison(path: "")
    if let plugins = vector.scorePlugins {
      comparison.check("scorePlugins", ScorePlugin.standard.map(\.name), plugins)
    }
    comparison.check("bindings", player.bindings, vector.bindings)
    comparison.check("evicted", player.evicted.sorted(), vector.evicted.sorted())
    comparison.check("pending", player.pending.sorted(), vector.pending.sorted())
    return comparison.failures
  }
}

/// Collects differences under a path.
struct FieldComparison {
  let path: String
  private(set) var failures: [String] = []

  init(path: String) { self.path = path }

  mutating func check<Value: Equatable>(_ field: String, _ got: Value, _ wanted: Value) {
    if got == wanted { return }
    let place = path.isEmpty ? field : "\(path).\(field)"
    failures.append("\(place): expected \(Self.text(wanted)), got \(Self.text(got))")
  }

  /// A value as the records write it: absent ones are null, objects have their fields' names.
  private static func text(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { text($0.value) } ?? "null"
    case .collection: return "[\(mirror.children.map { text($0.value) }.joined(separator: ", "))]"
    case .struct, .class:
      let fields = mirror.children.map { "\($0.label ?? ""): \(text($0.value))" }
      return "{\(fields.joined(separator: ", "))}"
    default: return "\(value)"
    }
  }

  mutating func compare(
    _ got: SchedulerVector.Decision, _ wanted: SchedulerVector.Decision, isFull: Bool
  ) {
    check("pod", got.pod, wanted.pod)
    check("step", got.step, wanted.step)
    check("round", got.round, wanted.round)
    check("outcome", got.outcome, wanted.outcome)
    check("node", got.node, wanted.node)
    check("via", got.via, wanted.via)
    check("feasibleCount", got.feasibleCount, wanted.feasibleCount)
    if wanted.feasibleNodes != nil {
      check("feasibleNodes", got.feasibleNodes, wanted.feasibleNodes?.sorted())
    }
    check("infeasible", groups(got.infeasible), groups(wanted.infeasible))
    check("preFilterRejection", got.preFilterRejection, wanted.preFilterRejection)
    compareScores(got, wanted, isFull: isFull)
    check("gatedBy", got.gatedBy, wanted.gatedBy)
    check("message", got.message, wanted.message)
    check("preemption == nil", got.preemption == nil, wanted.preemption == nil)
    if let got = got.preemption, let wanted = wanted.preemption {
      compare(got, wanted, isFull: isFull)
    }
  }

  /// Groups of rejected nodes in one order, with their nodes in one order.
  private func groups(_ groups: [SchedulerVector.Group]?) -> [String] {
    (groups ?? []).map { group in
      let nodes = (group.nodes ?? []).sorted().joined(separator: ",")
      let reasons = group.reasons.joined(separator: "; ")
      return "\(group.plugin) \(group.code) [\(reasons)] \(group.count): \(nodes)"
    }.sorted()
  }

  private mutating func compareScores(
    _ got: SchedulerVector.Decision, _ wanted: SchedulerVector.Decision, isFull: Bool
  ) {
    let scores =
      isFull ? got.scores : got.scores.map { Array($0.prefix(SchedulerVector.scoresInCompact)) }
    check("scores.count", scores?.count ?? 0, wanted.scores?.count ?? 0)
    for (place, (left, right)) in zip(scores ?? [], wanted.scores ?? []).enumerated() {
      check("scores[\(place)]", left, right)
    }
    check("sumOfTotals", got.sumOfTotals, wanted.sumOfTotals)
    check("sumPerPlugin", got.sumPerPlugin, wanted.sumPerPlugin)
    check("tiedForBest", cut(got.tiedForBest, isFull), wanted.tiedForBest)
    check("tiedCount", got.tiedCount, wanted.tiedCount)
  }

  private mutating func compare(
    _ got: SchedulerVector.Preemption, _ wanted: SchedulerVector.Preemption, isFull: Bool
  ) {
    check("preemption.status", got.status, wanted.status)
    check("preemption.message", got.message, wanted.message)
    check("preemption.candidateCount", got.candidateCount, wanted.candidateCount)
    check("preemption.candidates", cut(got.candidates, isFull), wanted.candidates)
    check("preemption.nominatedNode", got.nominatedNode, wanted.nominatedNode)
    check("preemption.victims", got.victims, wanted.victims)
    check("preemption.pdbViolations", got.pdbViolations ?? 0, wanted.pdbViolations ?? 0)
    check("preemption.tiedNodes", cut(got.tiedNodes, isFull), wanted.tiedNodes)
    check(
      "preemption.clearedNominations", got.clearedNominations,
      wanted.clearedNominations?.sorted())
  }

  private func cut<Element>(_ list: [Element]?, _ isFull: Bool) -> [Element]? {
    isFull ? list : list.map { Array($0.prefix(SchedulerVector.entriesInCompact)) }
  }
}
