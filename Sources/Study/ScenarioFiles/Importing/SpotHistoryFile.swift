import Foundation
import Infrastructure
import Quantities

/// A recorded spot market: availabilities, prices or lifetimes, told by what the file looks like.
///
/// - JSON with `metadata.gap_seconds` and `data`: one value per gap, the number of available
///   instances (SkyPilot's traces; ``AvailabilitySense`` has why). There is capacity while there is
///   one at least.
/// - JSON with `SpotPriceHistory`, as `aws ec2 describe-spot-price-history` prints it, newest first.
/// - CSV with columns `timestamp` and a price, perhaps `instance_type` and `availability_zone`.
/// - CSV without a header: milliseconds, `add` or `remove`, node (Bamboo's traces).
///
/// What is out of order is sorted, what is doubled counts once, what is missing stays as before: each
/// with a warning at its line that says so. What can't be meant is an error.
public struct SpotHistoryFile: Sendable {
  /// What a file holds.
  public enum Content: Sendable {
    /// Whether there was capacity.
    case availability(AvailabilityHistory)
    /// Prices by instance type and zone, the longest series first.
    case prices([Series])
    /// How long nodes lived.
    case lifetimes(LifetimeHistory)
  }
  /// A price with its name.
  public struct Series: Sendable {
    /// Instance type and zone, as far as the file tells them apart.
    public var name: String
    /// The price over time.
    public var history: PriceHistory
  }

  /// What it holds.
  public private(set) var content: Content
  /// What was assumed, each at its line.
  public private(set) var warnings: [Diagnostic]

  /// Reads a file.
  ///
  /// - Parameter sense: what the numbers of an availability count.
  /// - Throws: ``InvalidInput`` for a file that can't be read or whose rows can't be meant.
  public init(
    path: String, sense: AvailabilitySense = .available
  ) throws(InvalidInput) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InvalidInput(diagnostics: [
        Diagnostic(
          file: path, code: "unreadable-file", message: "\"\(path)\" can't be read",
          expected: "a JSON or CSV file, not compressed")
      ])
    }
    try self.init(Array(data), called: path, sense: sense)
  }

  /// Reads a history from its bytes, which aren't compressed.
  ///
  /// - Parameters:
  ///   - name: what diagnostics call it.
  ///   - sense: what the numbers of an availability count.
  /// - Throws: ``InvalidInput`` for bytes whose rows can't be meant.
  public init(
    _ bytes: [UInt8], called name: String, sense: AvailabilitySense = .available
  ) throws(InvalidInput) {
    var rows = SpotRows(bytes, called: name)
    let first = bytes.first { !$0.isBlank }
    let content: Content?
    if bytes.starts(with: [0x1F, 0x8B]) {
      rows.fail(0, "not-text", "the file is compressed", expected: "the file unpacked by gunzip")
      content = nil
    } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      content = SpotJSONReading.read(&rows, sense)
    } else {
      content = SpotCSVReading.read(&rows)
    }
    guard let content, rows.errors.isEmpty else {
      throw InvalidInput(diagnostics: rows.errors)
    }
    self.content = content
    warnings = rows.warnings
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

/// The lines of a history while it is read, and what is wrong with them.
struct SpotRows {
  let source: SourceText
  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  private var counts: [(code: String, number: Int)] = []

  /// How many warnings of a kind are shown; further ones are counted in the last.
  private static let most = 5

  init(_ bytes: [UInt8], called name: String) {
    source = SourceText(name: name, bytes: bytes, countsBytes: true)
  }

  private func diagnostic(
    _ line: Int, _ severity: Diagnostic.Severity, _ code: String, _ message: String,
    _ expected: String?, column: Int, width: Int
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      file: source.name, severity: severity, code: code, message: message, expected: expected)
    diagnostic.line = line
    if line > 0 {
      diagnostic.column = column
      // A trace may be one line of twenty thousand values.
      let text = String(decoding: source.line(line), as: UTF8.self)
      if text.count <= 200 { diagnostic.sourceLine = text }
      diagnostic.width = max(1, width)
    }
    return diagnostic
  }

  mutating func fail(
    _ line: Int, _ code: String, _ message: String, expected: String? = nil, column: Int = 1,
    width: Int = 1
  ) {
    errors.append(
      diagnostic(line, .error, code, message, expected, column: column, width: width))
  }

  /// Says what was assumed.
  mutating func assume(
    _ line: Int, _ code: String, _ message: String, column: Int = 1, width: Int = 1
  ) {
    let index = counts.firstIndex { $0.code == code } ?? counts.count
    if index == counts.count { counts.append((code, 0)) }
    counts[index].number += 1
    if counts[index].number <= Self.most {
      warnings.append(
        diagnostic(line, .warning, code, message, nil, column: column, width: width))
    } else if let last = warnings.lastIndex(where: { $0.code == code }) {
      warnings[last].notes = ["and \(counts[index].number - Self.most) more like it"]
    }
  }
}

/// A row of a price history.
struct SpotPriceRow {
  var line: Int
  var column = 1
  /// Seconds since 1970.
  var time: Double
  var price: Double
  var series: String
}

extension SpotRows {
  /// Puts rows in order, counts doubled ones once, and tells series apart.
  ///
  /// - Parameter isNewestFirst: whether rows may descend without being out of order.
  mutating func series(
    of rows: [SpotPriceRow], isNewestFirst: Bool
  ) -> [SpotHistoryFile.Series] {
    var names: [String] = []
    for row in rows where !names.contains(row.series) { names.append(row.series) }
    var result: [SpotHistoryFile.Series] = []
    for name in names {
      var own = rows.filter { $0.series == name }
      if isNewestFirst { own.reverse() }
      for (before, row) in zip(own, own.dropFirst()) where row.time < before.time {
        let late = isNewestFirst ? before : row
        assume(
          late.line, "out-of-order",
          "the row isn't in the order of time; it was sorted in", column: late.column)
      }
      own.sort { ($0.time, $0.line) < ($1.time, $1.line) }
      var history = PriceHistory(changes: [])
      var last: SpotPriceRow?
      for row in own {
        if let last, last.time == row.time {
          let isSame = last.price == row.price
          assume(
            row.line, "doubled-row",
            isSame
              ? "the row is there already, at line \(last.line); it counts once"
              : "another price at the time of line \(last.line); the later line counts",
            column: row.column)
          history.changes[history.changes.count - 1].price = row.price
          continue
        }
        if let last, row.time - last.time > 3 * 86_400 {
          assume(
            row.line, "gap",
            "no row for \(TimeSpan.seconds(row.time - last.time).formatted); the price was taken to "
              + "stay at \(plain(last.price))", column: row.column)
        }
        last = row
        history.changes.append(
          PriceHistory.Change(at: .seconds(row.time - (own.first?.time ?? 0)), price: row.price))
      }
      result.append(SpotHistoryFile.Series(name: name, history: history))
    }
    return result.sorted { $0.history.changes.count > $1.history.changes.count }
  }

  /// The seconds of a date and time, or of a number of seconds since 1970; nil if it is neither.
  mutating func time(_ text: String, _ line: Int, column: Int) -> Double? {
    if let number = Double(text), number.isFinite {
      if number > 1e11 {
        assume(
          line, "wrong-unit", "\(text) was taken for milliseconds since 1970", column: column,
          width: text.count)
        return number / 1000
      }
      return number
    }
    let dated = text.count > 10 && text.dropFirst(10).first == " "
    var date = dated ? text.replacingOccurrences(of: " ", with: "T") : text
    let hasZone = date.hasSuffix("Z") || date.dropFirst(10).contains { "+-".contains($0) }
    if !hasZone { date += "Z" }
    if let nanoseconds = timestamp(date) { return Double(nanoseconds) / 1e9 }
    fail(
      line, "wrong-value", "\"\(text)\" is no time",
      expected: "a date and time such as 2016-02-25T08:04:32Z, or seconds since 1970",
      column: column, width: text.count)
    return nil
  }

  /// A price above zero; reports anything else.
  mutating func price(_ text: String, _ line: Int, column: Int) -> Double? {
    guard let price = Double(text), price.isFinite else {
      fail(
        line, "wrong-value", "\"\(text)\" is no price", expected: "an amount per hour",
        column: column, width: text.count)
      return nil
    }
    guard price > 0 else {
      fail(
        line, price < 0 ? "negative" : "out-of-range", "a price of \(text)",
        expected: "an amount above 0", column: column, width: text.count)
      return nil
    }
    if price > 1000 {
      assume(
        line, "wrong-unit", "a price of \(text) an hour was taken as it stands", column: column,
        width: text.count)
    }
    return price
  }
}
