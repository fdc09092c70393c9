/// A JSON value that is written out, with its members in order.
indirect enum JSONText {
  case string(String)
  case number(Int)
  case decimal(Double)
  case flag(Bool)
  case null
  case list([JSONText])
  case object([(String, JSONText)])

  /// A text, or null.
  static func text(_ value: String?) -> JSONText { value.map { .string($0) } ?? .null }

  /// The value over several lines, indented by two blanks a level.
  func written(indent: Int = 0) -> String {
    let margin = String(repeating: "  ", count: indent + 1)
    let end = "\n" + String(repeating: "  ", count: indent)
    switch self {
    case .string(let text): return quoted(text)
    case .number(let number): return "\(number)"
    case .decimal(let number): return plain(number)
    case .flag(let flag): return flag ? "true" : "false"
    case .null: return "null"
    case .list(let elements):
      guard !elements.isEmpty else { return "[]" }
      let isShort = elements.allSatisfy { if case .string = $0 { true } else { false } }
      if isShort { return "[" + elements.map { $0.written() }.joined(separator: ", ") + "]" }
      return "[\n"
        + elements.map { margin + $0.written(indent: indent + 1) }
        .joined(separator: ",\n") + end + "]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      return "{\n"
        + members.map { "\(margin)\(quoted($0.0)): \($0.1.written(indent: indent + 1))" }
        .joined(separator: ",\n") + end + "}"
    }
  }
}
