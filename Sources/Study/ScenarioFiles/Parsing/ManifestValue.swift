/// A value of a manifest as it was written: every scalar is still a text, everything has a place.
///
/// Scalars are never guessed at: `on`, `010` and `1:30` stay what they are until a field that knows
/// its type reads them.
public struct ManifestValue: Sendable {
  /// What the value is.
  public enum Content: Sendable {
    /// Nothing: an empty value, `~` or `null`.
    case null
    /// A text; quoted ones are never null.
    case scalar(String, isQuoted: Bool)
    /// Values in order.
    case list([ManifestValue])
    /// Values by key, in order; each key once.
    case mapping([Entry])
  }

  /// One key of a mapping with its value.
  public struct Entry: Sendable {
    /// The key.
    public var key: String
    /// Where the key stands.
    public var keyPlace: Place
    /// The value.
    public var value: ManifestValue
  }

  /// What the value is.
  public var content: Content
  /// Where it begins.
  public var place: Place

  init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The entries of a mapping; none of anything else.
  var entries: [Entry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  /// The elements of a list; none of anything else.
  var elements: [ManifestValue] {
    guard case .list(let elements) = content else { return [] }
    return elements
  }

  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  var isNull: Bool {
    if case .null = content { return true }
    return false
  }

  /// The value of a key, or nil.
  subscript(key: String) -> ManifestValue? {
    get {
      guard case .mapping(let entries) = content else { return nil }
      for entry in entries where entry.key == key { return entry.value }
      return nil
    }
    set {
      var entries = self.entries
      let index = entries.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?):
        entries.append(Entry(key: key, keyPlace: value.place, value: value))
      case (nil, nil): break
      }
      content = .mapping(entries)
    }
  }

  /// The value at a path of keys, or nil.
  func value(at path: [String]) -> ManifestValue? {
    var value = self
    for key in path {
      guard let next = value[key] else { return nil }
      value = next
    }
    return value
  }

  /// The value on one line, as YAML's flow style and the paths of overrides write it.
  var flowText: String {
    switch content {
    case .null: return "null"
    case .scalar(let text, let isQuoted): return isQuoted && text.isEmpty ? "\"\"" : text
    case .list(let elements): return "[" + elements.map(\.nestedText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\($0.key): \($0.value.nestedText)" }.joined(separator: ", ") + "}"
    }
  }

  /// The same inside a list or mapping, where a scalar with special characters needs quotes.
  private var nestedText: String {
    guard case .scalar(let text, _) = content, text.contains(where: { ",[]{}:#\"".contains($0) })
    else { return flowText }
    let isPlain = !text.contains(where: { ",[]{}#\"".contains($0) }) && !text.contains(": ")
    return isPlain ? text : quoted(text)
  }
}

/// A text in double quotes, as JSON and YAML both read it back.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
