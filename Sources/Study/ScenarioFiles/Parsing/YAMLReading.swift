import Yams

/// Reads the documents of a YAML text.
struct YAMLReading {
  let text: SourceText
  let number: Int
  let limits: ParsingLimits
  private var aliasedValues = 0

  init(_ text: SourceText, number: Int, limits: ParsingLimits) {
    self.text = text
    self.number = number
    self.limits = limits
  }

  /// Hands over every document that isn't empty.
  mutating func documents(
    _ yaml: String, _ body: (ManifestValue) throws -> Void
  ) throws {
    do {
      let parser = try Yams.Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
      while let root = try parser.nextRoot() {
        let value = try self.value(root, depth: 0, after: nil, isAliased: false)
        if !value.isNull { try body(value) }
      }
    } catch let error as YamlError {
      throw located(error, yaml)
    }
  }

  // MARK: Values

  /// - Parameter after: the last place before the node; a node that stands earlier is an alias's.
  private mutating func value(
    _ node: Node, depth: Int, after: Place?, isAliased: Bool
  ) throws -> ManifestValue {
    let place = node.mark.map(place) ?? after ?? .none
    let isAliased = isAliased || after.map { isBefore(place, $0) } ?? false
    if isAliased {
      aliasedValues += 1
      guard aliasedValues <= limits.aliasedValues else {
        throw ParsingError(
          place: after ?? place, code: "alias-bomb",
          message: "aliases here stand for more than \(limits.aliasedValues) values",
          expected: "a document that doesn't multiply itself")
      }
    }
    guard depth <= limits.depth else { throw tooDeep(place) }
    // Inside an alias's value, errors are to name the alias's line, not that of its anchor.
    let outer = isAliased ? after : nil
    switch node {
    case .scalar(let scalar): return ManifestValue(content(scalar), at: place)
    case .sequence(let sequence):
      var elements: [ManifestValue] = []
      elements.reserveCapacity(sequence.count)
      for element in sequence {
        elements.append(
          try value(element, depth: depth + 1, after: outer ?? place, isAliased: isAliased))
      }
      return ManifestValue(.list(elements), at: place)
    case .mapping(let mapping):
      return ManifestValue(
        .mapping(try entries(mapping, depth, outer ?? place, isAliased)), at: place)
    case .alias: return ManifestValue(.null, at: place)
    }
  }

  private mutating func entries(
    _ mapping: Node.Mapping, _ depth: Int, _ outer: Place, _ isAliased: Bool
  ) throws -> [ManifestValue.Entry] {
    var entries: [ManifestValue.Entry] = []
    var merged: [ManifestValue.Entry] = []
    entries.reserveCapacity(mapping.count)
    for (key, node) in mapping {
      let keyPlace = key.mark.map(place) ?? outer
      guard case .scalar(let scalar) = key else {
        throw ParsingError(
          place: keyPlace, code: "syntax", message: "a key is a list or a mapping",
          expected: "a name")
      }
      // Most of a dump's bytes, and nothing that a model wants to know.
      let node = scalar.string == "managedFields" ? Node("") : node
      let value = try value(
        node, depth: depth + 1, after: isAliased ? outer : keyPlace, isAliased: isAliased)
      if scalar.string == "<<", scalar.style == .plain {
        let sources = value.elements.isEmpty ? [value] : value.elements
        for source in sources { merged += source.entries }
      } else {
        entries.append(
          ManifestValue.Entry(key: scalar.string, keyPlace: keyPlace, value: value))
      }
    }
    for entry in merged where !entries.contains(where: { $0.key == entry.key }) {
      entries.append(entry)
    }
    return entries
  }

  private func content(_ scalar: Node.Scalar) -> ManifestValue.Content {
    guard scalar.style == .plain || scalar.style == .any else {
      return .scalar(scalar.string, isQuoted: true)
    }
    switch scalar.string {
    case "", "~", "null", "Null", "NULL": return .null
    default: return .scalar(scalar.string, isQuoted: false)
    }
  }

  private func place(_ mark: Mark) -> Place {
    Place(text: number, line: mark.line, column: mark.column)
  }

  private func isBefore(_ a: Place, _ b: Place) -> Bool {
    a.line < b.line || a.line == b.line && a.column < b.column
  }

  private func tooDeep(_ place: Place) -> ParsingError {
    ParsingError(
      place: place, code: "too-deep",
      message: "values are nested more than \(limits.depth) levels deep")
  }
}

// MARK: - Errors

extension YAMLReading {
  private func located(_ error: YamlError, _ yaml: String) -> ParsingError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return syntaxError(problem, context, mark)
    case .duplicatedKeysInMapping(let keys, let context):
      return duplicateKey(keys.first ?? "", first: context.mark)
    case .reader(let problem, let offset, _, _):
      return ParsingError(
        place: place(offset: offset ?? 0, yaml), code: "not-text",
        message: "not a YAML text: \(problem)", expected: "printable UTF-8")
    default:
      return ParsingError(
        place: Place(text: number, line: 1, column: 1), code: "syntax",
        message: "not YAML: \(error)")
    }
  }

  private func syntaxError(
    _ problem: String, _ context: YamlError.Context?, _ mark: Mark
  ) -> ParsingError {
    // libYAML's mark can lie one line behind the end of the text, or on a line without a column.
    var error = ParsingError(place: place(mark), code: "syntax", message: "not YAML: \(problem)")
    if let context {
      error.notes.append("\(context.text), from line \(context.mark.line)")
    }
    let line = String(decoding: text.line(mark.line), as: UTF8.self)
    if problem.contains("nested too deep") || problem.contains("nesting level") {
      return tooDeep(error.place)
    }
    if problem.hasPrefix("mapping values are not allowed"), let law = unquotedLaw(line) {
      error.notes.append("a text with \": \" in it needs quotes")
      error.suggestion = quoted(law)
    } else if line.contains("\t") {
      error.notes.append("the line has a tab; YAML is indented with blanks")
    }
    return error
  }

  /// The part of a line from a name with a parenthesis to the parenthesis's end.
  private func unquotedLaw(_ line: String) -> String? {
    guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close
    else { return nil }
    let start = line[..<open].lastIndex { !$0.isLetter }
    return String(line[(start.map { line.index(after: $0) } ?? line.startIndex)...close])
  }

  private func duplicateKey(_ key: String, first: Mark) -> ParsingError {
    let again = secondPlace(of: key, after: first) ?? place(first)
    return ParsingError(
      place: again, code: "duplicate-key", message: "the key \"\(key)\" is given twice",
      notes: ["first given at line \(first.line), column \(first.column)"], width: key.count)
  }

  /// Where a key stands again in the mapping in which it stands first at a mark: in block style at
  /// the same column of a later line, in flow style further on.
  private func secondPlace(of key: String, after first: Mark) -> Place? {
    let lines = text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let spellings = [key, "\"\(key)\"", "'\(key)'"]
    for number in first.line...max(first.line, lines.count) where number <= lines.count {
      let line = Array(String(decoding: lines[number - 1], as: UTF8.self).unicodeScalars)
      let columns =
        number == first.line ? first.column..<max(first.column, line.count) : 0..<line.count
      for column in columns {
        let isBlock = number > first.line && column == first.column - 1
        let before = line[..<column].last { $0 != " " }
        guard isBlock || before == "," || before == "{" else { continue }
        let rest = String(String.UnicodeScalarView(line[column...]))
        if spellings.contains(where: { isKey($0, atStartOf: rest) }) {
          return Place(text: self.number, line: number, column: column + 1)
        }
      }
    }
    return nil
  }

  private func isKey(_ key: String, atStartOf text: String) -> Bool {
    text.hasPrefix(key) && text.dropFirst(key.count).drop { $0 == " " }.first == ":"
  }

  private func place(offset: Int, _ yaml: String) -> Place {
    let before = yaml.prefix(offset)
    let line = before.count { $0.isNewline } + 1
    let column = before.reversed().prefix { !$0.isNewline }.count + 1
    return Place(text: number, line: line, column: column)
  }
}
