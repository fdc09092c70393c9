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
    let isBound = ObjectNameRule.binds(kind.kind)
    let name = JSONText.object(
      [("type", .string("string"))]
        + (isBound ? [("pattern", .string(ObjectNameRule.pattern))] : []))
    let word = JSONText.object([
      ("type", .list(["string", "number", "boolean", "null"].map { .string($0) }))
    ])
    let texts = JSONText.object([("type", .string("object")), ("additionalProperties", word)])
    let metadata = JSONText.object([
      ("type", .string("object")), ("required", .list([.string("name")])),
      ("additionalProperties", .flag(false)),
      ("properties", .object([("name", name), ("labels", texts), ("annotations", texts)])),
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
    let needs = alternatives(fields)
    if !needs.isEmpty { members.append(("allOf", .list(needs))) }
    return .object(members)
  }

  /// For each thing that can be said in several ways, that one of them has to be there.
  private static func alternatives(_ fields: [FieldOutline]) -> [JSONText] {
    var things: [String] = []
    for field in fields {
      if let thing = field.note.alternative, !things.contains(thing) { things.append(thing) }
    }
    return things.map { thing in
      let ways = fields.filter { $0.note.alternative == thing }.map { field in
        JSONText.object([("required", .list([.string(field.name)]))])
      }
      return .object([("anyOf", .list(ways))])
    }
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
    case .scalar(let name, let json, _):
      guard let first = json.first else { return .object([]) }
      let type = json.count == 1 ? .string(first) : JSONText.list(json.map { .string($0) })
      let pattern = patterns.first { $0.name == name }.map { ("pattern", JSONText.string($0.text)) }
      return .object([("type", type)] + (pattern.map { [$0] } ?? []))
    case .choice(let words):
      // YAML 1.1 takes some words for booleans.
      return .object([("enum", .list(words.map { .string($0) }))])
    case .list(let element):
      return .object([("type", .string("array")), ("items", value(element))])
    case .dictionary(let element):
      return .object([("type", .string("object")), ("additionalProperties", value(element))])
    case .object(let fields): return object(fields)
    case .either(let one, let other):
      return .object([("anyOf", .list([value(one), value(other)]))])
    }
  }

  /// What texts of a form look like, as far as an editor can tell.
  private static let patterns: [(name: String, text: String)] = [
    ("duration", "^(0|([0-9.]+(ns|us|µs|ms|s|m|h|d))+)$"),
    (
      "rate",
      "^(unlimited|[0-9.]+(/(s|sec|second|m|min|minute|h|hour|d|day))?)$"
    ),
    ("bandwidth", "^(unlimited|[0-9.]+([kKMGT]i?)?(bps|bit/s|b/s|Bps|B/s))$"),
    ("subnet", "^[0-9]+(\\.[0-9]+){3}/[0-9]+$"),
    ("price", "^[0-9.]+ [A-Z]{3}(/(s|min|h|d))?$"),
    ("timestamp", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"),
    ("share", "^[0-9.]+%?$"),
  ]
}
