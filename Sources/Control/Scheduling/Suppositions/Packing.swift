import ClusterModel

extension Supposition {
  /// Packs Pods onto copies of a node, demand by demand, and takes everything back.
  ///
  /// Of each demand in turn, Pods go one after the other to any new node with room, until one finds
  /// none; from then on to the newest node, or to one more as long as there may be more. A Pod that
  /// an empty new node refuses ends its demand.
  ///
  /// > Source: Cluster Autoscaler's binpacking estimator (S, `autoscaler.md` §3.2). Its nodes stand in
  /// > hash tables, so any with room may come first; here a fixed sequence picks one of them, with
  /// > which the measured numbers of nodes are met. First fit and going round in a circle miss them.
  /// - Parameters:
  ///   - demands: in the order in which they are packed.
  ///   - node: a fresh node.
  ///   - running: the Pods that it brings with it.
  ///   - limit: the most new nodes.
  public mutating func pack(
    _ demands: [PodDemand], on node: Node, running: [PodDemand], limit: Int,
    in cluster: borrowing ClusterState
  ) -> Packing {
    pack(demands, on: node, running: running, limit: limit, byAmounts: true, in: cluster)
  }

  /// ``pack(_:on:running:limit:in:)``, where `byAmounts` says whether nodes are kept as amounts if
  /// nothing else decides, instead of asking every filter; the answers are the same.
  public mutating func pack(
    _ demands: [PodDemand], on node: Node, running: [PodDemand], limit: Int, byAmounts: Bool,
    in cluster: borrowing ClusterState
  ) -> Packing {
    let start = mark
    let pattern = add(node)
    for demand in running { place(demand.shape, on: pattern, times: demand.count, in: cluster) }
    var classes: [Int] = []
    for demand in demands {
      classes.append(Int(cache.classIndex(of: demand.shape, in: cluster)))
    }
    if byAmounts, classes.allSatisfy({ cache.packsByAmounts($0) }) {
      let nodes = AmountNodes(fresh: cache.rows[pattern.index])
      let packing = pack(demands, classes, onto: nodes, pattern: pattern.index, limit: limit)
      rollback(to: start)
      return packing
    }
    rollback(to: start)
    let packing = packByFilters(demands, on: node, running: running, limit: limit, in: cluster)
    rollback(to: start)
    return packing
  }

  private func pack(
    _ demands: [PodDemand], _ classes: [Int], onto nodes: AmountNodes, pattern: Int, limit: Int
  ) -> Packing {
    var nodes = nodes
    var packer = Packer(limit: limit)
    for (demand, classIndex) in zip(demands, classes) {
      let placement = Int(cache.classes[classIndex].placement)
      let isOpen = cache.placements[placement].ofNode[pattern].rejection == .none
      nodes.pod = cache.footprints[classIndex]
      packer.pack(isOpen ? demand.count : 0, onto: &nodes)
    }
    return packer.packing
  }

  /// The plain path: made-up nodes and every filter.
  private mutating func packByFilters(
    _ demands: [PodDemand], on node: Node, running: [PodDemand], limit: Int,
    in cluster: borrowing ClusterState
  ) -> Packing {
    var packer = Packer(limit: limit)
    var nodes: [SupposedNode] = []
    for demand in demands {
      let classIndex = Int(cache.classIndex(of: demand.shape, in: cluster))
      packer.begin(demand.count)
      packer.open = openNodes(nodes, classIndex)
      while let place = packer.next() {
        put(classIndex, on: nodes[place])
        if cache.filtersLocally(classIndex) {
          packer.keep(hasRoom(classIndex, nodes[place]))
        } else {
          packer.open = openNodes(nodes, classIndex)
        }
      }
      while packer.left > 0 {
        if let last = nodes.last, hasRoom(classIndex, last) {
          put(classIndex, on: last)
          packer.placeOnLast()
        } else if packer.mayAddOne() {
          let added = addCopy(of: node, number: nodes.count, running, in: cluster)
          nodes.append(added)
          packer.add()
        } else {
          break
        }
      }
      packer.end()
    }
    return packer.packing
  }

  private mutating func put(_ classIndex: Int, on node: SupposedNode) {
    place(classIndex, on: node.index, times: 1)
  }

  private mutating func addCopy(
    of node: Node, number: Int, _ running: [PodDemand], in cluster: borrowing ClusterState
  ) -> SupposedNode {
    var copy = node
    copy.name = "\(node.name)-\(number)"
    copy.labels["kubernetes.io/hostname"] = copy.name
    let added = add(copy)
    for pod in running { place(pod.shape, on: added, times: pod.count, in: cluster) }
    return added
  }

  private mutating func openNodes(_ nodes: [SupposedNode], _ classIndex: Int) -> [Int32] {
    let state = filterState(classIndex)
    var open: [Int32] = []
    for (place, node) in nodes.enumerated() {
      if cache.filter(classIndex, on: node.index, state, trial: Trial()).isFit {
        open.append(Int32(place))
      }
    }
    return open
  }

  private mutating func hasRoom(_ classIndex: Int, _ node: SupposedNode) -> Bool {
    cache.filter(classIndex, on: node.index, filterState(classIndex), trial: Trial()).isFit
  }
}

extension NodeResourcesFit {
  /// How many more Pods fit on a node by amounts, extended resources aside.
  static func room(_ pod: PodFootprint, on row: NodeRow) -> Int {
    if !pod.mustFit { return .max }
    guard verdict(pod, on: row).isFit else { return 0 }
    var room = row.allowedPods - row.podCount
    if pod.cpu > 0 { room = min(room, (row.cpu - row.requestedCPU) / pod.cpu) }
    if pod.memory > 0 { room = min(room, (row.memory - row.requestedMemory) / pod.memory) }
    if pod.storage > 0 { room = min(room, (row.storage - row.requestedStorage) / pod.storage) }
    return Int(room)
  }
}

extension SchedulerCache {
  /// Whether a new node's amounts alone decide how many Pods of a class fit there.
  func packsByAmounts(_ classIndex: Int) -> Bool {
    let pod = footprints[classIndex]
    return filtersLocally(classIndex) && !hasOutOfTreeFilters(classIndex) && !pod.hasPorts
      && !pod.hasScalars && pod.gpu.count == 0
  }

  /// How many more Pods of a class fit on a node, where each node alone decides.
  func room(for classIndex: Int, on slot: Int) -> Int {
    guard fitVerdict(classIndex, on: slot, trial: Trial()).isFit else { return 0 }
    let pod = footprints[classIndex]
    if pod.hasPorts && pod.avoidsPorts { return 1 }
    var room = NodeResourcesFit.room(pod, on: rows[slot])
    for scalar in classes[classIndex].scalars where pod.mustFit && scalar.amount > 0 {
      let column = Int(scalar.column)
      let free = scalarAllocatable[column][slot] - scalarRequested[column][slot]
      room = min(room, Int(free / scalar.amount))
    }
    return room
  }

  /// Writes a made-up node into an empty slot.
  mutating func suppose(_ node: Node, at slot: Int) {
    nodeIDs[slot] = NodeID(slot: UInt32(slot), generation: .max)
    setNode(slot, to: node)
  }

  /// Empties the slot of a made-up node, on which nothing is counted any more.
  mutating func forgetSupposed(_ slot: Int) { removeNode(slot) }
}
