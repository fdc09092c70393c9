import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Probability
import Reporting
import ScenarioFiles
import Statistics

/// Runs a scenario, or a dump, and checks its claims.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a scenario, or a dump, and checks its claims.",
    discussion: """
      Examples:
        spillway run Scenarios/claim-holds.yaml
        spillway run -f nodes.yaml -f pods.yaml
        spillway run scenario.yaml --set Link/line:spec.bandwidth=1Gbps
        spillway run Scenarios/line-outage.yaml --explain
        spillway run scenario.yaml --replications 200 --jobs 8 --out results/today

      Without a Scenario among the files, the input is a bare dump: Pods without a node are \
      scheduled until nothing changes, and those that no node takes are listed with the reason.
      """)
  @OptionGroup var input: InputOptions
  @Option(help: "The seed of all chance; instead of the scenario's.") var seed: UInt64?
  @Option(help: "How many replications; instead of the scenario's.") var replications: Int?
  @Option(
    help: "Replications after which is looked whether the claims are decided, such as 59,143,300.")
  var looks: LookList?
  @Option(help: "Only this replication, from 0, without a verdict.") var replication: Int?
  @Option(help: "How many replications run at once; default: one per processor.") var jobs: Int?
  @Option(
    help: "The run's folder; default: out/ and the scenario's name.", completion: .directory)
  var out: String?
  @Option(help: "Replications whose rows go into placements.csv and stages.csv: none, first, all.")
  var records: RecordChoice = .first

  @Option(
    help:
      "A folder for what each HorizontalPodAutoscaler saw and did, as `conformance hpa` reads it.",
    completion: .directory)
  var record: String?

  enum RecordChoice: String, ExpressibleByArgument, CaseIterable {
    case none, first, all
    var records: StudyOptions.Records {
      switch self {
      case .none: .none
      case .first: .first
      case .all: .all
      }
    }
  }

  @Flag(
    help:
      "Move every assumed value that was used to the ends of its range: what moves the result most."
  )
  var tornado = false
  @Option(
    help: "The metric or claim that --tornado is about; default: the first claim's metric.")
  var response: String?

  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text
  @Flag(help: "Says on standard error what reading the input and running it cost.")
  var timing = false
  @Flag(help: "Neither progress nor a report on the terminal.") var quiet = false
  @Flag(help: "Also find out what each line, registry, and failure cost, on the same luck.")
  var explain = false
  @Flag(help: "An undecided claim is no failure.") var allowUndecided = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    if let replications, replications < 1 {
      throw ValidationError("--replications is at least 1")
    }
    if looks != nil, replications != nil || replication != nil {
      throw ValidationError("--looks says how many replications there are by itself")
    }
    if response != nil, !tornado { throw ValidationError("--response goes with --tornado") }
    if let replication, replication < 0 { throw ValidationError("--replication counts from 0") }
  }

  func run() async throws {
    Interrupts.watch()
    let terminal = Terminal()
    let begun = Date()
    let idle = Measurement.cpuSeconds()
    let loaded = try input.load(output == .json ? .text : output)
    let parsed = Measurement.cpuSeconds()
    if !quiet { input.report(loaded.warnings, .text) }
    let path = out ?? "out/\(loaded.scenario.name)"
    do {
      let folder = try RunFolder(at: path)
      let outcome: StudyOutcome
      do {
        outcome = try await study(loaded, terminal)
      } catch {
        folder.discard()
        throw error
      }
      let studied = Measurement.cpuSeconds()
      try finish(outcome, folder, begun: begun)
      if timing { sayTiming(parsing: parsed - idle, running: studied - parsed) }
      if let record { try writeSyncs(of: outcome, to: record, start: loaded.scenario.startAt) }
      try show(outcome, folder: path, elapsed: Date().timeIntervalSince(begun), terminal)
    } catch let error as OutputError {
      complain("spillway: \(error)")
      throw ExitCode(Int32(error.exitStatus))
    } catch let error as StudyError {
      input.report([diagnostic(for: error, loaded)], output)
      throw ExitStatus.badInput.code
    } catch let error as SweepError {
      complain("spillway: --response: \(error)")
      throw ExitStatus.badInput.code
    } catch let fault as ModelFault {
      reportBug(fault, loaded)
      throw ExitStatus.bug.code
    }
  }

  private func sayTiming(parsing: Double, running: Double) {
    func seconds(_ value: Double) -> String { "\(Int((value * 1000).rounded())) ms CPU" }
    complain("timing: parsing \(seconds(parsing)), run \(seconds(running))\n")
  }

  private func study(_ loaded: LoadedScenario, _ terminal: Terminal) async throws -> StudyOutcome {
    var options = StudyOptions()
    options.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    options.replications = replications
    options.looks = looks?.numbers
    options.seed = seed
    options.only = replication
    options.records = records.records
    options.recordsAutoscalers = record != nil
    if tornado { options.sensitivity = response ?? "" }
    options.explainsCauses = explain
    let progress = ProgressLine(isLive: terminal.showsProgress, isQuiet: quiet)
    options.progress = { [progress] step in
      progress.show(step.phase.rawValue, done: step.done, of: step.total)
    }
    defer { progress.finish() }
    let source = FileSource(loaded: loaded)
    var outcome = try await Interrupts.cancelling { [options] in
      try await Study.run(source: source, options: options)
    }
    outcome.summary.digest = loaded.digest
    outcome.summary.input = loaded.input
    outcome.summary.caveats = loaded.caveats + outcome.summary.caveats
    outcome.summary.command = repeatingCommand
    if let telling = outcome.tellingReplication {
      outcome.summary.lookCloser = "\(repeatingCommand) --replication \(telling) --records all"
    }
    return outcome
  }

  /// The command that gives the same bytes again.
  private var repeatingCommand: String {
    var words = ["spillway", "run"] + input.files
    for file in input.more { words += ["-f", file] }
    for setting in input.settings { words += ["--set", shellQuoted(setting)] }
    if let seed { words += ["--seed", String(seed)] }
    if let replications { words += ["--replications", String(replications)] }
    if let looks { words += ["--looks", looks.text] }
    if tornado { words.append("--tornado") }
    if let response { words += ["--response", response] }
    if explain { words.append("--explain") }
    return words.joined(separator: " ")
  }

  private func finish(_ outcome: StudyOutcome, _ folder: RunFolder, begun: Date) throws {
    try folder.write(outcome.summary)
    for table in outcome.tables { try folder.write(table) }
    let manifest = RunManifest(
      outcome.summary,
      input: RunInput(
        directory: FileManager.default.currentDirectoryPath, files: input.files + input.more,
        settings: input.settings),
      command: CommandLine.arguments.map(shellQuoted).joined(separator: " "),
      startedAt: ISO8601DateFormatter().string(from: begun),
      elapsedSeconds: Date().timeIntervalSince(begun), platform: Platform.description)
    try folder.complete(manifest)
  }

  private func writeSyncs(of outcome: StudyOutcome, to folder: String, start: String?) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for recording in outcome.autoscalerRecordings {
        try AutoscalerVectorText.json(recording, start: start).write(
          toFile: "\(folder)/\(AutoscalerVectorText.fileName(recording))", atomically: true,
          encoding: .utf8)
      }
    } catch {
      complain("spillway: \(folder): \(error.localizedDescription)")
      throw ExitCode(73)
    }
  }

  private func show(
    _ outcome: StudyOutcome, folder: String, elapsed: Double, _ terminal: Terminal
  ) throws {
    let summary = outcome.summary
    if output != .text || !quiet {
      let answer = Answer(
        text: TerminalReport.render(
          summary, width: terminal.width, color: terminal.color,
          elapsed: elapsed < 1 ? "under 1 s" : "\(Int(elapsed.rounded())) s", folder: folder),
        json: SummaryJSON.render(summary), table: SummaryTables.figures(summary))
      try answer.say(as: output)
    }
    if terminal.isGitHub {
      for annotation in GitHubAnnotation.annotations(for: summary, file: input.files.first) {
        complain(annotation.rendered())
      }
    }
    if terminal.stepSummary != nil { appendToStepSummary(MarkdownReport.render(summary)) }
    if summary.isPartial { throw Interrupts.status.code }
    let status = outcome.exitStatus(allowUndecided: allowUndecided)
    if status != 0 { throw ExitCode(status) }
  }

  private func diagnostic(for error: StudyError, _ loaded: LoadedScenario) -> Diagnostic {
    loaded.diagnostic(
      at: error.claim.map { "Claim/\($0)" } ?? "Scenario/\(loaded.scenario.name)", code: "claim",
      message: "\(error)")
  }

  private func reportBug(_ fault: ModelFault, _ loaded: LoadedScenario) {
    complain(
      """
      spillway: a bug in the model: \(fault)
        scenario digest \(loaded.digest), seed \(seed ?? loaded.scenario.seed)
        replay: \(repeatingCommand) --replication \(fault.replication)
      """)
  }
}

/// Numbers of replications, each above the one before.
struct LookList: ExpressibleByArgument {
  let numbers: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count, numbers[0] >= 1,
      zip(numbers, numbers.dropFirst()).allSatisfy(<)
    else { return nil }
  }

  /// The list as it is written.
  var text: String { numbers.map(String.init).joined(separator: ",") }
}

/// A word as a shell takes it.
func shellQuoted(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,+@%".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
}

/// What a run's bytes may depend on besides the scenario.
enum Platform {
  static var description: [(name: String, value: String)] {
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "other"
    #endif
    return [
      ("architecture", architecture),
      ("system", ProcessInfo.processInfo.operatingSystemVersionString),
      ("gsl", Probability.libraryVersion),
      ("processors", String(ProcessInfo.processInfo.activeProcessorCount)),
    ]
  }
}
