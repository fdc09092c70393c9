import Foundation
import Quantities
import Statistics
import Testing

@testable import Reporting

/// A folder for one test, deleted with it.
final class Scratch {
  let path: String

  init() throws {
    let base = FileManager.default.temporaryDirectory
    path = base.appendingPathComponent("spillway-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
  }

  func text(_ file: String) throws -> String {
    try String(contentsOfFile: path + "/" + file, encoding: .utf8)
  }

  func put(_ text: String, at file: String) throws {
    try text.write(toFile: path + "/" + file, atomically: false, encoding: .utf8)
  }
}

@Suite struct FolderTests {
  private func manifest(_ run: RunSummary) -> RunManifest {
    RunManifest(
      run, input: RunInput(directory: "/", files: ["x.yaml"], settings: ["a=b"]),
      command: "spillway run x.yaml", startedAt: "2026-11-11T00:00:00+08:00",
      elapsedSeconds: 11, platform: [("architecture", "x86_64")])
  }

  private func write(_ run: RunSummary, at path: String) throws {
    try RunFolder.write(run, manifest: manifest(run), at: path)
  }

  @Test func aRunsFolderHoldsWhatTheContractNames() throws {
    let scratch = try Scratch()
    let run = SampleRuns.burst()
    var table = ResultTable("placements", columns: [.init("pod", kind: .text)])
    table.append([.text("a,b")])
    try RunFolder.write(run, tables: [table], manifest: manifest(run), at: scratch.path + "/a/b/")
    #expect(
      try scratch.names("a/b") == [
        "charts", "csv", "junit.xml", "manifest.json", "report.html", "report.md", "summary.json",
      ])
    #expect(try scratch.names("a/b/csv") == ["bill.csv", "placements.csv", "throughput.csv"])
    #expect(try scratch.names("a") == ["b"])
    #expect(try scratch.text("a/b/csv/placements.csv") == "pod\r\n\"a,b\"\r\n")
    let report = try scratch.text("a/b/report.md")
    for chart in try scratch.names("a/b/charts") { #expect(report.contains("(charts/\(chart))")) }
    let read = try JSONSerialization.jsonObject(
      with: Data(scratch.text("a/b/manifest.json").utf8))
    let object = try #require(read as? [String: Any])
    #expect(object["complete"] as? Bool == true)
    #expect(object["seed"] as? Int == 42)
  }

  @Test func onlyTheManifestKnowsTheTime() throws {
    let scratch = try Scratch()
    let run = SampleRuns.burst()
    try write(run, at: scratch.path + "/one")
    var later = manifest(run)
    later.startedAt = "2027-01-01T00:00:00Z"
    later.elapsedSeconds = 99
    try RunFolder.write(run, manifest: later, at: scratch.path + "/two")
    let files = try FileManager.default.subpathsOfDirectory(atPath: scratch.path + "/one").sorted()
    #expect(files.count > 8)
    for file in files where file.contains(".") {
      let isSame = try scratch.text("one/" + file) == scratch.text("two/" + file)
      #expect(isSame == (file != "manifest.json"), "\(file)")
    }
  }

  @Test func aSecondRunReplacesTheFirstAndLeavesNothingBehind() throws {
    let scratch = try Scratch()
    var run = SampleRuns.burst()
    run.isPartial = true
    try write(run, at: scratch.path + "/run")
    #expect(try scratch.text("run/manifest.json").contains("\"complete\": false"))
    #expect(try scratch.text("run/summary.json").contains("\"partial\": true"))
    #expect(try scratch.text("run/report.md").contains("**Partial.**"))
    #expect(try scratch.text("run/junit.xml").contains("<error "))
    try write(SampleRuns.bareDump(), at: scratch.path + "/run")
    #expect(try scratch.names() == ["run"])
    #expect(try scratch.text("run/summary.json").contains("nodes-100"))
    #expect(try !scratch.names("run").contains("junit.xml"))
    #expect(try scratch.text("run/manifest.json").contains("\"complete\": true"))
  }

  @Test func foldersThatAreNoRunsAreLeftAlone() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/mine", withIntermediateDirectories: false)
    try scratch.put("{\"kind\": \"Run\"}", at: "mine/manifest.json")
    let error = try #require(throws: OutputError.self) {
      try write(SampleRuns.bareDump(), at: scratch.path + "/mine")
    }
    #expect(error.exitStatus == 73)
    #expect(error.description.contains(scratch.path + "/mine"))
    #expect(try scratch.names() == ["mine"])
    #expect(try scratch.text("mine/manifest.json") == "{\"kind\": \"Run\"}")
  }

  @Test(
    "A file that a reader added to a run is never deleted",
    arguments: ["notes.txt", "csv/plot.py", "charts/.hidden"])
  func strangers(file: String) throws {
    let scratch = try Scratch()
    try write(SampleRuns.burst(), at: scratch.path + "/run")
    try scratch.put("precious", at: "run/" + file)
    let error = try #require(throws: OutputError.self) {
      try write(SampleRuns.bareDump(), at: scratch.path + "/run")
    }
    #expect(error.exitStatus == 73 && error.reason.contains(file))
    #expect(try scratch.text("run/" + file) == "precious")
    #expect(try scratch.text("run/summary.json").contains("singles-day-burst"))
    #expect(try scratch.names() == ["run"])
  }

  @Test func emptyFoldersAndLinksToRunsAreTaken() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/real", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/link", withDestinationPath: "real")
    try write(SampleRuns.bareDump(), at: scratch.path + "/link")
    #expect(try scratch.names() == ["link", "real"])
    #expect(try scratch.names("real").contains("manifest.json"))
    try write(SampleRuns.burst(), at: scratch.path + "/link")
    #expect(try scratch.text("real/summary.json").contains("singles-day-burst"))
  }

  @Test func placesThatCannotBeFoldersAreRefusedBeforeTheRun() throws {
    let scratch = try Scratch()
    try scratch.put("x", at: "file")
    for path in ["file", "file/below", "file/deep/below", "", "."] {
      let error = try #require(throws: OutputError.self) {
        _ = try RunFolder(at: path.isEmpty || path == "." ? path : scratch.path + "/" + path)
      }
      #expect(error.exitStatus == 73)
      #expect(path.isEmpty || error.path.hasSuffix(path) || error.path.contains("file"))
    }
    #expect(try scratch.names() == ["file"])
  }

  @Test func aFullDiskLeavesNothingThatLooksLikeARun() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let scratch = try Scratch()
    let path = scratch.path + "/run"
    try write(SampleRuns.bareDump(), at: path)
    let before = try scratch.text("run/summary.json")
    let folder = try RunFolder(at: path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.workingPath + "/report.md", withDestinationPath: "/dev/full")
    let error = try #require(throws: OutputError.self) {
      try folder.write(SampleRuns.burst())
    }
    #expect(error.exitStatus == 74)
    #expect(error.path.hasSuffix("/report.md"))
    #expect(error.reason == "No space left on device")
    folder.discard()
    #expect(try scratch.names() == ["run"])
    #expect(try scratch.text("run/summary.json") == before)
  }

  @Test func anUnfinishedFolderHasNoManifestAndGoesWithItsWriter() throws {
    let scratch = try Scratch()
    do {
      let folder = try RunFolder(at: scratch.path + "/run")
      try folder.write(SampleRuns.burst())
      let other = try RunFolder(at: scratch.path + "/run")
      #expect(other.workingPath != folder.workingPath)
      #expect(try scratch.names() == [".run.unfinished", ".run.unfinished-2"])
      #expect(try !scratch.names(".run.unfinished").contains("manifest.json"))
    }
    #expect(try scratch.names() == [])
  }

  @Test func whatAppearsInThePlaceDuringTheRunIsNotOverwritten() throws {
    let scratch = try Scratch()
    let run = SampleRuns.bareDump()
    let folder = try RunFolder(at: scratch.path + "/run")
    try folder.write(run)
    try scratch.put("somebody else's", at: "run")
    #expect(throws: OutputError.self) { try folder.complete(manifest(run)) }
    #expect(try scratch.text("run") == "somebody else's")
  }
}

@Suite struct CSVTests {
  private func csv(_ table: ResultTable) throws -> String {
    let sink = MemorySink()
    let writer = try CSVWriter(columns: table.columns, to: sink)
    for row in table.rows { try writer.write(row) }
    return sink.text
  }

  @Test func fieldsAreQuotedWhereRFC4180AsksForIt() throws {
    var table = ResultTable(
      "t",
      columns: [
        .init("pod, name", kind: .text), .init("ready", unit: "s"), .init("n", kind: .count),
      ])
    table.append([.text("a\"b"), .number(1.0 / 3), .count(1_234_567)])
    table.append([.text("line\nend"), .missing, .missing])
    table.append([.text(""), .number(-0.5), .count(-1)])
    table.append([.text("plain"), .number(1e6), .count(0)])
    #expect(
      try csv(table) == "\"pod, name\",ready_s,n\r\n\"a\"\"b\",0.333333,1234567\r\n"
        + "\"line\nend\",,\r\n\"\",-0.5,-1\r\nplain,1000000,0\r\n")
  }

  @Test func aLargeTableReachesTheDiskWhole() throws {
    let scratch = try Scratch()
    let sink = try FileSink(path: scratch.path + "/big.csv")
    let writer = try CSVWriter(columns: [.init("n", kind: .count)], to: sink)
    for number in 0..<50_000 { try writer.write([.count(number)]) }
    try sink.finish()
    let lines = try scratch.text("big.csv").split(separator: "\r\n")
    #expect(lines.count == 50_001 && lines.last == "49999")
  }

  @Test func aFullDiskIsAnErrorThatNamesTheFile() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let sink = try FileSink(path: "/dev/full")
    try sink.write("x")
    let error = try #require(throws: OutputError.self) { try sink.finish() }
    #expect(error.path == "/dev/full" && error.exitStatus == 74)
  }

  @Test func curvesAndBillBecomeTables() throws {
    let run = SampleRuns.burst()
    let throughput = SummaryTables.throughput(run)
    #expect(throughput.rows.count == 3 * 720)
    #expect(throughput.columns.map(\.header).contains("time_s"))
    let bill = try csv(SummaryTables.bill(run))
    #expect(bill.hasPrefix("item,quantity,unit,amount_CNY,incremental_CNY,kind\r\n"))
    #expect(bill.contains("\"serverless Pods, 2 CPU 4Gi\",91.6667,h,1308.25,1308.25,paid\r\n"))
    #expect(bill.contains("own cores at idc,107100,core·h,5890.5,0,owned\r\n"))
    // What is paid adds up to the cash to the last digit.
    let paid = bill.split(separator: "\r\n").filter { $0.hasSuffix(",paid") }.compactMap { line in
      line.split(separator: ",").suffix(3).first.flatMap { try? Money.parse(String($0)) }
    }
    #expect(paid.count == 3 && paid.reduce(.zero) { $0 + $1 } == run.money.exactCash)
  }
}
