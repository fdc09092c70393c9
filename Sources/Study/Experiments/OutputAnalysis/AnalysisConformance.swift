import Probability
import Statistics

/// Compares the statistics of this package with reference values.
public enum AnalysisConformance {
  /// What is wrong with a case's answers; none if all expected values agree.
  ///
  /// Relative errors up to 1e-8 are allowed, up to 1e-6 for p-values and 1e-4 for fitted laws. A
  /// method or quantity that isn't known is wrong.
  public static func problems(
    method: String, input: ModelParameters, expected: ModelParameters
  ) -> [String] {
    do {
      let method = try AnalysisMethods.named(method)
      let answer = ModelParameters.object(try method.answer(input))
      var problems: [String] = []
      compare(answer, expected, at: "", method.tolerance, into: &problems)
      return problems
    } catch {
      return ["\(error)"]
    }
  }

  private static func compare(
    _ found: ModelParameters, _ expected: ModelParameters, at path: String, _ tolerance: Double,
    into problems: inout [String]
  ) {
    switch (found, expected) {
    case (.object(let found), .object(let expected)):
      for name in expected.keys.sorted() {
        guard let known = expected[name] else { continue }
        let inner = path.isEmpty ? name : path + "." + name
        guard let value = found[name] else {
          problems.append("\(inner): isn't a quantity of this method")
          continue
        }
        compare(value, known, at: inner, tolerance, into: &problems)
      }
    case (.array(let found), .array(let expected)):
      guard found.count == expected.count else {
        problems.append("\(path): \(found.count) values instead of \(expected.count)")
        return
      }
      for (index, known) in expected.enumerated() {
        compare(found[index], known, at: "\(path)[\(index)]", tolerance, into: &problems)
      }
    case (.number(let found), .number(let expected)):
      if !agrees(found, expected, at: path, tolerance) {
        problems.append("\(path): \(found) instead of \(expected)")
      }
    default:
      if found != expected { problems.append("\(path): \(found) instead of \(expected)") }
    }
  }

  /// Values below this count as zero where rounding in a difference may leave anything.
  private static let rounding = 1e-13

  private static func agrees(
    _ found: Double, _ expected: Double, at path: String, _ tolerance: Double
  ) -> Bool {
    let name = path.split(separator: ".").last ?? ""
    if name == "p" || name.hasPrefix("p_") {
      return abs(found - expected) <= 1e-6 * abs(expected)
    }
    return abs(found - expected) <= max(tolerance * abs(expected), rounding)
  }
}
