import CloudSimulation
import Statistics

/// Decides about one claim.
struct ClaimJudge: Sendable {
  let claim: Claim
  /// Its number in the scenario.
  let index: Int
  /// The test that decides, at the risk of the look at hand.
  private(set) var test: ClaimTest
  /// Where several looks were declared: all of them, and the one at hand.
  private(set) var looks: (declared: DeclaredLooks, index: Int)?

  /// - Throws: ``StudyError`` if the claim can't be decided about.
  init(_ claim: Claim, index: Int, in scenario: Scenario) throws(StudyError) {
    for (field, value) in [("share", claim.share), ("confidence", claim.confidence)]
    where !(value > 0 && value < 1) {
      throw .notAShare(claim: claim.name, field: field, value: value)
    }
    guard scenario.window(of: claim) != nil else { throw .noBurst(claim: claim.name) }
    self.claim = claim
    self.index = index
    test = ClaimTest(share: claim.share, confidence: claim.confidence)
  }

  /// The judge at a look, who takes no more risk than was declared for it.
  func atLook(_ index: Int, of looks: [Int]) -> ClaimJudge {
    let declared = DeclaredLooks(looks, risk: 1 - claim.confidence)
    var judge = self
    judge.looks = (declared, index)
    judge.test = ClaimTest(
      share: claim.share, confidence: 1 - declared.risk(ofLook: index))
    return judge
  }

  /// About how many replications, or windows, would decide; nil if none would.
  func replicationsToDecide(met: Int, of count: Int) -> Int? {
    guard let looks else { return test.replicationsToDecide(met: met, of: count) }
    return looks.declared.moreToDecide(share: claim.share, met: met, atLook: looks.index)
      .map { count + $0 }
  }

  /// What the claim is compared with.
  var threshold: Double {
    switch claim.bound {
    case .above(let value), .below(let value): value
    }
  }

  /// Whether more is better.
  var isAbove: Bool {
    if case .above = claim.bound { return true }
    return false
  }

  /// The metric's value in a trial.
  func value(_ trial: Trial) -> Double? { trial.measures[index][claim.metric] }

  /// Whether a trial meets the claim; one in which the metric doesn't exist doesn't.
  func isMet(by trial: Trial) -> Bool {
    guard let value = value(trial) else { return false }
    return isAbove ? value > threshold : value < threshold
  }

  /// How many trials meet the claim.
  func met(_ trials: [Trial]) -> Int { trials.count(where: isMet(by:)) }

  /// The verdict of all trials.
  func verdict(_ trials: [Trial]) -> ClaimResult.Verdict {
    verdict(met: met(trials), of: trials.count, hasChance: trials.first?.hasChance ?? true)
  }

  /// A scenario without chance is decided by one replication.
  private func verdict(met: Int, of count: Int, hasChance: Bool) -> ClaimResult.Verdict {
    if !hasChance { return met == count ? .holds : .fails }
    return test.verdict(met: met, of: count)
  }

  /// The verdict of so many trials if the first of them settle it, however the others come out.
  ///
  /// More trials that meet the claim never turn the verdict for the worse. So the verdict is that
  /// of all trials, exactly.
  func settled(by trials: [Trial], of count: Int) -> ClaimResult.Verdict? {
    if let first = trials.first, !first.hasChance { return verdict([first]) }
    let met = met(trials)
    let worst = test.verdict(met: met, of: count)
    let best = test.verdict(met: met + max(0, count - trials.count), of: count)
    return worst == best ? worst : nil
  }

  /// Whether trials are all on a verdict's side of the threshold, at least three times as far from
  /// it as they differ among each other.
  func isFar(_ trials: [Trial], beyond verdict: ClaimResult.Verdict) -> Bool {
    guard verdict != .undecided else { return false }
    var values: [Double] = []
    for trial in trials {
      guard isMet(by: trial) == (verdict == .holds) else { return false }
      // A metric that never comes to exist is as far on the bad side as can be.
      guard let value = value(trial) else { continue }
      values.append(value)
    }
    guard let low = values.min(), let high = values.max() else { return true }
    return min(abs(low - threshold), abs(high - threshold)) >= 3 * (high - low)
  }

  /// Whether the first trials rule a verdict out, however the others come out.
  func isRuledOut(
    _ verdict: ClaimResult.Verdict, by trials: [Trial], of count: Int
  ) -> Bool {
    if let settled = settled(by: trials, of: count) { return settled != verdict }
    let met = met(trials)
    switch verdict {
    case .holds: return test.verdict(met: met + count - trials.count, of: count) != .holds
    case .fails: return test.verdict(met: met, of: count) != .fails
    case .undecided: return false
    }
  }

  /// The smallest burst for which a rate means something: three minutes' worth at the threshold.
  var placesNeeded: Int {
    claim.metric.isRate ? Int(max(0, min(threshold * 3, 1e15)).rounded(.up)) : 0
  }

  /// Throws for the first trial whose burst is too small.
  func check(_ trials: [Trial]) throws(StudyError) {
    for trial in trials where trial.measures[index].rates.places < placesNeeded {
      throw .burstTooSmall(
        claim: claim.name, replication: trial.replication,
        places: trial.measures[index].rates.places, needed: placesNeeded)
    }
  }
}
