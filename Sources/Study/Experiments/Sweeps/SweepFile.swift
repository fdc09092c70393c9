import Foundation

/// A shard's file: a line that says of which plan it is, a row per run, a closing line.
///
/// Rows are only ever appended, so that what a killed process leaves is a beginning; the closing
/// line has their number and a checksum.
enum SweepFile {
  /// A run's values.
  struct Row: Hashable, Sendable {
    var point: Int
    var replication: Int
    var values: [Double?]

    var text: String {
      let cells = values.map { $0.map { "\($0)" } ?? "" }
      return ([String(point), String(replication)] + cells).joined(separator: ",")
    }

    init(point: Int, replication: Int, values: [Double?]) {
      self.point = point
      self.replication = replication
      self.values = values
    }

    init?(_ line: Substring, responses: Int) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == responses + 2, let point = Int(cells[0]), let number = Int(cells[1])
      else { return nil }
      var values: [Double?] = []
      for cell in cells.dropFirst(2) {
        if cell.isEmpty {
          values.append(nil)
        } else {
          guard let value = Double(cell) else { return nil }
          values.append(value)
        }
      }
      self.init(point: point, replication: number, values: values)
    }
  }

  static func opening(_ plan: SweepPlan, _ shard: SweepShard) -> String {
    "#sweep plan=\(plan.identity) version=\(plan.version) shard=\(shard.index + 1)/\(shard.count)"
  }

  static func closing(_ rows: [Row]) -> String {
    let text = rows.map { $0.text + "\n" }.joined()
    let (count, sum) = Array(text.utf8).withUnsafeBytes { checksum($0) }
    return closing(rows: count, sum: sum)
  }

  static func closing(rows: Int, sum: UInt64) -> String {
    "#end rows=\(rows) sum=\(String(sum, radix: 16))"
  }

  /// How many lines there are, and FNV-1a over their bytes.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> (lines: Int, sum: UInt64) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var lines = 0
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      if byte == UInt8(ascii: "\n") { lines += 1 }
    }
    return (lines, hash)
  }

  /// What a file holds: its whole rows, and whether it is closed.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)`` for a file of another plan or a damaged one.
  static func read(
    _ text: String, called file: String, plan: SweepPlan, shard: SweepShard
  ) throws(SweepError) -> (rows: [Row], isClosed: Bool) {
    // What follows the last line feed was being written when its process ended.
    let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
    var lines = whole.split(separator: "\n")
    guard let first = lines.first else { return ([], false) }
    guard first == opening(plan, shard) else {
      throw .unusable(
        file: file, reason: "is of another plan or version")
    }
    lines.removeFirst()
    let last = lines.last.flatMap { $0.hasPrefix("#end ") ? $0 : nil }
    if last != nil { lines.removeLast() }
    let runs = shard.runs(of: plan)
    var rows: [Row] = []
    for (line, run) in zip(lines, runs) {
      guard let row = Row(line, responses: plan.responses.count),
        row.point * plan.replications + row.replication == run
      else {
        throw .unusable(file: file, reason: "is damaged: line \(rows.count + 2)")
      }
      rows.append(row)
    }
    if lines.count > runs.count { throw .unusable(file: file, reason: "has rows too many") }
    if let last, last != closing(rows) || rows.count != runs.count {
      throw .unusable(file: file, reason: "is damaged: its sum isn't that of its rows")
    }
    return (rows, last != nil)
  }
}
