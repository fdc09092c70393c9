import Foundation
import Infrastructure
import Quantities

/// Reads failures of machines from a CSV file.
///
/// The first line names the columns. Needed are the machine (`node`, `node_id` or `machine`) and when
/// it failed (`failure_time`, `start` or `time`); how long it stayed so (`duration`, in seconds) or
/// when it worked again (`recovery_time` or `end`) may be given. Times are seconds, or dates with
/// times as `2018-01-02 03:09:38` or RFC 3339 have it; the first failure is at time zero.
enum FaultTraceReading {
  private static let machineNames = ["node", "node_id", "machine"]
  private static let startNames = ["failure_time", "start", "time"]
  private static let endNames = ["recovery_time", "end"]

  private struct Columns {
    var machine: Int
    var start: Int
    var end: Int?
    var duration: Int?
  }

  static func read(
    _ path: String, at place: Place, into trace: inout FaultTrace, _ reader: inout Reader
  ) {
    trace.file = path
    var full = path
    if place.text >= 0, !path.hasPrefix("/") {
      let folder = (reader.sources.texts[Int(place.text)].name as NSString)
        .deletingLastPathComponent
      if !folder.isEmpty { full = "\(folder)/\(path)" }
    }
    guard let data = FileManager.default.contents(atPath: full),
      let text = String(data: data, encoding: .utf8)
    else {
      reader.error(
        at: place, "unreadable-file", "\"\(full)\" can't be read",
        expected: "a CSV file, not compressed, relative to this one", width: path.count)
      return
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
    }
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    let file = CSVFile(name: full, lines: lines, place: place)
    guard let columns = columns(of: file, &reader) else { return }
    fill(&trace, from: file, columns, &reader)
  }

  private struct CSVFile {
    var name: String
    var lines: [String]
    var place: Place

    func cells(_ line: Int) -> [Substring] {
      lines[line].split(separator: ",", omittingEmptySubsequences: false)
    }

    func report(
      _ code: String, _ message: String, line: Int, column: Int, expected: String, width: Int = 1,
      _ reader: inout Reader
    ) {
      var diagnostic = Diagnostic(
        file: name, code: code, message: message, expected: expected)
      diagnostic.line = line + 1
      diagnostic.sourceLine = line < lines.count ? lines[line] : ""
      let cells = line < lines.count ? cells(line) : []
      diagnostic.column = 1 + cells.prefix(column).reduce(0) { $0 + $1.count + 1 }
      diagnostic.width = max(1, width)
      diagnostic.path = reader.currentPath
      reader.diagnostics.append(diagnostic)
    }
  }

  private static func columns(of file: CSVFile, _ reader: inout Reader) -> Columns? {
    guard !file.lines.isEmpty else {
      file.report(
        "empty-file", "an empty file", line: 0, column: 0,
        expected: "a line with the columns' names", &reader)
      return nil
    }
    let names = file.cells(0).map { $0.trimmingCharacters(in: .whitespaces) }
    func column(_ wanted: [String]) -> Int? { names.firstIndex { wanted.contains($0) } }
    guard let machine = column(machineNames), let start = column(startNames) else {
      let missing = column(machineNames) == nil ? machineNames : startNames
      file.report(
        "missing-key", "no column \"\(missing[0])\"", line: 0, column: 0,
        expected: "one of \(missing.joined(separator: ", "))", width: file.lines[0].count, &reader)
      return nil
    }
    return Columns(
      machine: machine, start: start, end: column(endNames), duration: column(["duration"]))
  }

  private static func fill(
    _ trace: inout FaultTrace, from file: CSVFile, _ columns: Columns, _ reader: inout Reader
  ) {
    var numbers: [String: Int32] = [:]  // name look-up
    var rows: [(machine: Int32, start: Double, lasting: Double?)] = []
    for line in 1..<max(1, file.lines.count) {
      let cells = file.cells(line)
      guard cells.count > max(columns.machine, columns.start) else {
        file.report(
          "missing-value", "a line with too few columns", line: line, column: 0,
          expected: file.lines[0], width: file.lines[line].count, &reader)
        return
      }
      guard let start = seconds(cells, columns.start, file, line, &reader) else { return }
      var lasting: Double?
      if let column = columns.duration, column < cells.count, !cells[column].isEmpty {
        guard let span = seconds(cells, column, file, line, &reader) else { return }
        lasting = span
      } else if let column = columns.end, column < cells.count, !cells[column].isEmpty {
        guard let end = seconds(cells, column, file, line, &reader) else { return }
        lasting = end - start
      }
      if let lasting, lasting < 0 {
        let column = columns.duration ?? columns.end ?? 0
        file.report(
          "negative", "the machine works again before it fails", line: line, column: column,
          expected: "an end after the start", width: cells[column].count, &reader)
        return
      }
      let name = String(cells[columns.machine])
      let machine = numbers[name] ?? Int32(trace.machines.count)
      if Int(machine) == trace.machines.count {
        numbers[name] = machine
        trace.machines.append(name)
      }
      rows.append((machine, start, lasting))
    }
    let first = rows.map(\.start).min() ?? 0
    trace.faults = rows.map {
      TracedFault(
        machine: $0.machine, at: .seconds($0.start - first),
        lasting: $0.lasting.map { .seconds($0) })
    }.sorted { ($0.at, $0.machine) < ($1.at, $1.machine) }
  }

  private static func seconds(
    _ cells: [Substring], _ column: Int, _ file: CSVFile, _ line: Int, _ reader: inout Reader
  ) -> Double? {
    let text = cells[column].trimmingCharacters(in: .whitespaces)
    if let number = Double(text), number.isFinite, abs(number) < 9e9 { return number }
    let zoned = text.hasSuffix("Z") || text.dropFirst(10).contains { "+-".contains($0) }
    let date = text.replacingOccurrences(of: " ", with: "T") + (zoned ? "" : "Z")
    if let nanoseconds = timestamp(date) { return Double(nanoseconds) / 1e9 }
    file.report(
      "wrong-value", "\"\(text)\" is no time", line: line, column: column,
      expected: "seconds, or a date and time such as 2018-01-02 03:09:38", width: text.count,
      &reader)
    return nil
  }
}
