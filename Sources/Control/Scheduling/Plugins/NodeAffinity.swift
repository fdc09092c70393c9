import ClusterModel

/// NodeAffinity: node selectors, required and preferred node terms.
enum NodeAffinityFilter {
  static let reason = "node(s) didn't match Pod's node affinity/selector"
  static let addedReason = "node(s) didn't match scheduler-enforced node affinity"
  static let conflict = "pod affinity terms conflict"
  static let leftOut = "node(s) didn't satisfy plugin(s) [NodeAffinity]"

  /// Whether the selector's labels are all there and any required term matches.
  static func matches(_ rules: PlacementRules, _ node: Node) -> Bool {
    for entry in rules.nodeSelector.entries where node.labels[entry.key] != entry.value {
      return false
    }
    guard let terms = rules.requiredTerms else { return true }
    return terms.contains { matches($0, node) }
  }

  /// Whether the Pod's own rules match, and any required term of its profile.
  static func admits(_ rules: PlacementRules, _ node: Node) -> Bool {
    matches(rules, node) && (rules.addedTerms?.contains { matches($0, node) } ?? true)
  }

  /// Whether a term matches; an empty one, and one with a malformed condition, never does.
  static func matches(_ term: NodeSelectorTerm, _ node: Node) -> Bool {
    if term.matchExpressions.isEmpty && term.matchFields.isEmpty { return false }
    for field in term.matchFields {
      guard field.key == "metadata.name", field.values.count == 1,
        field.comparison == .isIn || field.comparison == .notIn
      else { return false }
    }
    for expression in term.matchExpressions where !isWellFormed(expression) { return false }
    return term.matchExpressions.allSatisfy { $0.matches(node.labels) }
      && term.matchFields.allSatisfy { $0.matches(value: node.name) }
  }

  private static func isWellFormed(_ requirement: SelectorRequirement) -> Bool {
    switch requirement.comparison {
    case .isIn, .notIn: !requirement.values.isEmpty
    case .exists, .doesNotExist: requirement.values.isEmpty
    case .greaterThan, .lessThan:
      requirement.values.count == 1 && Int64(requirement.values[0]) != nil
    }
  }

  /// The names that every term restricts the search to, if each does; empty is a contradiction.
  static func restrictedNames(_ terms: [NodeSelectorTerm]?) -> [String]? {
    guard let terms, !terms.isEmpty else { return nil }
    var union: [String] = []
    for term in terms {
      var names: [String]?
      for field in term.matchFields
      where field.key == "metadata.name" && field.comparison == .isIn {
        names = names.map { $0.filter(field.values.contains) } ?? field.values
      }
      guard let names else { return nil }
      for name in names where !union.contains(name) { union.append(name) }
    }
    return union
  }

  /// The sum of the weights of matching preferred terms.
  static func preference(_ terms: [PreferredNodeTerm], _ node: Node) -> Int64 {
    var sum: Int64 = 0
    for term in terms where term.weight != 0 && matches(term.preference, node) {
      sum += Int64(term.weight)
    }
    return sum
  }

  /// The score of a node with such a sum, where the feasible nodes have at most `most`.
  static func score(_ sum: Int64, most: Int64) -> Int64 { most == 0 ? 0 : 100 * sum / most }
}
