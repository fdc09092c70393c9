import ClusterModel
import Quantities

extension SchedulerCache {
  /// Works out afresh everything that is otherwise kept up to date: what the oracle trusts.
  mutating func recount(_ classIndex: Int) {
    for slot in rows.indices {
      rows[slot].podCount = 0
      rows[slot].requestedCPU = 0
      rows[slot].requestedMemory = 0
      rows[slot].requestedStorage = 0
      rows[slot].nonZeroCPU = 0
      rows[slot].nonZeroMemory = 0
      rows[slot].rebalance()
      portUses[slot].removeAll()
    }
    for column in scalarNames.indices {
      scalarRequested[column] = [Int64](repeating: 0, count: rows.count)
      scalarAllocatable[column] = nodes.map { $0?.allocatable[scalar: scalarNames[column]] ?? 0 }
    }
    for key in topologies.indices {
      for slot in rows.indices {
        let value = nodes[slot]?.labels[topologies[key].name]
        topologies[key].domainOf[slot] = topologies[key].domain(of: value)
      }
    }
    priorities.clear()
    rematch()
    let placement = Int(classes[classIndex].placement)
    for slot in rows.indices { placements[placement].update(slot, nodes[slot]) }
    images.forgetScores()
    for slot in pods.indices where pods[slot].exists && pods[slot].node >= 0 {
      count(slot, on: Int(pods[slot].node), sign: 1)
    }
  }

  /// Matches every kind of Pod with every group and term again, and empties their counts.
  private mutating func rematch() {
    let zeros = [Int32](repeating: 0, count: rows.count)
    let wide = [Int64](repeating: 0, count: rows.count)
    for place in kinds.indices {
      groupsOfKind[place].removeAll()
      carriedOfKind[place].removeAll()
    }
    for number in groups.indices {
      groups[number].onNode = zeros
      groups[number].activeOnNode = zeros
      groups[number].total = 0
      for (place, kind) in kinds.enumerated() {
        let labels = labels(ofNamespace: kind.namespace)
        let matches = groups[number].selectors.allSatisfy {
          $0.matches(kind, namespaceLabels: labels)
        }
        groups[number].matches[place] = matches
        if matches { groupsOfKind[place].append(Int32(number)) }
      }
    }
    for number in carriedTerms.indices {
      carriedTerms[number].apart = zeros
      carriedTerms[number].weight = wide
      carriedTerms[number].wishes = zeros
      carriedTerms[number].totalApart = 0
      carriedTerms[number].totalWishes = 0
      for (place, kind) in kinds.enumerated() {
        let matches = carriedTerms[number].selector.matches(
          kind, namespaceLabels: labels(ofNamespace: kind.namespace))
        carriedTerms[number].matches[place] = matches
        if matches { carriedOfKind[place].append(Int32(number)) }
      }
    }
  }

  /// Forgets everything compiled from namespaces and Services, and compiles it again.
  mutating func adoptPolicies(of cluster: borrowing ClusterState) {
    let isNew = namespaces != cluster.namespaces || services != cluster.services
    guard isNew else { return }
    namespaces = cluster.namespaces
    services = cluster.services
    let placed = pods.indices.filter { pods[$0].exists && pods[$0].node >= 0 }.map {
      (pod: $0, node: Int(pods[$0].node))
    }
    for entry in placed { unplace(entry.pod) }
    forgetClasses()
    for slot in pods.indices where pods[slot].exists {
      guard let pod = cluster.pod(pods[slot].id) else { continue }
      pods[slot].classIndex = classIndex(of: pod, in: cluster)
    }
    for entry in placed { place(entry.pod, on: entry.node) }
    structureVersion += 1
  }

  private mutating func forgetClasses() {
    kinds.removeAll()
    kindNumbers.removeAll()
    groupsOfKind.removeAll()
    carriedOfKind.removeAll()
    groups.removeAll()
    groupNumbers.removeAll()
    carriedTerms.removeAll()
    carriedNumbers.removeAll()
    classNumbers.removeAll()
    classOfTemplate.removeAll()
    selectorOfOwner.removeAll()
    classes.removeAll()
    footprints.removeAll()
    kindOfClass.removeAll()
    templateOfClass.removeAll()
    indexOfClass.removeAll()
    scoreIndexes.removeAll()
    usesOfIndex.removeAll()
    indexNumbers.removeAll()
    failures.removeAll()
    strata.removeAll()
    tallies.removeAll()
    tallyNumbers.removeAll()
    indexEntries = 0
  }
}
