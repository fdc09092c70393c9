import ArgumentParser
import CloudSimulation
import Experiments
import ScenarioFiles

/// Explains the last attempt to schedule a Pod.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Explains the last decision about a Pod: who rejected which node, and the scores.",
    discussion: """
      Runs the input again, which gives the same decisions as the run did.

      Examples:
        spillway why shop/checkout-0 Scenarios/claim-holds.yaml
        spillway why web-1 nodes.yaml pods.yaml -o json
      """)
  @Argument(help: "The Pod's name, or its namespace and name: NAMESPACE/NAME.") var pod: String
  @OptionGroup var input: InputOptions
  @Option(help: "The replication that is run again.") var replication = 0
  @Option(help: "Another seed.") var seed: UInt64?
  @Option(name: .short, help: "text or json.") var output: OutputFormat = .text

  func run() throws {
    let loaded = try input.load(output)
    var scenario = loaded.scenario
    if let seed { scenario.seed = seed }
    guard
      let explanation = SchedulingExplanation(of: pod, in: scenario, replication: replication)
    else {
      complain("spillway: the scheduler never tried a Pod named \(pod)\n")
      throw ExitStatus.badInput.code
    }
    say(output == .json ? try explanation.json() : explanation.text)
  }
}
