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
    var resources: [Int]
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

  private let capacities: [Double]
  private var classes: [Class] = []
  private var clock = Instant.zero
  private var order: Int64 = 0
  /// Bytes that each resource has carried.
  public private(set) var carried: [Double]
  /// Counts starts and ends, so that a driver sees whether the next completion has moved.
  public private(set) var changes: UInt64 = 0
  /// Bytes that have left their source, over all flows.
  public private(set) var delivered = 0.0
  /// Bytes of flows that have ended, and of those under way what they have got.
  public var received: Double {
    var sum = ended
    for kind in classes {
      for flow in kind.flows { sum += flow.size - (flow.finish - kind.served) }
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
  }

  /// Adds a class of flows that cross the given resources, each at most `ownLimit` bytes per second.
  /// - Returns: the class's number.
  public mutating func addClass(crossing resources: [Int], ownLimit: Double) -> Int {
    classes.append(Class(resources: resources, ownLimit: ownLimit))
    return classes.count - 1
  }

  /// How fast flows of a class run now, in bytes per second.
  public func rate(ofClass index: Int) -> Double { classes[index].rate }

  /// Starts a flow of so many bytes.
  public mutating func start(_ key: Key, inClass index: Int, bytes: Double, at now: Instant) {
    advance(to: now)
    order += 1
    let flow = Flow(
      finish: classes[index].served + max(0, bytes), size: max(0, bytes), order: order, key: key)
    Self.push(flow, onto: &classes[index].flows)
    flowCount += 1
    changes += 1
    fill()
  }

  /// When the next flow ends if nothing changes before; nil if none does.
  public var nextCompletion: Instant? {
    var earliest: Instant?
    for kind in classes {
      guard let first = kind.flows.first else { continue }
      let left = first.finish - kind.served
      let instant = left <= 0 ? clock : clock + .seconds(left / kind.rate)
      if earliest.map({ instant < $0 }) ?? true { earliest = instant }
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
        delivered += first.finish - classes[index].served
        Self.popFirst(&classes[index].flows)
        flowCount -= 1
        any = true
      }
    }
    guard any else { return }
    changes += 1
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
      let moved = rate * seconds * Double(classes[index].flows.count)
      delivered += moved
      for resource in classes[index].resources { carried[resource] += moved }
    }
  }

  /// Sets every class's rate: raise all alike, and fix those whose resource is full or that reach
  /// their own limit, until all are fixed.
  private mutating func fill() {
    var left = capacities
    var open = [Int]()
    for index in classes.indices where !classes[index].flows.isEmpty { open.append(index) }
    while !open.isEmpty {
      var level = Double.infinity
      for index in open { level = min(level, classes[index].ownLimit) }
      for resource in left.indices {
        var users = 0
        for index in open where classes[index].resources.contains(resource) {
          users += classes[index].flows.count
        }
        if users > 0 { level = min(level, left[resource] / Double(users)) }
      }
      let full = Self.full(left, open: open, classes: classes, level: level)
      var rest = [Int]()
      for index in open {
        let stops =
          classes[index].ownLimit <= level
          || classes[index].resources.contains { full[$0] } || level == .infinity
        guard stops else {
          rest.append(index)
          continue
        }
        classes[index].rate = level
      }
      for index in open where !rest.contains(index) {
        for resource in classes[index].resources {
          left[resource] -= level * Double(classes[index].flows.count)
          left[resource] = max(0, left[resource])
        }
      }
      open = rest
    }
  }

  private static func full(
    _ left: [Double], open: [Int], classes: [Class], level: Double
  ) -> [Bool] {
    left.indices.map { resource in
      var users = 0
      for index in open where classes[index].resources.contains(resource) {
        users += classes[index].flows.count
      }
      return users > 0 && left[resource] / Double(users) <= level
    }
  }

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
