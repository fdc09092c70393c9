import ArgumentParser
import CloudSimulation
import ClusterModel
import Reporting
import ScenarioFiles

/// Reads files and says everything that is wrong with them.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Reads files and says everything that is wrong with them.",
    discussion: """
      Examples:
        spillway validate scenario.yaml
        spillway validate cluster/ -o json
        spillway validate dump.json -o wide
      """)
  @OptionGroup var input: InputOptions
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func run() throws {
    let loaded = try input.load(output)
    input.report(loaded.warnings, output)
    // Diagnostics are the whole answer as JSON.
    if output == .json { return }
    let answer = Answer(
      text: sentence(loaded.scenario), json: Diagnostic.json(of: loaded.warnings),
      table: SummaryTables.input(loaded.input))
    try answer.say(as: output)
  }

  private func sentence(_ scenario: Scenario) -> String {
    let objects = scenario.cluster
    return "\(scenario.name): no errors. \(objects.nodes.count) nodes,"
      + " \(scenario.nodePools.count) node pools, \(objects.workloads.count) workloads,"
      + " \(objects.pods.count) Pods, \(scenario.serverlessPools.count) serverless pools,"
      + " \(scenario.loads.count) loads, \(scenario.claims.count) claims\n"
  }
}
