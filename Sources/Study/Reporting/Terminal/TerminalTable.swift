/// A table of a terminal whose first column gives way when the terminal is narrow; when that
/// isn't enough, columns from the right go.
struct TerminalTable {
  private let alignments: [TerminalText.Alignment]
  private var rows: [[String]]

  /// A table with headings.
  init(_ columns: [(heading: String, alignment: TerminalText.Alignment)]) {
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
    let least = min(widths.first ?? 0, 24)
    while widths.count > 2, total(widths) - widths[0] + least > limit { widths.removeLast() }
    if total(widths) > limit, !widths.isEmpty {
      widths[0] = max(8, limit - (total(widths) - widths[0]))
    }
    return rows.map { row in
      var line = widths.indices.map { column in
        TerminalText.fit(row[column], to: widths[column], alignments[column])
      }.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }

  private func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * (widths.count - 1) }
}
