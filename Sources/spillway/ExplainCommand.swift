import ArgumentParser
import ScenarioFiles

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
      """)
  @Argument(help: "A kind, or a kind with a field.") var path: String?
  @Flag(help: "Every field of Spillway's own kinds that some scenario shows the effect of.")
  var all = false
  @Option(name: .short, help: "text or json.") var output: OutputFormat = .text

  func run() throws {
    guard all || path != nil else {
      say(Explain.kinds)
      return
    }
    do {
      let fields = try path.map { path throws(InvalidInput) in try Explain.fields(at: path) }
      let explanations = fields ?? Explain.all
      say(output == .json ? Explain.json(explanations) : Explain.text(explanations))
    } catch {
      complain(Diagnostic.text(of: error.diagnostics))
      throw ExitStatus.badInput.code
    }
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
