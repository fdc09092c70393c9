import Foundation
import ScenarioFiles

extension TraceFormat {
  /// The most functions that become services of their own.
  private static let mostFunctions = 2000

  static let functions = TraceFormat(
    "azure-functions", "Azure Functions of 2019: calls per minute and function (CSV)",
    example: "invocations.csv", [.window, .scale, .sample, .resample, .inflate, .shift]
  ) { intake in
    let table = try Table(intake, requires: ["HashFunction", "1"])
    let hash = table.place("HashFunction")
    let minutes = table.heading.indices.filter { Int(table.heading[$0]) != nil }
    for (number, column) in minutes.enumerated() where table.heading[column] != "\(number + 1)" {
      throw intake.error(
        line: 1, "out-of-order",
        "minute \(table.heading[column]) stands where \(number + 1) belongs: time goes back",
        expected: "minutes from 1 on")
    }
    let folder = (intake.path as NSString).deletingLastPathComponent
    let times = try companion(folder, "durations.csv", "Average", intake)
    let sizes = try companion(folder, "memory.csv", "AverageAllocatedMb", intake)
    intake.ignored = table.others(than: ["HashFunction"] + minutes.map { table.heading[$0] })
    while try table.next() {
      let copies = intake.copies(ofRow: table.row)
      guard copies > 0 else {
        intake.counts.drop(Intake.unsampled, line: table.line)
        continue
      }
      var series = intake.series("function-\(intake.content.series.count)", .requests, step: minute)
      var isInWindow = false
      for (number, column) in minutes.enumerated() {
        let calls = try table.number(column, "calls of a minute")
        isInWindow =
          try intake.add(
            calls * Double(copies), at: Int64(number) * minute, lasting: minute, to: &series,
            line: table.line) || isInWindow
      }
      guard isInWindow, series.total > 0 else {
        intake.counts.drop(isInWindow ? "never called" : Intake.outside, line: table.line)
        continue
      }
      let name = table.text(hash)
      series.service.concurrency = 1
      series.service.time = (times[name] ?? 1000) / 1000
      series.service.memory = Int64(sizes[name] ?? 256) << 20
      intake.content.series.append(series)
      intake.counts.keep()
      guard intake.content.series.count <= mostFunctions else {
        throw intake.error(
          line: table.line, "too-large", "more than \(mostFunctions) functions",
          expected: "--sample, for a share of them")
      }
    }
    if times.isEmpty {
      intake.assumptions.append("no durations.csv beside the file: a call takes a second")
    }
    if sizes.isEmpty {
      intake.assumptions.append("no memory.csv beside the file: a function takes 256 MiB")
    }
    intake.assumptions.append("calls come evenly within a minute, and a Pod serves one at a time")
  }

  private static let minute: Int64 = 60_000_000_000

  /// A figure of each function from a file beside the invocations; none if there is no such file.
  private static func companion(
    _ folder: String, _ file: String, _ column: String, _ intake: Intake
  ) throws -> [String: Double] {
    let path = (folder.isEmpty ? "" : folder + "/") + file
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let counts = intake.counts
    defer { intake.counts = counts }
    let table = try Table(intake, path: path, requires: ["HashFunction", column])
    var figures: [String: Double] = [:]  // look-up by name
    while try table.next() {
      figures[table.text(table.place("HashFunction"))] = try table.number(
        table.place(column), "a number", below: 1e8)
    }
    return figures
  }

  static let functionTrace = TraceFormat(
    "azure-functions-2021", "Azure Functions of 2021: each call with its duration (CSV)",
    example: "Azure2021.csv", ofJobs
  ) { intake in
    let table = try Table(intake, requires: ["app", "func", "end_timestamp", "duration"])
    let (ended, lasted) = (table.place("end_timestamp"), table.place("duration"))
    intake.ignored = ["app", "func"]
    intake.assumptions.append("a call is a Job of a tenth of a core and 256 MiB")
    let size = JobSize(cpu: 100, memory: 256 << 20)
    while try table.next() {
      let end = try table.seconds(ended)
      let duration = try table.seconds(lasted)
      guard duration <= end + 1_000_000 else {
        throw table.failure(
          lasted, "out-of-order",
          "it took longer than from the start of the trace to its end: time goes back",
          expected: "at most \(table.text(ended)) s")
      }
      try intake.addJob(
        size, at: max(0, end - duration), lasting: duration, row: table.row, line: table.line)
    }
  }
}
