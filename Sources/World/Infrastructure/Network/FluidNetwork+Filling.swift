/// Working memory of the filling.
struct FillingScratch: Sendable {
  /// By resource: what is left, for how many flows, and how much of it for each.
  var left: [Double] = []
  var users: [Double] = []
  var share: [Double] = []
  /// Resources that may still be full first, in no order.
  var contested: [Int32] = []
  /// By class.
  var isOpen: [Bool] = []
}

extension FluidNetwork {
  /// Sets every class's rate: raise all alike, and fix those whose resource is full or that reach
  /// their own limit, until all are fixed.
  mutating func fill() {
    guard active.count > 1 else { return fillAlone() }
    var open = prepare()
    var limited = 0
    while open > 0 {
      while limited < byLimit.count, !scratch.isOpen[Int(byLimit[limited])] { limited += 1 }
      let limit =
        limited < byLimit.count ? ownLimits[Int(byLimit[limited])] : Double.infinity
      let (resource, level) = fullest()
      if limit <= level {
        guard limit < .infinity else { return close(at: .infinity) }
        close(Int(byLimit[limited]), at: limit)
        open -= 1
      } else {
        for number in crossedBy[resource] where scratch.isOpen[Int(number)] {
          close(Int(number), at: level)
          open -= 1
        }
      }
    }
  }

  /// `fill()` where all flows are of one class.
  private mutating func fillAlone() {
    guard let index = active.first.map({ Int($0) }) else { return }
    var rate = ownLimits[index]
    for resource in crossings[route(index)] {
      rate = min(rate, capacities[Int(resource)] / counts[index])
    }
    rates[index] = rate
  }

  /// Opens every class with flows.
  /// - Returns: how many there are.
  private mutating func prepare() -> Int {
    if scratch.left.count < capacities.count {
      scratch.left = capacities
      scratch.users = load
      scratch.share = load
    }
    while scratch.isOpen.count < counts.count { scratch.isOpen.append(false) }
    scratch.contested.removeAll(keepingCapacity: true)
    for resource in capacities.indices where load[resource] > 0 {
      guard capacities[resource] < .infinity else { continue }
      scratch.left[resource] = capacities[resource]
      scratch.users[resource] = load[resource]
      scratch.share[resource] = capacities[resource] / load[resource]
      scratch.contested.append(Int32(resource))
    }
    for number in active { scratch.isOpen[Int(number)] = true }
    return active.count
  }

  /// The resource that is full first while all rise alike, and the level at which it is. Those that
  /// nobody open crosses any more are dropped on the way.
  private mutating func fullest() -> (resource: Int, level: Double) {
    var best = -1
    var level = Double.infinity
    var place = 0
    var end = scratch.contested.count
    while place < end {
      let resource = Int(scratch.contested[place])
      guard scratch.users[resource] > 0 else {
        end -= 1
        scratch.contested.swapAt(place, end)
        continue
      }
      let share = scratch.share[resource]
      if share < level || (share == level && resource < best) {
        level = share
        best = resource
      }
      place += 1
    }
    scratch.contested.removeLast(scratch.contested.count - end)
    return (best, level)
  }

  private mutating func close(_ index: Int, at level: Double) {
    scratch.isOpen[index] = false
    rates[index] = level
    let count = counts[index]
    for place in route(index) {
      let resource = Int(crossings[place])
      guard capacities[resource] < .infinity else { continue }
      let users = scratch.users[resource] - count
      let left = max(0, scratch.left[resource] - level * count)
      scratch.left[resource] = left
      scratch.users[resource] = users
      scratch.share[resource] = left / users
    }
  }

  private mutating func close(at level: Double) {
    for number in active where scratch.isOpen[Int(number)] {
      scratch.isOpen[Int(number)] = false
      rates[Int(number)] = level
    }
  }
}
