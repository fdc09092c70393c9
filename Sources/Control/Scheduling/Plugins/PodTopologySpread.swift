import ClusterModel

/// PodTopologySpread: constants and the compilation of rules.
enum PodTopologySpread {
  static let reason = "node(s) didn't match pod topology spread constraints"
  static let missingLabel = reason + " (missing required label)"
  static let hostname = "kubernetes.io/hostname"
  static let zone = "topology.kubernetes.io/zone"
  /// The detail of a verdict about a missing label.
  static let missing: UInt32 = 1

  /// The built-in rules: hostname with skew 3 and zone with skew 5, both preferred (S).
  static func defaults(_ selector: LabelSelector) -> [TopologySpreadConstraint] {
    [
      TopologySpreadConstraint(
        maxSkew: 3, topologyKey: hostname, isRequired: false, labelSelector: selector),
      TopologySpreadConstraint(
        maxSkew: 5, topologyKey: zone, isRequired: false, labelSelector: selector),
    ]
  }

  /// A rule's selector with the Pod's values of its `matchLabelKeys` added.
  static func selector(of rule: TopologySpreadConstraint, for labels: Labels) -> LabelSelector? {
    var selector = rule.labelSelector
    for key in rule.matchLabelKeys {
      guard let value = labels[key] else { continue }
      var extended = selector ?? LabelSelector()
      extended.matchExpressions.append(
        SelectorRequirement(key: key, comparison: .isIn, values: [value]))
      selector = extended
    }
    return selector
  }
}

extension SchedulerCache {
  /// A template's spread rules, or the profile's default ones where it has none and a Service or an
  /// owner selects its Pods.
  mutating func compileSpread(
    _ template: PodTemplate, kind: Int32, ownerSelector: LabelSelector?, _ profile: SchedulerProfile
  ) -> (required: [SpreadRule], preferred: [SpreadRule], isBuiltIn: Bool) {
    var constraints = template.topologySpread
    let isBuiltIn = constraints.isEmpty && profile.defaultSpread == nil
    if constraints.isEmpty {
      let selector = defaultSelector(template, ownerSelector: ownerSelector)
      if selector.isEmpty { return ([], [], isBuiltIn) }
      constraints = profile.defaultSpread ?? PodTopologySpread.defaults(selector)
      for place in constraints.indices { constraints[place].labelSelector = selector }
    }
    let filters = !profile.disabledFilters.contains(.podTopologySpread)
    let scores = profile.weights.podTopologySpread != 0
    var required: [SpreadRule] = []
    var preferred: [SpreadRule] = []
    for constraint in constraints {
      let selector = PodTopologySpread.selector(of: constraint, for: template.labels)
      let group = group([PodSelector(namespace: template.namespace, labels: selector)])
      let rule = SpreadRule(
        key: topologyKey(constraint.topologyKey), group: group,
        isSelectorEmpty: selector?.isEmpty == true,
        selectsItself: groups[Int(group)].matches[Int(kind)],
        isHostname: constraint.topologyKey == PodTopologySpread.hostname,
        maxSkew: constraint.maxSkew, minDomains: constraint.minDomains,
        honoursAffinity: constraint.nodeAffinityPolicy == .honor,
        honoursTaints: constraint.nodeTaintsPolicy == .honor)
      if constraint.isRequired {
        if filters { required.append(rule) }
      } else if scores {
        preferred.append(rule)
      }
    }
    return (required, preferred, isBuiltIn)
  }

  /// The labels of every Service that selects the Pod, and its owner's selector.
  private func defaultSelector(
    _ template: PodTemplate, ownerSelector: LabelSelector?
  ) -> LabelSelector {
    var selector = LabelSelector()
    for service in services
    where service.namespace == template.namespace && !service.selector.isEmpty {
      let wanted = LabelSelector(matchLabels: service.selector)
      guard wanted.matches(template.labels) else { continue }
      for entry in service.selector.entries { selector.matchLabels[entry.key] = entry.value }
    }
    guard let ownerSelector else { return selector }
    for entry in ownerSelector.matchLabels.entries {
      let present = selector.matchLabels[entry.key]
      if present == nil {
        selector.matchLabels[entry.key] = entry.value
      } else if present != entry.value {
        selector.matchExpressions.append(
          SelectorRequirement(key: entry.key, comparison: .isIn, values: [entry.value]))
      }
    }
    selector.matchExpressions += ownerSelector.matchExpressions
    return selector
  }

  /// Whether a node counts for a rule of a class.
  @inline(__always)
  func includes(_ rule: SpreadRule, _ node: PlacementOfNode) -> Bool {
    (!rule.honoursAffinity || node.meetsAffinity) && (!rule.honoursTaints || node.toleratesTaints)
  }

  /// Whether a node has the keys of all rules.
  @inline(__always)
  func hasKeys(of rules: [SpreadRule], _ slot: Int) -> Bool {
    for rule in rules where topologies[Int(rule.key)].domainOf[slot] < 0 { return false }
    return true
  }

  /// Counts the Pods of every domain for the required rules.
  func spreadCounts(_ classIndex: Int) -> [SpreadCounts] {
    let rules = classes[classIndex].requiredSpread
    let ofNode = placements[Int(classes[classIndex].placement)].ofNode
    return rules.map { rule in
      var counts = SpreadCounts()
      let domainOf = topologies[Int(rule.key)].domainOf
      counts.ofDomain = [Int32](repeating: -1, count: topologies[Int(rule.key)].count)
      let active = groups[Int(rule.group)].activeOnNode
      let isPartial = rule.honoursAffinity || rule.honoursTaints
      for slot in domainOf.indices where domainOf[slot] >= 0 {
        if isPartial && !includes(rule, ofNode[slot]) { continue }
        if rules.count > 1 && !hasKeys(of: rules, slot) { continue }
        let domain = Int(domainOf[slot])
        if counts.ofDomain[domain] < 0 {
          counts.ofDomain[domain] = 0
          counts.domains += 1
        }
        if !rule.isSelectorEmpty { counts.ofDomain[domain] += active[slot] }
      }
      for (domain, count) in counts.ofDomain.enumerated() where count >= 0 {
        if count < counts.smallest {
          counts.second = counts.smallest
          counts.smallest = count
          counts.smallestDomain = Int32(domain)
        } else if count < counts.second {
          counts.second = count
        }
      }
      return counts
    }
  }

  /// The rules' answer about a node: a missing key can't be resolved, a skew can.
  func spreadVerdict(
    _ classIndex: Int, on slot: Int, _ state: CycleState, trial: Trial
  ) -> Verdict {
    let rules = classes[classIndex].requiredSpread
    let node = placements[Int(classes[classIndex].placement)].ofNode[slot]
    let counted = !trial.isEmpty && hasKeys(of: rules, slot)
    for place in rules.indices {
      let rule = rules[place]
      let domain = topologies[Int(rule.key)].domainOf[slot]
      if domain < 0 {
        return Verdict(
          .podTopologySpread, unresolvable: true, detail: PodTopologySpread.missing)
      }
      var delta: Int32 = 0
      if counted, includes(rule, node) { delta = trial.spread[place] }
      let present = state.spread[place].ofDomain[Int(domain)]
      var smallest = state.spread[place].smallest
      if delta != 0 {
        let others =
          domain == state.spread[place].smallestDomain ? state.spread[place].second : smallest
        smallest = min(present + delta, others)
      }
      if state.spread[place].domains < rule.minDomains { smallest = 0 }
      let count = max(present, 0) + delta
      if count + (rule.selectsItself ? 1 : 0) - smallest > rule.maxSkew {
        return Verdict(.podTopologySpread)
      }
    }
    return .fits
  }
}
