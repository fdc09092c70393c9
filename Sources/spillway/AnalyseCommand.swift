import ArgumentParser
import Experiments
import Foundation
import Reporting
import Statistics

/// Output analysis of a column: warm-up, means and quantiles with their intervals.
struct AnalyseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract: "Warm-up, means and quantiles of a table's column, with their intervals.",
    discussion: """
      Reads CSV with a line of names, such as a run's tables. Rows of one replication, by its column, \
      are observations in the order of time. With one row of each it is a terminating simulation: \
      Student's interval, the bootstrap's and quantiles. Otherwise it is a steady-state simulation: \
      the warm-up is cut by MSER-5, beside Welch's curve; then intervals of replications, batches \
      and overlapping batches.

      Examples:
        spillway analyse out/claim-holds/csv/replications.csv --column startP95_s
        spillway analyse out/run/csv/throughput.csv --column mean --where place=cloud
        spillway analyse waits.csv --column wait --warm-up 500 --quantile 0.99
      """)
  @Argument(help: "A table as CSV.", completion: .file(extensions: ["csv"])) var file: String
  @Option(help: "The column of the observations.") var column: String
  @Option(
    name: .customLong("where"), parsing: .singleValue,
    help: ArgumentHelp("Only rows with this value; may be repeated.", valueName: "COLUMN=VALUE"))
  var conditions: [String] = []
  @Option(help: "The column that tells replications apart, if there is one.")
  var replication = "replication"
  @Option(help: "Observations dropped of each replication; default: as MSER-5 says.")
  var warmUp: Int?
  @Option(parsing: .singleValue, help: "A quantile across replications; may be repeated.")
  var quantile: [Double] = []
  @Option(help: "The confidence of all intervals.") var confidence = 0.95
  @Option(help: "The seed of the bootstrap.") var seed: UInt64 = 42
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func validate() throws {
    guard confidence > 0, confidence < 1, quantile.allSatisfy({ $0 > 0 && $0 < 1 }) else {
      throw ValidationError("--confidence and --quantile lie between 0 and 1")
    }
    guard (warmUp ?? 0) >= 0 else { throw ValidationError("--warm-up is at least 0") }
    for condition in conditions where !condition.contains("=") {
      throw ValidationError("--where \(condition): expected COLUMN=VALUE")
    }
  }

  func run() throws {
    let analysis = SeriesAnalysis(try series(), confidence: confidence, warmUp: warmUp)
    var table = ResultTable(
      "analysis",
      columns: [.init("method", kind: .text)]
        + ["estimate", "low", "high"].map { .init($0) })
    var problems: [String] = []
    var intervals: [JSONValue] = []
    func add(_ method: String, _ interval: ConfidenceInterval?) {
      guard let interval else { return }
      intervals.append([
        "method": .string(method), "estimate": .number(interval.estimate),
        "low": .number(interval.low), "high": .number(interval.high),
      ])
      table.append([
        .text(method), .number(interval.estimate), .number(interval.low), .number(interval.high),
      ])
    }
    add("Student, of replications", analysis.student)
    add("batch means", analysis.batchMeans?.interval(confidence: confidence))
    add("overlapping batch means", analysis.overlapping)
    add("bootstrap", analysis.bootstrap(seed: seed))
    for probability in quantile {
      do throws(QuantileInterval.TooExtreme) {
        add("quantile \(probability)", try analysis.quantile(probability).interval)
      } catch {
        problems.append("\(error)")
      }
    }
    try Answer(
      text: text(analysis, table), json: json(analysis, intervals).rendered(), table: table
    ).say(as: output)
    for problem in problems { complain("spillway: \(problem)") }
    if !problems.isEmpty { throw ExitStatus.badInput.code }
  }

  private func facts(_ analysis: SeriesAnalysis) -> [String] {
    let count = analysis.series.reduce(0) { $0 + $1.count }
    var lines = [
      "\(column): \(NumberText.count(count)) observations of"
        + " \(NumberText.count(analysis.series.count)) replications, "
        + (analysis.isTerminating ? "terminating" : "steady-state")
    ]
    guard !analysis.isTerminating else { return lines }
    lines.append(
      "warm-up: \(NumberText.count(analysis.dropped)) observations dropped, "
        + (warmUp == nil ? "by MSER-5" : "as asked")
        + (analysis.isDoubtful ? ", though the series is too short to tell" : "")
        + "; Welch's curve "
        + (analysis.welch.map { "settles from \(NumberText.count($0)) on" } ?? "doesn't settle"))
    if let batches = analysis.batchMeans {
      lines.append(
        "batches: \(batches.means.count) of \(NumberText.count(batches.size)), correlation"
          + " \(NumberText.readable(batches.lag1, digits: 2)), von Neumann's p"
          + " \(NumberText.readable(batches.vonNeumann.p, digits: 2))")
    }
    return lines
  }

  private func text(_ analysis: SeriesAnalysis, _ table: ResultTable) -> String {
    let lines = facts(analysis).joined(separator: "\n")
    return lines + "\n\n" + TableText.render(table, as: .table, width: Terminal().width)
  }

  private func json(_ analysis: SeriesAnalysis, _ intervals: [JSONValue]) -> JSONValue {
    [
      "column": .string(column), "replications": .integer(analysis.series.count),
      "terminating": .bool(analysis.isTerminating), "confidence": .number(confidence),
      "warmUp": .integer(analysis.dropped), "doubtful": .bool(analysis.isDoubtful),
      "welch": .optional(analysis.welch),
      "intervals": .array(intervals),
    ]
  }

  /// The observations, replication by replication.
  private func series() throws -> [[Double]] {
    func fail(_ status: ExitStatus, _ message: String) -> ExitCode {
      complain("spillway: \(file)\(message)")
      return status.code
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw fail(.missingInput, ": isn't there, or can't be read")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let names = lines.first.map(Self.cells) ?? []
    func place(_ name: String) throws -> Int {
      if let index = names.firstIndex(of: name) { return index }
      throw fail(.badInput, ":1: no column \"\(name)\"; there are \(names.joined(separator: ", "))")
    }
    let value = try place(column)
    let filters = try conditions.map { condition in
      let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (place: try place(String(parts[0])), value: String(parts[1]))
    }
    let owner = names.firstIndex(of: replication)
    var labels: [String: Int] = [:]  // name look-up
    var series: [[Double]] = []
    for (index, line) in lines.enumerated().dropFirst() {
      let cells = Self.cells(line)
      guard cells.count == names.count else {
        throw fail(.badInput, ":\(index + 1): \(cells.count) cells instead of \(names.count)")
      }
      guard filters.allSatisfy({ cells[$0.place] == $0.value }), !cells[value].isEmpty else {
        continue
      }
      guard let number = Double(cells[value]), number.isFinite else {
        throw fail(.badInput, ":\(index + 1): \"\(cells[value])\" is no number")
      }
      let label = owner.map { cells[$0] } ?? ""
      let row = labels[label] ?? series.count
      if row == series.count {
        labels[label] = row
        series.append([])
      }
      series[row].append(number)
    }
    guard !series.isEmpty else { throw fail(.badInput, ": no row has a value of \(column)") }
    return series
  }

  /// The cells of a line of CSV, quotes resolved.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
