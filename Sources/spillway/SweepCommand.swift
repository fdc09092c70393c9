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
        spillway sweep scenario.yaml --out results --emit slurm > sweep.sh

      Without an Experiment among the files, the scenario itself is the only point. A shard that \
      was cut short goes on where it ended. With one shard, results.csv is put together at once; \
      else by spillway merge.

      --shard auto understands the variables of Slurm, Kubernetes' Indexed Jobs, AWS Batch, PBS, \
      Grid Engine, LSF and GNU parallel; SPILLWAY_SHARD=I/N overrides --shard. A task that is \
      preempted (SIGTERM) ends with 75: the same command goes on.
      """)
  @OptionGroup var input: InputOptions
  @Option(help: "The sweep's folder; default: out/ and the experiment's name.") var out: String?
  @Option(help: "Which experiment, if there are several.") var experiment: String?
  @Option(help: "I/N, I from 1, or auto: as the engine's variables say.") var shard: String?
  @Option(help: "How many shards there are, where the engine doesn't tell, or for --emit.")
  var shards: Int?
  @Option(
    help: "Print a script for slurm or parallel or a manifest for kubernetes, and run nothing.")
  var emit: ArrayScript.Engine?
  @Option(help: "The seed of all chance; instead of the scenario's.") var seed: UInt64?
  @Option(help: "Replications per point; instead of the experiment's.") var replications: Int?
  @Option(help: "How many replications run at once; default: one per processor.") var jobs: Int?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text
  @Flag(help: "Neither progress nor a report.") var quiet = false
  @Flag(help: "Carry out a design of more than 100,000 runs.") var yes = false

  /// More runs than this are asked about.
  private static let mostRuns = 100_000

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    if let replications, replications < 1 {
      throw ValidationError("--replications is at least 1")
    }
    if let shards, !(1...ArrayScript.mostShards).contains(shards) {
      throw ValidationError("--shards lies between 1 and \(ArrayScript.mostShards)")
    }
  }

  func run() async throws {
    Interrupts.watch()
    let part = try chosenShard()
    let loaded = try input.load(output)
    let design = try chosenExperiment(loaded)
    let folder = out ?? "out/\(design.name)"
    try await SweepFailures.reporting(input, loaded, design, output) {
      let sweep = try Sweep(
        design, source: FileSource(loaded: loaded), digest: loaded.digest, seed: seed)
      if let emit { return say(try script(for: emit, sweep, folder)) }
      if sweep.plan.runs > Self.mostRuns, !yes {
        throw SweepError.tooLarge(
          runs: sweep.plan.runs, most: Self.mostRuns,
          estimate: try RunningTime(of: sweep).sentence(jobs: workers))
      }
      guard try await carryOut(sweep, part, folder) else {
        throw (Interrupts.isPreemption ? ExitStatus.preempted : .interrupted).code
      }
      guard part == .whole else { return try tell(shard: part, of: sweep.plan, folder) }
      _ = try SweepMerge.merge([folder], into: folder)
      let results = try SweepResults(folder: folder)
      if output != .text || !quiet {
        try Answer(results, nil, results.plan.rankings).say(as: output)
      }
    }
  }

  private var workers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  private func carryOut(
    _ sweep: Sweep, _ part: SweepShard, _ folder: String
  ) async throws -> Bool {
    let progress = ProgressLine(isLive: Terminal().showsProgress, isQuiet: quiet)
    let workers = workers
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
    let outcome = try await work.value
    progress.finish()
    if let damage = outcome.damage {
      complain("spillway: warning: shard \(part.text) was damaged: \(damage); made anew from there")
    }
    return outcome.isComplete
  }

  private func tell(shard: SweepShard, of plan: SweepPlan, _ folder: String) throws {
    guard output != .text || !quiet else { return }
    let runs = shard.runs(of: plan).count
    let json: JSONValue = [
      "folder": .string(folder), "shard": .string(shard.text), "plan": .string(plan.identity),
      "runs": .integer(runs), "of": .integer(plan.runs),
    ]
    var table = ResultTable(
      "shard",
      columns: [
        .init("shard", kind: .text), .init("runs", kind: .count), .init("of", kind: .count),
        .init("folder", kind: .text),
      ])
    table.append([.text(shard.text), .count(runs), .count(plan.runs), .text(folder)])
    let text =
      "shard \(shard.text) is whole: \(runs) of \(plan.runs) runs"
      + " · when all are, spillway merge \(folder)\n"
    try Answer(text: text, json: json.rendered(), table: table).say(as: output)
  }

  private func chosenShard() throws -> SweepShard {
    let environment = ProcessInfo.processInfo.environment
    let isOverridden = ArrayTask.overriding(environment) != nil && emit == nil
    if isOverridden || shard == "auto" {
      do {
        let task = try ArrayTask(environment: environment, shards: shards)
        if !quiet { complain("spillway: shard \(task.shard.text), by \(task.variable)") }
        return task.shard
      } catch {
        throw ValidationError("--shard auto: \(error)")
      }
    }
    guard let shard else { return .whole }
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

  private func script(
    for engine: ArrayScript.Engine, _ sweep: Sweep, _ folder: String
  ) throws -> String {
    var options: [String] = []
    for setting in input.settings { options += ["--set", setting] }
    if let experiment { options += ["--experiment", experiment] }
    if let seed { options += ["--seed", String(seed)] }
    if let replications { options += ["--replications", String(replications)] }
    if yes { options.append("--yes") }
    let time = try RunningTime(of: sweep)
    let script = ArrayScript(
      plan: sweep.plan, files: input.files + input.more, options: options, folder: folder,
      jobs: jobs ?? 1, shards: shards ?? time.shards(jobs: jobs ?? 1),
      estimate: time.sentence(jobs: 1))
    return try script.text(for: engine)
  }
}

/// How long a sweep takes, by the first replication of its base.
private struct RunningTime {
  private let seconds: Double
  private let runs: Int

  init(of sweep: Sweep) throws {
    let clock = ContinuousClock()
    let time = try clock.measure { try sweep.runOnce() }
    seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    runs = sweep.plan.runs
  }

  /// A sentence such as `about 3 h on 2 workers`.
  func sentence(jobs: Int) -> String {
    let total = seconds * Double(runs) / Double(jobs)
    let (value, unit) =
      total < 120
      ? (total, "s") : total < 7200 ? (total / 60, "min") : (total / 3600, "h")
    return "about \(Int(value.rounded(.up))) \(unit) on \(jobs) worker\(jobs == 1 ? "" : "s")"
  }

  /// So many shards that each takes ten minutes at most.
  func shards(jobs: Int) -> Int {
    let count = (seconds * Double(runs) / Double(jobs) / 600).rounded(.up)
    return max(1, min(ArrayScript.mostShards, runs, Int(min(count, 1e6))))
  }
}
