import Quantities

/// A line of a replication's bill.
public struct BillLine: Hashable, Sendable {
  /// What is paid for.
  public var name: String
  /// How much of it.
  public var quantity: Double
  /// In which unit.
  public var unit: String
  /// The amount.
  public var amount: Money
  /// Whether it is the share of what is owned, instead of paid during the run.
  public var isOwned = false

  /// A line from its parts.
  public init(name: String, quantity: Double, unit: String, amount: Money, isOwned: Bool = false) {
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.amount = amount
    self.isOwned = isOwned
  }
}

/// Which Jobs a replication completed.
public struct JobTally: Hashable, Sendable {
  /// How many are complete.
  public var finished = 0
  /// The others, `namespace/name`, failed ones included.
  public var unfinished: [String] = []
  /// How many of all weren't complete by their deadline; 0 where none has one.
  public var late = 0
  /// No Jobs.
  public init() {}
}

extension ReplicationResult {
  /// What is paid during the run for every completed Job, in units of the currency; nil without
  /// one.
  public var costPerJob: Double? { jobs.finished > 0 ? cash.units / Double(jobs.finished) : nil }

  /// Puts a line on the bill and its amount on the total that it belongs to.
  mutating func add(_ line: BillLine) {
    bill.append(line)
    if line.isOwned { owned += line.amount } else { cash += line.amount }
  }
}
