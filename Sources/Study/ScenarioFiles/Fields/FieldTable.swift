/// All fields of a type: the one place that knows their keys.
///
/// Reading, `explain`, the schema, the counts of what was read, and the list of parameters all come
/// from here.
struct FieldTable<Root: Sendable>: Sendable {
  private(set) var fields: [Field<Root>] = []
  private var places: [String: Int] = [:]
  /// Whether fields are read in the table's order instead of the file's, because later ones look at
  /// earlier ones.
  var isOrdered = false

  init(_ fill: (inout FieldTable) -> Void) { fill(&self) }

  init(fields: [Field<Root>]) { for field in fields { add(field) } }

  mutating func add(_ field: Field<Root>) {
    places[field.name] = fields.count
    fields.append(field)
  }

  /// A field that a codec reads into a part of the value.
  mutating func field<Value: Sendable>(
    _ name: String, _ part: any WritableKeyPath<Root, Value> & Sendable, _ codec: Codec<Value>,
    _ note: Note
  ) {
    add(
      Field(
        name: name, shape: codec.shape, note: note,
        read: { value, root, reader in
          if let new = codec.decode(value, &reader) {
            root[keyPath: part] = new
            reader.counts.read += 1
          }
        },
        text: { codec.encode($0[keyPath: part]) },
        unlimited: { codec.unlimited?($0[keyPath: part]) ?? note.unlimited },
        rangeEnd: { codec.rangeEnd($0[keyPath: part], $1) }, blend: codec.blend, children: []))
  }

  /// A field that holds fields of the same value.
  mutating func group(
    _ name: String, _ note: Note, _ fill: (inout FieldTable) -> Void
  ) {
    group(name, note, of: FieldTable(fill))
  }

  /// A field that holds the fields of a table over the same value.
  mutating func group(_ name: String, _ note: Note, of table: FieldTable) {
    add(
      Field(
        name: name, shape: .object([]), note: note,
        read: { value, root, reader in table.read(value, into: &root, &reader) },
        text: { _ in nil }, unlimited: { _ in nil }, rangeEnd: { _, _ in nil },
        blend: { _, _, _ in nil }, children: table.fields))
  }

  /// A field that holds the fields of a part of the value.
  mutating func part<Part: Sendable>(
    _ name: String, _ part: any WritableKeyPath<Root, Part> & Sendable, _ table: FieldTable<Part>,
    _ note: Note, isPresent: @escaping @Sendable (Root) -> Bool = { _ in true }
  ) {
    add(
      Field(
        name: name, shape: .object([]), note: note,
        read: { value, root, reader in table.read(value, into: &root[keyPath: part], &reader) },
        text: { _ in nil }, unlimited: { _ in nil }, rangeEnd: { _, _ in nil },
        blend: { _, _, _ in nil }, children: table.fields.map { $0.lifted(part) },
        isPresent: isPresent))
  }

  /// A field that something of its own reads.
  mutating func custom(
    _ name: String, _ shape: Shape, _ note: Note,
    text: @escaping @Sendable (Root) -> String? = { _ in nil },
    _ read: @escaping @Sendable (ManifestValue, inout Root, inout Reader) -> Void
  ) {
    add(
      Field(
        name: name, shape: shape, note: note,
        read: { value, root, reader in
          reader.counts.read += 1
          read(value, &root, &reader)
        },
        text: text, unlimited: { _ in note.unlimited }, rangeEnd: { $1 },
        blend: { _, _, _ in nil }, children: []))
  }

  /// A field that matters and isn't modelled.
  mutating func unsupported(_ name: String, _ reason: String) {
    add(
      Field(
        name: name, shape: .scalar(name: "anything", json: [], unit: ""),
        note: Note("Not modelled: \(reason).").unsupported(reason),
        read: { value, _, reader in
          let isEmpty = value.elements.isEmpty && value.entries.isEmpty && value.text == nil
          if !isEmpty { reader.counts.unsupported.append(reader.currentPath) }
        },
        text: { _ in nil }, unlimited: { _ in nil }, rangeEnd: { _, _ in nil },
        blend: { _, _, _ in nil }, children: []))
  }

  func outlines(_ root: Root) -> [FieldOutline] { fields.map { $0.outline(root) } }
}

// MARK: - Reading

extension FieldTable {
  /// Reads a mapping's fields into a value, and reports what is wrong with them.
  func read(_ value: ManifestValue, into root: inout Root, _ reader: inout Reader) {
    let names = { "keys such as \(fields.prefix(4).map(\.name).joined(separator: ", "))" }
    guard let entries = reader.entries(value, expected: fields.isEmpty ? "a mapping" : names())
    else { return }
    if isOrdered || reader.isStrict {
      readInOrder(entries, into: &root, &reader)
      for entry in entries where places[entry.key] == nil { unknown(entry, &reader) }
    } else {
      for entry in entries {
        guard let place = places[entry.key] else {
          unknown(entry, &reader)
          continue
        }
        read(entry, by: fields[place], into: &root, &reader)
      }
    }
    for field in fields where field.note.isRequired {
      guard !entries.contains(where: { $0.key == field.name }) else { continue }
      // A misspelt key is where the required one should have been.
      let keys = entries.map(\.key).filter { places[$0] == nil }
      let meant = nearest(to: field.name, among: keys)
      let near = entries.first { $0.key == meant }
      if near != nil, reader.isStrict { continue }
      reader.error(
        at: near?.keyPlace ?? value.place, "missing-key", "\"\(field.name)\" is missing",
        expected: "\(field.name): \(field.shape.name)",
        suggestion: near.map { _ in field.name })
    }
  }

  private func readInOrder(
    _ entries: [ManifestValue.Entry], into root: inout Root, _ reader: inout Reader
  ) {
    for field in fields {
      guard let entry = entries.first(where: { $0.key == field.name }) else { continue }
      if let alias = field.note.alias, let other = Self.entry(at: alias, in: entries) {
        reader.error(
          at: entry.keyPlace, "duplicate-key", "\"\(field.name)\" is short for \"\(alias)\"",
          expected: "one of the two", notes: ["\(alias) is given at line \(other.keyPlace.line)"],
          width: entry.key.count)
        continue
      }
      read(entry, by: field, into: &root, &reader)
    }
  }

  private func read(
    _ entry: ManifestValue.Entry, by field: Field<Root>, into root: inout Root,
    _ reader: inout Reader
  ) {
    if entry.value.isNull {
      guard reader.isStrict else { return }
      reader.within(field.name) {
        $0.error(
          at: entry.keyPlace, "missing-value", "\"\(field.name)\" has no value",
          expected: field.shape.name, width: entry.key.count)
      }
      return
    }
    reader.within(field.name) { field.read(entry.value, &root, &$0) }
  }

  /// The entry at a path of keys with dots between them.
  private static func entry(
    at path: String, in entries: [ManifestValue.Entry]
  ) -> ManifestValue.Entry? {
    let keys = path.split(separator: ".", maxSplits: 1)
    guard let entry = entries.first(where: { $0.key == keys[0] }) else { return nil }
    return keys.count == 1 ? entry : Self.entry(at: String(keys[1]), in: entry.value.entries)
  }

  private func unknown(_ entry: ManifestValue.Entry, _ reader: inout Reader) {
    let suggestion = nearest(to: entry.key, among: fields.map(\.name))
    guard reader.isStrict else {
      reader.counts.ignored += 1
      if let suggestion, !Self.genuine.contains(entry.key) {
        reader.warning(
          at: entry.keyPlace, "unknown-key", "\"\(entry.key)\" is ignored", suggestion: suggestion,
          width: entry.key.count)
      }
      return
    }
    reader.error(
      at: entry.keyPlace, "unknown-key", "unknown key \"\(entry.key)\"",
      expected: "one of \(fields.map(\.name).joined(separator: ", "))", suggestion: suggestion,
      width: entry.key.count)
  }

  /// Keys of Kubernetes that look like misspellings of others beside them.
  private static var genuine: [String] {
    ["hostIPC", "hostPID", "podIP", "podIPs", "hostIP", "hostIPs", "images", "image", "uid"]
  }
}
