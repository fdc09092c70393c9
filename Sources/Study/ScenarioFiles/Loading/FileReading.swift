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
    guard let files = Self.files(in: path) else {
      unreadable(path, "\"\(path)\" can't be read", include)
      return
    }
    if files.isEmpty { unreadable(path, "no YAML or JSON file in \"\(path)\"", include) }
    for file in files { readFile(file, from: include, isFound: true) }
  }

  /// The YAML and JSON files in a folder and those in it, by name; nil if it can't be read.
  ///
  /// What begins with a dot is left out, and so is what a link leads to besides files: it could lead
  /// back.
  private static func files(in folder: String) -> [String]? {
    let manager = FileManager.default
    guard let names = try? manager.contentsOfDirectory(atPath: folder) else { return nil }
    var files: [String] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        let isLink = (try? manager.destinationOfSymbolicLink(atPath: path)) != nil
        if !isLink { files += Self.files(in: path) ?? [] }
      } else if [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) {
        files.append(path)
      }
    }
    return files
  }

  private mutating func readFile(
    _ path: String, from include: ManifestValue?, isFound: Bool = false
  ) {
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
    add(
      [UInt8](data), called: path, folder: (path as NSString).deletingLastPathComponent,
      isFound: isFound)
    underWay.removeLast()
    finished.append(real)
  }

  private mutating func add(
    _ bytes: [UInt8], called name: String, folder: String, isFound: Bool = false
  ) {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let isJSON =
      name.hasSuffix(".json")
      || !(name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && first == UInt8(ascii: "{")
    let text = SourceText(name: name, bytes: bytes, countsBytes: isJSON)
    let number = sources.add(text)
    reading.sources = sources
    let includesBefore = reading.includes.count
    do {
      // A folder may hold other files than manifests, of which nothing is said but that they are.
      var isSkipped = false
      try text.documents(number: number) { document in
        if isFound, !Self.isManifest(document) { isSkipped = true } else { reading.add(document) }
      }
      if isSkipped {
        diagnostics.append(
          Diagnostic(
            file: name, severity: .warning, code: "skipped-file",
            message: "holds something that isn't a Kubernetes object, which is skipped",
            expected: "apiVersion and kind"))
      }
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

  /// Whether a document says that it is an object, though perhaps not of which kind.
  private static func isManifest(_ document: ManifestValue) -> Bool {
    document["kind"] != nil || document["apiVersion"] != nil
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
