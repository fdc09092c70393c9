/// A table of GitHub's Markdown; its cells are Markdown already.
struct MarkdownTable {
  /// How a column's cells are aligned.
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private(set) var lines: [String]

  /// A table with headings, given with their columns' alignment.
  init(_ columns: [(heading: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    lines = [
      "| " + columns.map(\.heading).joined(separator: " | ") + " |",
      "|" + alignments.map { $0 == .left ? "---|" : "---:|" }.joined(),
    ]
  }

  /// Adds a row.
  mutating func row(_ cells: [String]) {
    lines.append("| " + cells.joined(separator: " | ") + " |")
  }

  /// Whether no row has been added.
  var isEmpty: Bool { lines.count == 2 }
}
