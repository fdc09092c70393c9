import Foundation
import TestSupport
import Testing

/// A block of `scripts/mutants/list.txt`.
private struct Mutant {
  var name = ""
  var file = ""
  var old = ""
  var new = ""
  var test = ""

  /// The mutants of a list; lines that begin with `#` are comments.
  static func read(_ text: String) -> [Mutant] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("#") }
    return lines.split(separator: "").map { block in
      func field(_ key: String) -> String {
        block.first { $0.hasPrefix("\(key) ") }.map { String($0.dropFirst(key.count + 1)) } ?? ""
      }
      return Mutant(
        name: field("name:"), file: field("file:"), old: field("-"), new: field("+"),
        test: field("test:"))
    }
  }

  /// What is wrong with it, given the text of its file and of its suite.
  func faults(in source: String, suite: String) -> [String] {
    var faults: [String] = []
    if [name, file, old, new, test].contains("") { faults.append("\(name): a field is missing") }
    let times = old.isEmpty ? 0 : source.components(separatedBy: old).count - 1
    if times != 1 { faults.append("\(name): its text stands \(times) times in \(file)") }
    if old == new { faults.append("\(name): it changes nothing") }
    let parts = test.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count != 2 {
      faults.append("\(name): \(test) isn't a suite and a test")
    } else if !parts[1].isEmpty, !suite.contains("func \(parts[1])(") {
      faults.append("\(name): there is no \(test)")
    }
    return faults
  }
}

@Suite("The list of the scheduler's mutants")
struct MutantListTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: PackageFolder.path(path), encoding: .utf8)
  }

  @Test("Each has a name of its own, a text that stands exactly once in its file, and a test")
  func isCurrent() throws {
    let mutants = Mutant.read(try Self.text("scripts/mutants/list.txt"))
    #expect(mutants.count > 80)
    #expect(Set(mutants.map(\.name)).count == mutants.count)
    for mutant in mutants {
      let suite = mutant.test.prefix { $0 != "/" }
      let source = (try? Self.text("Sources/Control/Scheduling/\(mutant.file)")) ?? ""
      let tests = (try? Self.text("Tests/Scheduling/\(suite).swift")) ?? ""
      let faults = mutant.faults(in: source, suite: tests)
      if tests.isEmpty { Issue.record("\(mutant.name): there is no \(suite).swift") }
      for fault in faults { Issue.record("\(fault)") }
    }
  }

  @Test("A text that is gone or stands twice, a test that is gone and an empty field are found")
  func isJudged() {
    let block = "# a comment\nname: N\nfile: F\n- a + b\n+ a - b\ntest: T/t\n"
    let mutant = Mutant.read(block)[0]
    #expect(mutant.faults(in: "x a + b y", suite: "func t() {").isEmpty)
    #expect(mutant.faults(in: "x a * b y", suite: "func t() {").count == 1)
    #expect(mutant.faults(in: "a + b; a + b", suite: "func t() {").count == 1)
    #expect(mutant.faults(in: "a + b", suite: "func u() {").count == 1)
    let hollow = Mutant.read("name: N\nfile: F\n- a\ntest: T/t")[0]
    #expect(!hollow.faults(in: "a", suite: "func t() {").isEmpty)
  }
}
