import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Shards")
struct ShardTests {
  private static func shard(_ text: String) throws -> SweepShard { try #require(SweepShard(text)) }

  /// A sweep in one shard, its file, and what the file holds.
  private static func withWhole(
    _ body: (_ sweep: Sweep, _ folder: String, _ file: String, _ whole: String) async throws -> Void
  ) async throws {
    try await SweepTests.inFolder { root in
      let sweep = try SweepTests.sweep()
      _ = try await sweep.run(.whole, in: root, jobs: 1)
      let file = root + "/shards/shard-1-of-1.csv"
      try await body(sweep, root, file, try SweepTests.text(file))
    }
  }

  private static func write(_ text: some StringProtocol, to file: String) throws {
    try Data(text.utf8).write(to: URL(filePath: file))
  }

  @Test(
    "A file that is cut off anywhere goes on to the same bytes", arguments: [0, 1, 40, 97, 200])
  func cutOff(bytes: Int) async throws {
    try await Self.withWhole { sweep, folder, file, whole in
      try Self.write(whole.prefix(bytes), to: file)
      let outcome = try await sweep.run(.whole, in: folder, jobs: 2)
      #expect(outcome.isComplete && outcome.damage == nil)
      #expect(try SweepTests.text(file) == whole)
    }
  }

  @Test("Rows that aren't what they were are named and made anew")
  func damage() async throws {
    try await Self.withWhole { sweep, folder, file, whole in
      let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
      // A block of zeros, as a power cut leaves them, with sound rows before and behind.
      func changed(_ third: (Substring) -> String) -> [String] {
        lines.enumerated().map { $0 == 3 ? third($1) : String($1) }
      }
      let zeros = changed { _ in String(repeating: "\0", count: 9) }
      let other = changed { "\($0)1" }
      for (text, found) in [(zeros, 2), (other, 0)] {
        try Self.write(text.joined(separator: "\n"), to: file)
        #expect(throws: SweepError.self) { try SweepMerge.merge([folder], into: folder) }
        let outcome = try await sweep.run(.whole, in: folder, jobs: 1)
        #expect(outcome.isComplete && outcome.damage != nil && outcome.found == found)
        #expect(try SweepTests.text(file) == whole)
      }
    }
  }

  @Test("A shard of another version is told from one of another plan, and neither is overwritten")
  func foreign() async throws {
    try await Self.withWhole { sweep, folder, file, whole in
      let version = "version=\(sweep.plan.version)"
      for (from, to, reason) in [
        (version, "version=0.0.0", "written by version 0.0.0"),
        ("plan=\(sweep.plan.identity)", "plan=0123456789abcdef", "another plan, 0123456789abcdef"),
        ("#sweep", "point", "isn't the file of a shard"),
      ] {
        let text = whole.replacing(from, with: to, maxReplacements: 1)
        try Self.write(text, to: file)
        for attempt in 0..<2 {
          let error = await #expect(throws: SweepError.self) {
            if attempt == 0 {
              _ = try await sweep.run(.whole, in: folder, jobs: 1)
            } else {
              _ = try SweepMerge.merge([folder], into: folder)
            }
          }
          #expect(error?.description.contains(reason) ?? false, "\(String(describing: error))")
        }
        #expect(try SweepTests.text(file) == text)
      }
    }
  }

  @Test("Several processes may carry out the same shard at once")
  func together() async throws {
    try await Self.withWhole { sweep, folder, file, whole in
      try FileManager.default.removeItem(atPath: file)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for jobs in 1...4 {
          group.addTask { try await sweep.run(.whole, in: folder, jobs: jobs).isComplete }
        }
        for try await isComplete in group { #expect(isComplete) }
      }
      #expect(try SweepTests.text(file) == whole)
    }
  }

  @Test("Shards are stretches without gaps, also where there are more of them than runs")
  func stretches() throws {
    let plan = try SweepTests.sweep().plan
    for count in [1, 3, 7, 10, 13] {
      let runs = try (1...count).map { try Self.shard("\($0)/\(count)").runs(of: plan) }
      #expect(runs.flatMap { Array($0) } == Array(0..<plan.runs))
    }
    for text in ["0/3", "4/3", "x", "1/0", "1", "1/2/3", "-1/2"] {
      #expect(SweepShard(text) == nil)
    }
  }

  private static let tasks: [(variables: [String: String], shards: Int?, shard: String?)] = [
    (
      ["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "10", "SLURM_ARRAY_TASK_MIN": "1"],
      nil, "7/10"
    ),
    (
      ["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "10", "SLURM_ARRAY_TASK_MIN": "0"],
      nil, "1/10"
    ),
    (
      [
        "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "9",
        "SLURM_ARRAY_TASK_STEP": "4", "SLURM_ARRAY_TASK_COUNT": "3",
      ], nil, "3/3"
    ),
    (["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "4"], nil, "1/4"),
    (["JOB_COMPLETION_INDEX": "3"], 4, "4/4"), (["JOB_COMPLETION_INDEX": "3"], nil, nil),
    (["AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "5"], nil, "3/5"),
    (["PBS_ARRAY_INDEX": "2"], 5, "2/5"),
    (
      [
        "SGE_TASK_ID": "5", "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "7", "SGE_TASK_STEPSIZE": "2",
      ], nil, "3/4"
    ),
    (["SGE_TASK_ID": "undefined"], 3, nil),
    (["LSB_JOBINDEX": "2", "LSB_JOBINDEX_END": "3"], nil, "2/3"),
    (["PARALLEL_SEQ": "4"], 4, "4/4"), (["PARALLEL_SEQ": "5"], 4, nil),
    (["PARALLEL_SEQ": "4"], nil, nil),
    (["SLURM_ARRAY_TASK_ID": "7", "SPILLWAY_SHARD": "2/3"], nil, "2/3"),
    (["SLURM_ARRAY_TASK_ID": "1", "SPILLWAY_SHARD": ""], 3, "2/3"),
    (["SPILLWAY_SHARD": ""], 3, nil), (["SPILLWAY_SHARD": "4/3"], nil, nil),
    (["SLURM_ARRAY_TASK_ID": "7"], nil, nil), ([:], 3, nil),
    // Two tasks of twenty, handed in again.
    (
      ["SLURM_ARRAY_TASK_ID": "17", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_COUNT": "2"], 20,
      nil
    ),
  ]

  @Test("Engines say by their own variables which shard it is; SPILLWAY_SHARD overrides")
  func environment() {
    for (variables, shards, expected) in Self.tasks {
      let task = try? ArrayTask(environment: variables, shards: shards)
      #expect(task?.shard.text == expected, "\(variables) \(String(describing: shards))")
    }
  }
}
