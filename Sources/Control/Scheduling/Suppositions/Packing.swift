import ClusterModel

extension Supposition {
  /// Packs Pods onto copies of a node, first fit by demand, and takes everything back.
  ///
  /// Of each demand in turn, Pods go one after the other to the first new node with room, until one
  /// finds none; from then on to the newest node, or to one more as long as there may be more. A Pod
  /// that an empty new node refuses ends its demand.
  ///
  /// > Source: Cluster Autoscaler's binpacking estimator (S, `autoscaler.md` §3.2); which of several
  /// > new nodes with room is taken is open there, and is the oldest here.
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
    for demand in demands {
      var left = demand.count
      for placed in fill(demand, on: nodes, in: cluster) {
        left -= placed.count
        isEmpty[placed.node.index - nodes[0].index] = false
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

  /// Alike nodes side by side: what each has left, and how many there are.
  private struct Stretch {
    var room: NodeRow
    var count: Int
  }

  /// The fast path, where amounts alone decide: alike neighbours are counted, not listed.
  private func packByAmounts(
    _ demands: [PodDemand], _ classes: [Int], on pattern: Int, limit: Int
  ) -> Packing {
    let fresh = cache.rows[pattern]
    var stretches: [Stretch] = []
    var packing = Packing(nodes: 0, placed: [])
    for (demand, classIndex) in zip(demands, classes) {
      let pod = cache.footprints[classIndex]
      let placement = Int(cache.classes[classIndex].placement)
      guard cache.placements[placement].ofNode[pattern].rejection == .none else {
        packing.placed.append(0)
        continue
      }
      var left = demand.count
      var after: [Stretch] = []
      after.reserveCapacity(stretches.count + 3)
      for stretch in stretches {
        Self.spend(&left, pod, on: stretch, onto: &after)
      }
      let each = NodeResourcesFit.room(pod, on: fresh)
      if left > 0, each > 0, packing.nodes < limit {
        let wanted = each == .max ? 1 : (left + each - 1) / each
        let added = min(wanted, limit - packing.nodes)
        packing.nodes += added
        Self.spend(&left, pod, on: Stretch(room: fresh, count: added), onto: &after)
      }
      stretches = after
      packing.placed.append(demand.count - left)
    }
    return packing
  }

  /// Puts Pods on a stretch of alike nodes, the first first; what is left of it is appended.
  private static func spend(
    _ left: inout Int, _ pod: PodFootprint, on stretch: Stretch, onto after: inout [Stretch]
  ) {
    let each = left > 0 ? NodeResourcesFit.room(pod, on: stretch.room) : 0
    guard each > 0 else {
      after.append(stretch)
      return
    }
    func append(_ pods: Int, _ count: Int) {
      guard count > 0 else { return }
      var room = stretch.room
      room.podCount += Int64(pods)
      room.requestedCPU += Int64(pods) * pod.cpu
      room.requestedMemory += Int64(pods) * pod.memory
      room.requestedStorage += Int64(pods) * pod.storage
      after.append(Stretch(room: room, count: count))
    }
    let full = min(stretch.count, left / each)
    append(each, full)
    left -= full * each
    guard full < stretch.count else { return }
    let touched = left > 0 ? 1 : 0
    append(left, touched)
    left = 0
    append(0, stretch.count - full - touched)
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
