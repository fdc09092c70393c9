import CloudSimulation
import Infrastructure
import Statistics

/// Finds the limit that binds a claim's metric by taking limits away on the same luck.
struct LimitSearch: Sendable {
  let judge: ClaimJudge
  /// On how many replications effects are measured.
  let count: Int

  /// What was found.
  struct Finding: Sendable {
    var binding: Binding?
    var counterfactuals: [ClaimResult.Counterfactual] = []
    /// How many replications each effect was measured on.
    var replications = 0
  }

  /// Tries the limits that were at work one by one; where none alone moves the metric, pairs, and
  /// then the least set.
  func finding(
    _ settings: [ParameterSetting], in laboratory: inout Laboratory
  ) async throws -> Finding {
    let base = try await laboratory.trials(settings, count: count)
    let yardstick = Yardstick(judge, from: base)
    let limits = try self.limits(settings, usage: base.usage, in: laboratory)
    var finding = Finding()
    finding.replications = base.count
    let effects = try await effects(
      of: limits.map { [$0] }, settings, base, yardstick, in: &laboratory)
    let order = limits.indices.sorted {
      effects[$0].gain != effects[$1].gain ? effects[$0].gain > effects[$1].gain : $0 < $1
    }
    finding.counterfactuals = order.map { Self.counterfactual([limits[$0]], effects[$0]) }
    if let best = order.first, effects[best].gain > 0 {
      finding.binding = Binding(limits: [limits[best]], effect: effects[best])
    } else if let set = try await coBinding(limits, settings, base, yardstick, in: &laboratory) {
      finding.binding = set
      finding.counterfactuals.insert(Self.counterfactual(set.limits, set.effect), at: 0)
    }
    return finding
  }

  /// The limits that are set and were at work, by stage and then as the source lists them.
  private func limits(
    _ settings: [ParameterSetting], usage: Usage, in laboratory: Laboratory
  ) throws -> [Parameter] {
    let all = try laboratory.source.parameters(setting: settings).filter { parameter in
      guard parameter.limit != nil, let unlimited = parameter.unlimited else { return false }
      return parameter.value != unlimited && parameter.usage.isSubset(of: usage)
    }
    return all.enumerated().sorted {
      ($0.element.limit!.stage.rawValue, $0.offset) < ($1.element.limit!.stage.rawValue, $1.offset)
    }.map(\.element)
  }

  /// What taking away each set of limits does.
  ///
  /// The levels of stage `accept` do nothing but refuse Pods; where none was refused in the trials
  /// compared, no level that is raised changes anything, and nothing need be run.
  private func effects(
    of sets: [[Parameter]], _ settings: [ParameterSetting], _ base: [Trial],
    _ yardstick: Yardstick, count: Int? = nil, in laboratory: inout Laboratory
  ) async throws -> [Effect] {
    let count = count ?? self.count
    let isAccepting = !base.usage.contains(.refusal)
    func isIdle(_ set: [Parameter]) -> Bool {
      isAccepting && set.allSatisfy { $0.limit?.kind == .level && $0.limit?.stage == .accept }
    }
    let outcomes = try await laboratory.measure(
      sets.filter { !isIdle($0) }.map { set in
        Laboratory.Plan(settings: settings.lifting(set), count: count)
      })
    var next = outcomes.makeIterator()
    return sets.map { set in
      guard !isIdle(set), let moved = next.next() else { return Effect(noneOn: yardstick) }
      return Effect(
        of: moved, from: Array(base.prefix(count)), on: yardstick,
        confidence: judge.claim.confidence)
    }
  }

  // MARK: Limits that bind together

  /// The best pair, else the least set of limits that moves the metric; nil if not even all
  /// limits together do.
  private func coBinding(
    _ limits: [Parameter], _ settings: [ParameterSetting], _ base: [Trial],
    _ yardstick: Yardstick, in laboratory: inout Laboratory
  ) async throws -> Binding? {
    func gain(_ set: [Parameter], in laboratory: inout Laboratory) async throws -> Effect {
      try await effects(of: [set], settings, base, yardstick, in: &laboratory)[0]
    }
    guard limits.count > 1, try await gain(limits, in: &laboratory).gain > 0 else { return nil }
    var pairs: [[Parameter]] = []
    for first in limits.indices {
      for second in limits.indices.dropFirst(first + 1) {
        pairs.append([limits[first], limits[second]])
      }
    }
    // A glance at two replications tells which pairs are worth measuring.
    let glances = try await effects(
      of: pairs, settings, base, yardstick, count: min(2, count), in: &laboratory)
    let hopeful = pairs.indices.filter { Self.estimate(glances[$0], yardstick) > 0 }
      .sorted {
        let (a, b) = (Self.estimate(glances[$0], yardstick), Self.estimate(glances[$1], yardstick))
        return a != b ? a > b : $0 < $1
      }.prefix(8).map { pairs[$0] }
    let measured = try await effects(of: hopeful, settings, base, yardstick, in: &laboratory)
    var best: Binding?
    for (pair, effect) in zip(hopeful, measured) where effect.gain > (best?.effect.gain ?? 0) {
      best = Binding(limits: pair, effect: effect)
    }
    if let best { return best }
    // Limits are added one by one until the metric moves. The one added last is needed; with it
    // as the start the search is repeated until the start alone suffices.
    var needed: [Parameter] = []
    while true {
      var set = needed
      var effect = try await gain(set, in: &laboratory)
      if effect.gain > 0, !set.isEmpty {
        let order = limits.filter { limit in needed.contains { $0.path == limit.path } }
        return Binding(limits: order, effect: effect)
      }
      var last: Parameter?
      for limit in limits where !needed.contains(where: { $0.path == limit.path }) {
        set.append(limit)
        effect = try await gain(set, in: &laboratory)
        last = limit
        if effect.gain > 0 { break }
      }
      guard let last, effect.gain > 0 else { return nil }
      needed.append(last)
    }
  }

  /// How much better it seems to get, proved or not.
  private static func estimate(_ effect: Effect, _ yardstick: Yardstick) -> Double {
    guard let estimate = effect.interval?.estimate else { return 0 }
    return yardstick.isHigherBetter ? estimate : -estimate
  }

  private static func counterfactual(
    _ limits: [Parameter], _ effect: Effect
  ) -> ClaimResult.Counterfactual {
    var result = ClaimResult.Counterfactual()
    result.path = limits.map(\.path).joined(separator: ", ")
    result.stage = Binding(limits: limits, effect: effect).stages
    result.from = limits.map(\.value).joined(separator: ", ")
    result.to = limits.map { $0.unlimited ?? "" }.joined(separator: ", ")
    result.metric = effect.metric.rawValue
    result.estimate = effect.interval?.estimate
    result.low = effect.interval?.low
    result.high = effect.interval?.high
    return result
  }
}
