import Quantities

/// A table of results: what reports turn into CSV, Markdown or anything else.
public struct ResultTable: Hashable, Sendable {
  /// The table's name, such as `placements`.
  public let name: String
  /// Its columns, in order.
  public let columns: [Column]
  /// Its rows, each with a cell per column.
  public private(set) var rows: [[Cell]] = []

  /// A table without rows.
  public init(_ name: String, columns: [Column]) {
    precondition(
      Set(columns.map(\.header)).count == columns.count, "A table's columns have different names.")
    self.name = name
    self.columns = columns
  }

  /// Appends a row, with a cell of the right kind for every column.
  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "A row has one cell for every column.")
    for (cell, column) in zip(row, columns) {
      precondition(cell.fits(column.kind), "A cell isn't of its column's kind.")
    }
    rows.append(row)
  }

  /// What a column holds.
  public struct Column: Hashable, Sendable {
    /// The kinds of cells.
    public enum Kind: Hashable, Sendable { case number, count, text }

    /// The name, such as `created`.
    public let name: String
    /// The unit, such as `s`; empty if it has none.
    public let unit: String
    /// What its cells are.
    public let kind: Kind

    /// A column.
    public init(_ name: String, unit: String = "", kind: Kind = .number) {
      self.name = name
      self.unit = unit
      self.kind = kind
    }

    /// The column in which a metric's values stand.
    public init<Value>(_ metric: Metric<Value>) {
      self.init(metric.name, unit: metric.unit)
    }

    /// The name with its unit, as a file's header says it: `created_s`.
    public var header: String { unit.isEmpty ? name : name + "_" + unit }
  }

  /// A value in a table.
  public enum Cell: Hashable, Sendable {
    /// A number, printed to six significant digits.
    case number(Double)
    /// A whole number, printed in full.
    case count(Int)
    /// A number, printed exactly; in a column of numbers.
    case exact(Money)
    /// A text.
    case text(String)
    /// A value that doesn't exist.
    case missing

    /// A number in the metric's unit, or a missing value.
    public static func value(_ value: (some MetricValue)?) -> Cell {
      guard let number = value?.reported, number.isFinite else { return .missing }
      return .number(number)
    }

    fileprivate func fits(_ kind: Column.Kind) -> Bool {
      switch (self, kind) {
      case (.number, .number), (.exact, .number), (.count, .count), (.text, .text), (.missing, _):
        true
      default: false
      }
    }
  }
}
