import Quantities

/// What a taint does to Pods that don't tolerate it.
public enum TaintEffect: String, Hashable, Sendable, CaseIterable {
  case noSchedule = "NoSchedule"
  case preferNoSchedule = "PreferNoSchedule"
  case noExecute = "NoExecute"
}

/// A mark on a node that repels Pods which don't tolerate it.
public struct Taint: Hashable, Sendable {
  /// The taint's key.
  public var key: String
  /// The taint's value; often empty.
  public var value: String
  /// What it does.
  public var effect: TaintEffect
  /// When it was added; known of taints that evict.
  public var added: Instant?
  /// A taint from its parts, added nobody knows when.
  public init(key: String, value: String = "", effect: TaintEffect) {
    self.key = key
    self.value = value
    self.effect = effect
    added = nil
  }
}

/// A Pod's statement that it bears certain taints.
public struct Toleration: Hashable, Sendable {
  /// How the taint's value is compared. The numeric operators are read but, as in v1.36 with its
  /// default gates, match nothing.
  public enum Operator: String, Hashable, Sendable, CaseIterable {
    case equal = "Equal"
    case exists = "Exists"
    case lessThan = "Lt"
    case greaterThan = "Gt"
  }
  /// The taint's key; empty for every key.
  public var key: String
  /// How the value is compared.
  public var comparison: Operator
  /// The value compared with.
  public var value: String
  /// The taint's effect; nil for every effect.
  public var effect: TaintEffect?
  /// How long a NoExecute taint is borne, in seconds; nil for ever.
  public var seconds: Int64?

  /// A toleration from its parts.
  public init(
    key: String = "", comparison: Operator = .equal, value: String = "",
    effect: TaintEffect? = nil, seconds: Int64? = nil
  ) {
    self.key = key
    self.comparison = comparison
    self.value = value
    self.effect = effect
    self.seconds = seconds
  }

  /// Whether the toleration bears a taint.
  ///
  /// > Source: kube-scheduler v1.36 (S): an empty effect or key matches any; `Exists` ignores the
  /// > value; the numeric operators are behind an alpha gate and match nothing.
  public func tolerates(_ taint: Taint) -> Bool {
    if let effect, effect != taint.effect { return false }
    if !key.isEmpty && key != taint.key { return false }
    switch comparison {
    case .exists: return true
    case .equal: return value == taint.value
    case .lessThan, .greaterThan: return false
    }
  }
}

/// A group of conditions on a node, all of which must hold; an empty term matches nothing.
public struct NodeSelectorTerm: Hashable, Sendable {
  /// Conditions on labels.
  public var matchExpressions: [SelectorRequirement]
  /// Conditions on fields; only `metadata.name` with `In` or `NotIn` and one value exists.
  public var matchFields: [SelectorRequirement]
  /// A term from its parts.
  public init(
    matchExpressions: [SelectorRequirement] = [], matchFields: [SelectorRequirement] = []
  ) {
    self.matchExpressions = matchExpressions
    self.matchFields = matchFields
  }
}

/// A node preference with its weight.
public struct PreferredNodeTerm: Hashable, Sendable {
  /// 1 to 100; 0 is ignored.
  public var weight: Int32
  /// What is preferred.
  public var preference: NodeSelectorTerm
  /// A preference from its parts.
  public init(weight: Int32, preference: NodeSelectorTerm) {
    self.weight = weight
    self.preference = preference
  }
}

/// A condition on the Pods that run in a node's topology domain.
public struct PodAffinityTerm: Hashable, Sendable {
  /// Which Pods; nil matches none.
  public var labelSelector: LabelSelector?
  /// The namespaces named; with no selector and no names, the owner's namespace.
  public var namespaces: [String]
  /// Which namespaces by label; an empty selector means all.
  public var namespaceSelector: LabelSelector?
  /// The node label whose equal values form a domain.
  public var topologyKey: String
  /// Labels of the Pod whose values the selector is to ask for, or to exclude, as far as the Pod's
  /// template hasn't got them yet.
  public var pendingKeys: [PendingKey] = []
  /// A term from its parts.
  public init(
    labelSelector: LabelSelector?, namespaces: [String] = [],
    namespaceSelector: LabelSelector? = nil, topologyKey: String
  ) {
    self.labelSelector = labelSelector
    self.namespaces = namespaces
    self.namespaceSelector = namespaceSelector
    self.topologyKey = topologyKey
  }

  /// One of `matchLabelKeys` (in) or `mismatchLabelKeys` (not in).
  public struct PendingKey: Hashable, Sendable {
    /// The label's key.
    public var key: String
    /// Whether the value must differ.
    public var mustDiffer: Bool
    /// A key from its parts.
    public init(key: String, mustDiffer: Bool) {
      self.key = key
      self.mustDiffer = mustDiffer
    }
  }

  /// Asks for, or excludes, the values that the Pod has of the pending keys; keys that it lacks stay.
  ///
  /// > Source: `applyMatchLabelKeysAndMismatchLabelKeys` of Kubernetes 1.31 (M): keys that the Pod
  /// > hasn't are skipped.
  public mutating func merge(_ labels: Labels) {
    guard labelSelector != nil, !pendingKeys.isEmpty else { return }
    for pending in pendingKeys {
      guard let value = labels[pending.key] else { continue }
      let requirement = SelectorRequirement(
        key: pending.key, comparison: pending.mustDiffer ? .notIn : .isIn, values: [value])
      if labelSelector?.matchExpressions.contains(requirement) != true {
        labelSelector?.matchExpressions.append(requirement)
      }
    }
    pendingKeys.removeAll { labels[$0.key] != nil }
  }
}

/// A Pod affinity term with its weight.
public struct WeightedPodAffinityTerm: Hashable, Sendable {
  /// 1 to 100.
  public var weight: Int32
  /// The term.
  public var term: PodAffinityTerm
  /// A weighted term from its parts.
  public init(weight: Int32, term: PodAffinityTerm) {
    self.weight = weight
    self.term = term
  }
}

/// Where a Pod must or would rather run.
public struct Affinity: Hashable, Sendable {
  /// Node terms of which one must match; nil for no requirement, empty matches no node.
  public var requiredNodeTerms: [NodeSelectorTerm]?
  /// Weighted node preferences.
  public var preferredNodeTerms: [PreferredNodeTerm] = []
  /// Pod terms that must all hold.
  public var requiredPodAffinity: [PodAffinityTerm] = []
  /// Weighted Pod terms.
  public var preferredPodAffinity: [WeightedPodAffinityTerm] = []
  /// Pod terms none of which may hold.
  public var requiredPodAntiAffinity: [PodAffinityTerm] = []
  /// Weighted Pod terms to keep away from.
  public var preferredPodAntiAffinity: [WeightedPodAffinityTerm] = []
  /// No requirement and no preference.
  public init() {}
}

/// A rule that spreads Pods over topology domains.
public struct TopologySpreadConstraint: Hashable, Sendable {
  /// Whether node affinity or taints decide which nodes form domains.
  public enum InclusionPolicy: String, Hashable, Sendable, CaseIterable {
    case honor = "Honor"
    case ignore = "Ignore"
  }
  /// The largest difference allowed or aimed at.
  public var maxSkew: Int32
  /// The node label whose equal values form a domain.
  public var topologyKey: String
  /// Whether a violation rejects a node (`DoNotSchedule`) or costs score (`ScheduleAnyway`).
  public var isRequired: Bool
  /// Which Pods are counted; nil matches none.
  public var labelSelector: LabelSelector?
  /// The fewest domains; fewer make the smallest count zero. Default 1.
  public var minDomains: Int32
  /// Default `Honor`.
  public var nodeAffinityPolicy: InclusionPolicy
  /// Default `Ignore`.
  public var nodeTaintsPolicy: InclusionPolicy
  /// Keys whose values in the incoming Pod are added to the selector.
  public var matchLabelKeys: [String]

  /// A constraint from its parts.
  public init(
    maxSkew: Int32, topologyKey: String, isRequired: Bool, labelSelector: LabelSelector?,
    minDomains: Int32 = 1, nodeAffinityPolicy: InclusionPolicy = .honor,
    nodeTaintsPolicy: InclusionPolicy = .ignore, matchLabelKeys: [String] = []
  ) {
    self.maxSkew = maxSkew
    self.topologyKey = topologyKey
    self.isRequired = isRequired
    self.labelSelector = labelSelector
    self.minDomains = minDomains
    self.nodeAffinityPolicy = nodeAffinityPolicy
    self.nodeTaintsPolicy = nodeTaintsPolicy
    self.matchLabelKeys = matchLabelKeys
  }
}
