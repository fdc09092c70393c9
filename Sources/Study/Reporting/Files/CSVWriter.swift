import Quantities
import Statistics

/// Writes a table as CSV after RFC 4180: UTF-8, a header, lines ended by CR LF, fields quoted
/// where they hold a comma, a quote or a line end.
///
/// A missing value is an empty field; an empty text is two quotes, so that both can be told apart.
public struct CSVWriter<Sink: TextSink> {
  private let sink: Sink
  private let columns: Int

  /// Writes the header: names with their units.
  public init(columns: [ResultTable.Column], to sink: Sink) throws(OutputError) {
    self.sink = sink
    self.columns = columns.count
    try sink.write(columns.map { Self.field($0.header) }.joined(separator: ",") + "\r\n")
  }

  /// Writes a row, which has one cell per column.
  public func write(_ row: [ResultTable.Cell]) throws(OutputError) {
    precondition(row.count == columns, "A row has one cell per column.")
    var line = ""
    for (index, cell) in row.enumerated() {
      if index > 0 { line += "," }
      switch cell {
      case .number(let value): line += NumberText.machine(value) ?? ""
      case .exact(let amount): line += amount.decimal
      case .count(let value): line += String(value)
      case .text(let text): line += Self.field(text)
      case .missing: break
      }
    }
    try sink.write(line + "\r\n")
  }

  private static func field(_ text: String) -> String {
    let needsQuotes =
      text.isEmpty
      || text.utf8.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r")
          || byte == UInt8(ascii: "\n")
      }
    guard needsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
