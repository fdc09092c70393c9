import CloudSimulation

extension World {
  subscript(index: DocumentIndex) -> Document {
    index.isOwn ? own[index.index] : native[index.index]
  }

  /// The object that a path names.
  func find(_ path: ObjectPath) -> Result<DocumentIndex, PathError> {
    let isOwn = ScenarioKinds.named(path.kind) != nil
    guard isOwn || NativeKind.named(path.kind) != nil else {
      let kinds = ScenarioKinds.all.map { $0.kind } + NativeKind.all.map(\.name)
      return .failure(
        PathError(
          message: "unknown kind \"\(path.kind)\"",
          expected: "one of \(kinds.joined(separator: ", "))",
          suggestion: nearest(to: path.kind, among: kinds)))
    }
    let documents = isOwn ? own : native
    let like = documents.indices.filter { documents[$0].kind == path.kind }
    guard let name = path.name else {
      return like.first.map { .success(DocumentIndex(isOwn: isOwn, index: $0)) }
        ?? .failure(PathError(message: "there is no \(path.kind)"))
    }
    let named = like.filter { index in
      documents[index].name == name
        && (path.namespace == nil || path.namespace == documents[index].namespace)
    }
    if named.count > 1 {
      let full = named.map { documents[$0].path(qualified: true) }
      return .failure(
        PathError(
          message: "\"\(path.kind)/\(name)\" is in several namespaces",
          expected: "one of \(full.joined(separator: ", "))"))
    }
    if let index = named.first ?? like.first(where: { documents[$0].alias == name }) {
      return .success(DocumentIndex(isOwn: isOwn, index: index))
    }
    let names = like.map { documents[$0].name }
    return .failure(
      PathError(
        message: "there is no \(path.kind) named \"\(name)\"",
        expected: names.isEmpty
          ? "a kind that the input has" : "one of \(names.prefix(20).joined(separator: ", "))",
        suggestion: nearest(to: name, among: names).map { "\(path.kind)/\($0)" }))
  }

  /// Replaces the value at a path.
  ///
  /// - Returns: what is wrong with path or value.
  mutating func set(_ pathText: String, to valueText: String) -> [Diagnostic] {
    let line = "\(pathText)=\(valueText)"
    let number = sources.add(SourceText(name: "--set", bytes: Array(line.utf8)))
    let pathPlace = Place(text: number, line: 1, column: 1)
    let sources = sources
    func failure(_ error: PathError) -> [Diagnostic] {
      [
        sources.diagnostic(
          .error, at: pathPlace, "unknown-path", error.message, expected: error.expected,
          suggestion: error.suggestion, path: pathText, width: pathText.count)
      ]
    }
    guard let path = ObjectPath(pathText) else {
      return failure(
        PathError(
          message: "\"\(pathText)\" is no path",
          expected:
            "Kind/[namespace/]name:spec.field[key], such as ServerlessPool/cloud:spec.createRate"))
    }
    let found: DocumentIndex
    switch find(path) {
    case .success(let index): found = index
    case .failure(let error): return failure(error)
    }
    let outlines =
      found.isOwn
      ? ScenarioKinds.named(path.kind)?.specOutlines : NativeKind.named(path.kind)?.outlines
    let keys: [String]
    switch Self.canonical(path.keys, in: outlines ?? []) {
    case .success(let canonical): keys = canonical
    case .failure(let error): return failure(error)
    }
    let place = Place(text: number, line: 1, column: pathText.count + 2)
    do {
      let value = try Self.value(valueText, at: place, in: sources)
      return put(value, at: keys, in: found, failure: failure, place)
    } catch let error as ParsingError {
      return [sources.diagnostic(error)]
    } catch {
      return failure(PathError(message: "\(error)"))
    }
  }

  private mutating func put(
    _ value: ManifestValue?, at keys: [String], in found: DocumentIndex,
    failure: (PathError) -> [Diagnostic], _ place: Place
  ) -> [Diagnostic] {
    var document = self[found]
    if value != nil || document.tree.value(along: keys) != nil {
      guard document.tree.set(keys[...], to: value, at: place) else {
        return failure(PathError(message: "nothing is at \"\(ObjectPath.text(keys))\""))
      }
    }
    if found.isOwn, let short = ScenarioKinds.named(document.kind)?.shortKeys(of: keys) {
      _ = document.tree.set(short[...], to: nil, at: place)
    }
    let read = document.read(sources, plugins)
    if found.isOwn {
      own[found.index] = document
      ownReads[found.index] = read
      // Instants of the cluster count from the scenario's start.
      if document.kind == Scenario.kind { cluster = keys.contains("start") ? nil : cluster }
    } else {
      native[found.index] = document
      nativeReads[found.index] = read
      cluster = nil
    }
    return read.diagnostics
  }

  /// A value as an override gives it: YAML's flow style for lists and mappings, else the text as it
  /// stands; `null` takes the field away.
  private static func value(
    _ text: String, at place: Place, in sources: Sources
  ) throws -> ManifestValue? {
    guard let first = text.first else {
      throw ParsingError(
        place: place, code: "missing-value", message: "nothing behind the equals sign",
        expected: "a value")
    }
    if text == "null" { return nil }
    guard "[{\"'".contains(first) else {
      return ManifestValue(.scalar(text, isQuoted: false), at: place)
    }
    let padding = String(repeating: " ", count: Int(place.column) - 1)
    let source = sources.texts[Int(place.text)]
    var reading = YAMLReading(source, number: Int(place.text), limits: ParsingLimits())
    var result: ManifestValue?
    try reading.documents(padding + text) { result = $0 }
    return result
  }

  /// Checks the keys of a path against a kind's fields, and replaces short forms.
  static func canonical(
    _ keys: [String], in outlines: [FieldOutline]
  ) -> Result<[String], PathError> {
    var fields = outlines
    var result: [String] = []
    for (position, key) in keys.enumerated() {
      if key.hasPrefix("[") || fields.isEmpty {
        result.append(key)
        continue
      }
      guard let field = fields.first(where: { $0.name == key }) else {
        let names = fields.map(\.name)
        return .failure(
          PathError(
            message: "there is no \"\(key)\" in \"\(ObjectPath.text(Array(keys[..<position])))\"",
            expected: "one of \(names.joined(separator: ", "))",
            suggestion: nearest(to: key, among: names)))
      }
      if let kind = field.note.shortFormOf {
        return .failure(
          PathError(
            message: "\"\(key)\" holds objects of their own",
            expected: "a path such as \(kind)/name:spec.field"))
      }
      if let alias = field.note.alias {
        result += alias.split(separator: ".").map(String.init)
      } else {
        result.append(key)
      }
      fields = field.children
    }
    return .success(result)
  }
}

extension ScenarioKind {
  /// The fields as paths see them, inside `spec`.
  static var specOutlines: [FieldOutline] {
    [FieldOutline(name: "spec", shape: .object(outlines), note: Note("What it says."))]
  }

  /// The keys of the short form of a field, where there is one.
  static func shortKeys(of keys: [String]) -> [String]? {
    let path = keys.dropFirst().joined(separator: ".")
    return fields.fields.first { $0.note.alias == path }.map { ["spec", $0.name] }
  }
}
