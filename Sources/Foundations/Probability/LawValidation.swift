/// What is wrong with a law: its family, the parameter at fault, and the problem.
public struct LawError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The law's family, such as `lognormal`.
  public var law: String
  /// The parameter at fault, such as `sigma`; empty if it is the text as a whole.
  public var parameter: String
  /// What is wrong with it, as the rest of a sentence about the parameter.
  public var problem: String

  /// An error about a parameter of a law.
  public init(law: String, parameter: String, problem: String) {
    self.law = law
    self.parameter = parameter
    self.problem = problem
  }

  /// One sentence for people.
  public var description: String {
    parameter.isEmpty ? "\(law): \(problem)" : "\(law): \(parameter) \(problem)"
  }
}

extension Law {
  /// Checks every parameter.
  ///
  /// - Throws: ``LawError`` naming the first parameter that makes no sense.
  public func validate() throws(LawError) {
    switch self {
    case .constant(let value): try check("value", value, value.isFinite, "must be finite")
    case .uniform(let low, let high):
      try check("low", low, low.isFinite, "must be finite")
      try check("high", high, high.isFinite, "must be finite")
      try check("high", high, low < high, "must be above low (\(low))")
    case .exponential(let mean): try positive("mean", mean)
    case .erlang(let shape, let mean):
      try check("shape", Double(shape), shape >= 1, "must be at least 1")
      try positive("mean", mean)
    case .gamma(let shape, let scale), .weibull(let shape, let scale),
      .pareto(let shape, let scale):
      try positive("shape", shape)
      try positive("scale", scale)
    case .lognormal(let median, let sigma):
      try positive("median", median)
      try positive("sigma", sigma)
    case .boundedPareto(let shape, let low, let high):
      try positive("shape", shape)
      try positive("low", low)
      try positive("high", high)
      try check("high", high, low < high, "must be above low (\(low))")
    case .hyperexponential(let probabilities, let means):
      try validateMixture(probabilities, means)
    case .empirical(let law): try validateData(law)
    }
  }

  private func validateMixture(_ probabilities: [Double], _ means: [Double]) throws(LawError) {
    let count = probabilities.count
    try check("probabilities", Double(count), count > 0, "are missing")
    try check("means", Double(means.count), means.count == count, "must be \(count) in number")
    for (index, probability) in probabilities.enumerated() {
      try check(
        "probability \(index + 1)", probability, probability >= 0 && probability <= 1,
        "must lie in 0...1")
    }
    let sum = probabilities.reduce(0, +)
    try check("probabilities", sum, abs(sum - 1) <= 1e-9, "must sum to 1")
    for (index, mean) in means.enumerated() { try positive("mean \(index + 1)", mean) }
  }

  private func validateData(_ data: EmpiricalLaw) throws(LawError) {
    let count = data.values.count
    try check("values", Double(count), count > 0, "are missing")
    for (index, value) in data.values.enumerated() {
      try check("value \(index + 1)", value, value.isFinite, "must be finite")
    }
    guard data.isInterpolated else {
      for (index, weight) in data.weights.enumerated() {
        try check(
          "weight \(index + 1)", weight, weight >= 0 && weight.isFinite,
          "must be finite and not negative")
      }
      let sum = data.weights.reduce(0, +)
      if !data.weights.isEmpty { try check("weights", sum, sum > 0, "must not all be zero") }
      return
    }
    let probabilities = data.weights
    try check(
      "probabilities", Double(probabilities.count), probabilities.count == count,
      "must be \(count) in number")
    try check("first probability", probabilities[0], probabilities[0] == 0, "must be 0")
    try check(
      "last probability", probabilities[count - 1], probabilities[count - 1] == 1, "must be 1")
    for index in 1..<max(count, 1) {
      try check(
        "probability \(index + 1)", probabilities[index],
        probabilities[index] >= probabilities[index - 1], "must not fall")
      try check(
        "value \(index + 1)", data.values[index], data.values[index] >= data.values[index - 1],
        "must not fall")
    }
  }

  private func positive(_ parameter: String, _ value: Double) throws(LawError) {
    try check(parameter, value, value > 0 && value.isFinite, "must be positive and finite")
  }

  private func check(
    _ parameter: String, _ value: Double, _ holds: Bool, _ rule: String
  ) throws(LawError) {
    guard !holds else { return }
    throw LawError(law: family, parameter: parameter, problem: "\(rule), not \(value)")
  }
}
