import Foundation
import Statistics
import TestSupport
import Testing

/// A case of the queueing validation vectors.
struct QueueingVector: Sendable, CustomTestStringConvertible {
  let id: String
  let model: String
  let params: ModelParameters
  let expected: [String: Double]

  var testDescription: String { id }

  /// The cases of the repository's copy, and those of the published one where that exists.
  static let all: [QueueingVector] = {
    let files = [
      PackageFolder.path("Tests/Conformance/Golden/queueing.json"),
      SharedFolder.path("golden/queueing/public.json"),
    ]
    var vectors: [QueueingVector] = []
    for file in files {
      for vector in read(file) where !vectors.contains(where: { $0.id == vector.id }) {
        vectors.append(vector)
      }
    }
    return vectors
  }()

  /// The case of an id.
  static func named(_ id: String) throws -> QueueingVector {
    try #require(all.first { $0.id == id })
  }

  private static func read(_ file: String) -> [QueueingVector] {
    guard let data = FileManager.default.contents(atPath: file),
      let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = document["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap { entry in
      guard let id = entry["id"] as? String, let model = entry["model"] as? String,
        let params = entry["params"], let expected = entry["expected"] as? [String: Double]
      else { return nil }
      return QueueingVector(
        id: id, model: model, params: parameters(params), expected: expected)
    }
  }

  private static func parameters(_ json: Any) -> ModelParameters {
    switch json {
    case let text as String: .string(text)
    case let list as [Any]: .array(list.map(parameters))
    case let object as [String: Any]: .object(object.mapValues(parameters))
    // A flag is a number of the type `char` to Foundation.
    case let number as NSNumber where String(cString: number.objCType) == "c":
      .bool(number.boolValue)
    case let number as NSNumber: .number(number.doubleValue)
    default: .string("\(json)")
    }
  }
}
