import ClusterModel

extension Codec where Value == NodeSelectorTerm {
  static let nodeTerm = Codec.object(
    FieldTable<NodeSelectorTerm> { table in
      table.field(
        "matchExpressions", \.matchExpressions, Codec<SelectorRequirement>.requirement.list,
        Note("Conditions on labels."))
      table.field(
        "matchFields", \.matchFields, Codec<SelectorRequirement>.requirement.list,
        Note("Conditions on metadata.name."))
    }
  ) { NodeSelectorTerm() }
}

extension Codec where Value == PreferredNodeTerm {
  static let preferredNodeTerm = Codec.object(
    FieldTable<PreferredNodeTerm> { table in
      table.field("weight", \.weight, .integer(from: 0, to: 100), Note("1 to 100."))
      table.field("preference", \.preference, .nodeTerm, Note("What is preferred."))
    }
  ) { PreferredNodeTerm(weight: 0, preference: NodeSelectorTerm()) }
}

/// A Pod affinity term with the keys that the API server merges into its selector.
private struct PodTermReading: Sendable {
  var term = PodAffinityTerm(labelSelector: nil, topologyKey: "")
  var matchLabelKeys: [String] = []
  var mismatchLabelKeys: [String] = []

  /// The term as the API server stores it for a Pod with these labels; nil: it has stored it.
  func merged(_ labels: Labels?) -> PodAffinityTerm {
    guard let labels, term.labelSelector != nil else { return term }
    var result = term
    result.pendingKeys =
      matchLabelKeys.map { .init(key: $0, mustDiffer: false) }
      + mismatchLabelKeys.map { .init(key: $0, mustDiffer: true) }
    result.merge(labels)
    return result
  }

  static let fields = FieldTable<PodTermReading> { table in
    table.field(
      "labelSelector", \.term.labelSelector, Codec<LabelSelector>.selector.optional(written: nil),
      Note("Which Pods."))
    table.field(
      "namespaces", \.term.namespaces, Codec<String>.name.list, Note("The namespaces named."))
    table.field(
      "namespaceSelector", \.term.namespaceSelector,
      Codec<LabelSelector>.selector.optional(written: nil), Note("Which namespaces by label."))
    table.field(
      "topologyKey", \.term.topologyKey, .name,
      Note("The node label whose equal values form a domain.").required)
    table.field(
      "matchLabelKeys", \.matchLabelKeys, Codec<String>.name.list,
      Note("Keys whose values in the Pod must be equal."))
    table.field(
      "mismatchLabelKeys", \.mismatchLabelKeys, Codec<String>.name.list,
      Note("Keys whose values in the Pod must differ."))
  }
}

extension Codec where Value == PodAffinityTerm {
  static let podTerm: Codec = {
    let inner = Codec<PodTermReading>.object(PodTermReading.fields) { PodTermReading() }
    return Codec(
      shape: inner.shape,
      decode: { value, reader in
        let labels = reader.mergedLabels
        return inner.decode(value, &reader).map { $0.merged(labels) }
      }, encode: { inner.encode(PodTermReading(term: $0)) })
  }()
}

extension Codec where Value == WeightedPodAffinityTerm {
  static let weightedPodTerm = Codec.object(
    FieldTable<WeightedPodAffinityTerm> { table in
      table.field("weight", \.weight, .integer(from: 0, to: 100), Note("1 to 100."))
      table.field("podAffinityTerm", \.term, .podTerm, Note("The term."))
    }
  ) {
    WeightedPodAffinityTerm(
      weight: 0, term: PodAffinityTerm(labelSelector: nil, topologyKey: ""))
  }
}

extension Affinity {
  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  /// Affinity to nodes alone.
  static let nodeFields = FieldTable<Affinity> { table in
    table.group(required, Note("What must hold.")) { table in
      table.field(
        "nodeSelectorTerms", \.requiredNodeTerms,
        Codec<NodeSelectorTerm>.nodeTerm.list.optional(written: nil),
        Note("Terms of which one must match."))
    }
    table.field(
      preferred, \.preferredNodeTerms, Codec<PreferredNodeTerm>.preferredNodeTerm.list,
      Note("What is preferred."))
  }

  static let fields = FieldTable<Affinity> { table in
    table.group("nodeAffinity", Note("Which nodes."), of: nodeFields)
    table.group("podAffinity", Note("Near which Pods.")) { table in
      table.field(
        required, \.requiredPodAffinity, Codec<PodAffinityTerm>.podTerm.list,
        Note("What must hold."))
      table.field(
        preferred, \.preferredPodAffinity, Codec<WeightedPodAffinityTerm>.weightedPodTerm.list,
        Note("What is preferred."))
    }
    table.group("podAntiAffinity", Note("Away from which Pods.")) { table in
      table.field(
        required, \.requiredPodAntiAffinity, Codec<PodAffinityTerm>.podTerm.list,
        Note("What must hold."))
      table.field(
        preferred, \.preferredPodAntiAffinity, Codec<WeightedPodAffinityTerm>.weightedPodTerm.list,
        Note("What is preferred."))
    }
  }
}

extension Codec where Value == TopologySpreadConstraint {
  static let spreadConstraint = Codec.object(
    FieldTable<TopologySpreadConstraint> { table in
      table.field(
        "maxSkew", \.maxSkew, .integer(from: 1), Note("The largest difference.").required)
      table.field(
        "topologyKey", \.topologyKey, .name,
        Note("The node label whose equal values form a domain.").required)
      table.field(
        "whenUnsatisfiable", \.isRequired, .words(yes: "DoNotSchedule", no: "ScheduleAnyway"),
        Note("Whether a violation rejects a node.").required)
      table.field(
        "labelSelector", \.labelSelector, Codec<LabelSelector>.selector.optional(written: nil),
        Note("Which Pods are counted."))
      table.field("minDomains", \.minDomains, .integer(from: 1), Note("The fewest domains."))
      table.field(
        "nodeAffinityPolicy", \.nodeAffinityPolicy, .choice,
        Note("Whether node affinity decides which nodes form domains."))
      table.field(
        "nodeTaintsPolicy", \.nodeTaintsPolicy, .choice,
        Note("Whether taints decide which nodes form domains."))
      table.field(
        "matchLabelKeys", \.matchLabelKeys, Codec<String>.name.list,
        Note("Keys whose values in the Pod are added to the selector."))
    }
  ) {
    TopologySpreadConstraint(maxSkew: 1, topologyKey: "", isRequired: true, labelSelector: nil)
  }
}
