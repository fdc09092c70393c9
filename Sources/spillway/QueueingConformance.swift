import ArgumentParser
import Experiments
import Foundation
import Statistics

/// Compares closed forms, or simulated stations, with reference values of queueing models.
struct QueueingConformance {
  let simulates: Bool
  let seed: UInt64
  let replications: Int
  /// What is made wrong with every simulated station, so that the comparison has to fail.
  let mutation: StationMutation?

  func run(_ path: String) throws -> ConformanceReport {
    var report = ConformanceReport()
    for file in try VectorFiles.all(at: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      do {
        for one in try JSONDecoder().decode(Vectors.self, from: data).cases {
          let result = check(one)
          // What was cut short is no comparison.
          if Task.isCancelled { return report }
          report.cases.append(result)
        }
      } catch let error as DecodingError {
        throw VectorFiles.Unreadable(
          description: "\(file): expected {\"cases\": [{id, model, params, expected}]}; \(error)")
      }
    }
    return report
  }

  private func check(_ one: Vectors.Case) -> ConformanceReport.Case {
    var result = ConformanceReport.Case(id: one.id)
    if simulates {
      simulate(one.model, one.params, one.expected, into: &result)
    } else {
      evaluate(one.model, one.params, one.expected, into: &result)
    }
    return result
  }

  private func evaluate(
    _ model: String, _ params: ModelParameters, _ expected: [String: Double],
    into result: inout ConformanceReport.Case
  ) {
    for name in expected.keys.sorted() {
      guard let known = expected[name] else { continue }
      do {
        let value = try QueueingModels.evaluate(model: model, params: params, quantity: name)
        let tolerance = Self.tolerance(model: model, quantity: name)
        let scale = max(abs(known), 1e-300)
        if abs(value - known) > tolerance * scale {
          result.problems.append("\(name): \(value) instead of \(known)")
        }
      } catch {
        result.problems.append("\(name): \(error)")
      }
    }
  }

  /// Relative error allowed: 1e-9, and 1e-6 where the reference integrates numerically.
  private static func tolerance(model: String, quantity: String) -> Double {
    let integrated = ["W_SJF_nonpreemptive", "W_SRPT", "W_LAS", "mean_N_at_t_from_empty"]
    return integrated.contains(quantity) ? 1e-6 : 1e-9
  }

  private func simulate(
    _ model: String, _ params: ModelParameters, _ expected: [String: Double],
    into result: inout ConformanceReport.Case
  ) {
    if let reason = ModelSimulation.reasonAgainst(model) {
      result.isSkipped = true
      result.notes.append("not simulated: \(reason); its closed form is checked without --simulate")
      return
    }
    do {
      let simulation = ModelSimulation(
        seed: seed, replications: replications,
        mutation: mutation?.mutation ?? ModelSimulation.Mutation())
      let simulated = try simulation.quantities(of: model, params)
      if Task.isCancelled { return }
      for quantity in simulated {
        guard let known = expected[quantity.name] else { continue }
        result.add(quantity, known: known, seed: seed)
      }
      let rest = expected.keys.filter { name in !simulated.contains { $0.name == name } }.sorted()
      if !rest.isEmpty {
        result.notes.append("by its closed form alone: \(rest.joined(separator: ", "))")
      }
    } catch {
      result.problems.append("\(error)")
    }
  }
}

/// Times that are longer by a factor.
struct StationMutation: ExpressibleByArgument {
  let mutation: ModelSimulation.Mutation

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let factor = Double(parts[1]), factor > 0, factor.isFinite
    else { return nil }
    var mutation = ModelSimulation.Mutation()
    switch parts[0] {
    case "service": mutation.service = factor
    case "interarrival": mutation.interarrival = factor
    default: return nil
    }
    self.mutation = mutation
  }
}

/// A file of vectors.
private struct Vectors: Decodable {
  struct Case: Decodable {
    var id: String
    var model: String
    var params: ModelParameters
    var expected: [String: Double]
  }
  var cases: [Case]
}
