/// A text that values were read from: a file, or the value of an override.
public struct SourceText: Sendable {
  /// What it is called in diagnostics: the file's path as given, or `--set`.
  public let name: String
  /// The text as UTF-8.
  let bytes: [UInt8]
  /// Whether columns of its places count bytes (JSON) instead of Unicode scalars (YAML).
  let countsBytes: Bool

  /// Where every 64th line begins, from line 1 on: a dump has millions of lines, and some of its
  /// diagnostics come by the thousand.
  private let lineStarts: [Int]
  private static let stride = 64

  init(name: String, bytes: [UInt8], countsBytes: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.countsBytes = countsBytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      var lines = 0
      for index in buffer.indices where buffer[index] == UInt8(ascii: "\n") {
        lines += 1
        if lines % Self.stride == 0 { starts.append(index + 1) }
      }
    }
    lineStarts = starts
  }

  /// The bytes of a line, counted from 1, without its end.
  func line(_ number: Int) -> ArraySlice<UInt8> {
    let block = (max(1, number) - 1) / Self.stride
    guard block < lineStarts.count else { return [] }
    var start = lineStarts[block]
    for _ in 0..<(max(1, number) - 1) % Self.stride {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return [] }
      start = end + 1
    }
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    return bytes[start..<(hasReturn ? end - 1 : end)]
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
