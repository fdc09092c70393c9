/// A table of a terminal whose first column gives way when the terminal is narrow; when that
/// isn't enough, columns go, the least important first.
struct TerminalTable {
  /// Columns to leave out when space is short, in the order in which they go.
  private let expendable: [Int]
  private let alignments: [TerminalText.Alignment]
  private var rows: [[String]]

  /// A table with headings.
  init(
    _ columns: [(heading: String, alignment: TerminalText.Alignment)], expendable: [Int] = []
  ) {
    self.expendable = expendable
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.heading)]
  }

  /// Adds a row.
  mutating func row(_ cells: [String]) { rows.append(cells) }

  /// The table's lines, the headings first, none wider than so many columns.
  func lines(width limit: Int) -> [String] {
    var widths = alignments.indices.map { column in
      rows.map { TerminalText.width($0[column]) }.max() ?? 0
    }
    var shown = Array(widths.indices)
    func total() -> Int { shown.reduce(0) { $0 + widths[$1] } + 2 * (shown.count - 1) }
    let slack = max(0, (widths.first ?? 0) - 24)
    for column in expendable where total() - slack > limit { shown.removeAll { $0 == column } }
    if total() > limit, !widths.isEmpty { widths[0] = max(8, limit - (total() - widths[0])) }
    return rows.map { row in
      var line = shown.map { column in
        TerminalText.fit(row[column], to: widths[column], alignments[column])
      }.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
