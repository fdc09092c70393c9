import Probability
import Statistics

/// The methods of output analysis, experiment design and sensitivity by the names that reference
/// vectors give them.
///
/// The functions are those that runs, claims and experiments use; this only renames their inputs
/// and results.
enum AnalysisMethods {
  typealias Answer = [String: ModelParameters]

  /// A method, its name and how its values are compared.
  struct Method: Sendable {
    var name: String
    /// The relative error allowed, p-values aside.
    var tolerance = 1e-8
    var answer: @Sendable (ModelParameters) throws -> Answer

    init(
      _ name: String, tolerance: Double = 1e-8,
      _ answer: @escaping @Sendable (ModelParameters) throws -> Answer
    ) {
      self.name = name
      self.tolerance = tolerance
      self.answer = answer
    }
  }

  /// All of them.
  static let all: [Method] = means + steadyState + comparisons + fits + designs + sensitivity

  /// The method of a name.
  static func named(_ name: String) throws(ModelError) -> Method {
    guard let method = all.first(where: { $0.name == name }) else {
      throw .parameter(
        "method",
        problem: "is unknown: '\(name)'; expected one of "
          + all.map(\.name).joined(separator: ", "))
    }
    return method
  }

  static func need<Value>(_ value: Value?, _ name: String) throws(ModelError) -> Value {
    guard let value else { throw .parameter(name, problem: "gives no answer: too few values") }
    return value
  }

  // MARK: Means, quantiles and proportions

  static let means: [Method] = [
    Method("t-interval", studentInterval),
    Method("stable-variance") { input in
      let tally = Tally(try input.series("data", atLeast: 2))
      return [
        "mean": .number(try need(tally.mean, "data")),
        "variance": .number(try need(tally.variance, "data")),
      ]
    },
    Method("quantile-type7") { input in
      let sample = Sample(try input.series("data"))
      let quantiles = try input.series("probabilities").map { probability in
        guard (0...1).contains(probability) else {
          throw ModelError.parameter("probabilities", problem: "must lie between 0 and 1")
        }
        return try need(sample.quantile(probability), "data")
      }
      return ["quantiles": .series(quantiles)]
    },
    Method("quantile-interval") { input in
      let found = try QuantileInterval(
        Sample(try input.series("data")), probability: try input.share("probability"),
        confidence: try input.share("confidence", else: 0.95))
      return [
        "lower_rank": .count(found.lowerRank), "upper_rank": .count(found.upperRank),
        "low": .number(found.interval.low), "high": .number(found.interval.high),
        "coverage": .number(found.coverage),
      ]
    },
    Method("proportion-intervals") { input in
      let (successes, trials) = try input.pairs("successes", "trials", atLeast: 1)
      let confidence = try input.share("confidence", else: 0.95)
      let proportions = try zip(successes, trials).map { successes, trials in
        guard trials >= 1, (0...trials).contains(successes) else {
          throw ModelError.parameter("successes", problem: "must be at most the trials")
        }
        return Proportion(Int(successes), of: Int(trials))
      }
      func limits(_ interval: (Proportion) -> ConfidenceInterval) -> ModelParameters {
        .rows(proportions.map { [interval($0).low, interval($0).high] })
      }
      return [
        "wilson": limits { $0.wilson(confidence: confidence) },
        "clopper_pearson": limits { $0.clopperPearson(confidence: confidence) },
      ]
    },
    Method("bootstrap-exhaustive") { input in
      let data = try input.series("data")
      let all = try need(
        Bootstrap(exhaustive: data) { Tally($0).mean ?? 0 }, "data")
      return [
        "resamples": .count(all.replicates.count), "mean": .number(all.mean),
        "sd_population": .number(all.populationDeviation),
        "q025": .number(try need(all.replicates.quantile(0.025), "data")),
        "q975": .number(try need(all.replicates.quantile(0.975), "data")),
      ]
    },
    Method("distribution-functions") { input in
      let values = try input.member("points").elements("points") { (point) throws(ModelError) in
        try distribution(try point.text("function"), try point.series("args"))
      }
      return ["values": .series(values)]
    },
  ]

  private static func studentInterval(_ input: ModelParameters) throws -> Answer {
    let tally = Tally(try input.series("data", atLeast: 2))
    let confidence = try input.share("confidence", else: 0.95)
    let interval = try need(ConfidenceInterval.mean(of: tally, confidence: confidence), "data")
    let quantile = Distributions.studentQuantile(
      1 - (1 - confidence) / 2, degrees: Double(tally.count - 1))
    return [
      "n": .count(tally.count), "mean": .number(interval.estimate),
      "variance": .number(tally.variance ?? 0), "sd": .number(tally.standardDeviation ?? 0),
      "t_quantile": .number(quantile), "half_width": .number(interval.halfWidth),
      "low": .number(interval.low), "high": .number(interval.high),
      "relative_half_width": .number(interval.halfWidth / abs(interval.estimate)),
    ]
  }

  private static func distribution(
    _ name: String, _ args: [Double]
  ) throws(ModelError) -> Double {
    let arity = [
      "normal_quantile": 1, "normal_cdf": 1, "t_quantile": 2, "t_cdf": 2, "chi2_quantile": 2,
      "chi2_cdf": 2, "poisson_cdf": 2, "f_quantile": 3, "f_cdf": 3, "gamma_cdf": 3,
      "gamma_quantile": 3, "beta_quantile": 3, "beta_cdf": 3, "binomial_cdf": 3,
    ]
    guard let expected = arity[name] else {
      throw .parameter("function", problem: "is unknown: '\(name)'")
    }
    guard args.count == expected else {
      throw .parameter("args", problem: "must be \(expected) for \(name)")
    }
    switch name {
    case "normal_quantile": return Distributions.normalQuantile(args[0])
    case "normal_cdf": return Distributions.normalCDF(args[0])
    case "t_quantile": return Distributions.studentQuantile(args[0], degrees: args[1])
    case "t_cdf": return Distributions.studentCDF(args[0], degrees: args[1])
    case "chi2_quantile": return Distributions.chiSquaredQuantile(args[0], degrees: args[1])
    case "chi2_cdf": return Distributions.chiSquaredCDF(args[0], degrees: args[1])
    case "poisson_cdf": return Distributions.poissonCDF(Int(args[0]), mean: args[1])
    case "f_quantile": return Distributions.fisherQuantile(args[0], args[1], args[2])
    case "f_cdf": return Distributions.fisherCDF(args[0], args[1], args[2])
    case "gamma_cdf": return Distributions.gammaCDF(args[0], shape: args[1], scale: args[2])
    case "gamma_quantile":
      return Distributions.gammaQuantile(args[0], shape: args[1], scale: args[2])
    case "beta_quantile": return Distributions.betaQuantile(args[0], args[1], args[2])
    case "beta_cdf": return Distributions.betaCDF(args[0], args[1], args[2])
    default:
      return Distributions.binomialCDF(
        Int(args[0]), trials: Int(args[1]), probability: args[2])
    }
  }
}
