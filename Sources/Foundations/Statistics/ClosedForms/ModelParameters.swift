import Probability

/// The parameters of a model: a value as JSON has them.
public enum ModelParameters: Hashable, Sendable {
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// True or false.
  case bool(Bool)
  /// A list.
  case array([ModelParameters])
  /// Values by name.
  case object([String: ModelParameters])
}

extension ModelParameters: Decodable {
  /// Any value but null.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let list = try? container.decode([ModelParameters].self) {
      self = .array(list)
    } else {
      self = .object(try container.decode([String: ModelParameters].self))
    }
  }
}

/// Why a model can't be evaluated.
public enum ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no model of that name.
  case unknownModel(String)
  /// The model has no quantity of that name with these parameters.
  case unknownQuantity(String)
  /// A parameter is missing or makes no sense.
  case parameter(String, problem: String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .unknownModel(let name):
      let known = QueueingModels.names.joined(separator: ", ")
      return "'\(name)' is no model; expected one of \(known)"
    case .unknownQuantity(let name): return "'\(name)' is no quantity of this model"
    case .parameter(let name, let problem): return "\(name) \(problem)"
    }
  }
}

extension ModelParameters {
  package func member(_ name: String) throws(ModelError) -> ModelParameters {
    guard case .object(let members) = self else {
      throw .parameter(name, problem: "is missing: an object is expected around it")
    }
    guard let member = members[name] else { throw .parameter(name, problem: "is missing") }
    return member
  }

  /// A finite number of at least `minimum`, or above it if it is exclusive.
  package func number(
    _ name: String, from minimum: Double = 0, exclusive: Bool = false
  ) throws(ModelError) -> Double {
    try member(name).checkedNumber(name, from: minimum, exclusive: exclusive)
  }

  /// A finite number above 0.
  package func positive(_ name: String) throws(ModelError) -> Double {
    try number(name, from: 0, exclusive: true)
  }

  /// More states than this take too long to enumerate.
  static let mostStates = 10_000_000

  /// A whole number from `minimum` to ``mostStates``.
  package func count(_ name: String, from minimum: Int) throws(ModelError) -> Int {
    try member(name).checkedCount(name, from: minimum)
  }

  package func flag(_ name: String) throws(ModelError) -> Bool {
    guard case .bool(let value) = try member(name) else {
      throw .parameter(name, problem: "must be true or false")
    }
    return value
  }

  package func list(_ name: String) throws(ModelError) -> [ModelParameters] {
    guard case .array(let values) = try member(name) else {
      throw .parameter(name, problem: "must be a list")
    }
    return values
  }

  package func numbers(
    _ name: String, from minimum: Double = 0, exclusive: Bool = false
  ) throws(ModelError) -> [Double] {
    var numbers: [Double] = []
    for value in try list(name) {
      numbers.append(try value.checkedNumber(name, from: minimum, exclusive: exclusive))
    }
    return numbers
  }

  package func counts(_ name: String, from minimum: Int) throws(ModelError) -> [Int] {
    var counts: [Int] = []
    for value in try list(name) { counts.append(try value.checkedCount(name, from: minimum)) }
    return counts
  }

  package func law(_ name: String) throws(ModelError) -> Law { try member(name).readLaw(name) }

  package func laws(_ name: String) throws(ModelError) -> [Law] {
    var laws: [Law] = []
    for value in try list(name) { laws.append(try value.readLaw(name)) }
    return laws
  }

  package func checkedNumber(
    _ name: String, from minimum: Double, exclusive: Bool
  ) throws(ModelError) -> Double {
    guard case .number(let value) = self else {
      throw .parameter(name, problem: "must be a number")
    }
    guard value.isFinite, exclusive ? value > minimum : value >= minimum else {
      let rule = exclusive ? "above" : "at least"
      throw .parameter(name, problem: "must be finite and \(rule) \(minimum), not \(value)")
    }
    return value
  }

  package func checkedCount(_ name: String, from minimum: Int) throws(ModelError) -> Int {
    guard case .number(let value) = self, let count = Int(exactly: value) else {
      throw .parameter(name, problem: "must be a whole number")
    }
    guard count >= minimum, count <= Self.mostStates else {
      throw .parameter(name, problem: "must lie in \(minimum)...\(Self.mostStates), not \(count)")
    }
    return count
  }

  private func readLaw(_ name: String) throws(ModelError) -> Law {
    guard case .string(let kind) = try member("kind") else {
      throw .parameter("\(name).kind", problem: "must be a text")
    }
    let law: Law
    switch kind {
    case "deterministic": law = .constant(try number("value"))
    case "exponential": law = .exponential(mean: try positive("mean"))
    case "erlang": law = .erlang(shape: try count("k", from: 1), mean: try positive("mean"))
    case "uniform": law = .uniform(low: try number("low"), high: try number("high"))
    case "lognormal":
      law = .lognormal(
        mu: try number("mu", from: -.greatestFiniteMagnitude), sigma: try positive("sigma"))
    case "hyperexponential":
      law = .hyperexponential(probabilities: try numbers("p"), means: try numbers("mean"))
    case "gamma": law = .gamma(shape: try positive("shape"), scale: try positive("scale"))
    case "weibull": law = .weibull(shape: try positive("shape"), scale: try positive("scale"))
    case "bounded_pareto":
      law = .boundedPareto(
        shape: try positive("alpha"), low: try positive("low"), high: try positive("high"))
    default: throw .parameter("\(name).kind", problem: "is no law: '\(kind)'")
    }
    do { try law.validate() } catch {
      throw .parameter("\(name).\(error.parameter)", problem: error.problem)
    }
    return law
  }
}
