import CloudSimulation

/// What a study keeps of a replication, or of a window's replications together: what its claims are
/// about, and what was at work.
struct Trial: Sendable {
  /// The number of the first replication.
  let replication: Int
  /// One per claim, in the scenario's order.
  let measures: [BurstMeasures]
  let usage: Usage
  /// Whether another replication could have come out differently.
  let hasChance: Bool
  let violation: String?

  init(_ result: ReplicationResult, of scenario: Scenario) { self.init([result], of: scenario) }

  /// - Precondition: at least one result.
  init(_ results: [ReplicationResult], of scenario: Scenario) {
    replication = results[0].replication
    let each = results.map { $0.bursts.map { BurstMeasures($0) } }
    measures = each[0].indices.map { burst in BurstMeasures(averaging: each.map { $0[burst] }) }
    usage = results.reduce(into: []) { $0.formUnion($1.usage) }
    hasChance = scenario.hasChance(using: usage)
    violation = results.lazy.compactMap(\.violation).first
  }
}

extension Sequence<Trial> {
  /// Everything that was at work in any of them.
  var usage: Usage { reduce(into: []) { $0.formUnion($1.usage) } }
}

extension [ParameterSetting] {
  /// The settings with one more, which counts more than an earlier one of the same path.
  func setting(_ path: String, to value: String) -> [ParameterSetting] {
    filter { $0.path != path } + [ParameterSetting(path: path, value: value)]
  }

  /// The settings with some limits taken away.
  func lifting(_ limits: some Sequence<Parameter>) -> [ParameterSetting] {
    limits.reduce(self) { $0.setting($1.path, to: $1.unlimited ?? $1.value) }
  }

  /// A text that differs between different settings.
  var key: String { map { "\($0.path)=\($0.value)" }.joined(separator: "\n") }
}
