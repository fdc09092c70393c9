import Quantities
import Workloads

/// Reads the Standard Workload Format as it streams by: 18 numbers a line, `;` before comments.
///
/// S. J. Chapin et al., JSSPP 1999. The processors are those requested (column 8), else those used
/// (column 5); the time is that requested (column 9), else the one it ran (column 4). A job without
/// submission, run time or processors is counted and left out.
public struct StandardWorkloadReader: Sendable {
  /// The file's name, for diagnostics.
  public let file: String
  /// Lines that hold a job without what a simulation needs.
  public private(set) var incompleteJobs = 0

  private static let columns = 18
  private var values = [Int64](repeating: -1, count: columns)
  private var column = 0
  /// The line that is being read, from 1.
  public private(set) var line = 1
  /// How many of its bytes were read.
  public private(set) var position = 0
  private var lastSubmission = Int64.min
  private var token = Token()
  private var isComment = false

  /// A number while its bytes come in.
  private struct Token: Sendable {
    var start = 0
    var digits = 0
    var magnitude: Int64 = 0
    var isNegative = false
    var isFraction = false
    var fractionDigits = 0
    var isOpen = false
  }

  /// A reader at the start of a file.
  public init(file: String) { self.file = file }

  /// Reads the next stretch of the file, wherever it was cut, and hands its jobs over in order.
  ///
  /// - Throws: ``InvalidInput`` at the first line that isn't in the format.
  public mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordedJob) -> Void
  ) throws(InvalidInput) {
    var start = 0
    while start < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      if position == 0, let length = readPlainLine(rest) {
        try handOver(body)
        line += 1
        start += length
      } else {
        let length = Self.lineLength(rest)
        try readBytes(UnsafeRawBufferPointer(rebasing: rest[..<length]), body)
        start += length
      }
    }
  }

  /// How many bytes there are up to the line's end, it included.
  private static func lineLength(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
  }

  /// Reads a whole line of numbers of at most nine digits on either side of the point, as nearly all
  /// lines of nearly all files are.
  ///
  /// - Returns: its length with its end; nil for any other line, of which nothing has been read then.
  private mutating func readPlainLine(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var column = 0
    var index = 0
    var isWhole = false
    values.withUnsafeMutableBufferPointer { values in
      let count = bytes.count
      while index < count {
        let byte = bytes[index]
        if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t") {
          index += 1
          continue
        }
        if byte == UInt8(ascii: "\n") {
          isWhole = true
          index += 1
          return
        }
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var value: Int64 = 0
        while index < count, bytes[index] &- 48 < 10 {
          value = value &* 10 &+ Int64(bytes[index] &- 48)
          index += 1
          if index - start > 9 { return }
        }
        guard index > start, index < count, column < Self.columns else { return }
        value &*= 1_000_000_000
        if bytes[index] == UInt8(ascii: ".") {
          index += 1
          var unit: Int64 = 100_000_000
          while index < count, bytes[index] &- 48 < 10, unit > 0 {
            value &+= Int64(bytes[index] &- 48) &* unit
            unit /= 10
            index += 1
          }
        }
        guard index < count, bytes[index] <= UInt8(ascii: " ") else { return }
        values[column] = isNegative ? -value : value
        column += 1
      }
    }
    guard isWhole, column >= 9 else { return nil }
    return index
  }

  private mutating func readBytes(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordedJob) -> Void
  ) throws(InvalidInput) {
    for byte in bytes {
      position += 1
      switch byte {
      case UInt8(ascii: "\n"):
        try endLine(body)
      case _ where isComment: continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"): try digit(byte)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): try endToken()
      case UInt8(ascii: ";") where column == 0 && !token.isOpen: isComment = true
      case UInt8(ascii: "-"), UInt8(ascii: "+"):
        if token.isOpen { throw wrong("a number has its sign in front") }
        token.isOpen = true
        token.start = position
        token.isNegative = byte == UInt8(ascii: "-")
      case UInt8(ascii: "."):
        if token.isFraction { throw wrong("a number has one point") }
        if !token.isOpen { token.start = position }
        token.isOpen = true
        token.isFraction = true
      default: throw wrong("expected a number, found '\(Character(UnicodeScalar(byte)))'")
      }
    }
  }

  /// Reads the last line of a file that ends without a line feed.
  public mutating func finish(_ body: (RecordedJob) -> Void) throws(InvalidInput) {
    try endLine(body)
  }

  /// Digits after the point that count: nanoseconds.
  private static let fraction = 9

  @inline(__always)
  private mutating func digit(_ byte: UInt8) throws(InvalidInput) {
    if !token.isOpen {
      token.isOpen = true
      token.start = position
    }
    token.digits += 1
    if token.isFraction {
      token.fractionDigits += 1
      if token.fractionDigits > Self.fraction { return }
    } else if token.digits > 9 {
      throw wrong("a number has at most nine digits before the point")
    }
    token.magnitude = token.magnitude * 10 + Int64(byte &- UInt8(ascii: "0"))
  }

  /// Stores a number as billionths.
  private mutating func endToken() throws(InvalidInput) {
    guard token.isOpen else { return }
    if token.digits == 0 { throw wrong("expected a number") }
    if column == Self.columns { throw wrong("expected \(Self.columns) numbers, found more") }
    var value = token.magnitude
    if !token.isFraction {
      value *= 1_000_000_000
    } else {
      for _ in min(token.fractionDigits, Self.fraction)..<Self.fraction { value *= 10 }
    }
    values[column] = token.isNegative ? -value : value
    column += 1
    token = Token()
  }

  private mutating func endLine(_ body: (RecordedJob) -> Void) throws(InvalidInput) {
    try endToken()
    if column > 0 {
      // Some archives leave the last columns out; the first nine say what a simulation needs.
      if column < 9 { throw wrong("expected \(Self.columns) numbers, found \(column)") }
      try handOver(body)
    }
    for index in column..<Self.columns where column > 0 { values[index] = -1 }
    column = 0
    line += 1
    position = 0
    isComment = false
  }

  private mutating func handOver(_ body: (RecordedJob) -> Void) throws(InvalidInput) {
    let billion: Int64 = 1_000_000_000
    let submission = values[1]
    let processors = values[7] > 0 ? values[7] : values[4]
    guard submission >= 0, values[3] >= 0, processors > 0 else {
      incompleteJobs += 1
      return
    }
    if submission < lastSubmission {
      position = 1
      throw wrong("jobs stand in the order of their submission")
    }
    lastSubmission = submission
    let requested = values[8] >= 0 ? values[8] : values[3]
    body(
      RecordedJob(
        number: Int(values[0] / billion), submitted: Instant(nanoseconds: submission),
        runTime: TimeSpan(nanoseconds: values[3]), processors: Int(processors / billion),
        requestedTime: TimeSpan(nanoseconds: requested)))
  }

  private func wrong(_ message: String) -> InvalidInput {
    var diagnostic = Diagnostic(
      file: file, code: "bad-trace", message: message,
      expected: "18 numbers a line, as in the Standard Workload Format")
    diagnostic.line = line
    diagnostic.column = token.isOpen ? token.start : max(position, 1)
    return InvalidInput(diagnostics: [diagnostic])
  }
}
