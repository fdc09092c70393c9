/// The arguments in the text of one law, such as `low: 5s` and `30s`.
struct LawArguments {
  private struct Argument {
    var label: Substring?
    var text: Substring
  }

  private let family: String
  private let arguments: [Argument]

  init(family: String, texts: [Substring]) {
    self.family = family
    arguments = texts.map { text in
      guard let colon = text.firstIndex(of: ":") else { return Argument(label: nil, text: text) }
      return Argument(
        label: trim(text[..<colon]), text: trim(text[text.index(after: colon)...]))
    }
  }

  /// The law of the family that these arguments make.
  func law(_ value: (Substring) -> Double?) throws(LawError) -> Law {
    switch family {
    case "constant": return .constant(try read("value", try places(["value"])[0], value))
    case "uniform":
      let texts = try places(["low", "high"])
      return .uniform(
        low: try read("low", texts[0], value), high: try read("high", texts[1], value))
    case "exponential": return .exponential(mean: try read("mean", try places(["mean"])[0], value))
    case "erlang":
      let texts = try places(["shape", "mean"])
      guard let shape = Int(texts[0]) else { throw unreadable("shape", texts[0]) }
      return .erlang(shape: shape, mean: try read("mean", texts[1], value))
    case "gamma": return try withShape(value) { Law.gamma(shape: $0, scale: $1) }
    case "weibull": return try withShape(value) { Law.weibull(shape: $0, scale: $1) }
    case "pareto":
      let texts = try places(["shape", "scale"])
      return .pareto(
        shape: try read("shape", texts[0]), scale: try read("scale", texts[1], value))
    case "boundedPareto":
      let texts = try places(["shape", "low", "high"])
      return .boundedPareto(
        shape: try read("shape", texts[0]), low: try read("low", texts[1], value),
        high: try read("high", texts[2], value))
    case "lognormal": return try lognormal(value)
    case "hyperexponential":
      let (probabilities, means) = try pairs(value)
      return .hyperexponential(probabilities: probabilities, means: means)
    case "empirical":
      if arguments.allSatisfy({ $0.label == nil }) {
        var sample: [Double] = []
        for argument in arguments { sample.append(try read("value", argument.text, value)) }
        return .empirical(sample: sample)
      }
      let (weights, values) = try pairs(value)
      return .empirical(EmpiricalLaw(values: values, weights: weights))
    case "quantiles":
      let (probabilities, values) = try pairs(value)
      return .empirical(EmpiricalLaw(probabilities: probabilities, quantiles: values))
    default:
      throw LawError(
        law: family, parameter: "",
        problem: "is no law; expected one of \(Self.families.joined(separator: ", "))")
    }
  }

  static let families = [
    "boundedPareto", "constant", "empirical", "erlang", "exponential", "gamma",
    "hyperexponential", "lognormal", "pareto", "quantiles", "uniform", "weibull",
  ]

  /// A family with a shape whose other parameter is its scale or its mean.
  private func withShape(
    _ value: (Substring) -> Double?, _ make: (Double, Double) -> Law
  ) throws(LawError) -> Law {
    let other = has("mean") ? "mean" : "scale"
    let texts = try places(["shape", other])
    let shape = try read("shape", texts[0])
    let size = try read(other, texts[1], value)
    guard other == "mean" else { return make(shape, size) }
    let unit = make(shape, 1)
    try unit.validate()
    return try unit.scaled(toMean: size)
  }

  private func lognormal(_ value: (Substring) -> Double?) throws(LawError) -> Law {
    if has("sd") {
      let texts = try places(["mean", "sd"])
      let (mean, deviation) = (
        try read("mean", texts[0], value), try read("sd", texts[1], value)
      )
      guard mean > 0, mean.isFinite else {
        throw LawError(law: family, parameter: "mean", problem: "must be positive, not \(mean)")
      }
      guard deviation > 0, deviation.isFinite else {
        throw LawError(law: family, parameter: "sd", problem: "must be positive, not \(deviation)")
      }
      return .lognormal(mean: mean, standardDeviation: deviation)
    }
    let centre = has("mean") ? "mean" : "median"
    let texts = try places([centre, "sigma"])
    let (middle, sigma) = (try read(centre, texts[0], value), try read("sigma", texts[1]))
    return centre == "mean"
      ? .lognormal(mean: middle, sigma: sigma) : .lognormal(median: middle, sigma: sigma)
  }

  private func has(_ label: String) -> Bool { arguments.contains { $0.label == label[...] } }

  /// The texts of the parameters: labelled ones first, then unlabelled ones in the free places.
  private func places(_ labels: [String]) throws(LawError) -> [Substring] {
    var texts = [Substring?](repeating: nil, count: labels.count)
    for argument in arguments {
      guard let label = argument.label else { continue }
      guard let place = labels.firstIndex(where: { $0[...] == label }) else {
        throw LawError(
          law: family, parameter: String(label),
          problem: "is no parameter; expected \(labels.joined(separator: ", "))")
      }
      guard texts[place] == nil else {
        throw LawError(law: family, parameter: String(label), problem: "is given twice")
      }
      texts[place] = argument.text
    }
    for argument in arguments where argument.label == nil {
      guard let place = texts.firstIndex(of: nil) else {
        throw LawError(
          law: family, parameter: "",
          problem: "too many parameters; expected \(labels.joined(separator: ", "))")
      }
      texts[place] = argument.text
    }
    if let missing = texts.firstIndex(of: nil) {
      throw LawError(law: family, parameter: labels[missing], problem: "is missing")
    }
    return texts.compactMap { $0 }
  }

  /// Arguments of the form `number: value`.
  private func pairs(
    _ value: (Substring) -> Double?
  ) throws(LawError) -> (numbers: [Double], values: [Double]) {
    var numbers: [Double] = []
    var values: [Double] = []
    for argument in arguments {
      guard let label = argument.label else {
        throw LawError(
          law: family, parameter: String(argument.text), problem: "must read 'number: value'")
      }
      numbers.append(try read("number", label))
      values.append(try read("value", argument.text, value))
    }
    return (numbers, values)
  }

  private func read(
    _ parameter: String, _ text: Substring, _ value: (Substring) -> Double?
  ) throws(LawError) -> Double {
    guard let number = value(text) else { throw unreadable(parameter, text) }
    return number
  }

  private func read(_ parameter: String, _ text: Substring) throws(LawError) -> Double {
    guard let number = Double(text) else { throw unreadable(parameter, text) }
    return number
  }

  private func unreadable(_ parameter: String, _ text: Substring) -> LawError {
    LawError(law: family, parameter: parameter, problem: "can't be read: '\(text)'")
  }
}
