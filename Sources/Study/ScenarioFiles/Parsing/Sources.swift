/// The texts read so far, by number; turns places into diagnostics.
struct Sources: Sendable {
  private(set) var texts: [SourceText] = []

  mutating func add(_ text: SourceText) -> Int {
    texts.append(text)
    return texts.count - 1
  }

  /// A place as `file:line:column`.
  func describe(_ place: Place) -> String {
    guard place.text >= 0 else { return "the defaults" }
    let text = texts[Int(place.text)]
    return "\(text.name):\(place.line):\(text.column(place))"
  }

  func diagnostic(
    _ severity: Diagnostic.Severity, at place: Place, _ code: String, _ message: String,
    expected: String? = nil, suggestion: String? = nil, path: String? = nil, notes: [String] = [],
    width: Int = 1
  ) -> Diagnostic {
    let text = place.text >= 0 ? texts[Int(place.text)] : nil
    var diagnostic = Diagnostic(
      file: text?.name ?? "the defaults", severity: severity, code: code, message: message,
      expected: expected, suggestion: suggestion)
    diagnostic.path = path
    diagnostic.notes = notes
    guard let text else { return diagnostic }
    diagnostic.line = Int(place.line)
    diagnostic.column = text.column(place)
    diagnostic.sourceLine = String(decoding: text.line(diagnostic.line), as: UTF8.self)
    diagnostic.width = max(1, width)
    return diagnostic
  }

  func diagnostic(_ error: ParsingError) -> Diagnostic {
    diagnostic(
      .error, at: error.place, error.code, error.message, expected: error.expected,
      suggestion: error.suggestion, notes: error.notes, width: error.width)
  }
}
