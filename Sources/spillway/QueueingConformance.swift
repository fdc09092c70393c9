import Experiments
import Foundation
import Statistics

/// Compares closed forms, or simulated stations, with reference values of queueing models.
struct QueueingConformance {
  let simulates: Bool
  let seed: UInt64

  /// Why a file of vectors can't be used.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  func run(_ path: String) throws -> ConformanceReport {
    var report = ConformanceReport()
    for file in try files(at: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      do {
        for one in try JSONDecoder().decode(Vectors.self, from: data).cases {
          report.cases.append(check(one))
        }
      } catch let error as DecodingError {
        throw Unreadable(
          description: "\(file): expected {\"cases\": [{id, model, params, expected}]}; \(error)")
      }
    }
    return report
  }

  private func files(at path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isFolder.boolValue else { return [path] }
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { $0.hasSuffix(".json") }.map { path + "/" + $0 }
  }

  private func check(_ one: Vectors.Case) -> ConformanceReport.Case {
    var result = ConformanceReport.Case(id: one.id)
    if simulates {
      simulate(one.model, one.params.value, one.expected, into: &result)
    } else {
      evaluate(one.model, one.params.value, one.expected, into: &result)
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
      let simulated = try QueueSimulation.simulate(model: model, params: params, seed: seed)
      for quantity in simulated {
        guard let known = expected[quantity.name] else { continue }
        let interval = "[\(Self.short(quantity.low)), \(Self.short(quantity.high))]"
        result.notes.append(
          "\(quantity.name) = \(Self.short(quantity.estimate)) \(interval) at 99 %,"
            + " n = \(quantity.n), seed \(seed), known \(Self.short(known))")
        if !quantity.agrees(with: known) {
          result.problems.append(
            "\(quantity.name): \(Self.short(quantity.estimate)) \(interval) excludes \(known)")
        }
      }
    } catch {
      result.problems.append("\(error)")
    }
  }

  private static func short(_ value: Double) -> String { String(format: "%.6g", value) }
}

/// A file of vectors.
private struct Vectors: Decodable {
  struct Case: Decodable {
    var id: String
    var model: String
    var params: Parameters
    var expected: [String: Double]
  }
  var cases: [Case]

  /// Parameters of any shape.
  struct Parameters: Decodable {
    var value: ModelParameters

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let number = try? container.decode(Double.self) {
        value = .number(number)
      } else if let text = try? container.decode(String.self) {
        value = .string(text)
      } else if let list = try? container.decode([Parameters].self) {
        value = .array(list.map(\.value))
      } else {
        value = .object(try container.decode([String: Parameters].self).mapValues(\.value))
      }
    }
  }
}
