import CloudSimulation
import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@testable import TraceImport

/// What every format must do, in a loop over all of them.
struct ImportTests {
  private func write(_ fixture: Fixture, _ text: String, in folder: String) throws -> String {
    try write(Data(text.utf8), to: "\(folder)/\(fixture.file)")
    for file in fixture.beside {
      try write(Data(file.text.utf8), to: "\(folder)/\(file.name)")
    }
    return "\(folder)/\(fixture.file)"
  }

  private func write(_ data: Data, to path: String) throws {
    try data.write(to: URL(filePath: path))
  }

  private func run(
    _ fixture: Fixture, _ file: String, into out: String, _ options: ImportOptions = ImportOptions()
  ) throws -> ImportReport {
    let format = try #require(TraceFormat.named(fixture.format))
    return try TraceImporter.run(file, as: format, options: options, into: out)
  }

  @Test("Every format has a fixture")
  func covered() {
    #expect(TraceFormat.all.map(\.name).sorted() == Fixture.all.map(\.format).sorted())
  }

  @Test(
    "Rows read are those kept and those dropped, and the scenario loads", arguments: Fixture.all)
  func imports(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let file = try write(fixture, fixture.text, in: folder)
      let report = try run(fixture, file, into: "\(folder)/out")
      #expect(report.counts.read == fixture.read)
      #expect(report.counts.kept == fixture.kept, "\(report.counts.dropped)")
      let dropped = report.counts.dropped.reduce(0) { $0 + $1.rows }
      #expect(report.counts.read == report.counts.kept + dropped)
      let loaded = try ScenarioLoader.load(paths: ["\(folder)/out/scenario.yaml"])
      #expect(!loaded.scenario.name.isEmpty && loaded.warnings.isEmpty, "\(loaded.warnings)")
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
      #expect(names.contains("import.json") && names.contains("import.md"))
    }
  }

  @Test("Line ends of two bytes, gzip, and both, change nothing", arguments: Fixture.all)
  func sameByOtherMeans(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let file = try write(fixture, fixture.text, in: folder)
      _ = try run(fixture, file, into: "\(folder)/plain")
      let plain = try String(contentsOfFile: "\(folder)/plain/scenario.yaml", encoding: .utf8)
      for ending in ["\n", "\r\n"] {
        let text = fixture.text.replacing("\n", with: ending)
        try write(Data(text.utf8), to: file)
        let packed = try Program.run("/usr/bin/env", ["gzip", "-kf", file])
        try #require(packed.status == 0)
        // Under the file's own name, since some formats find what is beside it by that.
        for path in [file, "\(file).gz"] {
          if path != file { try write(try Data(contentsOf: URL(filePath: path)), to: file) }
          let report = try run(fixture, file, into: "\(folder)/other")
          #expect(report.counts.kept == fixture.kept)
          let other = try String(contentsOfFile: "\(folder)/other/scenario.yaml", encoding: .utf8)
          #expect(other == plain)
        }
      }
    }
  }

  @Test("Every mistake is told with its place, and nothing is left", arguments: Fixture.all)
  func mistakes(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      for (what, text, line) in fixture.wrong {
        let file = try write(fixture, text, in: folder)
        do {
          _ = try run(fixture, file, into: "\(folder)/out")
          Issue.record("\(what) was taken")
        } catch let error as InvalidInput {
          let first = try #require(error.diagnostics.first { $0.severity == .error })
          #expect(first.line == line, "\(what): \(error)")
          #expect(first.column > 0, "\(what): \(error)")
          #expect(!error.isMissingInput)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!names.contains { $0.hasPrefix("out") }, "\(what) left \(names)")
      }
    }
  }

  @Test(
    "A last line that was cut is dropped and counted",
    arguments: Fixture.all.filter(\.toleratesCut))
  func cutLine(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let last = fixture.text.dropLast().lastIndex(of: "\n") ?? fixture.text.startIndex
      let separator: Character = fixture.format == "swf" ? " " : ","
      let cells = fixture.text[last...].split(separator: separator)
      let kept = cells.dropLast(fixture.format == "swf" ? 12 : 1)
      let text = fixture.text[..<last] + kept.joined(separator: String(separator))
      let file = try write(fixture, String(text), in: folder)
      let report = try run(fixture, file, into: "\(folder)/out")
      #expect(report.counts.read == fixture.read)
      #expect(report.counts.dropped.contains { $0.reason == "last line cut" && $0.rows == 1 })
    }
  }

  @Test("A gzip file that was cut is told with its place", arguments: Fixture.all)
  func cutGzip(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let file = try write(fixture, fixture.text, in: folder)
      let packed = try Program.run("/usr/bin/env", ["gzip", "-kf", file])
      try #require(packed.status == 0)
      let bytes = try Data(contentsOf: URL(filePath: "\(file).gz"))
      try write(bytes.prefix(bytes.count - 12), to: file)
      #expect(throws: InvalidInput.self) { try run(fixture, file, into: "\(folder)/out") }
    }
  }

  @Test("A line of ten gigabytes is told and not read", arguments: Fixture.all)
  func endlessLine(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let file = try write(fixture, "", in: folder)
      let handle = try FileHandle(forWritingTo: URL(filePath: file))
      try handle.truncate(atOffset: 10 << 30)
      try handle.close()
      #expect(throws: InvalidInput.self) { try run(fixture, file, into: "\(folder)/out") }
      // A file that begins well and goes on for ever in its second line.
      let head = fixture.text.split(separator: "\n").first.map(String.init) ?? ""
      let text = head + "\n" + String(repeating: "a", count: 3 << 20)
      _ = try write(fixture, text, in: folder)
      #expect(throws: InvalidInput.self) { try run(fixture, file, into: "\(folder)/out") }
    }
  }

  @Test("An empty file, and one of something else, are told", arguments: Fixture.all)
  func otherFiles(fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      for text in ["", "\n", "\u{FEFF}", "nothing of the kind\nat all\n", "[]", "\u{0}\u{1}\u{2}"] {
        let file = try write(fixture, text, in: folder)
        #expect(throws: InvalidInput.self, "\(text)") {
          try run(fixture, file, into: "\(folder)/out")
        }
      }
    }
  }

  @Test(
    "A trace with bytes changed anywhere is taken or told, and never crashes",
    arguments: Fixture.all)
  func mutants(fixture: Fixture) throws {
    var generator = SeededGenerator(seed: 11)
    try withTemporaryFolder { folder in
      let bytes = Array(fixture.text.utf8)
      for _ in 0..<40 {
        var mutant = bytes
        for _ in 0...generator.below(3) {
          let place = generator.below(mutant.count)
          switch generator.below(3) {
          case 0: mutant[place] = UInt8(generator.below(256))
          case 1: mutant.remove(at: place)
          default: mutant.insert(mutant[generator.below(mutant.count)], at: place)
          }
        }
        let file = try write(fixture, "", in: folder)
        try write(Data(mutant), to: file)
        do {
          _ = try run(fixture, file, into: "\(folder)/out")
        } catch let error as InvalidInput {
          #expect(!error.diagnostics.isEmpty)
        }
      }
    }
  }
}
