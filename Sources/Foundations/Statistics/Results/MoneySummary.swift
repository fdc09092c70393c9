import Quantities

/// What a run cost, mean over the replications, in units of the currency.
public struct MoneySummary: Sendable {
  /// The currency's code.
  public var currency = "CNY"
  /// The bill, item by item.
  public var items: [Item] = []
  /// The exact sum of what is paid during the run.
  public var exactCash: Money { items.reduce(.zero) { $1.isOwned ? $0 : $0 + $1.exact } }
  /// The exact sum of what is paid and the share of what is owned.
  public var exactAmortised: Money { items.reduce(.zero) { $0 + $1.exact } }
  /// The exact sum of what the burst costs beyond what would be paid anyway.
  public var exactIncremental: Money { items.reduce(.zero) { $0 + $1.incremental } }
  /// What is paid during the run.
  public var cash: Double { exactCash.units }
  /// What is paid plus the share of what is owned.
  public var amortised: Double { exactAmortised.units }
  /// What the burst costs beyond what would be paid anyway.
  public var incremental: Double { exactIncremental.units }
  /// Nothing paid.
  public init() {}

  /// One line of the bill.
  public struct Item: Sendable {
    /// What is paid for.
    public var name: String
    /// How much of it.
    public var quantity: Double
    /// In which unit.
    public var unit: String
    /// The exact amount.
    public var exact: Money
    /// What of it wouldn't be there without the burst; of what is owned, nothing.
    public var incremental: Money
    /// Whether it is the share of what is owned, instead of paid during the run.
    public var isOwned: Bool
    /// The amount.
    public var amount: Double { exact.units }
    /// A line from its parts; all of a paid amount is incremental unless said otherwise.
    public init(
      name: String, quantity: Double, unit: String, amount: Money, incremental: Money? = nil,
      isOwned: Bool = false
    ) {
      self.name = name
      self.quantity = quantity
      self.unit = unit
      exact = amount
      self.incremental = incremental ?? (isOwned ? .zero : amount)
      self.isOwned = isOwned
    }
  }
}
