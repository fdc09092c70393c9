import CloudSimulation

/// What a study keeps of a replication: what its claims are about, and what was at work.
struct Trial: Sendable {
  let replication: Int
  /// One per claim, in the scenario's order.
  let measures: [BurstMeasures]
  let usage: Usage
  /// Whether another replication could have come out differently.
  let hasChance: Bool
  let violation: String?

  init(_ result: ReplicationResult, of scenario: Scenario) {
    replication = result.replication
    measures = result.bursts.map { BurstMeasures($0) }
    usage = result.usage
    hasChance = scenario.hasChance(using: result.usage)
    violation = result.violation
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
