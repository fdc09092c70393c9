/// What one cause, such as a line or a failure, did to a run: the same luck with it and without it.
public struct CauseEffect: Sendable {
  /// What it did to one quantity: the value with the cause minus the one without it.
  public struct Difference: Sendable {
    /// The quantity.
    public var quantity: String
    /// Its unit.
    public var unit: String
    /// The mean with the cause, and without it.
    public var with: Double
    /// The mean without it.
    public var without: Double
    /// The mean difference over the replications with its interval; nil where it doesn't exist.
    public var interval: ConfidenceInterval?
    /// A difference from its parts.
    public init(
      quantity: String, unit: String, with: Double, without: Double,
      interval: ConfidenceInterval?
    ) {
      self.quantity = quantity
      self.unit = unit
      self.with = with
      self.without = without
      self.interval = interval
    }
  }

  /// The cause, as a path.
  public var cause: String
  /// One per quantity that exists with it and without it in some replication.
  public var differences: [Difference]
  /// On how many replications this was found.
  public var replications: Int

  /// An effect from its parts.
  public init(cause: String, differences: [Difference], replications: Int) {
    self.cause = cause
    self.differences = differences
    self.replications = replications
  }
}
