import Foundation

/// JSON documents as YAML.
public enum YAMLText {
  /// A JSON text as block YAML, an object's keys in alphabetical order, as kubectl prints them.
  ///
  /// - Throws: what decoding throws, if the text isn't JSON.
  public static func render(json text: String) throws -> String {
    let document = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    var lines: [String] = []
    write(document, at: "", lead: "", to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes a value whose first line begins with `lead`, and whose further lines are indented.
  private static func write(
    _ value: JSONValue, at indent: String, lead: String, to lines: inout [String]
  ) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      for (index, element) in elements.enumerated() {
        let dash = (index == 0 ? lead : indent) + "- "
        write(element, at: indent + "  ", lead: dash, to: &lines)
      }
    case .object(let members) where !members.isEmpty:
      for (index, (name, member)) in members.enumerated() {
        let key = (index == 0 ? lead : indent) + scalar(name) + ":"
        switch member {
        case .array(let elements) where !elements.isEmpty:
          lines.append(key)
          write(member, at: indent, lead: indent, to: &lines)
        case .object(let inner) where !inner.isEmpty:
          lines.append(key)
          write(member, at: indent + "  ", lead: indent + "  ", to: &lines)
        default: lines.append("\(key) \(plain(member))")
        }
      }
    default: lines.append(lead + plain(value))
    }
  }

  private static func plain(_ value: JSONValue) -> String {
    if case .string(let text) = value { return scalar(text) }
    return value.compact()
  }

  /// A text as YAML reads it back: in quotes where it could be taken for something else.
  private static func scalar(_ text: String) -> String {
    let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    let isPlain =
      text.first.map { $0.isASCII && $0.isLetter || $0 == "/" } ?? false
      && text.last != " "
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "_./- ".contains($0) }
      && !words.contains(text.lowercased())
    return isPlain ? text : JSONValue.string(text).compact()
  }
}
