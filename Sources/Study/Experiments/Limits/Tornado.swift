import CloudSimulation
import Infrastructure
import Statistics

/// Moves every assumed value that a run used to both ends of its range, on the same luck.
struct Tornado: Sendable {
  let source: any ScenarioSource
  let options: StudyOptions

  private struct End: Sendable {
    var parameter: Int
    var value: String
    var isLow: Bool
  }

  /// The swing of a response.
  ///
  /// - Parameters:
  ///   - response: a metric's or claim's name; nil: the first claim's metric, else the cost.
  ///   - results: the replications with every value as it is.
  /// - Throws: ``SweepError/unknownResponse(_:known:)``, and what the source throws.
  func summary(
    of response: String?, from results: [ReplicationResult], _ scenario: Scenario
  ) async throws -> SensitivitySummary {
    let name = response ?? scenario.claims.first?.metric.rawValue ?? "cost"
    let responses = try SweepResponses([name], in: scenario)
    let count = min(options.counterfactualReplications, results.count)
    let base = results.prefix(count).map { responses.values($0)[0] }
    let usage = results.reduce(into: Usage()) { $0.formUnion($1.usage) }
    let parameters = try source.parameters(setting: options.settings).filter {
      $0.grade == "A" && $0.range != nil && $0.usage.isSubset(of: usage)
    }
    var summary = SensitivitySummary(
      response: name, unit: unit(of: name, scenario), base: Self.mean(base), replications: count)
    let ends = Self.ends(of: parameters)
    let values = try await values(ends, parameters, responses, scenario.seed, count)
    for (index, parameter) in parameters.enumerated() {
      var bar = SensitivitySummary.Bar(
        path: parameter.path, grade: parameter.grade, value: parameter.value, low: nil, high: nil)
      for (end, moved) in zip(ends, values) where end.parameter == index {
        let found = Self.end(end.value, moved, base)
        if end.isLow { bar.low = found } else { bar.high = found }
      }
      if bar.swing == 0 { summary.idle += 1 } else { summary.bars.append(bar) }
    }
    summary.bars = summary.bars.enumerated().sorted {
      ($1.element.swing, $0.offset) < ($0.element.swing, $1.offset)
    }.map(\.element)
    return summary
  }

  private static func ends(of parameters: [Parameter]) -> [End] {
    parameters.enumerated().flatMap { index, parameter -> [End] in
      guard let range = parameter.range else { return [] }
      return [(range.low, true), (range.high, false)].compactMap { value, isLow in
        value == parameter.value ? nil : End(parameter: index, value: value, isLow: isLow)
      }
    }
  }

  /// By end and replication: the response.
  private func values(
    _ ends: [End], _ parameters: [Parameter], _ responses: SweepResponses, _ seed: UInt64,
    _ count: Int
  ) async throws -> [[Double?]] {
    var work: [(scenario: Scenario, replication: Int)] = []
    for end in ends {
      var scenario = try source.scenario(
        setting: options.settings.setting(parameters[end.parameter].path, to: end.value))
      scenario.seed = seed
      for replication in 0..<count { work.append((scenario, replication)) }
    }
    let (total, progress) = (work.count, options.progress)
    var done = 0
    let found = await ReplicationRunner(jobs: options.jobs).map(
      work,
      after: { _ in
        done += 1
        progress?(StudyProgress(phase: .sensitivity, done: done, total: total))
      }
    ) { item in
      responses.values(item.scenario.simulate(replication: item.replication))[0]
    }
    try Task.checkCancellation()
    return ends.indices.map { end in
      (0..<count).map { found[end * count + $0] ?? nil }
    }
  }

  private static func mean(_ values: [Double?]) -> Double? {
    let present = values.compactMap { $0 }
    return present.count == values.count ? Tally(present).mean : nil
  }

  private static func end(
    _ value: String, _ moved: [Double?], _ base: [Double?]
  ) -> SensitivitySummary.End {
    let (own, other) = (moved.compactMap { $0 }, base.compactMap { $0 })
    guard own.count == moved.count, other.count == base.count else {
      // Where it exists on neither side, nothing changed.
      let isSame = moved == base
      return SensitivitySummary.End(
        value: value, difference: isSame ? 0 : nil, lowest: nil, highest: nil)
    }
    let interval = ConfidenceInterval.pairedDifference(own, other)
    return SensitivitySummary.End(
      value: value, difference: (Tally(own).mean ?? 0) - (Tally(other).mean ?? 0),
      lowest: interval?.low, highest: interval?.high)
  }

  private func unit(of name: String, _ scenario: Scenario) -> String {
    Claim.Metric(rawValue: name)?.unit(currency: scenario.prices.currency) ?? ""
  }
}
