import Foundation
import TestSupport
import Testing

/// Short ways to call the program and to read what it leaves behind.
enum Spillway {
  /// Runs the program to its end.
  static func call(_ arguments: [String]) throws -> Program.Result {
    try Program.run(Program.spillway, arguments, environment: environment)
  }

  /// Runs the program to its end.
  static func call(_ arguments: String...) throws -> Program.Result { try call(arguments) }

  /// Nothing that changes how the program talks.
  static let environment = ["PATH": "/usr/bin:/bin", "TERM": "dumb", "COLUMNS": "100"]

  /// Runs a scenario into a folder and reads the summary.
  static func summary(
    of scenario: String, _ arguments: [String] = [], in folder: String,
    expecting status: Int32? = nil
  ) throws -> Summary {
    let out = "\(folder)/\(UUID().uuidString)"
    let result = try call(["run", scenario, "--quiet", "--out", out] + arguments)
    if let status {
      #expect(result.status == status, "\(arguments): \(result.errors)")
    } else {
      #expect(result.status == 0 || result.status == 1, "\(arguments): \(result.errors)")
    }
    return try Summary(folder: out)
  }

  /// Every file of a run but its manifest, with its bytes.
  static func files(of folder: String) throws -> [String: Data] {
    let root = URL(filePath: folder)
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where path != "manifest.json" {
      let file = root.appending(path: path)
      if !file.hasDirectoryPath, let data = try? Data(contentsOf: file) { files[path] = data }
    }
    return files
  }

  /// A scenario of the gallery.
  static func gallery(_ name: String) -> String { PackageFolder.path("Scenarios/\(name).yaml") }

  /// A JSON text as what it says.
  static func json(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
  }
}

/// What a run's `summary.json` says.
struct Summary: Decodable {
  struct Claim: Decodable {
    struct Trial: Decodable {
      var path: String
      var estimate: Double?
    }
    var name: String
    var verdict: String
    var met: Int
    var of: Int
    var estimate: Double?
    var bindingStage: String?
    var limit: String?
    var counterfactuals: [Trial]
    var ladder: [Trial]
  }
  struct Metric: Decodable {
    var name: String
    var mean: Double?
  }
  struct Kind: Decodable {
    var objects: Int
  }

  var seed: Int
  var replications: Int
  var partial: Bool
  var claims: [Claim]
  var metrics: [Metric]
  var pods: [String: Int]
  var input: [String: Kind]

  init(folder: String) throws {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/summary.json"))
    self = try JSONDecoder().decode(Summary.self, from: data)
  }

  /// A metric's mean over replications.
  func mean(_ name: String) -> Double? { metrics.first { $0.name == name }?.mean }
}
