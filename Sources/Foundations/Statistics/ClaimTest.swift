import Probability

/// The test whether at least a share of replications meets a claim.
///
/// One-sided Clopper–Pearson on either side: the claim holds if a share below ``share`` is ruled
/// out at the confidence, fails if ``share`` or more is, and is undecided otherwise.
public struct ClaimTest: Hashable, BitwiseCopyable, Sendable {
  /// The share of replications that must meet the claim, between 0 and 1.
  public let share: Double
  /// The confidence of the verdict, between 0 and 1.
  public let confidence: Double

  /// A test; both arguments lie strictly between 0 and 1.
  public init(share: Double = 0.95, confidence: Double = 0.95) {
    precondition(
      share > 0 && share < 1 && confidence > 0 && confidence < 1,
      "A claim's share and confidence lie between 0 and 1.")
    self.share = share
    self.confidence = confidence
  }

  /// The probability of a wrong verdict that is accepted.
  private var risk: Double { 1 - confidence }
  /// What rounding may do to a tail probability; a tail that equals the risk counts as equal.
  private static let rounding = 1e-12

  /// What so many replications that met the claim among so many prove.
  public func verdict(met: Int, of replications: Int) -> ClaimResult.Verdict {
    let missed = replications - met
    // P(at least `met`) as P(at most `missed`) of the complement: no cancellation.
    let asMany = Distributions.binomialCDF(missed, trials: replications, probability: 1 - share)
    if asMany <= risk * (1 + Self.rounding) { return .holds }
    let asFew = Distributions.binomialCDF(met, trials: replications, probability: share)
    return asFew < risk * (1 - Self.rounding) ? .fails : .undecided
  }

  /// The fewest replications with which the claim can hold: all of them meet it.
  ///
  /// 59 at the defaults: 0.95⁵⁹ is the first power not above 0.05.
  public var fewestReplications: Int {
    leastNumber(from: 1) { verdict(met: $0, of: $0) == .holds }
  }

  /// About how many replications would decide if the observed proportion stayed as it is; nil if
  /// it equals the share, since no number would.
  ///
  /// The tail probabilities are taken at a fractional number of successes, by the beta law that
  /// they are for whole ones. Not less than `replications`.
  public func replicationsToDecide(met: Int, of replications: Int) -> Int? {
    let observed = Double(met) / Double(replications)
    guard observed != share else { return nil }
    return leastNumber(from: replications) { number in
      let successes = observed * Double(number)
      let failures = Double(number) - successes
      let tail =
        observed > share
        ? Distributions.betaCDF(share, successes, failures + 1)
        : Distributions.betaCDF(1 - share, failures, successes + 1)
      return tail <= risk * (1 + Self.rounding)
    }
  }

  /// The least number from `start` on that satisfies a condition which, once true, stays true.
  /// Above 2⁴⁰ the search gives up and returns that.
  private func leastNumber(from start: Int, where isEnough: (Int) -> Bool) -> Int {
    if isEnough(start) { return start }
    var tooFew = start
    var enough = start * 2
    while !isEnough(enough) {
      if enough >= 1 << 40 { return 1 << 40 }
      tooFew = enough
      enough *= 2
    }
    while enough - tooFew > 1 {
      let middle = tooFew + (enough - tooFew) / 2
      if isEnough(middle) { enough = middle } else { tooFew = middle }
    }
    return enough
  }
}
