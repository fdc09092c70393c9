import Foundation
import ScenarioFiles
import Statistics

extension TraceFormat {
  static let kubernetes = TraceFormat(
    "k8s", "What kubectl get -A -o json or yaml prints: a file, or a folder of such",
    example: "dump.json",
    [.sample]
  ) { intake in
    try readManifests(files(of: intake.path, endings: [".json", ".yaml", ".yml", ".gz"]), intake)
  }

  static let openSimulator = TraceFormat(
    "open-simulator", "A cluster and applications as Open-Simulator takes them (a folder)",
    example: "example/cluster/demo_1", [.sample]
  ) { intake in
    let all = try files(of: intake.path, endings: [".yaml", ".yml", ".json"])
    let manifests = all.filter { !$0.hasSuffix(".json") }
    let others = all.count - manifests.count
    if others > 0 { intake.unsupported.append("\(others) files on nodes' local disks (JSON)") }
    try readManifests(manifests, intake)
  }

  static let kubernetesSimulators = TraceFormat(
    "k8s-sims", "Nodes and Pods of the k8s-sims comparison: pods-N.yaml beside nodes-N.yaml",
    example: "pods-100.yaml", [.sample]
  ) { intake in
    let folder = (intake.path as NSString).deletingLastPathComponent
    let last = (intake.path as NSString).lastPathComponent
    let nodes = (folder.isEmpty ? "" : folder + "/") + last.replacing("pods-", with: "nodes-")
    guard nodes != intake.path else {
      throw intake.error(
        line: 0, column: 0, "wrong-format",
        "\"\(last)\" isn't called as Pods of the comparison are",
        expected: "pods-N.yaml, with nodes-N.yaml beside it")
    }
    guard FileManager.default.fileExists(atPath: nodes) else {
      throw intake.error(
        line: 0, column: 0, "unreadable-file", "there is no \"\(nodes)\" beside it",
        expected: "a file of Pods called pods-N.yaml, and one of nodes")
    }
    try readManifests([nodes, intake.path], intake)
  }

  /// The files of a folder and those in it, in the order of their paths; a file itself.
  private static func files(of path: String, endings: [String]) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
      let all = try? FileManager.default.subpathsOfDirectory(atPath: path)
    else { return [path] }
    let found = all.sorted().filter { name in endings.contains { name.hasSuffix($0) } }
    guard !found.isEmpty else {
      throw InvalidInput(
        file: path, line: 0, column: 0, code: "unreadable-file",
        message: "no manifest in \"\(path)\"", expected: "files of YAML or JSON")
    }
    return found.map { "\(path)/\($0)" }
  }

  private static func readManifests(_ files: [String], _ intake: Intake) throws {
    var objects = try ObjectIntake(intake)
    for file in files { try objects.read(file) }
    try objects.finish()
  }
}

/// Objects of a cluster while they are read.
private struct ObjectIntake {
  private let intake: Intake
  private var spool: ObjectSpool
  private var sifter: ManifestSifter
  private var row = 0
  /// Hashes of what has been kept, by which doubles are found. // name look-up
  private var known: Set<String> = []

  init(_ intake: Intake) throws {
    self.intake = intake
    spool = try intake.openSpool()
    sifter = ManifestSifter(file: intake.path)
  }

  mutating func read(_ file: String) throws {
    sifter.file = file
    let source = try ByteSource(path: file)
    let json = JSONStream(source)
    guard try json.isAtEnd() == false else {
      throw InvalidInput(
        file: file, line: 1, column: 1, code: "empty-file", message: "the file is empty",
        expected: "manifests in YAML or JSON")
    }
    let before = row
    defer { sifter.file = intake.path }
    if try json.kind() == "{" {
      while try !json.isAtEnd() { try readObject(json) }
    } else {
      var lines = ManifestLines(json.lines())
      try lines.objects { try take($0, isJSON: false, line: $1) }
    }
    guard row > before else {
      throw InvalidInput(
        file: file, line: 1, column: 1, code: "empty-file",
        message: "there is no object in the file",
        expected: "manifests in YAML or JSON")
    }
  }

  /// Reads an object, or the items of a list one by one.
  private mutating func readObject(_ json: JSONStream) throws {
    var isList = false
    let line = json.line
    var text: [UInt8] = Array("{".utf8)
    try json.object("a manifest") { key in
      if key == "items" {
        isList = true
        try json.list("items") {
          let line = json.line
          try take(try json.capture(most: ManifestLines.largest), isJSON: true, line: line)
        }
        return
      }
      if text.count > 1 { text.append(44) }
      text.append(contentsOf: "\"\(key)\":".utf8)
      text.append(contentsOf: try json.capture(most: ManifestLines.largest))
    }
    if !isList { try take(text + [125], isJSON: true, line: line) }
  }

  private mutating func take(_ bytes: [UInt8], isJSON: Bool, line: Int) throws {
    let before = sifter.unknown
    var found: [ManifestSifter.Object] = []
    try sifter.sift(bytes, isJSON: isJSON, line: line) { found.append($0) }
    for (index, other) in sifter.unknown.enumerated() {
      let had = index < before.count ? before[index].count : 0
      for _ in had..<other.count {
        row += 1
        intake.counts.drop("kind \(other.kind) isn't modelled", line: line)
      }
    }
    for object in found {
      row += 1
      if !known.insert("\(object.kind)/\(object.namespace)/\(object.name)").inserted {
        intake.counts.drop("there already", line: line)
      } else if object.kind == "Pod", intake.copies(ofRow: row) == 0 {
        intake.counts.drop(Intake.unsampled, line: line)
      } else {
        intake.counts.keep()
        try spool.add(object)
      }
    }
  }

  mutating func finish() throws {
    guard row > 0 else {
      throw intake.error(
        line: 1, "empty-file", "there is no object in the input", expected: "manifests")
    }
    try spool.finish()
    intake.content.objects = spool
    intake.input = sifter.input
    for kind in sifter.input {
      intake.unsupported += kind.unsupportedFields.map { "\(kind.kind): \($0)" }
    }
  }
}
