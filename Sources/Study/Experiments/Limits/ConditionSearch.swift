import CloudSimulation
import Statistics

/// Finds the assumptions on which a verdict depends.
struct ConditionSearch: Sendable {
  let judge: ClaimJudge
  /// How many replications a verdict uses.
  let count: Int

  /// Replications after which an end is given up that is far from flipping the verdict: all of them
  /// stand on the verdict's side of the threshold, three times as far from it as they differ among
  /// each other. (Replications that come out as the base's do are so, too, or the base is near.)
  static let glance = 8

  private struct End {
    let parameter: Parameter
    let value: String
    let isLow: Bool
  }

  /// Sets each value that has a range and was at work to both ends of it, on the same luck, and
  /// names those that flip the verdict with the value at which it flips.
  ///
  /// Only values that nobody has proved have a range. It stays with a value that the user chose
  /// instead of the default: an assumption all the same.
  ///
  /// The verdict at an end that is named is that of all replications; those that can't change it
  /// any more aren't run. An end that is clearly on the verdict's side after a few replications is
  /// given up.
  func conditions(
    _ settings: [ParameterSetting], in laboratory: inout Laboratory
  ) async throws -> [ClaimResult.Condition] {
    let base = try await laboratory.trials(settings, count: count)
    let verdict = judge.verdict(base)
    let ends = try ends(settings, base, in: laboratory)
    let outcomes = try await laboratory.measure(
      ends.map { end in
        plan(settings.setting(end.parameter.path, to: end.value), verdict) { [judge, count] in
          judge.settled(by: $0, of: count) != nil
        }
      })
    let verdicts = outcomes.map { trials in
      // Trials that settle nothing are those that were given up as far from flipping.
      judge.settled(by: trials, of: count) ?? verdict
    }
    var searches: [FlipSearch] = []
    for (index, end) in ends.enumerated() where verdicts[index] != verdict {
      let opposite = ends.indices.first {
        $0 != index && ends[$0].parameter.path == end.parameter.path && verdicts[$0] == verdict
      }
      searches.append(
        FlipSearch(
          path: end.parameter.path, from: end.parameter.value, to: end.value,
          otherwiseFrom: opposite.map { ends[$0].value }, source: laboratory.source))
    }
    try await run(&searches, settings, verdict, in: &laboratory)
    var flips = searches.makeIterator()
    var conditions: [(condition: ClaimResult.Condition, flipsAt: String)] = []
    for (index, end) in ends.enumerated() where verdicts[index] != verdict {
      guard let flip = flips.next(), let range = end.parameter.range else { continue }
      let condition = ClaimResult.Condition(
        path: end.parameter.path, flipsAt: StudyText.value(flip.stands),
        range: StudyText.range(range.low, range.high), verdictThere: verdicts[index],
        isLowEnd: Self.standsAbove(end.parameter, range) ?? end.isLow)
      conditions.append((condition, flip.stands))
    }
    return Self.merged(conditions)
  }

  /// Whether the verdict stands above the flip because the value lies above its range, or below
  /// because it lies below; nil within the range.
  static func standsAbove(
    _ parameter: Parameter, _ range: (low: String, high: String)
  ) -> Bool? {
    let texts = [parameter.value, range.low, range.high]
    let units = texts.compactMap { SettingNumber($0)?.unit }
    // Numbers compare if their units are the same; times and laws by their seconds or means.
    guard units.count < 3 || Set(units).count == 1 || texts.allSatisfy(StudyText.isTime),
      let value = StudyText.magnitude(parameter.value), let low = StudyText.magnitude(range.low),
      let high = StudyText.magnitude(range.high)
    else { return nil }
    if value > high { return true }
    return value < low ? false : nil
  }

  /// One condition for each path and side: of a value that lies beyond its range both ends flip the
  /// verdict on the same side, at about the same value. The one that says more is kept.
  static func merged(
    _ conditions: [(condition: ClaimResult.Condition, flipsAt: String)]
  ) -> [ClaimResult.Condition] {
    var merged: [(condition: ClaimResult.Condition, flipsAt: String)] = []
    for (condition, flipsAt) in conditions {
      let same = merged.firstIndex {
        $0.condition.path == condition.path && $0.condition.isLowEnd == condition.isLowEnd
      }
      guard let same else {
        merged.append((condition, flipsAt))
        continue
      }
      guard let old = StudyText.magnitude(merged[same].flipsAt),
        let new = StudyText.magnitude(flipsAt)
      else { continue }
      if condition.isLowEnd ? new > old : new < old { merged[same] = (condition, flipsAt) }
    }
    return merged.map(\.condition)
  }

  private func ends(
    _ settings: [ParameterSetting], _ base: [Trial], in laboratory: Laboratory
  ) throws -> [End] {
    var ends: [End] = []
    let usage = base.usage
    for parameter in try laboratory.source.parameters(setting: settings) {
      guard let range = parameter.range, parameter.usage.isSubset(of: usage) else { continue }
      for (value, isLow) in [(range.low, true), (range.high, false)] where value != parameter.value
      {
        ends.append(End(parameter: parameter, value: value, isLow: isLow))
      }
    }
    return ends
  }

  /// Replications until enough is known, or a glance tells that the verdict is far from flipping.
  private func plan(
    _ settings: [ParameterSetting], _ verdict: ClaimResult.Verdict,
    until isEnough: @escaping @Sendable ([Trial]) -> Bool
  ) -> Laboratory.Plan {
    Laboratory.Plan(settings: settings, count: count) { [judge] trials in
      isEnough(trials) || trials.count >= Self.glance && judge.isFar(trials, beyond: verdict)
    }
  }

  /// Narrows all searches down side by side.
  private func run(
    _ searches: inout [FlipSearch], _ settings: [ParameterSetting],
    _ verdict: ClaimResult.Verdict, in laboratory: inout Laboratory
  ) async throws {
    while true {
      let probes = searches.map { $0.next() }
      let open = probes.indices.filter { probes[$0] != nil }
      if open.isEmpty { return }
      let outcomes = try await laboratory.measure(
        open.map { index in
          plan(settings.setting(searches[index].path, to: probes[index]!), verdict) {
            [judge, count] in
            judge.isRuledOut(verdict, by: $0, of: count)
              || judge.settled(by: $0, of: count) != nil
          }
        })
      for (index, trials) in zip(open, outcomes) {
        let isRuledOut = judge.isRuledOut(verdict, by: trials, of: count)
        searches[index].note(probes[index]!, stands: !isRuledOut)
      }
    }
  }
}
