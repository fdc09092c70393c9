import Probability
import Statistics

/// Series in time, stopping and comparisons.
extension AnalysisMethods {
  static let steadyState: [Method] = [
    Method("ar1-output-analysis", autoregression),
    Method("mser-5") { input in try truncation(of: try input.series("data", atLeast: 10)) },
    Method("welch-moving-average") { input in
      let window = try input.whole("window", from: 0)
      let curve = WelchWarmup(try input.rows("runs"), window: window)
      return [
        "mean_over_runs": .series(curve.means), "moving_average": .series(curve.movingAverage),
      ]
    },
    Method("sequential-relative-half-width") { input in
      let stop = try need(
        SequentialStopping.relativeHalfWidth(
          try input.series("data", atLeast: 2), least: try input.whole("n0", from: 2),
          target: try input.real("target"), confidence: try input.share("confidence", else: 0.95)),
        "data")
      return [
        "stopped_at": .count(stop.count), "mean": .number(stop.interval.estimate),
        "half_width": .number(stop.interval.halfWidth), "met": .count(stop.isMet ? 1 : 0),
      ]
    },
    Method("planned-replications") { input in
      let n = SequentialStopping.plannedReplications(
        pilot: try input.series("data", atLeast: 2),
        halfWidth: try input.real("target_absolute"),
        confidence: try input.share("confidence", else: 0.95))
      return ["n": .count(try need(n, "target_absolute"))]
    },
    Method("control-variate") { input in
      let (output, control) = try input.pairs("y", "control")
      let found = try need(
        ControlVariate(output: output, control: control, mean: try input.real("control_mean")),
        "control")
      return [
        "beta": .number(found.beta), "estimate": .number(found.estimate),
        "residual_variance": .number(found.residualVariance),
        "correlation": .number(found.correlation),
      ]
    },
  ]

  private static func truncation(of series: [Double]) throws(ModelError) -> Answer {
    let cut = try need(WarmupTruncation(series), "data")
    return [
      "batches": .count(cut.batches), "truncated_batches": .count(cut.truncatedBatches),
      "truncation_point": .count(cut.observations), "mser_statistic": .number(cut.statistic),
      "truncated_mean": .number(cut.mean),
    ]
  }

  /// Batches in which a series of reference is divided.
  private static let batches = 20

  private static func autoregression(_ input: ModelParameters) throws -> Answer {
    let data = try input.series("data", atLeast: 2 * batches)
    let phi = try input.real("phi")
    guard abs(phi) < 1 else {
      throw ModelError.parameter("phi", problem: "must lie between -1 and 1")
    }
    let process = AutoregressiveProcess(
      phi: phi, mean: try input.real("mu"), sigma: try input.real("sigma"))
    let twenty = BatchMeans(data, batches: batches)
    let interval = try need(twenty.interval(confidence: 0.95), "data")
    let test = twenty.vonNeumann
    let size = data.count / batches
    let overlapping = BatchMeans.overlappingVarianceConstant(data, size: size)
    return [
      "true_mean": .number(process.mean), "true_variance": .number(process.variance),
      "true_variance_constant": .number(process.varianceConstant),
      "sample_mean": .number(Tally(data).mean ?? 0),
      "acf": .series(autocorrelation(data, lags: 5)),
      "batch_means_20": .object([
        "batches": .count(twenty.means.count), "batch_size": .count(twenty.size),
        "batch_means_variance": .number(twenty.variance), "mean": .number(interval.estimate),
        "half_width": .number(interval.halfWidth),
        "variance_constant": .number(twenty.varianceConstant),
        "lag1_of_batch_means": .number(twenty.lag1),
      ]),
      "overlapping_batch_means": .object([
        "batch_size": .count(size), "variance_constant": .number(overlapping),
      ]),
      "mser5": .object(try truncation(of: data)),
      "von_neumann_of_20_batch_means": .object([
        "statistic": .number(test.statistic), "z": .number(test.z),
        "p_one_sided": .number(test.p),
      ]),
    ]
  }

  static let comparisons: [Method] = [
    Method("paired-t") { input in
      let (a, b) = try input.pairs("a", "b")
      let found = try need(
        MeanComparison.paired(a, b, confidence: try input.share("confidence", else: 0.95)), "a")
      return [
        "mean_difference": .number(found.difference.estimate), "t": .number(found.t),
        "p_two_sided": .number(found.p), "low": .number(found.difference.low),
        "high": .number(found.difference.high),
        "correlation": .number(try need(found.correlation, "a")),
        "variance_reduction_against_independent": .number(
          try need(found.varianceReduction, "a")),
      ]
    },
    Method("welch-t") { input in
      let found = try need(
        MeanComparison.welch(
          try input.series("a", atLeast: 2), try input.series("b", atLeast: 2),
          confidence: try input.share("confidence", else: 0.95)), "a")
      return [
        "mean_difference": .number(found.difference.estimate), "t": .number(found.t),
        "df": .number(found.degrees), "p_two_sided": .number(found.p),
        "low": .number(found.difference.low), "high": .number(found.difference.high),
      ]
    },
    Method("multiple-comparison") { input in
      let p = try input.series("p_values")
      return [
        "bonferroni": .series(MultipleComparison.bonferroni(p)),
        "holm": .series(MultipleComparison.holm(p)),
        "benjamini_hochberg": .series(MultipleComparison.benjaminiHochberg(p)),
      ]
    },
    Method("mann-whitney") { input in
      let found = RankTests.mannWhitney(try input.series("a"), try input.series("b"))
      return ["U": .number(found.u), "p_asymptotic_continuity": .number(found.p)]
    },
    Method("kim-nelson-constants") { input in
      let found = try input.member("points").elements("points") { (point) throws(ModelError) in
        let k = try point.whole("k", from: 2)
        let procedure = KimNelson(
          pilot: try point.whole("n0", from: 2), indifference: 1, risk: try point.share("alpha"))
        return (procedure.eta(systems: k), procedure.hSquared(systems: k))
      }
      return ["eta": .series(found.map(\.0)), "h_squared": .series(found.map(\.1))]
    },
    Method("kim-nelson-minimum", selection),
    Method("ocba-allocation") { input in
      let (means, deviations) = try input.pairs("means", "sds")
      let found = try need(
        BudgetAllocation(
          means: means, deviations: deviations, budget: try input.real("budget")), "means")
      return ["best": .count(found.best + 1), "allocation": .series(found.replications)]
    },
  ]

  private static func selection(_ input: ModelParameters) throws -> Answer {
    let systems = try input.rows("systems")
    let pilot = try input.whole("n0", from: 2)
    guard systems.count >= 2, systems[0].count >= pilot, try input.real("delta") > 0 else {
      throw ModelError.parameter("systems", problem: "must be two with n0 values each, delta > 0")
    }
    let procedure = KimNelson(
      pilot: pilot, indifference: try input.real("delta"), risk: try input.share("alpha"))
    let found = procedure.selectSmallest(of: systems.count, most: systems[0].count) {
      systems[$0][$1]
    }
    let pairs = Tally(zip(systems[0], systems[1]).prefix(pilot).map { $0.0 - $0.1 })
    return [
      "selected": .count(found.best + 1), "observations_per_survivor": .count(found.observations),
      "eliminations": .array(
        found.eliminations.map { one in
          .array([.count(one.after), .array(one.systems.map { .count($0 + 1) })])
        }),
      "h_squared": .number(procedure.hSquared(systems: systems.count)),
      "s2_between_1_and_2": .number(try need(pairs.variance, "systems")),
    ]
  }
}
