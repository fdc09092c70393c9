import Foundation
import Statistics
import TestSupport
import Testing

/// A case of the output analysis vectors.
struct AnalysisVector: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let method: String
  let input: Shape
  let expected: Shape

  var testDescription: String { id }

  /// A value of any shape.
  struct Shape: Decodable, Sendable {
    var value: ModelParameters

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let number = try? container.decode(Double.self) {
        value = .number(number)
      } else if let text = try? container.decode(String.self) {
        value = .string(text)
      } else if let list = try? container.decode([Shape].self) {
        value = .array(list.map(\.value))
      } else {
        value = .object(try container.decode([String: Shape].self).mapValues(\.value))
      }
    }
  }

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
