extension FieldTable {
  /// A key under which objects of another kind are written in short.
  ///
  /// Whoever loads files takes such objects out and makes them objects of their own; what is left
  /// here has the wrong form.
  mutating func shortForm<Kind: ScenarioKind>(
    _ name: String, of kind: Kind.Type, isList: Bool, _ text: String
  ) {
    let nameField = FieldOutline(
      name: "name", shape: .scalar(name: "name", json: ["string"], unit: ""),
      note: Note("Its name."), defaultText: nil)
    let object = Shape.object([nameField] + Kind.outlines)
    var note = Note(text)
    note.shortFormOf = Kind.kind
    custom(name, isList ? .list(object) : object, note) { value, _, reader in
      if isList, let elements = reader.elements(value, expected: "a list of mappings") {
        for element in elements { _ = reader.entries(element, expected: "a mapping") }
      } else if !isList {
        _ = reader.entries(value, expected: "a mapping")
      }
    }
  }
}
