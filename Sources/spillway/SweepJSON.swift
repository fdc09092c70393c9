import Experiments
import Reporting
import Statistics

/// Sweeps as JSON.
enum SweepJSON {
  /// Every response at every point, or one alone, and which point is best.
  static func report(
    _ results: SweepResults, _ only: String?, _ asked: [SweepPlan.Ranking]
  ) -> JSONValue {
    let plan = results.plan
    var responses: [JSONValue] = []
    for (index, name) in plan.responses.enumerated() where only == nil || only == name {
      let best = asked.first { $0.response == name }.flatMap(results.best)
      responses.append([
        "name": .string(name), "unit": .string(plan.units[index]),
        "effects": .array(results.effects(of: index).map { effect($0, plan) }),
        "ranking": results.ranking(of: index).map { ranking in
          [
            "points": .array(ranking.points.map(JSONValue.integer)),
            "proved": .array(ranking.isProved.map(JSONValue.bool)),
          ]
        } ?? .null,
        "best": best.map(selection) ?? .null,
      ])
    }
    return [
      "scenario": .string(plan.scenario), "experiment": .string(plan.experiment),
      "version": .string(plan.version), "digest": .string(plan.digest),
      "seed": .unsigned(plan.seed), "replications": .integer(plan.replications),
      "runs": .integer(results.runs), "partial": .bool(results.isPartial),
      "points": .array(plan.points.indices.map { settings(plan, $0) }),
      "responses": .array(responses),
    ]
  }

  /// A point's factors with their values.
  static func settings(_ plan: SweepPlan, _ point: Int) -> JSONValue {
    .object(plan.points[point].map { ($0.path, .string($0.value)) })
  }

  private static func selection(_ best: SweepResults.Selection) -> JSONValue {
    [
      "point": .integer(best.outcome.best), "decided": .bool(best.outcome.isDecided),
      "confidence": .number(best.asked.confidence),
      "indifference": .number(best.asked.indifference),
      "replications": .integer(best.outcome.observations),
      "dropped": .array(
        best.outcome.eliminations.map {
          [
            "after": .integer($0.after), "points": .array($0.systems.map(JSONValue.integer)),
          ]
        }),
      "left": .array(best.left.map(JSONValue.integer)),
      "equals": .array(best.equals.map(JSONValue.integer)),
      "open": .array(best.open.map(JSONValue.integer)),
      "allocation": .array(best.allocation.map(JSONValue.number)),
    ]
  }

  private static func effect(_ effect: SweepResults.Effect, _ plan: SweepPlan) -> JSONValue {
    let comparison = effect.comparison
    return [
      "point": .integer(effect.point), "n": .integer(effect.n),
      "mean": .optional(effect.mean?.estimate), "low": .optional(effect.mean?.low),
      "high": .optional(effect.mean?.high),
      "difference": .optional(comparison?.difference.estimate),
      "differenceLow": .optional(comparison?.difference.low),
      "differenceHigh": .optional(comparison?.difference.high),
      "p": .optional(effect.adjusted), "wilcoxon": .optional(effect.wilcoxon),
      "varianceReduction": .optional(comparison?.varianceReduction),
    ]
  }
}
