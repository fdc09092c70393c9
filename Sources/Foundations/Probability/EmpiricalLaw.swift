/// A law given by data: a sample, a weighted sample, or a table of quantiles.
public struct EmpiricalLaw: Hashable, Sendable {
  /// The values in ascending order.
  public let values: [Double]
  /// What goes with the values: nothing (every value alike), their weights, or in a table of
  /// quantiles their probabilities P(X ≤ value), from 0 to 1.
  public let weights: [Double]
  /// Whether values between two neighbours occur too (a table of quantiles).
  public let isInterpolated: Bool
  /// P(X ≤ value) for every value; empty where every value is alike.
  let cumulative: [Double]

  /// The law that gives each value of a sample alike.
  public init(sample: [Double]) {
    values = sample.sorted()
    weights = []
    isInterpolated = false
    cumulative = []
  }

  /// The law that gives each value in proportion to its weight.
  ///
  /// Missing weights count as 0, so that a validation finds them.
  public init(values: [Double], weights: [Double]) {
    let pairs = values.indices.map { (values[$0], $0 < weights.count ? weights[$0] : 0) }
      .sorted { $0.0 < $1.0 }
    self.values = pairs.map(\.0)
    self.weights = pairs.map(\.1)
    isInterpolated = false
    let total = self.weights.reduce(0, +)
    var sum = 0.0
    var running = self.weights.map { weight in
      sum += weight
      return sum / total
    }
    if let last = self.weights.lastIndex(where: { $0 > 0 }) {
      for index in last..<running.count { running[index] = 1 }
    }
    cumulative = running
  }

  /// The continuous law with these quantiles, linear in between.
  ///
  /// - Parameters:
  ///   - probabilities: ascending, the first 0 and the last 1.
  ///   - values: the quantile of each probability, ascending.
  public init(probabilities: [Double], quantiles values: [Double]) {
    self.values = values
    weights = probabilities
    isInterpolated = true
    cumulative = probabilities
  }

  var support: ClosedRange<Double> {
    let low = values.first ?? 0
    return low...max(low, values.last ?? 0)
  }

  /// The smallest value x with P(X ≤ x) ≥ p; p = 0 gives the smallest that occurs.
  func quantile(_ p: Double) -> Double {
    if cumulative.isEmpty {
      let position = (p * Double(values.count)).rounded(.up) - 1
      return values[min(max(Int(position), 0), values.count - 1)]
    }
    let reaching = cumulative.partitioningIndex { p > 0 ? $0 >= p : $0 > 0 }
    let index = min(reaching, values.count - 1)
    return isInterpolated ? interpolated(p, upTo: index) : values[index]
  }

  private func interpolated(_ p: Double, upTo index: Int) -> Double {
    guard index > 0 else { return values[index] }
    let (below, above) = (cumulative[index - 1], cumulative[index])
    let share = above > below ? (p - below) / (above - below) : 1
    return values[index - 1] + share * (values[index] - values[index - 1])
  }

  /// A draw from a uniform number in [0, 1); grows with it.
  func value(at u: Double) -> Double {
    if cumulative.isEmpty {
      return values[min(Int(u * Double(values.count)), values.count - 1)]
    }
    let index = min(cumulative.partitioningIndex { $0 > u }, values.count - 1)
    return isInterpolated ? interpolated(u, upTo: index) : values[index]
  }

  /// P(X ≤ x).
  func cdf(_ x: Double) -> Double {
    let count = values.partitioningIndex { $0 > x }
    guard count > 0 else { return 0 }
    if cumulative.isEmpty { return Double(count) / Double(values.count) }
    guard isInterpolated, count < values.count else { return cumulative[count - 1] }
    let share = (x - values[count - 1]) / (values[count] - values[count - 1])
    return cumulative[count - 1] + share * (cumulative[count] - cumulative[count - 1])
  }

  /// The k-th moment about a centre.
  ///
  /// Between two quantiles a and b the law is uniform; its moment is
  /// (b^(k+1) − a^(k+1)) / ((k+1)(b − a)) = Σ aⁱ b^(k−i) / (k+1), which also holds for a = b.
  func moment(_ k: Int, about centre: Double = 0) -> Double {
    func power(_ x: Double, _ k: Int) -> Double { (0..<k).reduce(1) { y, _ in y * x } }
    if cumulative.isEmpty {
      return values.reduce(0) { $0 + power($1 - centre, k) } / Double(values.count)
    }
    var sum = 0.0
    if isInterpolated {
      for index in values.indices.dropFirst() {
        let (a, b) = (values[index - 1] - centre, values[index] - centre)
        let mean = (0...k).reduce(0.0) { $0 + power(a, $1) * power(b, k - $1) } / Double(k + 1)
        sum += mean * (cumulative[index] - cumulative[index - 1])
      }
      return sum
    }
    for (value, weight) in zip(values, weights) { sum += power(value - centre, k) * weight }
    return sum / weights.reduce(0, +)
  }

  /// The same law of a multiple.
  func scaled(by factor: Double) -> EmpiricalLaw {
    EmpiricalLaw(
      values: values.map { $0 * factor }, weights: weights, isInterpolated: isInterpolated,
      cumulative: cumulative)
  }

  private init(
    values: [Double], weights: [Double], isInterpolated: Bool, cumulative: [Double]
  ) {
    self.values = values
    self.weights = weights
    self.isInterpolated = isInterpolated
    self.cumulative = cumulative
  }
}

extension Array {
  /// The index of the first element that a predicate holds for, where it holds for all later ones.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
