import CloudSimulation
import Experiments
import Foundation
import Quantities
import ScenarioFiles
import Scheduling
import Workloads

/// Compares the batch queue with what two published simulators made of recorded jobs.
struct BatchVectors {
  let folder: String

  func run() throws -> ConformanceReport {
    var report = ConformanceReport()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    if names.contains("reference_results.json") {
      report.cases += try windows(of: names.filter { $0.hasSuffix(".swf") })
    }
    for name in names where name.hasSuffix("_out_jobs.csv") {
      report.cases += try starts(of: name)
    }
    if report.cases.isEmpty {
      throw VectorFiles.Unreadable(
        description: "expected *.swf with reference_results.json, or *_out_jobs.csv")
    }
    return report
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
  }

  // MARK: Windows of a trace

  private struct Reference: Decodable {
    struct Result: Decodable {
      var firstJob: Int
      var jobs: Int
      var backfill: Bool
      var metric: String
      var policy: String
      var value: Double

      private enum CodingKeys: String, CodingKey {
        case firstJob = "first_job"
        case jobs, backfill, metric, policy, value
      }
    }
    var workload: String
    var processors: Int
    var results: [Result]
  }

  private func windows(of traces: [String]) throws -> [ConformanceReport.Case] {
    let reference = try JSONDecoder().decode(
      Reference.self, from: try data("reference_results.json"))
    guard traces.contains(reference.workload) else {
      throw VectorFiles.Unreadable(description: "\(reference.workload) is missing")
    }
    let jobs = try trace(reference.workload)
    // name look-up: several metrics are read from one run.
    var runs: [String: [BatchSimulation.Outcome]] = [:]
    var cases: [ConformanceReport.Case] = []
    for one in reference.results where !Task.isCancelled {
      let name = "\(one.policy) \(one.backfill ? "backfill" : "plain") from \(one.firstJob)"
      var result = ConformanceReport.Case(id: "\(name) \(one.metric)")
      if let order = BatchOrder(rawValue: one.policy),
        one.firstJob >= 0, one.jobs > 0, one.firstJob + one.jobs <= jobs.count
      {
        let outcomes: [BatchSimulation.Outcome]
        if let known = runs[name] {
          outcomes = known
        } else {
          outcomes = BatchSimulation.run(
            Array(jobs[one.firstJob..<one.firstJob + one.jobs]), machines: reference.processors,
            policy: one.backfill ? .selecting(order) : .strict(order))
          runs[name] = outcomes
        }
        compare(outcomes, one.metric, one.value, into: &result)
      } else {
        result.problems.append("policy '\(one.policy)' or its window isn't known")
      }
      cases.append(result)
    }
    return cases
  }

  private func compare(
    _ outcomes: [BatchSimulation.Outcome], _ metric: String, _ known: Double,
    into result: inout ConformanceReport.Case
  ) {
    let value: (BatchSimulation.Outcome) -> Double
    switch metric {
    case "avg_bounded_slowdown": value = \.boundedSlowdown
    case "avg_wait": value = { $0.wait.seconds }
    case "avg_turnaround": value = { $0.turnaround.seconds }
    default:
      result.problems.append("metric '\(metric)' isn't known")
      return
    }
    let mean = outcomes.map(value).reduce(0, +) / Double(outcomes.count)
    if abs(mean - known) > 1e-6 * max(1, abs(known)) {
      result.problems.append("\(mean) instead of \(known)")
    }
  }

  private func trace(_ name: String) throws -> [RecordedJob] {
    var reader = StandardWorkloadReader(file: folder + "/" + name)
    var jobs: [RecordedJob] = []
    let bytes = [UInt8](try data(name))
    try bytes.withUnsafeBytes { buffer in try reader.read(buffer) { jobs.append($0) } }
    try reader.finish { jobs.append($0) }
    return jobs
  }

  // MARK: Single jobs

  /// Machines of the recorded cluster where its summary doesn't say.
  private static let machines = 32

  private func starts(of file: String) throws -> [ConformanceReport.Case] {
    let variant = String(file.dropLast("_out_jobs.csv".count))
    let policy: BatchPolicy
    switch variant {
    case "easy": policy = .easyOnMachines
    case "conservative": policy = .conservativeOnMachines
    default:
      var unknown = ConformanceReport.Case(id: file)
      unknown.problems.append("no variant is called '\(variant)': expected easy, conservative")
      return [unknown]
    }
    let table = try SeparatedTable(file: file, text: String(decoding: data(file), as: UTF8.self))
    var jobs: [RecordedJob] = []
    for row in table.rows.indices {
      jobs.append(
        RecordedJob(
          number: try table.whole(row, "job_id"),
          submitted: Instant(nanoseconds: try table.nanoseconds(row, "submission_time")),
          runTime: TimeSpan(nanoseconds: try table.nanoseconds(row, "execution_time")),
          processors: try table.whole(row, "requested_number_of_resources"),
          requestedTime: TimeSpan(nanoseconds: try table.nanoseconds(row, "requested_time"))))
    }
    let machines = try clusterSize(variant)
    guard jobs.allSatisfy({ (1...machines).contains($0.processors) }) else {
      throw VectorFiles.Unreadable(description: "\(file): a job takes more than all machines")
    }
    let order = jobs.indices.sorted { (jobs[$0].submitted, $0) < (jobs[$1].submitted, $1) }
    let outcomes = BatchSimulation.run(
      order.map { jobs[$0] }, machines: machines, policy: policy)
    var cases: [ConformanceReport.Case] = []
    for (row, outcome) in zip(order, outcomes) {
      var result = ConformanceReport.Case(id: "\(variant) job \(jobs[row].number)")
      let known = try table.nanoseconds(row, "starting_time")
      // The record has microseconds.
      if abs(outcome.start.nanoseconds - known) > 2_000 {
        result.problems.append(
          "starts at \(outcome.start.seconds) s instead of \(Double(known) / 1e9) s")
      }
      let place = try table.text(row, "allocated_resources")
      if Self.ranges(outcome.machines.numbers) != place {
        result.problems.append("on \(Self.ranges(outcome.machines.numbers)) instead of \(place)")
      }
      cases.append(result)
    }
    return cases
  }

  private func clusterSize(_ variant: String) throws -> Int {
    let name = variant + "_out_schedule.csv"
    guard FileManager.default.fileExists(atPath: folder + "/" + name) else {
      return Self.machines
    }
    let table = try SeparatedTable(file: name, text: String(decoding: data(name), as: UTF8.self))
    return try table.whole(0, "nb_computing_machines")
  }

  /// Machines as the record has them: `1-2 5`.
  private static func ranges(_ numbers: [Int]) -> String {
    var ranges: [(low: Int, high: Int)] = []
    for number in numbers {
      if let last = ranges.last, last.high + 1 == number {
        ranges[ranges.count - 1].high = number
      } else {
        ranges.append((number, number))
      }
    }
    return ranges.map { $0.low == $0.high ? "\($0.low)" : "\($0.low)-\($0.high)" }
      .joined(separator: " ")
  }
}

/// Comma-separated values without quotes, with a heading.
private struct SeparatedTable {
  let file: String
  let rows: [[Substring]]
  private let heading: [Substring]

  init(file: String, text: String) throws {
    self.file = file
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    heading = lines.first ?? []
    rows = Array(lines.dropFirst())
  }

  func text(_ row: Int, _ column: String) throws -> String {
    guard row < rows.count, let place = heading.firstIndex(of: Substring(column)),
      place < rows[row].count
    else {
      throw VectorFiles.Unreadable(description: "\(file): line \(row + 2) has no \(column)")
    }
    return String(rows[row][place])
  }

  func whole(_ row: Int, _ column: String) throws -> Int {
    let text = try text(row, column)
    guard let value = Int(text) else {
      throw VectorFiles.Unreadable(
        description: "\(file): line \(row + 2): \(column) '\(text)' isn't a whole number")
    }
    return value
  }

  /// Decimal seconds, rounded to a nanosecond.
  func nanoseconds(_ row: Int, _ column: String) throws -> Int64 {
    let text = try text(row, column)
    guard let value = Double(text), value >= 0, value < 9e9 else {
      throw VectorFiles.Unreadable(
        description: "\(file): line \(row + 2): \(column) '\(text)' isn't a time in seconds")
    }
    return Int64((value * 1e9).rounded())
  }
}
