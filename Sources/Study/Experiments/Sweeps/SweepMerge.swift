import Foundation

/// Puts shards together to the very bytes of a sweep that wasn't divided.
public enum SweepMerge {
  /// What was put together.
  public struct Outcome: Hashable, Sendable {
    /// The plan.
    public var plan: SweepPlan
    /// Runs in the result.
    public var runs = 0
    /// Into how many shards the sweep was divided.
    public var shards = 1
    /// What is missing or can't be used, each with its file or number; empty for a whole sweep.
    public var problems: [String] = []
    /// The shards that have to be carried out, from 1.
    public var missing: [Int] = []
  }

  /// A shard's file that was found to be whole.
  private struct Whole {
    var file: String
    var rows: Int
  }

  /// Merges the shards of some folders into `results.csv` and `plan.json` of another.
  ///
  /// Shards are streamed one by one, so that memory follows the largest of them.
  /// - Parameter allowPartial: whether what is there is put together even if something is missing.
  /// - Throws: ``SweepError/incomplete(_:)`` with all that is missing, foreign or damaged, and what
  ///   the file system throws.
  public static func merge(
    _ folders: [String], into out: String, allowPartial: Bool = false
  ) throws -> Outcome {
    let plan = try SweepFolder.plan(in: folders[0])
    var outcome = Outcome(plan: plan)
    let found = try files(in: folders, plan, &outcome.problems)
    outcome.shards = found.map(\.shard.count).max() ?? 1
    for one in found where one.shard.count != outcome.shards {
      outcome.problems.append(
        "\(one.file) is one of \(one.shard.count) shards, others of \(outcome.shards)")
    }
    var chosen: [Whole] = []
    for index in 0..<outcome.shards {
      let shard = SweepShard(index: index, count: outcome.shards)
      let copies = found.filter { $0.shard == shard }
      if copies.isEmpty { outcome.problems.append("shard \(shard.text) is missing") }
      var whole: Whole?
      for copy in copies {
        let body = try body(of: copy.file, shard, plan)
        if let problem = body.problem {
          outcome.problems.append("\(copy.file) \(problem)")
        } else if whole == nil {
          whole = Whole(file: copy.file, rows: body.rows)
        }
      }
      if let whole { chosen.append(whole) } else { outcome.missing.append(index + 1) }
    }
    if !outcome.problems.isEmpty, !allowPartial {
      throw SweepError.incomplete(outcome.problems + advice(outcome))
    }
    outcome.runs = chosen.reduce(0) { $0 + $1.rows }
    try write(plan, chosen, into: out)
    return outcome
  }

  /// Which shards are to be carried out, as `--shard` and as a Slurm array name them.
  private static func advice(_ outcome: Outcome) -> [String] {
    guard !outcome.missing.isEmpty else { return [] }
    let first = outcome.missing[0]
    let list = outcome.missing.map(String.init).joined(separator: ",")
    return [
      "carry out again: sweep --shard \(first)/\(outcome.shards)"
        + (outcome.missing.count > 1 ? " and so on, or sbatch --array=\(list)" : "")
    ]
  }

  private static func files(
    in folders: [String], _ plan: SweepPlan, _ problems: inout [String]
  ) throws -> [(shard: SweepShard, file: String)] {
    var found: [(shard: SweepShard, file: String)] = []
    for path in folders {
      let folder = SweepFolder(path: path)
      let own = try SweepFolder.plan(in: path)
      if own != plan {
        problems.append(
          "\(path): its plan isn't that of \(folders[0]): \(own.difference(from: plan))")
        continue
      }
      for shard in try folder.shards() { found.append((shard, folder.file(shard))) }
    }
    return found
  }

  private static func write(_ plan: SweepPlan, _ shards: [Whole], into out: String) throws {
    let results = out + "/results.csv"
    do {
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      try SweepFolder.encoded(plan).write(
        to: URL(filePath: out + "/plan.json"), options: .atomic)
      let unfinished = results + ".unfinished"
      let header = (["point", "replication"] + plan.responses).joined(separator: ",") + "\n"
      try Data(header.utf8).write(to: URL(filePath: unfinished))
      let handle = try FileHandle(forWritingTo: URL(filePath: unfinished))
      defer { try? handle.close() }
      try handle.seekToEnd()
      for shard in shards {
        let data = try Data(contentsOf: URL(filePath: shard.file))
        try handle.write(contentsOf: data[rows(in: data)])
      }
      try handle.synchronize()
      // The name appears when all is there.
      guard rename(unfinished, results) == 0 else {
        throw SweepError.cannotCreate(path: results, reason: String(cString: strerror(errno)))
      }
    } catch let error as CocoaError where error.code != .fileReadNoSuchFile {
      try? FileManager.default.removeItem(atPath: results + ".unfinished")
      throw SweepError.cannotWrite(
        file: results, reason: error.systemReason, kept: plan.runs, of: plan.runs)
    }
  }

  /// The bytes between the opening line and the closing one, or the end.
  private static func rows(in data: Data) -> Range<Int> {
    let feed = UInt8(ascii: "\n")
    let start = data.firstIndex(of: feed).map { $0 + 1 } ?? data.endIndex
    let end = data.range(of: Data("#end ".utf8), options: .backwards)?.lowerBound ?? data.endIndex
    return start..<max(start, end)
  }

  /// How many rows a shard's file holds, and what is wrong with it.
  private static func body(
    of file: String, _ shard: SweepShard, _ plan: SweepPlan
  ) throws -> (rows: Int, problem: String?) {
    let data = try Data(contentsOf: URL(filePath: file))
    let line = String(decoding: data.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    if let problem = SweepFile.problem(ofOpening: line, plan, shard) { return (0, problem) }
    let range = rows(in: data)
    let planned = shard.runs(of: plan).count
    var sum = RowSum()
    data[range].withUnsafeBytes { sum.add($0) }
    guard range.upperBound < data.endIndex else {
      return (sum.rows, "isn't complete: \(sum.rows) of \(planned) runs")
    }
    let closing = SweepFile.closing(rows: sum.rows, sum: sum.value) + "\n"
    guard data[range.upperBound...] == Data(closing.utf8), sum.rows == planned else {
      return (sum.rows, "is damaged: its sum isn't that of its rows")
    }
    return (sum.rows, nil)
  }
}
