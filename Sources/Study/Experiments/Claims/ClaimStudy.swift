import CloudSimulation
import Statistics

/// Finds out about one claim what binds, on which assumptions its verdict depends, and what must
/// change for it to hold.
struct ClaimStudy: Sendable {
  let scenario: Scenario
  let options: StudyOptions
  /// How many replications a verdict uses.
  let count: Int

  /// Adds to a claim's verdict all that rests on moved parameters.
  func complete(
    _ result: inout ClaimResult, _ judge: ClaimJudge, in laboratory: inout Laboratory
  ) async throws {
    let search = LimitSearch(judge: judge, count: min(options.counterfactualReplications, count))
    laboratory.phase = .limits
    let finding = try await search.finding(options.settings, in: &laboratory)
    result.counterfactuals = finding.counterfactuals
    result.counterfactualReplications = finding.replications
    result.bindingStage = finding.binding?.stages
    result.limit = finding.binding?.kind
    laboratory.phase = .conditions
    let conditions = ConditionSearch(judge: judge, count: count)
    result.conditions = try await conditions.conditions(options.settings, in: &laboratory)
    var ladder = Ladder(judge: judge, levers: scenario.levers, search: search, count: count)
    try await ladder.begin(options.settings, finding, in: &laboratory)
    result.ladder = ladder.rungs
    while try await ladder.climb(in: &laboratory) { result.ladder = ladder.rungs }
    if ladder.rungs.count == 1 {
      result.ladder[0].conditions = result.conditions
    } else {
      laboratory.phase = .conditions
      result.ladder[ladder.rungs.count - 1].conditions =
        try await conditions.conditions(ladder.settings, in: &laboratory)
    }
  }
}
