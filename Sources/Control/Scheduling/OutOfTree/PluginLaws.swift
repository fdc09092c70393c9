import ClusterModel

/// What the scheduler relies on when it keeps a plugin's answers, as laws that can be checked.
public enum PluginLaw: String, Hashable, Sendable, CaseIterable {
  /// Who is asked the same twice answers the same.
  case pure = "the same question gets the same answer"
  /// It doesn't matter which nodes were asked about before.
  case orderless = "the order of nodes doesn't matter"
  /// Points lie within 0 … 100, before the weight, and a filter has the reasons that it gives.
  case inRange = "points are from 0 to 100, reasons are the filter's own"
  /// Nothing decides that the plugin doesn't say it reads.
  case declared = "nothing decides that the plugin doesn't say it reads"
}

/// A law that a plugin breaks, and where.
public struct PluginViolation: Hashable, Sendable, CustomStringConvertible {
  /// The plugin.
  public var plugin: String
  /// The law.
  public var law: PluginLaw
  /// The Pod asked about, by its number from 0 among those given, and the node's name.
  public var pod: Int
  /// The node asked about.
  public var node: String
  /// What was found.
  public var finding: String

  /// One line: plugin, place, finding and law.
  public var description: String {
    "\(plugin), Pod \(pod) on node \(node): \(finding) (law: \(law.rawValue))"
  }
}

/// Asks a plugin about Pods and nodes and compares its answers.
public struct PluginLaws: Sendable {
  /// The Pods asked about.
  public var pods: [PodView]
  /// The nodes asked about.
  public var nodes: [NodeView]

  /// Laws to be checked over some Pods and nodes, each of which the plugin should tell from others.
  public init(pods: [PodView], nodes: [NodeView]) {
    self.pods = pods
    self.nodes = nodes
  }

  /// What a plugin breaks: of each law the first case, of a filter before that of a score.
  public func violations(of plugin: any OutOfTreePlugin) -> [PluginViolation] {
    var found: [PluginViolation] = []
    if let filter = plugin as? any OutOfTreeFilter {
      found += violations(filter.name, filter.reads, { text($0, of: filter) }) {
        filter.filter($0, on: $1)
      }
      found += unknownReasons(filter)
    }
    if let score = plugin as? any OutOfTreeScore {
      found += violations(score.name, score.reads, { "\($0) points" }) { score.score($0, on: $1) }
      found += outOfRange(score)
    }
    var first: [PluginViolation] = []
    for violation in found where !first.contains(where: { $0.law == violation.law }) {
      first.append(violation)
    }
    return first
  }

  private func text(_ answer: FilterAnswer, of filter: any OutOfTreeFilter) -> String {
    guard case .rejected(let reason, _) = answer else { return "fits" }
    let known = filter.reasons.indices.contains(reason)
    return "rejected, \"\(known ? filter.reasons[reason] : "reason \(reason)")\""
  }

  private func violations<Answer: Equatable>(
    _ name: String, _ reads: PluginInputs, _ text: (Answer) -> String,
    _ ask: (PodView, NodeView) -> Answer
  ) -> [PluginViolation] {
    var found: [PluginViolation] = []
    func note(_ law: PluginLaw, _ pod: Int, _ node: Int, _ finding: String) {
      found.append(
        PluginViolation(
          plugin: name, law: law, pod: pod, node: nodes[node].node.name, finding: finding))
    }
    for pod in pods.indices {
      let shown = pods[pod].limited(to: reads)
      var answers: [Answer] = []
      for node in nodes.indices {
        let view = nodes[node].limited(to: reads)
        let answer = ask(shown, view)
        let again = ask(shown, view)
        if answer != again { note(.pure, pod, node, "\(text(answer)), then \(text(again))") }
        answers.append(again)
      }
      for order in [Array(nodes.indices.reversed()), Self.otherOrder(nodes.count)] {
        for node in order {
          let answer = ask(shown, nodes[node].limited(to: reads))
          if answer != answers[node] {
            note(
              .orderless, pod, node,
              "\(text(answers[node])), but \(text(answer)) when the nodes come in another order")
          }
        }
      }
      for node in nodes.indices {
        for (what, pod2, node2) in changes(pod, node, reads) {
          let answer = ask(pod2, node2)
          if answer != answers[node] {
            note(
              .declared, pod, node,
              "\(text(answers[node])), but \(text(answer)) with other \(what), which it doesn't read"
            )
          }
        }
      }
    }
    return found
  }

  /// The question with something else where the plugin says it doesn't look.
  private func changes(
    _ pod: Int, _ node: Int, _ reads: PluginInputs
  ) -> [(what: String, PodView, NodeView)] {
    var changed: [(String, PodView, NodeView)] = []
    let shown = pods[pod].limited(to: reads)
    let view = nodes[node].limited(to: reads)
    for other in [nodes[node], nodes[(node + 1) % nodes.count]] {
      var requested = view
      requested.requested = other.requested
      if !reads.contains(.requested) { changed.append(("requested amounts", shown, requested)) }
      var members = view
      members.pods = other.pods
      if !reads.contains(.pods) { changed.append(("Pods on the node", shown, members)) }
    }
    if !reads.contains(.identity) {
      for identity in [pods[pod].identity, PodView.Identity(name: "other/pod", ordinal: 7)] {
        changed.append(("Pods of its kind", PodView(shown.template, identity: identity), view))
      }
    }
    return changed
  }

  private func unknownReasons(_ filter: any OutOfTreeFilter) -> [PluginViolation] {
    everywhere(filter) { pod, node in
      guard case .rejected(let reason, _) = filter.filter(pod, on: node),
        !filter.reasons.indices.contains(reason)
      else { return nil }
      return "rejected for its reason \(reason), of which it has \(filter.reasons.count)"
    }
  }

  private func outOfRange(_ score: any OutOfTreeScore) -> [PluginViolation] {
    everywhere(score) { pod, node in
      let points = score.score(pod, on: node)
      return 0...100 ~= points ? nil : "\(points) points"
    }
  }

  private func everywhere(
    _ plugin: any OutOfTreePlugin, _ finding: (PodView, NodeView) -> String?
  ) -> [PluginViolation] {
    var found: [PluginViolation] = []
    for pod in pods.indices {
      for node in nodes {
        let answer = finding(pods[pod].limited(to: plugin.reads), node.limited(to: plugin.reads))
        if let answer {
          found.append(
            PluginViolation(
              plugin: plugin.name, law: .inRange, pod: pod, node: node.node.name, finding: answer))
        }
      }
    }
    return found
  }

  /// An order that has little in common with the natural one.
  private static func otherOrder(_ count: Int) -> [Int] {
    Array(0..<count).sorted {
      let (a, b) = (($0 &* 7919 &+ 13) % 1009, ($1 &* 7919 &+ 13) % 1009)
      return a == b ? $0 < $1 : a < b
    }
  }
}
