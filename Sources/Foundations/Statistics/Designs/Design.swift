import Probability

/// Points at which a model is run, in the unit cube or on levels.
public enum Design {
  /// Every combination of levels, the last factor varying fastest; the number of each level.
  public static func fullFactorial(_ levels: [Int]) -> [[Int]] {
    var points: [[Int]] = [[]]
    for count in levels {
      points = points.flatMap { point in (0..<count).map { point + [$0] } }
    }
    return points
  }

  /// The first level of every factor, then each factor's other levels alone.
  public static func oneAtATime(_ levels: [Int]) -> [[Int]] {
    let base = levels.map { _ in 0 }
    var points = [base]
    for (factor, count) in levels.enumerated() where count > 1 {
      for level in 1..<count {
        var point = base
        point[factor] = level
        points.append(point)
      }
    }
    return points
  }

  /// A random Latin hypercube: in every dimension, each of `count` equal slices holds one point.
  ///
  /// M. D. McKay, R. J. Beckman, W. J. Conover, *Technometrics* 21 (1979).
  public static func latinHypercube(
    _ count: Int, dimension: Int, on stream: KeyedStream
  ) -> [[Double]] {
    var points = [[Double]](
      repeating: [Double](repeating: 0, count: dimension), count: count)
    for axis in 0..<dimension {
      var slices = Array(0..<count)
      for last in slices.indices.reversed() {
        let luck = stream.uniformPair(for: UInt64(axis), number: UInt32(last))
        slices.swapAt(last, Int(luck.0 * Double(last + 1)))
      }
      for row in 0..<count {
        let inside = stream.uniformPair(for: UInt64(axis), number: UInt32(row)).1
        points[row][axis] = (Double(slices[row]) + inside) / Double(count)
      }
    }
    return points
  }

  /// Whether every slice of every dimension holds exactly one point.
  public static func isLatin(_ points: [[Double]]) -> Bool {
    guard let dimension = points.first?.count else { return true }
    return (0..<dimension).allSatisfy { axis in
      Set(points.map { Int($0[axis] * Double(points.count)) }).count == points.count
    }
  }

  /// J. H. Halton's sequence in the bases of the first primes, from index 0, the origin.
  public static func halton(_ count: Int, dimension: Int) -> [[Double]] {
    let bases = primes(dimension)
    return (0..<count).map { index in bases.map { radicalInverse(index, base: $0) } }
  }

  private static func primes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ !candidate.isMultiple(of: $0) }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }

  /// The digits of a number behind the point in reverse.
  private static func radicalInverse(_ index: Int, base: Int) -> Double {
    var (rest, weight, value) = (index, 1.0, 0.0)
    while rest > 0 {
      weight /= Double(base)
      value += weight * Double(rest % base)
      rest /= base
    }
    return value
  }
}

/// How unevenly points fill the unit cube.
///
/// F. J. Hickernell, *Mathematics of Computation* 67 (1998).
public enum Discrepancy {
  /// The square of the centred L2 discrepancy.
  public static func centred(_ points: [[Double]]) -> Double {
    let n = Double(points.count)
    let d = Double(points.first?.count ?? 0)
    let single = points.reduce(0) { sum, point in
      sum
        + point.reduce(1) { product, x in
          let z = abs(x - 0.5)
          return product * (1 + z / 2 - z * z / 2)
        }
    }
    let double = pairs(points) { x, y in
      1 + abs(x - 0.5) / 2 + abs(y - 0.5) / 2 - abs(x - y) / 2
    }
    return power(13.0 / 12, d) - 2 / n * single + double / (n * n)
  }

  /// The square of the wrap-around L2 discrepancy.
  public static func wraparound(_ points: [[Double]]) -> Double {
    let n = Double(points.count)
    let d = Double(points.first?.count ?? 0)
    let double = pairs(points) { x, y in 1.5 - abs(x - y) * (1 - abs(x - y)) }
    return double / (n * n) - power(4.0 / 3, d)
  }

  /// The L2 star discrepancy: T. T. Warnock's formula.
  public static func star(_ points: [[Double]]) -> Double {
    let n = Double(points.count)
    let d = Double(points.first?.count ?? 0)
    let single = points.reduce(0) { $0 + $1.reduce(1) { $0 * (1 - $1 * $1) } }
    let double = pairs(points) { x, y in 1 - max(x, y) }
    let square = power(3, -d) - power(2, 1 - d) / n * single + double / (n * n)
    return max(0, square).squareRoot()
  }

  private static func pairs(
    _ points: [[Double]], _ kernel: (Double, Double) -> Double
  ) -> Double {
    points.reduce(0) { sum, point in
      sum
        + points.reduce(0) { inner, other in
          inner + zip(point, other).reduce(1) { $0 * kernel($1.0, $1.1) }
        }
    }
  }
}
