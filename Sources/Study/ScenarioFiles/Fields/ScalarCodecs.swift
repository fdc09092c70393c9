import Quantities

extension ScalarError {
  init(_ error: QuantityError) {
    let code =
      switch error.reason {
      case .negative: "negative"
      case .outOfRange: "out-of-range"
      case .missingUnit: "missing-unit"
      case .unknownUnit: "wrong-unit"
      case .empty, .malformed, .tooPrecise: "wrong-value"
      }
    self.init(
      code: code, message: error.message, expected: error.expected, suggestion: error.suggestion)
  }

  /// Runs a parser of amounts.
  static func translating<Value>(
    _ body: () throws(QuantityError) -> Value
  ) throws(ScalarError) -> Value {
    do throws(QuantityError) { return try body() } catch { throw ScalarError(error) }
  }
}

extension Codec where Value == String {
  /// Any text.
  static let text = Codec.scalar(
    "text", json: ["string", "number", "boolean"], expected: "a text", parse: { $0 },
    encode: { $0.isEmpty ? nil : $0 })

  /// A name that isn't empty.
  static let name = Codec.scalar(
    "name", json: ["string", "number"], expected: "a name",
    parse: { text throws(ScalarError) in
      guard !text.isEmpty else {
        throw ScalarError(code: "wrong-value", message: "an empty text where a name should be")
      }
      return text
    }, encode: { $0.isEmpty ? nil : $0 })
}

extension Codec where Value == Bool {
  /// Yes or no, in the spellings that Kubernetes' YAML accepts.
  static let flag = Codec.scalar(
    "boolean", json: ["boolean", "string"], expected: "true or false",
    parse: { text throws(ScalarError) in
      switch text {
      case "true", "True", "TRUE", "on", "On", "ON", "yes", "Yes", "YES": return true
      case "false", "False", "FALSE", "off", "Off", "OFF", "no", "No", "NO": return false
      default:
        throw ScalarError(
          code: "wrong-value", message: "\"\(text)\" is neither true nor false",
          suggestion: nearest(to: text, among: ["true", "false", "on", "off"]))
      }
    }, encode: { $0 ? "true" : "false" })

  /// Yes or no, written by two of the spellings that another codec reads.
  static func words(yes: String, no: String, _ reading: Codec) -> Codec {
    var codec = reading
    codec.encode = { $0 ? yes : no }
    return codec
  }

  /// Yes or no by two words of their own.
  static func words(yes: String, no: String) -> Codec {
    var codec = Codec.scalar(
      "word", expected: "\(yes) or \(no)",
      parse: { text throws(ScalarError) in
        guard text == yes || text == no else {
          throw ScalarError(
            code: "wrong-value", message: "\"\(text)\" is neither \(yes) nor \(no)",
            suggestion: nearest(to: text, among: [yes, no]))
        }
        return text == yes
      }, encode: { $0 ? yes : no })
    codec.shape = .choice([no, yes])
    return codec
  }
}

extension Codec where Value: FixedWidthInteger {
  /// A whole number in a range.
  static func integer(
    from low: Value = 0, to high: Value = .max, unit: String = ""
  ) -> Codec {
    let expected =
      high == .max ? "a whole number from \(low)" : "a whole number from \(low) to \(high)"
    return .scalar(
      "integer", json: ["integer", "string"], unit: unit, expected: expected,
      parse: { text throws(ScalarError) in
        guard let number = Value(text), number >= low, number <= high else {
          throw Self.problem(text, low: low)
        }
        return number
      },
      encode: { String($0) },
      between: { a, b, fraction in
        Value(exactly: (Double(a) + (Double(b) - Double(a)) * fraction).rounded())
      })
  }

  private static func problem(_ text: String, low: Value) -> ScalarError {
    guard Double(text)?.isFinite ?? false else {
      return ScalarError(code: "wrong-value", message: "\"\(text)\" is not a whole number")
    }
    if text.hasPrefix("-"), low >= 0 {
      return ScalarError(code: "negative", message: "\"\(text)\" is negative")
    }
    let isWhole = text.allSatisfy { $0.isNumber || $0 == "-" || $0 == "+" }
    return isWhole
      ? ScalarError(code: "out-of-range", message: "\"\(text)\" is out of range")
      : ScalarError(code: "wrong-value", message: "\"\(text)\" is not a whole number")
  }
}

extension Codec where Value == Double {
  /// A number from `low`.
  static func number(from low: Double = 0, unit: String = "") -> Codec {
    .scalar(
      "number", json: ["number", "string"], unit: unit, expected: "a number from \(plain(low))",
      parse: { text throws(ScalarError) in
        guard let number = Double(text), number.isFinite else {
          throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a number")
        }
        guard number >= low else {
          throw ScalarError(
            code: number < 0 ? "negative" : "out-of-range",
            message: number < 0 ? "\"\(text)\" is negative" : "\"\(text)\" is out of range")
        }
        return number
      },
      encode: { plain($0) }, between: { $0 + ($1 - $0) * $2 })
  }

  /// A part of a whole, such as `0.08` or `8%`.
  static let share = Codec.scalar(
    "share", json: ["number", "string"],
    expected: "a number from 0 to 1, or a percentage, such as 0.001 or 0.1%",
    parse: { text throws(ScalarError) in
      try ScalarError.translating { () throws(QuantityError) in try Share.parse(text) }.fraction
    },
    encode: { decimal($0) }, between: { $0 + ($1 - $0) * $2 })

  /// A part of a whole without its ends, such as `0.95`.
  static let properShare = Codec.scalar(
    "share", json: ["number", "string"],
    expected: "a number above 0 and below 1, or a percentage, such as 0.95 or 95%",
    parse: { text throws(ScalarError) in
      let share = try ScalarError.translating { () throws(QuantityError) in try Share.parse(text) }
      guard share.fraction > 0, share.fraction < 1 else {
        throw ScalarError(
          code: "out-of-range", message: "\"\(text)\" leaves nothing to decide",
          expected: "a number above 0 and below 1, such as 0.95")
      }
      return share.fraction
    },
    encode: { plain($0) }, between: { $0 + ($1 - $0) * $2 })
}

extension Codec where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of a type's words.
  static var choice: Codec {
    let words = Value.allCases.map(\.rawValue)
    var codec = Codec.scalar(
      "word", expected: "one of \(words.joined(separator: ", "))",
      parse: { text throws(ScalarError) in
        guard let value = Value(rawValue: text) else {
          throw ScalarError(
            code: "wrong-value", message: "unknown word \"\(text)\"",
            suggestion: nearest(to: text, among: words))
        }
        return value
      }, encode: { $0.rawValue })
    codec.shape = .choice(words)
    return codec
  }
}

/// A number from 0 on without an exponent.
private func decimal(_ number: Double) -> String {
  let parts = "\(number)".split(separator: "e")
  guard parts.count == 2, let exponent = Int(parts[1]), exponent < 0 else { return plain(number) }
  let digits = parts[0].filter { $0 != "." }
  let figures = digits.hasSuffix("0") && digits.count > 1 ? String(digits.dropLast()) : digits
  return "0." + String(repeating: "0", count: -exponent - 1) + figures
}

/// A number without a superfluous `.0`.
func plain(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
