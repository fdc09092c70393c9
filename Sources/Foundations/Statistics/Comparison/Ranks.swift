import Probability

/// Tests by ranks, for what is too skewed for means.
public enum RankTests {
  /// The ranks of values from 1, equal ones sharing their mean; and Σ(t³ − t) over groups of ties.
  static func ranks(_ values: [Double]) -> (ranks: [Double], ties: Double) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var ties = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let group = Double(end - start)
      ties += group * group * group - group
      for index in start..<end { ranks[order[index]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return (ranks, ties)
  }

  /// What the test of H. B. Mann and D. R. Whitney (*Annals of Mathematical Statistics* 18, 1947)
  /// says of two independent samples.
  ///
  /// - Returns: U of the first sample, and the two-sided p-value of the normal approximation with
  ///   corrections for continuity and ties.
  public static func mannWhitney(_ a: [Double], _ b: [Double]) -> (u: Double, p: Double) {
    let (ranks, ties) = ranks(a + b)
    let (n, m) = (Double(a.count), Double(b.count))
    let u = ranks[..<a.count].reduce(0, +) - n * (n + 1) / 2
    let total = n + m
    let variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    guard variance > 0 else { return (u, 1) }
    let z = (max(u, n * m - u) - n * m / 2 - 0.5) / variance.squareRoot()
    return (u, min(1, 2 * Distributions.normalTail(z)))
  }

  /// Up to so many pairs without ties, Wilcoxon's p-value is exact.
  private static let mostExact = 50

  /// What F. Wilcoxon's signed-rank test (*Biometrics Bulletin* 1, 1945) says of pairs on the same
  /// luck; pairs without a difference are left out.
  ///
  /// - Returns: the sum of the ranks of positive differences `a − b`, and the two-sided p-value:
  ///   exact up to 50 pairs without ties, else by the normal approximation, corrected for ties.
  public static func wilcoxon(_ a: [Double], _ b: [Double]) -> (positive: Double, p: Double) {
    precondition(a.count == b.count, "Paired observations come in pairs.")
    let differences = zip(a, b).map { $0 - $1 }.filter { $0 != 0 }
    guard !differences.isEmpty else { return (0, 1) }
    let (ranks, ties) = ranks(differences.map(abs))
    let positive = zip(differences, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let n = Double(differences.count)
    let least = min(positive, n * (n + 1) / 2 - positive)
    if ties == 0, differences.count <= mostExact {
      return (positive, min(1, 2 * signedRankCDF(Int(least), count: differences.count)))
    }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    let z = (least - n * (n + 1) / 4) / variance.squareRoot()
    return (positive, min(1, 2 * Distributions.normalCDF(z)))
  }

  /// P(W ≤ w) of the signed-rank sum of n pairs: how many subsets of 1…n sum to at most w.
  private static func signedRankCDF(_ w: Int, count n: Int) -> Double {
    var ways = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
    ways[0] = 1
    for rank in 1...n {
      for sum in stride(from: ways.count - 1, through: rank, by: -1) {
        ways[sum] = (ways[sum] + ways[sum - rank]) / 2
      }
      for sum in 0..<rank { ways[sum] /= 2 }
    }
    return ways[0...w].reduce(0, +)
  }
}

/// p-values of several comparisons, corrected for there being several.
public enum MultipleComparison {
  /// Each times their number: C. E. Bonferroni.
  public static func bonferroni(_ p: [Double]) -> [Double] {
    p.map { min(1, $0 * Double(p.count)) }
  }

  /// S. Holm's step-down (*Scandinavian Journal of Statistics* 6, 1979): never weaker.
  public static func holm(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
    var adjusted = p
    var largest = 0.0
    for (step, index) in order.enumerated() {
      largest = max(largest, min(1, p[index] * Double(p.count - step)))
      adjusted[index] = largest
    }
    return adjusted
  }

  /// Y. Benjamini and Y. Hochberg's bound on the share of false findings (*JRSS B* 57, 1995).
  public static func benjaminiHochberg(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
    var adjusted = p
    var least = 1.0
    for (step, index) in order.enumerated().reversed() {
      least = min(least, p[index] * Double(p.count) / Double(step + 1))
      adjusted[index] = least
    }
    return adjusted
  }
}
