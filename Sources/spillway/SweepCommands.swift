import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Reporting
import ScenarioFiles
import Statistics

/// Runs an experiment's points, or a shard of them.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Runs an experiment: every point on the same luck.",
    discussion: """
      Examples:
        spillway sweep Scenarios/create-rate-sweep.yaml --out results
        spillway sweep scenario.yaml --out results --shard 3/10
        spillway sweep scenario.yaml --out results --shard auto

      Without an Experiment among the files, the scenario itself is the only point. A shard that \
      was cut short goes on where it ended. With one shard, results.csv is put together at once; \
      else by spillway merge.
      """)
  @OptionGroup var input: InputOptions
  @Option(help: "The sweep's folder; default: out/ and the experiment's name.") var out: String?
  @Option(help: "Which experiment, if there are several.") var experiment: String?
  @Option(help: "I/N, or auto: as Slurm, Kubernetes or GNU parallel say.") var shard: String?
  @Option(help: "The seed of all chance; instead of the scenario's.") var seed: UInt64?
  @Option(help: "Replications per point; instead of the experiment's.") var replications: Int?
  @Option(help: "How many replications run at once; default: one per processor.") var jobs: Int?
  @Flag(help: "Neither progress nor a report.") var quiet = false
  @Flag(help: "Carry out a design of more than 100,000 runs.") var yes = false

  /// More runs than this are asked about.
  private static let mostRuns = 100_000

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    if let replications, replications < 1 {
      throw ValidationError("--replications is at least 1")
    }
  }

  func run() async throws {
    Interrupts.watch()
    let part = try chosenShard()
    let loaded = try input.load(.text)
    let design = try chosenExperiment(loaded)
    let folder = out ?? "out/\(design.name)"
    try await SweepFailures.reporting(input, loaded) {
      let sweep = try Sweep(
        design, source: FileSource(loaded: loaded), digest: loaded.digest, seed: seed)
      if sweep.plan.runs > Self.mostRuns, !yes {
        throw SweepError.tooLarge(runs: sweep.plan.runs, most: Self.mostRuns)
      }
      let progress = ProgressLine(isLive: Terminal().showsProgress, isQuiet: quiet)
      let workers = jobs ?? ProcessInfo.processInfo.activeProcessorCount
      let work = Task {
        try await sweep.run(part, in: folder, jobs: workers) { done, total in
          progress.show("runs", done: done, of: total)
        }
      }
      let watch = Task {
        while !Interrupts.requested { try await Task.sleep(for: .milliseconds(50)) }
        work.cancel()
      }
      defer { watch.cancel() }
      let isComplete = try await work.value
      progress.finish()
      guard isComplete else { throw ExitStatus.interrupted.code }
      guard part == .whole else { return }
      _ = try SweepMerge.merge([folder], into: folder)
      if !quiet { say(SweepText.report(try SweepResults(folder: folder), nil, 0)) }
    }
  }

  private func chosenShard() throws -> SweepShard {
    let environment = ProcessInfo.processInfo.environment
    if let text = environment["SPILLWAY_SHARD"] {
      guard let part = SweepShard(text) else {
        throw ValidationError("SPILLWAY_SHARD is \(text): expected I/N, such as 3/10")
      }
      return part
    }
    guard let shard else { return .whole }
    if shard == "auto" {
      guard let part = SweepShard(environment: environment) else {
        throw ValidationError(
          "--shard auto: no SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or PARALLEL_SEQ with its"
            + " number of tasks; set SPILLWAY_SHARD=I/N")
      }
      return part
    }
    guard let part = SweepShard(shard) else {
      throw ValidationError("--shard \(shard): expected I/N with I from 1, such as 3/10")
    }
    return part
  }

  private func chosenExperiment(_ loaded: LoadedScenario) throws -> Experiment {
    let all = loaded.scenario.experiments
    var chosen = Experiment(name: loaded.scenario.name)
    if let experiment {
      guard let found = all.first(where: { $0.name == experiment }) else {
        throw ValidationError(
          "--experiment \(experiment): expected one of \(all.map(\.name).joined(separator: ", "))")
      }
      chosen = found
    } else if all.count > 1 {
      throw ValidationError(
        "several experiments; name one with --experiment: "
          + all.map(\.name).joined(separator: ", "))
    } else if let only = all.first {
      chosen = only
    }
    if let replications { chosen.replications = replications }
    return chosen
  }
}

/// Puts the shards of a sweep together.
struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Puts the shards of a sweep together.",
    discussion: """
      Examples:
        spillway merge results
        spillway merge machine-a machine-b --out results

      A missing, foreign or damaged shard is named, and nothing is written (exit 3) unless \
      --allow-partial.
      """)
  @Argument(help: "Folders with shards of one sweep.", completion: .directory)
  var folders: [String]
  @Option(help: "Where results.csv goes; default: the first folder.") var out: String?
  @Flag(help: "Put together what is there.") var allowPartial = false

  func run() async throws {
    try await SweepFailures.reporting(nil, nil) {
      let outcome = try SweepMerge.merge(
        folders, into: out ?? folders[0], allowPartial: allowPartial)
      for problem in outcome.problems { complain("spillway: warning: \(problem)") }
      say("\(outcome.runs) of \(outcome.plan.runs) runs\n")
    }
  }
}

/// Shows what a sweep found out.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Shows what a sweep found out, or makes a run's reports anew.",
    discussion: """
      Examples:
        spillway report out/claim-holds
        spillway report results
        spillway report results --rank startP95 --indifference 1
      """)
  @Argument(help: "A sweep's or a run's folder.", completion: .directory) var folder: String
  @Option(help: "Rank the points by this response alone.") var rank: String?
  @Option(help: "The difference that matters, in the response's unit.") var indifference = 0.0

  func run() async throws {
    if FileManager.default.fileExists(atPath: "\(folder)/summary.json") {
      try RunReports.renew(folder)
      return
    }
    try await SweepFailures.reporting(nil, nil) {
      let results = try SweepResults(folder: folder)
      if let rank, !results.plan.responses.contains(rank) {
        throw SweepError.unknownResponse(rank, known: results.plan.responses)
      }
      say(SweepText.report(results, rank, indifference))
    }
  }
}

/// Compares two sweeps on the same luck.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares a sweep with a baseline; exit 2 if it is worse.",
    discussion: """
      Examples:
        spillway compare base new
        spillway compare base new --tolerance 0.02 --alpha 0.01
        spillway compare base new --exact
      """)
  @Argument(help: "The baseline's folder.", completion: .directory) var base: String
  @Argument(help: "The new results' folder.", completion: .directory) var new: String
  @Option(help: "A relative difference that doesn't matter.") var tolerance = 0.01
  @Option(help: "The risk of a false alarm.") var alpha = 0.05
  @Flag(help: "Any difference at all is a regression, as after a refactoring.") var exact = false

  func validate() throws {
    guard tolerance >= 0, alpha > 0, alpha < 1 else {
      throw ValidationError("--tolerance is at least 0, --alpha lies between 0 and 1")
    }
  }

  func run() async throws {
    try await SweepFailures.reporting(nil, nil) {
      let old = try SweepResults(folder: base)
      let found = try BaselineComparison(
        base: old, new: try SweepResults(folder: new), alpha: alpha, tolerance: tolerance,
        exact: exact)
      say(SweepText.comparison(found, old.plan))
      let worse = found.entries.filter(\.isRegression)
      if Terminal().isGitHub {
        for entry in worse {
          complain(
            GitHubAnnotation(
              level: .error, title: "regression",
              message: "\(entry.response) at \(old.plan.label(entry.point))"
            ).rendered())
        }
      }
      if !worse.isEmpty { throw ExitStatus.regression.code }
    }
  }
}

/// How sweeps fail, by the contract's numbers.
enum SweepFailures {
  static func reporting(
    _ input: InputOptions?, _ loaded: LoadedScenario?, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as SweepError {
      complain("spillway: \(error)")
      switch error {
      case .unknownResponse, .noRange: throw ExitStatus.badInput.code
      case .tooLarge: throw ExitStatus.usage.code
      case .incomplete, .unusable: throw ExitStatus.incomplete.code
      }
    } catch let error as InvalidInput {
      complain("\(error)")
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    } catch let error as StudyError {
      complain("spillway: \(error)")
      throw ExitStatus.badInput.code
    } catch let fault as ModelFault {
      complain("spillway: a bug in the model: \(fault), digest \(loaded?.digest ?? "")")
      throw ExitStatus.bug.code
    } catch let error as CocoaError {
      complain("spillway: \(error.localizedDescription)")
      let isMissing = error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
      throw (isMissing ? ExitStatus.missingInput : .outputError).code
    }
  }
}
