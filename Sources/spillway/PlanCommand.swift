import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Reporting
import ScenarioFiles
import Statistics

/// Finds the cheapest plan that meets its claims.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Finds the cheapest plan that meets the claims.",
    discussion: """
      Reads a Plan among the files: levers with prices, the claims that must hold, a calendar. \
      Combinations race on the same luck; the chosen one is tried again on luck that the search \
      never saw, and that verdict decides the exit status. An interrupted search leaves what it \
      knows so far, marked as partial, and ends with 130.

      Examples:
        spillway plan Scenarios/capacity-plan.yaml
        spillway plan Scenarios/capacity-plan.yaml --visited visited.csv
        spillway plan scenario.yaml --plan next-year --jobs 8 -o json
      """)
  @OptionGroup var input: InputOptions
  @Option(help: "Which plan, if there are several.") var plan: String?
  @Option(
    help: "The folder of the result; default: out/ and the plan's name.", completion: .directory)
  var out: String?
  @Option(help: "A file for every combination visited, as CSV.", completion: .file())
  var visited: String?
  @Option(help: "The seed of all chance; instead of the scenario's.") var seed: UInt64?
  @Option(help: "How many replications decide about a combination; instead of the plan's.")
  var replications: Int?
  @Option(help: "How many replications run at once; default: one per processor.") var jobs: Int?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text
  @Flag(help: "Neither progress nor a report on the terminal.") var quiet = false
  @Flag(help: "Search even if it may take more than 200,000 runs.") var yes = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    if let replications, replications < 1 {
      throw ValidationError("--replications is at least 1")
    }
  }

  func run() async throws {
    Interrupts.watch()
    let begun = Date()
    let loaded = try input.load(output == .json ? .text : output)
    if !quiet { input.report(loaded.warnings, .text) }
    let chosen = try chosenPlan(loaded)
    let path = out ?? "out/\(chosen.name)"
    try await SweepFailures.reporting(input, loaded, nil, output) {
      let study = try prepared(chosen, loaded)
      do {
        let folder = try RunFolder(at: path)
        var summary: PlanSummary
        do {
          summary = try await search(study, loaded.digest)
        } catch {
          folder.discard()
          throw error
        }
        summary.command = repeatingCommand
        try folder.write(summary)
        try folder.complete(
          RunManifest(
            summary,
            input: RunInput(
              directory: FileManager.default.currentDirectoryPath, files: input.files + input.more,
              settings: input.settings),
            command: CommandLine.arguments.map(shellQuoted).joined(separator: " "),
            startedAt: ISO8601DateFormatter().string(from: begun),
            elapsedSeconds: Date().timeIntervalSince(begun), platform: Platform.description))
        if let visited { try write(PlanReport.visited(summary), to: visited) }
        if output != .text || !quiet {
          let answer = Answer(
            text: PlanReport.terminal(summary, folder: path),
            json: PlanReport.json(summary).rendered(), table: PlanReport.visited(summary))
          try answer.say(as: output)
        }
        if summary.isPartial {
          throw Interrupts.status.code
        }
        if !summary.holds { throw ExitStatus.claimFails.code }
      } catch let error as OutputError {
        complain("spillway: \(error)")
        throw ExitCode(Int32(error.exitStatus))
      }
    }
  }

  private func chosenPlan(_ loaded: LoadedScenario) throws -> Plan {
    let all = loaded.scenario.plans
    guard let first = all.first else {
      complain("spillway: no Plan among the input; add one, as Scenarios/capacity-plan.yaml has it")
      throw ExitStatus.badInput.code
    }
    let names = all.map(\.name).joined(separator: ", ")
    var chosen = first
    if let plan {
      guard let found = all.first(where: { $0.name == plan }) else {
        throw ValidationError("--plan \(plan): expected one of \(names)")
      }
      chosen = found
    } else if all.count > 1 {
      throw ValidationError("several plans; name one with --plan: \(names)")
    }
    if let replications { chosen.replications = replications }
    return chosen
  }

  /// The search, if it isn't too large; what it may take is told from one run.
  private func prepared(_ plan: Plan, _ loaded: LoadedScenario) throws -> PlanStudy {
    var options = PlanOptions()
    options.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    options.seed = seed
    if yes { options.mostRuns = nil }
    let progress = ProgressLine(isLive: Terminal().showsProgress, isQuiet: quiet)
    options.progress = { [progress] done, most in progress.show("runs", done: done, of: most) }
    do {
      return try PlanStudy(plan, source: FileSource(loaded: loaded), options: options)
    } catch let error as PlanError {
      let begun = ContinuousClock.now
      _ = loaded.scenario.simulate()
      let one = ContinuousClock.now - begun
      guard case .tooLarge(let runs, _) = error else { throw error }
      let seconds = one / .seconds(1) * Double(runs) / Double(options.jobs)
      complain(
        "spillway: \(error), at one run's pace \(NumberText.readable(seconds / 60, digits: 2)) min"
          + " on \(options.jobs) workers; fewer values, --replications or --yes")
      throw ExitStatus.usage.code
    }
  }

  private func search(_ study: PlanStudy, _ digest: String) async throws -> PlanSummary {
    let summary = try await Interrupts.cancelling { try await study.run(digest: digest) }
    ProgressLine(isLive: Terminal().showsProgress, isQuiet: quiet).finish()
    return summary
  }

  private func write(_ table: ResultTable, to path: String) throws(OutputError) {
    let sink = try FileSink(path: path)
    let writer = try CSVWriter(columns: table.columns, to: sink)
    for row in table.rows { try writer.write(row) }
    try sink.finish()
  }

  /// The command that gives the same bytes again.
  private var repeatingCommand: String {
    var words = ["spillway", "plan"] + input.files
    for file in input.more { words += ["-f", file] }
    for setting in input.settings { words += ["--set", shellQuoted(setting)] }
    if let plan { words += ["--plan", plan] }
    if let seed { words += ["--seed", String(seed)] }
    if let replications { words += ["--replications", String(replications)] }
    return words.joined(separator: " ")
  }
}
