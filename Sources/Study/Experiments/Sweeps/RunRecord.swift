import Foundation

/// What a run's folder says about its replications one by one: a sweep of one point.
struct RunRecord {
  /// The plan that the run would be as a sweep.
  let plan: SweepPlan
  /// A row per replication.
  let rows: [SweepFile.Row]

  /// What a sweep's plan has of `summary.json`.
  private struct Summary: Decodable {
    var scenario: String
    var seed: UInt64
    var replications: Int
    var windows: Int?
    var version: String
    var digest: String
    var partial: Bool
  }

  /// The table that holds them.
  static let table = "replications"

  /// Reads a run's folder.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)`` for one that isn't whole, and what the file
  ///   system throws.
  init(folder: String) throws {
    let file = "\(folder)/csv/\(Self.table).csv"
    guard
      let summary = try? JSONDecoder().decode(
        Summary.self, from: Data(contentsOf: URL(filePath: folder + "/summary.json")))
    else { throw SweepError.unusable(file: folder + "/summary.json", reason: "can't be read") }
    if summary.partial { throw SweepError.incomplete(["\(folder) is of a run that was cut short"]) }
    let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    var lines = text.split(whereSeparator: \.isNewline)[...]
    guard let header = lines.popFirst() else {
      throw SweepError.unusable(file: file, reason: "is empty")
    }
    let columns = header.split(separator: ",").dropFirst()
    let responses = columns.map(Self.response)
    let rows = try lines.enumerated().map { index, line in
      // A point's number in front makes it a sweep's row.
      guard let row = SweepFile.Row("0,\(line)", responses: responses.count) else {
        throw SweepError.unusable(file: file, reason: "is damaged: line \(index + 2)")
      }
      return row
    }
    guard rows.count == summary.replications,
      rows.indices.allSatisfy({ rows[$0].replication == $0 })
    else { throw SweepError.unusable(file: file, reason: "hasn't a row for every replication") }
    self.rows = rows
    plan = SweepPlan(
      scenario: summary.scenario, digest: summary.digest, version: summary.version,
      seed: summary.seed, replications: summary.replications, windows: summary.windows ?? 1,
      responses: responses, units: columns.map(Self.unit))
  }

  /// The unit behind a column's name.
  private static func unit(_ header: Substring) -> String {
    if header.hasPrefix("claim:") { return "" }
    return header.split(separator: "_", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
  }

  /// A column's name without its unit; claims have none.
  private static func response(_ header: Substring) -> String {
    if header.hasPrefix("claim:") { return String(header) }
    return header.split(separator: "_").first.map(String.init) ?? String(header)
  }
}
