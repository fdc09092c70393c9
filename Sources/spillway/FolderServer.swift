import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A server of one folder's files to programs on this machine: GET and HEAD, one request at a time.
struct FolderServer {
  private let listener: Int32
  private let root: String
  /// The port that it listens at.
  let port: UInt16

  /// Largest head of a request that is read.
  private static let mostBytes = 16_384

  /// Listens at the loopback address.
  ///
  /// - Parameter port: 0 for any that is free.
  /// - Throws: ``ServerError`` if the folder or the port can't be had.
  init(folder: String, port wanted: UInt16) throws(ServerError) {
    guard let resolved = realpath(folder, nil) else {
      throw ServerError(reason: "\(folder): \(String(cString: strerror(errno)))", isMissing: true)
    }
    root = String(cString: resolved)
    free(resolved)
    #if canImport(Glibc)
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    self.listener = listener
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard bound else {
      let reason = String(cString: strerror(errno))
      close(listener)
      throw ServerError(reason: "port \(wanted): \(reason); choose another with --port")
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  /// Answers requests until it is told to stop.
  func serve(until isStopped: () -> Bool) {
    while !isStopped() {
      var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 200) > 0 else { continue }
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      // A browser may open a connection ahead and stay silent, while others wait.
      var patience = timeval(tv_sec: 1, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
      setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
      if let head = Self.readHead(connection) { send(answer(to: head), to: connection) }
      close(connection)
    }
    close(listener)
  }

  private static func readHead(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count < mostBytes {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece.prefix(count)
      let text = String(decoding: bytes, as: UTF8.self)
      if text.contains("\r\n\r\n") { return text }
    }
    return nil
  }

  private func send(_ answer: FolderAnswer, to connection: Int32) {
    for part in [Array(answer.head.utf8), answer.body] {
      var start = 0
      while start < part.count {
        let count = part[start...].withUnsafeBytes { bytes in
          #if canImport(Glibc)
            Glibc.send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
          #else
            Darwin.send(connection, bytes.baseAddress, bytes.count, 0)
          #endif
        }
        guard count > 0 else { return }
        start += count
      }
    }
  }

  private func answer(to head: String) -> FolderAnswer {
    FolderAnswer(to: head, root: root, host: "\(port)")
  }
}

/// Why a folder can't be served.
struct ServerError: Error {
  let reason: String
  var isMissing = false
}

/// What is answered to a request for a file of a folder.
struct FolderAnswer {
  /// Status line and headers, with the empty line at their end.
  let head: String
  /// The file, or a sentence.
  let body: [UInt8]

  private static let types = [
    "html": "text/html; charset=utf-8", "json": "application/json", "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8",
    "xml": "application/xml", "txt": "text/plain; charset=utf-8",
  ]

  /// The answer to a request's head.
  ///
  /// - Parameters:
  ///   - root: the folder, its links resolved.
  ///   - host: the port; a request that another page's name led here is refused.
  init(to request: String, root: String, host port: String) {
    let lines = request.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ")
    let named = lines.first { $0.lowercased().hasPrefix("host:") }
      .map { $0.dropFirst(5).trimmingCharacters(in: .whitespaces) }
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
      self.init(status: "400 Bad Request", text: "No request of HTTP/1.")
      return
    }
    guard words[0] == "GET" || words[0] == "HEAD" else {
      self.init(
        status: "405 Method Not Allowed", text: "Only GET and HEAD.", more: "Allow: GET, HEAD\r\n")
      return
    }
    if let named, named != "127.0.0.1:\(port)", named != "localhost:\(port)" {
      self.init(status: "403 Forbidden", text: "This folder is served to this machine alone.")
      return
    }
    let asked = words[1].prefix { $0 != "?" && $0 != "#" }
    guard asked.hasPrefix("/"), let name = String(asked).removingPercentEncoding,
      let found = Self.file(name == "/" ? "/report.html" : name, in: root),
      let data = FileManager.default.contents(atPath: found)
    else {
      self.init(status: "404 Not Found", text: "There is no such file in this folder.")
      return
    }
    let ending = found.split(separator: ".").last.map(String.init) ?? ""
    self.init(
      status: "200 OK", type: Self.types[ending] ?? "application/octet-stream",
      body: Array(data), isHead: words[0] == "HEAD")
  }

  private init(status: String, text: String, more: String = "") {
    self.init(
      status: status, type: "text/plain; charset=utf-8", body: Array((text + "\n").utf8),
      more: more)
  }

  private init(
    status: String, type: String, body: [UInt8], isHead: Bool = false, more: String = ""
  ) {
    head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
      + "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\(more)"
      + "Connection: close\r\n\r\n"
    self.body = isHead ? [] : body
  }

  /// A file's path, if it lies in the folder once all links are followed.
  private static func file(_ name: String, in root: String) -> String? {
    guard !name.contains("\0"), let resolved = realpath(root + name, nil) else { return nil }
    defer { free(resolved) }
    let path = String(cString: resolved)
    var isFolder: ObjCBool = false
    guard path.hasPrefix(root + "/"),
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { return nil }
    return path
  }
}
