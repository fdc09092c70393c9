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

  static func closing(rows: Int, sum: UInt64) -> String {
    "#end rows=\(rows) sum=\(String(sum, radix: 16))"
  }

  /// What a process finds of a shard that an earlier one began.
  struct Contents: Hashable, Sendable {
    /// The rows that are whole and where they belong, from the first.
    var rows: [Row] = []
    /// Whether all of them are there and their sum is right.
    var isClosed = false
    /// What is wrong with the rest, if it isn't just cut off.
    var damage: String?
  }

  /// What a file holds.
  ///
  /// - Throws: ``SweepError/unusable(file:reason:)`` for a file of another plan.
  static func read(
    _ text: String, called file: String, plan: SweepPlan, shard: SweepShard
  ) throws(SweepError) -> Contents {
    // What follows the last line feed was being written when its process ended.
    let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
    var lines = whole.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    var contents = Contents()
    guard let first = lines.first else { return contents }
    if let problem = problem(ofOpening: first, plan, shard) {
      throw .unusable(file: file, reason: problem)
    }
    lines.removeFirst()
    let last = lines.last.flatMap { $0.hasPrefix("#end ") ? $0 : nil }
    if last != nil { lines.removeLast() }
    let runs = shard.runs(of: plan)
    var sum = RowSum()
    for (line, run) in zip(lines, runs) {
      guard let row = Row(line, responses: plan.responses.count), row.text == line,
        row.point * plan.replications + row.replication == run
      else { break }
      contents.rows.append(row)
      sum.add(row.text + "\n")
    }
    if contents.rows.count < lines.count {
      contents.damage = "line \(contents.rows.count + 2) isn't the row that belongs there"
    } else if let last {
      contents.isClosed =
        contents.rows.count == runs.count && last == closing(rows: sum.rows, sum: sum.value)
      // A sum doesn't tell which row is wrong.
      if !contents.isClosed {
        contents = Contents(damage: "its sum isn't that of its rows")
      }
    }
    return contents
  }

  /// What is wrong with a file's first line; nil if it is that of the shard of the plan.
  static func problem(
    ofOpening line: some StringProtocol, _ plan: SweepPlan, _ shard: SweepShard
  ) -> String? {
    if line == opening(plan, shard) { return nil }
    var words: [Substring: Substring] = [:]  // look-up by name
    for word in line.split(separator: " ").dropFirst() {
      let parts = Substring(word).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { words[parts[0]] = parts[1] }
    }
    guard line.hasPrefix("#sweep "), let version = words["version"], let identity = words["plan"]
    else { return "isn't the file of a shard" }
    if version != plan.version {
      return "was written by version \(version), the plan is of version \(plan.version)"
    }
    if identity != plan.identity { return "is of another plan, \(identity)" }
    return "is of shard \(words["shard"] ?? "?"), not of \(shard.text)"
  }
}
