import ArgumentParser
import Experiments
import Foundation
import Reporting
import ScenarioFiles
import Statistics

/// Compares the code that runs use with reference vectors.
struct ConformanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Compares the code that runs use with reference vectors.",
    discussion: """
      Examples:
        spillway conformance scheduler vectors/
        spillway conformance hpa vectors/
        spillway conformance queueing public.json
        spillway conformance queueing public.json --simulate
        spillway conformance queueing public.json --simulate --mutate service=1.05
        spillway conformance openb openb-fgd/
        spillway conformance output-analysis public.json
        spillway conformance batch swf-lublin/
        spillway conformance cluster-autoscaler vectors/
        spillway conformance bill cases.json

      The last line reads "N passed, M failed, S skipped"; exit 1 if any failed.
      """)
  enum Family: String, ExpressibleByArgument, CaseIterable {
    case scheduler, hpa, queueing, openb, batch, bill
    case outputAnalysis = "output-analysis"
    case nodeAutoscaler = "cluster-autoscaler"
  }
  @Argument(help: "What is compared: \(Family.allCases.map(\.rawValue).joined(separator: ", ")).")
  var family: Family
  @Argument(help: "A file or folder of vectors.", completion: .file())
  var path: String
  @Flag(help: "Use the plain oracle instead of the fast path.") var scan = false
  @Flag(help: "Run the models through the engine; prints n, seed and interval.")
  var simulate = false
  @Option(help: "The seed of simulations.") var seed: UInt64 = 42
  @Option(help: "How many replications a simulated queue gets.") var replications = 30
  @Option(
    help: ArgumentHelp(
      "Make simulated queues wrong, as service=1.05 or interarrival=0.95: the comparison must fail.",
      valueName: "TIME=FACTOR"))
  var mutate: StationMutation?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func validate() throws {
    guard replications >= 2 else { throw ValidationError("--replications is at least 2") }
    if mutate != nil, !simulate || family != .queueing {
      throw ValidationError("--mutate goes with queueing --simulate")
    }
  }

  func run() async throws {
    Interrupts.watch()
    guard FileManager.default.fileExists(atPath: path) else {
      complain("spillway: no such file or folder: \(path)")
      throw ExitStatus.missingInput.code
    }
    var report: ConformanceReport
    do {
      report = try await Interrupts.cancelling { try compared() }
    } catch {
      complain("spillway: \(path): \(error)")
      throw ExitStatus.badInput.code
    }
    report.isPartial = Interrupts.requested
    if report.cases.isEmpty, !report.isPartial {
      complain("spillway: \(path): holds no case of this family")
      throw ExitStatus.missingInput.code
    }
    try Answer(text: report.text, json: report.json, table: report.table).say(as: output)
    if report.isPartial { throw Interrupts.status.code }
    if report.failed > 0 { throw ExitStatus.claimFails.code }
  }

  /// The comparison; if the task is cancelled, of the cases before.
  private func compared() throws -> ConformanceReport {
    switch family {
    case .queueing:
      try QueueingConformance(
        simulates: simulate, seed: seed, replications: replications, mutation: mutate
      ).run(path)
    case .outputAnalysis: try AnalysisVectors(simulates: simulate, seed: seed).run(path)
    case .batch: try BatchVectors(folder: path).run()
    case .bill: try BillVectors().run(path)
    case .scheduler: try schedulerReport()
    case .openb: try openbReport()
    case .nodeAutoscaler: try nodeAutoscalerReport()
    case .hpa: try autoscalerReport()
    }
  }

  private func schedulerReport() throws -> ConformanceReport {
    let result = try SchedulerConformance.run(folder: path, scan: scan) { file in
      try ManifestReader.clusterObjects(file: file, keepsTerminating: true)
    }
    var report = ConformanceReport()
    for one in result.cases {
      report.cases.append(ConformanceReport.Case(id: one.name, problems: one.failures))
    }
    return report
  }

  private func nodeAutoscalerReport() throws -> ConformanceReport {
    let result = try NodeAutoscalerConformance.run(folder: path) { text, start in
      try ManifestReader.clusterObjects(text: text, called: "set", start: start)
    }
    var report = ConformanceReport()
    for one in result.cases {
      report.cases.append(ConformanceReport.Case(id: one.name, problems: one.failures))
    }
    return report
  }

  private func autoscalerReport() throws -> ConformanceReport {
    var report = ConformanceReport()
    for one in try AutoscalerConformance.run(folder: path) {
      report.cases.append(ConformanceReport.Case(id: one.name, problems: one.failures))
    }
    return report
  }

  private func openbReport() throws -> ConformanceReport {
    var report = ConformanceReport()
    let comparison = OpenbConformance(seeds: Array(seed..<seed + 10), scan: scan)
    for one in try comparison.run(folder: path) {
      var result = ConformanceReport.Case(id: "\(one.workload) \(one.policy)")
      result.isSkipped = one.allocated.isEmpty || !one.isJudged
      if !one.allocated.isEmpty { result.notes.append(one.description) }
      if !result.isSkipped, !one.agrees {
        result.problems.append("the means differ by more than \(one.tolerance) points")
      }
      report.cases.append(result)
    }
    return report
  }
}

/// What a comparison with vectors found.
struct ConformanceReport: Sendable {
  struct Case: Sendable {
    var id: String
    var isSkipped = false
    var problems: [String] = []
    var notes: [String] = []
  }
  var cases: [Case] = []
  /// Whether the comparison was interrupted.
  var isPartial = false

  var passed: Int { cases.count { !$0.isSkipped && $0.problems.isEmpty } }
  var failed: Int { cases.count { !$0.problems.isEmpty } }
  var skipped: Int { cases.count { $0.isSkipped && $0.problems.isEmpty } }
  private var closing: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }

  var text: String {
    var lines: [String] = []
    for one in cases {
      for note in one.notes { lines.append("  \(one.id): \(note)") }
      if one.isSkipped, one.problems.isEmpty { lines.append("skipped \(one.id)") }
      for problem in one.problems.prefix(20) { lines.append("FAILED \(one.id): \(problem)") }
      if one.problems.count > 20 {
        lines.append("FAILED \(one.id): and \(one.problems.count - 20) more differences")
      }
    }
    if isPartial { lines.append("interrupted: these are the cases compared by then") }
    lines.append(closing)
    return lines.joined(separator: "\n") + "\n"
  }

  private func result(_ one: Case) -> String {
    one.problems.isEmpty ? (one.isSkipped ? "skipped" : "passed") : "failed"
  }

  /// A row per case.
  var table: ResultTable {
    var table = ResultTable(
      "cases",
      columns: [
        .init("case", kind: .text), .init("result", kind: .text), .init("problems", kind: .count),
        .init("first_problem", kind: .text),
      ])
    for one in cases {
      table.append([
        .text(one.id), .text(result(one)), .count(one.problems.count),
        .optional(one.problems.first),
      ])
    }
    return table
  }

  var json: String {
    JSONValue.object([
      ("partial", .bool(isPartial)), ("passed", .integer(passed)), ("failed", .integer(failed)),
      ("skipped", .integer(skipped)),
      (
        "cases",
        .array(
          cases.map { one in
            .object([
              ("id", .string(one.id)),
              ("result", .string(result(one))), ("problems", .strings(one.problems)),
              ("notes", .strings(one.notes)),
            ])
          })
      ),
    ]).rendered()
  }
}
