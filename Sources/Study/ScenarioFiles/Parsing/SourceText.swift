/// A text that values were read from: a file, or the value of an override.
public struct SourceText: Sendable {
  /// What it is called in diagnostics: the file's path as given, or `--set`.
  public let name: String
  /// The text as UTF-8.
  let bytes: [UInt8]
  /// Whether columns of its places count bytes (JSON) instead of Unicode scalars (YAML).
  let countsBytes: Bool

  init(name: String, bytes: [UInt8], countsBytes: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.countsBytes = countsBytes
  }

  /// The bytes of a line, counted from 1, without its end.
  func line(_ number: Int) -> ArraySlice<UInt8> {
    var start = 0
    var current = 1
    while current < number {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return [] }
      start = end + 1
      current += 1
    }
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let carriageReturn = UInt8(ascii: "\r")
    return end > start && bytes[end - 1] == carriageReturn
      ? bytes[start..<end - 1] : bytes[start..<end]
  }

  /// A column in Unicode scalars, counted from 1.
  func column(_ place: Place) -> Int {
    guard countsBytes else { return Int(place.column) }
    let prefix = line(Int(place.line)).prefix(Int(place.column) - 1)
    return prefix.reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}

/// Where something stands: a text, a line and a column, both counted from 1.
public struct Place: Hashable, BitwiseCopyable, Sendable {
  /// The text's number in the list of texts read.
  var text: Int32
  /// The line.
  var line: Int32
  /// The column, in the unit of ``SourceText/countsBytes``.
  var column: Int32

  init(text: Int, line: Int, column: Int) {
    self.text = Int32(text)
    self.line = Int32(clamping: line)
    self.column = Int32(clamping: column)
  }

  /// Nowhere: of values that no text gave.
  static let none = Place(text: -1, line: 0, column: 0)
}
