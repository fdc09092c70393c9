import ArgumentParser
import CloudSimulation
import Experiments
import Reporting
import ScenarioFiles

/// Explains the last attempt to schedule a Pod.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Explains the last decision about a Pod: who rejected which node, and the scores.",
    discussion: """
      Takes a finished run's folder, or the input itself, and runs it again, which gives the same \
      decisions as the run did.

      Examples:
        spillway run Scenarios/claim-holds.yaml --out out/holds
        spillway why shop/checkout-0 out/holds
        spillway why web-1 nodes.yaml pods.yaml -o json
      """)
  @Argument(help: "The Pod's name, or its namespace and name: NAMESPACE/NAME.") var pod: String
  @OptionGroup var input: InputOptions
  @Option(help: "The replication that is run again.") var replication = 0
  @Option(help: "Another seed.") var seed: UInt64?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func run() throws {
    var scenario = try load()
    if let seed { scenario.seed = seed }
    guard
      let explanation = SchedulingExplanation(of: pod, in: scenario, replication: replication)
    else {
      complain(
        "spillway: there is no Pod named \(pod) in this run that the scheduler could have tried"
          + Self.alternatives(scenario.podNames(like: pod, replication: replication)) + "\n")
      throw ExitStatus.badInput.code
    }
    let answer = Answer(
      text: explanation.text, json: try explanation.json(), table: explanation.table)
    try answer.say(as: output)
  }

  /// Some of the Pods whose names begin like the one that was asked for.
  private static func alternatives(_ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    let listed = names.prefix(5).joined(separator: "\n  ")
    return "; there is\n  \(listed)" + (names.count > 5 ? "\n  and \(names.count - 5) more" : "")
  }

  /// The scenario of a run's folder, if just one folder is named and it is a run's; else that of the
  /// input.
  private func load() throws -> Scenario {
    guard input.files.count == 1, input.more.isEmpty,
      let recorded = RecordedRun(folder: input.files[0])
    else { return try input.load(output).scenario }
    guard input.settings.isEmpty else {
      throw ValidationError("--set doesn't go with a run's folder; name the run's input instead")
    }
    var again = input
    again.files = recorded.input.paths
    again.settings = recorded.input.settings
    let loaded = try again.load(output)
    if loaded.digest != recorded.digest {
      complain(
        """
        spillway: the input of \(input.files[0]) has changed since the run
          digest of the run: \(recorded.digest)
          digest now:        \(loaded.digest)

        """)
      throw ExitStatus.badInput.code
    }
    var scenario = loaded.scenario
    scenario.seed = recorded.seed
    return scenario
  }
}
