#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system's calls on folders, with errors that name the path.
enum FolderCalls {
  /// What stands at a path.
  enum Entry { case nothing, folder, link, other }

  /// What stands at a path; links aren't followed.
  static func entry(at path: String) throws(OutputError) -> Entry {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return .nothing }
      throw OutputError(.cannotCreate, path: path, code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// The path with all links followed; nil if it leads nowhere.
  static func resolved(_ path: String) -> String? {
    guard let result = realpath(path, nil) else { return nil }
    defer { free(result) }
    return String(cString: result)
  }

  /// Makes a folder, and those above it where they are missing.
  static func makeAll(_ path: String) throws(OutputError) {
    if path.isEmpty || mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeAll(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
      throw OutputError(.cannotCreate, path: path, code: errno)
    }
    var status = stat()
    if code == EEXIST {
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
      throw OutputError(.cannotCreate, path: path, reason: "is there already and is no folder")
    }
    throw OutputError(.cannotCreate, path: path, code: code)
  }

  /// Makes a folder; false if there is something at its path already.
  static func make(_ path: String) throws(OutputError) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    if errno == EEXIST { return false }
    throw OutputError(.cannotCreate, path: path, code: errno)
  }

  /// The names in a folder, sorted.
  static func names(in path: String) throws(OutputError) -> [String] {
    guard let folder = opendir(path) else {
      throw OutputError(.cannotCreate, path: path, code: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Moves a file or folder to another name on the same disk.
  static func move(_ path: String, to target: String) throws(OutputError) {
    guard rename(path, target) == 0 else {
      throw OutputError(.cannotWrite, path: target, code: errno)
    }
  }

  /// Deletes a file, or a folder with all it holds; what is already gone is no error.
  static func remove(_ path: String) throws(OutputError) {
    if try entry(at: path) == .folder {
      for name in try names(in: path) { try remove("\(path)/\(name)") }
      if rmdir(path) == 0 { return }
    } else if unlink(path) == 0 {
      return
    }
    if errno != ENOENT { throw OutputError(.cannotWrite, path: path, code: errno) }
  }

  /// Waits until the disk has the names in a folder.
  static func synchronise(_ path: String) throws(OutputError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError(.cannotWrite, path: path, code: errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      throw OutputError(.cannotWrite, path: path, code: errno)
    }
  }

  /// The first bytes of a file as text; nil if it can't be read.
  static func beginning(of path: String, bytes limit: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = read(descriptor, &bytes, limit)
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
