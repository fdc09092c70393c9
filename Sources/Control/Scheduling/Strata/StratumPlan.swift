/// Where a rule finds its count for a stratum: in a component, or in a tally at the domain that a
/// component names.
struct CountPlace: BitwiseCopyable, Sendable {
  /// The component; −1 there means that the node lacks the label.
  var component: Int32
  /// The tally; −1: the component is the count.
  var tally: Int32
}

/// What of a node the strata of a class tell apart, compiled from the class's rules and the terms
/// of existing Pods that concern it.
///
/// A key whose domains have one node each, as the host name, contributes counts; any other its
/// domain, whose counts are in tallies, so that a Pod moves no node but its own to another stratum.
struct StratumPlan: Sendable {
  /// The structure, and the number of terms concerning the class, for which it was compiled.
  let structureVersion: Int
  let termCount: Int
  /// How many components a stratum has.
  fileprivate(set) var width = 0
  /// Components with taints not tolerated and the preference of node terms; −1: it has none.
  fileprivate(set) var unwelcome: Int32 = -1
  fileprivate(set) var preference: Int32 = -1
  /// Keys whose domain is a component.
  fileprivate(set) var domains: [(key: Int32, component: Int32)] = []
  /// By required spread rule.
  fileprivate(set) var required: [CountPlace] = []
  /// By required spread rule: the tally that knows the smallest count.
  fileprivate(set) var requiredTallies: [Int32] = []
  /// By preferred spread rule; the host name's count is always the node's own.
  fileprivate(set) var preferred: [CountPlace] = []
  /// By key of the required affinity terms.
  fileprivate(set) var near: [CountPlace] = []
  fileprivate(set) var nearTallies: [Int32] = []
  /// Required anti-affinity, the class's and existing Pods': tallies at domains.
  fileprivate(set) var apart: [CountPlace] = []
  /// A component that isn't 0 where either keeps Pods off by a key of single nodes; −1: none does.
  fileprivate(set) var blocked: Int32 = -1
  fileprivate(set) var blockingRules: [AffinityRule] = []
  fileprivate(set) var blockingTerms: [Int32] = []
  /// Inter-Pod scores: tallies at domains, times a factor.
  fileprivate(set) var wishes: [(place: CountPlace, factor: Int64)] = []
  /// A component with the score by keys of single nodes; −1: none has one.
  fileprivate(set) var wish: Int32 = -1
  fileprivate(set) var wishingRules: [AffinityRule] = []
  fileprivate(set) var wishingTerms: [Int32] = []

  fileprivate init(structureVersion: Int, termCount: Int) {
    self.structureVersion = structureVersion
    self.termCount = termCount
  }

  fileprivate mutating func component() -> Int32 {
    width += 1
    return Int32(width - 1)
  }

  fileprivate mutating func domain(of key: Int32) -> Int32 {
    if let known = domains.first(where: { $0.key == key }) { return known.component }
    let made = component()
    domains.append((key, made))
    return made
  }
}

extension SchedulerCache {
  /// Whether every domain of a key has one node at most.
  mutating func isSingle(_ key: Int32) -> Bool {
    let place = Int(key)
    if topologies[place].singleVersion != structureVersion {
      var isTaken = [Bool](repeating: false, count: topologies[place].count)
      var isSingle = true
      for domain in topologies[place].domainOf where domain >= 0 {
        if isTaken[Int(domain)] {
          isSingle = false
          break
        }
        isTaken[Int(domain)] = true
      }
      topologies[place].isSingle = isSingle
      topologies[place].singleVersion = structureVersion
    }
    return topologies[place].isSingle
  }

  /// Compiles what the strata of a class tell apart.
  mutating func stratumPlan(_ classIndex: Int) -> StratumPlan {
    let terms = carriedOfKind[Int(kindOfClass[classIndex])]
    var plan = StratumPlan(structureVersion: structureVersion, termCount: terms.count)
    let weights = weights(of: classIndex)
    let placement = Int(classes[classIndex].placement)
    if weights.taintToleration != 0, placements[placement].unwelcomeNodes > 0 {
      plan.unwelcome = plan.component()
    }
    if weights.nodeAffinity != 0, !placements[placement].rules.preferredTerms.isEmpty {
      plan.preference = plan.component()
    }
    planSpread(classIndex, &plan)
    if classes[classIndex].heedsTerms { planApart(classIndex, terms, &plan) }
    if weights.interPodAffinity != 0, !ignoresOthersWishes(classIndex) {
      planWishes(classIndex, terms, &plan)
    }
    return plan
  }

  private mutating func planSpread(_ classIndex: Int, _ plan: inout StratumPlan) {
    let podClass = classes[classIndex]
    let requiredKeys = podClass.requiredSpread.count > 1 ? podClass.requiredSpread.map(\.key) : []
    for rule in podClass.requiredSpread {
      let number = spreadTally(rule, podClass.placement, keys: requiredKeys)
      let isSingle = isSingle(rule.key)
      plan.requiredTallies.append(number)
      plan.required.append(
        isSingle
          ? CountPlace(component: plan.component(), tally: -1)
          : CountPlace(component: plan.domain(of: rule.key), tally: number))
    }
    let isPartial = !podClass.usesBuiltInSpread && podClass.preferredSpread.count > 1
    let preferredKeys = isPartial ? podClass.preferredSpread.map(\.key) : []
    for rule in podClass.preferredSpread {
      if rule.isHostname {
        plan.preferred.append(CountPlace(component: plan.component(), tally: -1))
      } else {
        let number = spreadTally(rule, podClass.placement, keys: preferredKeys)
        plan.preferred.append(
          CountPlace(component: plan.domain(of: rule.key), tally: number))
      }
    }
  }

  private mutating func spreadTally(
    _ rule: SpreadRule, _ placement: Int32, keys: [Int32]
  ) -> Int32 {
    let isPartial = rule.honoursAffinity || rule.honoursTaints
    return tally(
      TallyIdentity(
        source: rule.isSelectorEmpty ? .nothing : .active(rule.group), key: rule.key,
        placement: isPartial ? placement : -1, honoursAffinity: rule.honoursAffinity,
        honoursTaints: rule.honoursTaints, keys: keys))
  }

  private mutating func planApart(
    _ classIndex: Int, _ terms: [Int32], _ plan: inout StratumPlan
  ) {
    let group = classes[classIndex].affinityGroup
    for key in classes[classIndex].affinityKeys {
      let number = tally(TallyIdentity(source: .members(group), key: key))
      plan.nearTallies.append(number)
      plan.near.append(
        isSingle(key)
          ? CountPlace(component: plan.component(), tally: -1)
          : CountPlace(component: plan.domain(of: key), tally: number))
    }
    for rule in classes[classIndex].antiAffinity {
      if isSingle(rule.key) {
        plan.blockingRules.append(rule)
      } else {
        let number = tally(TallyIdentity(source: .members(rule.group), key: rule.key))
        plan.apart.append(CountPlace(component: plan.domain(of: rule.key), tally: number))
      }
    }
    for term in terms {
      let key = carriedTerms[Int(term)].key
      if isSingle(key) {
        plan.blockingTerms.append(term)
      } else {
        let number = tally(TallyIdentity(source: .apart(term), key: key))
        plan.apart.append(CountPlace(component: plan.domain(of: key), tally: number))
      }
    }
    if !plan.blockingRules.isEmpty || !plan.blockingTerms.isEmpty {
      plan.blocked = plan.component()
    }
  }

  private mutating func planWishes(
    _ classIndex: Int, _ terms: [Int32], _ plan: inout StratumPlan
  ) {
    for rule in classes[classIndex].preferredAffinity {
      if isSingle(rule.key) {
        plan.wishingRules.append(rule)
      } else {
        let number = tally(TallyIdentity(source: .members(rule.group), key: rule.key))
        let place = CountPlace(component: plan.domain(of: rule.key), tally: number)
        plan.wishes.append((place, rule.weight))
      }
    }
    for term in terms {
      let key = carriedTerms[Int(term)].key
      if isSingle(key) {
        plan.wishingTerms.append(term)
      } else {
        let number = tally(TallyIdentity(source: .weight(term), key: key))
        plan.wishes.append((CountPlace(component: plan.domain(of: key), tally: number), 1))
      }
    }
    if !plan.wishingRules.isEmpty || !plan.wishingTerms.isEmpty { plan.wish = plan.component() }
  }

  /// Makes sure that the tallies of a plan are up to date.
  mutating func refreshTallies(of plan: StratumPlan) {
    for number in plan.requiredTallies { refreshTally(number) }
    for place in plan.preferred where place.tally >= 0 { refreshTally(place.tally) }
    for number in plan.nearTallies { refreshTally(number) }
    for place in plan.apart { refreshTally(place.tally) }
    for wish in plan.wishes { refreshTally(wish.place.tally) }
  }

  /// Works out the components of a node.
  func components(_ plan: StratumPlan, _ classIndex: Int, on slot: Int, into tuple: inout [Int64]) {
    let node = placements[Int(classes[classIndex].placement)].ofNode[slot]
    if plan.unwelcome >= 0 { tuple[Int(plan.unwelcome)] = Int64(node.unwelcome) }
    if plan.preference >= 0 { tuple[Int(plan.preference)] = node.preference }
    for entry in plan.domains {
      tuple[Int(entry.component)] = Int64(topologies[Int(entry.key)].domainOf[slot])
    }
    for place in plan.required.indices where plan.required[place].tally < 0 {
      let rule = classes[classIndex].requiredSpread[place]
      let hasLabel = topologies[Int(rule.key)].domainOf[slot] >= 0
      let domain = Int(topologies[Int(rule.key)].domainOf[slot])
      tuple[Int(plan.required[place].component)] =
        hasLabel ? tallies[Int(plan.requiredTallies[place])].ofDomain[domain] : -1
    }
    for place in plan.preferred.indices where plan.preferred[place].tally < 0 {
      let rule = classes[classIndex].preferredSpread[place]
      let hasLabel = topologies[Int(rule.key)].domainOf[slot] >= 0
      let here = rule.isSelectorEmpty ? 0 : groups[Int(rule.group)].activeOnNode[slot]
      tuple[Int(plan.preferred[place].component)] = hasLabel ? Int64(here) : -1
    }
    interPodComponents(plan, classIndex, on: slot, into: &tuple)
  }

  @inline(__always)
  private func interPodComponents(
    _ plan: StratumPlan, _ classIndex: Int, on slot: Int, into tuple: inout [Int64]
  ) {
    for place in plan.near.indices where plan.near[place].tally < 0 {
      let key = Int(classes[classIndex].affinityKeys[place])
      let members = groups[Int(classes[classIndex].affinityGroup)].onNode[slot]
      tuple[Int(plan.near[place].component)] =
        topologies[key].domainOf[slot] < 0 ? -1 : members > 0 ? 1 : 0
    }
    if plan.blocked >= 0 {
      var isBlocked: Int64 = 0
      for rule in plan.blockingRules where topologies[Int(rule.key)].domainOf[slot] >= 0 {
        if groups[Int(rule.group)].onNode[slot] > 0 { isBlocked = 1 }
      }
      for term in plan.blockingTerms {
        let key = Int(carriedTerms[Int(term)].key)
        if carriedTerms[Int(term)].apart[slot] > 0, topologies[key].domainOf[slot] >= 0 {
          isBlocked = 1
        }
      }
      tuple[Int(plan.blocked)] = isBlocked
    }
    if plan.wish >= 0 {
      var sum: Int64 = 0
      for rule in plan.wishingRules where topologies[Int(rule.key)].domainOf[slot] >= 0 {
        sum += Int64(groups[Int(rule.group)].onNode[slot]) * rule.weight
      }
      for term in plan.wishingTerms {
        let key = Int(carriedTerms[Int(term)].key)
        if topologies[key].domainOf[slot] >= 0 { sum += carriedTerms[Int(term)].weight[slot] }
      }
      tuple[Int(plan.wish)] = sum
    }
  }
}
