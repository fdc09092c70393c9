/// The JSON Schema of scenario files, from the tables that read them.
public enum Schema {
  /// The schema, draft 7, for editors: an object of ours is checked key by key, one of Kubernetes'
  /// is left alone.
  public static var json: String {
    let kinds = ScenarioKinds.all.map { $0.kind }
    let version = JSONText.object([("const", .string(ScenarioKinds.apiVersion))])
    var cases: [JSONText] = [
      condition(
        [("apiVersion", version)],
        then: .object([
          ("properties", .object([("kind", .object([("enum", .list(kinds.map { .string($0) }))]))]))
        ]))
    ]
    cases += kinds.map { kind in
      let constant = JSONText.object([("const", .string(kind))])
      return condition(
        [("apiVersion", version), ("kind", constant)],
        then: .object([("$ref", .string("#/definitions/\(kind)"))]))
    }
    let schema = JSONText.object([
      ("$schema", .string("http://json-schema.org/draft-07/schema#")),
      ("title", .string("Spillway scenario")), ("type", .string("object")),
      ("required", .list([.string("apiVersion"), .string("kind")])), ("allOf", .list(cases)),
      ("definitions", .object(ScenarioKinds.all.map { ($0.kind, definition($0)) })),
    ])
    return schema.written() + "\n"
  }

  private static func condition(_ properties: [(String, JSONText)], then: JSONText) -> JSONText {
    .object([
      (
        "if",
        .object([
          ("properties", .object(properties)),
          ("required", .list(properties.map { .string($0.0) })),
        ])
      ),
      ("then", then),
    ])
  }

  private static func definition(_ kind: any ScenarioKind.Type) -> JSONText {
    let text = JSONText.object([("type", .string("string"))])
    let texts = JSONText.object([("type", .string("object")), ("additionalProperties", text)])
    let metadata = JSONText.object([
      ("type", .string("object")), ("required", .list([.string("name")])),
      ("additionalProperties", .flag(false)),
      ("properties", .object([("name", text), ("labels", texts), ("annotations", texts)])),
    ])
    return .object([
      ("type", .string("object")), ("required", .list([.string("metadata")])),
      ("additionalProperties", .flag(false)),
      (
        "properties",
        .object([
          ("apiVersion", text), ("kind", text), ("metadata", metadata),
          ("spec", object(kind.outlines)),
        ])
      ),
    ])
  }

  private static func object(_ fields: [FieldOutline]) -> JSONText {
    let required = fields.filter(\.note.isRequired).map { JSONText.string($0.name) }
    var members: [(String, JSONText)] = [
      ("type", .string("object")), ("additionalProperties", .flag(false)),
      ("properties", .object(fields.map { ($0.name, property($0)) })),
    ]
    if !required.isEmpty { members.insert(("required", .list(required)), at: 1) }
    return .object(members)
  }

  private static func property(_ field: FieldOutline) -> JSONText {
    guard case .object(var members) = value(field.shape) else { return .object([]) }
    var text = field.note.text
    if !field.note.grade.isEmpty { text += " Grade \(field.note.grade): \(field.note.source)." }
    members.insert(("description", .string(text)), at: 0)
    if let value = field.defaultText { members.append(("default", .string(value))) }
    return .object(members)
  }

  private static func value(_ shape: Shape) -> JSONText {
    switch shape {
    case .scalar(_, let json, _):
      guard let first = json.first else { return .object([]) }
      let type = json.count == 1 ? .string(first) : JSONText.list(json.map { .string($0) })
      return .object([("type", type)])
    case .choice(let words):
      // YAML 1.1 takes some words for booleans.
      return .object([("enum", .list(words.map { .string($0) }))])
    case .list(let element):
      return .object([("type", .string("array")), ("items", value(element))])
    case .dictionary(let element):
      return .object([("type", .string("object")), ("additionalProperties", value(element))])
    case .object(let fields): return object(fields)
    }
  }
}
