import Foundation

/// Puts shards together to the very bytes of a sweep that wasn't divided.
public enum SweepMerge {
  /// What was put together.
  public struct Outcome: Sendable {
    /// The plan.
    public var plan: SweepPlan
    /// Runs in the result.
    public var runs: Int
    /// What is missing or can't be used, each with its file or number; empty for a whole sweep.
    public var problems: [String]
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
    var problems: [String] = []
    var found: [(shard: SweepShard, file: String)] = []
    for path in folders {
      let folder = SweepFolder(path: path)
      if try SweepFolder.plan(in: path) != plan {
        problems.append("\(path): its plan isn't that of \(folders[0])")
        continue
      }
      for shard in try folder.shards() { found.append((shard, folder.file(shard))) }
    }
    let count = found.map(\.shard.count).max() ?? 1
    for one in found where one.shard.count != count {
      problems.append("\(one.file): is one of \(one.shard.count) shards, others of \(count)")
    }
    var chosen: [String] = []
    for index in 0..<count {
      let shard = SweepShard(index: index, count: count)
      guard let one = found.first(where: { $0.shard == shard }) else {
        problems.append("shard \(index + 1)/\(count) is missing")
        continue
      }
      if let problem = try body(of: one.file, shard, plan).problem {
        problems.append("\(one.file) \(problem)")
      } else {
        chosen.append(one.file)
      }
    }
    if !problems.isEmpty, !allowPartial { throw SweepError.incomplete(problems) }
    try write(plan, chosen, into: out)
    let runs = try chosen.reduce(0) { total, file in
      guard let one = found.first(where: { $0.file == file }) else { return total }
      return try total + body(of: file, one.shard, plan).rows
    }
    return Outcome(plan: plan, runs: runs, problems: problems)
  }

  private static func write(_ plan: SweepPlan, _ files: [String], into out: String) throws {
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    try SweepFolder.encoded(plan).write(to: URL(filePath: out + "/plan.json"), options: .atomic)
    let unfinished = out + "/results.csv.unfinished"
    let header = (["point", "replication"] + plan.responses).joined(separator: ",") + "\n"
    try Data(header.utf8).write(to: URL(filePath: unfinished))
    let handle = try FileHandle(forWritingTo: URL(filePath: unfinished))
    defer { try? handle.close() }
    try handle.seekToEnd()
    for file in files {
      let data = try Data(contentsOf: URL(filePath: file))
      try handle.write(contentsOf: data[rows(in: data)])
    }
    try handle.synchronize()
    // The name appears when all is there.
    guard rename(unfinished, out + "/results.csv") == 0 else {
      throw CocoaError(.fileWriteUnknown)
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
    guard data.starts(with: Data((SweepFile.opening(plan, shard) + "\n").utf8)) else {
      return (0, "is of another plan or version")
    }
    let range = rows(in: data)
    guard range.upperBound < data.endIndex else { return (0, "isn't complete") }
    let (count, sum) = data[range].withUnsafeBytes { SweepFile.checksum($0) }
    let closing = SweepFile.closing(rows: count, sum: sum) + "\n"
    guard data[range.upperBound...] == Data(closing.utf8), count == shard.runs(of: plan).count
    else { return (count, "is damaged") }
    return (count, nil)
  }
}
