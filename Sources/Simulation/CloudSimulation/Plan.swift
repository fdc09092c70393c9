import Probability
import Quantities

/// What may be bought, at what price, for which demand: the cheapest combination that meets the
/// claims is looked for.
///
/// What a run does doesn't depend on it; `plan` carries it out.
public struct Plan: Hashable, Sendable {
  /// What of a run's bill counts beside the levers' prices.
  public enum Accounting: String, Hashable, Sendable, CaseIterable {
    /// What is paid during the run: own machines cost what the levers' prices say.
    case cash
    /// What is paid, and the share of what is owned.
    case amortised
  }

  /// Whether more of a lever can spoil a claim.
  public enum Effect: String, Hashable, Sendable, CaseIterable {
    /// More never spoils one: what fails with some fails with less of it, too, and isn't tried.
    case helps
    /// Nothing is known, and nothing is concluded.
    case unknown
  }

  /// A parameter that money moves.
  public struct Lever: Hashable, Sendable {
    /// The parameter's path.
    public var path: String
    /// The values it may take, as written, from little to much.
    public var values: [String] = []
    /// The price of one unit of the value, once or for every so much time.
    public var price: Price?
    /// The price of each value as a whole; empty: ``price`` decides.
    public var prices: [Price] = []
    /// How long after the decision it is there. Default at once.
    public var leadTime = TimeSpan.zero
    /// Whether more of it can spoil a claim. Default unknown.
    public var more = Effect.unknown
    /// A lever without values.
    public init(path: String) { self.path = path }

    /// What a value costs: so many units of its price, or its own price; nil if neither is said.
    ///
    /// A number's unit doesn't matter: `10Gbps` is ten of what the price is for.
    public func price(of value: Int) -> (amount: Double, period: TimeSpan?)? {
      if value < prices.count { return (prices[value].amount.units, prices[value].period) }
      guard let price else { return nil }
      if price.amount == .zero { return (0, price.period) }
      let digits = values[value].prefix { $0.isNumber || $0 == "." }
      guard let units = Double(digits) else { return nil }
      return (units * price.amount.units, price.period)
    }
  }

  /// A kind of day, or of another stretch that the scenario's run shows.
  public struct Day: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// How often a year it comes. Default 365.
    public var perYear = 365.0
    /// What all loads are multiplied by, drawn anew for each replication and year. Default 1.
    public var demand = Law.constant(1)
    /// What else is different on it.
    public var settings: [ParameterSetting] = []
    /// Which of the plan's claims it is judged by; nil: all of them.
    public var claims: [String]?
    /// A day that comes every day and is as the scenario says.
    public init(name: String = "day") { self.name = name }
  }

  /// The plan's name.
  public var name: String
  /// What may be bought.
  public var levers: [Lever] = []
  /// The claims that must hold.
  public var claims: [String] = []
  /// The calendar. Default one kind of day, as the scenario says.
  public var days = [Day()]
  /// What the demand is multiplied by from one year to the next, drawn for each replication.
  /// Default 1.
  public var growth = Law.constant(1)
  /// For how many years is planned. Default 1.
  public var years = 1
  /// By which share money is worth less a year later. Default 0.
  public var discount = 0.0
  /// What of a run's bill counts. Default what is paid.
  public var counts = Accounting.cash
  /// How many replications decide about a combination; nil: the fewest that can.
  public var replications: Int?
  /// How many replications the chosen combination is tried on again; nil: as many.
  public var retest: Int?
  /// The difference of the whole cost that doesn't matter; nil: which of those that hold is the
  /// cheapest is told by their means alone.
  public var indifference: Price?
  /// How sure it has to be that nothing is cheaper by more than that. Default 0.95.
  public var confidence = 0.95
  /// Up to how many combinations every one is looked at; of more, a search visits as many at most.
  /// Default 500.
  public var points = 500
  /// A plan with nothing to buy.
  public init(name: String) { self.name = name }
}
