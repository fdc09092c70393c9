extension SourceText {
  /// Hands over every document of the text.
  ///
  /// - Throws: a ``ParsingError`` for what isn't YAML or JSON, isn't UTF-8, or asks for too much,
  ///   and whatever `body` throws.
  func documents(
    number: Int, limits: ParsingLimits = ParsingLimits(), _ body: (ManifestValue) throws -> Void
  ) throws {
    let start = Place(text: number, line: 1, column: 1)
    guard bytes.count <= limits.bytes else {
      throw ParsingError(
        place: start, code: "too-large",
        message: "the file has \(bytes.count) bytes, more than \(limits.bytes)")
    }
    var count = 0
    if countsBytes {
      if Self.firstInvalidUTF8(bytes) != nil { throw notText(number) }
      try bytes.withUnsafeBufferPointer { buffer in
        var reading = JSONReading(buffer, number: number, limits: limits)
        try reading.documents { value in
          count += 1
          try body(value)
        }
      }
    } else {
      guard let yaml = String(validating: bytes, as: UTF8.self) else {
        throw notText(number)
      }
      var reading = YAMLReading(self, number: number, limits: limits)
      try reading.documents(yaml) { value in
        count += 1
        try body(value)
      }
    }
    guard count > 0 else {
      throw ParsingError(
        place: start, code: "empty-file", message: "the file has no object in it",
        expected: "manifests in YAML or JSON")
    }
  }

  /// Where the bytes stop being UTF-8.
  func notText(_ number: Int) -> ParsingError {
    let offset = Self.firstInvalidUTF8(bytes) ?? 0
    let before = bytes[..<offset]
    let newline = UInt8(ascii: "\n")
    let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    let column =
      countsBytes
      ? offset - lineStart + 1
      : before[lineStart...].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    let place = Place(text: number, line: before.count { $0 == newline } + 1, column: column)
    return ParsingError(
      place: place, code: "not-text", message: "byte \(offset) isn't text",
      expected: "YAML or JSON in UTF-8")
  }

  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      let length: Int
      switch lead {
      case 0..<0x80: length = 1
      case 0xC2..<0xE0: length = 2
      case 0xE0..<0xF0: length = 3
      case 0xF0..<0xF5: length = 4
      default: return index
      }
      if length > 1 {
        guard index + length <= bytes.count,
          String(validating: bytes[index..<index + length], as: UTF8.self) != nil
        else { return index }
      }
      index += length
    }
    return nil
  }
}
