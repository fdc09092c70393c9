import Probability
import Statistics

/// A sum of products of numbers and powers of inputs, such as `x1 + 2 x2^2 + 3 x1 x3`.
struct Polynomial: Sendable {
  private struct Term {
    var factor: Double
    /// Inputs (from 0) and their powers.
    var powers: [(input: Int, exponent: Double)] = []
  }
  private var terms: [Term] = []

  /// How many inputs it names, the highest one counting.
  var dimension: Int { 1 + (terms.flatMap(\.powers).map(\.input).max() ?? -1) }

  /// Reads a polynomial; factors stand side by side or with `*` between them.
  init(_ text: String) throws(ModelError) {
    var sign = 1.0
    var term: Term?
    let spaced = text.replacing("*", with: " ").replacing("+", with: " + ")
      .replacing("-", with: " - ")
    for word in spaced.split(separator: " ") {
      if word == "+" || word == "-" {
        if let complete = term { terms.append(complete) }
        sign = word == "-" ? -1 : 1
        term = nil
        continue
      }
      var open = term ?? Term(factor: sign)
      if let number = Double(word) {
        open.factor *= number
      } else {
        let parts = word.split(separator: "^", omittingEmptySubsequences: false)
        guard word.first == "x", let input = Int(parts[0].dropFirst()), input >= 1,
          parts.count <= 2, let exponent = parts.count == 2 ? Double(parts[1]) : 1
        else { throw .parameter("function", problem: "has no such factor: '\(word)'") }
        open.powers.append((input - 1, exponent))
      }
      term = open
    }
    if let complete = term { terms.append(complete) }
    guard !terms.isEmpty else { throw .parameter("function", problem: "is empty") }
  }

  /// The value at a point with at least ``dimension`` coordinates.
  func value(at point: [Double]) -> Double {
    terms.reduce(0) { sum, term in
      sum
        + term.powers.reduce(term.factor) { product, one in
          product * power(point[one.input], one.exponent)
        }
    }
  }
}
