import ClusterModel

/// The course of a packing, apart from what nodes are.
struct Packer {
  /// New nodes with room for the present Pods, by number.
  var open: [Int32] = []
  /// Pods of the present demand still without a node.
  private(set) var left = 0
  private let limit: Int
  private var wanted = 0
  private var isEmpty: [Bool] = []
  private var mayAdd = true
  private var draws: UInt64 = 0
  private var chosen = 0
  private var placed: [Int] = []

  init(limit: Int) { self.limit = limit }

  var packing: Packing { Packing(nodes: isEmpty.count { !$0 }, placed: placed) }

  mutating func begin(_ count: Int) {
    wanted = count
    left = count
  }

  mutating func end() { placed.append(wanted - left) }

  /// Picks a node with room for the next Pod; nil if there is no Pod or no room.
  ///
  /// > Source: the sequence is splitmix64's (Steele, Lea & Flood 2014) from a fixed start.
  mutating func next() -> Int? {
    guard left > 0, !open.isEmpty else { return nil }
    draws &+= 0x9E37_79B9_7F4A_7C15
    var z = draws
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    chosen = Int(z.multipliedFullWidth(by: UInt64(open.count)).high)
    let node = Int(open[chosen])
    isEmpty[node] = false
    left -= 1
    return node
  }

  /// Notes whether the node just picked has room still.
  mutating func keep(_ hasRoom: Bool) {
    if hasRoom { return }
    open[chosen] = open[open.count - 1]
    open.removeLast()
  }

  mutating func placeOnLast() {
    isEmpty[isEmpty.count - 1] = false
    left -= 1
  }

  /// Whether there may be one more node: not while the last one is empty, nor beyond the limit.
  mutating func mayAddOne() -> Bool {
    if isEmpty.last == true { return false }
    if isEmpty.count >= limit { mayAdd = false }
    return mayAdd
  }

  mutating func add() { isEmpty.append(true) }

  /// Packs one demand onto nodes that amounts alone describe.
  mutating func pack(_ count: Int, onto nodes: inout AmountNodes) {
    begin(count)
    open.removeAll(keepingCapacity: true)
    if left > 0 { nodes.listOpen(&open) }
    while let node = next() {
      nodes.give(to: node)
      keep(nodes.hasRoom(node))
    }
    while left > 0 {
      if nodes.count > 0, nodes.hasRoom(nodes.count - 1) {
        nodes.give(to: nodes.count - 1)
        placeOnLast()
      } else if mayAddOne() {
        nodes.add()
        add()
      } else {
        break
      }
    }
    end()
  }
}

/// New nodes as what is left of each.
struct AmountNodes {
  private struct Left: BitwiseCopyable {
    var cpu: Int64
    var memory: Int64
    var storage: Int64
    var pods: Int64
  }
  /// What the present Pods ask for.
  var pod = PodFootprint()
  private let fresh: Left
  private var nodes: [Left] = []

  init(fresh row: NodeRow) {
    fresh = Left(
      cpu: row.cpu - row.requestedCPU, memory: row.memory - row.requestedMemory,
      storage: row.storage - row.requestedStorage, pods: row.allowedPods - row.podCount)
  }

  var count: Int { nodes.count }
  mutating func add() { nodes.append(fresh) }

  /// NodeResourcesFit's answer: what isn't requested can't be short.
  @inline(__always)
  func hasRoom(_ node: Int) -> Bool {
    let left = nodes[node]
    let row = NodeRow(
      cpu: left.cpu, memory: left.memory, storage: left.storage, allowedPods: left.pods)
    return !pod.mustFit || NodeResourcesFit.verdict(pod, on: row).isFit
  }

  mutating func give(to node: Int) {
    nodes[node].cpu -= pod.cpu
    nodes[node].memory -= pod.memory
    nodes[node].storage -= pod.storage
    nodes[node].pods -= 1
  }

  func listOpen(_ open: inout [Int32]) {
    for node in nodes.indices where hasRoom(node) { open.append(Int32(node)) }
  }
}
