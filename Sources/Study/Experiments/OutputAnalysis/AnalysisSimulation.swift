import Probability
import Statistics

/// Quantities of reference cases that chance can estimate, on luck of our own.
public enum AnalysisSimulation {
  /// The methods with a simulation.
  public static let methods = [
    "ar1-output-analysis", "bootstrap-exhaustive", "sobol-g-function", "sobol-ishigami",
  ]

  private static let replications = 30

  /// Estimates a case's quantities, each beside the value it should have.
  ///
  /// - Throws: ``ModelError`` for a method without a simulation or an input that makes no sense.
  public static func simulate(
    method: String, input: ModelParameters, expected: ModelParameters, seed: UInt64
  ) throws(ModelError) -> [(quantity: SimulatedQuantity, known: Double)] {
    let estimate: (RandomSource) -> [Double]
    let known: [(name: String, value: Double)]
    switch method {
    case "ar1-output-analysis":
      let phi = try input.real("phi")
      guard abs(phi) < 1 else { throw .parameter("phi", problem: "must lie between -1 and 1") }
      let process = AutoregressiveProcess(
        phi: phi, mean: try input.real("mu"), sigma: try input.real("sigma"))
      let start = try input.real("x0")
      estimate = { autoregression(process, from: start, $0) }
      known = try values(["true_mean", "true_variance", "true_variance_constant"], in: expected)
    case "bootstrap-exhaustive":
      let data = try input.series("data")
      estimate = { luck in
        let found = Bootstrap(data, resamples: 2_000, on: luck.stream("resample")) {
          Tally($0).mean ?? 0
        }
        return [found.mean, found.populationDeviation]
      }
      known = try values(["mean", "sd_population"], in: expected)
    case "sobol-ishigami":
      let function = IshigamiFunction(a: try input.real("a"), b: try input.real("b"))
      estimate = { indices(of: function.value, dimension: 3, $0) }
      known = try indexValues(in: expected)
    case "sobol-g-function":
      let function = GFunction(a: try input.series("a"))
      estimate = { indices(of: function.value, dimension: function.a.count, $0) }
      known = try indexValues(in: expected)
    default: throw .parameter("method", problem: "has no simulation: '\(method)'")
    }
    var tallies = [Tally](repeating: Tally(), count: known.count)
    for replication in 0..<replications {
      let values = estimate(RandomSource(seed: seed, replication: replication))
      for (index, value) in zip(known.indices, values) { tallies[index].add(value) }
    }
    return zip(known, tallies).map { known, tally in
      (SimulatedQuantity(name: known.name, replications: tally), known.value)
    }
  }

  private static func values(
    _ names: [String], in expected: ModelParameters
  ) throws(ModelError) -> [(name: String, value: Double)] {
    var values: [(name: String, value: Double)] = []
    for name in names { values.append((name, try expected.real(name))) }
    return values
  }

  private static func indexValues(
    in expected: ModelParameters
  ) throws(ModelError) -> [(name: String, value: Double)] {
    var values: [(name: String, value: Double)] = []
    for order in ["S1", "ST"] {
      for (input, value) in try expected.series(order).enumerated() {
        values.append(("\(order)[\(input)]", value))
      }
    }
    return values
  }

  /// Mean, variance and variance constant of one long series, its warm-up cut.
  private static func autoregression(
    _ process: AutoregressiveProcess, from start: Double, _ luck: RandomSource
  ) -> [Double] {
    let series = process.series(20_000, from: start, on: luck.stream("noise"))
    let kept = Array(series[(WarmupTruncation(series)?.observations ?? 0)...])
    let batches = BatchMeans(kept, batches: 20)
    let tally = Tally(kept)
    return [tally.mean ?? .nan, tally.variance ?? .nan, batches.varianceConstant]
  }

  /// First and total indices from one pair of Latin hypercubes.
  private static func indices(
    of model: ([Double]) -> Double, dimension: Int, _ luck: RandomSource
  ) -> [Double] {
    let a = Design.latinHypercube(2_000, dimension: dimension, on: luck.stream("a"))
    let b = Design.latinHypercube(2_000, dimension: dimension, on: luck.stream("b"))
    let found = SobolIndices.estimate(a, b, model: model)
    return found.first + found.total
  }
}
