/// What a search for the cheapest plan found, as reports show it.
public struct PlanSummary: Sendable {
  /// The plan's name.
  public var plan = ""
  /// The scenario's name.
  public var scenario = ""
  /// The question that the scenario answers.
  public var question = ""
  /// The seed.
  public var seed: UInt64 = 0
  /// Spillway's version.
  public var version = ""
  /// The digest of the input.
  public var digest = ""
  /// The command that repeats the search.
  public var command = ""
  /// The currency of all amounts.
  public var currency = ""
  /// For how many years is planned.
  public var years = 1
  /// By which share money is worth less a year later.
  public var discount = 0.0
  /// What may be bought.
  public var levers: [Lever] = []
  /// What each replication goes through, in words, such as `weekday × 250`.
  public var calendar: [String] = []
  /// How many combinations there are.
  public var combinations = 0
  /// Whether every combination was looked at or ruled out; otherwise a search visited some.
  public var isExhaustive = true
  /// How many replications decided about a combination.
  public var replications = 0
  /// Runs of the scenario in all.
  public var runs = 0
  /// Every combination visited, by cost, the cheapest first.
  public var visited: [Point] = []
  /// The place of the chosen one among them; nil if none meets the claims.
  public var chosen: Int?
  /// Where none meets the claims, the place of the one that met them most often.
  public var nearest: Int?
  /// How the claims stood there, by the replications of the search.
  public var nearestClaims: [ClaimResult] = []
  /// The place of the next best; nil if there is none.
  public var runnerUp: Int?
  /// What the runner-up costs more than the chosen one, on the same luck.
  public var runnerUpMore: Difference?
  /// How sure it is that nothing is cheaper than the chosen one; nil if nobody asked.
  public var selection: Selection?
  /// The chosen one's claims on luck that the search never saw.
  public var retest: [ClaimResult] = []
  /// What the chosen one costs on luck that the search never saw.
  public var retestCost = MetricSummary(name: "cost", unit: "")
  /// How many replications that luck has.
  public var retestReplications = 0
  /// What the chosen one is worth if the demand isn't as planned.
  public var regrets: [Regret] = []
  /// The metric of the first claim, which the frontier shows.
  public var measure = ""
  /// Its unit.
  public var measureUnit = ""
  /// What the first claim compares it with.
  public var threshold = 0.0
  /// Whether the search, the trial on new luck or that for other demands was cut short.
  public var isPartial = false
  /// Nothing searched yet.
  public init() {}

  /// Whether the chosen plan holds on luck that the search never saw.
  public var holds: Bool {
    chosen != nil && !retest.isEmpty && retest.allSatisfy { $0.verdict == .holds }
  }

  /// Something that may be bought.
  public struct Lever: Sendable {
    /// The parameter's path.
    public var path: String
    /// How many values it may take.
    public var values: Int
    /// What it costs, in words.
    public var price: String
    /// How long after the decision it is there, in words; empty: at once.
    public var leadTime: String
    /// A lever from its parts.
    public init(path: String, values: Int, price: String, leadTime: String) {
      self.path = path
      self.values = values
      self.price = price
      self.leadTime = leadTime
    }
  }

  /// How a combination stands.
  public enum Standing: String, Sendable {
    /// All claims hold.
    case holds
    /// Some claim can't be shown to hold any more.
    case fails
    /// It was given up because it costs more than another that holds.
    case dearer
    /// Too few replications, or the search was cut short.
    case undecided
  }

  /// A combination.
  public struct Point: Sendable {
    /// The levers' values.
    public var values: [String] = []
    /// What the levers cost over the horizon, at today's worth.
    public var fixed = 0.0
    /// What all costs over the horizon, at today's worth: the mean over its replications.
    public var cost = 0.0
    /// The lower end of the mean's interval; nil below two replications.
    public var low: Double?
    /// The upper end of it.
    public var high: Double?
    /// How many replications it got.
    public var replications = 0
    /// The share of them that met all claims.
    public var met = 0.0
    /// The mean of the first claim's metric; nil if it doesn't exist.
    public var measure: Double?
    /// How it stands.
    public var standing = Standing.undecided
    /// Whether no cheaper one has as good a measure.
    public var isOnFrontier = false
    /// Nothing known yet.
    public init() {}
  }

  /// How sure it is that nothing is cheaper than the chosen one by more than what doesn't matter.
  public struct Selection: Sendable {
    /// The difference that doesn't matter.
    public var indifference: Double
    /// How sure it had to be.
    public var confidence: Double
    /// Whether it is that sure; otherwise replications ran out.
    public var isDecided: Bool
    /// Replications of each that wasn't dropped.
    public var replications: Int
    /// Those that are left beside the chosen one; empty where it is decided.
    public var rivals: [[String]]
    /// An answer from its parts.
    public init(
      indifference: Double, confidence: Double, isDecided: Bool, replications: Int,
      rivals: [[String]]
    ) {
      self.indifference = indifference
      self.confidence = confidence
      self.isDecided = isDecided
      self.replications = replications
      self.rivals = rivals
    }
  }

  /// A mean paired difference with its interval.
  public struct Difference: Sendable {
    /// The mean.
    public var estimate: Double
    /// The lower end; nil below two pairs.
    public var low: Double?
    /// The upper end.
    public var high: Double?
    /// A difference from its parts.
    public init(estimate: Double, low: Double?, high: Double?) {
      self.estimate = estimate
      self.low = low
      self.high = high
    }
  }

  /// What the chosen plan loses if the demand is another than planned.
  public struct Regret: Sendable {
    /// What the demand is multiplied by against the plan's.
    public var demand: Double
    /// How the chosen plan stands then.
    public var standing: Standing
    /// What it costs then.
    public var cost: Double
    /// The best plan for that demand; empty if none holds.
    public var best: [String]
    /// What the chosen one costs more than the best, on the same luck; nil if none holds.
    public var more: Difference?
    /// A regret from its parts.
    public init(
      demand: Double, standing: Standing, cost: Double, best: [String], more: Difference?
    ) {
      self.demand = demand
      self.standing = standing
      self.cost = cost
      self.best = best
      self.more = more
    }
  }
}
