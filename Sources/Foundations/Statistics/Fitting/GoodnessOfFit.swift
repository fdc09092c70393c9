import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far a sample is from a law or from another sample.
public enum GoodnessOfFit {
  /// The Kolmogorov–Smirnov distance of a sample from a law, and its exact p-value.
  public static func kolmogorovSmirnov(
    _ sample: Sample, against cdf: (Double) -> Double
  ) -> (distance: Double, p: Double) {
    let n = Double(sample.count)
    var distance = 0.0
    for (index, value) in sample.sorted.enumerated() {
      let level = cdf(value)
      distance = max(distance, Double(index + 1) / n - level, level - Double(index) / n)
    }
    return (distance, kolmogorovTail(distance, count: sample.count))
  }

  /// P(Dₙ ≥ d), exactly: the matrix of G. Marsaglia, W. W. Tsang and J. Wang (*Journal of
  /// Statistical Software* 8, 2003); where the tail is small, twice N. V. Smirnov's one-sided sum,
  /// which then differs by a relative e^(−6nd²).
  static func kolmogorovTail(_ d: Double, count: Int) -> Double {
    let n = Double(count)
    if d <= 0.5 / n { return 1 }
    if d >= 1 { return 0 }
    if n * d * d > 4 || count > 5_000 { return min(1, 2 * smirnovTail(d, count: count)) }
    return 1 - kolmogorovCDF(d, count: count)
  }

  /// P(Dₙ⁺ ≥ d): Z. W. Birnbaum and F. H. Tingey, *Annals of Mathematical Statistics* 22 (1951).
  private static func smirnovTail(_ d: Double, count: Int) -> Double {
    let n = Double(count)
    var sum = 0.0
    for j in 0...Int(n * (1 - d)) {
      let level = d + Double(j) / n
      let rest = 1 - level
      guard rest > 0 else { continue }
      let ways =
        SpecialFunctions.logGamma(n + 1) - SpecialFunctions.logGamma(Double(j) + 1)
        - SpecialFunctions.logGamma(n - Double(j) + 1)
      sum += exp(ways + (n - Double(j)) * log(rest) + (Double(j) - 1) * log(level))
    }
    return d * sum
  }

  private static func kolmogorovCDF(_ d: Double, count: Int) -> Double {
    let n = Double(count)
    let k = Int(n * d) + 1
    let m = 2 * k - 1
    let h = Double(k) - n * d
    var matrix = SquareMatrix(size: m) { i, j in i - j + 1 < 0 ? 0 : 1 }
    for i in 0..<m {
      matrix[i, 0] -= power(h, Double(i + 1))
      matrix[m - 1, i] -= power(h, Double(m - i))
    }
    matrix[m - 1, 0] += 2 * h - 1 > 0 ? power(2 * h - 1, Double(m)) : 0
    for i in 0..<m {
      for j in 0..<m where i - j + 1 > 0 {
        for g in 1...(i - j + 1) { matrix[i, j] /= Double(g) }
      }
    }
    let product = matrix.raised(to: count)
    // n!/nⁿ in steps, so that neither overflows.
    var value = product.matrix[k - 1, k - 1]
    var exponent = product.exponent
    for i in 1...count {
      value *= Double(i) / n
      if value < 0x1p-400 {
        value *= 0x1p400
        exponent -= 400
      }
    }
    return value * power(2, Double(exponent))
  }

  /// The largest distance of two samples' distribution functions.
  public static func distance(_ a: Sample, _ b: Sample) -> Double {
    var largest = 0.0
    walk(a, b) { _, difference in largest = max(largest, abs(difference)) }
    return largest
  }

  /// The earth mover's distance of two samples, the area between their distribution functions.
  public static func wasserstein(_ a: Sample, _ b: Sample) -> Double {
    var area = 0.0
    walk(a, b) { width, difference in area += width * abs(difference) }
    return area
  }

  /// Walks the steps of F − G, with the width for which each difference stands.
  private static func walk(
    _ a: Sample, _ b: Sample, _ visit: (_ width: Double, _ difference: Double) -> Void
  ) {
    let values = (a.sorted + b.sorted).sorted()
    var (i, j) = (0, 0)
    for (index, value) in values.enumerated() {
      while i < a.count, a.sorted[i] <= value { i += 1 }
      while j < b.count, b.sorted[j] <= value { j += 1 }
      let next = index + 1 < values.count ? values[index + 1] : value
      visit(next - value, Double(i) / Double(a.count) - Double(j) / Double(b.count))
    }
  }

  /// K. Pearson's chi-squared of counts against expectations.
  ///
  /// - Precondition: as many of either, at least two, expectations above zero.
  public static func chiSquared(
    observed: [Double], expected: [Double]
  ) -> (statistic: Double, degrees: Double, p: Double) {
    precondition(
      observed.count == expected.count && observed.count >= 2 && expected.allSatisfy { $0 > 0 },
      "Every count has its expectation above zero.")
    let statistic = zip(observed, expected).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1) / pair.1
    }
    let degrees = Double(observed.count - 1)
    return (statistic, degrees, Distributions.chiSquaredTail(statistic, degrees: degrees))
  }
}

/// A small dense matrix, for powers whose entries leave the range of a Double.
private struct SquareMatrix {
  let size: Int
  private var entries: [Double]

  init(size: Int, entry: (Int, Int) -> Double) {
    self.size = size
    entries = (0..<size * size).map { entry($0 / size, $0 % size) }
  }

  subscript(row: Int, column: Int) -> Double {
    get { entries[row * size + column] }
    set { entries[row * size + column] = newValue }
  }

  private func times(_ other: SquareMatrix) -> SquareMatrix {
    SquareMatrix(size: size) { row, column in
      (0..<size).reduce(0) { $0 + self[row, $1] * other[$1, column] }
    }
  }

  /// The power, as a matrix times two to an exponent.
  func raised(to exponent: Int) -> (matrix: SquareMatrix, exponent: Int) {
    if exponent == 1 { return (self, 0) }
    let half = raised(to: exponent / 2)
    var result = half.matrix.times(half.matrix)
    var scale = 2 * half.exponent
    if exponent % 2 == 1 { result = times(result) }
    if result[size / 2, size / 2] > 0x1p400 {
      for index in result.entries.indices { result.entries[index] *= 0x1p-400 }
      scale += 400
    }
    return (result, scale)
  }
}
