/// HTML under construction, block by block.
struct PageWriter {
  /// What has been written.
  private(set) var text = ""

  /// Text from outside, such as a manifest's names, made harmless.
  static func escaped(_ text: String) -> String { MarkupText.xml(MarkupText.oneLine(text)) }

  /// Text from outside set as code.
  static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// Adds markup as it is.
  mutating func raw(_ markup: String) { text += markup + "\n" }

  /// Adds a paragraph of text from outside.
  mutating func paragraph(_ content: String, class style: String = "") {
    raw("<p\(Self.attribute(style))>\(Self.escaped(content))</p>")
  }

  /// Begins a section with a heading, which the page's list of contents leads to.
  mutating func beginSection(_ name: String, _ title: String) {
    raw("<section id=\"\(name)\" aria-labelledby=\"\(name)-title\">")
    raw("<h2 id=\"\(name)-title\">\(Self.escaped(title))</h2>")
  }

  /// Ends the section.
  mutating func endSection() { raw("</section>") }

  /// Adds a list of markup.
  mutating func list(_ items: [String], class style: String = "") {
    raw("<ul\(Self.attribute(style))>" + items.map { "<li>\($0)</li>" }.joined() + "</ul>")
  }

  /// Adds a table, unless it has no rows.
  mutating func table(_ table: PageTable) { if !table.isEmpty { raw(table.rendered) } }

  private static func attribute(_ style: String) -> String {
    style.isEmpty ? "" : " class=\"\(style)\""
  }
}

/// A table of a page, which where the page is narrow scrolls sideways, or shows its rows' cells one
/// below the other.
struct PageTable {
  /// How a column's cells are set.
  enum Column {
    case text(String)
    case number(String)
    /// A picture as wide as there is room.
    case strip(String)
  }

  private let caption: String
  private let columns: [Column]
  private let stacks: Bool
  private var rows = ""
  private(set) var isEmpty = true

  /// A table without rows.
  ///
  /// - Parameters:
  ///   - caption: what it shows, for people who can't see where it stands.
  ///   - stacks: whether cells go one below the other on a telephone: for words, not for figures
  ///     that are compared down a column.
  init(_ caption: String, stacks: Bool = false, _ columns: [Column]) {
    self.caption = caption
    self.stacks = stacks
    self.columns = columns
  }

  /// Adds a row of markup; its first cell is the row's name.
  mutating func row(_ cells: [String], class style: String = "") {
    precondition(cells.count == columns.count, "A row has a cell per column.")
    isEmpty = false
    rows += style.isEmpty ? "<tr>" : "<tr class=\"\(style)\">"
    for (index, cell) in cells.enumerated() {
      rows +=
        index == 0
        ? "<th scope=\"row\">\(cell)</th>"
        : "<td\(attribute(of: index))\(label(of: index))>\(cell)</td>"
    }
    rows += "</tr>\n"
  }

  private func attribute(of index: Int) -> String {
    switch columns[index] {
    case .text: ""
    case .number: " class=\"number\""
    case .strip: " class=\"strip\""
    }
  }

  private func label(of index: Int) -> String {
    switch columns[index] {
    case .text(let title), .number(let title):
      stacks ? " data-label=\"\(PageWriter.escaped(title))\"" : ""
    case .strip: ""
    }
  }

  /// The table as markup.
  var rendered: String {
    let name = PageWriter.escaped(caption)
    var text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(name)\">"
    text += "<table\(stacks ? " class=\"stack\"" : "")><caption>\(name)</caption><thead><tr>"
    for (index, column) in columns.enumerated() {
      let title =
        switch column {
        case .text(let title), .number(let title), .strip(let title): title
        }
      text += "<th scope=\"col\"\(attribute(of: index))>\(PageWriter.escaped(title))</th>"
    }
    return text + "</tr></thead><tbody>\n\(rows)</tbody></table></div>"
  }
}

/// A strip of coloured stretches in a table's cell, as wide as there is room.
struct Strip {
  /// The strip's own width; the page stretches it.
  static let width = 1000.0
  private var body = ""
  private let label: String

  /// An empty strip; its label says in words what it shows.
  init(label: String) { self.label = label }

  /// Adds a stretch between two shares of the width.
  mutating func add(from start: Double, to end: Double, class style: String, title: String) {
    let low = min(max(start, 0), 1) * Self.width
    let high = min(max(end, 0), 1) * Self.width
    guard high > low || start >= 0 && start <= 1 else { return }
    let x = Drawing.number(min(low, Self.width - 2))
    let width = Drawing.number(max(high - low, 2))
    body += "<rect class=\"\(style)\" x=\"\(x)\" width=\"\(width)\" height=\"16\">"
    body += "<title>\(PageWriter.escaped(title))</title></rect>"
  }

  /// Adds a thin line between two shares of the width.
  mutating func addWhisker(from start: Double, to end: Double) {
    let low = min(max(start, 0), 1) * Self.width
    let high = min(max(end, 0), 1) * Self.width
    body += "<rect class=\"whisker\" x=\"\(Drawing.number(low))\" y=\"7\""
    body += " width=\"\(Drawing.number(max(high - low, 2)))\" height=\"2\"/>"
  }

  /// Adds an upright line at a share of the width.
  mutating func addMark(at share: Double, title: String) {
    guard share >= 0, share <= 1 else { return }
    body += "<rect class=\"mark\" x=\"\(Drawing.number(share * Self.width - 1.5))\" width=\"3\""
    body += " height=\"16\"><title>\(PageWriter.escaped(title))</title></rect>"
  }

  /// The strip as markup.
  var rendered: String {
    "<svg class=\"bars\" viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" role=\"img\""
      + " aria-label=\"\(PageWriter.escaped(label))\">\(body)</svg>"
  }
}
