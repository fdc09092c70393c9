import ClusterModel
import Quantities
import Scheduling

/// What would make a Pod fit, found by changing one thing after the other until the scheduler's own
/// filters take it.
struct Remedies {
  /// Ways that were tried: with each the Pod would fit; the shortest first.
  private(set) var sentences: [String] = []
  /// Where no way was found: how far each went, or what can't be tried.
  private(set) var untried: [String] = []

  /// Nodes looked at for each plugin that rejects some, those with the least shortage first.
  private static let nodesPerPlugin = 8
  private static let mostSentences = 8

  private struct Way {
    var changes: [String]
    var text: String { changes.joined(separator: " and ") }
    /// Whether another way does with less of the same.
    func needsMore(than other: Way) -> Bool {
      other.changes.count < changes.count && other.changes.allSatisfy(changes.contains)
    }
  }

  init(_ attempt: ExplainedAttempt, in cluster: borrowing ClusterState) {
    guard let pod = cluster.pod(attempt.pod) else { return }
    var groups: [(plugin: String, nodes: [Candidate])] = []
    var base = attempt.supposition
    for rejection in attempt.decision.rejections {
      guard let node = cluster.node(rejection.node) else { continue }
      let lacking = base.shortages(
        of: pod.id, as: PodShape(pod), on: rejection.node, in: cluster)
      let share = lacking.map { Double($0.missing) / Double($0.asked) }.max() ?? 0
      let candidate = Candidate(rejection: rejection, name: node.name, share: share)
      if let place = groups.firstIndex(where: { $0.plugin == rejection.plugin }) {
        groups[place].nodes.append(candidate)
      } else {
        groups.append((rejection.plugin, [candidate]))
      }
    }
    // Amounts first; the others in the order in which they reject.
    groups = groups.filter { $0.plugin == Self.fit } + groups.filter { $0.plugin != Self.fit }
    var ways: [Way] = []
    var stuck: [String] = []
    for group in groups {
      let nodes = group.nodes.sorted { ($0.share, $0.name) < ($1.share, $1.name) }
      var found: [Way] = []
      for candidate in nodes.prefix(Self.nodesPerPlugin) {
        var trial = RemedyTrial(attempt, on: candidate.rejection.node, in: cluster)
        if trial.succeeds() {
          found.append(Way(changes: trial.changes))
        } else {
          stuck.append(Self.stuck(trial.changes, trial.refusal, candidate))
        }
      }
      // Of nodes that only lack resources, the one that lacks least.
      if group.plugin == Self.fit,
        let least = found.min(by: { $0.changes.count < $1.changes.count })
      {
        found = [least]
      }
      ways += found
    }
    for count in Set(ways.map(\.changes.count)).sorted() {
      for way in ways where way.changes.count == count {
        if !ways.contains(where: way.needsMore) { Self.note(way.text, in: &sentences) }
      }
    }
    if sentences.isEmpty { for text in stuck { Self.note(text, in: &untried) } }
  }

  private static let fit = "NodeResourcesFit"

  private struct Candidate {
    var rejection: SchedulingDecision.Rejection
    var name: String
    var share: Double
  }

  /// How far a way went that didn't lead to the end.
  private static func stuck(
    _ changes: [String], _ refusal: Refusal?, _ candidate: Candidate
  ) -> String {
    let plugin = refusal?.plugin ?? candidate.rejection.plugin
    if changes.isEmpty { return RemedyTrial.wish(plugin, on: candidate.name) }
    let reasons = (refusal?.reasons ?? []).joined(separator: "; ")
    return "\(changes.joined(separator: " and ")), but then \(plugin) rejects \(candidate.name): "
      + reasons
  }

  private static func note(_ text: String, in list: inout [String]) {
    if !list.contains(text), list.count < mostSentences { list.append(text) }
  }
}
