import Foundation
import ScenarioFiles

/// A file of comma-separated values, read row by row.
final class Table {
  let intake: Intake
  let lines: LineReader
  private(set) var cells = Cells()
  /// The names of the columns.
  let heading: [String]
  /// Rows read so far.
  private(set) var row = 0

  /// The line of the row.
  var line: Int { lines.number }

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - path: its file; nil: the file that is imported.
  ///   - required: the columns that it must have.
  /// - Throws: ``InvalidInput`` if one is missing.
  init(_ intake: Intake, path: String? = nil, requires required: [String]) throws {
    self.intake = intake
    lines = LineReader(try ByteSource(path: path ?? intake.path))
    guard let first = try lines.next() else {
      throw InvalidInput(
        file: lines.source.name, line: 1, column: 1, code: "empty-file",
        message: "the file is empty",
        expected: "a heading with \(required.joined(separator: ", "))")
    }
    cells.split(first)
    var names = (0..<cells.count).map { [cells] in cells.text($0) }
    if names[0].hasPrefix("\u{FEFF}") { names[0].removeFirst() }
    heading = names
    if let missing = required.first(where: { !names.contains($0) }) {
      let text = String(decoding: first.prefix(400), as: UTF8.self)
      throw InvalidInput(
        file: lines.source.name, line: 1, column: 1, code: "wrong-format",
        message: "the heading has no column \"\(missing)\"",
        expected: "a heading with \(required.joined(separator: ", "))", excerpt: text,
        width: min(60, text.count))
    }
  }

  /// Where a column stands; nil if there is none.
  func column(_ name: String) -> Int? { heading.firstIndex(of: name) }

  /// Where a required column stands.
  func place(_ name: String) -> Int { heading.firstIndex(of: name) ?? -1 }

  /// Reads the next row that isn't empty.
  ///
  /// A last line without end that lacks cells was cut, and is dropped.
  /// - Throws: ``InvalidInput`` if it has another number of cells than the heading.
  func next() throws -> Bool {
    while let line = try lines.next() {
      if line.isEmpty { continue }
      cells.split(line)
      row += 1
      if cells.count == heading.count { return true }
      if lines.isOpenEnded, cells.count < heading.count {
        intake.counts.drop(Intake.cut, line: lines.number)
        return false
      }
      throw failure(
        0, "wrong-format", "\(cells.count) cells under a heading of \(heading.count)",
        expected: "\(heading.count) cells")
    }
    return false
  }

  /// An error at a cell of the row.
  func failure(
    _ column: Int, _ code: String, _ message: String, expected: String? = nil
  ) -> InvalidInput {
    let text = String(decoding: cells.line.prefix(2000), as: UTF8.self)
    return InvalidInput(
      file: lines.source.name, line: lines.number, column: cells.column(column), code: code,
      message: message, expected: expected, excerpt: text, width: max(1, cells.bytes(column).count))
  }

  // MARK: Cells

  func text(_ column: Int) -> String { cells.text(column) }

  func isEmpty(_ column: Int) -> Bool { cells.bytes(column).isEmpty }

  /// A number of at least 0 and below `most`.
  func number(_ column: Int, _ what: String, below most: Double = 1e12) throws -> Double {
    guard let value = Figures.number(cells.bytes(column)) else {
      throw failure(
        column, "wrong-value", "\"\(cells.text(column).prefix(40))\" is no number",
        expected: what)
    }
    guard value >= 0 else {
      throw failure(column, "negative", "\(cells.text(column)) is below 0", expected: what)
    }
    guard value < most else {
      throw failure(
        column, "wrong-unit", "\(cells.text(column)) is more than can be meant", expected: what)
    }
    return value
  }

  /// A whole number of at least 0; a fraction is rounded.
  func whole(_ column: Int, _ what: String, below most: Double = 1e9) throws -> Int64 {
    Int64(try number(column, what, below: most).rounded())
  }

  /// A time in seconds, in nanoseconds.
  ///
  /// - Throws: ``InvalidInput`` for what isn't one, or would be one in milliseconds.
  func seconds(_ column: Int) throws -> Int64 {
    let value = try number(column, "a time in seconds")
    guard value < 4e9 else {
      throw failure(
        column, "wrong-unit", "\(cells.text(column)) seconds are more than a hundred years",
        expected: "seconds; this looks like milliseconds")
    }
    return Int64((value * 1e9).rounded())
  }

  /// A date and time, in nanoseconds since 1970.
  func date(_ column: Int) throws -> Int64 {
    guard let value = Figures.date(cells.bytes(column)) else {
      let isNumber = Figures.number(cells.bytes(column)) != nil
      throw failure(
        column, isNumber ? "wrong-unit" : "wrong-value",
        "\"\(cells.text(column).prefix(40))\" is no date and time",
        expected: "a date and time such as 2014-02-14 14:30:00")
    }
    return value
  }

  /// A date and time in order of time, after the first row's.
  func dateInOrder(_ column: Int) throws -> Int64 {
    try intake.inOrder(
      try date(column), line: line, column: cells.column(column), cells.text(column))
  }

  /// Columns that are in the file and not among these.
  func others(than used: [String]) -> [String] { heading.filter { !used.contains($0) } }
}
