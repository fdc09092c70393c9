import ClusterModel
import Quantities

/// The first filter that keeps a Pod off a node.
public struct Refusal: Hashable, Sendable {
  /// The plugin.
  public var plugin: String
  /// Its reasons, sorted.
  public var reasons: [String]
}

/// What a node lacks of one resource for a Pod.
public struct Shortage: Hashable, Sendable {
  /// The resource: `cpu` in thousandths of a core, `memory` and `ephemeral-storage` in bytes, `pods`,
  /// or an extended one.
  public var resource: String
  /// How much is missing.
  public var missing: Int64
  /// How much the Pod asks for.
  public var asked: Int64
}

/// Questions about a Pod that waits: what keeps it off a node, and what if that were otherwise.
extension Supposition {
  /// The cluster as a scheduler sees it, its assumed and nominated Pods included.
  init(_ cache: SchedulerCache) {
    self.init(profiles: cache.profiles)
    self.cache = cache
  }

  /// Reads a node anew.
  public mutating func observe(_ node: NodeID, in cluster: borrowing ClusterState) {
    _ = cache.observeNode(node.index, in: cluster)
    cache.refreshOrder()
  }

  /// The first filter that would refuse a waiting Pod on a node, were it of some shape; nil: none.
  public mutating func refusal(
    of pod: PodID, as shape: PodShape, on node: NodeID, in cluster: borrowing ClusterState
  ) -> Refusal? {
    let classIndex = reshape(pod, shape, in: cluster)
    cache.refreshOrder()
    var state = cache.cycleState(for: classIndex)
    if cache.classes[classIndex].localReplicas >= 0 {
      state.localReplicas = cache.localReplicasRule(pod.index, in: cluster)
    }
    let verdict = cache.filterWithNominations(
      pod.index, classIndex, on: node.index, state, trial: Trial())
    if verdict.isFit { return nil }
    let plugin =
      verdict.filter == .leftOut
      ? Filter.nodeAffinity.name : cache.pluginName(verdict, of: classIndex)
    return Refusal(plugin: plugin, reasons: cache.reasons(verdict, of: classIndex))
  }

  /// What a node lacks for a waiting Pod of a shape, Pods nominated to it counted; nothing if the
  /// requests fit.
  public mutating func shortages(
    of pod: PodID, as shape: PodShape, on node: NodeID, in cluster: borrowing ClusterState
  ) -> [Shortage] {
    let classIndex = reshape(pod, shape, in: cluster)
    let wanted = cache.footprints[classIndex]
    var row = cache.rows[node.index]
    for other in cache.nominated where Int(other) != pod.index {
      let footprint = cache.footprints[Int(cache.pods[Int(other)].classIndex)]
      guard cache.pods[Int(other)].nominatedNode == Int32(node.slot),
        footprint.priority >= wanted.priority
      else { continue }
      row.add(footprint, sign: 1)
    }
    var found: [Shortage] = []
    func compare(_ resource: String, _ asked: Int64, _ left: Int64) {
      guard asked > 0, asked > left else { return }
      found.append(Shortage(resource: resource, missing: asked - left, asked: asked))
    }
    compare("cpu", wanted.cpu, row.cpu - row.requestedCPU)
    compare("memory", wanted.memory, row.memory - row.requestedMemory)
    compare("ephemeral-storage", wanted.storage, row.storage - row.requestedStorage)
    compare("pods", 1, row.allowedPods - row.podCount)
    for scalar in cache.classes[classIndex].scalars where scalar.mustFit {
      let column = Int(scalar.column)
      compare(
        cache.scalarNames[column], scalar.amount,
        cache.scalarAllocatable[column][node.index] - cache.scalarRequested[column][node.index])
    }
    return found
  }

  /// The Pods on a node whose host ports conflict with a waiting Pod's, in the order of slots.
  public mutating func podsOnPorts(
    of pod: PodID, as shape: PodShape, on node: NodeID, in cluster: borrowing ClusterState
  ) -> [PodID] {
    let wanted = cache.classes[reshape(pod, shape, in: cluster)].ports
    return pods(on: SupposedNode(slot: node.index)).filter { other in
      let taken = cache.classes[Int(cache.pods[other.index].classIndex)].ports
      return NodePortsFilter.conflicts(wanted, with: taken) > 0
    }
  }

  /// The Pods in a node's domains that a waiting Pod's required anti-affinity means, or whose means
  /// it, in the order of slots.
  public mutating func podsKeptApart(
    from pod: PodID, as shape: PodShape, on node: NodeID, in cluster: borrowing ClusterState
  ) -> [PodID] {
    let classIndex = reshape(pod, shape, in: cluster)
    let own = Int(cache.kindOfClass[classIndex])
    func shares(_ key: Int32, _ other: Int32) -> Bool {
      let domainOf = cache.topologies[Int(key)].domainOf
      return domainOf[node.index] >= 0 && domainOf[node.index] == domainOf[Int(other)]
    }
    var found: [PodID] = []
    for entry in cache.pods where entry.exists && entry.node >= 0 {
      let member = Int(entry.classIndex)
      let kind = Int(cache.kindOfClass[member])
      let isMeant = cache.classes[classIndex].antiAffinity.contains { rule in
        cache.groups[Int(rule.group)].matches[kind] && shares(rule.key, entry.node)
      }
      let means = cache.classes[member].carried.contains { use in
        let term = cache.carriedTerms[Int(use.term)]
        return use.apart > 0 && term.matches[own] && shares(term.key, entry.node)
      }
      if isMeant || means { found.append(entry.id) }
    }
    return found
  }

  /// Lets a waiting Pod be of a shape.
  private mutating func reshape(
    _ pod: PodID, _ shape: PodShape, in cluster: borrowing ClusterState
  ) -> Int {
    let classIndex = cache.classIndex(of: shape, in: cluster)
    cache.pods[pod.index].classIndex = classIndex
    return Int(classIndex)
  }
}
