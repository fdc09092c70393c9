import Quantities

extension FluidNetwork {
  /// Lets a class carry a stream: so many connections without end, each of which carries so many
  /// bytes per second at most. A stream costs the same whatever it is made of.
  ///
  /// - Parameters:
  ///   - connections: how many; 0: none, and nothing flows.
  ///   - limit: what one of them carries at most.
  public mutating func setStream(
    ofClass index: Int, connections: Int, limit: Double, at now: Instant
  ) {
    let before = counts[index]
    guard before != Double(connections) || ownLimits[index] != limit else { return }
    advance(to: now)
    isStream[index] = true
    if before == 0 { activate(Int32(index)) }
    count(Double(connections) - before, inClass: index)
    if connections == 0 { deactivate(index) }
    ownLimits[index] = limit
    sortLimits()
    changes += 1
    fill()
  }

  /// Bytes that a class has carried by an instant if nothing has changed since the last event.
  public func moved(ofClass index: Int, by now: Instant) -> Double {
    let bytes = rates[index] * counts[index] * max(0, (now - clock).seconds)
    return moved[index] + (bytes < .infinity ? bytes : 0)
  }

  /// Bytes per second that all flows of a class carry now.
  public func throughput(ofClass index: Int) -> Double { rates[index] * counts[index] }

  /// How fast one more flow across resources would begin to go, in bytes per second: as fast as
  /// what is left of each lets it, or as the fastest flow there does.
  public func share(crossing resources: some Sequence<Int>) -> Double {
    var least = Double.infinity
    for resource in resources where capacities[resource] < .infinity {
      var used = 0.0
      var fastest = 0.0
      for number in crossedBy[resource] where counts[Int(number)] > 0 {
        used += rates[Int(number)] * counts[Int(number)]
        fastest = max(fastest, rates[Int(number)])
      }
      least = min(least, max(capacities[resource] - used, fastest))
    }
    return least
  }
}
