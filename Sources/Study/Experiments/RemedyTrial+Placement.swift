import ClusterModel
import Quantities
import Scheduling

/// Changes that concern labels, and rules about other Pods.
extension RemedyTrial {
  private static var hostname: String { "kubernetes.io/hostname" }

  /// Gives the node the labels that the Pod's selector and the nearest of its terms ask for, or the
  /// Pod a term that names the node where labels can't.
  mutating func matchAffinity(_ refusal: Refusal) -> String? {
    if refusal.reasons.contains(where: { $0.contains("scheduler-enforced") }) { return nil }
    let missing = template.nodeSelector.entries.filter { nodeNow.labels[$0.key] != $0.value }
    if !missing.isEmpty { return matchSelector(missing) }
    guard let terms = template.affinity.requiredNodeTerms else { return nil }
    let plans = terms.compactMap { term in
      term.matchFields.isEmpty ? Self.labels(for: term, on: nodeNow) : nil
    }
    if let least = plans.min(by: { $0.count < $1.count }), !least.isEmpty { return relabel(least) }
    let name = nodeNow.name
    let term = NodeSelectorTerm(matchFields: [
      SelectorRequirement(key: "metadata.name", comparison: .isIn, values: [name])
    ])
    if terms.contains(term) { return nil }
    alterPod { $0.affinity.requiredNodeTerms = terms + [term] }
    return "a term of its node affinity that admits \(name)"
  }

  private mutating func matchSelector(_ missing: [Labels.Entry]) -> String? {
    if missing.contains(where: { $0.key == Self.hostname }) {
      alterPod { $0.nodeSelector[Self.hostname] = nil }
      return "a node selector without \(Self.hostname)"
    }
    return relabel(missing.map { ($0.key, $0.value) })
  }

  private mutating func relabel(_ plan: [(key: String, value: String?)]) -> String? {
    alterNode(.labels) { changed in for label in plan { changed.labels[label.key] = label.value } }
    let texts = plan.map { label in
      label.value.map { $0.isEmpty ? "the label \(label.key)" : "the label \(label.key)=\($0)" }
        ?? "no label \(label.key)"
    }
    return "\(texts.joined(separator: " and ")) on \(nodeNow.name)"
  }

  /// The labels that a term asks for beyond a node's, a value or none; nil if labels can't meet it.
  private static func labels(
    for term: NodeSelectorTerm, on node: Node
  ) -> [(key: String, value: String?)]? {
    var plan: [(key: String, value: String?)] = []
    for requirement in term.matchExpressions where !requirement.matches(node.labels) {
      if requirement.key == hostname { return nil }
      switch requirement.comparison {
      case .isIn:
        guard let value = requirement.values.first else { return nil }
        plan.append((requirement.key, value))
      case .exists: plan.append((requirement.key, ""))
      case .notIn, .doesNotExist: plan.append((requirement.key, nil))
      case .greaterThan, .lessThan:
        guard let limit = requirement.values.first.flatMap({ Int64($0) }) else { return nil }
        let value = requirement.comparison == .greaterThan ? limit + 1 : limit - 1
        plan.append((requirement.key, String(value)))
      }
    }
    return plan
  }

  /// Gives the node a domain of its own where it has none, else lets the rule in its way bear more:
  /// the one that alone helps by the least, or all of them.
  mutating func spread() -> String? {
    let rules = template.topologySpread.indices.filter { template.topologySpread[$0].isRequired }
    let missing = rules.map { template.topologySpread[$0].topologyKey }
      .filter { nodeNow.labels[$0] == nil }
    if !missing.isEmpty {
      let name = nodeNow.name
      return relabel(missing.map { ($0, name) })
    }
    if rules.isEmpty { return nil }
    var best: (rules: [Int], more: Int32)?
    for chosen in rules.map({ [$0] }) + [rules] where best == nil || chosen.count == 1 {
      guard let more = leastSkew(chosen) else { continue }
      if best == nil || more < best!.more { best = (chosen, more) }
    }
    guard let best else { return nil }
    alterPod { changed in
      for rule in best.rules { changed.topologySpread[rule].maxSkew += best.more }
    }
    let texts = best.rules.map { rule in
      "maxSkew \(template.topologySpread[rule].maxSkew) for \(template.topologySpread[rule].topologyKey)"
    }
    return texts.joined(separator: " and ")
  }

  /// By how much some rules' skew must grow at least so that none of them rejects; nil if that
  /// doesn't help.
  private mutating func leastSkew(_ rules: [Int]) -> Int32? {
    let before = (template, shape)
    func helps(_ more: Int32, _ trial: inout RemedyTrial) -> Bool {
      trial.alterPod { changed in
        changed = before.0
        for rule in rules { changed.topologySpread[rule].maxSkew += more }
      }
      return trial.currentRefusal()?.plugin != "PodTopologySpread"
    }
    var high: Int32 = 1
    while high < 1 << 20, !helps(high, &self) { high *= 2 }
    var low: Int32 = high / 2
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if helps(middle, &self) { high = middle } else { low = middle }
    }
    let isEnough = helps(high, &self)
    alterPod { $0 = before.0 }
    return isEnough ? high : nil
  }

  /// Puts a Pod beside it that its required affinity asks for.
  mutating func attract() -> String? {
    let terms = template.affinity.requiredPodAffinity
    if terms.isEmpty { return nil }
    let missing = terms.map(\.topologyKey).filter { nodeNow.labels[$0] == nil }
    if !missing.isEmpty {
      let name = nodeNow.name
      return relabel(missing.map { ($0, name) })
    }
    var friend = PodTemplate(namespace: terms[0].namespaces.first ?? template.namespace)
    for term in terms {
      guard let selector = term.labelSelector else { return nil }
      for entry in selector.matchLabels.entries { friend.labels[entry.key] = entry.value }
      for requirement in selector.matchExpressions
      where !requirement.matches(friend.labels) {
        friend.labels[requirement.key] = requirement.values.first ?? ""
      }
    }
    let known = PodShape(template: world.addTemplate(friend), owner: nil)
    supposition.place(known, on: SupposedNode(slot: node.index), times: 1, in: world)
    let labels = friend.labels.entries.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let keys = terms.map(\.topologyKey)
    let places = keys.indices.filter { keys.firstIndex(of: keys[$0]) == $0 }.map { keys[$0] }
    return "a Pod labelled \(labels) in the \(places.joined(separator: " and ")) of \(nodeNow.name)"
  }

  /// Raises the number of Pods kept local as little as helps, or takes the switch away.
  mutating func keepLocal() -> String? {
    let quota = template.annotations[EksConfig.replicasKey].flatMap { Int($0) } ?? 0
    let before = template
    if quota > 0, !nodeNow.isVirtual {
      for more in 1...1000 {
        alterPod { $0.annotations[EksConfig.replicasKey] = String(quota + more) }
        if currentRefusal()?.plugin != "LocalReplicas" {
          return "\(EksConfig.replicasKey) \(quota + more)"
        }
      }
    }
    guard before.annotations[EksConfig.switchKey] != nil else { return nil }
    alterPod { changed in
      changed = before
      changed.annotations[EksConfig.switchKey] = nil
    }
    return "no annotation \(EksConfig.switchKey)"
  }
}
