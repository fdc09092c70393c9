import Foundation

/// A shard's file while rows come in.
///
/// Every row has one place, which the plan decides. So a process that goes on behind another, or
/// works beside it, writes what stands there already or will.
struct ShardFile: ~Copyable {
  /// Rows in it.
  private(set) var rows: Int
  private let descriptor: Int32
  private let path: String
  private let planned: Int
  private var end: off_t = 0
  private var sum = RowSum()
  /// Bytes since the disk was last waited for.
  private var unsynchronised = 0

  /// Bytes after which the disk is waited for: what a power cut may take. A killed process loses
  /// nothing that was written.
  private static let stretch = 1 << 16

  /// Opens a file behind the rows that are known to be in it.
  init(
    path: String, opening: String, rows: [SweepFile.Row], of planned: Int
  ) throws(SweepError) {
    self.path = path
    self.planned = planned
    self.rows = 0
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .cannotWrite(file: path, reason: String(cString: strerror(errno)), kept: 0, of: planned)
    }
    for row in rows { count(row) }
    let known = opening.utf8.count + 1 + sum.bytes
    if rows.isEmpty { try write(opening + "\n") }
    end = off_t(known)
  }

  deinit { Foundation.close(descriptor) }

  /// Adds a row.
  mutating func append(_ row: SweepFile.Row) throws(SweepError) {
    try write(row.text + "\n")
    count(row)
    if unsynchronised >= Self.stretch { try synchronise() }
  }

  /// Adds the closing line and cuts off what stands behind it.
  mutating func close() throws(SweepError) {
    try write(SweepFile.closing(rows: sum.rows, sum: sum.value) + "\n")
    guard ftruncate(descriptor, end) == 0 else { throw failure(errno) }
    try synchronise()
  }

  /// Waits until the disk has everything.
  mutating func synchronise() throws(SweepError) {
    unsynchronised = 0
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw failure(errno) }
  }

  private mutating func count(_ row: SweepFile.Row) {
    rows += 1
    sum.add(row.text + "\n")
  }

  private mutating func write(_ text: String) throws(SweepError) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress! + done, bytes.count - done, end + off_t(done))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      done += count
    }
    end += off_t(bytes.count)
    unsynchronised += bytes.count
  }

  private func failure(_ code: Int32) -> SweepError {
    .cannotWrite(
      file: path, reason: String(cString: strerror(code)), kept: rows, of: planned)
  }
}

/// The number of rows and FNV-1a over their bytes.
struct RowSum: Hashable, Sendable {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var rows = 0
  private(set) var bytes = 0

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  mutating func add(_ buffer: UnsafeRawBufferPointer) {
    var hash = value
    for byte in buffer {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      if byte == UInt8(ascii: "\n") { rows += 1 }
    }
    value = hash
    bytes += buffer.count
  }
}
