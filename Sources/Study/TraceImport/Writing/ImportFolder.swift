import Foundation
import Reporting

/// The folder that an import leaves: written beside its place, and moved there when it is whole.
final class ImportFolder {
  private let path: String
  private let working: String
  private var isOpen = true

  /// Prepares a folder.
  ///
  /// - Throws: ``OutputError`` if the place is taken by something other than an empty folder or an
  ///   import, or if nothing can be written there.
  init(_ path: String) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    working = "\(path).unfinished"
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
      guard isFolder.boolValue, names.isEmpty || names.contains("import.json") else {
        throw OutputError(
          .cannotCreate, path: path, reason: "something that is no import is there already")
      }
    }
    do {
      if files.fileExists(atPath: working) { try files.removeItem(atPath: working) }
      try files.createDirectory(atPath: working, withIntermediateDirectories: true)
    } catch {
      throw OutputError(.cannotCreate, path: path, reason: Self.reason(error))
    }
  }

  deinit { discard() }

  private static func reason(_ error: any Error) -> String {
    let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
    return code.map { String(cString: strerror(Int32($0))) } ?? error.localizedDescription
  }

  /// Opens a file that is written piece by piece; its writer finishes it.
  func sink(_ name: String) throws -> FileSink { try FileSink(path: "\(working)/\(name)") }

  func write(_ bytes: [UInt8], to name: String) throws {
    let sink = try sink(name)
    try sink.write(bytes)
    try sink.finish()
  }

  /// Gives the folder its name.
  func complete() throws {
    let files = FileManager.default
    do {
      if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
      try files.moveItem(atPath: working, toPath: path)
    } catch {
      throw OutputError(.cannotCreate, path: path, reason: Self.reason(error))
    }
    isOpen = false
  }

  /// Leaves nothing behind, unless the folder is complete.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(atPath: working)
  }
}
