import Probability
import Statistics

/// Readers of a case's input; what is missing or of another kind is an error that names it.
extension ModelParameters {
  /// A finite number.
  func real(_ name: String) throws(ModelError) -> Double {
    try member(name).asReal(name)
  }

  /// A whole number of at least `minimum`.
  func whole(_ name: String, from minimum: Int = 1) throws(ModelError) -> Int {
    let value = try real(name)
    guard let whole = Int(exactly: value), whole >= minimum else {
      throw .parameter(name, problem: "must be a whole number of at least \(minimum)")
    }
    return whole
  }

  /// A number strictly between 0 and 1.
  func share(_ name: String) throws(ModelError) -> Double {
    let value = try real(name)
    guard value > 0, value < 1 else {
      throw .parameter(name, problem: "must lie between 0 and 1, not \(value)")
    }
    return value
  }

  /// A number, or `fallback` where there is none of that name.
  func share(_ name: String, else fallback: Double) throws(ModelError) -> Double {
    guard case .object(let members) = self, members[name] != nil else { return fallback }
    return try share(name)
  }

  /// At least `least` numbers.
  func series(_ name: String, atLeast least: Int = 1) throws(ModelError) -> [Double] {
    let values = try member(name).asSeries(name)
    guard values.count >= least else {
      throw .parameter(name, problem: "must hold at least \(least) numbers")
    }
    return values
  }

  /// Two lists of numbers of one length.
  func pairs(
    _ first: String, _ second: String, atLeast least: Int = 2
  ) throws(ModelError) -> ([Double], [Double]) {
    let (a, b) = (try series(first, atLeast: least), try series(second, atLeast: least))
    guard a.count == b.count else {
      throw .parameter(second, problem: "must be as long as \(first)")
    }
    return (a, b)
  }

  /// Rows of numbers, of one length unless `isRagged`.
  func rows(_ name: String, isRagged: Bool = false) throws(ModelError) -> [[Double]] {
    let rows = try member(name).elements(name) { (value) throws(ModelError) in
      try value.asSeries(name)
    }
    guard !rows.isEmpty, isRagged || rows.allSatisfy({ $0.count == rows[0].count }) else {
      throw .parameter(name, problem: "must hold rows of one length")
    }
    return rows
  }

  /// The elements of a list, each read by a closure.
  func elements<Element>(
    _ name: String, _ read: (ModelParameters) throws(ModelError) -> Element
  ) throws(ModelError) -> [Element] {
    guard case .array(let values) = self else {
      throw .parameter(name, problem: "must be a list")
    }
    var elements: [Element] = []
    for value in values { elements.append(try read(value)) }
    return elements
  }

  /// A text.
  func text(_ name: String) throws(ModelError) -> String {
    guard case .string(let text) = try member(name) else {
      throw .parameter(name, problem: "must be a text")
    }
    return text
  }

  func asReal(_ name: String) throws(ModelError) -> Double {
    guard case .number(let value) = self, value.isFinite else {
      throw .parameter(name, problem: "must be a finite number")
    }
    return value
  }

  func asSeries(_ name: String) throws(ModelError) -> [Double] {
    try elements(name) { (value) throws(ModelError) in try value.asReal(name) }
  }
}

/// What a method answers, in the shape of the reference values.
extension ModelParameters {
  static func count(_ value: Int) -> ModelParameters { .number(Double(value)) }
  static func series(_ values: [Double]) -> ModelParameters {
    .array(values.map(ModelParameters.number))
  }
  static func rows(_ rows: [[Double]]) -> ModelParameters {
    .array(rows.map(ModelParameters.series))
  }
}
