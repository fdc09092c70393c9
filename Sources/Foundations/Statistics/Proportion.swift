import Probability

/// A number of successes among independent trials.
public struct Proportion: Hashable, BitwiseCopyable, Sendable {
  /// Trials that succeeded.
  public let successes: Int
  /// All trials.
  public let trials: Int

  /// So many successes among so many trials, at least one.
  public init(_ successes: Int, of trials: Int) {
    precondition(
      trials > 0 && (0...trials).contains(successes),
      "A proportion has at least one trial and no more successes than trials.")
    self.successes = successes
    self.trials = trials
  }

  /// The share of successes observed.
  public var estimate: Double { Double(successes) / Double(trials) }

  /// The one-sided lower limit of Clopper and Pearson, *Biometrika* 26 (1934): the share at which
  /// as many successes or more have probability 1 − confidence.
  public func lowerBound(confidence: Double) -> Double {
    successes == 0
      ? 0
      : Distributions.betaQuantile(
        1 - confidence, Double(successes), Double(trials - successes + 1))
  }

  /// The one-sided upper limit of Clopper and Pearson: the share at which as many successes or
  /// fewer have probability 1 − confidence.
  public func upperBound(confidence: Double) -> Double {
    successes == trials
      ? 1
      : Distributions.betaQuantile(confidence, Double(successes + 1), Double(trials - successes))
  }

  /// The two-sided interval of Clopper and Pearson, which covers at least with its confidence.
  public func clopperPearson(confidence: Double = 0.95) -> ConfidenceInterval {
    let oneSided = 1 - (1 - confidence) / 2
    return ConfidenceInterval(
      estimate: estimate, low: lowerBound(confidence: oneSided),
      high: upperBound(confidence: oneSided))
  }

  /// The interval of E. B. Wilson, *JASA* 22 (1927), which covers about with its confidence.
  public func wilson(confidence: Double = 0.95) -> ConfidenceInterval {
    let z = Distributions.normalQuantile(1 - (1 - confidence) / 2)
    let n = Double(trials)
    let centre = (estimate + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n) * (estimate * (1 - estimate) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(
      estimate: estimate, low: successes == 0 ? 0 : centre - half,
      high: successes == trials ? 1 : centre + half)
  }
}
