/// What became of a file's rows: each was kept or dropped for one reason.
public struct RowCounts: Sendable {
  /// Rows dropped for a reason.
  public struct Dropped: Sendable {
    /// Why.
    public var reason: String
    /// How many.
    public var rows: Int
    /// The first one's line; 0 where rows have none.
    public var firstLine: Int
  }

  /// Rows read.
  public private(set) var read = 0
  /// Rows kept.
  public private(set) var kept = 0
  /// Rows dropped, by reason, in the order in which reasons came up.
  public private(set) var dropped: [Dropped] = []

  /// No rows.
  public init() {}

  mutating func keep() {
    read += 1
    kept += 1
  }

  mutating func drop(_ reason: String, line: Int) {
    read += 1
    note(reason, line: line)
  }

  /// A row that was kept is dropped after all.
  mutating func dropKept(_ reason: String, line: Int = 0) {
    kept -= 1
    note(reason, line: line)
  }

  private mutating func note(_ reason: String, line: Int) {
    if let index = dropped.firstIndex(where: { $0.reason == reason }) {
      dropped[index].rows += 1
    } else {
      dropped.append(Dropped(reason: reason, rows: 1, firstLine: line))
    }
  }

  /// Ends the counting.
  ///
  /// - Precondition: every row read was kept or dropped for one reason.
  func checked() -> RowCounts {
    precondition(
      read == kept + dropped.reduce(0) { $0 + $1.rows },
      "rows read are those kept and those dropped")
    return self
  }
}
