/// One field of a type: its name in files, and how it is read into and written out of a value.
struct Field<Root: Sendable>: Sendable {
  /// The key.
  let name: String
  /// What it takes.
  let shape: Shape
  /// What is known about it.
  let note: Note
  /// Reads it into a value.
  let read: @Sendable (ManifestValue, inout Root, inout Reader) -> Void
  /// Its present value as a file would write it; nil if there is none.
  let text: @Sendable (Root) -> String?
  /// The value that takes away the limit it sets, given the present ones.
  let unlimited: @Sendable (Root) -> String?
  /// A text's normal form given the present value: the end of a range, of a law as the present law
  /// with that mean.
  let rangeEnd: @Sendable (Root, String) -> String?
  /// The value between two, given as texts.
  let blend: @Sendable (String, String, Double) -> String?
  /// The fields inside; empty for anything but an object.
  let children: [Field<Root>]
  /// Whether the value has it at all: of several courses of a load, one is there.
  var isPresent: @Sendable (Root) -> Bool = { _ in true }

  /// The same field of something that contains the type.
  func lifted<Outer: Sendable>(
    _ part: any WritableKeyPath<Outer, Root> & Sendable
  ) -> Field<Outer> {
    Field<Outer>(
      name: name, shape: shape, note: note,
      read: { [read] value, outer, reader in read(value, &outer[keyPath: part], &reader) },
      text: { [text] in text($0[keyPath: part]) },
      unlimited: { [unlimited] in unlimited($0[keyPath: part]) },
      rangeEnd: { [rangeEnd] in rangeEnd($0[keyPath: part], $1) },
      blend: blend, children: children.map { $0.lifted(part) },
      isPresent: { [isPresent] in isPresent($0[keyPath: part]) })
  }

  /// The field without its type, with the default of a value.
  func outline(_ root: Root) -> FieldOutline {
    let shape =
      children.isEmpty ? self.shape : Shape.object(children.map { $0.outline(root) })
    let isPlain = if case .object = shape { false } else { true }
    return FieldOutline(
      name: name, shape: shape, note: note, defaultText: isPlain ? text(root) : nil,
      isValue: children.isEmpty)
  }
}
