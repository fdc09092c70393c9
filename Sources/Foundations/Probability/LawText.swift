extension Law {
  /// Reads a law from a text such as `lognormal(median: 5s, sigma: 0.5)` or `uniform(5s, 30s)`.
  ///
  /// A text without parentheses is a constant. Forms: `constant(v)`, `uniform(low, high)`,
  /// `exponential(mean)`, `erlang(shape, mean)`, `gamma(shape, scale|mean)`,
  /// `weibull(shape, scale|mean)`, `lognormal(median|mean, sigma)`, `lognormal(mean, sd)`,
  /// `pareto(shape, scale)`, `boundedPareto(shape, low, high)`,
  /// `hyperexponential(probability: mean, …)`, `empirical(v, …)`, `empirical(weight: v, …)` and
  /// `quantiles(probability: v, …)`. Parameters may be labelled, in any order; unlabelled ones
  /// take the places that labelled ones leave free.
  /// - Parameter value: reads one value with its unit; shapes, sigmas, weights and probabilities
  ///   have no unit.
  /// - Throws: ``LawError`` if the text isn't a law or the law isn't valid.
  public static func parse(
    _ text: String, value: (Substring) -> Double?
  ) throws(LawError) -> Law {
    let trimmed = trim(Substring(text))
    guard let open = trimmed.firstIndex(of: "(") else {
      guard let constant = value(trimmed) else {
        throw LawError(law: "constant", parameter: "value", problem: "can't be read: '\(trimmed)'")
      }
      let law = Law.constant(constant)
      try law.validate()
      return law
    }
    let family = String(trim(trimmed[..<open]))
    guard trimmed.last == ")" else {
      throw LawError(law: family, parameter: "", problem: "the closing parenthesis is missing")
    }
    let inside = trim(trimmed[trimmed.index(after: open)...].dropLast())
    let arguments =
      inside.isEmpty ? [] : inside.split(separator: ",", omittingEmptySubsequences: false)
    let law = try LawArguments(family: family, texts: arguments.map(trim)).law(value)
    try law.validate()
    return law
  }

  /// The law as a text that ``parse(_:value:)`` reads back as the same law.
  ///
  /// - Parameter value: writes one value with its unit.
  public func formatted(_ value: (Double) -> String) -> String {
    func pairs(_ numbers: [Double], _ values: [Double]) -> String {
      zip(numbers, values).map { "\(plain($0.0)): \(value($0.1))" }.joined(separator: ", ")
    }
    let arguments: String
    switch self {
    case .constant(let constant): arguments = value(constant)
    case .uniform(let low, let high): arguments = "\(value(low)), \(value(high))"
    case .exponential(let mean): arguments = "mean: \(value(mean))"
    case .erlang(let shape, let mean): arguments = "shape: \(shape), mean: \(value(mean))"
    case .gamma(let shape, let scale), .weibull(let shape, let scale),
      .pareto(let shape, let scale):
      arguments = "shape: \(plain(shape)), scale: \(value(scale))"
    case .lognormal(let median, let sigma):
      arguments = "median: \(value(median)), sigma: \(plain(sigma))"
    case .boundedPareto(let shape, let low, let high):
      arguments = "shape: \(plain(shape)), low: \(value(low)), high: \(value(high))"
    case .hyperexponential(let probabilities, let means): arguments = pairs(probabilities, means)
    case .empirical(let data):
      arguments =
        data.weights.isEmpty
        ? data.values.map(value).joined(separator: ", ") : pairs(data.weights, data.values)
    }
    return "\(family)(\(arguments))"
  }

  private func plain(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// A text without blanks around it.
func trim(_ text: Substring) -> Substring {
  let start = text.drop { $0.isWhitespace }
  let blanks = start.reversed().prefix { $0.isWhitespace }.count
  return start.dropLast(blanks)
}
