import ClusterModel

/// A Pod's namespace and labels: all that selectors look at.
struct PodKind: Hashable, Sendable {
  var namespace: String
  var labels: Labels
}

/// A selector of Pods in some namespaces.
struct PodSelector: Hashable, Sendable {
  /// Namespaces by name.
  var namespaces: [String]
  /// Whether every namespace counts.
  var everyNamespace = false
  /// Namespaces by label, looked up when a Pod is matched.
  var namespaceSelector: LabelSelector?
  /// The Pods; nil selects none.
  var labels: LabelSelector?

  /// A selector of Pods in one namespace.
  init(namespace: String, labels: LabelSelector?) {
    namespaces = [namespace]
    self.labels = labels
  }

  /// The selector of an affinity term whose owner is in a namespace.
  ///
  /// Terms of the incoming Pod have their namespace selector expanded to the names of the
  /// namespaces that exist; terms of existing Pods match it against the labels of the Pod's
  /// namespace (S: the two differ only for namespaces without an object).
  init(_ term: PodAffinityTerm, of namespace: String, expandedIn known: [Namespace]?) {
    labels = term.labelSelector
    namespaces = term.namespaces
    if term.namespaces.isEmpty && term.namespaceSelector == nil { namespaces = [namespace] }
    guard let selector = term.namespaceSelector else { return }
    if selector.isEmpty {
      everyNamespace = true
    } else if let known {
      for candidate in known where selector.matches(candidate.labels) {
        if !namespaces.contains(candidate.name) { namespaces.append(candidate.name) }
      }
    } else {
      namespaceSelector = selector
    }
  }

  /// Whether a Pod is selected, given its namespace's labels.
  func matches(_ kind: PodKind, namespaceLabels: Labels) -> Bool {
    guard let labels else { return false }
    let inNamespace =
      everyNamespace || namespaces.contains(kind.namespace)
      || namespaceSelector?.matches(namespaceLabels) == true
    return inNamespace && labels.matches(kind.labels)
  }
}

/// Pods that all of some selectors select, counted per node.
struct PodGroup: Sendable {
  /// The selectors; all must match.
  let selectors: [PodSelector]
  /// Whether each kind of Pod belongs, by number of the kind.
  var matches: [Bool] = []
  /// Members on each node.
  var onNode: [Int32] = []
  /// Members on each node that aren't stopping.
  var activeOnNode: [Int32] = []
  /// Members on all nodes.
  var total = 0
  /// The tallies that follow the group.
  var tallies: [Int32] = []
}

/// An affinity term that existing Pods carry, and how many carry it on each node.
struct CarriedTerm: Sendable {
  /// Which incoming Pods the term concerns.
  let selector: PodSelector
  /// The number of the topology key.
  let key: Int32
  /// Whether each kind of incoming Pod is concerned.
  var matches: [Bool] = []
  /// Pods on each node that require to be apart from those concerned.
  var apart: [Int32] = []
  /// How much the Pods of each node want those concerned near, as a score.
  var weight: [Int64] = []
  /// Pods of each node that want anything of it.
  var wishes: [Int32] = []
  /// Sums of ``apart`` and ``wishes``.
  var totalApart = 0
  var totalWishes = 0
  /// The tallies that follow the term.
  var tallies: [Int32] = []
}

/// How a class of Pods carries a term.
struct CarriedUse: BitwiseCopyable, Sendable {
  var term: Int32
  var apart: Int32
  var weight: Int64
  var wishes: Int32
}

/// A node label whose values form domains.
struct TopologyKey: Sendable {
  /// The label's key.
  let name: String
  /// Each node's domain; −1 where the label is missing.
  var domainOf: [Int32] = []
  /// Domains by the label's value, for name look-up only.
  var domains: [String: Int32] = [:]
  /// Whether no domain has more than one node, and the structure for which that was found out.
  var isSingle = false
  var singleVersion = -1
  /// How many domains there have been.
  var count: Int { domains.count }

  /// The domain of a value, made if it is new.
  mutating func domain(of value: String?) -> Int32 {
    guard let value else { return -1 }
    if let known = domains[value] { return known }
    let made = Int32(domains.count)
    domains[value] = made
    return made
  }
}

extension SchedulerCache {
  /// The number of a kind of Pod, with its memberships worked out when it is new.
  mutating func kind(_ kind: PodKind) -> Int32 {
    if let known = kindNumbers[kind] { return known }
    let number = Int32(kinds.count)
    kinds.append(kind)
    kindNumbers[kind] = number
    let namespaceLabels = labels(ofNamespace: kind.namespace)
    var member: [Int32] = []
    for place in groups.indices {
      let matches = groups[place].selectors.allSatisfy {
        $0.matches(kind, namespaceLabels: namespaceLabels)
      }
      groups[place].matches.append(matches)
      if matches { member.append(Int32(place)) }
    }
    groupsOfKind.append(member)
    var concerned: [Int32] = []
    for place in carriedTerms.indices {
      let matches = carriedTerms[place].selector.matches(kind, namespaceLabels: namespaceLabels)
      carriedTerms[place].matches.append(matches)
      if matches { concerned.append(Int32(place)) }
    }
    carriedOfKind.append(concerned)
    return number
  }

  /// The number of a group, counted over all placed Pods when it is new.
  mutating func group(_ selectors: [PodSelector]) -> Int32 {
    if let known = groupNumbers[selectors] { return known }
    let number = Int32(groups.count)
    groupNumbers[selectors] = number
    var made = PodGroup(selectors: selectors)
    made.onNode = [Int32](repeating: 0, count: rows.count)
    made.activeOnNode = made.onNode
    for (place, kind) in kinds.enumerated() {
      let namespaceLabels = labels(ofNamespace: kind.namespace)
      let matches = selectors.allSatisfy { $0.matches(kind, namespaceLabels: namespaceLabels) }
      made.matches.append(matches)
      if matches { groupsOfKind[place].append(number) }
    }
    for pod in pods where pod.node >= 0 && made.matches[Int(kindOfClass[Int(pod.classIndex)])] {
      made.onNode[Int(pod.node)] += 1
      made.total += 1
      if !pod.isTerminating { made.activeOnNode[Int(pod.node)] += 1 }
    }
    groups.append(made)
    return number
  }

  /// The number of a term that existing Pods may carry.
  mutating func carriedTerm(_ selector: PodSelector, key: Int32) -> Int32 {
    let identity = CarriedIdentity(selector: selector, key: key)
    if let known = carriedNumbers[identity] { return known }
    let number = Int32(carriedTerms.count)
    carriedNumbers[identity] = number
    var made = CarriedTerm(selector: selector, key: key)
    made.apart = [Int32](repeating: 0, count: rows.count)
    made.weight = [Int64](repeating: 0, count: rows.count)
    made.wishes = made.apart
    for (place, kind) in kinds.enumerated() {
      let matches = selector.matches(kind, namespaceLabels: labels(ofNamespace: kind.namespace))
      made.matches.append(matches)
      if matches { carriedOfKind[place].append(number) }
    }
    carriedTerms.append(made)
    return number
  }

  /// The number of a topology key, with every node's domain.
  mutating func topologyKey(_ name: String) -> Int32 {
    if let known = topologies.firstIndex(where: { $0.name == name }) { return Int32(known) }
    var made = TopologyKey(name: name)
    made.domainOf = [Int32](repeating: -1, count: rows.count)
    for slot in rows.indices where rows[slot].isPresent {
      made.domainOf[slot] = made.domain(of: nodes[slot]?.labels[name])
    }
    topologies.append(made)
    return Int32(topologies.count - 1)
  }

  func labels(ofNamespace name: String) -> Labels {
    namespaces.first { $0.name == name }?.labels ?? [:]
  }
}

/// What makes a carried term the same as another.
struct CarriedIdentity: Hashable, Sendable {
  var selector: PodSelector
  var key: Int32
}
