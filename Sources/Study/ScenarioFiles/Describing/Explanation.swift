import CloudSimulation
import Infrastructure

/// What there is to say about a field of ours.
public struct Explanation: Sendable {
  /// The field in the scenario that shows its effect, such as
  /// `ServerlessPool/cloud:spec.createRate`; of a field that isn't shown, without an object's name.
  public var path: String
  /// What it takes: `duration`, `rate`, `law`, `integer`, a list of words, and so on.
  public var type: String
  /// The unit of the number that it stands for; empty if there is none.
  public var unit: String
  /// The value of the type's own initialiser, as a file would write it; nil if there is none.
  public var defaultValue: String?
  /// Where the default comes from.
  public var source: String
  /// The default's evidence grade; empty for a choice of the user's.
  public var grade: String
  /// The range of the default, as a file would write its ends; of a law, of its mean.
  public var range: String?
  /// Whether it is a limit on a rate or on a level.
  public var limit: LimitKind?
  /// The stage that the limit holds back.
  public var stage: Stage?
  /// What it means.
  public var text: String
  /// A scenario in which moving it changes the output.
  public var scenario: String?
  /// A value that does.
  public var trial: String?
  /// Whether an object without it is an error.
  public var isRequired: Bool
}

/// Explains fields, from the tables that read them.
public enum Explain {
  /// All fields of our kinds that a scenario shows the effect of, in the order of the tables.
  public static var all: [Explanation] {
    ScenarioKinds.all.flatMap { kind in
      explanations(kind.kind, kind.outlines, below: ["spec"]).filter { $0.scenario != nil }
    }
  }

  /// The fields of our kinds that no scenario shows, each with the reason.
  public static var exceptions: [(path: String, reason: String)] { Witness.exceptions }

  /// The fields at a path and below it.
  ///
  /// - Parameter path: a kind, or a kind with a field, such as `ServerlessPool`,
  ///   `ServerlessPool:spec.quota`, `ServerlessPool/cloud:spec.quota` or `Deployment:spec.replicas`.
  /// - Throws: ``InvalidInput`` if there is no such kind or field.
  public static func fields(at path: String) throws(InvalidInput) -> [Explanation] {
    let parts = path.split(separator: ":", maxSplits: 1).map(String.init)
    let kind = String(parts.first?.prefix { $0 != "/" } ?? "")
    let own = ScenarioKinds.named(kind)
    guard let outlines = own?.specOutlines ?? NativeKind.named(kind)?.outlines else {
      let kinds = ScenarioKinds.all.map { $0.kind } + NativeKind.all.map(\.name)
      throw failure(path, "unknown kind \"\(kind)\"", kinds, nearest(to: kind, among: kinds))
    }
    guard parts.count > 1 else { return explanations(kind, outlines, below: []) }
    guard let keys = ObjectPath("\(kind)/x:\(parts[1])")?.keys else {
      throw failure(path, "\"\(parts[1])\" is no path of a field", ["spec.field"], nil)
    }
    var fields = outlines
    var found: [FieldOutline] = []
    for (index, key) in keys.enumerated() where !key.hasPrefix("[") {
      guard let field = fields.first(where: { $0.name == key }) else {
        let names = fields.map(\.name)
        throw failure(
          path, "there is no \"\(key)\" in \"\(ObjectPath.text(Array(keys[..<index])))\"", names,
          nearest(to: key, among: names))
      }
      found = [field]
      fields = field.children
    }
    let names = keys.filter { !$0.hasPrefix("[") }
    return explanations(kind, found, below: names.dropLast())
  }

  private static func failure(
    _ path: String, _ message: String, _ expected: [String], _ suggestion: String?
  ) -> InvalidInput {
    InvalidInput(diagnostics: [
      Diagnostic(
        file: path, code: "unknown-path", message: message,
        expected: "one of \(expected.joined(separator: ", "))", suggestion: suggestion)
    ])
  }

  /// The leaves of some fields, depth first.
  private static func explanations(
    _ kind: String, _ fields: [FieldOutline], below keys: [String]
  ) -> [Explanation] {
    fields.flatMap { field -> [Explanation] in
      let keys = keys + [field.name]
      if !field.children.isEmpty, !field.isValue {
        return explanations(kind, field.children, below: keys)
      }
      return [explanation(kind, field, keys)]
    }
  }

  private static func explanation(
    _ kind: String, _ field: FieldOutline, _ keys: [String]
  ) -> Explanation {
    let note = field.note
    let path = ObjectPath.text(keys)
    let witness = Witness.of("\(kind):\(path)")
    let shown = witness.map { "\(kind)/\($0.object):\(path)" }
    let short = note.shortFormOf.map { " Entries are a \($0)'s name and fields." } ?? ""
    return Explanation(
      path: shown ?? "\(kind):\(path)",
      type: note.shortFormOf.map { "short form of \($0)" } ?? field.shape.name,
      unit: field.shape.unit, defaultValue: field.defaultText, source: note.source,
      grade: note.grade, range: note.range.map { "\($0.low)–\($0.high)" }, limit: note.limit?.kind,
      stage: note.limit?.stage, text: note.text + short,
      scenario: witness?.scenario, trial: witness?.value,
      isRequired: note.isRequired)
  }
}

// MARK: - Writing

extension Explain {
  /// Explanations as JSON: a list of objects.
  public static func json(_ explanations: [Explanation]) -> String {
    let list = explanations.map { field -> JSONText in
      .object([
        ("path", .string(field.path)), ("type", .string(field.type)),
        ("unit", .string(field.unit)), ("default", .text(field.defaultValue)),
        ("source", .string(field.source)), ("grade", .string(field.grade)),
        ("range", .text(field.range)), ("limit", .text(field.limit?.rawValue)),
        ("stage", .text(field.stage?.name)), ("doc", .string(field.text)),
        ("required", .flag(field.isRequired)), ("scenario", .text(field.scenario)),
        ("trial", .text(field.trial)),
      ])
    }
    return JSONText.list(list).written() + "\n"
  }

  /// Explanations for people: a field in three lines or so.
  public static func text(_ explanations: [Explanation]) -> String {
    explanations.map { field in
      var lines = [field.path, "    \(field.text)"]
      var facts = [field.type + (field.unit.isEmpty ? "" : ", in \(field.unit)")]
      if field.isRequired { facts.append("required") }
      if let value = field.defaultValue { facts.append("default \(value)") }
      lines.append("    " + facts.joined(separator: "; "))
      if !field.grade.isEmpty {
        let range = field.range.map { "; range \($0)" } ?? ""
        lines.append("    grade \(field.grade): \(field.source)\(range)")
      }
      if let limit = field.limit, let stage = field.stage {
        lines.append("    a limit on \(limit.rawValue), at stage \(stage.name)")
      }
      if let scenario = field.scenario, let trial = field.trial {
        lines.append("    to see it: Scenarios/\(scenario).yaml with \(trial)")
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  /// The kinds that can be explained, with what they are, for people.
  public static var kinds: String {
    let own = ScenarioKinds.all.map { "  \($0.kind)" }.joined(separator: "\n")
    let native = NativeKind.all.map { "  \($0.name)" }.joined(separator: "\n")
    return "Kinds of \(ScenarioKinds.apiVersion):\n\(own)\nKinds of Kubernetes:\n\(native)\n"
  }
}
