import Foundation
import TestSupport
import Testing

@Suite("Sweeps on the command line")
struct SweepCommandTests {
  /// The plain world with an experiment of two points.
  private static func withExperiment(
    factor: String = "ServerlessPool/cloud:spec.createRate", values: String = "[60/min, 600/min]",
    responses: String = "[absorb, sustained]", replications: Int = 6,
    _ body: (_ file: String, _ folder: String) throws -> Void
  ) throws {
    try PlainWorld.withFile { file, folder in
      let experiment = """

        ---
        apiVersion: spillway.sim/v1alpha1
        kind: Experiment
        metadata: {name: rates}
        spec:
          replications: \(replications)
          factors:
          - {path: "\(factor)", values: \(values)}
          responses: \(responses)
        """
      let whole = try String(contentsOfFile: file, encoding: .utf8) + experiment + "\n"
      try Data(whole.utf8).write(to: URL(filePath: file))
      try body(file, folder)
    }
  }

  private static func call(
    _ arguments: [String], _ variables: [String: String] = [:]
  ) throws -> Program.Result {
    try Program.run(
      Program.spillway, arguments,
      environment: Spillway.environment.merging(variables) { _, new in new })
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("Shards by an engine's variables merge to the bytes of an undivided sweep")
  func shards() throws {
    try Self.withExperiment { file, folder in
      let sweep = ["sweep", file, "--quiet", "--out"]
      #expect(try Self.call(sweep + ["\(folder)/a"]).status == 0)
      for index in [2, 0, 1] {
        let variables = ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": "3"]
        let result = try Self.call(
          ["sweep", file, "--out", "\(folder)/b", "--shard", "auto"], variables)
        #expect(result.status == 0)
        #expect(result.errors.contains("shard \(index + 1)/3, by JOB_COMPLETION_INDEX"))
        let merged = try Self.call(["merge", "\(folder)/b"])
        #expect(merged.status == (index == 1 ? 0 : 3), "\(merged.errors)")
        if index == 0 { #expect(merged.errors.contains("shard 2/3 is missing")) }
      }
      for name in ["results.csv", "plan.json"] {
        #expect(try Self.text("\(folder)/a/\(name)") == Self.text("\(folder)/b/\(name)"))
      }
      let report = try Self.call(["report", "\(folder)/b", "-o", "json"])
      let json = try #require(try Spillway.json(report.output) as? [String: Any])
      #expect((json["responses"] as? [Any])?.count == 2 && json["partial"] as? Bool == false)
      try FileManager.default.removeItem(atPath: "\(folder)/b/shards/shard-2-of-3.csv")
      let partial = try Self.call(
        ["merge", "\(folder)/b", "--allow-partial", "-o", "json", "--out", "\(folder)/c"])
      #expect(partial.status == 0 && partial.output.contains("\"missing\": [\n    2\n  ]"))
      #expect(try Self.call(["report", "\(folder)/c"]).output.contains("PARTIAL: 8 of 12 runs"))
      #expect(try Self.call(["compare", "\(folder)/a", "\(folder)/c"]).status == 3)
    }
  }

  @Test("A disk that fills loses nothing: 74, and the same command goes on")
  func fullDisk() throws {
    try Self.withExperiment(replications: 40) { file, folder in
      let sweep = "'\(Program.spillway)' sweep '\(file)' --quiet --jobs 1 --out '\(folder)"
      func shell(_ script: String) throws -> Program.Result {
        try Program.run("/bin/sh", ["-c", script], environment: Spillway.environment)
      }
      // Two blocks of 512 bytes hold some of the rows.
      let full = try shell("ulimit -f 2; exec \(sweep)/a'")
      #expect(full.status == 74, "\(full.errors)")
      #expect(full.errors.contains("/a/shards/shard-1-of-1.csv: File too large"))
      let rows = try Self.text("\(folder)/a/shards/shard-1-of-1.csv").split(separator: "\n")
      #expect(rows.count > 5 && rows.count < 80)
      #expect(full.errors.contains("of 80 runs are kept"))
      #expect(try shell("\(sweep)/a'").status == 0)
      #expect(try shell("\(sweep)/b'").status == 0)
      #expect(
        try Self.text("\(folder)/a/results.csv") == Self.text("\(folder)/b/results.csv"))
    }
  }

  @Test(
    "A preempted task ends with 75, an interrupted one with 130, and both keep their rows",
    arguments: [SIGTERM, SIGINT])
  func stopped(signal: Int32) throws {
    let status: Int32 = signal == SIGTERM ? 75 : 130
    try Self.withExperiment(replications: 100_000) { file, folder in
      let process = Process()
      process.executableURL = URL(filePath: Program.spillway)
      process.arguments = ["sweep", file, "--yes", "--quiet", "--out", "\(folder)/a"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      let shard = "\(folder)/a/shards/shard-1-of-1.csv"
      while (try? Self.text(shard).count) ?? 0 < 400 { Thread.sleep(forTimeInterval: 0.02) }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == status)
      #expect(try Self.text(shard).hasSuffix("\n"))
    }
  }

  @Test("What is wrong with an experiment is told with its place before anything runs")
  func badExperiments() throws {
    let absent = "ServerlessPool/clowd:spec.createRate"
    for (factor, values, responses, words) in [
      (absent, "[60/min]", "[absorb]", "clowd"),
      ("ServerlessPool/cloud:spec.createRate", "[60/min, fast]", "[absorb]", "fast"),
      ("ServerlessPool/cloud:spec.createRate", "[60/min]", "[speed]", "'speed'"),
    ] {
      try Self.withExperiment(factor: factor, values: values, responses: responses) {
        file, folder in
        let result = try Self.call(["sweep", file, "--quiet", "--out", "\(folder)/a"])
        #expect(result.status == 65)
        #expect(result.errors.contains("plain.yaml:") && result.errors.contains(words))
        #expect(result.errors.contains("^"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/a"))
      }
    }
    try Self.withExperiment(replications: 60_000) { file, folder in
      let result = try Self.call(["sweep", file, "--out", "\(folder)/a"])
      #expect(result.status == 64)
      #expect(result.errors.contains("120000 runs") && result.errors.contains("about "))
      #expect(result.errors.contains("--yes"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/a"))
    }
  }

  @Test("Another plan's folder is left alone")
  func otherPlan() throws {
    try Self.withExperiment { file, folder in
      let sweep = ["sweep", file, "--quiet", "--out", "\(folder)/a"]
      #expect(try Self.call(sweep).status == 0)
      let before = try Self.text("\(folder)/a/results.csv")
      let other = try Self.call(sweep + ["--seed", "5"])
      #expect(other.status == 3)
      #expect(other.errors.contains("plan.json") && other.errors.contains("seed"))
      #expect(try Self.text("\(folder)/a/results.csv") == before)
    }
  }

  @Test("Scripts for Slurm and Kubernetes name every shard, the files and the settings")
  func scripts() throws {
    try Self.withExperiment { file, folder in
      let sweep = ["sweep", file, "--set", "Claim/fast:spec.above=20/min", "--out", "\(folder)/a"]
      let slurm = try Self.call(sweep + ["--emit", "slurm", "--shards", "5"])
      #expect(slurm.status == 0)
      for part in [
        "#SBATCH --array=1-5", "SPILLWAY_SHARD=\"$SLURM_ARRAY_TASK_ID/5\"", file,
        "--set Claim/fast:spec.above=20/min", "afterany:", "merge \(folder)/a",
      ] { #expect(slurm.output.contains(part), "\(part)") }
      let script = "\(folder)/sweep.sh"
      try Data(slurm.output.utf8).write(to: URL(filePath: script))
      // The script's tasks, without Slurm.
      for task in 1...5 {
        let result = try Program.run(
          "/bin/bash", [script],
          environment: Spillway.environment.merging(["SLURM_ARRAY_TASK_ID": "\(task)"]) { $1 })
        #expect(result.status == 0, "\(result.errors)")
      }
      #expect(try Self.call(["merge", "\(folder)/a"]).status == 0)
      let kubernetes = try Self.call(sweep + ["--emit", "kubernetes", "--shards", "5"])
      let manifest = "\(folder)/job.yaml"
      try Data(kubernetes.output.utf8).write(to: URL(filePath: manifest))
      #expect(kubernetes.output.contains("completionMode: Indexed"))
      #expect(kubernetes.output.contains("completions: 5"))
      // Our own reader takes it for two objects, so that it is YAML.
      let read = try Self.call(["validate", manifest])
      #expect(read.status == 0, "\(read.errors)")
      let parallel = try Self.call(sweep + ["--emit", "parallel", "--shards", "5"])
      #expect(parallel.output.contains("seq 5 | parallel"))
      // Its jobs, by a stand-in for GNU parallel that runs them one by one.
      try Data(
        """
        #!/bin/bash
        while read -r PARALLEL_SEQ; do export PARALLEL_SEQ; eval "${@: -1}" </dev/null; done

        """.utf8
      ).write(to: URL(filePath: "\(folder)/parallel"))
      let local = "\(folder)/local.sh"
      try Data(parallel.output.utf8).write(to: URL(filePath: local))
      try FileManager.default.removeItem(atPath: "\(folder)/a")
      let ran = try Program.run(
        "/bin/bash",
        ["-c", "chmod +x '\(folder)/parallel'; PATH='\(folder)':$PATH exec bash '\(local)'"],
        environment: Spillway.environment)
      #expect(ran.status == 0 && ran.output.contains("12 of 12 runs"), "\(ran.errors)")
      // A sweep that takes seconds needs one shard.
      let own = try Self.call(sweep + ["--emit", "slurm"])
      #expect(own.output.contains("--array=1-1"))
    }
  }

  @Test("A regression is 2, an annotation, a failed JUnit case and a line of the step's summary")
  func regression() throws {
    try PlainWorld.withFile { file, folder in
      func run(_ name: String, _ rate: String) throws {
        let boot = "ServerlessPool/cloud:spec.boot=uniform(2s, 4s)"
        let result = try Self.call([
          "run", file, "--quiet", "--replications", "12", "--out", "\(folder)/\(name)", "--set",
          boot, "--set", "ServerlessPool/cloud:spec.createRate=\(rate)",
        ])
        #expect(result.status <= 1, "\(result.errors)")
      }
      for (name, rate) in [("base", "60/min"), ("same", "60/min"), ("slow", "50/min")] {
        try run(name, rate)
      }
      #expect(
        try Self.call(["compare", "\(folder)/base", "\(folder)/same", "--exact"]).status == 0)
      let variables = [
        "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "\(folder)/summary.md",
      ]
      let worse = try Self.call(
        ["compare", "\(folder)/base", "\(folder)/slow", "--junit", "\(folder)/j.xml"], variables)
      #expect(worse.status == 2, "\(worse.output)\(worse.errors)")
      #expect(worse.output.contains("WORSE absorb"))
      #expect(worse.errors.contains("::error title=regression::absorb at as it is"))
      #expect(try Self.text("\(folder)/summary.md").contains("| **worse** | absorb |"))
      let junit = try Self.text("\(folder)/j.xml")
      #expect(junit.contains("<failure type=\"worse\""))
      let json = try Self.call(["compare", "\(folder)/base", "\(folder)/slow", "-o", "json"])
      let answer = try #require(try Spillway.json(json.output) as? [String: Any])
      #expect((answer["worse"] as? Int ?? 0) > 0 && json.status == 2)
      // Faster isn't worse, unless nothing may change.
      let reversed = ["compare", "\(folder)/slow", "\(folder)/base"]
      #expect(try Self.call(reversed + ["--tolerance", "0.5"]).status == 0)
      #expect(try Self.call(reversed + ["--exact"]).status == 2)
      #expect(try Self.call(["compare", "\(folder)/base", "\(folder)/nothing"]).status == 66)
    }
  }
}
