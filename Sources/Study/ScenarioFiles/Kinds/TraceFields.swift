import Foundation
import Probability
import Quantities
import Workloads

extension LoadProfile.Trace {
  static let fields = FieldTable<LoadProfile.Trace> { table in
    table.custom(
      "file", .scalar(name: "path", json: ["string"], unit: ""),
      Note(
        "A CSV file relative to this one, with a row for each Job (arrival and time that it runs) or "
          + "level (from when on, and replicas), in seconds after the start."
      ).required,
      text: { $0.file },
      { value, trace, reader in
        guard let path = reader.scalar(value, expected: "a path") else { return }
        trace.file = path
        trace.rows = reader.traceRows(inFile: path, at: value.place)
      })
    table.field(
      "scale", \.scale, .number(),
      Note("Jobs that come for each recorded one, or what every level is multiplied by."))
  }
}

extension Reader {
  /// The rows of a trace, in order of time; its first row may be a header.
  fileprivate mutating func traceRows(
    inFile path: String, at place: Place
  ) -> [LoadProfile.Trace.Row] {
    let full = sources.path(path, namedAt: place)
    guard let data = FileManager.default.contents(atPath: full) else {
      error(
        at: place, "unreadable-file", "\"\(full)\" can't be read",
        expected: "a path relative to this file", width: path.count)
      return []
    }
    var rows: [LoadProfile.Trace.Row] = []
    let lines = data.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
    for (index, line) in lines.enumerated() {
      let cells = String(decoding: line, as: UTF8.self).split(
        separator: ",", omittingEmptySubsequences: false
      ).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
      if cells == [""] { continue }
      let numbers = cells.prefix(2).compactMap(Double.init).filter { $0 >= 0 && $0 < 1e9 }
      guard cells.count >= 2, numbers.count == 2 else {
        if index == 0 { continue }
        error(
          at: place, "wrong-value", "line \(index + 1) of \"\(full)\" is no row of a trace",
          expected: "two numbers from 0: seconds after the start, and seconds of work or replicas",
          width: path.count)
        return []
      }
      let row = LoadProfile.Trace.Row(at: .seconds(numbers[0]), value: numbers[1])
      if let last = rows.last, row.at < last.at {
        error(
          at: place, "out-of-order",
          "line \(index + 1) of \"\(full)\" is earlier than the one before",
          expected: "rows in order of time", width: path.count)
        return []
      }
      rows.append(row)
    }
    if rows.isEmpty {
      error(
        at: place, "empty-file", "there is no row in \"\(full)\"",
        expected: "rows of a CSV file with two numbers each", width: path.count)
    }
    return rows
  }
}
