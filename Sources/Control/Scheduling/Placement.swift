import ClusterModel

/// The parts of a template that decide by a node's name, labels and taints alone.
struct PlacementRules: Hashable, Sendable {
  var nodeSelector: Labels
  var requiredTerms: [NodeSelectorTerm]?
  var preferredTerms: [PreferredNodeTerm]
  var tolerations: [Toleration]
  /// Filters that don't take part.
  var disabled: FilterSet
  /// Required terms that the profile adds; nil if it adds none.
  var addedTerms: [NodeSelectorTerm]?
  /// The types of instance that ComputeResource looks for; nil where it doesn't take part.
  var compute: ComputeResource.Wish?

  init(_ template: PodTemplate, _ profile: SchedulerProfile) {
    disabled = profile.disabledFilters
    nodeSelector = template.nodeSelector
    requiredTerms = template.affinity.requiredNodeTerms
    preferredTerms =
      template.affinity.preferredNodeTerms + profile.addedAffinity.preferredNodeTerms
    tolerations = template.tolerations
    addedTerms = profile.addedAffinity.requiredNodeTerms
    let usesCompute =
      !disabled.contains(.computeResource) || profile.weights.computeResource != 0
    if usesCompute { compute = ComputeResource.wish(template.annotations) }
  }

  /// Whether ComputeResource has types to choose between.
  var ranksTypes: Bool { (compute?.labels.count ?? 0) > 1 }
}

/// What placement rules say of one node.
struct PlacementOfNode: BitwiseCopyable, Sendable {
  /// The first of the static filters that rejects, in the filters' order.
  var rejection: Filter = .none
  /// Whether the node selector and required node affinity match.
  var meetsAffinity = true
  /// Whether every taint that keeps Pods off is tolerated.
  var toleratesTaints = true
  /// PreferNoSchedule taints not tolerated.
  var unwelcome: Int32 = 0
  /// Sum of the weights of matching preferred terms.
  var preference: Int64 = 0
  /// Whether it is the profile's own affinity that rejects.
  var isRejectedByProfile = false
  /// What ComputeResource says.
  var compute = ComputeResource.Answer.fits
  /// ComputeResource's score.
  var computeScore: Int64 = 0

  /// Whether no filter rejects by the node's description alone.
  var admits: Bool { rejection == .none && compute == .fits }
}

/// Placement rules with what they say of every node.
struct Placement: Sendable {
  let rules: PlacementRules
  /// The nodes that required affinity on `metadata.name` restricts the search to; nil if it doesn't.
  let names: [String]?
  /// Whether the Pod's own terms on names contradict each other.
  let termsConflict: Bool
  /// Whether required node affinity or a node selector is there at all.
  let hasRequirement: Bool
  private let filtersByAffinity: Bool
  private let filtersByTaint: Bool
  private let filtersCordoned: Bool
  private let filtersByCompute: Bool
  /// What is said of each node.
  var ofNode: [PlacementOfNode] = []
  /// How many nodes have taints that score.
  var unwelcomeNodes = 0
  /// How many nodes are rejected.
  private(set) var rejectedNodes = 0

  init(_ rules: PlacementRules) {
    self.rules = rules
    filtersByAffinity = !rules.disabled.contains(.nodeAffinity)
    filtersByTaint = !rules.disabled.contains(.taintToleration)
    filtersCordoned = !rules.disabled.contains(.nodeUnschedulable)
    filtersByCompute = !rules.disabled.contains(.computeResource)
    let restricted =
      filtersByAffinity ? NodeAffinityFilter.restrictedNames(rules.requiredTerms) : nil
    names = restricted?.isEmpty == true ? nil : restricted
    termsConflict = restricted?.isEmpty == true
    hasRequirement =
      filtersByAffinity && (rules.requiredTerms != nil || !rules.nodeSelector.isEmpty)
  }

  /// Works out what the rules say of a node.
  func evaluate(_ node: Node) -> PlacementOfNode {
    var result = PlacementOfNode()
    result.meetsAffinity = NodeAffinityFilter.matches(rules, node)
    result.toleratesTaints = TaintTolerationFilter.tolerates(rules.tolerations, node.taints)
    result.unwelcome = TaintTolerationFilter.unwelcome(rules.tolerations, node.taints)
    result.preference = NodeAffinityFilter.preference(rules.preferredTerms, node)
    if let wish = rules.compute {
      let judged = ComputeResource.judge(wish, node)
      if filtersByCompute { result.compute = judged.answer }
      result.computeScore = judged.score
    }
    if let names, !names.contains(node.name) {
      result.rejection = .leftOut
    } else if filtersCordoned && !NodeUnschedulableFilter.admits(rules.tolerations, node) {
      result.rejection = .nodeUnschedulable
    } else if filtersByTaint && !result.toleratesTaints {
      result.rejection = .taintToleration
    } else if filtersByAffinity, let added = rules.addedTerms,
      !added.contains(where: { NodeAffinityFilter.matches($0, node) })
    {
      result.rejection = .nodeAffinity
      result.isRejectedByProfile = true
    } else if hasRequirement && !result.meetsAffinity {
      result.rejection = .nodeAffinity
    }
    return result
  }

  /// Sets what is said of a node, or of none.
  mutating func update(_ slot: Int, _ node: Node?) {
    while ofNode.count <= slot { ofNode.append(PlacementOfNode()) }
    if ofNode[slot].unwelcome > 0 { unwelcomeNodes -= 1 }
    if !ofNode[slot].admits { rejectedNodes -= 1 }
    ofNode[slot] = node.map(evaluate) ?? PlacementOfNode()
    if ofNode[slot].unwelcome > 0 { unwelcomeNodes += 1 }
    if !ofNode[slot].admits { rejectedNodes += 1 }
  }
}

extension SchedulerCache {
  /// The number of a template's placement rules, evaluated for every node when they are new.
  mutating func placement(of template: PodTemplate, _ profile: SchedulerProfile) -> Int32 {
    let rules = PlacementRules(template, profile)
    if let known = placementNumbers[rules] { return known }
    var made = Placement(rules)
    for slot in nodes.indices { made.update(slot, nodes[slot]) }
    placements.append(made)
    let number = Int32(placements.count - 1)
    placementNumbers[rules] = number
    return number
  }
}
