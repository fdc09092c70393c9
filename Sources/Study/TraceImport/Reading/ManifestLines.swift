import ScenarioFiles

/// Cuts YAML as `kubectl get -o yaml` prints it into objects, without reading more than where lines
/// begin.
///
/// Items of a list are objects of their own; their `managedFields` are left out. Every line stays in
/// its place, so that diagnostics find it.
struct ManifestLines {
  /// The largest object, in bytes.
  static let largest = 32 << 20

  private let lines: LineReader
  private var text: [UInt8] = []
  private var firstLine = 1
  /// How far the dashes of the list of items are indented; nil outside of one.
  private var dashes: Int?
  /// Whether `items:` was the last line.
  private var awaitsItems = false
  private var hasContent = false
  /// How far the key `managedFields` is indented whose value is being left out.
  private var skipping: Int?
  /// Whether the lines are those of an object's `metadata`.
  private var isInMetadata = false

  init(_ lines: LineReader) { self.lines = lines }

  /// Hands over every object with the number of its first line.
  mutating func objects(_ body: ([UInt8], Int) throws -> Void) throws {
    while let line = try lines.next() {
      try take(line, body)
      guard text.count <= Self.largest else {
        throw InvalidInput(
          file: lines.source.name, line: firstLine, column: 1, code: "too-large",
          message: "an object of more than \(Self.largest) bytes",
          expected: "objects in a list, or documents divided by ---")
      }
    }
    try flush(body)
  }

  private mutating func take(
    _ line: UnsafeRawBufferPointer, _ body: ([UInt8], Int) throws -> Void
  ) throws {
    let indent = line.firstIndex { $0 != 32 } ?? line.count
    let isBlank = indent == line.count || line[indent] == UInt8(ascii: "#")
    let isDash =
      !isBlank && line[indent] == 45 && (indent + 1 == line.count || line[indent + 1] == 32)
    if indent == 0, begins(line, "---") {
      try flush(body)
      dashes = nil
      awaitsItems = false
      append(
        line.count > 3 ? UnsafeRawBufferPointer(rebasing: line[3...]) : line, blank: line.count <= 3
      )
      return
    }
    if let skipped = skipping {
      if isBlank || indent > skipped || (indent == skipped && isDash) {
        return append(line, blank: true)
      }
      skipping = nil
    }
    if awaitsItems, isDash {
      awaitsItems = false
      dashes = indent
      drop()
    }
    if let dashes, !isBlank {
      if isDash, indent == dashes {
        try flush(body)
        // The dash becomes a blank, so that the item is an object with the columns that it has.
        isInMetadata = false
        append(line, blanking: indent)
        note(line, indent: indent + 2)
        return
      }
      if indent <= dashes, !isDash {
        // What follows the items is the list's own.
        try flush(body)
        self.dashes = nil
      }
    } else if indent == 0, begins(line, "items:"), line.count == 6 {
      awaitsItems = true
    }
    if !isBlank { note(line, indent: indent) }
    append(line, blank: skipping != nil)
  }

  /// Follows where in an object a key stands.
  private mutating func note(_ line: UnsafeRawBufferPointer, indent: Int) {
    let base = dashes.map { $0 + 2 } ?? 0
    let key = UnsafeRawBufferPointer(rebasing: line[min(indent, line.count)...])
    if indent == base {
      isInMetadata = begins(key, "metadata:")
    } else if isInMetadata, indent == base + 2, begins(key, "managedFields:") {
      skipping = indent
    }
  }

  private func begins(_ line: UnsafeRawBufferPointer, _ prefix: StaticString) -> Bool {
    line.count >= prefix.utf8CodeUnitCount
      && prefix.withUTF8Buffer { line.prefix($0.count).elementsEqual($0) }
  }

  private mutating func append(
    _ line: UnsafeRawBufferPointer, blank: Bool = false, blanking: Int? = nil
  ) {
    if !blank {
      text.append(contentsOf: line)
      if let blanking { text[text.count - line.count + blanking] = 32 }
      hasContent = hasContent || !line.isEmpty
    }
    text.append(10)
  }

  private mutating func drop() {
    text.removeAll(keepingCapacity: true)
    hasContent = false
    firstLine = lines.number
  }

  /// Hands over what has been gathered; the line at hand begins something new.
  private mutating func flush(_ body: ([UInt8], Int) throws -> Void) throws {
    if hasContent { try body(text, firstLine) }
    drop()
  }
}
