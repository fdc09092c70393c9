import Foundation
import TestSupport

/// Something found untidy.
struct Finding: CustomStringConvertible, Hashable {
  var path: String
  var line: Int
  var message: String
  var description: String { "\(path):\(line): error: \(message)" }
}

/// A rule that the package's files keep, with the proof that it can be broken.
struct Rule: Sendable, CustomStringConvertible {
  /// The rule, as a sentence.
  let description: String
  /// Small trees of which each breaks the rule: paths and texts.
  let violations: [[String: String]]
  /// A small tree that looks much like them and keeps the rule.
  let clean: [String: String]
  /// What is untidy in a tree.
  let check: @Sendable ([SourceFile]) -> [Finding]

  init(
    _ description: String, violations: [[String: String]], clean: [String: String],
    check: @escaping @Sendable ([SourceFile]) -> [Finding]
  ) {
    self.description = description
    self.violations = violations
    self.clean = clean
    self.check = check
  }

  /// A rule that looks at one file at a time.
  init(
    _ description: String, violations: [[String: String]], clean: [String: String],
    each check: @escaping @Sendable (SourceFile) -> [Finding]
  ) {
    self.init(description, violations: violations, clean: clean) { $0.flatMap(check) }
  }
}

/// The files that the rules are about.
enum Tree {
  /// Every text file of the package but those that were built or written by a run.
  static let package: [SourceFile] = files(below: "")

  /// A tree from paths and texts, in the order of the paths.
  static func made(of texts: [String: String]) -> [SourceFile] {
    texts.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, text: $0.value) }
  }

  private static func files(below folder: String) -> [SourceFile] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: PackageFolder.path(folder))
    return (names ?? []).sorted().flatMap { name -> [SourceFile] in
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: PackageFolder.path(path), isDirectory: &isFolder)
      if isFolder.boolValue { return isOurs(folder: name, in: folder) ? files(below: path) : [] }
      // In a worktree of git, .git is a file.
      guard name != ".git",
        let data = FileManager.default.contents(atPath: PackageFolder.path(path)),
        data.count < 1_000_000, let text = String(data: data, encoding: .utf8)
      else { return [] }
      return [SourceFile(path: path, text: text)]
    }
  }

  private static func isOurs(folder name: String, in parent: String) -> Bool {
    let generated = parent.isEmpty && ["out", "docs"].contains(name)
    return !generated && !name.hasPrefix(".build") && ![".git", ".swiftpm"].contains(name)
  }
}
