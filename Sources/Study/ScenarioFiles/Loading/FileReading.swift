import Foundation

/// Reads files and folders, and those that they include, each once.
struct FileReading {
  private(set) var sources = Sources()
  private(set) var reading = DocumentReading()
  private(set) var diagnostics: [Diagnostic] = []
  /// The first comment of each text that has a `Scenario`, by the text's number.
  private var finished: [String] = []
  private var underWay: [String] = []

  /// Reads what is at a path.
  mutating func read(_ path: String) { read(path, from: nil) }

  /// Reads a text that came by another way than a file's path.
  mutating func read(_ text: String, called name: String) {
    add(Array(text.utf8), called: name, folder: ".")
  }

  private mutating func read(_ path: String, from include: ManifestValue?) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      unreadable(path, "there is no \"\(path)\"", include)
      return
    }
    guard isFolder.boolValue else {
      readFile(path, from: include)
      return
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      unreadable(path, "\"\(path)\" can't be read", include)
      return
    }
    let files = names.filter { name in
      [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } && !name.hasPrefix(".")
    }
    if files.isEmpty { unreadable(path, "no YAML or JSON file in \"\(path)\"", include) }
    for name in files.sorted() {
      readFile(path.hasSuffix("/") ? path + name : "\(path)/\(name)", from: include)
    }
  }

  private mutating func readFile(_ path: String, from include: ManifestValue?) {
    let real = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    if let start = underWay.firstIndex(of: real) {
      let cycle = (underWay[start...] + [real]).map { URL(filePath: $0).lastPathComponent }
      if let include {
        diagnostics.append(
          sources.diagnostic(
            .error, at: include.place, "cyclic-include",
            "files include each other: \(cycle.joined(separator: " → "))",
            expected: "a file that isn't being read already", width: include.text?.count ?? 1))
      }
      return
    }
    guard !finished.contains(real) else { return }
    guard let data = FileManager.default.contents(atPath: path) else {
      unreadable(path, "\"\(path)\" can't be read", include)
      return
    }
    underWay.append(real)
    add([UInt8](data), called: path, folder: (path as NSString).deletingLastPathComponent)
    underWay.removeLast()
    finished.append(real)
  }

  private mutating func add(_ bytes: [UInt8], called name: String, folder: String) {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let isJSON =
      name.hasSuffix(".json")
      || !(name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && first == UInt8(ascii: "{")
    let text = SourceText(name: name, bytes: bytes, countsBytes: isJSON)
    let number = sources.add(text)
    reading.sources = sources
    let includesBefore = reading.includes.count
    do {
      try text.documents(number: number) { reading.add($0) }
    } catch let error as ParsingError {
      diagnostics.append(sources.diagnostic(error))
    } catch {
      diagnostics.append(
        Diagnostic(file: name, code: "unreadable-file", message: "can't be read: \(error)"))
    }
    for include in reading.includes[includesBefore...] {
      guard let path = include.text else { continue }
      let isAbsolute = path.hasPrefix("/") || folder.isEmpty
      read(isAbsolute ? path : "\(folder)/\(path)", from: include)
    }
  }

  private mutating func unreadable(_ path: String, _ message: String, _ include: ManifestValue?) {
    guard let include else {
      diagnostics.append(
        Diagnostic(
          file: path, code: "unreadable-file", message: message,
          expected: "a file or a folder with YAML or JSON"))
      return
    }
    diagnostics.append(
      sources.diagnostic(
        .error, at: include.place, "unreadable-file", message,
        expected: "a path relative to this file", width: include.text?.count ?? 1))
  }
}
