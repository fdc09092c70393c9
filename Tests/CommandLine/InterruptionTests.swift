import Foundation
import TestSupport
import Testing

@Suite("Ctrl-C within one long replication")
struct InterruptionTests {
  /// A batch queue that takes minutes: jobs come faster than they go, and each decision looks at all
  /// that wait.
  private static func withLongRun(_ body: (String, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var jobs = ""
      for number in 1...200_000 {
        jobs += "\(number) \(number) 0 \(90 + number % 37) 1 -1 -1 1 200 -1 1 1 1 -1 1 -1 -1 -1\n"
      }
      try Data(jobs.utf8).write(to: URL(filePath: "\(folder)/jobs.swf"))
      let scenario = """
        # Does it end?
        apiVersion: spillway.sim/v1alpha1
        kind: Scenario
        metadata: {name: endless}
        spec:
          duration: 8760h
          sites: [{name: idc}]
          batchQueues: [{name: queue, file: jobs.swf, machines: 8, policy: easyTextbook}]
          claims: [{name: soon, metric: batchWait, below: 1h}]
        """
      try Data(scenario.utf8).write(to: URL(filePath: "\(folder)/endless.yaml"))
      try body("\(folder)/endless.yaml", folder)
    }
  }

  @Test(
    "ends it soon; what is shown is marked, and claims stay undecided",
    arguments: [SIGINT, SIGTERM])
  func run(signal: Int32) throws {
    try Self.withLongRun { file, folder in
      let process = Process()
      process.executableURL = URL(filePath: Program.spillway)
      process.arguments = ["run", file, "--out", "\(folder)/runs/a", "--quiet", "--jobs", "1"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      // The run's folder is begun right before the run.
      while (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs"))?.isEmpty
        ?? true
      {
        Thread.sleep(forTimeInterval: 0.02)
      }
      Thread.sleep(forTimeInterval: 0.5)
      let begun = Date()
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(Date().timeIntervalSince(begun) < 20)
      #expect(
        process.terminationReason == .exit
          && process.terminationStatus == (signal == SIGTERM ? 75 : 130))
      let summary = try Summary(folder: "\(folder)/runs/a")
      #expect(summary.partial && summary.claims.map(\.verdict) == ["undecided"])
      let report = try String(contentsOfFile: "\(folder)/runs/a/report.md", encoding: .utf8)
      #expect(report.contains("no replication had ended: figures are of the first one up to "))
    }
  }

  @Test("ends an import that waits for its pipe, and leaves nothing")
  func reading() throws {
    try withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: Program.spillway)
      process.arguments = ["import", "swf", "-", "--out", "\(folder)/log"]
      process.standardInput = Pipe()
      process.standardError = FileHandle.nullDevice
      try process.run()
      // The folder is begun right before the reading.
      while !FileManager.default.fileExists(atPath: "\(folder)/log.unfinished") {
        Thread.sleep(forTimeInterval: 0.02)
      }
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 75)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
