import Experiments
import Reporting
import Statistics

/// Sweeps as JSON.
enum SweepJSON {
  /// Every response at every point, or one alone, and which point is best.
  static func report(
    _ results: SweepResults, _ only: String?, _ indifference: Double
  ) -> JSONValue {
    let plan = results.plan
    var responses: [JSONValue] = []
    for (index, name) in plan.responses.enumerated() where only == nil || only == name {
      let best = results.best(of: index, indifference: indifference)
      responses.append([
        "name": .string(name),
        "effects": .array(results.effects(of: index).map { effect($0, plan) }),
        "best": best.map { best in
          [
            "point": .integer(best.best), "decided": .bool(best.isDecided),
            "indifference": .number(indifference), "replications": .integer(best.observations),
          ]
        } ?? .null,
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
