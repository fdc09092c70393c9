import Statistics

/// What a new version's sweep is, compared with a base's on the same luck.
public struct BaselineComparison: Sendable {
  /// A response at a point.
  public struct Entry: Sendable {
    /// The point.
    public var point: Int
    /// The response.
    public var response: String
    /// The base's mean over the pairs; nil without pairs.
    public var base: Double?
    /// The paired difference, new less base; nil below two pairs.
    public var comparison: MeanComparison?
    /// The p-value corrected by Holm over all entries.
    public var adjusted: Double?
    /// Replications in which the value exists on one side only.
    public var onlyInBase: Int
    /// Whether any value differs at all.
    public var differs: Bool
    /// Whether the new one is worse: proved, by more than the tolerance, in the bad direction; or
    /// a value no longer exists.
    public var isRegression = false
  }
  /// All of them, point by point.
  public var entries: [Entry] = []
  /// Responses that only one of the two has, which can't be compared.
  public var unpaired: [String] = []

  /// Compares two sweeps of the same points, seed and responses.
  ///
  /// - Parameters:
  ///   - alpha: the risk of a false alarm over all entries.
  ///   - tolerance: a relative difference that doesn't matter.
  ///   - exact: whether any difference at all is a regression.
  /// - Throws: ``SweepError/incomparable(_:)`` for sweeps that can't be paired,
  ///   ``SweepError/incomplete(_:)`` if one of them is partial.
  public init(
    base: SweepResults, new: SweepResults, alpha: Double = 0.05, tolerance: Double = 0.01,
    exact: Bool = false
  ) throws(SweepError) {
    try Self.check(base, new)
    let responses = base.plan.responses.filter { new.plan.responses.contains($0) }
    unpaired = (base.plan.responses + new.plan.responses).filter { !responses.contains($0) }
    for point in base.plan.points.indices {
      for name in responses {
        guard let before = base.plan.responses.firstIndex(of: name),
          let after = new.plan.responses.firstIndex(of: name)
        else { continue }
        entries.append(
          Self.entry(
            point, name, base.replications(before, at: point),
            new.replications(after, at: point)))
      }
    }
    let compared = entries.indices.filter { entries[$0].comparison != nil }
    let adjusted = MultipleComparison.holm(compared.compactMap { entries[$0].comparison?.p })
    for (index, p) in zip(compared, adjusted) { entries[index].adjusted = p }
    for index in entries.indices {
      entries[index].isRegression =
        exact ? entries[index].differs : entries[index].isWorse(alpha, tolerance)
    }
  }

  private static func check(_ base: SweepResults, _ new: SweepResults) throws(SweepError) {
    let (old, own) = (base.plan, new.plan)
    func compare(_ what: String, _ before: some Equatable & Sendable, _ isEqual: Bool)
      throws(SweepError)
    {
      if !isEqual { throw .incomparable("the new results have another \(what), not \(before)") }
    }
    try compare("scenario", old.scenario, old.scenario == own.scenario)
    try compare("seed", old.seed, old.seed == own.seed)
    try compare(
      "number of replications", old.replications, old.replications == own.replications)
    try compare("set of points", "the \(old.points.count)", old.points == own.points)
    for (results, name) in [(base, "the baseline"), (new, "the new results")]
    where results.isPartial {
      throw .incomplete(["\(name): \(results.runs) of \(results.plan.runs) runs"])
    }
  }

  private static func entry(
    _ point: Int, _ name: String, _ base: [Double?], _ new: [Double?]
  ) -> Entry {
    let pairs = zip(new, base).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    return Entry(
      point: point, response: name, base: Tally(pairs.map(\.1)).mean,
      comparison: MeanComparison.paired(pairs.map(\.0), pairs.map(\.1)),
      onlyInBase: zip(new, base).count { $0 == nil && $1 != nil }, differs: new != base)
  }
}

extension BaselineComparison.Entry {
  fileprivate func isWorse(_ alpha: Double, _ tolerance: Double) -> Bool {
    guard let isHigherBetter = SweepResults.isHigherBetter(response) else { return false }
    if onlyInBase > 0 { return true }
    guard let comparison, let base, let adjusted, adjusted < alpha else { return false }
    let difference = comparison.difference.estimate
    let isBad = isHigherBetter ? difference < 0 : difference > 0
    return isBad && abs(difference) > tolerance * abs(base)
  }
}
