import Foundation
import Statistics
import TestSupport
import Testing

/// A case of the output analysis vectors.
struct AnalysisVector: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let method: String
  let input: ModelParameters
  let expected: ModelParameters

  var testDescription: String { id }

  private struct File: Decodable {
    var cases: [AnalysisVector]
  }

  /// The cases of the repository's copy, and those of the published one where that exists.
  static let all: [AnalysisVector] = {
    let files = [
      PackageFolder.path("Tests/Conformance/Golden/output-analysis.json"),
      SharedFolder.path("golden/output-analysis/public.json"),
    ]
    return files.flatMap { file in
      guard let data = FileManager.default.contents(atPath: file) else { return [AnalysisVector]() }
      return (try? JSONDecoder().decode(File.self, from: data).cases) ?? []
    }
  }()
}
