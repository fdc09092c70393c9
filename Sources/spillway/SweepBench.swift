import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Reporting

/// Measures what a sweep does besides simulating.
struct SweepBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "What a sweep does besides simulating, per run; and what two workers gain.",
    discussion: """
      Examples:
        spillway bench sweep --runs 10000
        spillway bench sweep --file Scenarios/claim-holds.yaml --runs 64
      """)
  @Option(help: "How many runs.") var runs = 10_000
  @Option(
    help: "A scenario, to compare one worker with two; default: one in which nothing happens.")
  var file: String?

  func validate() throws {
    guard runs >= 1 else { throw ValidationError("--runs is at least 1") }
  }

  func run() async throws {
    let source: any ScenarioSource =
      try file.map { FileSource(loaded: try InputOptions.parse([$0]).load(.text)) }
      ?? SweepBenchmark.Nothing()
    var experiment = Experiment(name: "bench")
    experiment.replications = runs
    let sweep = try Sweep(experiment, source: source, digest: "")
    var scenario = try source.scenario(setting: [])
    scenario.seed = sweep.plan.seed
    var events = 0
    let alone = try await Stretch.measure {
      for replication in 0..<runs { events += scenario.simulate(replication: replication).events }
    }
    var members: [(String, JSONValue)] = [
      ("name", "sweep"), ("runs", .integer(runs)), ("events", .integer(events)),
      ("simulationCPU", .number(alone.cpu)),
    ]
    for jobs in file == nil ? [1] : [1, 2] {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        .path(percentEncoded: false)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let spent = try await Stretch.measure {
        _ = try await sweep.run(.whole, in: folder, jobs: jobs)
        _ = try SweepMerge.merge([folder], into: folder)
      }
      members += [("cpu\(jobs)", .number(spent.cpu)), ("wall\(jobs)", .number(spent.wall))]
      if jobs == 1 {
        let each = (spent.cpu - alone.cpu) / Double(runs)
        members += [
          ("bookkeepingPerRun", .number(each)), ("shareOf20msRun", .number(each / 0.02)),
        ]
      }
    }
    members += [
      ("peakRSS", .integer(Measurement.peakBytes())), ("digest", .string(sweep.plan.identity)),
    ]
    say(JSONValue.object(members).rendered())
  }
}

/// Processor and wall time of a stretch of work.
private struct Stretch {
  let cpu: Double
  let wall: Double

  static func measure(_ body: () async throws -> Void) async throws -> Stretch {
    let cpu = Measurement.cpuSeconds()
    let begun = ContinuousClock.now
    try await body()
    let wall = begun.duration(to: .now)
    return Stretch(
      cpu: Measurement.cpuSeconds() - cpu,
      wall: Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18)
  }
}

/// Measures how long shards take to be put together.
struct MergeBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Puts shards with made-up rows together.",
    discussion: """
      Examples:
        spillway bench merge --shards 1000 --rows 10000
      """)
  @Option(help: "How many shards.") var shards = 1_000
  @Option(help: "How many rows each has.") var rows = 10_000

  func validate() throws {
    guard shards >= 1, rows >= 1 else { throw ValidationError("numbers are at least one") }
  }

  func run() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      .path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SweepBenchmark.write(shards: shards, rows: rows, in: folder)
    var runs = 0
    let spent = try await Stretch.measure {
      runs = try SweepMerge.merge([folder], into: folder).runs
    }
    let members: [(String, JSONValue)] = [
      ("name", "merge"), ("shards", .integer(shards)), ("rows", .integer(runs)),
      ("cpuSeconds", .number(spent.cpu)), ("wallSeconds", .number(spent.wall)),
      ("peakRSS", .integer(Measurement.peakBytes())),
    ]
    say(JSONValue.object(members).rendered())
  }
}
