import Compression
import Foundation
import ScenarioFiles

/// The bytes of a file, unpacked where they are gzip's, a stretch at a time.
final class ByteSource {
  /// What the file is called in diagnostics.
  let name: String
  private let file: FileBytes
  private var gzip: GzipStream?
  /// Unpacked bytes handed over so far.
  private(set) var count = 0

  /// Opens a file; `-` is standard input.
  ///
  /// - Throws: ``InvalidInput`` for what can't be opened or is a folder.
  init(path: String) throws {
    name = path
    file = try FileBytes(path: path)
    if try file.begins(with: [0x1F, 0x8B]) {
      let file = file
      gzip = GzipStream { try file.read(into: $0) }
    }
  }

  /// The next bytes, valid until the next call; none at the end.
  ///
  /// - Parameter line: the line that is being read, for what is wrong with the file.
  func next(line: Int) throws -> UnsafeRawBufferPointer {
    do {
      let bytes = gzip == nil ? try file.next() : try gzip!.next()
      count += bytes.count
      return bytes
    } catch let error as GzipError {
      throw InvalidInput(
        file: name, line: line, column: 1,
        code: error.kind == .truncated ? "truncated" : "corrupt", message: error.description,
        expected: "a whole gzip file", note: "at byte \(error.offset) of the compressed file")
    }
  }
}

/// A file's bytes as they are.
private final class FileBytes {
  private let path: String
  private let handle: FileHandle
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// What was read to see what the file is, and not yet handed over.
  private var ahead = 0

  init(path: String) throws {
    self.path = path
    var isFolder: ObjCBool = false
    if path == "-" {
      handle = .standardInput
    } else if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue, let opened = FileHandle(forReadingAtPath: path)
    {
      handle = opened
    } else {
      throw InvalidInput(
        file: path, line: 0, column: 0, code: "unreadable-file",
        message: isFolder.boolValue ? "\"\(path)\" is a folder" : "\"\(path)\" can't be read",
        expected: "a file")
    }
  }

  deinit {
    buffer.deallocate()
    if path != "-" { try? handle.close() }
  }

  func begins(with prefix: [UInt8]) throws -> Bool {
    while ahead < prefix.count {
      let more = try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[ahead...]))
      if more == 0 { break }
      ahead += more
    }
    return ahead >= prefix.count && buffer.prefix(prefix.count).elementsEqual(prefix)
  }

  func next() throws -> UnsafeRawBufferPointer {
    let count = ahead > 0 ? ahead : try fill(buffer)
    ahead = 0
    return UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }

  func read(into other: UnsafeMutableRawBufferPointer) throws -> Int {
    guard ahead > 0 else { return try fill(other) }
    let count = min(ahead, other.count)
    other.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    let rest = ahead - count
    if rest > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[count..<ahead]))
    }
    ahead = rest
    return count
  }

  /// Waits until there is something to read: of a pipe, perhaps forever, unless the task is cancelled.
  private func waitForBytes() throws {
    var descriptor = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
    var found: Int32
    repeat {
      try Task.checkCancellation()
      found = poll(&descriptor, 1, 100)
    } while found == 0 || found < 0 && errno == EINTR
  }

  private func fill(_ target: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      try waitForBytes()
      let count = Foundation.read(handle.fileDescriptor, target.baseAddress!, target.count)
      if count >= 0 { return count }
      if errno == EINTR { continue }
      throw InvalidInput(
        file: path, line: 0, column: 0, code: "unreadable-file",
        message: "\"\(path)\" can't be read: \(String(cString: strerror(errno)))",
        expected: "a file")
    }
  }
}
