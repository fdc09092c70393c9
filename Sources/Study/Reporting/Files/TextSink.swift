#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where text goes, piece by piece, so that large files needn't be held in memory.
public protocol TextSink: AnyObject {
  /// Takes the next piece.
  func write(_ text: String) throws(OutputError)
}

/// A sink that keeps what it takes.
public final class MemorySink: TextSink {
  /// All that was written.
  public private(set) var text = ""
  /// An empty sink.
  public init() {}
  /// Appends a piece.
  public func write(_ text: String) { self.text += text }
}

/// A file being written. What it holds is certain only after ``finish()``.
public final class FileSink: TextSink {
  private static let capacity = 1 << 16

  private let path: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Creates a file, or empties the one that is there.
  public init(path: String) throws(OutputError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError(.cannotCreate, path: path, code: errno) }
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends a piece.
  public func write(_ text: String) throws(OutputError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Appends a piece that is text already.
  public func write(_ bytes: [UInt8]) throws(OutputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes what is buffered, waits until the disk has it, and closes the file.
  public func finish() throws(OutputError) {
    guard descriptor >= 0 else { return }
    try flush()
    // Pipes and devices can't be synchronised; that is no loss of data.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      throw OutputError(.cannotWrite, path: path, code: errno)
    }
    let status = close(descriptor)
    descriptor = -1
    guard status == 0 else { throw OutputError(.cannotWrite, path: path, code: errno) }
  }

  private func flush() throws(OutputError) {
    var start = 0
    while start < buffer.count {
      let (count, code) = buffer.withUnsafeBytes { bytes -> (Int, Int32) in
        guard let base = bytes.baseAddress else { return (0, 0) }
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, base + start, bytes.count - start)
        #else
          let count = Darwin.write(descriptor, base + start, bytes.count - start)
        #endif
        return (count, errno)
      }
      if count < 0, code == EINTR { continue }
      guard count > 0 else { throw OutputError(.cannotWrite, path: path, code: code) }
      start += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
