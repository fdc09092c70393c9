import Foundation
import TestSupport
import Testing

@testable import ScenarioFiles

/// A validator of the part of JSON Schema that ours uses, written from its definition; an independent
/// one says the same by `make test-schema`.
private struct SchemaValidator {
  let root: [String: Any]

  func isValid(_ value: ManifestValue, _ schema: [String: Any]) -> Bool {
    if let reference = schema["$ref"] as? String {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      let definitions = root["definitions"] as? [String: Any]
      guard let inner = definitions?[name] as? [String: Any] else { return false }
      return isValid(value, inner)
    }
    if let types = schema["type"], !hasType(value, types) { return false }
    if let constant = schema["const"] as? String, value.text != constant { return false }
    if let words = schema["enum"] as? [String], !words.contains(value.text ?? "") { return false }
    if let pattern = schema["pattern"] as? String, let text = value.text,
      !isNumber(text), (try? Regex(pattern).firstMatch(in: text)) ?? nil == nil
    {
      return false
    }
    for part in schema["allOf"] as? [[String: Any]] ?? [] where !isValid(value, part) {
      return false
    }
    if let parts = schema["anyOf"] as? [[String: Any]],
      !parts.contains(where: { isValid(value, $0) })
    {
      return false
    }
    if let condition = schema["if"] as? [String: Any], isValid(value, condition),
      let then = schema["then"] as? [String: Any], !isValid(value, then)
    {
      return false
    }
    if let items = schema["items"] as? [String: Any] {
      for element in value.elements where !isValid(element, items) { return false }
    }
    return hasValidMembers(value, schema)
  }

  private func hasValidMembers(_ value: ManifestValue, _ schema: [String: Any]) -> Bool {
    for name in schema["required"] as? [String] ?? []
    where !value.entries.contains(where: { $0.key == name }) {
      return false
    }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    for entry in value.entries {
      if let inner = properties[entry.key] as? [String: Any] {
        if !isValid(entry.value, inner) { return false }
      } else if let others = schema["additionalProperties"] as? [String: Any] {
        if !isValid(entry.value, others) { return false }
      } else if schema["additionalProperties"] as? Bool == false {
        return false
      }
    }
    return true
  }

  private func isNumber(_ text: String) -> Bool { Double(text) != nil }

  /// Whether a value has one of the types; a scalar of YAML is what an editor takes it for.
  private func hasType(_ value: ManifestValue, _ types: Any) -> Bool {
    let names = types as? [String] ?? [types as? String ?? ""]
    return names.contains { name in
      switch name {
      case "object": value.text == nil && value.elements.isEmpty
      case "array": value.text == nil && value.entries.isEmpty
      default: value.text != nil
      }
    }
  }
}

@Suite("The JSON Schema")
struct SchemaTests {
  private static func validator() throws -> SchemaValidator {
    let json = try JSONSerialization.jsonObject(with: Data(Schema.json.utf8))
    return SchemaValidator(root: try #require(json as? [String: Any]))
  }

  /// The objects of our kinds in a file; nil where it can't be parsed.
  private static func objects(_ path: String) throws -> [ManifestValue]? {
    let data = try #require(FileManager.default.contents(atPath: path))
    let text = SourceText(name: path, bytes: [UInt8](data), countsBytes: path.hasSuffix(".json"))
    var found: [ManifestValue] = []
    do {
      try text.documents(number: 0) { document in
        if document.value(at: ["apiVersion"])?.text == ScenarioKinds.apiVersion {
          found.append(document)
        }
      }
    } catch {
      return nil
    }
    return found
  }

  private static func files(_ folder: String) -> [String] {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: PackageFolder.path(folder))) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map {
      "\(PackageFolder.path(folder))/\($0)"
    }
  }

  @Test("takes every scenario of the gallery")
  func takesGood() throws {
    let validator = try Self.validator()
    #expect(Self.files("Scenarios").count > 40)
    for file in Self.files("Scenarios") {
      for object in try Self.objects(file) ?? [] {
        #expect(validator.isValid(object, validator.root), "\(file)")
      }
    }
  }

  @Test("refuses every invalid file in which the readers miss a key, don't know one or its type")
  func refusesBad() throws {
    let validator = try Self.validator()
    let kinds = Set(ScenarioKinds.all.map { $0.kind })
    var refused = 0
    for file in Self.files("Scenarios/Invalid") {
      guard let objects = try Self.objects(file), !objects.isEmpty else { continue }
      let isValid = objects.allSatisfy { validator.isValid($0, validator.root) }
      refused += isValid ? 0 : 1
      do {
        _ = try ScenarioLoader.load(paths: [file])
        #expect(isValid, "\(file): the readers take it")
      } catch {
        let ofShape = error.diagnostics.contains { diagnostic in
          let kind = diagnostic.path.map { String($0.prefix { $0 != "/" }) } ?? "Scenario"
          // What an object needs only because of others, a schema can't know.
          let alone = ["a load without", "a claim without", "a lever without"]
          let isMissing =
            diagnostic.code == "missing-key"
            && (diagnostic.message.hasSuffix(" is missing")
              || alone.contains { diagnostic.message.hasPrefix($0) })
          return diagnostic.file == file && diagnostic.severity == .error && kinds.contains(kind)
            && (isMissing || ["unknown-key", "wrong-type"].contains(diagnostic.code))
        }
        if ofShape { #expect(!isValid, "\(file): \(error)") }
      }
    }
    #expect(refused >= 15)
  }
}
