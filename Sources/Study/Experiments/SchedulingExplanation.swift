import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import Scheduling
import Statistics

/// Why a Pod is where it is, or nowhere: the last attempt to schedule it, found by running the
/// scenario again.
public struct SchedulingExplanation: Sendable {
  /// Which of the Pod's attempts it is, from 1; 0: the scheduler leaves the Pod alone.
  public var attempt: Int
  /// When it began.
  public var at: Instant
  /// What would make the Pod fit, one sentence for each way, each tried on the scheduler's filters;
  /// empty if it fits.
  public var remedies: [String]
  /// How far it went where no way was found, and what can't be tried.
  public var untried: [String]
  var record: SchedulerVector.Decision
  private var feasible: [String]
  private var scorePlugins: [String]

  /// Explains the last attempt of a Pod, named with or without its namespace; nil if the scheduler
  /// never tried it.
  public init?(of pod: String, in scenario: Scenario, replication: Int = 0) {
    let found = scenario.explain(pod: pod, replication: replication) { attempt, cluster in
      SchedulingExplanation(attempt, cluster)
    }
    if let found {
      self = found
    } else if let left = scenario.exemption(of: pod, replication: replication) {
      self.init(neverTried: left.pod, left.reason)
    } else {
      return nil
    }
  }

  /// A Pod that the scheduler leaves alone.
  private init(neverTried pod: String, _ reason: String) {
    attempt = 0
    at = .zero
    remedies = []
    untried = []
    feasible = []
    scorePlugins = []
    let isGated = reason.contains("scheduling gates")
    record = SchedulerVector.Decision(
      step: 0, round: 0, pod: pod, outcome: isGated ? "gated" : "skipped", feasibleCount: 0)
    if isGated { record.gatedBy = "SchedulingGates" }
    record.message = reason
  }

  private init(_ attempt: ExplainedAttempt, _ cluster: borrowing ClusterState) {
    self.attempt = attempt.number
    at = attempt.at
    let name = cluster.pod(attempt.pod).map { cluster.qualifiedName(of: $0) } ?? ""
    record = SchedulerVector.Decision(
      step: attempt.number, round: 1, pod: name, outcome: "unschedulable", feasibleCount: 0)
    record.describe(attempt.decision, in: cluster)
    feasible = record.feasibleNodes ?? []
    scorePlugins = attempt.decision.scorePlugins
    (remedies, untried) = ([], [])
    if attempt.decision.node == nil {
      let found = Remedies(attempt, in: cluster)
      (remedies, untried) = (found.sentences, found.untried)
    }
  }

  /// The decision in the form of the golden vectors, keys sorted.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
  }

  /// The decision as text: the outcome, the rejected nodes by plugin, the best five, the remedies.
  public var text: String {
    if attempt == 0 { return "\(record.pod): \(record.message ?? "")\n" }
    var lines = ["\(record.pod): \(record.outcome)" + (record.node.map { " on \($0)" } ?? "")]
    lines[0] += " at \(at.nanoseconds / 1_000_000) ms, attempt \(attempt)"
    if let message = record.message { lines.append("  \(message)") }
    if let early = record.preFilterRejection {
      lines.append("rejected at once by \(early.plugin): \(early.reasons.joined(separator: "; "))")
    }
    lines += rejectedLines + scoreLines
    if let preemption = record.preemption, let node = preemption.nominatedNode {
      let victims = (preemption.victims ?? []).joined(separator: ", ")
      lines.append("preemption: evicts \(victims) on \(node)")
    }
    if !remedies.isEmpty { lines.append("it would fit with one of") }
    lines += remedies.map { "  \($0)" }
    if !untried.isEmpty { lines.append("it might fit with one of") }
    return (lines + untried.map { "  \($0)" }).joined(separator: "\n") + "\n"
  }

  /// The nodes that were looked at, the chosen one and the best first, a row each.
  public var table: ResultTable {
    var table = ResultTable(
      "nodes",
      columns: [
        .init("node", kind: .text), .init("standing", kind: .text), .init("score", kind: .count),
        .init("plugin", kind: .text), .init("reason", kind: .text),
      ])
    let scores = record.scores ?? []
    let scored = Set(scores.map(\.node))
    func standing(_ node: String) -> String { node == record.node ? "chosen" : "feasible" }
    for score in scores {
      table.append([
        .text(score.node), .text(standing(score.node)), .count(Int(score.total)), .missing,
        .missing,
      ])
    }
    for node in feasible where !scored.contains(node) {
      table.append([.text(node), .text(standing(node)), .missing, .missing, .missing])
    }
    for group in record.infeasible ?? [] {
      let plugin = group.plugin.isEmpty ? "NodeAffinity" : group.plugin
      for node in group.nodes ?? [] {
        table.append([
          .text(node), .text("rejected"), .missing, .text(plugin),
          .text(group.reasons.joined(separator: "; ")),
        ])
      }
    }
    return table
  }

  /// How many nodes of a reason are named in a text.
  private static let namedNodes = 3

  /// A line for each reason, with the nodes that it is true of.
  private var rejectedLines: [String] {
    guard let groups = record.infeasible else { return [] }
    var reasons: [(text: String, nodes: [String])] = []
    for group in groups {
      let plugin = group.plugin.isEmpty ? "NodeAffinity" : group.plugin
      let text = "\(plugin): \(group.reasons.joined(separator: "; "))"
      // Groups part what a preemption might help from what it can't; a reader asks for the reason.
      if let same = reasons.firstIndex(where: { $0.text == text }) {
        reasons[same].nodes += group.nodes ?? []
      } else {
        reasons.append((text, group.nodes ?? []))
      }
    }
    var lines = ["rejected"]
    var isCut = false
    for (text, nodes) in reasons {
      let named = nodes.prefix(Self.namedNodes).joined(separator: ", ")
      var place = named
      if nodes.count > Self.namedNodes {
        place = "\(nodes.count) nodes, such as \(named)"
        isCut = true
      }
      lines.append("  \(place)  \(text)")
    }
    return lines + (isCut ? ["  (-o wide lists every node)"] : [])
  }

  private var scoreLines: [String] {
    guard let scores = record.scores else {
      return feasible.isEmpty ? [] : ["feasible: \(feasible.joined(separator: ", ")), not scored"]
    }
    var lines = ["best of \(scores.count) feasible nodes"]
    for score in scores.prefix(5) {
      var parts: [String] = []
      for (name, points) in zip(scorePlugins, score.plugins) {
        if let points { parts.append("\(name) \(points)") }
      }
      lines.append("  \(score.node)  \(score.total) = \(parts.joined(separator: " + "))")
    }
    return lines
  }
}
