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

  /// Limits that changed nothing at all in so many replications aren't run in the others.
  private static let twins = 2

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
    let glance = base.prefix(Self.twins).map(\.measures)
    let changesNothing: @Sendable ([Trial]) -> Bool = { trials in
      trials.count >= glance.count && zip(trials, glance).allSatisfy { $0.measures == $1 }
    }
    let outcomes = try await laboratory.measure(
      sets.filter { !isIdle($0) }.map { set in
        Laboratory.Plan(
          settings: settings.lifting(set), count: count, isEnough: changesNothing)
      })
    var next = outcomes.makeIterator()
    return sets.map { set in
      guard !isIdle(set), let moved = next.next(), !changesNothing(moved) else {
        return Effect(noneOn: yardstick)
      }
      return Effect(
        of: moved, from: Array(base.prefix(count)), on: yardstick,
        confidence: judge.claim.confidence)
    }
  }

  // MARK: Limits that bind together

  /// The limits that move the metric only together; nil if not even all limits do.
  ///
  /// Caps hide each other: where several are equally low, the metric moves only if all of them go,
  /// and then they are those without which taking away all others changes nothing. That is tried
  /// first, since it needs one try per limit. Where it finds nothing, every pair is tried, and then
  /// limits are added one by one.
  private func coBinding(
    _ limits: [Parameter], _ settings: [ParameterSetting], _ base: [Trial],
    _ yardstick: Yardstick, in laboratory: inout Laboratory
  ) async throws -> Binding? {
    let every = try await effects(of: [limits], settings, base, yardstick, in: &laboratory)[0]
    guard limits.count > 1, every.gain > 0 else { return nil }
    let without = try await effects(
      of: limits.map { limit in limits.filter { $0.path != limit.path } }, settings, base,
      yardstick, count: min(Self.twins, count), in: &laboratory)
    let needed = zip(limits, without).filter { Self.estimate($1, yardstick) <= 0 }.map(\.0)
    if needed.count > 1 {
      let effect = try await effects(of: [needed], settings, base, yardstick, in: &laboratory)[0]
      if effect.gain > 0 { return Binding(limits: needed, effect: effect) }
    }
    if let pair = try await pair(limits, settings, base, yardstick, in: &laboratory) { return pair }
    return try await leastSet(limits, settings, base, yardstick, in: &laboratory)
  }

  /// The pair that moves the metric most; nil if none does.
  private func pair(
    _ limits: [Parameter], _ settings: [ParameterSetting], _ base: [Trial],
    _ yardstick: Yardstick, in laboratory: inout Laboratory
  ) async throws -> Binding? {
    var pairs: [[Parameter]] = []
    for first in limits.indices {
      for second in limits.indices.dropFirst(first + 1) {
        pairs.append([limits[first], limits[second]])
      }
    }
    // A glance at two replications tells which pairs are worth measuring.
    let glances = try await effects(
      of: pairs, settings, base, yardstick, count: min(Self.twins, count), in: &laboratory
    ).map { Self.estimate($0, yardstick) }
    let hopeful = pairs.indices.filter { glances[$0] > 0 }
      .sorted { glances[$0] != glances[$1] ? glances[$0] > glances[$1] : $0 < $1 }
      .prefix(8).map { pairs[$0] }
    let measured = try await effects(of: hopeful, settings, base, yardstick, in: &laboratory)
    var best: Binding?
    for (pair, effect) in zip(hopeful, measured) where effect.gain > (best?.effect.gain ?? 0) {
      best = Binding(limits: pair, effect: effect)
    }
    return best
  }

  /// Limits are added one by one until the metric moves. The one added last is needed; with it as
  /// the start the search is repeated until the start alone suffices.
  private func leastSet(
    _ limits: [Parameter], _ settings: [ParameterSetting], _ base: [Trial],
    _ yardstick: Yardstick, in laboratory: inout Laboratory
  ) async throws -> Binding? {
    var needed: [Parameter] = []
    while needed.count < limits.count {
      var set = needed
      var last: Parameter?
      for limit in limits where !needed.contains(where: { $0.path == limit.path }) {
        set.append(limit)
        last = limit
        let effect = try await effects(of: [set], settings, base, yardstick, in: &laboratory)[0]
        if effect.gain > 0 { break }
      }
      guard let last else { return nil }
      needed.append(last)
      let effect = try await effects(of: [needed], settings, base, yardstick, in: &laboratory)[0]
      guard effect.gain > 0 else { continue }
      let order = limits.filter { limit in needed.contains { $0.path == limit.path } }
      return Binding(limits: order, effect: effect)
    }
    return nil
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
