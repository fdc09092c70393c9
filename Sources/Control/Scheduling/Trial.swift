import ClusterModel

/// What a trial supposes about one node: Pods taken away from it or added to it.
///
/// The sums that the filters read are kept as deltas, so that a Pod is taken away and put back in
/// the time its terms take.
struct Trial: Sendable {
  /// Whether nothing is supposed.
  var isEmpty = true
  /// Deltas of the node's amounts.
  var amounts = NodeRow()
  /// Freed extended resources, in the order of the incoming class.
  var freedScalars: [Int64] = []
  /// The Pods taken away or added, by class, where out-of-tree plugins want to know.
  var members: [SupposedMembers] = []
  /// Delta of conflicting host ports.
  var portConflicts = 0
  /// Delta of each required spread rule's count in the node's domain.
  var spread: [Int32] = []
  /// Delta of Pods that match all required affinity terms.
  var affinity: Int32 = 0
  /// Delta of each required anti-affinity term.
  var antiAffinity: [Int32] = []
  /// Deltas of existing Pods' anti-affinity, by topology key.
  var existing: [(key: Int32, delta: Int32)] = []
}

extension SchedulerCache {
  /// A trial for a class of Pods in which nothing is changed yet.
  func trial(for classIndex: Int) -> Trial {
    Trial(
      freedScalars: [Int64](repeating: 0, count: classes[classIndex].scalars.count),
      spread: [Int32](repeating: 0, count: classes[classIndex].requiredSpread.count),
      antiAffinity: [Int32](repeating: 0, count: classes[classIndex].antiAffinity.count))
  }

  /// Supposes one more (sign 1) or one less (−1) Pod of a class on the trial's node.
  func suppose(
    _ trial: inout Trial, _ member: Int, sign: Int32, for classIndex: Int, _ state: CycleState
  ) {
    let pod = footprints[member]
    trial.isEmpty = false
    trial.amounts.add(pod, sign: Int64(sign))
    if hasOutOfTreeFilters(classIndex) {
      trial.members.append(SupposedMembers(classIndex: Int32(member), node: -1, times: sign))
    }
    for (place, wanted) in classes[classIndex].scalars.enumerated() {
      for scalar in classes[member].scalars where scalar.column == wanted.column {
        trial.freedScalars[place] -= Int64(sign) * scalar.amount
      }
    }
    if footprints[classIndex].hasPorts && pod.hasPorts {
      trial.portConflicts +=
        Int(sign)
        * NodePortsFilter.conflicts(classes[classIndex].ports, with: classes[member].ports)
    }
    let kind = Int(kindOfClass[member])
    for (place, rule) in classes[classIndex].requiredSpread.enumerated() {
      // An empty selector counts no Pod of the snapshot but every Pod added or removed, and
      // stopping Pods are counted here though not there: both as the original does (S).
      let inNamespace = kinds[kind].namespace == classes[classIndex].namespace
      if inNamespace && groups[Int(rule.group)].matches[kind] { trial.spread[place] += sign }
    }
    if state.interPodIsSkipped { return }
    let group = classes[classIndex].affinityGroup
    if group >= 0 && groups[Int(group)].matches[kind] { trial.affinity += sign }
    for (place, rule) in classes[classIndex].antiAffinity.enumerated() {
      if groups[Int(rule.group)].matches[kind] { trial.antiAffinity[place] += sign }
    }
    let incoming = Int(kindOfClass[classIndex])
    for use in classes[member].carried where use.apart > 0 {
      let term = carriedTerms[Int(use.term)]
      if term.matches[incoming] { trial.existing.append((term.key, sign * use.apart)) }
    }
  }
}
