import Foundation
import ScenarioFiles

/// The lines of a text, one after another, in bounded memory.
final class LineReader {
  /// The longest line that is read: a row of a trace has a few hundred bytes, and one of 1,500
  /// functions or machines some ten thousand.
  static let longest = 1 << 20

  let source: ByteSource
  /// The number of the line that was read last, from 1.
  private(set) var number = 0
  /// Whether the last line was ended by nothing but the end of the file.
  private(set) var isOpenEnded = false
  private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
  private var start = 0
  /// What the line has in the stretches before.
  private let carried = UnsafeMutableRawBufferPointer.allocate(byteCount: longest, alignment: 16)
  private var carriedCount = 0
  private var isDone = false

  /// A reader at the start of a source.
  ///
  /// - Parameters:
  ///   - rest: what was read of the source already and is to be read as lines.
  ///   - number: the lines before it.
  init(_ source: ByteSource, rest: UnsafeRawBufferPointer? = nil, after number: Int = 0) {
    self.source = source
    self.number = number
    if let rest { chunk = rest }
  }

  deinit { carried.deallocate() }

  /// The next line without its end, valid until the next call; nil after the last.
  func next() throws -> UnsafeRawBufferPointer? {
    carriedCount = 0
    while !isDone {
      if start < chunk.count {
        let rest = UnsafeRawBufferPointer(rebasing: chunk[start...])
        if let end = memchr(rest.baseAddress!, 10, rest.count) {
          let length = UnsafeRawPointer(end) - rest.baseAddress!
          start += length + 1
          number += 1
          let line = UnsafeRawBufferPointer(rebasing: rest[..<length])
          return try carriedCount == 0 ? trimmed(line) : joined(line)
        }
        try carry(rest)
      }
      chunk = try source.next(line: number + 1)
      start = 0
      if chunk.isEmpty { isDone = true }
    }
    guard carriedCount > 0 else { return nil }
    number += 1
    isOpenEnded = true
    return trimmed(whole)
  }

  private var whole: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: carried[..<carriedCount])
  }

  private func joined(_ line: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
    number -= 1
    try carry(line)
    number += 1
    return trimmed(whole)
  }

  private func carry(_ bytes: UnsafeRawBufferPointer) throws {
    guard carriedCount + bytes.count <= Self.longest else {
      throw InvalidInput(
        file: source.name, line: number + 1, column: Self.longest + 1, code: "line-too-long",
        message: "the line has more than \(Self.longest) bytes",
        expected: "rows of text, each on a line of its own")
    }
    if bytes.isEmpty { return }
    UnsafeMutableRawBufferPointer(rebasing: carried[carriedCount...]).copyMemory(from: bytes)
    carriedCount += bytes.count
  }

  private func trimmed(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard line.last == 13 else { return line }
    return UnsafeRawBufferPointer(rebasing: line.dropLast())
  }
}
