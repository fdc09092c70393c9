import Quantities

/// Transfers that share finite resources max-min fair, as a fluid.
///
/// Flows of one class cross the same resources and have the same rate of their own at most, so at
/// every instant they all run equally fast. A class therefore needs one clock that counts the bytes
/// served to each of its flows; a flow ends when that clock reaches its size. The work of an event
/// grows with the classes that have flows, not with the flows.
///
/// > Source: progressive filling (Bertsekas & Gallager, Data Networks, 2nd ed., §6.5.2).
public struct FluidNetwork: Sendable {
  /// A number by which the owner of a flow knows it.
  public typealias Key = UInt64

  struct Flow: BitwiseCopyable, Sendable {
    /// What the class's clock shows when the flow ends, and what it showed when it began.
    var finish: Double
    var start: Double
    var order: Int64
    var key: Key
    func precedes(_ other: Flow) -> Bool {
      finish < other.finish || (finish == other.finish && order < other.order)
    }
  }

  // By resource.
  var capacities: [Double]
  /// Flows across it.
  var load: [Double]
  /// The classes that cross it.
  var crossedBy: [[Int32]]
  /// What classes carried across it before they were given another route.
  private var carriedBefore: [Double]

  // By class.
  /// Its route: a range of ``crossings``.
  var firstCrossing: [Int32] = []
  var endCrossing: [Int32] = []
  /// The resources of routes, those given up included.
  var crossings: [Int32] = []
  var ownLimits: [Double] = []
  /// A heap by finish.
  var flows: [[Flow]] = []
  var counts: [Double] = []
  var rates: [Double] = []
  private var served: [Double] = []
  /// Bytes carried, and those of them before the class's present route.
  var moved: [Double] = []
  private var movedBefore: [Double] = []
  /// Classes with flows, ascending.
  var active: [Int32] = []
  /// Classes with a limit of their own, by it.
  var byLimit: [Int32] = []

  /// By class: whether it carries a stream instead of flows that end.
  var isStream: [Bool] = []

  private(set) var clock = Instant.zero
  private var order: Int64 = 0
  private var ended = 0.0
  /// Scratch of the filling, kept so that it allocates nothing.
  var scratch = FillingScratch()
  /// Counts starts, ends and changes of rates, so that a driver sees whether the next completion
  /// has moved.
  public internal(set) var changes: UInt64 = 0
  /// Flows under way that will end.
  public private(set) var flowCount = 0

  /// A network of resources with capacities in bytes per second; infinity is allowed.
  public init(capacities: [Double]) {
    self.capacities = capacities
    load = [Double](repeating: 0, count: capacities.count)
    carriedBefore = load
    crossedBy = Array(repeating: [], count: capacities.count)
  }

  // MARK: Resources and classes

  /// Adds a resource.
  /// - Returns: its number.
  public mutating func addResource(_ capacity: Double) -> Int {
    capacities.append(capacity)
    load.append(0)
    carriedBefore.append(0)
    crossedBy.append([])
    return capacities.count - 1
  }

  /// Adds a class of flows that cross the given resources, each at most `ownLimit` bytes per second.
  /// - Returns: the class's number.
  public mutating func addClass(crossing resources: [Int], ownLimit: Double) -> Int {
    let number = flows.count
    firstCrossing.append(Int32(crossings.count))
    crossings += resources.map { Int32($0) }
    endCrossing.append(Int32(crossings.count))
    for resource in resources { crossedBy[resource].append(Int32(number)) }
    ownLimits.append(ownLimit)
    flows.append([])
    counts.append(0)
    rates.append(0)
    served.append(0)
    moved.append(0)
    movedBefore.append(0)
    isStream.append(false)
    sortLimits()
    return number
  }

  /// The places in ``crossings`` of a class's route.
  func route(_ index: Int) -> Range<Int> { Int(firstCrossing[index])..<Int(endCrossing[index]) }

  mutating func sortLimits() {
    byLimit = ownLimits.indices.filter { ownLimits[$0].isFinite }.map { Int32($0) }
    byLimit.sort { (ownLimits[Int($0)], $0) < (ownLimits[Int($1)], $1) }
  }

  /// How fast flows of a class run now, in bytes per second.
  public func rate(ofClass index: Int) -> Double { rates[index] }

  /// Flows of a class under way.
  public func count(ofClass index: Int) -> Int { flows[index].count }

  /// Bytes that flows of a class have carried.
  public func moved(ofClass index: Int) -> Double { moved[index] }

  /// Gives flows of a class another limit of their own, in bytes per second.
  public mutating func setOwnLimit(_ limit: Double, ofClass index: Int, at now: Instant) {
    guard ownLimits[index] != limit else { return }
    advance(to: now)
    ownLimits[index] = limit
    sortLimits()
    guard counts[index] > 0 else { return }
    changes += 1
    fill()
  }

  /// Lets flows of a class, those under way included, cross other resources from now on.
  public mutating func reroute(_ index: Int, crossing resources: [Int], at now: Instant) {
    guard !crossings[route(index)].elementsEqual(resources, by: { Int($0) == $1 }) else { return }
    advance(to: now)
    for resource in crossings[route(index)] {
      carriedBefore[Int(resource)] += moved[index] - movedBefore[index]
      load[Int(resource)] -= counts[index]
      crossedBy[Int(resource)].removeAll { $0 == Int32(index) }
    }
    movedBefore[index] = moved[index]
    firstCrossing[index] = Int32(crossings.count)
    crossings += resources.map { Int32($0) }
    endCrossing[index] = Int32(crossings.count)
    for resource in resources {
      load[resource] += counts[index]
      crossedBy[resource].append(Int32(index))
    }
    guard counts[index] > 0 else { return }
    changes += 1
    fill()
  }

  /// Gives a resource another capacity, in bytes per second; at 0, flows across it stand still.
  public mutating func setCapacity(_ capacity: Double, of resource: Int, at now: Instant) {
    guard capacities[resource] != capacity else { return }
    advance(to: now)
    capacities[resource] = capacity
    guard load[resource] > 0 else { return }
    changes += 1
    fill()
  }

  // MARK: Bytes

  /// Bytes that each resource has carried.
  public var carried: [Double] {
    var sums = carriedBefore
    for index in flows.indices {
      for resource in crossings[route(index)] {
        sums[Int(resource)] += moved[index] - movedBefore[index]
      }
    }
    return sums
  }

  /// Bytes that a resource has carried by an instant up to which nothing has changed.
  ///
  /// Looking changes nothing: were the clocks moved, sums would be rounded elsewhere.
  public func carried(by now: Instant, across resource: Int) -> Double {
    let seconds = max(0, (now - clock).seconds)
    var sum = carriedBefore[resource]
    for number in crossedBy[resource] {
      let index = Int(number)
      sum += moved[index] - movedBefore[index]
      let bytes = counts[index] > 0 ? rates[index] * seconds * counts[index] : 0
      if bytes < .infinity { sum += bytes }
    }
    return sum
  }

  /// Bytes that have left their source, over all flows.
  public var delivered: Double { moved.reduce(0, +) }

  /// Bytes of flows that have ended, and of those under way and of streams what they have got.
  public var received: Double {
    var sum = ended
    for index in flows.indices {
      if isStream[index] { sum += moved[index] }
      for flow in flows[index] { sum += served[index] - flow.start }
    }
    return sum
  }

  // MARK: Flows

  /// Starts a flow of so many bytes; of infinitely many, one that goes on until it is cancelled.
  public mutating func start(_ key: Key, inClass index: Int, bytes: Double, at now: Instant) {
    advance(to: now)
    order += 1
    if flows[index].isEmpty {
      activate(Int32(index))
      // Nobody counts from here on, so the clock may start anew and stays precise.
      served[index] = 0
    }
    let begun = served[index]
    let flow = Flow(finish: begun + max(0, bytes), start: begun, order: order, key: key)
    Self.push(flow, onto: &flows[index])
    count(1, inClass: index)
    if bytes.isFinite { flowCount += 1 }
    changes += 1
    fill()
  }

  mutating func count(_ step: Double, inClass index: Int) {
    counts[index] += step
    for place in route(index) { load[Int(crossings[place])] += step }
  }

  mutating func activate(_ index: Int32) {
    var place = active.count
    while place > 0, active[place - 1] > index { place -= 1 }
    active.insert(index, at: place)
  }

  mutating func deactivate(_ index: Int) {
    rates[index] = 0
    if let place = active.firstIndex(of: Int32(index)) { active.remove(at: place) }
  }

  /// When the next flow ends if nothing changes before; nil if none does.
  public var nextCompletion: Instant? {
    var earliest = Double.infinity
    for number in active {
      let index = Int(number)
      guard let first = flows[index].first else { continue }
      let rest = first.finish - served[index]
      // What stands still ends when something changes.
      let seconds = rest <= 0 ? 0 : rates[index] > 0 ? rest / rates[index] : .infinity
      if seconds < earliest { earliest = seconds }
    }
    return earliest < .infinity ? clock + .seconds(earliest) : nil
  }

  /// Moves to an instant and takes out the flows that end by then, in order.
  public mutating func completions(at now: Instant, into ended: inout [Key]) {
    advance(to: now)
    var emptied = false
    var any = false
    for number in active {
      let index = Int(number)
      // Completions are rounded to nanoseconds: what is left then is below a nanosecond's worth.
      let tolerance = rates[index].isFinite ? rates[index] * 1e-9 : .infinity
      while let first = flows[index].first, first.finish < .infinity,
        first.finish - served[index] <= tolerance
      {
        ended.append(first.key)
        self.ended += first.finish - first.start
        moved[index] += first.finish - served[index]
        Self.popFirst(&flows[index])
        count(-1, inClass: index)
        flowCount -= 1
        any = true
      }
      if counts[index] == 0 { emptied = true }
    }
    guard any else { return }
    if emptied {
      for number in active where counts[Int(number)] == 0 { rates[Int(number)] = 0 }
      active.removeAll { counts[Int($0)] == 0 }
    }
    changes += 1
    fill()
  }

  /// Takes flows out of a class that won't be received in full.
  public mutating func cancel(inClass index: Int, at now: Instant, where isMeant: (Key) -> Bool) {
    guard flows[index].contains(where: { isMeant($0.key) }) else { return }
    advance(to: now)
    var rest: [Flow] = []
    for flow in flows[index] {
      guard isMeant(flow.key) else {
        Self.push(flow, onto: &rest)
        continue
      }
      ended += served[index] - flow.start
      if flow.finish.isFinite { flowCount -= 1 }
      count(-1, inClass: index)
    }
    flows[index] = rest
    if rest.isEmpty { deactivate(index) }
    changes += 1
    fill()
  }

  mutating func advance(to now: Instant) {
    let seconds = (now - clock).seconds
    guard seconds > 0 else { return }
    clock = now
    for number in active {
      let index = Int(number)
      let bytes = rates[index] * seconds
      guard bytes < .infinity else { continue }
      served[index] += bytes
      moved[index] += bytes * counts[index]
    }
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
