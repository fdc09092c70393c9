import CloudSimulation
import Statistics

/// Climbs from the scenario as it is, one lever after another, until its claim holds.
struct Ladder: Sendable {
  private let judge: ClaimJudge
  private let levers: [Lever]
  private let search: LimitSearch
  /// How many replications a verdict uses.
  private let count: Int
  /// By lever: the number of the value to be taken next.
  private var next: [Int] = []
  private var finding = LimitSearch.Finding()
  /// The settings at the last rung.
  private(set) var settings: [ParameterSetting] = []
  /// The rungs climbed; the first is the scenario as it is.
  private(set) var rungs: [ClaimResult.Rung] = []

  /// A lever that isn't known to be a limit's own relieves a limit if it gives at least this share
  /// of what taking the limit away gives; less is what any change stirs up.
  private static let relief = 0.1

  init(judge: ClaimJudge, levers: [Lever], search: LimitSearch, count: Int) {
    self.judge = judge
    self.levers = levers
    self.search = search
    self.count = count
  }

  /// Stands on the ground: the scenario as it is, where it is known what binds.
  mutating func begin(
    _ settings: [ParameterSetting], _ finding: LimitSearch.Finding,
    in laboratory: inout Laboratory
  ) async throws {
    self.settings = settings
    self.finding = finding
    for lever in levers { next.append(try position(of: lever, in: laboratory)) }
    rungs = [try await rung(in: &laboratory)]
  }

  /// Takes the lever of the limit that binds to its next value.
  ///
  /// - Returns: whether there was a step to take: the claim doesn't hold yet, and a lever relieves
  ///   what binds.
  mutating func climb(in laboratory: inout Laboratory) async throws -> Bool {
    guard let last = rungs.last, last.verdict != .holds else { return false }
    laboratory.phase = .ladder
    guard let lever = try await chosen(in: &laboratory) else { return false }
    let value = levers[lever].values[next[lever]]
    let before =
      try laboratory.source.value(of: levers[lever].path, setting: settings)
      ?? (next[lever] > 0 ? levers[lever].values[next[lever] - 1] : "")
    settings = settings.setting(levers[lever].path, to: value)
    next[lever] += 1
    finding = try await search.finding(settings, in: &laboratory)
    var rung = try await rung(in: &laboratory)
    rung.path = levers[lever].path
    rung.from = before
    rung.to = try laboratory.source.value(of: levers[lever].path, setting: settings) ?? value
    rung.price = levers[lever].price
    rung.leadTime = levers[lever].leadTime
    rungs.append(rung)
    return true
  }

  /// What the present settings give, over all replications.
  private func rung(in laboratory: inout Laboratory) async throws -> ClaimResult.Rung {
    let trials = try await laboratory.trials(settings, count: count)
    let sample = Sample(trials.compactMap { judge.value($0) })
    var rung = ClaimResult.Rung()
    rung.estimate = sample.mean
    rung.p5 = sample.quantile(0.05)
    rung.p95 = sample.quantile(0.95)
    let interval = ConfidenceInterval.reportedMean(
      of: trials.compactMap { judge.value($0) }, confidence: judge.claim.confidence)
    rung.low = interval?.low
    rung.high = interval?.high
    rung.met = judge.met(trials)
    rung.of = trials.count
    rung.verdict = judge.verdict(trials)
    rung.bindingStage = finding.binding?.stages
    rung.bindingLimit = finding.binding?.text
    rung.limit = finding.binding?.kind
    return rung
  }

  // MARK: Levers

  /// The number of the value that a lever takes next: the one behind the present value if that is
  /// among its values, else the first.
  private func position(of lever: Lever, in laboratory: Laboratory) throws -> Int {
    let source = laboratory.source
    guard let present = try source.value(of: lever.path, setting: settings) else { return 0 }
    for (index, value) in lever.values.enumerated().reversed() {
      let moved = settings.setting(lever.path, to: value)
      // The source writes both alike.
      if try source.value(of: lever.path, setting: moved) == present { return index + 1 }
    }
    return 0
  }

  private func isLeft(_ lever: Int) -> Bool { next[lever] < levers[lever].values.count }

  /// The lever to be taken: that of the limit that binds; of limits that bind together, the first
  /// in the file that relieves one of them; where no limit binds, the one that helps most.
  private mutating func chosen(in laboratory: inout Laboratory) async throws -> Int? {
    guard let binding = finding.binding else {
      return try await mostHelpful(settings, atLeast: 0, in: &laboratory)
    }
    var candidates: [Int] = []
    for limit in binding.limits {
      if let own = levers.indices.first(where: { levers[$0].path == limit.path && isLeft($0) }) {
        candidates.append(own)
        continue
      }
      // Its own lever is used up, or it has none: another may relieve it. Limits that bind
      // together hide each other, so the others are taken away meanwhile.
      let others = binding.limits.filter { $0.path != limit.path }
      let helpful = try await mostHelpful(
        settings.lifting(others), atLeast: binding.effect.gain * Self.relief, in: &laboratory)
      if let helpful { candidates.append(helpful) }
    }
    return candidates.min()
  }

  /// Of the levers that aren't limits themselves, the one whose next value helps most, and at least
  /// so much; ties go to the first in the file.
  private mutating func mostHelpful(
    _ settings: [ParameterSetting], atLeast least: Double, in laboratory: inout Laboratory
  ) async throws -> Int? {
    let limits = try laboratory.source.parameters(setting: settings).filter { $0.limit != nil }
    let open = levers.indices.filter { index in
      isLeft(index)
        && (finding.binding == nil || !limits.contains { $0.path == levers[index].path })
    }
    guard !open.isEmpty else { return nil }
    let base = try await laboratory.trials(settings, count: search.count)
    let yardstick = Yardstick(judge, from: base)
    try await skipPresentValues(of: open, settings, base, in: &laboratory)
    let left = open.filter(isLeft)
    let outcomes = try await laboratory.measure(
      left.map { index in
        Laboratory.Plan(
          settings: settings.setting(levers[index].path, to: levers[index].values[next[index]]),
          count: search.count)
      })
    var best: (lever: Int, gain: Double)?
    for (index, trials) in zip(left, outcomes) {
      let effect = Effect(
        of: trials, from: base, on: yardstick, confidence: judge.claim.confidence)
      guard effect.gain > 0, effect.gain >= least, effect.gain > (best?.gain ?? 0) else { continue }
      best = (index, effect.gain)
    }
    return best?.lever
  }

  /// Passes over the first value of a lever whose present value the source doesn't tell, if setting
  /// it changes nothing: then it is the present one.
  private mutating func skipPresentValues(
    of open: [Int], _ settings: [ParameterSetting], _ base: [Trial],
    in laboratory: inout Laboratory
  ) async throws {
    for index in open where next[index] == 0 {
      let lever = levers[index]
      guard try laboratory.source.value(of: lever.path, setting: settings) == nil else { continue }
      let plan = Laboratory.Plan(
        settings: settings.setting(lever.path, to: lever.values[0]), count: search.count)
      let trials = try await laboratory.measure([plan])[0]
      if zip(trials, base).allSatisfy({ $0.measures == $1.measures }) { next[index] = 1 }
    }
  }
}
