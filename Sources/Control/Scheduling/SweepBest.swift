/// The best of the first so many places that a sweep finds feasible.
struct SweepBest: Sendable {
  let sought: Int
  /// Whether equals are kept; otherwise the first by name is.
  let keepsTies: Bool
  private(set) var kept = 0
  private(set) var examined = 0
  /// Whether one more feasible place than sought was met.
  private(set) var isDone = false
  /// The best place, the first by name unless equals are kept.
  private(set) var place = -1
  /// The places with the best total, with their positions among those kept.
  private(set) var ties: [(position: Int, place: Int)] = []
  private var total = -1.0

  init(sought: Int, keepsTies: Bool) {
    self.sought = sought
    self.keepsTies = keepsTies
  }

  /// Looks at the totals of some places, which follow those before.
  mutating func look(at places: Range<Int>, _ totals: [Double]) {
    totals.withUnsafeBufferPointer { totals in
      if !keepsTies, kept + places.count <= sought {
        lookAtAll(places, totals)
      } else {
        lookAtEach(places, totals)
      }
    }
  }

  private mutating func lookAtAll(_ places: Range<Int>, _ totals: UnsafeBufferPointer<Double>) {
    var (first, second, most) = (total, total, total)
    var count = 0
    var here = places.lowerBound
    while here + 1 < places.upperBound {
      let (left, right) = (totals[here], totals[here + 1])
      first = left > first ? left : first
      second = right > second ? right : second
      count += (left >= 0 ? 1 : 0) + (right >= 0 ? 1 : 0)
      here += 2
    }
    most = max(first, second)
    if here < places.upperBound {
      most = max(most, totals[here])
      count += totals[here] >= 0 ? 1 : 0
    }
    kept += count
    examined += places.count
    guard most > total else { return }
    total = most
    place = places.first { totals[$0] == most } ?? place
  }

  private mutating func lookAtEach(_ places: Range<Int>, _ totals: UnsafeBufferPointer<Double>) {
    for here in places {
      let total = totals[here]
      if total >= 0 {
        if kept == sought {
          isDone = true
          return
        }
        if keepsTies {
          let (new, old) = (Int64(total), Int64(self.total))
          if new > old { ties.removeAll(keepingCapacity: true) }
          if new >= old { ties.append((kept, here)) }
        }
        if total > self.total {
          self.total = total
          place = here
        }
        kept += 1
      }
      examined += 1
    }
  }
}
