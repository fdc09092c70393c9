import ClusterModel

extension Supposition {
  /// Packs Pods onto copies of a node, demand by demand, and takes everything back.
  ///
  /// Of each demand in turn, Pods go one after the other to new nodes with room, each to the first
  /// after the one before it, round and round, until one finds none; from then on to the newest node,
  /// or to one more as long as there may be more. A Pod that an empty new node refuses ends its
  /// demand.
  ///
  /// > Source: Cluster Autoscaler's binpacking estimator (S, `autoscaler.md` §3.2). The order of
  /// > nodes is open there; here they stand by age. That the search goes on where it ended is
  /// > remembered (M), and the measured numbers of nodes are met only so.
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

  /// ``pack(_:on:running:limit:in:)``, where `byAmounts` says whether alike nodes may be counted
  /// instead of listed if nothing but amounts decides; the answers are the same.
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
    let isLocal = byAmounts && classes.allSatisfy { cache.packsByAmounts($0) }
    if isLocal {
      let packing = packByAmounts(demands, classes, on: pattern.index, limit: limit)
      rollback(to: start)
      return packing
    }
    rollback(to: start)
    let packing = packOneByOne(demands, on: node, running: running, limit: limit, in: cluster)
    rollback(to: start)
    return packing
  }

  /// The plain path: real made-up nodes and every filter.
  mutating func packOneByOne(
    _ demands: [PodDemand], on node: Node, running: [PodDemand], limit: Int,
    in cluster: borrowing ClusterState
  ) -> Packing {
    var nodes: [SupposedNode] = []
    var isEmpty: [Bool] = []
    var packing = Packing(nodes: 0, placed: [])
    var mayAdd = true
    var turn = 0
    for demand in demands {
      var left = demand.count
      while left > 0, let place = fillNext(demand.shape, on: nodes, from: &turn, in: cluster) {
        left -= 1
        isEmpty[place] = false
      }
      while mayAdd && left > 0 {
        if let last = nodes.last {
          let one = PodDemand(shape: demand.shape, count: left)
          let count = fill(one, on: [last], in: cluster).reduce(0) { $0 + $1.count }
          if count > 0 { isEmpty[isEmpty.count - 1] = false }
          left -= count
          if left == 0 || isEmpty[isEmpty.count - 1] { break }
        }
        guard nodes.count < limit else {
          mayAdd = false
          break
        }
        var copy = node
        copy.name = "\(node.name)-\(nodes.count)"
        copy.labels["kubernetes.io/hostname"] = copy.name
        let added = add(copy)
        for pod in running { place(pod.shape, on: added, times: pod.count, in: cluster) }
        nodes.append(added)
        isEmpty.append(true)
      }
      packing.placed.append(demand.count - left)
    }
    packing.nodes = isEmpty.count { !$0 }
    return packing
  }

  /// Puts one Pod on the first node with room from a place on, and moves the place behind it.
  /// - Returns: the node's place in the list, or nil if no node has room.
  private mutating func fillNext(
    _ shape: PodShape, on nodes: [SupposedNode], from turn: inout Int,
    in cluster: borrowing ClusterState
  ) -> Int? {
    guard !nodes.isEmpty else { return nil }
    let rotated = nodes[turn...] + nodes[..<turn]
    let demand = PodDemand(shape: shape, count: 1)
    guard let placed = fill(demand, on: Array(rotated), in: cluster).first else { return nil }
    let place = placed.node.index - nodes[0].index
    turn = (place + 1) % nodes.count
    return place
  }

  /// The fast path, where amounts alone decide: alike neighbours are counted, not listed.
  private func packByAmounts(
    _ demands: [PodDemand], _ classes: [Int], on pattern: Int, limit: Int
  ) -> Packing {
    var nodes = NodeStretches()
    var packing = Packing(nodes: 0, placed: [])
    for (demand, classIndex) in zip(demands, classes) {
      let placement = Int(cache.classes[classIndex].placement)
      guard cache.placements[placement].ofNode[pattern].rejection == .none else {
        packing.placed.append(0)
        continue
      }
      var left = demand.count
      nodes.spread(&left, cache.footprints[classIndex])
      nodes.extend(
        for: &left, cache.footprints[classIndex], like: cache.rows[pattern], limit: limit)
      packing.placed.append(demand.count - left)
    }
    packing.nodes = nodes.count
    return packing
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
    return filtersLocally(classIndex) && !pod.hasPorts && !pod.hasScalars && pod.gpu.count == 0
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
