import Probability
import Statistics

/// Fits and metamodels, designs, and sensitivity.
extension AnalysisMethods {
  static let fits: [Method] = [
    Method("ks-uniform") { input in
      let found = GoodnessOfFit.kolmogorovSmirnov(Sample(try input.series("data"))) {
        min(max($0, 0), 1)
      }
      return ["D": .number(found.distance), "p_exact": .number(found.p)]
    },
    Method("ks-exponential") { input in
      let mean = try input.real("mean")
      let found = GoodnessOfFit.kolmogorovSmirnov(Sample(try input.series("data"))) {
        Distributions.gammaCDF(max($0, 0), shape: 1, scale: mean)
      }
      return ["D": .number(found.distance), "p_exact": .number(found.p)]
    },
    Method("chi-square") { input in
      let (observed, expected) = try input.pairs("observed", "expected")
      guard expected.allSatisfy({ $0 > 0 }) else {
        throw ModelError.parameter("expected", problem: "must be above zero")
      }
      let found = GoodnessOfFit.chiSquared(observed: observed, expected: expected)
      return [
        "statistic": .number(found.statistic), "df": .number(found.degrees),
        "p": .number(found.p),
      ]
    },
    Method("ks-two-sample") { input in
      let (a, b) = (Sample(try input.series("a")), Sample(try input.series("b")))
      return ["D": .number(GoodnessOfFit.distance(a, b))]
    },
    Method("wasserstein-1") { input in
      let (a, b) = (Sample(try input.series("a")), Sample(try input.series("b")))
      return ["distance": .number(GoodnessOfFit.wasserstein(a, b))]
    },
    Method("fit-weibull-gamma-lognormal", tolerance: 1e-4) { input in
      let data = try input.series("data", atLeast: 2)
      func fit(
        _ fit: MaximumLikelihood.Fit?, _ first: String, _ second: String
      ) throws(ModelError) -> ModelParameters {
        let found = try need(fit, "data")
        return .object([
          first: .number(found.first), second: .number(found.second),
          "loglik": .number(found.logLikelihood),
        ])
      }
      return [
        "weibull": try fit(MaximumLikelihood.weibull(data), "shape", "scale"),
        "gamma": try fit(MaximumLikelihood.gamma(data), "shape", "scale"),
        "lognormal": try fit(MaximumLikelihood.lognormal(data), "mu", "sigma"),
        "exponential": try fit(MaximumLikelihood.exponential(data), "mean", "scale"),
      ]
    },
    Method("linear-regression") { input in
      let (x, y) = try input.pairs("x", "y", atLeast: 3)
      let line = try need(LinearRegression(x: x, y: y), "x")
      return [
        "slope": .number(line.slope), "intercept": .number(line.intercept),
        "r": .number(line.correlation), "p_two_sided": .number(line.p),
        "slope_stderr": .number(line.slopeError),
      ]
    },
    Method("one-way-anova") { input in
      let found = try need(VarianceAnalysis(try input.rows("groups", isRagged: true)), "groups")
      return ["F": .number(found.f), "p": .number(found.p)]
    },
    Method("two-level-factorial") { input in
      let response = try input.series("response", atLeast: 2)
      guard response.count.nonzeroBitCount == 1 else {
        throw ModelError.parameter("response", problem: "must hold a power of two of values")
      }
      var (effects, shares) = (Answer(), Answer())
      for one in FactorialEffects(response).effects {
        effects[one.name] = .number(one.effect)
        shares[one.name] = .number(one.share)
      }
      return ["effects": .object(effects), "share_of_variation": .object(shares)]
    },
    Method("kaplan-meier") { input in
      let (times, events) = try input.pairs("time", "event", atLeast: 1)
      let steps = SurvivalCurve(zip(times, events).map { ($0, $1 != 0) }).steps
      return [
        "times": .series(steps.map(\.time)), "survival": .series(steps.map(\.survival)),
        "standard_error": .series(steps.map(\.error)),
      ]
    },
    Method("fairness") { input in
      let data = try input.series("data")
      return ["jain": .number(Fairness.jain(data)), "gini": .number(Fairness.gini(data))]
    },
  ]

  static let designs: [Method] = [
    Method("sobol-sequence-joe-kuo") { input in
      let dimension = try dimension(input, most: SobolSequence.mostDimensions)
      return [
        "points": .rows(SobolSequence.points(try input.whole("points"), dimension: dimension))
      ]
    },
    Method("halton-sequence") { input in
      let dimension = try dimension(input, most: 1_000)
      return ["points": .rows(Design.halton(try input.whole("points"), dimension: dimension))]
    },
    Method("latin-hypercube-property") { input in
      let points = try input.rows("points")
      guard points.joined().allSatisfy({ (0...1).contains($0) }) else {
        throw ModelError.parameter("points", problem: "must lie in the unit cube")
      }
      return [
        "is_latin": .bool(Design.isLatin(points)),
        "centered_l2_discrepancy": .number(Discrepancy.centred(points)),
        "wraparound_discrepancy": .number(Discrepancy.wraparound(points)),
        "star_discrepancy_l2": .number(Discrepancy.star(points)),
      ]
    },
    Method("gsl-qrng") { input in
      let count = try input.whole("points")
      var answer = Answer()
      let dimension = try input.whole("dimension")
      for sequence in QuasiRandomSequence.allCases where dimension <= sequence.mostDimensions {
        answer[sequence.nameInGSL] = .rows(sequence.points(count, dimension: dimension))
      }
      return answer
    },
  ]

  private static func dimension(
    _ input: ModelParameters, most: Int
  ) throws(ModelError) -> Int {
    let dimension = try input.whole("dimension")
    guard dimension <= most else {
      throw .parameter("dimension", problem: "must be at most \(most)")
    }
    return dimension
  }

  static let sensitivity: [Method] = [
    Method("sobol-ishigami") { input in
      exact(IshigamiFunction(a: try input.real("a"), b: try input.real("b")).indices)
    },
    Method("sobol-g-function") { input in
      exact(GFunction(a: try input.series("a")).indices)
    },
    Method("sobol-estimators") { input in
      let function = IshigamiFunction(a: try input.real("a"), b: try input.real("b"))
      let (a, b) = (try input.rows("A"), try input.rows("B"))
      guard a.count == b.count, a.count >= 2, a[0].count == 3, b[0].count == 3 else {
        throw ModelError.parameter("A", problem: "and B must hold as many rows of three")
      }
      let found = SobolIndices.estimate(a, b, model: function.value)
      return ["S1_saltelli2010": .series(found.first), "ST_jansen": .series(found.total)]
    },
    Method("morris-elementary-effects") { input in
      let function = try Polynomial(try input.text("function"))
      let trajectories = try input.member("trajectories").elements("trajectories") {
        (trajectory) throws(ModelError) in
        try ModelParameters.object(["trajectory": trajectory]).rows("trajectory")
      }
      guard let width = trajectories.first?.first?.count, width >= function.dimension,
        trajectories.joined().allSatisfy({ $0.count == width })
      else {
        throw ModelError.parameter("trajectories", problem: "must have the function's inputs")
      }
      let found = ElementaryEffects(trajectories, model: function.value)
      return [
        "mu": .series(found.mu), "mu_star": .series(found.muStar), "sigma": .series(found.sigma),
      ]
    },
  ]

  private static func exact(_ indices: SobolIndices) -> Answer {
    [
      "variance": .number(indices.variance), "S1": .series(indices.first),
      "ST": .series(indices.total),
    ]
  }
}
