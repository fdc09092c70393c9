/// Looks for the least value of a smooth function of one or a few numbers.
enum Simplex {
  /// The place of a minimum near a point: J. A. Nelder and R. Mead, *The Computer Journal* 7 (1965),
  /// begun anew from its end until that gains nothing.
  static func minimum(of cost: ([Double]) -> Double, from start: [Double]) -> [Double] {
    var best = start
    var value = cost(start)
    for _ in 0..<20 {
      let next = descend(cost, from: best)
      let nextValue = cost(next)
      let gain = value - nextValue
      best = next
      value = nextValue
      if gain < 1e-9 * max(1, abs(value)) { break }
    }
    return best
  }

  private static func descend(_ cost: ([Double]) -> Double, from start: [Double]) -> [Double] {
    let n = start.count
    var points: [(at: [Double], value: Double)] = [(start, cost(start))]
    for axis in 0..<n {
      var point = start
      point[axis] += 0.25
      points.append((point, cost(point)))
    }
    for _ in 0..<400 {
      points.sort { $0.value < $1.value }
      if points[n].value - points[0].value < 1e-12 * max(1, abs(points[0].value)) { break }
      let center = (0..<n).map { axis in
        points.prefix(n).reduce(0) { $0 + $1.at[axis] } / Double(n)
      }
      func along(_ factor: Double) -> (at: [Double], value: Double) {
        let at = (0..<n).map { center[$0] + factor * (points[n].at[$0] - center[$0]) }
        return (at, cost(at))
      }
      let mirrored = along(-1)
      if mirrored.value < points[0].value {
        let further = along(-2)
        points[n] = further.value < mirrored.value ? further : mirrored
      } else if mirrored.value < points[n - 1].value {
        points[n] = mirrored
      } else {
        let nearer = along(mirrored.value < points[n].value ? -0.5 : 0.5)
        if nearer.value < min(mirrored.value, points[n].value) {
          points[n] = nearer
        } else {
          for index in 1...n {
            let at = zip(points[index].at, points[0].at).map { ($0 + $1) / 2 }
            points[index] = (at, cost(at))
          }
        }
      }
    }
    return points.min { $0.value < $1.value }!.at
  }

  /// The roots of the diagonal of the inverse of the matrix of second derivatives, by differences; nil
  /// where that isn't positive. One or two numbers.
  static func standardErrors(of cost: ([Double]) -> Double, at point: [Double]) -> [Double?] {
    let step = 1e-3
    func value(_ moves: [(axis: Int, by: Double)]) -> Double {
      var moved = point
      for move in moves { moved[move.axis] += move.by * step }
      return cost(moved)
    }
    func second(_ axis: Int) -> Double {
      (value([(axis, 1)]) - 2 * value([]) + value([(axis, -1)])) / (step * step)
    }
    let first = second(0)
    guard point.count > 1 else { return [first > 0 ? (1 / first).squareRoot() : nil] }
    let other = second(1)
    let mixed =
      (value([(0, 1), (1, 1)]) - value([(0, 1), (1, -1)]) - value([(0, -1), (1, 1)])
        + value([(0, -1), (1, -1)])) / (4 * step * step)
    let determinant = first * other - mixed * mixed
    guard determinant > 0, first > 0 else { return [nil, nil] }
    return [(other / determinant).squareRoot(), (first / determinant).squareRoot()]
  }
}
