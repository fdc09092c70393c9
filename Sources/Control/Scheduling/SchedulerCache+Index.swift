import ClusterModel

/// What a node's standing depends on besides the node: classes that agree in it share an index,
/// whatever their labels, owners and priorities.
struct IndexIdentity: Hashable, Sendable {
  var requests: [Int64]
  var scalars: [ScalarRequest]
  var ports: [HostPort]
  var placement: Int32
  var images: Int32
  var gpu: GPURequest
  var profile: Int32
  /// The template, where out-of-tree plugins look at it; else −1.
  var template: Int32 = -1

  init(_ podClass: PodClass, _ pod: PodFootprint) {
    requests = [pod.cpu, pod.memory, pod.storage, pod.scoredCPU, pod.scoredMemory]
    scalars = podClass.scalars
    ports = podClass.ports
    placement = podClass.placement
    images = podClass.images
    gpu = pod.gpu
    profile = podClass.profile
  }
}

extension SchedulerCache {
  /// The number of the index that serves a class, made with the class.
  mutating func indexNumber(of podClass: PodClass, _ pod: PodFootprint) -> Int32 {
    var identity = IndexIdentity(podClass, pod)
    if profiles[Int(podClass.profile)].hasOutOfTree {
      identity.template = podClass.template.index
    }
    if let known = indexNumbers[identity] { return known }
    let number = Int32(scoreIndexes.count)
    indexNumbers[identity] = number
    scoreIndexes.append(nil)
    usesOfIndex.append(0)
    return number
  }

  /// No class gets an index that would take all of them beyond so many nodes: 16 M keys are
  /// 128 MiB.
  static let mostIndexEntries = 1 << 24
  /// In larger clusters a class gets its index with its second Pod.
  static let smallCluster = 256

  /// Whether an index can serve a class: nothing restricts its search by name, and GPUs aren't
  /// scored over all feasible nodes where other nodes' Pods decide which those are.
  func isIndexed(_ classIndex: Int) -> Bool {
    classes[classIndex].localReplicas < 0
      && placements[Int(classes[classIndex].placement)].names == nil
      && (!gpu.isOn || gpu.policy.scoresLocally || filtersLocally(classIndex))
      && !readsIdentity(classIndex)
  }

  /// Whether an out-of-tree plugin tells Pods of a class apart.
  func readsIdentity(_ classIndex: Int) -> Bool {
    outOfTreeReads[Int(classes[classIndex].profile)].contains(.identity)
  }

  /// Whether each node alone decides at this moment what it is worth to Pods of a class.
  func isLocal(_ classIndex: Int) -> Bool {
    filtersLocally(classIndex) && scoresLocally(classIndex)
  }

  /// Whether each node alone decides at this moment whether Pods of a class fit there.
  func filtersLocally(_ classIndex: Int) -> Bool {
    guard classes[classIndex].filtersLocally else { return false }
    guard classes[classIndex].heedsTerms else { return true }
    for term in carriedOfKind[Int(kindOfClass[classIndex])]
    where carriedTerms[Int(term)].totalApart != 0 { return false }
    return true
  }

  /// Whether scores that are normalised to the feasible nodes' best are the same for every node.
  func placementIsNeutral(_ classIndex: Int) -> Bool {
    let placement = Int(classes[classIndex].placement)
    return placements[placement].unwelcomeNodes == 0
      && placements[placement].rules.preferredTerms.isEmpty
      && !placements[placement].rules.ranksTypes
  }

  /// Whether each node alone decides at this moment what it scores for Pods of a class.
  private func scoresLocally(_ classIndex: Int) -> Bool {
    guard classes[classIndex].scoresLocally, placementIsNeutral(classIndex),
      !gpu.isOn || gpu.policy.scoresLocally
    else { return false }
    if weights(of: classIndex).interPodAffinity == 0 { return true }
    if ignoresOthersWishes(classIndex) { return true }
    for term in carriedOfKind[Int(kindOfClass[classIndex])]
    where carriedTerms[Int(term)].totalWishes != 0 { return false }
    return true
  }

  /// Whether Pods nominated to nodes can keep Pods of a class off them: those of a lower priority
  /// don't (S).
  func heedsNominations(_ classIndex: Int) -> Bool {
    let priority = footprints[classIndex].priority
    return nominated.contains {
      footprints[Int(pods[Int($0)].classIndex)].priority >= priority
    }
  }

  /// Takes nodes out of a class's index that Pods nominated to them keep a Pod off.
  /// - Returns: the places with their keys, for ``show(_:_:)``.
  mutating func hide(
    _ slot: Int, _ classIndex: Int, _ state: CycleState
  ) -> [(place: Int, key: UInt64)] {
    let number = Int(indexOfClass[classIndex])
    var hidden: [(place: Int, key: UInt64)] = []
    for other in nominated {
      let node = Int(pods[Int(other)].nominatedNode)
      let place = Int(nodeOrder.place[node])
      guard place >= 0, let key = scoreIndexes[number]?.keys[place], key != 0,
        !filterWithNominations(slot, classIndex, on: node, state, trial: Trial()).isFit
      else { continue }
      hidden.append((place, key))
      scoreIndexes[number]!.set(place, 0)
    }
    return hidden
  }

  /// Puts nodes back into a class's index.
  mutating func show(_ hidden: [(place: Int, key: UInt64)], _ classIndex: Int) {
    let number = Int(indexOfClass[classIndex])
    for entry in hidden { scoreIndexes[number]!.set(entry.place, entry.key) }
  }

  /// Brings the index of a class up to date.
  /// - Returns: false if the class has none and gets none.
  mutating func refreshIndex(_ classIndex: Int) -> Bool {
    let weights = weights(of: classIndex)
    images.prepare(classes[classIndex].images, nodes: nodes, nodeCount: nodeOrder.slots.count)
    let count = nodeOrder.slots.count
    let number = Int(indexOfClass[classIndex])
    if scoreIndexes[number] == nil {
      usesOfIndex[number] += 1
      let isWorthwhile = usesOfIndex[number] > 1 || count <= Self.smallCluster
      guard isWorthwhile, indexEntries + count <= Self.mostIndexEntries else { return false }
    }
    let isCurrent =
      scoreIndexes[number].map {
        $0.structureVersion == structureVersion && $0.position >= touchedStart
          && touchedEnd - $0.position <= max(8, count / 4)
      } ?? false
    if !isCurrent {
      indexEntries += count - (scoreIndexes[number]?.keys.count ?? 0)
      var made = ScoreIndex(count: count)
      if let pod = sweepRequest(classIndex) {
        sweep(0..<count, classIndex, for: pod)
        for (place, slot) in nodeOrder.slots.enumerated() where scratch.sweep[place] >= 0 {
          let total = Int64(scratch.sweep[place])
          made.set(place, ScoreIndex.key(total: total, rank: nodeOrder.rank[Int(slot)]))
        }
      } else {
        for (place, slot) in nodeOrder.slots.enumerated() {
          made.set(place, key(classIndex, on: Int(slot), weights))
        }
      }
      made.structureVersion = structureVersion
      made.position = touchedEnd
      scoreIndexes[number] = made
      return true
    }
    var position = scoreIndexes[number]!.position
    while position < touchedEnd {
      let slot = Int(touched[position - touchedStart])
      position += 1
      let place = nodeOrder.place[slot]
      if place < 0 { continue }
      let key = key(classIndex, on: slot, weights)
      scoreIndexes[number]!.set(Int(place), key)
    }
    scoreIndexes[number]!.position = position
    return true
  }

  /// A node's key for a class whose nodes are judged one by one.
  private func key(_ classIndex: Int, on slot: Int, _ weights: ScoreWeights) -> UInt64 {
    let placement = Int(classes[classIndex].placement)
    if !placements[placement].ofNode[slot].admits { return 0 }
    if !fitVerdict(classIndex, on: slot, trial: Trial()).isFit { return 0 }
    if footprints[classIndex].needsAddress && addresses[slot].isExhausted { return 0 }
    var total = 100 * weights.taintToleration
    total += weights.nodeResourcesFit * fitScore(classIndex, on: rows[slot], slot: slot)
    if isBalanced(classIndex) {
      total += weights.balancedAllocation * balanceScore(classIndex, on: rows[slot], slot: slot)
    }
    if !images.isEmpty {
      total += weights.imageLocality * images.score(classes[classIndex].images, on: slot)
    }
    if placements[placement].rules.ranksTypes {
      total += weights.computeResource * placements[placement].ofNode[slot].computeScore
    }
    total += localGPUScore(classIndex, on: slot)
    if hasOutOfTree(classIndex) {
      if !outOfTreeVerdict(classIndex, on: slot, trial: Trial()).isFit { return 0 }
      total += outOfTreeScores(classIndex, on: slot).reduce(0, +)
    }
    return ScoreIndex.key(total: total, rank: nodeOrder.rank[slot])
  }
}
