import ArgumentParser
import CloudSimulation
import ClusterModel
import ScenarioFiles

/// Reads files and says everything that is wrong with them.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Reads files and says everything that is wrong with them.",
    discussion: """
      Examples:
        spillway validate scenario.yaml
        spillway validate cluster/ -o json
      """)
  @OptionGroup var input: InputOptions
  @Option(name: .short, help: "text or json.") var output: OutputFormat = .text

  func run() throws {
    let loaded = try input.load(output)
    input.report(loaded.warnings, output)
    guard output == .text else { return }
    let scenario = loaded.scenario
    let objects = scenario.cluster
    say(
      "\(scenario.name): no errors. \(objects.nodes.count) nodes,"
        + " \(scenario.nodePools.count) node pools, \(objects.workloads.count) workloads,"
        + " \(objects.pods.count) Pods, \(scenario.serverlessPools.count) serverless pools,"
        + " \(scenario.loads.count) loads, \(scenario.claims.count) claims\n")
  }
}
