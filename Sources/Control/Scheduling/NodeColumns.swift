/// What a Pod asks of every node, in doubles; see ``NodeColumns``.
struct SweepRequest: Sendable {
  /// CPU and memory as filters and BalancedAllocation count them.
  var cpu: Double
  var memory: Double
  /// The largest share of a node's CPU and memory that may be taken: 1, or more where it isn't asked.
  var cpuLimit: Double
  var memoryLimit: Double
  /// Storage asked for; below zero every node that takes another Pod has enough.
  var storage: Double
  /// CPU and memory as LeastAllocated counts them.
  var scoredCPU: Double
  var scoredMemory: Double
  var fitWeight: Double
  var balanceWeight: Double
  /// What every node scores.
  var constant: Double

  /// What a Pod asks for, scored by some weights.
  init(_ pod: PodFootprint, _ weights: ScoreWeights) {
    let balances = BalancedAllocation.applies(to: pod)
    cpu = Double(pod.cpu)
    memory = Double(pod.memory)
    cpuLimit = pod.mustFit && pod.cpu > 0 ? 1 : .infinity
    memoryLimit = pod.mustFit && pod.memory > 0 ? 1 : .infinity
    let least = pod.storage > 0 ? Double(pod.storage) : -.greatestFiniteMagnitude
    storage = pod.mustFit ? least : -.infinity
    scoredCPU = Double(pod.scoredCPU)
    scoredMemory = Double(pod.scoredMemory)
    fitWeight = Double(weights.nodeResourcesFit)
    balanceWeight = balances ? Double(weights.balancedAllocation) : 0
    constant = Double(
      100 * weights.taintToleration + (balances ? 50 * weights.balancedAllocation : 0))
  }
}

/// The nodes' amounts in columns by place, so that all nodes can be judged for one Pod in one loop
/// without branches: for classes too rare to be worth an index.
///
/// Amounts are doubles. As long as a node offers less than 4 TiB and 2^42 thousandths of a core,
/// every score is exactly that of the integer rules: a product with a reciprocal is off by less
/// than 10^-13, and a quotient of such integers that isn't whole is further from one than that (C).
struct NodeColumns: Sendable {
  private static let cpu = 0
  private static let memory = 1
  private static let cpuScale = 2
  private static let memoryScale = 3
  private static let freeCPU = 4
  private static let freeMemory = 5
  private static let takenCPU = 6
  private static let takenMemory = 7
  private static let balance = 8
  private static let storage = 9
  private static let name = 10
  private static let columns = 11

  /// The structure for which the columns were filled, and how far they have followed.
  var structureVersion = -1
  var position = 0
  let count: Int
  /// Whether every node's amounts are in the range in which doubles are exact.
  private(set) var isExact = true
  private var values: [Double]

  init(count: Int) {
    self.count = count
    values = [Double](repeating: 0, count: count * Self.columns)
  }

  /// Amounts from which on doubles aren't trusted.
  static let tooMuch: Int64 = 1 << 42

  /// Sets a place to a node's amounts and the rank of its name.
  mutating func set(_ place: Int, _ row: NodeRow, rank: UInt32) {
    let range = 0..<Self.tooMuch
    isExact =
      isExact && 1..<Self.tooMuch ~= row.cpu && 1..<Self.tooMuch ~= row.memory
      && range ~= row.requestedCPU && range ~= row.requestedMemory && range ~= row.nonZeroCPU
      && range ~= row.nonZeroMemory
    func put(_ column: Int, _ value: Double) { values[column * count + place] = value }
    put(Self.cpu, Double(row.cpu))
    put(Self.memory, Double(row.memory))
    put(Self.cpuScale, 100 / Double(row.cpu))
    put(Self.memoryScale, 100 / Double(row.memory))
    put(Self.freeCPU, Double(row.cpu - row.nonZeroCPU))
    put(Self.freeMemory, Double(row.memory - row.nonZeroMemory))
    put(Self.takenCPU, Double(row.requestedCPU))
    put(Self.takenMemory, Double(row.requestedMemory))
    put(Self.balance, Double(50 - row.balance) * 0.5 - 0.25)
    put(Self.name, 1 - (Double(rank) + 1) / 16_777_216)
    let isFull = row.podCount + 1 > row.allowedPods
    put(Self.storage, isFull ? -.infinity : Double(row.storage - row.requestedStorage))
  }

  /// Judges some places for a Pod.
  ///
  /// Adding and taking away 1.5 × 2^52, where doubles are whole numbers on either side, rounds to
  /// the nearest; with a half less added, down.
  ///
  /// - Parameter totals: set to the total scores at the places, plus a fraction that is larger the
  ///   earlier the node's name; −1 where the Pod doesn't fit.
  func sweep(_ places: Range<Int>, for pod: SweepRequest, into totals: inout [Double]) {
    let whole = 6_755_399_441_055_744.0
    let stride = count
    values.withUnsafeBufferPointer { values in
      totals.withUnsafeMutableBufferPointer { totals in
        guard let start = values.baseAddress, let out = totals.baseAddress else { return }
        let (cpus, memories) = (start + Self.cpu * stride, start + Self.memory * stride)
        let (cpuScale, memoryScale) = (
          start + Self.cpuScale * stride, start + Self.memoryScale * stride
        )
        let (freeCPU, freeMemory) = (
          start + Self.freeCPU * stride, start + Self.freeMemory * stride
        )
        let (takenCPU, takenMemory) = (
          start + Self.takenCPU * stride, start + Self.takenMemory * stride
        )
        let (balances, storage) = (start + Self.balance * stride, start + Self.storage * stride)
        let names = start + Self.name * stride
        for place in places {
          let cpuShare = max((freeCPU[place] - pod.scoredCPU) * cpuScale[place], 0)
          let memoryShare = max((freeMemory[place] - pod.scoredMemory) * memoryScale[place], 0)
          let shares =
            ((cpuShare + (1e-13 - 0.5)) + whole - whole)
            + ((memoryShare + (1e-13 - 0.5)) + whole - whole)
          let fit = (shares * 0.5 - 0.25) + whole - whole
          let left = (takenCPU[place] + pod.cpu) / cpus[place]
          let right = (takenMemory[place] + pod.memory) / memories[place]
          let exact = (1 - abs((min(left, 1) - min(right, 1)) / 2)) * 100
          let rounded = exact + whole - whole
          let after = rounded - (rounded > exact ? 1 : 0)
          let balance = (after * 0.5 + balances[place]) + whole - whole
          var total = pod.constant + pod.fitWeight * fit + pod.balanceWeight * balance
          total += names[place]
          // One condition after the other, so that the loop needs no branch.
          total = left > pod.cpuLimit ? -1 : total
          total = right > pod.memoryLimit ? -1 : total
          total = pod.storage > storage[place] ? -1 : total
          out[place] = total
        }
      }
    }
  }
}

extension SchedulerCache {
  /// Whether one sweep can judge the nodes for a class.
  private func isSwept(_ classIndex: Int) -> Bool {
    let pod = footprints[classIndex]
    let range = 0..<NodeColumns.tooMuch
    let weights = weights(of: classIndex)
    let most =
      100 * (weights.taintToleration + weights.nodeResourcesFit + weights.balancedAllocation)
    return hasPlainScores && !hasOutOfTree(classIndex) && most < 1 << 28 && images.isEmpty
      && !gpu.isOn && !pod.hasScalars
      && !placements[Int(classes[classIndex].placement)].rules.ranksTypes
      && !(pod.hasPorts && pod.avoidsPorts) && range ~= pod.cpu && range ~= pod.memory
      && range ~= pod.storage && range ~= pod.scoredCPU && range ~= pod.scoredMemory
  }

  /// Brings the columns up to date and says what a class asks of them; nil if it, or a node, is
  /// beyond them.
  mutating func sweepRequest(_ classIndex: Int) -> SweepRequest? {
    guard isSwept(classIndex) else { return nil }
    let count = nodeOrder.slots.count
    if columns.structureVersion == structureVersion, columns.position >= touchedStart,
      touchedEnd - columns.position <= count
    {
      for place in (columns.position - touchedStart)..<touched.count {
        let slot = Int(touched[place])
        if nodeOrder.place[slot] >= 0 {
          columns.set(Int(nodeOrder.place[slot]), rows[slot], rank: nodeOrder.rank[slot])
        }
      }
    } else {
      columns = NodeColumns(count: count)
      for (place, slot) in nodeOrder.slots.enumerated() {
        columns.set(place, rows[Int(slot)], rank: nodeOrder.rank[Int(slot)])
      }
      columns.structureVersion = structureVersion
    }
    columns.position = touchedEnd
    guard columns.isExact else { return nil }
    return SweepRequest(footprints[classIndex], weights(of: classIndex))
  }

  /// Judges some places for a class by a sweep, with the filters that look at nodes' names, labels
  /// and taints.
  mutating func sweep(_ places: Range<Int>, _ classIndex: Int, for pod: SweepRequest) {
    if scratch.sweep.count < columns.count {
      scratch.sweep = [Double](repeating: -1, count: columns.count)
    }
    columns.sweep(places, for: pod, into: &scratch.sweep)
    let placement = Int(classes[classIndex].placement)
    let needsAddress = footprints[classIndex].needsAddress
    if placements[placement].rejectedNodes == 0 && !needsAddress { return }
    for place in places {
      let slot = Int(nodeOrder.slots[place])
      if !placements[placement].ofNode[slot].admits || needsAddress && addresses[slot].isExhausted {
        scratch.sweep[place] = -1
      }
    }
  }
}
