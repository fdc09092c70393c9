extension Diagnostic {
  /// The diagnostic for people: place, message, the line with a caret, and what would be right.
  public var text: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    var result = "\(place): \(severity.rawValue): \(message)\n"
    var margin = "  "
    if let sourceLine {
      let number = String(line)
      margin = String(repeating: " ", count: max(5, number.count + 1))
      let (excerpt, indent) = excerpt(of: sourceLine)
      result += "\(margin.dropLast(number.count))\(number) | \(excerpt)\n"
      let marks = String(repeating: "~", count: max(0, min(width, excerpt.count - indent) - 1))
      result += "\(margin) | \(String(repeating: " ", count: indent))^\(marks)\n"
      margin += " "
    }
    for detail in details { result += "\(margin)= \(detail)\n" }
    return result
  }

  private var details: [String] {
    var details: [String] = []
    if let expected { details.append("expected \(expected)") }
    details += notes
    if let suggestion { details.append("did you mean \(suggestion)?") }
    if let path { details.append("at \(path)") }
    return details
  }

  /// The part of a line around the column, and where the column is in it. Dumps have lines of
  /// megabytes.
  private func excerpt(of line: String) -> (text: String, indent: Int) {
    let scalars = Array(line.unicodeScalars)
    let index = min(max(0, column - 1), scalars.count)
    let start = index > 120 ? index - 60 : 0
    let end = min(scalars.count, start + 160)
    var text = String.UnicodeScalarView()
    for scalar in scalars[start..<end] { text.append(scalar == "\t" ? " " : scalar) }
    let before = start > 0 ? "… " : ""
    return (before + String(text) + (end < scalars.count ? " …" : ""), index - start + before.count)
  }

  /// All diagnostics for people, with a closing line that counts them.
  public static func text(of diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "" }
    func count(_ severity: Severity) -> Int { diagnostics.count { $0.severity == severity } }
    func counted(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    let (errors, warnings) = (count(.error), count(.warning))
    var parts: [String] = []
    if errors > 0 { parts.append(counted(errors, "error")) }
    if warnings > 0 { parts.append(counted(warnings, "warning")) }
    let ending = errors > 0 ? ". Nothing was run.\n" : ".\n"
    return diagnostics.map(\.text).joined(separator: "\n") + "\n" + parts.joined(separator: ", ")
      + ending
  }

  /// All diagnostics as JSON: a list of objects, one a line.
  public static func json(of diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "[]\n" }
    return "[\n" + diagnostics.map { "  " + $0.json }.joined(separator: ",\n") + "\n]\n"
  }

  private var json: String {
    func text(_ value: String?) -> String { value.map(quoted) ?? "null" }
    let fields = [
      ("file", quoted(file)), ("line", String(line)), ("column", String(column)),
      ("severity", quoted(severity.rawValue)), ("code", quoted(code)),
      ("message", quoted(([message] + notes).joined(separator: "; "))),
      ("expected", text(expected)),
      ("suggestion", text(suggestion)), ("path", text(path)),
    ]
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }
}
