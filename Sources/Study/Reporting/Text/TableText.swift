import Quantities
import Statistics

/// A table of results as a command prints it.
public enum TableText {
  /// The forms that there are.
  public enum Form: Sendable {
    /// Columns side by side, as many as the terminal has room for, long texts cut.
    case table
    /// Columns side by side, all of them, whatever the width.
    case wide
    /// CSV after RFC 4180.
    case csv
    /// A table of GitHub's Markdown.
    case markdown
    /// What the first column holds, a line each, none twice.
    case name
  }

  /// A table in one of the forms.
  ///
  /// - Parameter width: the terminal's columns, which ``Form/table`` keeps to by leaving out columns
  ///   from the last one on, and by cutting the first; values under 40 count as 40.
  public static func render(_ table: ResultTable, as form: Form, width: Int) -> String {
    switch form {
    case .table: lines(table, width: max(40, width))
    case .wide: lines(table, width: .max)
    case .csv: csv(table)
    case .markdown: markdown(table)
    case .name: names(table)
    }
  }

  private static func lines(_ table: ResultTable, width: Int) -> String {
    let last = table.columns.indices.dropFirst().reversed()
    var text = TerminalTable(
      table.columns.map {
        (MarkupText.terminal($0.header.uppercased()), $0.kind == .text ? .left : .right)
      }, expendable: Array(last))
    // One long text shouldn't cost the columns behind it.
    let most = width == .max ? width : 32
    for row in table.rows {
      text.row(
        row.enumerated().map { index, cell in
          let content = MarkupText.terminal(readable(cell))
          return index == 0 ? content : TerminalText.cut(content, to: most)
        })
    }
    return text.lines(width: width).joined(separator: "\n") + "\n"
  }

  private static func csv(_ table: ResultTable) -> String {
    let sink = MemorySink()
    do {
      let writer = try CSVWriter(columns: table.columns, to: sink)
      for row in table.rows { try writer.write(row) }
    } catch {
      preconditionFailure("Memory takes every text.")
    }
    return sink.text
  }

  private static func markdown(_ table: ResultTable) -> String {
    var text = MarkdownTable(
      table.columns.map { (MarkupText.markdown($0.header), $0.kind == .text ? .left : .right) })
    for row in table.rows { text.row(row.map { MarkupText.markdown(readable($0)) }) }
    return text.lines.joined(separator: "\n") + "\n"
  }

  private static func names(_ table: ResultTable) -> String {
    var known: Set<String> = []
    var text = ""
    for row in table.rows {
      guard let first = row.first else { continue }
      let name = MarkupText.oneLine(readable(first))
      if known.insert(name).inserted { text += name + "\n" }
    }
    return text
  }

  /// A cell for people.
  private static func readable(_ cell: ResultTable.Cell) -> String {
    switch cell {
    case .number(let value): NumberText.readable(value)
    case .exact(let amount): NumberText.readable(amount.units)
    case .count(let value): NumberText.count(value)
    case .text(let text): text
    case .missing: NumberText.missing
    }
  }
}
