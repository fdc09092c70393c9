import Quantities

/// A JSON document whose objects keep the order of their keys, so that equal input gives equal
/// bytes.
public enum JSONValue: Sendable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number, printed exactly.
  case integer(Int)
  /// A whole number without sign, such as a seed, printed exactly.
  case unsigned(UInt64)
  /// A number, printed to six significant digits; null where it isn't finite.
  case number(Double)
  /// An amount of money, printed exactly.
  case money(Money)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object; the caller sees to it that keys differ.
  case object([(String, JSONValue)])

  /// A number, or null.
  public static func optional(_ value: Double?) -> JSONValue {
    value.map(JSONValue.number) ?? .null
  }
  /// A whole number, or null.
  public static func optional(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
  /// A string, or null.
  public static func optional(_ value: String?) -> JSONValue {
    value.map(JSONValue.string) ?? .null
  }
  /// An array of strings.
  public static func strings(_ values: [String]) -> JSONValue {
    .array(values.map(JSONValue.string))
  }

  /// The document as text, indented by two spaces, with a line end at its end.
  public func rendered() -> String {
    var writer = JSONWriter()
    writer.write(self, depth: 0)
    return writer.text + "\n"
  }

  /// The document on one line, without a line end.
  public func compact() -> String {
    var writer = JSONWriter(isCompact: true)
    writer.write(self, depth: 0)
    return writer.text
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  /// An object from a literal, its keys in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements) }
  /// An array from a literal.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// A string from a literal.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number from a literal.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// True or false from a literal.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Writes JSON after RFC 8259.
struct JSONWriter {
  /// What has been written.
  private(set) var text = ""
  private let isCompact: Bool

  init(isCompact: Bool = false) { self.isCompact = isCompact }

  /// Writes a value that stands at a depth of nesting.
  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value): text += NumberText.machine(value) ?? "null"
    case .money(let value): text += value.decimal
    case .string(let value): writeString(value)
    case .array(let values):
      write(values, between: ("[", "]"), depth: depth) { $0.write($1, depth: depth + 1) }
    case .object(let members):
      write(members, between: ("{", "}"), depth: depth) { writer, member in
        writer.writeString(member.0)
        writer.text += writer.isCompact ? ":" : ": "
        writer.write(member.1, depth: depth + 1)
      }
    }
  }

  private mutating func write<Element>(
    _ elements: [Element], between brackets: (String, String), depth: Int,
    each: (inout JSONWriter, Element) -> Void
  ) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      breakLine(depth: depth + 1)
      each(&self, element)
    }
    if !elements.isEmpty { breakLine(depth: depth) }
    text += brackets.1
  }

  private mutating func breakLine(depth: Int) {
    if isCompact { return }
    text += "\n"
    text += String(repeating: "  ", count: depth)
  }

  private mutating func writeString(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
