import Foundation

/// The folder of a sweep: `plan.json`, `shards/`, and `results.csv` when all is there.
struct SweepFolder {
  let path: String

  func file(_ shard: SweepShard) -> String { "\(path)/shards/\(shard.fileName)" }

  /// Makes the folder and notes the plan, or checks that it is the one noted.
  func prepare(_ plan: SweepPlan) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/shards", withIntermediateDirectories: true)
      if let noted = try? Self.plan(in: path) {
        guard noted == plan else {
          throw SweepError.unusable(
            file: path + "/plan.json",
            reason: "is of another plan: \(noted.difference(from: plan)); choose another --out")
        }
        return
      }
      // Every shard writes the same bytes, each as a whole.
      try Self.encoded(plan).write(to: URL(filePath: path + "/plan.json"), options: .atomic)
    } catch let error as CocoaError {
      throw SweepError.cannotCreate(path: path, reason: error.systemReason)
    }
  }

  static func encoded(_ plan: SweepPlan) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(plan) + Data("\n".utf8)
  }

  /// The plan that a folder has noted.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)`` for a file that holds none, and what the file
  ///   system throws.
  static func plan(in path: String) throws -> SweepPlan {
    let file = path + "/plan.json"
    let data = try Data(contentsOf: URL(filePath: file))
    do {
      return try JSONDecoder().decode(SweepPlan.self, from: data)
    } catch {
      throw SweepError.unusable(file: file, reason: "holds no plan of a sweep")
    }
  }

  func rows(of shard: SweepShard, _ plan: SweepPlan) throws -> SweepFile.Contents {
    guard let data = FileManager.default.contents(atPath: file(shard)) else {
      return SweepFile.Contents()
    }
    return try SweepFile.read(
      String(decoding: data, as: UTF8.self), called: file(shard), plan: plan, shard: shard)
  }

  /// The shards whose files lie in the folder.
  func shards() throws -> [SweepShard] {
    let folder = path + "/shards"
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .compactMap { SweepShard(fileName: $0) }
  }
}

extension CocoaError {
  /// What the system says, such as `No space left on device`.
  var systemReason: String {
    guard let posix = underlying as? POSIXError else { return localizedDescription }
    return String(cString: strerror(posix.code.rawValue))
  }
}
