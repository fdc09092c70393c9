import ClusterModel
import Quantities

/// Something that may make an unschedulable Pod schedulable.
enum QueueEvent: Sendable {
  /// A node came, went or changed.
  case node(NodeChange)
  /// A Pod of a class was bound.
  case podBound(classIndex: Int32)
  /// A Pod that occupied a node, or was nominated to one, is gone.
  case podGone(classIndex: Int32, nominationOnly: Bool)
}

/// What an unschedulable Pod changed about itself.
struct OwnChange: Sendable {
  var before: Int
  var after: Int
}

extension SchedulerCache {
  /// Whether an event may help Pods of a bucket, by the hints of the plugins that rejected them.
  func mayHelp(
    _ event: QueueEvent, _ bucket: UnschedulableBucket, usesHints: Bool
  ) -> Bool {
    let classIndex = Int(bucket.classIndex)
    // A plugin without hints: anything may help (S).
    if usesHints, bucket.rejectors & Filter.withoutHints != 0 { return true }
    if usesHints, outOfTreeMayHelp(event, classIndex, bucket.rejectors) { return true }
    switch event {
    case .node(let change):
      if !usesHints || bucket.rejectors == 0 { return true }
      return nodeMayHelp(change, classIndex, bucket)
    case .podBound(let other):
      return boundPodMayHelp(Int(other), classIndex, bucket.rejectors, usesHints: usesHints)
    case .podGone(let other, let nominationOnly):
      if !usesHints || bucket.rejectors == 0 { return true }
      if nominationOnly
        && footprints[Int(other)].priority < footprints[classIndex].priority
      {
        return false
      }
      return gonePodMayHelp(Int(other), classIndex, bucket.rejectors)
    }
  }

  private func nodeMayHelp(
    _ change: NodeChange, _ classIndex: Int, _ bucket: UnschedulableBucket
  ) -> Bool {
    let rejectors = bucket.rejectors
    if rejectors & Filter.podTopologySpread.bit != 0, spreadMayChange(change, classIndex) {
      return true
    }
    guard let after = change.after else { return false }
    let rules = placements[Int(classes[classIndex].placement)].rules
    if rejectors & Filter.nodeUnschedulable.bit != 0, change.before == nil || change.taints {
      let was = change.before.map { NodeUnschedulableFilter.admits(rules.tolerations, $0) }
      if was != true && NodeUnschedulableFilter.admits(rules.tolerations, after) { return true }
    }
    if rejectors & Filter.taintToleration.bit != 0, change.before == nil || change.taints {
      let was = change.before.map {
        TaintTolerationFilter.tolerates(rules.tolerations, $0.taints)
      }
      if was != true && TaintTolerationFilter.tolerates(rules.tolerations, after.taints) {
        return true
      }
    }
    if rejectors & Filter.nodeAffinity.bit != 0, change.before == nil || change.labels {
      let isPinned = bucket.pinnedNode.map { $0.index != change.slot } ?? false
      let was = change.before.map { NodeAffinityFilter.admits(rules, $0) }
      if !isPinned && was != true && NodeAffinityFilter.admits(rules, after) { return true }
    }
    if rejectors & Filter.nodePorts.bit != 0, change.before == nil { return true }
    if rejectors & Filter.nodeResourcesFit.bit != 0,
      change.before == nil || change.allocatable,
      emptyNodeFits(after, classIndex), offersMore(change, classIndex)
    {
      return true
    }
    if rejectors & Filter.gpuShare.bit != 0,
      change.before == nil || change.allocatable || change.labels
    {
      return true
    }
    return rejectors & Filter.interPodAffinity.bit != 0 && domainsMayChange(change, classIndex)
  }

  /// Whether a node without any Pod would take one of a class.
  private func emptyNodeFits(_ node: Node, _ classIndex: Int) -> Bool {
    var row = NodeRow()
    row.cpu = node.allocatable.cpu
    row.memory = node.allocatable.memory
    row.storage = node.allocatable.ephemeralStorage
    row.allowedPods = node.allocatable.pods
    guard NodeResourcesFit.verdict(footprints[classIndex], on: row).isFit else { return false }
    return classes[classIndex].scalars.allSatisfy {
      !$0.mustFit || $0.amount <= node.allocatable[scalar: scalarNames[Int($0.column)]] ?? 0
    }
  }

  /// Whether a node offers more than before of anything that a class requests.
  private func offersMore(_ change: NodeChange, _ classIndex: Int) -> Bool {
    guard let before = change.before?.allocatable, let after = change.after?.allocatable else {
      return true
    }
    let pod = footprints[classIndex]
    if after.pods > before.pods { return true }
    if pod.cpu > 0 && after.cpu > before.cpu { return true }
    if pod.memory > 0 && after.memory > before.memory { return true }
    if pod.storage > 0 && after.ephemeralStorage > before.ephemeralStorage { return true }
    return classes[classIndex].scalars.contains {
      let name = scalarNames[Int($0.column)]
      return after[scalar: name] ?? 0 > before[scalar: name] ?? 0
    }
  }

  /// Whether a node's coming, going or change concerns the topology keys of the required rules.
  private func spreadMayChange(_ change: NodeChange, _ classIndex: Int) -> Bool {
    let names = classes[classIndex].requiredSpread.map { topologies[Int($0.key)].name }
    func hasAll(_ node: Node?) -> Bool {
      guard let node else { return false }
      return names.allSatisfy { node.labels[$0] != nil }
    }
    let was = hasAll(change.before)
    let isNow = hasAll(change.after)
    guard let before = change.before, let after = change.after else { return was || isNow }
    if was != isNow { return true }
    guard isNow else { return false }
    return before.taints != after.taints
      || names.contains { before.labels[$0] != after.labels[$0] }
  }

  /// Whether a node's coming or change of labels concerns the topology keys of Pod affinity terms.
  private func domainsMayChange(_ change: NodeChange, _ classIndex: Int) -> Bool {
    guard let after = change.after else { return false }
    guard let before = change.before else {
      if !classes[classIndex].antiAffinity.isEmpty { return true }
      if classes[classIndex].affinityKeys.isEmpty { return true }
      return classes[classIndex].affinityKeys.contains {
        after.labels[topologies[Int($0)].name] != nil
      }
    }
    let near = classes[classIndex].affinityKeys.contains {
      let name = topologies[Int($0)].name
      return after.labels[name] != nil && after.labels[name] != before.labels[name]
    }
    return near
      || classes[classIndex].antiAffinity.contains {
        let name = topologies[Int($0.key)].name
        return before.labels[name] != nil && after.labels[name] != before.labels[name]
      }
  }

  private func boundPodMayHelp(
    _ other: Int, _ classIndex: Int, _ rejectors: UInt32, usesHints: Bool
  ) -> Bool {
    let kind = Int(kindOfClass[other])
    let group = classes[classIndex].affinityGroup
    let isSought = group >= 0 && groups[Int(group)].matches[kind]
    if !usesHints { return isSought }
    if rejectors & Filter.interPodAffinity.bit != 0, isSought { return true }
    return rejectors & Filter.podTopologySpread.bit != 0 && isSpread(kind, classIndex)
  }

  /// Whether a required rule of a class counts Pods of a kind.
  private func isSpread(_ kind: Int, _ classIndex: Int) -> Bool {
    kinds[kind].namespace == classes[classIndex].namespace
      && classes[classIndex].requiredSpread.contains { groups[Int($0.group)].matches[kind] }
  }

  private func gonePodMayHelp(_ other: Int, _ classIndex: Int, _ rejectors: UInt32) -> Bool {
    if rejectors & Filter.nodeResourcesFit.bit != 0 { return true }
    if rejectors & Filter.gpuShare.bit != 0, footprints[other].gpu.count > 0 { return true }
    if rejectors & Filter.nodePorts.bit != 0,
      NodePortsFilter.conflicts(classes[classIndex].ports, with: classes[other].ports) > 0
    {
      return true
    }
    let kind = Int(kindOfClass[other])
    if rejectors & Filter.podTopologySpread.bit != 0, isSpread(kind, classIndex) { return true }
    guard rejectors & Filter.interPodAffinity.bit != 0 else { return false }
    if classes[classIndex].antiAffinity.contains(where: { groups[Int($0.group)].matches[kind] }) {
      return true
    }
    let incoming = Int(kindOfClass[classIndex])
    return classes[other].carried.contains {
      $0.apart > 0 && carriedTerms[Int($0.term)].matches[incoming]
    }
  }

  /// Whether what a Pod changed about itself may help it: tolerations, labels, smaller requests.
  func mayHelpItself(_ change: OwnChange, _ rejectors: UInt32, usesHints: Bool) -> Bool {
    if !usesHints || rejectors == 0 { return true }
    if rejectors >> Filter.firstOutOfTreeBit != 0 { return true }
    let before = placements[Int(classes[change.before].placement)].rules
    let after = placements[Int(classes[change.after].placement)].rules
    if before.tolerations != after.tolerations {
      if rejectors & (Filter.taintToleration.bit | Filter.nodeUnschedulable.bit) != 0 {
        return true
      }
      if rejectors & Filter.podTopologySpread.bit != 0,
        classes[change.after].requiredSpread.contains(where: \.honoursTaints)
      {
        return true
      }
    }
    if kindOfClass[change.before] != kindOfClass[change.after],
      rejectors & (Filter.podTopologySpread.bit | Filter.interPodAffinity.bit) != 0
    {
      return true
    }
    let old = footprints[change.before]
    let new = footprints[change.after]
    return rejectors & Filter.nodeResourcesFit.bit != 0
      && (new.cpu < old.cpu || new.memory < old.memory || new.storage < old.storage)
  }
}
