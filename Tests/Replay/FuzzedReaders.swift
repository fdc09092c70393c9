import Foundation
import ScenarioFiles
import TraceImport

/// The readers of files that somebody else wrote. Whatever the bytes, each has to answer: with what
/// it has read, or with what is wrong and where.
///
/// The fuzzer under `scripts/fuzz` and the tests feed them alike.
enum FuzzedReader: String, CaseIterable {
  case manifests, json, series, faults, spot, swf, sktrace, imports

  /// A file's bytes read.
  ///
  /// - Parameter folder: where a reader that takes a path finds them.
  /// - Returns: a diagnostic without a place, if there is one.
  func complaint(about bytes: [UInt8], folder: String) -> String? {
    do {
      switch self {
      case .manifests: try load(String(decoding: bytes, as: UTF8.self), "fuzzed.yaml")
      case .json: try load(String(decoding: bytes, as: UTF8.self), "fuzzed.json")
      case .series:
        try load(
          Self.scenario(
            "load: [{name: l, target: Service/web, drives: requests, series: {file: FILE}}]"
          )
          .replacing("FILE", with: write(bytes, folder, "fuzzed.csv")), "series.yaml")
      case .faults:
        try load(
          Self.scenario("faults: [{name: f, traces: [{file: FILE}]}]")
            .replacing("FILE", with: write(bytes, folder, "fuzzed.csv")), "faults.yaml")
      case .spot:
        let file = try SpotHistoryFile(path: write(bytes, folder, "fuzzed.json"))
        return Self.complaint(file.warnings)
      case .swf:
        var reader = StandardWorkloadReader(file: "fuzzed.swf")
        // Two pieces, so that every line can be cut anywhere.
        for piece in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
          try Array(piece).withUnsafeBytes { try reader.read($0) { _ in } }
        }
        try reader.finish { _ in }
      case .sktrace: try bring(bytes[...], "sktrace", folder)
      case .imports:
        // The first line says which format the rest is taken for.
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        try bring(
          bytes.dropFirst(line.count + 1), String(decoding: line, as: UTF8.self), folder)
      }
      return nil
    } catch let error as InvalidInput {
      return error.diagnostics.isEmpty ? "no diagnostic" : Self.complaint(error.diagnostics)
    } catch {
      return "\(error)"
    }
  }

  private func load(_ text: String, _ name: String) throws(InvalidInput) {
    _ = try ScenarioLoader.load(text: text, called: name)
  }

  /// Imports a file; of an unknown format, nothing.
  private func bring(_ bytes: ArraySlice<UInt8>, _ format: String, _ folder: String) throws {
    guard let format = TraceFormat.named(format) else { return }
    let file = try write(Array(bytes), folder, "fuzzed.trace")
    _ = try TraceImporter.run(file, as: format, into: "\(folder)/imported")
  }

  private func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  private static func scenario(_ field: String) -> String {
    """
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata: {name: fuzzed}
    spec:
      nodePools: [{name: rack, count: 2, allocatable: {cpu: "8", memory: 32Gi, pods: "110"}}]
      \(field)
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: web, resources: {requests: {cpu: "1"}}}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{port: 80}]}
    """
  }

  /// The first diagnostic that has no place although a file's text must have one.
  private static func complaint(_ diagnostics: [Diagnostic]) -> String? {
    let whole = ["unreadable-file", "empty-file"]
    return diagnostics.first { diagnostic in
      let hasPlace = diagnostic.line > 0 && diagnostic.column > 0
      return !hasPlace && diagnostic.file != "the defaults" && !whole.contains(diagnostic.code)
    }.map { "no place: \($0.text)" }
  }
}
