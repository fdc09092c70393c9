import Foundation
import Statistics

/// Reads a run's CSV tables back.
enum TableReader {
  /// The curves of `csv/throughput.csv`; none where there is no such file.
  static func curves(folder: String) throws(SummaryReadingError) -> [TimeSeries] {
    var curves: [TimeSeries] = []
    for row in try rows("throughput", in: folder) {
      let (name, unit, place) = (row.text(0), row.text(1), row.text(2))
      if curves.last.map({ $0.name != name || $0.place != place }) ?? true {
        curves.append(
          TimeSeries(name: name, unit: unit, place: place, step: 0, mean: [], low: [], high: []))
      }
      let last = curves.count - 1
      if curves[last].mean.count == 1 { curves[last].step = try row.number(3) }
      // A value that doesn't exist isn't drawn.
      curves[last].mean.append(try row.optionalNumber(4) ?? .nan)
      if let low = try row.optionalNumber(5) { curves[last].low.append(low) }
      if let high = try row.optionalNumber(6) { curves[last].high.append(high) }
    }
    return curves
  }

  /// What stood where, from `csv/nodes.csv` and `csv/podgroups.csv`.
  static func history(folder: String) throws(SummaryReadingError) -> WorldHistory {
    var history = WorldHistory()
    for row in try rows("nodes", in: folder) {
      history.replication = try row.count(0)
      let (name, site) = (row.text(1), row.text(2))
      if history.nodes.last.map({ $0.name != name || $0.site != site }) ?? true {
        history.nodes.append(WorldHistory.NodeBlock(name: name, site: site))
      }
      let last = history.nodes.count - 1
      if history.nodes[last].present.count == 1 { history.step = try row.number(3) }
      history.nodes[last].present.append(try row.count(4))
      history.nodes[last].ready.append(try row.count(5))
      history.nodes[last].requested.append(try row.number(6))
    }
    for row in try rows("podgroups", in: folder) {
      history.replication = try row.count(0)
      var instants: [Double?] = []
      for column in 3..<8 { instants.append(try row.optionalNumber(column)) }
      history.pods.append(
        WorldHistory.PodGroup(site: row.text(1), count: try row.count(2), instants: instants))
    }
    return history
  }

  private struct Row {
    let file: String
    let line: Int
    let fields: [String]

    func text(_ column: Int) -> String { fields[column] }

    func optionalNumber(_ column: Int) throws(SummaryReadingError) -> Double? {
      if fields[column].isEmpty { return nil }
      guard let value = Double(fields[column]), value.isFinite else {
        throw error("“\(fields[column])” is no number")
      }
      return value
    }

    func number(_ column: Int) throws(SummaryReadingError) -> Double {
      guard let value = try optionalNumber(column) else { throw error("a number is missing") }
      return value
    }

    func count(_ column: Int) throws(SummaryReadingError) -> Int {
      guard let value = Int(fields[column]), value >= 0 else {
        throw error("“\(fields[column])” is no count")
      }
      return value
    }

    func error(_ reason: String) -> SummaryReadingError {
      SummaryReadingError(file: file, path: "line \(line)", reason: reason)
    }
  }

  /// The rows behind the header, each with as many fields as that.
  private static func rows(
    _ table: String, in folder: String
  ) throws(SummaryReadingError) -> [Row] {
    let file = "csv/\(table).csv"
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else { return [] }
    let records = records(of: data)
    guard let columns = records.first?.fields.count else { return [] }
    var rows: [Row] = []
    for record in records.dropFirst() {
      guard record.fields.count == columns else {
        throw SummaryReadingError(
          file: file, path: "line \(record.line)",
          reason: "has \(record.fields.count) fields, expected \(columns)")
      }
      rows.append(Row(file: file, line: record.line, fields: record.fields))
    }
    return rows
  }

  /// The records of a CSV file after RFC 4180, each with its first line's number.
  static func records(of data: Data) -> [(line: Int, fields: [String])] {
    var records: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var quotes = false
    var line = 1
    var start = 1
    func ended() { fields.append(String(decoding: field, as: UTF8.self)) }
    for byte in data {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if quotes, byte != UInt8(ascii: "\"") { (isQuoted, quotes) = (false, false) }
      switch byte {
      case UInt8(ascii: "\"") where quotes:
        field.append(byte)
        quotes = false
      case UInt8(ascii: "\"") where isQuoted: quotes = true
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case UInt8(ascii: ",") where !isQuoted:
        ended()
        field = []
      case UInt8(ascii: "\n") where !isQuoted:
        ended()
        records.append((start, fields))
        (field, fields, start) = ([], [], line)
      case UInt8(ascii: "\r") where !isQuoted: break
      default: field.append(byte)
      }
    }
    if !fields.isEmpty || !field.isEmpty {
      ended()
      records.append((start, fields))
    }
    return records
  }
}
