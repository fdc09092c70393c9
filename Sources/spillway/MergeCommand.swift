import ArgumentParser
import Experiments
import Foundation
import Reporting
import Statistics

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
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text
  @Flag(help: "Put together what is there.") var allowPartial = false

  func run() async throws {
    Interrupts.watch()
    let target = out ?? folders[0]
    try await SweepFailures.reporting(output) {
      let outcome = try SweepMerge.merge(folders, into: target, allowPartial: allowPartial)
      for problem in outcome.problems { complain("spillway: warning: \(problem)") }
      let json: JSONValue = [
        "folder": .string(target), "plan": .string(outcome.plan.identity),
        "runs": .integer(outcome.runs), "of": .integer(outcome.plan.runs),
        "shards": .integer(outcome.shards), "problems": .strings(outcome.problems),
        "missing": .array(outcome.missing.map(JSONValue.integer)),
      ]
      var table = ResultTable(
        "merged",
        columns: [.init("folder", kind: .text)]
          + ["runs", "of", "shards", "missing"].map { .init($0, kind: .count) })
      table.append(
        [.text(target)]
          + [outcome.runs, outcome.plan.runs, outcome.shards, outcome.missing.count].map {
            .count($0)
          })
      let answer = Answer(
        text: "\(outcome.runs) of \(outcome.plan.runs) runs\n", json: json.rendered(), table: table)
      try answer.say(as: output)
    }
  }
}

/// Shows what a sweep found out.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Shows what a sweep found out and writes its page, or makes a run's reports anew.",
    discussion: """
      Examples:
        spillway report out/claim-holds
        spillway report results
        spillway report results --rank startP95 --indifference 1
        spillway report results -o json
      """)
  @Argument(help: "A sweep's or a run's folder.", completion: .directory) var folder: String
  @Option(help: "Rank the points by this response alone.") var rank: String?
  @Option(help: "The difference that doesn't matter, in that response's unit; tells the best.")
  var indifference: Double?
  @Option(help: "How sure that has to be; default 0.95.") var confidence: Double?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func validate() throws {
    if let indifference, indifference <= 0 { throw ValidationError("--indifference is above 0") }
    if let confidence, !(confidence > 0 && confidence < 1) {
      throw ValidationError("--confidence lies between 0 and 1")
    }
    if indifference != nil, rank == nil { throw ValidationError("--indifference goes with --rank") }
    if confidence != nil, indifference == nil {
      throw ValidationError("--confidence goes with --indifference")
    }
  }

  func run() async throws {
    if RunReports.isRun(folder) { return try RunReports.renew(folder, output) }
    try await SweepFailures.reporting(output) {
      let results = try SweepResults(folder: folder)
      if let rank, !results.plan.responses.contains(rank) {
        throw SweepError.unknownResponse(rank, known: results.plan.responses)
      }
      var asked = results.plan.rankings
      if let rank, let indifference {
        asked = [
          SweepPlan.Ranking(
            response: rank, indifference: indifference, confidence: confidence ?? 0.95)
        ]
      }
      try Self.writePage(of: results, asked, in: folder)
      try Answer(results, rank, asked).say(as: output)
    }
  }

  /// Writes `report.html` into a sweep's folder.
  private static func writePage(
    of results: SweepResults, _ asked: [SweepPlan.Ranking], in folder: String
  ) throws {
    do throws(OutputError) {
      let sink = try FileSink(path: "\(folder)/report.html")
      try sink.write(SweepPage.render(SweepSummary(results, asked)))
      try sink.finish()
    } catch {
      complain("spillway: \(error)")
      throw ExitCode(Int32(error.exitStatus))
    }
  }
}
