import Foundation
import Quantities

/// Reads back what ``JSONValue`` writes.
extension JSONValue: Decodable {
  /// Decodes any JSON; the order of an object's keys is lost.
  public init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: FieldName.self) {
      let members = try keyed.allKeys.sorted { $0.stringValue < $1.stringValue }
        .map { ($0.stringValue, try keyed.decode(JSONValue.self, forKey: $0)) }
      self = .object(members)
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      var values: [JSONValue] = []
      while !list.isAtEnd { values.append(try list.decode(JSONValue.self)) }
      self = .array(values)
      return
    }
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let value = try? single.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? single.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? single.decode(Double.self) {
      // Amounts of money have more digits than a Double: they are kept if they fit. `units` is rounded
      // twice, and so may differ in the last bit.
      let exact = try? single.decode(Decimal.self)
      let money = exact.flatMap { try? Money.parse("\($0)") }
      self =
        money.map {
          abs($0.units - value) <= 2 * value.ulp ? .money($0) : .number(value)
        } ?? .number(value)
    } else {
      self = .string(try single.decode(String.self))
    }
  }

  private struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A JSON object while it is read: fields by name, with the path for whoever must mend it.
struct JSONFields {
  private let members: [String: JSONValue]  // name look-up
  private let path: String

  init(_ value: JSONValue, at path: String) throws(SummaryReadingError) {
    guard case .object(let members) = value else {
      throw SummaryReadingError(path: path, reason: "expected an object")
    }
    self.members = Dictionary(members) { first, _ in first }
    self.path = path
  }

  private func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func text(_ name: String) throws(SummaryReadingError) -> String {
    guard case .string(let text)? = members[name] else { throw error(name, "a text") }
    return text
  }

  func optionalText(_ name: String) throws(SummaryReadingError) -> String? {
    switch members[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw error(name, "a text or null")
    }
  }

  func optionalNumber(_ name: String) throws(SummaryReadingError) -> Double? {
    switch members[name] {
    case nil, .null?: return nil
    case .number(let value)?: return value
    case .money(let value)?: return value.units
    case .unsigned(let value)?: return Double(value)
    default: throw error(name, "a number or null")
    }
  }

  func number(_ name: String) throws(SummaryReadingError) -> Double {
    guard let value = try optionalNumber(name) else { throw error(name, "a number") }
    return value
  }

  func money(_ name: String) throws(SummaryReadingError) -> Money {
    switch members[name] {
    case .money(let amount)?: return amount
    case .unsigned(let value)? where value < 1 << 62:
      return Money(picounits: Int128(value) * 1_000_000_000_000)
    case .number(let value)? where value.magnitude < 1e18:
      return Money(picounits: Int128((value * 1e12).rounded()))
    default: throw error(name, "an amount of money")
    }
  }

  func unsigned(_ name: String) throws(SummaryReadingError) -> UInt64 {
    guard case .unsigned(let value)? = members[name] else {
      throw error(name, "a whole number of at least 0")
    }
    return value
  }

  func count(_ name: String) throws(SummaryReadingError) -> Int {
    guard let value = Int(exactly: try unsigned(name)) else {
      throw error(name, "a whole number of at least 0")
    }
    return value
  }

  func flag(_ name: String) throws(SummaryReadingError) -> Bool {
    guard case .bool(let value)? = members[name] else { throw error(name, "true or false") }
    return value
  }

  func texts(_ name: String) throws(SummaryReadingError) -> [String] {
    guard let value = members[name] else { return [] }
    guard case .array(let values) = value else { throw error(name, "a list of texts") }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw error(name, "a list of texts") }
      texts.append(text)
    }
    return texts
  }

  /// Whole numbers of at least 0; none where there is no such field.
  func counts(_ name: String) throws(SummaryReadingError) -> [Int] {
    guard let value = members[name] else { return [] }
    guard case .array(let values) = value else { throw error(name, "a list of whole numbers") }
    var counts: [Int] = []
    for value in values {
      guard case .unsigned(let number) = value, let count = Int(exactly: number) else {
        throw error(name, "a list of whole numbers")
      }
      counts.append(count)
    }
    return counts
  }

  /// Whether there is a field that is something else than null.
  func has(_ name: String) -> Bool {
    if case .null? = members[name] { return false }
    return members[name] != nil
  }

  /// An object inside.
  func object(_ name: String) throws(SummaryReadingError) -> JSONFields {
    guard let value = members[name] else { throw error(name, "an object") }
    return try JSONFields(value, at: child(name))
  }

  /// The objects of a list inside.
  func objects(_ name: String) throws(SummaryReadingError) -> [JSONFields] {
    guard let value = members[name] else { return [] }
    guard case .array(let values) = value else { throw error(name, "a list") }
    var found: [JSONFields] = []
    for (index, value) in values.enumerated() {
      found.append(try JSONFields(value, at: "\(child(name))[\(index)]"))
    }
    return found
  }

  /// The names that the object has, sorted.
  var names: [String] { members.keys.sorted() }

  /// One of a text's allowed values.
  func choice<Choice: RawRepresentable<String>>(
    _ name: String, of type: Choice.Type
  ) throws(SummaryReadingError) -> Choice {
    guard let choice = Choice(rawValue: try text(name)) else {
      throw error(name, "one of its values")
    }
    return choice
  }

  private func error(_ name: String, _ expected: String) -> SummaryReadingError {
    SummaryReadingError(path: child(name), reason: "expected \(expected)")
  }
}

/// What is wrong in a run's folder that is to be shown again.
public struct SummaryReadingError: Error, CustomStringConvertible {
  /// The file's name within the folder.
  public var file = "summary.json"
  /// Where in the file.
  public let path: String
  /// What is wrong there.
  public let reason: String
  /// The error in one line.
  public var description: String {
    path.isEmpty ? "\(file): \(reason)" : "\(file): \(path): \(reason)"
  }
}
