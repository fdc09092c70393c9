import Statistics

/// The words for claims that every report shares.
enum ClaimText {
  /// What the metric has to be, such as `> 1,000 Pods/min`.
  static func requirement(_ claim: ClaimResult) -> String {
    // A metric without a unit is a share.
    let threshold =
      claim.unit.isEmpty
      ? NumberText.percent(claim.threshold, decimals: 3)
      : NumberText.withUnit(NumberText.readable(claim.threshold), claim.unit)
    return (claim.isAbove ? "> " : "< ") + threshold
  }

  /// The claim in a clause: `> 1,000 Pods/min sustained in ≥ 95 % of replications`.
  static func clause(_ claim: ClaimResult) -> String {
    let share = NumberText.percent(claim.share)
    let window = claim.window.isEmpty ? "" : " \(claim.window)"
    return "\(requirement(claim)) \(claim.metric)\(window) in ≥ \(share) of replications"
  }

  /// The verdict in capitals.
  static func verdict(_ verdict: ClaimResult.Verdict) -> String {
    switch verdict {
    case .holds: "HOLDS"
    case .fails: "DOESN'T HOLD"
    case .undecided: "UNDECIDED"
    }
  }

  /// The verdict within a sentence.
  static func verb(_ verdict: ClaimResult.Verdict) -> String {
    switch verdict {
    case .holds: "holds"
    case .fails: "doesn't hold"
    case .undecided: "is undecided"
    }
  }

  /// The verdict as a mark.
  static func mark(_ verdict: ClaimResult.Verdict) -> String {
    switch verdict {
    case .holds: "✔"
    case .fails: "✘"
    case .undecided: "?"
    }
  }

  /// How many replications met the claim and what follows from it.
  static func met(_ claim: ClaimResult) -> String {
    var text = "Met in \(NumberText.count(claim.met)) of \(NumberText.count(claim.of))"
    let confidence = "\(NumberText.percent(claim.confidence)) confidence"
    switch claim.verdict {
    case .holds:
      if let share = claim.shareAtLeast {
        text += " (at least \(NumberText.percent(share)), \(confidence))"
      }
    case .fails:
      if let share = claim.shareAtMost {
        text += " (at most \(NumberText.percent(share)), \(confidence))"
      }
    case .undecided:
      if let low = claim.shareAtLeast, let high = claim.shareAtMost {
        text += " (\(NumberText.percent(low)) to \(NumberText.percent(high)), \(confidence))"
      }
    }
    return text
  }

  /// The means of the rates, which are always shown together; nil where there are none.
  static func rates(_ claim: ClaimResult) -> String? {
    if claim.rates.isEmpty { return nil }
    return claim.rates.map { rate in
      let mean = NumberText.readable(rate.mean, apartFrom: claim.threshold)
      return "\(rate.name) \(NumberText.withUnit(mean, rate.unit))"
    }.joined(separator: " · ")
  }

  /// What an undecided claim needs.
  static func toDecide(_ claim: ClaimResult) -> String? {
    guard claim.verdict == .undecided else { return nil }
    guard let count = claim.replicationsToDecide else {
      return "No number of replications would decide at the share observed."
    }
    return
      "About \(NumberText.count(count, "replication")) would decide at the share observed."
  }

  /// The names of the stages that bind.
  static func stages(binding claim: ClaimResult) -> [String] {
    guard let stages = claim.bindingStage else { return [] }
    return stages.split(separator: ",").map { name in
      String(name.drop { $0 == " " })
    }
  }

  /// The rung's change in short: `1 podsPerCluster 100 → 5000`.
  static func rung(_ rung: ClaimResult.Rung, _ number: Int, among paths: [String]) -> String {
    if rung.path.isEmpty { return "as it is" }
    return "\(number) \(PathText.label(rung.path, among: paths)) \(rung.from) → \(rung.to)"
  }

  /// The limit that binds at a rung: its path's field and value, else the stage.
  static func binding(_ rung: ClaimResult.Rung) -> String {
    var text = rung.bindingLimit.map(PathText.limit) ?? rung.bindingStage ?? NumberText.missing
    if let kind = rung.limit { text += " (\(kind.rawValue))" }
    return text
  }

  /// Pods by their state, those that are none left out: `100 Pods: 99 running · 1 pending`.
  static func outcome(_ pods: PodCounts) -> String {
    let parts = states(pods).map { "\(NumberText.count($0.count)) \($0.name)" }
    let list = parts.isEmpty ? "" : ": " + parts.joined(separator: " · ")
    return NumberText.count(pods.created, "Pod") + list
  }

  /// The states in which there are Pods.
  static func states(_ pods: PodCounts) -> [(name: String, count: Int)] {
    let all = [
      ("running", pods.running), ("pending", pods.pending), ("refused", pods.refused),
      ("starting", pods.starting), ("succeeded", pods.succeeded), ("failed", pods.failed),
      ("deleted", pods.deleted), ("evicted", pods.evicted),
    ]
    return all.filter { $0.1 != 0 }.map { (name: $0.0, count: $0.1) }
  }

  /// What a rung costs in money and time.
  static func costs(_ rung: ClaimResult.Rung) -> String {
    let parts = [rung.price, rung.leadTime].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? NumberText.missing : parts.joined(separator: ", ")
  }

  /// Conditions in a clause: `createRate ≥ 1,020/min (A: 600–3,000/min)`.
  static func conditions(_ conditions: [ClaimResult.Condition]) -> String {
    let paths = conditions.map(\.path)
    return conditions.map { condition in
      let relation = condition.isLowEnd ? "≥" : "≤"
      let name = PathText.label(condition.path, among: paths)
      return "\(name) \(relation) \(condition.flipsAt) (A: \(condition.range))"
    }.joined(separator: " and ")
  }

  /// On which values a verdict depends: `, if createRate ≥ 1,020/min (…)`, or nothing.
  static func conditional(_ conditions: [ClaimResult.Condition]) -> String {
    conditions.isEmpty ? "" : ", if " + self.conditions(conditions)
  }
}
