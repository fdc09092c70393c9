import Probability

/// S.-H. Kim and B. L. Nelson's procedure (*ACM TOMACS* 11, 2001): finds the best of several
/// systems with a stated probability wherever it is better by at least the indifference zone, and
/// drops the clearly worse ones early. Common luck is allowed and helps.
public struct KimNelson: Hashable, Sendable {
  /// Observations of each system before the first comparison.
  public let pilot: Int
  /// The difference that matters.
  public let indifference: Double
  /// The risk of a wrong choice.
  public let risk: Double

  /// The procedure; at least two pilot observations, 0 < risk < 1 − 1/k, 0 < indifference.
  public init(pilot: Int, indifference: Double, risk: Double = 0.05) {
    precondition(
      pilot >= 2 && indifference > 0 && risk > 0 && risk < 1,
      "Selection takes two pilots, a positive indifference zone and a risk below 1.")
    self.pilot = pilot
    self.indifference = indifference
    self.risk = risk
  }

  /// The constant η = ((2α/(k − 1))^(−2/(n₀ − 1)) − 1)/2, for c = 1.
  public func eta(systems k: Int) -> Double {
    (power(2 * risk / Double(k - 1), -2 / Double(pilot - 1)) - 1) / 2
  }

  /// The constant h² = 2η(n₀ − 1).
  public func hSquared(systems k: Int) -> Double { 2 * eta(systems: k) * Double(pilot - 1) }

  /// What was selected.
  public struct Selection: Hashable, Sendable {
    /// The one that is left, or, where observations ran out, the best so far.
    public var best: Int
    /// Observations of each system that wasn't dropped.
    public var observations: Int
    /// Which systems were dropped after how many observations.
    public var eliminations: [Elimination]
    /// Whether one is left; otherwise observations ran out.
    public var isDecided: Bool
  }

  /// Systems dropped in one round.
  public struct Elimination: Hashable, Sendable {
    /// Observations per system so far.
    public var after: Int
    /// The systems, ascending.
    public var systems: [Int]
  }

  /// Selects the system with the smallest mean.
  ///
  /// - Parameters:
  ///   - count: how many systems there are, at least two.
  ///   - most: the most observations per system.
  ///   - observation: the n-th observation (from 0) of a system; asked for once each, in order,
  ///     and for systems dropped no more. Negate it to select the largest.
  public func selectSmallest(
    of count: Int, most: Int, observation: (_ system: Int, _ number: Int) throws -> Double
  ) rethrows -> Selection {
    precondition(count >= 2 && most >= pilot, "Selection takes two systems and their pilots.")
    var samples: [[Double]] = try (0..<count).map { system in
      try (0..<pilot).map { try observation(system, $0) }
    }
    let spread = (0..<count).map { i in
      (0..<count).map { l in Tally(zip(samples[i], samples[l]).map { $0 - $1 }).variance ?? 0 }
    }
    var sums = samples.map { $0.reduce(0, +) }
    var survivors = Array(0..<count)
    var selection = Selection(best: 0, observations: pilot, eliminations: [], isDecided: false)
    let h = hSquared(systems: count)
    while true {
      let r = Double(selection.observations)
      let kept = survivors.filter { i in
        survivors.allSatisfy { l in
          let slack =
            indifference / (2 * r)
            * (h * spread[i][l] / (indifference * indifference) - r)
          if l == i { return true }
          let (own, other) = (sums[i] / r, sums[l] / r)
          // Of equal ones, once enough was seen to tell, the first will do.
          return slack > 0 ? own <= other + slack : own < other || own == other && i < l
        }
      }
      let dropped = survivors.filter { !kept.contains($0) }
      if !dropped.isEmpty {
        selection.eliminations.append(
          Elimination(after: selection.observations, systems: dropped))
      }
      survivors = kept
      if survivors.count == 1 || selection.observations == most { break }
      for system in survivors {
        let next = try observation(system, selection.observations)
        samples[system].append(next)
        sums[system] += next
      }
      selection.observations += 1
    }
    selection.isDecided = survivors.count == 1
    selection.best = survivors.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
    return selection
  }
}

/// How a budget of replications is best divided over systems to find the one with the least mean.
///
/// C.-H. Chen, J. Lin, E. Yücesan, S. E. Chick, *Discrete Event Dynamic Systems* 10 (2000).
public struct BudgetAllocation: Hashable, Sendable {
  /// The system with the least mean so far.
  public let best: Int
  /// The replications for each, which add up to the budget; not rounded.
  public let replications: [Double]

  /// The division for observed means and standard deviations; differences below `indifference`
  /// count as that much. Nil below two systems or where a deviation isn't above zero or a
  /// difference vanishes.
  public init?(means: [Double], deviations: [Double], budget: Double, indifference: Double = 0) {
    precondition(means.count == deviations.count, "Every mean has its deviation.")
    guard means.count >= 2, deviations.allSatisfy({ $0 > 0 }) else { return nil }
    let best = means.indices.min { (means[$0], $0) < (means[$1], $1) } ?? 0
    var shares = means.indices.map { system in
      let distance = max(means[system] - means[best], indifference)
      return power(deviations[system] / distance, 2)
    }
    shares[best] = 0
    guard shares.allSatisfy(\.isFinite) else { return nil }
    let others = zip(shares, deviations).reduce(0) { $0 + power($1.0 / $1.1, 2) }
    shares[best] = deviations[best] * others.squareRoot()
    let total = shares.reduce(0, +)
    self.best = best
    replications = shares.map { $0 / total * budget }
  }
}
