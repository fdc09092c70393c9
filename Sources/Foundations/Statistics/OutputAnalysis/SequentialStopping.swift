import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adds replications one at a time until a mean is known well enough.
public enum SequentialStopping {
  /// Where a sequential procedure stopped.
  public struct Stop: Hashable, BitwiseCopyable, Sendable {
    /// Observations used.
    public let count: Int
    /// Their mean and its interval.
    public let interval: ConfidenceInterval
    /// Whether the target was reached; otherwise the observations ran out.
    public let isMet: Bool
  }

  /// Stops at the first n from `least` on whose half-width is at most `target` of the mean.
  ///
  /// A. M. Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1. Nil below two.
  public static func relativeHalfWidth(
    _ observations: [Double], least: Int, target: Double, confidence: Double = 0.95
  ) -> Stop? {
    var tally = Tally()
    var last: Stop?
    for observation in observations {
      tally.add(observation)
      guard tally.count >= max(least, 2),
        let interval = ConfidenceInterval.mean(of: tally, confidence: confidence)
      else { continue }
      let isMet = interval.halfWidth <= target * abs(interval.estimate)
      last = Stop(count: tally.count, interval: interval, isMet: isMet)
      if isMet { return last }
    }
    return last
  }

  /// The fewest replications, from the pilot's own number on, that are expected to bring the
  /// half-width to `target`: t(i − 1) s / √i ≤ target. Nil below two pilots or above 2³⁰.
  public static func plannedReplications(
    pilot: [Double], halfWidth target: Double, confidence: Double = 0.95
  ) -> Int? {
    guard let deviation = Tally(pilot).standardDeviation, target > 0 else { return nil }
    let p = 1 - (1 - confidence) / 2
    func suffices(_ n: Int) -> Bool {
      Distributions.studentQuantile(p, degrees: Double(n - 1)) * deviation
        / Double(n).squareRoot() <= target
    }
    if suffices(pilot.count) { return pilot.count }
    var (tooFew, enough) = (pilot.count, pilot.count * 2)
    while !suffices(enough) {
      if enough >= 1 << 30 { return nil }
      (tooFew, enough) = (enough, enough * 2)
    }
    while enough - tooFew > 1 {
      let middle = tooFew + (enough - tooFew) / 2
      if suffices(middle) { enough = middle } else { tooFew = middle }
    }
    return enough
  }
}

/// Looks at the data that were declared beforehand, with the risk spent over them.
///
/// The risks of the looks add up to that of one test, so that by Bonferroni's inequality the whole
/// procedure errs no more often, whatever the test and however the looks depend on each other.
public struct DeclaredLooks: Hashable, Sendable {
  /// How the risk is spent over the course.
  public enum Spending: String, CaseIterable, Sendable {
    /// In proportion to the replications run.
    case even
    /// Almost none early: 2 − 2Φ(z / √t), after O'Brien and Fleming; K. K. G. Lan and
    /// D. L. DeMets, *Biometrika* 70 (1983).
    case late
    /// Much of it early: ln(1 + (e − 1) t), after Pocock; Lan and DeMets.
    case early
  }

  /// The numbers of replications at which is looked, ascending; the last is the maximum.
  public let looks: [Int]
  /// The risk of a wrong verdict over all looks.
  public let risk: Double
  /// How it is spent.
  public let spending: Spending

  /// Looks that were declared; at least one, each above the one before, 0 < risk < 1.
  public init(_ looks: [Int], risk: Double = 0.05, spending: Spending = .late) {
    precondition(
      !looks.isEmpty && looks[0] > 0 && zip(looks, looks.dropFirst()).allSatisfy { $0 < $1 },
      "Looks are declared in ascending order.")
    precondition(risk > 0 && risk < 1, "A risk lies between 0 and 1.")
    self.looks = looks
    self.risk = risk
    self.spending = spending
  }

  /// The risk spent up to a share of the maximum.
  private func spent(at share: Double) -> Double {
    switch spending {
    case .even: return risk * share
    case .late:
      let z = Distributions.normalQuantile(1 - risk / 2)
      return 2 * Distributions.normalTail(z / share.squareRoot())
    case .early: return risk * log1p((exp(1) - 1) * share)
    }
  }

  /// The risk that a look may take by itself.
  public func risk(ofLook index: Int) -> Double {
    let maximum = Double(looks[looks.count - 1])
    let before = index == 0 ? 0 : spent(at: Double(looks[index - 1]) / maximum)
    return spent(at: Double(looks[index]) / maximum) - before
  }

  /// What a claim's replications say at a look, at that look's own risk.
  public func verdict(
    share: Double, met: Int, atLook index: Int
  ) -> ClaimResult.Verdict {
    ClaimTest(share: share, confidence: 1 - risk(ofLook: index))
      .verdict(met: met, of: looks[index])
  }

  /// How many more replications will decide if the observed proportion stays: those up to the
  /// first later look that would; nil if none up to the maximum would.
  public func moreToDecide(share: Double, met: Int, atLook index: Int) -> Int? {
    let proportion = Double(met) / Double(looks[index])
    for later in looks.indices.dropFirst(index + 1) {
      let expected = Int((proportion * Double(looks[later])).rounded())
      if verdict(share: share, met: expected, atLook: later) != .undecided {
        return looks[later] - looks[index]
      }
    }
    return nil
  }
}
