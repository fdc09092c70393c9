import CloudSimulation
import ClusterModel
import Foundation
import ScenarioFiles
import TestSupport
import Testing

@Suite("Folders of manifests")
struct FolderReadingTests {
  private static func write(_ text: String, to path: String) throws {
    let file = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private static func node(_ name: String) -> String {
    """
    apiVersion: v1
    kind: Node
    metadata: {name: \(name)}
    status: {allocatable: {cpu: 4, memory: 8Gi, pods: 110}}

    """
  }

  @Test("Folders in a folder are read, by name; what is no manifest is named and skipped")
  func nested() throws {
    try withTemporaryFolder { folder in
      try Self.write(Self.node("b"), to: "\(folder)/b.yaml")
      try Self.write(Self.node("c"), to: "\(folder)/z/c.yml")
      try Self.write(Self.node("a"), to: "\(folder)/a/deep/a.yaml")
      try Self.write("{\"vgs\": []}", to: "\(folder)/a/disks.json")
      try Self.write("no: [manifest", to: "\(folder)/.hidden/x.yaml")
      try Self.write("no: [manifest", to: "\(folder)/notes.txt")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/z/back", withDestinationPath: folder)
      let loaded = try ScenarioLoader.load(paths: [folder])
      #expect(loaded.scenario.cluster.nodes.map(\.name) == ["a", "b", "c"])
      let skipped = loaded.warnings.filter { $0.code == "skipped-file" }
      #expect(skipped.map(\.file) == ["\(folder)/a/disks.json"])
    }
  }

  @Test("A file that is named, or misspells its kind, is no less wrong than before")
  func named() throws {
    try withTemporaryFolder { folder in
      try Self.write("{\"vgs\": []}", to: "\(folder)/disks.json")
      #expect(throws: InvalidInput.self) {
        try ScenarioLoader.load(paths: ["\(folder)/disks.json"])
      }
      try Self.write("apiVersion: v1\nkid: Node\n", to: "\(folder)/disks.json")
      #expect(throws: InvalidInput.self) { try ScenarioLoader.load(paths: [folder]) }
    }
  }
}
