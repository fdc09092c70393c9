import Foundation
import TestSupport
import Testing

@Suite("How the program ends")
struct ExitStatusTests {
  @Test("0 where the claims hold, 1 where one doesn't or is undecided")
  func verdicts() throws {
    try PlainWorld.withFile { file, folder in
      _ = try Spillway.summary(of: file, in: folder, expecting: 0)
      let settings = ["--set", "Claim/fast:spec.above=20/min"]
      let slow = ["--set", "ServerlessPool/cloud:spec.createRate=19/min"] + settings
      let failing = try Spillway.summary(of: file, slow, in: folder, expecting: 1)
      #expect(failing.claims.map(\.verdict) == ["fails", "holds"])
      let loose = ["--set", "ServerlessPool/cloud:spec.boot=exponential(mean: 5s)"]
      let few = loose + ["--replications", "2"]
      let undecided = try Spillway.summary(of: file, few, in: folder, expecting: 1)
      #expect(undecided.claims.contains { $0.verdict == "undecided" })
      _ = try Spillway.summary(of: file, few + ["--allow-undecided"], in: folder, expecting: 0)
      _ = try Spillway.summary(of: file, slow + ["--allow-undecided"], in: folder, expecting: 1)
    }
  }

  static let usage: [[String]] = [
    ["run"], ["run", "x.yaml", "--jobs", "0"], ["run", "x.yaml", "--replications", "0"],
    ["run", "x.yaml", "--set", "noValue"], ["fly"], ["run", "x.yaml", "--unknown"],
    ["bench", "hold", "--law", "none"], ["conformance", "astrology", "x"],
  ]

  @Test("64 for wrong usage, with a hint", arguments: usage)
  func wrongUsage(_ arguments: [String]) throws {
    let result = try Spillway.call(arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains("Usage: spillway"))
    #expect(result.output.isEmpty)
  }

  @Test("66 for what isn't there or can't be read")
  func missing() throws {
    try withTemporaryFolder { folder in
      let absent = "\(folder)/absent.yaml"
      for arguments in [
        ["run", absent], ["validate", absent], ["conformance", "queueing", absent],
      ] {
        let result = try Spillway.call(arguments)
        #expect(result.status == 66, "\(arguments)")
        #expect(result.errors.contains("absent.yaml"))
      }
      let locked = "\(folder)/locked.yaml"
      try Data("kind: Pod".utf8).write(to: URL(filePath: locked))
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
      // Root may read everything; a folder that is named like a file nobody can.
      let unreadable =
        FileManager.default.isReadableFile(atPath: locked) ? "/proc/self/mem" : locked
      #expect(try Spillway.call("validate", unreadable).status == 66)
    }
  }

  @Test("73 where --out is somebody else's folder, which stays as it is")
  func foreignFolder() throws {
    try PlainWorld.withFile { file, folder in
      let out = "\(folder)/foreign"
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
      try Data("mine".utf8).write(to: URL(filePath: "\(out)/mine.txt"))
      let result = try Spillway.call("run", file, "--quiet", "--out", out)
      #expect(result.status == 73)
      #expect(result.errors.contains("mine.txt"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["mine.txt"])
      #expect(try Spillway.call("run", file, "--out", "/proc/nothing/here").status == 73)
    }
  }

  @Test("A second run into the same folder replaces the first and leaves nothing beside it")
  func secondRun() throws {
    try PlainWorld.withFile { file, folder in
      let out = "\(folder)/run"
      for seed in ["1", "2"] {
        let result = try Spillway.call("run", file, "--quiet", "--seed", seed, "--out", out)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Summary(folder: out).seed == Int(seed))
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == ["plain.yaml", "run"])
    }
  }

  @Test("74 where the disk is full, and nothing looks like a run")
  func fullDisk() throws {
    let program = Program.spillway
    let shell = { (script: String) in
      try Program.run("/bin/sh", ["-c", script], environment: Spillway.environment)
    }
    let printed = try shell("'\(program)' explain --all -o json > /dev/full")
    #expect(printed.status == 74)
    #expect(printed.errors.contains("No space left on device"))
    try PlainWorld.withFile { file, folder in
      let written = try shell(
        """
        ulimit -f 8
        trap '' XFSZ
        exec '\(program)' run '\(file)' --quiet --out '\(folder)/run'
        """)
      #expect(written.status == 74, "\(written.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["plain.yaml"])
    }
  }

  @Test("A reader that has had enough doesn't change the verdict")
  func closedPipe() throws {
    try PlainWorld.withFile { file, folder in
      let script =
        "('\(Program.spillway)' run '\(file)' -o json --out '\(folder)/run'; echo $? >&2) | true"
      let result = try Program.run("/bin/sh", ["-c", script], environment: Spillway.environment)
      #expect(result.errors.hasSuffix("0\n"), "\(result.errors)")
    }
  }

  @Test("130 for Ctrl-C, with a result that says that it is partial")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: Program.spillway)
      process.arguments = [
        "run", Spillway.gallery("claim-holds"), "--quiet", "--replications", "100000", "--out",
        "\(folder)/run",
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: 5)
      #expect(process.isRunning)
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      let summary = try Summary(folder: "\(folder)/run")
      #expect(summary.partial)
      #expect(1..<100_000 ~= summary.replications)
      let report = try String(contentsOfFile: "\(folder)/run/report.md", encoding: .utf8)
      #expect(report.contains("**Partial.**"))
    }
  }
}
