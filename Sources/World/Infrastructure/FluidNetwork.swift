import Quantities

/// Transfers that share finite resources max-min fair, as a fluid.
///
/// Flows of one class cross the same resources and have the same rate of their own at most, so at
/// every instant they all run equally fast. A class therefore needs one clock that counts the bytes
/// served to each of its flows; a flow ends when that clock reaches its size.
///
/// > Source: progressive filling (Bertsekas & Gallager, Data Networks, 2nd ed., §6.5.2).
public struct FluidNetwork<Key: BitwiseCopyable & Sendable>: Sendable {
  /// What flows of one class have in common.
  struct Class: Sendable {
    var crossings: Range<Int>
    var ownLimit: Double
    var flows: [Flow] = []  // a binary heap by finish
    var rate = 0.0
    var served = 0.0
  }

  struct Flow: BitwiseCopyable, Sendable {
    var finish: Double
    var size: Double
    var order: Int64
    var key: Key
    func precedes(_ other: Flow) -> Bool {
      finish < other.finish || (finish == other.finish && order < other.order)
    }
  }

  private var capacities: [Double]
  private var classes: [Class] = []
  /// The resources that classes cross, one class after the other.
  private var crossings: [Int] = []
  private var activeCount = 0
  private var clock = Instant.zero
  private var order: Int64 = 0
  // Scratch of the filling, kept so that it allocates nothing.
  private var left: [Double]
  private var users: [Int]
  private var isOpen: [Bool] = []
  private var closing: [Int] = []
  /// Bytes that each resource has carried.
  public private(set) var carried: [Double]
  /// Counts starts and ends, so that a driver sees whether the next completion has moved.
  public private(set) var changes: UInt64 = 0
  /// Bytes that have left their source, over all flows.
  public private(set) var delivered = 0.0
  /// Bytes of flows that have ended, and of those under way what they have got.
  public var received: Double {
    var sum = ended
    for index in classes.indices {
      for flow in classes[index].flows {
        sum += flow.size - (flow.finish - classes[index].served)
      }
    }
    return sum
  }
  private var ended = 0.0
  /// Flows under way.
  public private(set) var flowCount = 0

  /// A network of resources with capacities in bytes per second; infinity is allowed.
  public init(capacities: [Double]) {
    self.capacities = capacities
    carried = [Double](repeating: 0, count: capacities.count)
    left = carried
    users = [Int](repeating: 0, count: capacities.count)
  }

  /// Adds a class of flows that cross the given resources, each at most `ownLimit` bytes per second.
  /// - Returns: the class's number.
  public mutating func addClass(crossing resources: [Int], ownLimit: Double) -> Int {
    let first = crossings.count
    crossings += resources
    classes.append(Class(crossings: first..<crossings.count, ownLimit: ownLimit))
    isOpen.append(false)
    return classes.count - 1
  }

  /// How fast flows of a class run now, in bytes per second.
  public func rate(ofClass index: Int) -> Double { classes[index].rate }

  /// Starts a flow of so many bytes.
  public mutating func start(_ key: Key, inClass index: Int, bytes: Double, at now: Instant) {
    advance(to: now)
    order += 1
    if classes[index].flows.isEmpty {
      activeCount += 1
      // Nobody counts from here on, so the clock may start anew and stays precise.
      classes[index].served = 0
    }
    let flow = Flow(
      finish: classes[index].served + max(0, bytes), size: max(0, bytes), order: order, key: key)
    Self.push(flow, onto: &classes[index].flows)
    flowCount += 1
    changes += 1
    fill()
  }

  /// When the next flow ends if nothing changes before; nil if none does.
  public var nextCompletion: Instant? {
    guard activeCount > 0 else { return nil }
    var earliest: Instant?
    for index in classes.indices {
      guard let first = classes[index].flows.first else { continue }
      let rest = first.finish - classes[index].served
      // What stands still ends when something changes.
      guard rest <= 0 || classes[index].rate > 0 else { continue }
      let instant = rest <= 0 ? clock : clock + .seconds(rest / classes[index].rate)
      earliest = min(earliest ?? instant, instant)
    }
    return earliest
  }

  /// Moves to an instant and takes out the flows that end by then, in order.
  public mutating func completions(at now: Instant, into ended: inout [Key]) {
    advance(to: now)
    var any = false
    for index in classes.indices {
      // Completions are rounded to nanoseconds: what is left then is below a nanosecond's worth.
      let tolerance = classes[index].rate.isFinite ? classes[index].rate * 1e-9 : .infinity
      while let first = classes[index].flows.first,
        first.finish - classes[index].served <= tolerance
      {
        ended.append(first.key)
        self.ended += first.size
        move(first.finish - classes[index].served, of: index)
        Self.popFirst(&classes[index].flows)
        if classes[index].flows.isEmpty { activeCount -= 1 }
        flowCount -= 1
        any = true
      }
    }
    guard any else { return }
    changes += 1
    fill()
  }

  /// Gives a resource another capacity, in bytes per second; at 0, flows across it stand still.
  public mutating func setCapacity(_ capacity: Double, of resource: Int, at now: Instant) {
    guard capacities[resource] != capacity else { return }
    advance(to: now)
    capacities[resource] = capacity
    changes += 1
    fill()
  }

  /// Takes a flow out that won't be received in full.
  public mutating func cancel(_ isMeant: (Key) -> Bool, at now: Instant) {
    guard flowCount > 0 else { return }
    advance(to: now)
    for index in classes.indices {
      guard let place = classes[index].flows.firstIndex(where: { isMeant($0.key) }) else {
        continue
      }
      let flow = classes[index].flows[place]
      ended += flow.size - (flow.finish - classes[index].served)
      var rest = classes[index].flows
      rest.remove(at: place)
      classes[index].flows.removeAll(keepingCapacity: true)
      for other in rest { Self.push(other, onto: &classes[index].flows) }
      if rest.isEmpty { activeCount -= 1 }
      flowCount -= 1
      changes += 1
    }
    fill()
  }

  private mutating func advance(to now: Instant) {
    let seconds = (now - clock).seconds
    guard seconds > 0 else { return }
    clock = now
    for index in classes.indices where !classes[index].flows.isEmpty {
      let rate = classes[index].rate
      guard rate.isFinite else { continue }
      classes[index].served += rate * seconds
      move(rate * seconds * Double(classes[index].flows.count), of: index)
    }
  }

  private mutating func move(_ bytes: Double, of index: Int) {
    delivered += bytes
    for crossing in classes[index].crossings { carried[crossings[crossing]] += bytes }
  }

  // MARK: Filling

  /// Sets every class's rate: raise all alike, and fix those whose resource is full or that reach
  /// their own limit, until all are fixed.
  private mutating func fill() {
    guard activeCount > 1 else { return fillAlone() }
    for resource in capacities.indices {
      left[resource] = capacities[resource]
      users[resource] = 0
    }
    var open = 0
    for index in classes.indices {
      isOpen[index] = !classes[index].flows.isEmpty
      guard isOpen[index] else { continue }
      open += 1
      for crossing in classes[index].crossings {
        users[crossings[crossing]] += classes[index].flows.count
      }
    }
    while open > 0 { open -= fix(at: nextLevel()) }
  }

  /// `fill()` where all flows are of one class.
  private mutating func fillAlone() {
    guard let index = classes.firstIndex(where: { !$0.flows.isEmpty }) else { return }
    var rate = classes[index].ownLimit
    for crossing in classes[index].crossings {
      rate = min(rate, capacities[crossings[crossing]] / Double(classes[index].flows.count))
    }
    classes[index].rate = rate
  }

  /// The level at which the next class has to stop.
  private func nextLevel() -> Double {
    var level = Double.infinity
    for index in classes.indices where isOpen[index] { level = min(level, classes[index].ownLimit) }
    for resource in left.indices where users[resource] > 0 {
      level = min(level, left[resource] / Double(users[resource]))
    }
    return level
  }

  /// Fixes the classes that stop at a level.
  /// - Returns: how many did.
  private mutating func fix(at level: Double) -> Int {
    closing.removeAll(keepingCapacity: true)
    for index in classes.indices where isOpen[index] {
      let stops =
        level == .infinity || classes[index].ownLimit <= level
        || classes[index].crossings.contains { crossing in
          let resource = crossings[crossing]
          return left[resource] / Double(users[resource]) <= level
        }
      if stops { closing.append(index) }
    }
    for index in closing {
      isOpen[index] = false
      classes[index].rate = level
      let count = classes[index].flows.count
      for crossing in classes[index].crossings {
        let resource = crossings[crossing]
        left[resource] = max(0, left[resource] - level * Double(count))
        users[resource] -= count
      }
    }
    return closing.count
  }

  // MARK: The heap

  private static func push(_ flow: Flow, onto heap: inout [Flow]) {
    heap.append(flow)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private static func popFirst(_ heap: inout [Flow]) {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(heap[parent]) else { break }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
