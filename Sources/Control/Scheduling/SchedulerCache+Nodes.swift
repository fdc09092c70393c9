import ClusterModel
import Quantities

/// How a node differs from what was known of it.
struct NodeChange: Sendable {
  var slot: Int
  /// The node as it was; nil if it is new.
  var before: Node?
  /// The node as it is; nil if it is gone.
  var after: Node?
  var allocatable: Bool { before?.allocatable != after?.allocatable }
  var labels: Bool { before?.labels != after?.labels }
  var taints: Bool {
    before?.taints != after?.taints || before?.isUnschedulable != after?.isUnschedulable
  }
}

extension SchedulerCache {
  /// Makes room for node slots.
  mutating func growNodes(to count: Int) {
    guard count > rows.count else { return }
    let more = count - rows.count
    rows.append(contentsOf: repeatElement(NodeRow(), count: more))
    nodeIDs.append(contentsOf: repeatElement(nil, count: more))
    nodes.append(contentsOf: repeatElement(nil, count: more))
    firstPod.append(contentsOf: repeatElement(-1, count: more))
    portUses.append(contentsOf: repeatElement([], count: more))
    nominatedOnNode.append(contentsOf: repeatElement(0, count: more))
    addresses.append(contentsOf: repeatElement(AddressCount(), count: more))
    for column in scalarNames.indices {
      scalarAllocatable[column].append(contentsOf: repeatElement(0, count: more))
      scalarRequested[column].append(contentsOf: repeatElement(0, count: more))
    }
    for key in topologies.indices {
      topologies[key].domainOf.append(contentsOf: repeatElement(-1, count: more))
    }
    for group in groups.indices {
      groups[group].onNode.append(contentsOf: repeatElement(0, count: more))
      groups[group].activeOnNode.append(contentsOf: repeatElement(0, count: more))
    }
    for term in carriedTerms.indices {
      carriedTerms[term].apart.append(contentsOf: repeatElement(0, count: more))
      carriedTerms[term].weight.append(contentsOf: repeatElement(0, count: more))
      carriedTerms[term].wishes.append(contentsOf: repeatElement(0, count: more))
    }
    for placement in placements.indices {
      for slot in (count - more)..<count { placements[placement].update(slot, nil) }
    }
  }

  /// Brings a node's slot up to date.
  /// - Returns: the changes, of which there are two if another node took the slot.
  mutating func observeNode(
    _ slot: Int, in cluster: borrowing ClusterState
  ) -> [NodeChange] {
    growNodes(to: cluster.nodeSlotCount)
    let current = cluster.nodeID(slot: slot)
    var changes: [NodeChange] = []
    if let known = nodeIDs[slot], known != current {
      changes.append(NodeChange(slot: slot, before: nodes[slot], after: nil))
      removeNode(slot)
    }
    guard let current, let node = cluster.node(current) else { return changes }
    if nodeIDs[slot] == nil {
      nodeIDs[slot] = current
      setNode(slot, to: node)
      adoptOrphans(of: current)
      changes.append(NodeChange(slot: slot, before: nil, after: node))
    } else if let before = nodes[slot], before != node {
      setNode(slot, to: node)
      changes.append(NodeChange(slot: slot, before: before, after: node))
    }
    return changes
  }

  mutating func setNode(_ slot: Int, to node: Node) {
    let before = nodes[slot]
    nodes[slot] = node
    rows[slot].isPresent = true
    rows[slot].cpu = node.allocatable.cpu
    rows[slot].memory = node.allocatable.memory
    rows[slot].storage = node.allocatable.ephemeralStorage
    rows[slot].allowedPods = node.allocatable.pods
    rows[slot].rebalance()
    for (column, name) in scalarNames.enumerated() {
      scalarAllocatable[column][slot] = node.allocatable[scalar: name] ?? 0
    }
    if before?.images != node.images {
      images.remove(before?.images ?? [])
      images.add(node.images)
    }
    images.forgetScores()
    if before?.labels != node.labels {
      for key in topologies.indices {
        let value = node.labels[topologies[key].name]
        topologies[key].domainOf[slot] = topologies[key].domain(of: value)
      }
    }
    for placement in placements.indices { placements[placement].update(slot, node) }
    observeDevices(slot, before: before)
    addresses[slot].observe(node)
    nodeOrder.add(slot, zone: Self.zone(of: node))
    structureVersion += 1
  }

  mutating func removeNode(_ slot: Int) {
    while firstPod[slot] >= 0 {
      let pod = Int(firstPod[slot])
      unplace(pod)
      orphans.append(Int32(pod))
    }
    for pod in nominated where pods[Int(pod)].nominatedNode == Int32(slot) {
      setNomination(Int(pod), to: -1)
    }
    images.remove(nodes[slot]?.images ?? [])
    images.forgetScores()
    nodes[slot] = nil
    nodeIDs[slot] = nil
    observeDevices(slot, before: nil)
    rows[slot] = NodeRow()
    addresses[slot].observe(nil)
    for key in topologies.indices { topologies[key].domainOf[slot] = -1 }
    for placement in placements.indices { placements[placement].update(slot, nil) }
    nodeOrder.remove(slot)
    structureVersion += 1
  }

  /// Counts the Pods that were bound to a node before it was known.
  private mutating func adoptOrphans(of node: NodeID) {
    guard !orphans.isEmpty else { return }
    let waiting = orphans
    orphans.removeAll(keepingCapacity: true)
    for slot in waiting where pods[Int(slot)].exists && pods[Int(slot)].node < 0 {
      if pods[Int(slot)].boundNode == node {
        place(Int(slot), on: node.index)
      } else if pods[Int(slot)].boundNode != nil {
        orphans.append(slot)
      }
    }
  }

  /// A node's zone: its region and zone labels, the older names where the newer are missing (S).
  private static func zone(of node: Node) -> String {
    let region =
      node.labels["topology.kubernetes.io/region"]
      ?? node.labels["failure-domain.beta.kubernetes.io/region"] ?? ""
    let zone =
      node.labels["topology.kubernetes.io/zone"]
      ?? node.labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
    return region.isEmpty && zone.isEmpty ? "" : region + ":\0:" + zone
  }

  /// Works out the order of the nodes if it changed.
  mutating func refreshOrder() {
    let records = nodes
    nodeOrder.refresh(slotCount: rows.count) { records[$0]?.name ?? "" }
  }
}
