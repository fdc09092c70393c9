import ClusterModel
import Quantities

/// An amount of an extended resource that a class of Pods requests.
struct ScalarRequest: Hashable, BitwiseCopyable, Sendable {
  /// The resource's column.
  var column: Int32
  /// Whole units.
  var amount: Int64
  /// Whether a node must have that much left.
  var mustFit = true
}

/// A rule of topology spreading as compiled for a class of Pods.
struct SpreadRule: BitwiseCopyable, Sendable {
  /// The topology key's number.
  var key: Int32
  /// The group counted.
  var group: Int32
  /// Whether the selector is empty: such a rule counts no Pod of the snapshot (S).
  var isSelectorEmpty: Bool
  /// Whether the Pod itself is selected.
  var selectsItself: Bool
  /// Whether the key is `kubernetes.io/hostname`.
  var isHostname: Bool
  var maxSkew: Int32
  var minDomains: Int32
  /// Whether only nodes that meet the Pod's node affinity count.
  var honoursAffinity: Bool
  /// Whether only nodes whose taints the Pod tolerates count.
  var honoursTaints: Bool
}

/// A Pod affinity term of a class, as compiled: the group it looks for and the domains it means.
struct AffinityRule: BitwiseCopyable, Sendable {
  var group: Int32
  var key: Int32
  /// A preferred term's weight, negative for anti-affinity.
  var weight: Int64
}

/// Everything about Pods that decides where they go, compiled from a template once.
struct PodClass: Sendable {
  let template: TemplateID
  let namespace: String
  /// The number of the profile that schedules it; the first for Pods that others schedule.
  let profile: Int32
  /// The number of its placement rules in the cache.
  let placement: Int32
  /// The number of its images in the cache; −1 if it has none.
  let images: Int32
  let scalars: [ScalarRequest]
  let ports: [HostPort]
  let requiredSpread: [SpreadRule]
  let preferredSpread: [SpreadRule]
  /// Whether the preferred rules are the built-in ones.
  let usesBuiltInSpread: Bool
  /// The group of Pods that match every required affinity term; −1 without such terms.
  let affinityGroup: Int32
  /// The topology keys of the required affinity terms.
  let affinityKeys: [Int32]
  /// Whether the Pod matches all of its own required affinity terms.
  let matchesOwnAffinity: Bool
  let antiAffinity: [AffinityRule]
  let preferredAffinity: [AffinityRule]
  let carried: [CarriedUse]
  /// Whether existing Pods' anti-affinity keeps it off.
  let heedsTerms: Bool
  /// LocalReplicas' quota; −1: the plugin has no say.
  let localReplicas: Int
  let neverPreempts: Bool
  /// Whether the class's own rules leave it to each node alone whether the Pod fits there.
  let filtersLocally: Bool
  /// Whether they leave it to each node alone what it scores.
  let scoresLocally: Bool
}

/// What makes two Pods one class.
struct ClassIdentity: Hashable, Sendable {
  var template: Int32
  /// The number of the owner's selector, which the built-in spread rules use; −1 if it has none.
  var ownerSelector: Int32
}

extension SchedulerCache {
  /// The class of a Pod, compiled at its first Pod.
  mutating func classIndex(of pod: Pod, in cluster: borrowing ClusterState) -> Int32 {
    classIndex(of: PodShape(pod), in: cluster)
  }

  /// The class of Pods of a shape, compiled when it is first asked for.
  mutating func classIndex(of pod: PodShape, in cluster: borrowing ClusterState) -> Int32 {
    var identity = ClassIdentity(template: pod.template.index, ownerSelector: -1)
    let place = Int(pod.template.index)
    if pod.owner == nil, place < classOfTemplate.count, classOfTemplate[place] >= 0 {
      return classOfTemplate[place]
    }
    if let owner = pod.owner { identity.ownerSelector = selectorNumber(of: owner, in: cluster) }
    if let known = classNumbers[identity] { return known }
    let template = cluster.templates[Int(pod.template.index)]
    if !template.topologySpread.isEmpty, identity.ownerSelector >= 0 {
      var plain = identity
      plain.ownerSelector = -1
      if let known = classNumbers[plain] {
        classNumbers[identity] = known
        return known
      }
    }
    let owner = identity.ownerSelector < 0 ? nil : ownerSelectors[Int(identity.ownerSelector)]
    let made = compile(template, id: pod.template, ownerSelector: owner)
    classNumbers[identity] = made
    if identity.ownerSelector < 0 {
      while classOfTemplate.count <= place { classOfTemplate.append(-1) }
      classOfTemplate[place] = made
    }
    return made
  }

  /// The selector of an owner that the built-in spread rules look at: a ReplicaSet's,
  /// ReplicationController's or StatefulSet's.
  private mutating func selectorNumber(
    of owner: WorkloadID, in cluster: borrowing ClusterState
  ) -> Int32 {
    if let known = selectorOfOwner[owner] { return known }
    var number: Int32 = -1
    if let workload = cluster.workload(owner), let selector = workload.selector,
      [.replicaSet, .replicationController, .statefulSet].contains(workload.kind)
    {
      if let known = ownerSelectors.firstIndex(of: selector) {
        number = Int32(known)
      } else {
        number = Int32(ownerSelectors.count)
        ownerSelectors.append(selector)
      }
    }
    selectorOfOwner[owner] = number
    return number
  }

  private mutating func compile(
    _ template: PodTemplate, id: TemplateID, ownerSelector: LabelSelector?
  ) -> Int32 {
    let number = Int32(classes.count)
    let kind = PodKind(namespace: template.namespace, labels: template.labels)
    let kindNumber = self.kind(kind)
    let profileNumber = profile(named: template.schedulerName) ?? 0
    let profile = profiles[profileNumber]
    let spread = compileSpread(
      template, kind: kindNumber, ownerSelector: ownerSelector, profile)
    let heedsTerms = !profile.disabledFilters.contains(.interPodAffinity)
    let localReplicas =
      profile.disabledFilters.contains(.localReplicas)
      ? -1 : LocalReplicas.quota(template.annotations) ?? -1
    let affinity = template.affinity
    let near = heedsTerms ? affinity.requiredPodAffinity : []
    let own = near.map {
      PodSelector($0, of: template.namespace, expandedIn: namespaces)
    }
    let ownGroup = own.isEmpty ? -1 : group(own)
    let apart = heedsTerms ? affinity.requiredPodAntiAffinity : []
    let anti = apart.map { compileTerm($0, in: template.namespace, weight: 0) }
    let preferred =
      affinity.preferredPodAffinity.map {
        compileTerm($0.term, in: template.namespace, weight: Int64($0.weight))
      }
      + affinity.preferredPodAntiAffinity.map {
        compileTerm($0.term, in: template.namespace, weight: -Int64($0.weight))
      }
    var footprint = PodFootprint(template)
    footprint.gpu = gpuRequest(of: template)
    if profile.disabledFilters.contains(.nodePorts) { footprint.avoidsPorts = false }
    if profile.disabledFilters.contains(.nodeResourcesFit) { footprint.mustFit = false }
    footprint.needsAddress = !profile.disabledFilters.contains(.fitIPResource)
    let scalars = template.requests.scalars.filter { $0.amount != 0 }.map {
      ScalarRequest(
        column: scalarColumn($0.name), amount: $0.amount, mustFit: !profile.ignoresFit(of: $0.name))
    }
    classes.append(
      PodClass(
        template: id, namespace: template.namespace, profile: Int32(profileNumber),
        placement: placement(of: template, profile),
        images: imageSet(of: template), scalars: scalars, ports: template.hostPorts,
        requiredSpread: spread.required, preferredSpread: spread.preferred,
        usesBuiltInSpread: spread.isBuiltIn, affinityGroup: ownGroup,
        affinityKeys: near.map { topologyKey($0.topologyKey) },
        matchesOwnAffinity: ownGroup >= 0 && groups[Int(ownGroup)].matches[Int(kindNumber)],
        antiAffinity: anti, preferredAffinity: preferred,
        carried: compileCarried(
          affinity, in: template.namespace, hardWeight: profile.hardPodAffinityWeight),
        heedsTerms: heedsTerms,
        localReplicas: localReplicas, neverPreempts: template.neverPreempts,
        filtersLocally: localReplicas < 0 && spread.required.isEmpty && own.isEmpty && anti.isEmpty,
        scoresLocally: spread.preferred.isEmpty && preferred.isEmpty))
    footprints.append(footprint)
    kindOfClass.append(kindNumber)
    if hasOutOfTreePlugins { templateOfClass.append(template) }
    indexOfClass.append(indexNumber(of: classes[Int(number)], footprint))
    failures.append(nil)
    strata.append(nil)
    return number
  }

  private mutating func compileTerm(
    _ term: PodAffinityTerm, in namespace: String, weight: Int64
  ) -> AffinityRule {
    AffinityRule(
      group: group([PodSelector(term, of: namespace, expandedIn: namespaces)]),
      key: topologyKey(term.topologyKey), weight: weight)
  }

  private mutating func compileCarried(
    _ affinity: Affinity, in namespace: String, hardWeight: Int64
  ) -> [CarriedUse] {
    var uses: [CarriedUse] = []
    func note(
      _ term: PodAffinityTerm, apart: Int32, weight: Int64, wishes: Int32,
      _ cache: inout SchedulerCache
    ) {
      let selector = PodSelector(term, of: namespace, expandedIn: nil)
      let number = cache.carriedTerm(selector, key: cache.topologyKey(term.topologyKey))
      if let place = uses.firstIndex(where: { $0.term == number }) {
        uses[place].apart += apart
        uses[place].weight += weight
        uses[place].wishes += wishes
      } else {
        uses.append(CarriedUse(term: number, apart: apart, weight: weight, wishes: wishes))
      }
    }
    for term in affinity.requiredPodAntiAffinity {
      note(term, apart: 1, weight: 0, wishes: 0, &self)
    }
    if hardWeight > 0 {
      for term in affinity.requiredPodAffinity {
        note(term, apart: 0, weight: hardWeight, wishes: 1, &self)
      }
    }
    for preferred in affinity.preferredPodAffinity {
      note(preferred.term, apart: 0, weight: Int64(preferred.weight), wishes: 1, &self)
    }
    for preferred in affinity.preferredPodAntiAffinity {
      note(preferred.term, apart: 0, weight: -Int64(preferred.weight), wishes: 1, &self)
    }
    return uses
  }
}
