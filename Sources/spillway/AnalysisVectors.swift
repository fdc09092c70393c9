import Experiments
import Foundation
import Statistics

/// Compares output analysis, designs and sensitivity with reference values.
struct AnalysisVectors {
  let simulates: Bool
  let seed: UInt64

  func run(_ path: String) throws -> ConformanceReport {
    var report = ConformanceReport()
    for file in try VectorFiles.all(at: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      do {
        for one in try JSONDecoder().decode(Vectors.self, from: data).cases
        where !Task.isCancelled {
          report.cases.append(simulates ? simulate(one) : compare(one))
        }
      } catch let error as DecodingError {
        throw VectorFiles.Unreadable(
          description: "\(file): expected {\"cases\": [{id, method, input, expected}]}; \(error)")
      }
    }
    return report
  }

  private func compare(_ one: Vectors.Case) -> ConformanceReport.Case {
    var result = ConformanceReport.Case(id: one.id)
    result.problems = AnalysisConformance.problems(
      method: one.method, input: one.input, expected: one.expected)
    return result
  }

  private func simulate(_ one: Vectors.Case) -> ConformanceReport.Case {
    guard AnalysisSimulation.methods.contains(one.method) else {
      // Nothing in it is random: compared as without --simulate.
      return compare(one)
    }
    var result = ConformanceReport.Case(id: one.id)
    do {
      let found = try AnalysisSimulation.simulate(
        method: one.method, input: one.input, expected: one.expected, seed: seed)
      for (quantity, known) in found { result.add(quantity, known: known, seed: seed) }
    } catch {
      result.problems.append("\(error)")
    }
    return result
  }

  private struct Vectors: Decodable {
    struct Case: Decodable {
      var id: String
      var method: String
      var input: ModelParameters
      var expected: ModelParameters
    }
    var cases: [Case]
  }
}
