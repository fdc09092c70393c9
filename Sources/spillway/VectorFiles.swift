import Experiments
import Foundation
import Statistics

/// Files of reference vectors.
enum VectorFiles {
  /// Why a file of vectors can't be used.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// The file at a path, or the JSON files of the folder there.
  static func all(at path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isFolder.boolValue else { return [path] }
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { $0.hasSuffix(".json") }.map { path + "/" + $0 }
  }
}

extension ConformanceReport.Case {
  /// Notes a simulated quantity beside the value it should have; a difference is a problem.
  mutating func add(_ quantity: SimulatedQuantity, known: Double, seed: UInt64) {
    func short(_ value: Double) -> String { String(format: "%.6g", value) }
    let interval = "[\(short(quantity.low)), \(short(quantity.high))]"
    notes.append(
      "\(quantity.name) = \(short(quantity.estimate)) \(interval) at 99 %,"
        + " n = \(quantity.n), seed \(seed), known \(short(known))")
    if !quantity.agrees(with: known) {
      problems.append("\(quantity.name): \(short(quantity.estimate)) \(interval) excludes \(known)")
    }
  }
}
