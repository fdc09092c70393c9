/// I. M. Sobol's sequence with the direction numbers of S. Joe and F. Y. Kuo, *SIAM Journal on
/// Scientific Computing* 30 (2008), the point at the origin included.
public enum SobolSequence {
  /// Per dimension above the first: the polynomial's degree, its inner coefficients, and the
  /// first direction numbers. The head of the authors' table `new-joe-kuo-6`.
  private static let table: [(coefficients: Int, numbers: [UInt64])] = [
    (0, [1]), (1, [1, 3]), (1, [1, 3, 1]), (2, [1, 1, 1]), (1, [1, 1, 3, 3]),
    (4, [1, 3, 5, 13]), (2, [1, 1, 5, 5, 17]), (4, [1, 1, 5, 5, 5]), (7, [1, 1, 7, 11, 19]),
    (11, [1, 1, 5, 1, 1]), (13, [1, 1, 1, 3, 11]), (14, [1, 3, 5, 5, 31]),
    (1, [1, 3, 3, 9, 7, 49]), (13, [1, 1, 1, 15, 21, 21]), (16, [1, 3, 1, 13, 27, 49]),
    (19, [1, 1, 1, 15, 7, 5]), (22, [1, 3, 1, 15, 13, 25]), (25, [1, 1, 5, 5, 19, 61]),
    (1, [1, 3, 7, 11, 23, 15, 103]), (4, [1, 3, 7, 13, 13, 15, 69]),
  ]

  /// The most dimensions.
  public static let mostDimensions = table.count + 1
  /// Bits of a coordinate.
  private static let bits = 52

  /// The first points in the order of the Gray code, each with coordinates in [0, 1).
  ///
  /// - Precondition: 1 ≤ dimension ≤ ``mostDimensions``.
  public static func points(_ count: Int, dimension: Int) -> [[Double]] {
    precondition((1...mostDimensions).contains(dimension), "The table ends before.")
    let directions = (0..<dimension).map(directions)
    var state = [UInt64](repeating: 0, count: dimension)
    return (0..<count).map { index in
      if index > 0 {
        let bit = (~(index - 1)).trailingZeroBitCount
        for axis in 0..<dimension { state[axis] ^= directions[axis][bit] }
      }
      return state.map { Double($0) * 0x1p-52 }
    }
  }

  private static func directions(of axis: Int) -> [UInt64] {
    guard axis > 0 else { return (0..<bits).map { 1 << UInt64(bits - 1 - $0) } }
    let (coefficients, numbers) = table[axis - 1]
    let degree = numbers.count
    var directions = numbers.enumerated().map { $1 << UInt64(bits - 1 - $0) }
    for index in degree..<bits {
      var next = directions[index - degree] ^ (directions[index - degree] >> UInt64(degree))
      for k in 1..<max(degree, 1) where coefficients >> (degree - 1 - k) & 1 == 1 {
        next ^= directions[index - k]
      }
      directions.append(next)
    }
    return directions
  }
}
