/// How values of a type are read from files and written as files would have them.
struct Codec<Value: Sendable>: Sendable {
  /// What it takes.
  var shape: Shape
  /// Reads a value, or reports why it can't.
  var decode: @Sendable (ManifestValue, inout Reader) -> Value?
  /// Writes a value; nil for one that a file doesn't mention.
  var encode: @Sendable (Value) -> String?
  /// The value between two texts, for a fraction from 0 to 1; nil where there is nothing between.
  var blend: @Sendable (String, String, Double) -> String? = { _, _, _ in nil }
  /// The normal form of a range's end, given the present value.
  var rangeEnd: @Sendable (Value, String) -> String? = { $1 }
  /// The text of the present value with its limit taken away, where it isn't a fixed word.
  var unlimited: (@Sendable (Value) -> String)?

  /// A codec of a scalar whose text a parser reads.
  ///
  /// - Parameters:
  ///   - name: the form's name, for `explain`.
  ///   - json: the JSON types that editors accept.
  ///   - between: the value between two.
  static func scalar(
    _ name: String, json: [String] = ["string"], unit: String = "", expected: String,
    parse: @escaping @Sendable (String) throws(ScalarError) -> Value,
    encode: @escaping @Sendable (Value) -> String?,
    between: (@Sendable (Value, Value, Double) -> Value?)? = nil
  ) -> Codec {
    Codec(
      shape: .scalar(name: name, json: json, unit: unit),
      decode: { value, reader in
        guard let text = reader.scalar(value, expected: expected) else { return nil }
        do throws(ScalarError) {
          return try parse(text)
        } catch {
          reader.error(
            at: value.place, error.code, error.message, expected: error.expected ?? expected,
            suggestion: error.suggestion, width: text.count)
          return nil
        }
      },
      encode: encode,
      blend: { low, high, fraction in
        guard let between, let a = try? parse(low), let b = try? parse(high) else { return nil }
        return between(a, b, fraction).flatMap(encode)
      })
  }

  /// The same for a value that may be absent; `unlimited` reads as nil.
  ///
  /// - Parameter word: how absence is written; nil: only by leaving the field out.
  func optional(written word: String?) -> Codec<Value?> {
    Codec<Value?>(
      shape: shape,
      decode: { value, reader in
        if let word, value.text == word { return .some(nil) }
        return decode(value, &reader).map { .some($0) }
      },
      encode: { value in value.map { encode($0) } ?? word },
      blend: blend,
      rangeEnd: { value, end in
        guard let value else { return end }
        return rangeEnd(value, end)
      })
  }

  /// A list of such values.
  var list: Codec<[Value]> {
    Codec<[Value]>(
      shape: .list(shape),
      decode: { value, reader in
        guard let elements = reader.elements(value, expected: "a list") else { return nil }
        var result: [Value] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
          if let new = reader.within("[\(index)]", { decode(element, &$0) }) { result.append(new) }
        }
        return result
      },
      encode: { values in "[" + values.compactMap(encode).joined(separator: ", ") + "]" })
  }

  /// The same value as another type.
  func map<Other: Sendable>(
    _ forward: @escaping @Sendable (Value) -> Other,
    _ backward: @escaping @Sendable (Other) -> Value
  ) -> Codec<Other> {
    Codec<Other>(
      shape: shape, decode: { decode($0, &$1).map(forward) }, encode: { encode(backward($0)) },
      blend: blend, rangeEnd: { rangeEnd(backward($0), $1) })
  }
}

/// Why a text isn't the scalar it should be.
struct ScalarError: Error {
  var code: String
  var message: String
  var expected: String?
  var suggestion: String?
}

extension Codec {
  /// An object read by a table into a fresh value.
  static func object(
    _ table: FieldTable<Value>, _ make: @escaping @Sendable () -> Value
  ) -> Codec {
    Codec(
      shape: .object(table.outlines(make())),
      decode: { value, reader in
        guard case .mapping = value.content else {
          _ = reader.entries(value, expected: "a mapping")
          return nil
        }
        var result = make()
        table.read(value, into: &result, &reader)
        return result
      },
      encode: { root in
        let parts = table.fields.compactMap { field in
          field.text(root).map { "\(field.name): \($0)" }
        }
        return "{" + parts.joined(separator: ", ") + "}"
      })
  }
}
