import ArgumentParser
import ScenarioFiles
import Statistics

/// Says what fields mean: unit, default, source, grade and range.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what fields mean: unit, default, source, evidence grade, range.",
    discussion: """
      Examples:
        spillway explain
        spillway explain ServerlessPool
        spillway explain ServerlessPool:spec.quota
        spillway explain --all -o json
        spillway explain ServerlessPool -o wide
      """)
  @Argument(help: "A kind, or a kind with a field.") var path: String?
  @Flag(help: "Every field of Spillway's own kinds that some scenario shows the effect of.")
  var all = false
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func run() throws {
    guard all || path != nil else {
      say(Explain.kinds)
      return
    }
    do {
      let fields = try path.map { path throws(InvalidInput) in try Explain.fields(at: path) }
      let explanations = fields ?? Explain.all
      let answer = Answer(
        text: Explain.text(explanations), json: Explain.json(explanations),
        table: table(explanations))
      try answer.say(as: output)
    } catch let error as InvalidInput {
      complain(Diagnostic.text(of: error.diagnostics))
      throw ExitStatus.badInput.code
    }
  }
}

extension ExplainCommand {
  /// Fields, a row each.
  private func table(_ explanations: [Explanation]) -> ResultTable {
    var table = ResultTable(
      "fields",
      columns: [
        "path", "type", "default", "grade", "range", "unit", "required", "scenario", "meaning",
        "source",
      ].map { .init($0, kind: .text) })
    for field in explanations {
      table.append([
        .text(field.path), .text(field.type), .optional(field.defaultValue), .text(field.grade),
        .optional(field.range), .text(field.unit), .text(field.isRequired ? "yes" : "no"),
        .optional(field.scenario), .text(field.text), .text(field.source),
      ])
    }
    return table
  }
}

/// Prints the JSON Schema of scenario files.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of scenario files.",
    discussion: """
      Examples:
        spillway schema
        spillway schema > scenario.schema.json
        # then, as a scenario's first line: # yaml-language-server: $schema=scenario.schema.json
      """)

  func run() { say(Schema.json) }
}
