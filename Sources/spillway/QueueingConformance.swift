import ArgumentParser
import Experiments
import Foundation
import Probability
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
        for one in try JSONDecoder().decode(Vectors.self, from: data).cases
        where !Task.isCancelled {
          report.cases.append(check(one))
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
    guard QueueingStation.models.contains(model) else {
      // No station of the engine stands for the model; its closed form is checked without --simulate.
      result.isSkipped = true
      return
    }
    do {
      let right = try QueueingStation(model: model, params: params)
      let simulated = QueueSimulation.simulate(
        mutation?.applied(to: right) ?? right, model: model, seed: seed,
        replications: replications, warmUp: right.warmUp)
      for quantity in simulated {
        guard let known = expected[quantity.name] else { continue }
        result.add(quantity, known: known, seed: seed)
      }
    } catch {
      result.problems.append("\(error)")
    }
  }
}

/// A law of a station with all its times longer by a factor.
struct StationMutation: ExpressibleByArgument {
  private enum Part: String, CaseIterable { case service, interarrival }
  private let part: Part
  private let factor: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let part = Part(rawValue: String(parts[0])),
      let factor = Double(parts[1]), factor > 0, factor.isFinite
    else { return nil }
    self.part = part
    self.factor = factor
  }

  func applied(to station: QueueingStation) -> QueueingStation {
    var station = station
    switch part {
    case .service: station.service = station.service.scaled(by: factor)
    case .interarrival: station.interarrival = station.interarrival.scaled(by: factor)
    }
    return station
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
